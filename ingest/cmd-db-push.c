/* ingest db push, status, deploy: the live schema and schema.sql. */
#include "cmd-db.h"

#include "db/push/hazard.h"
#include "db/push/plan-print.h"
#include "db/push/push.h"
#include "db/push/schema.h"

#include <stdio.h>
#include <string.h>

static const char *const outcome_names[] = {
    [PUSH_NOTHING] = "nothing", [PUSH_CREATED] = "created", [PUSH_PLANNED] = "planned",
    [PUSH_APPLIED] = "applied", [PUSH_REFUSED] = "refused",
};

static void
say_waiting (const char *reason, gpointer user_data)
{
  (void)user_data;
  g_printerr ("waiting: %s\n", reason);
}

static gboolean
allow_one (const char *name, gboolean allowed[N_HAZARDS], GError **error)
{
  PlanHazard hazard = plan_hazard_from_name (name);
  g_autoptr (GString) known = g_string_new (NULL);

  if (hazard != N_HAZARDS) {
    allowed[hazard] = TRUE;
    return TRUE;
  }
  for (int i = HAZARD_NONE + 1; i < N_HAZARDS; i++)
    g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "",
                            plan_hazard_name ((PlanHazard)i));
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
               "--force=%s: there is no such kind; kinds are %s", name, known->str);
  return FALSE;
}

/* --force=KIND[,KIND...], once or more often. */
static gboolean
allow (const GStrv force, gboolean allowed[N_HAZARDS], GError **error)
{
  for (char **list = force; list != NULL && *list != NULL; list++) {
    g_auto (GStrv) names = g_strsplit (*list, ",", -1);
    for (char **name = names; *name != NULL; name++)
      if (!allow_one (g_strstrip (*name), allowed, error))
        return FALSE;
  }
  return TRUE;
}

/* Of --schema, else the built-in one. (transfer full) */
static char *
read_schema (const DbCommandOptions *options, GError **error)
{
  char *text = NULL;

  if (options->schema_path == NULL)
    return g_strdup (schema_built_in ());
  if (!g_file_get_contents (options->schema_path, &text, NULL, error))
    return NULL;
  return text;
}

static void
print_plan (const DbCommandOptions *options, const PushOptions *push,
            const DbConnection *connection, const PushResult *result)
{
  if (options->common.json) {
    g_autofree char *json =
        plan_to_json (result->plan, push->allowed, db_connection_name (connection),
                      outcome_names[result->outcome]);
    puts (json);
    return;
  }
  if (result->outcome == PUSH_CREATED)
    return; /* all of schema.sql: nobody reads that */

  g_autofree char *text = plan_to_text (result->plan, push->allowed);
  fputs (text, stdout);
}

static void
set_refused_error (const PushOptions *push, const PushResult *result, GError **error)
{
  g_autofree char *force = plan_force_needed (result->plan, push->allowed);
  guint n = hazard_count_refused (result->plan, push->allowed);

  g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED,
               "nothing was changed: %u of these changes can lose rows or take access away; undo "
               "%s in schema.sql%s%s%s",
               n, n == 1 ? "it" : "them", force ? ", or allow it with --force=" : "",
               force ? force : "", "");
}

static int
run_push (const DbCommandOptions *options, PushOptions *push, DbConnection *connection,
          PushResult *result, GError **error)
{
  if (!db_push (connection, push, result, error))
    return -1;
  print_plan (options, push, connection, result);
  if (result->outcome != PUSH_REFUSED)
    return EXIT_OK;
  set_refused_error (push, result, error);
  return -1;
}

static const char *
summary_of (const PushResult *result)
{
  switch (result->outcome) {
  case PUSH_CREATED:
    return "created the schema: tables, row-level security, triggers, indexes";
  case PUSH_PLANNED:
    return "nothing was changed: this was a dry run";
  case PUSH_APPLIED:
    return "done: nothing differs any more";
  default:
    return "nothing to do";
  }
}

