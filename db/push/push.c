#include "push.h"

#include "db/pipeline.h"
#include "hazard.h"
#include "rename.h"
#include "schema.h"
#include "seed.h"
#include "shadow.h"

#include <string.h>

extern const char db_auth_stand_in_sql[];

#define PATIENCE_US (60 * G_USEC_PER_SEC)
/* a column that is made anew takes its indexes along: a second round brings them back */
#define ROUNDS_MAX 4

void
push_result_clear (PushResult *result)
{
  g_clear_pointer (&result->plan, plan_free);
  g_clear_pointer (&result->storage, g_free);
}

/* --- a database that has none of it -------------------------------------------------------- */

/* Somebody's own table called `documents` must not be taken for ours, nor be in the way unseen. */
static gboolean
refuse_foreign_tables (DbConnection *connection, const Catalog *live, const Catalog *wanted,
                       GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < catalog_length (wanted); i++) {
    const CatalogObject *object = catalog_nth (wanted, i);
    if (catalog_is (object, "table") && catalog_find (live, object->key) != NULL)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", object->name);
  }
  if (names->len == 0)
    return TRUE;
  g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
               "the database at %s has tables of these names that ingest did not make: %s; rename "
               "them or use another database",
               db_connection_name (connection), names->str);
  return FALSE;
}

static gboolean
ensure_auth_schema (DbConnection *connection, gboolean *with_stand_in, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (connection, "looking for Supabase's auth schema",
                "select to_regclass('auth.users') is null", 0, NULL, error);

  if (result == NULL)
    return FALSE;
  *with_stand_in = *PQgetvalue (result, 0, 0) == 't';
  return !*with_stand_in || db_exec (connection, "creating the stand-in for Supabase's auth schema",
                                     db_auth_stand_in_sql, error);
}

/* Written down as pushed is what a plan would compare with later. */
static gboolean
write_down (DbConnection *connection, const char *schema_sql, const Catalog *live,
            const Catalog *wanted, GError **error)
{
  return db_manifest_write (connection, wanted, error) &&
         db_schema_write_mark (connection, schema_sql, live, error);
}

static gboolean
create_all (DbConnection *connection, const PushOptions *options, PushResult *result,
            GError **error)
{
  g_auto (Shadow) shadow = {0};
  g_autoptr (GHashTable) nothing = g_hash_table_new (g_str_hash, g_str_equal);

  if (!ensure_auth_schema (connection, &result->with_stand_in, error))
    return FALSE;

  g_autoptr (Catalog) before = catalog_read (connection, error);
  if (before == NULL ||
      !shadow_read (connection, options->schema_sql, before, FALSE, &shadow, error) ||
      !refuse_foreign_tables (connection, before, shadow.catalog, error))
    return FALSE;
  result->plan = plan_make (before, shadow.catalog, nothing, error);
  if (result->plan == NULL)
    return FALSE;
  result->outcome = options->dry_run ? PUSH_PLANNED : PUSH_CREATED;
  if (options->dry_run)
    return TRUE;
  if (!db_exec (connection, "creating the schema", options->schema_sql, error) ||
      !db_exec (connection, "creating profiles for the users there are",
                "select ingest.create_missing_profiles()", error))
    return FALSE;

  g_autoptr (Catalog) live = catalog_read (connection, error);
  return live != NULL && write_down (connection, options->schema_sql, live, shadow.catalog, error);
}

/* --- changing what is there ---------------------------------------------------------------- */

/* "add column public.documents.etag" */
static void
prefix_with_action (GError **error, const PlanAction *action)
{
  g_prefix_error (error, "%s %s %s: ", action->verb, action->kind, action->name);
}