int
cmd_db_push (const DbCommandOptions *options, GError **error)
{
  g_autofree char *schema = read_schema (options, error);
  PushOptions push = {.dry_run = options->dry_run, .schema_sql = schema, .waiting = say_waiting};
  g_auto (PushResult) result = {0};

  if (schema == NULL || !allow (options->force, push.allowed, error))
    return -1;

  g_autoptr (DbConnection) connection = db_command_connect (options, error);
  if (connection == NULL || run_push (options, &push, connection, &result, error) < 0)
    return -1;
  if (options->common.json)
    return EXIT_OK;
  if (result.with_stand_in)
    puts (result.outcome == PUSH_CREATED
              ? "created a stand-in for Supabase's auth schema (auth.users, auth.uid(), roles)"
              : "it would also create a stand-in for Supabase's auth schema");
  puts (summary_of (&result));
  return EXIT_OK;
}

int
cmd_db_status (const DbCommandOptions *options, GError **error)
{
  g_autofree char *schema = read_schema (options, error);
  PushOptions push = {.dry_run = TRUE, .schema_sql = schema, .waiting = say_waiting};
  g_autoptr (DbConnection) connection = schema ? db_command_connect (options, error) : NULL;
  g_auto (DbSchemaMark) mark = {0};
  g_auto (PushResult) result = {0};

  if (connection == NULL || !db_schema_read_mark (connection, schema, &mark, error))
    return -1;
  if (mark.state == DB_SCHEMA_MISSING) {
    db_schema_set_missing_error (connection, error);
    return -1;
  }
  if (!db_push (connection, &push, &result, error))
    return -1;
  print_plan (options, &push, connection, &result);
  if (result.outcome == PUSH_NOTHING) {
    if (!options->common.json)
      puts ("no difference");
    return EXIT_OK;
  }
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED,
               "the schema differs from schema.sql in %u thing%s; `ingest db push` mends that",
               result.plan->actions->len, result.plan->actions->len == 1 ? "" : "s");
  return -1;
}

static const char edge_help[] =
    "\n"
    "Storage events reach `ingest serve` through a small Edge Function that checks, signs and "
    "forwards\n"
    "them. With Supabase's command line, in the folder of your project:\n"
    "\n"
    "  mkdir -p supabase/functions && cp -r %s/ingest-webhook supabase/functions/\n"
    "  supabase secrets set --env-file .env.ingest   # INGEST_WEBHOOK_URL, INGEST_WEBHOOK_SECRET "
    "and\n"
    "                                                # INGEST_EDGE_SECRET, one NAME=value a line\n"
    "  supabase functions deploy ingest-webhook --no-verify-jwt\n"
    "\n"
    "Then make a Database Webhook on storage.objects that calls it; %s/README.md says how.\n"
    "Uploads are queued by the trigger: the webhook only wakes `ingest serve` up, and may fail.\n";

/* Where `make install` puts it, or in a checkout. (transfer full) */
static char *
edge_folder (void)
{
  g_autofree char *installed = command_sibling ("../share/ingest/edge");
  g_autofree char *path = g_canonicalize_filename (installed, NULL);

  return g_strdup (g_file_test (path, G_FILE_TEST_IS_DIR) ? path : "db/edge");
}

int
cmd_db_deploy (const DbCommandOptions *options, GError **error)
{
  g_autofree char *schema = read_schema (options, error);
  PushOptions push = {.scope = PUSH_FUNCTIONS,
                      .dry_run = options->dry_run,
                      .schema_sql = schema,
                      .waiting = say_waiting};
  g_autoptr (DbConnection) connection = schema ? db_command_connect (options, error) : NULL;
  g_autofree char *edge = edge_folder ();
  g_auto (PushResult) result = {0};

  if (connection == NULL || run_push (options, &push, connection, &result, error) < 0)
    return -1;
  if (options->common.json)
    return EXIT_OK;
  puts (result.outcome == PUSH_NOTHING ? "functions and triggers: nothing to do"
                                       : summary_of (&result));
  if (result.storage != NULL)
    puts (result.storage);
  if (result.n_elsewhere > 0)
    printf ("%u differences outside functions and triggers are left: see `ingest db status`, "
            "`ingest db push`\n",
            result.n_elsewhere);
  printf (edge_help, edge, edge);
  return EXIT_OK;
}