/* All statements in one round trip. */
static gboolean
run_actions (DbConnection *connection, const Plan *plan, GError **error)
{
  g_autoptr (DbPipeline) pipeline = db_pipeline_new (connection, "changing the schema");
  g_autoptr (GPtrArray) actions = g_ptr_array_new (); /* of each statement */

  for (guint i = 0; i < plan->actions->len; i++) {
    PlanAction *action = g_ptr_array_index (plan->actions, i);
    if (action->hazard != HAZARD_NONE && action->fix_sql != NULL) {
      db_pipeline_add (pipeline, action->fix_sql, 0, NULL);
      g_ptr_array_add (actions, action);
    }
    for (guint s = 0; s < action->sql->len; s++) {
      db_pipeline_add (pipeline, g_ptr_array_index (action->sql, s), 0, NULL);
      g_ptr_array_add (actions, action);
    }
  }
  if (db_pipeline_sync (pipeline, error))
    return TRUE;
  if (db_pipeline_n_done (pipeline) < actions->len)
    prefix_with_action (error, g_ptr_array_index (actions, db_pipeline_n_done (pipeline)));
  /* no other session is to blame for rows that violate a constraint: waiting does not help */
  if (error != NULL && strstr ((*error)->message, "(SQLSTATE 23") != NULL)
    (*error)->code = DB_ERROR_DATA;
  return FALSE;
}

typedef struct {
  DbConnection *connection;
  const PushOptions *options;
  PushResult *result;
  Shadow shadow;
  GHashTable *manifest;
  Catalog *live;
} Push;

static void
push_clear (Push *push)
{
  shadow_clear (&push->shadow);
  g_clear_pointer (&push->manifest, g_hash_table_unref);
  g_clear_pointer (&push->live, catalog_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Push, push_clear)

static gboolean
read_live (Push *push, GError **error)
{
  g_clear_pointer (&push->live, catalog_free);
  push->live = catalog_read (push->connection, error);
  return push->live != NULL;
}

/* Names come first, for all else to be compared under the new ones; also in a dry run, which is
 * rolled back. The actions move to the plan that is shown. */
static gboolean
run_renames (Push *push, Plan *renames, GError **error)
{
  if (renames->actions->len == 0)
    return TRUE;
  if (!run_actions (push->connection, renames, error))
    return FALSE;
  plan_append (push->result->plan, renames);
  return read_live (push, error);
}

static gboolean
rename_all (Push *push, GError **error)
{
  g_autoptr (Plan) noted = plan_new ();
  g_autoptr (Plan) alike = plan_new ();

  if (!rename_plan_notes (push->options->schema_sql, push->live, push->shadow.catalog,
                          push->manifest, noted, error) ||
      !run_renames (push, noted, error))
    return FALSE;
  rename_plan_alike (push->live, push->shadow.catalog, push->manifest, alike);
  return run_renames (push, alike, error);
}

/* Schemas and extensions that we do not make are there in both catalogs. */
static void
mention_neighbours (Push *push)
{
  for (guint i = 0; i < catalog_length (push->live); i++) {
    const CatalogObject *object = catalog_nth (push->live, i);
    g_autofree char *made = g_strconcat (object->kind, " if not exists ", object->name, NULL);

    if ((catalog_is (object, "schema") || catalog_is (object, "extension")) &&
        strstr (push->options->schema_sql, made) == NULL &&
        strstr (db_auth_stand_in_sql, made) == NULL)
      plan_leave_alone (push->result->plan, object);
  }
}

/* As the last push left it: what it did not write down is somebody else's. */
static gboolean
mention_all_others (Push *push, GError **error)
{
  g_autoptr (GHashTable) ours = db_manifest_read (push->connection, push->live, error);

  if (ours == NULL)
    return FALSE;
  for (guint i = 0; i < catalog_length (push->live); i++) {
    const CatalogObject *object = catalog_nth (push->live, i);

    if (!catalog_is (object, "schema") && !catalog_is (object, "extension") &&
        !g_hash_table_contains (ours, object->key) &&
        (object->parent == NULL || g_hash_table_contains (ours, object->parent)))
      plan_leave_alone (push->result->plan, object);
  }
  mention_neighbours (push);
  return TRUE;
}

/* What is to be done now; its hazards counted. (transfer full) */
static Plan *
plan_now (Push *push, GError **error)
{
  g_autoptr (Plan) plan = plan_make (push->live, push->shadow.catalog, push->manifest, error);

  if (plan == NULL || !seed_plan (push->connection, push->shadow.rows, push->live, plan, error))
    return NULL;
  if (push->options->scope == PUSH_FUNCTIONS &&
      !plan_keep_functions (plan, &push->result->n_elsewhere, error))
    return NULL;
  plan_finish (plan);
  if (!hazard_count (push->connection, plan, error))
    return NULL;
  return g_steal_pointer (&plan);
}

static void
set_still_differs_error (const Plan *plan, GError **error)
{
  const PlanAction *action = g_ptr_array_index (plan->actions, 0);

  g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
               "nothing was changed: after all changes %u things differ still, the first is %s %s "
               "(%s); please report this with your schema.sql",
               plan->actions->len, action->kind, action->name, action->verb);
}

/* What is not ours must not go along with what is: an index of the app on a column that is made
 * anew, its trigger with a function of ours. */
static gboolean
check_left_alone (const Push *push, const Plan *first, GError **error)
{
  for (guint i = 0; i < first->left_alone->len; i++) {
    const char *key = g_ptr_array_index (first->left_alone, i);
    if (catalog_find (push->live, key) != NULL)
      continue;
    g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
                 "nothing was changed: these changes would take along %s, which is not ours; drop "
                 "it, push, and make it again",
                 key);
    return FALSE;
  }
  return TRUE;
}

/* Applies the plan, then plans again; what a change took along comes back in the next round, as
 * long as that is no hazard. */
static gboolean
apply_until_equal (Push *push, Plan *first, GError **error)
{
  g_autoptr (Plan) again = NULL;
  const Plan *plan = first;

  for (guint round = 1; plan->actions->len > 0; round++) {
    if (round > ROUNDS_MAX || hazard_count_refused (plan, push->options->allowed) > 0) {
      set_still_differs_error (plan, error);
      return FALSE;
    }
    if (!run_actions (push->connection, plan, error) || !read_live (push, error))
      return FALSE;

    Plan *next = plan_now (push, error);
    if (next == NULL)
      return FALSE;
    if (plan != first)
      plan_free (again);
    again = next;
    plan = next;
  }
  return check_left_alone (push, first, error);
}

/* Installed by deploy alone, and from then on kept by push too. */
static gboolean
wants_storage_trigger (const Push *push)
{
  return push->options->scope == PUSH_FUNCTIONS ||
         catalog_find (push->live, SHADOW_STORAGE_TRIGGER) != NULL ||
         g_hash_table_contains (push->manifest, SHADOW_STORAGE_TRIGGER);
}

/* What there is to say about it. */
static gboolean
watch_storage (Push *push, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (push->connection, "installing the trigger on storage.objects",
                "select ingest.watch_storage()::text", 0, NULL, error);

  if (result == NULL)
    return FALSE;
  push->result->storage = g_strdup (PQgetvalue (result, 0, 0));
  return read_live (push, error);
}

/* What another role makes or replaces would be its own: functions that run as their owner among it.
 */
static gboolean
refuse_other_role (const Push *push, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (push->connection, "looking whose schema it is",
                "select n.nspowner = r.oid, pg_get_userbyid(n.nspowner), current_user"
                " from pg_namespace n, pg_roles r"
                " where n.nspname = 'ingest' and r.rolname = current_user",
                0, NULL, error);

  if (result == NULL)
    return FALSE;
  if (PQntuples (result) == 0 || *PQgetvalue (result, 0, 0) == 't')
    return TRUE;
  g_set_error (
      error, DB_ERROR, DB_ERROR_PERMISSION,
      "the schema in the database at %s belongs to role %s, and you are %s: connect as the "
      "role that it belongs to",
      db_connection_name (push->connection), PQgetvalue (result, 0, 1), PQgetvalue (result, 0, 2));
  return FALSE;
}

static gboolean
change_all (Push *push, GError **error)
{
  PushResult *result = push->result;
  gboolean functions = push->options->scope == PUSH_FUNCTIONS;

  if (!refuse_other_role (push, error))
    return FALSE;
  push->manifest = db_manifest_read (push->connection, push->live, error);
  result->plan = plan_new ();
  if (push->manifest == NULL ||
      !shadow_read (push->connection, push->options->schema_sql, push->live,
                    wants_storage_trigger (push), &push->shadow, error) ||
      (!functions && !rename_all (push, error)))
    return FALSE;

  Plan *plan = plan_now (push, error);
  if (plan == NULL)
    return FALSE;
  mention_neighbours (push);

  guint n_renames = result->plan->actions->len;
  gboolean refused = hazard_count_refused (plan, push->options->allowed) > 0;
  gboolean differs = n_renames + plan->actions->len > 0;
  gboolean applied = TRUE;
  result->outcome = refused                             ? PUSH_REFUSED
                    : differs && push->options->dry_run ? PUSH_PLANNED
                    : differs                           ? PUSH_APPLIED
                                                        : PUSH_NOTHING;
  if (!refused && !push->options->dry_run)
    applied = apply_until_equal (push, plan, error);
  plan_append (result->plan, plan);
  plan_free (plan);
  if (!applied || refused || push->options->dry_run)
    return applied;
  if (functions && !watch_storage (push, error))
    return FALSE;
  return result->n_elsewhere > 0 || write_down (push->connection, push->options->schema_sql,
                                                push->live, push->shadow.catalog, error);
}

/* --- the transaction ----------------------------------------------------------------------- */

static gboolean
push_in_transaction (DbConnection *connection, const PushOptions *options, PushResult *result,
                     GError **error)
{
  g_auto (Push) push = {.connection = connection, .options = options, .result = result};
  g_auto (DbSchemaMark) mark = {0};

  if (!db_exec (connection, "opening a transaction", DB_PUSH_BEGIN, error) ||
      !db_schema_read_mark (connection, options->schema_sql, &mark, error) ||
      !read_live (&push, error))
    return FALSE;

  g_autofree char *hash = catalog_hash (push.live);
  if (mark.state == DB_SCHEMA_MISSING && options->scope == PUSH_ALL)
    return create_all (connection, options, result, error);
  if (mark.state == DB_SCHEMA_MISSING) {
    db_schema_set_missing_error (connection, error);
    return FALSE;
  }
  /* as the last push left it: no need to look further, nor to lock anything */
  if (mark.state == DB_SCHEMA_CURRENT && options->scope == PUSH_ALL &&
      g_strcmp0 (hash, mark.catalog_hash) == 0) {
    result->outcome = PUSH_NOTHING;
    result->plan = plan_new ();
    return mention_all_others (&push, error);
  }
  return change_all (&push, error);
}

static gboolean
push_once (DbConnection *connection, const PushOptions *options, PushResult *result, GError **error)
{
  gboolean fine = push_in_transaction (connection, options, result, error);
  gboolean keep = fine && !options->dry_run && result->outcome != PUSH_REFUSED;

  if (keep && db_exec (connection, "committing the schema", "commit", error))
    return TRUE;
  db_rollback (connection);
  return fine && !keep;
}

/* Somebody held a lock, or was in the way: the connection is fine and nothing was done. */
static gboolean
is_worth_another_try (DbConnection *connection, const GError *failure)
{
  return PQstatus (db_connection_pq (connection)) == CONNECTION_OK &&
         (g_error_matches (failure, DB_ERROR, DB_ERROR_CONFLICT) ||
          g_error_matches (failure, DB_ERROR, DB_ERROR_LOCKED));
}

gboolean
db_push (DbConnection *connection, const PushOptions *options, PushResult *result, GError **error)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (TRUE) {
    g_autoptr (GError) failure = NULL;

    *result = (PushResult){.outcome = PUSH_NOTHING};
    if (push_once (connection, options, result, &failure))
      return TRUE;
    push_result_clear (result);
    if (!is_worth_another_try (connection, failure) || g_get_monotonic_time () > end) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (options->waiting != NULL)
      options->waiting (failure->message, options->user_data);
    g_usleep ((gulong)g_random_int_range (300, 1500) * 1000);
  }
}

gboolean
db_push_if_missing (DbConnection *connection, GError **error)
{
  const PushOptions options = {.schema_sql = schema_built_in ()};
  g_auto (DbSchemaMark) mark = {0};
  g_auto (PushResult) result = {0};

  if (!db_schema_read_mark (connection, options.schema_sql, &mark, error))
    return FALSE;
  return mark.state != DB_SCHEMA_MISSING || db_push (connection, &options, &result, error);
}
