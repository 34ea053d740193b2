#include "plan.h"

#include "plan-change.h"
#include "plan-column.h"
#include "plan-constraint.h"

#include <string.h>

#define API_ROLES "public, anon, authenticated, service_role"

/* What a wanted object needs. */
typedef enum {
  STATE_UNKNOWN,
  STATE_SAME,
  STATE_CHANGED, /* in place */
  STATE_NEW,
  STATE_REPLACED, /* dropped, then made */
  STATE_FOLLOWS,  /* its parent is replaced: gone without a word, then made */
} ObjectState;

typedef struct {
  const Catalog *live, *wanted;
  GHashTable *manifest;
  GHashTable *states; /* key of a wanted object -> ObjectState */
  /* (element-type utf8) tables with a column of another type, and those columns */
  GHashTable *retyped, *retyped_columns;
  gboolean step_aside; /* policies and views are made anew, since something below them changes */
  Plan *plan;
} Planner;

/* --- phases -------------------------------------------------------------------------------- */

typedef struct {
  const char *kind;
  PlanPhase make, remove;
  PlanHazard hazard; /* of removing it */
  gboolean in_place; /* what differs can be changed */
} KindRule;

/* Foreign keys and others that depend on more than their kind are seen to where they are planned.
 */
static const KindRule kind_rules[] = {
    {"schema", PHASE_SCHEMA, PHASE_DROP_TYPE, HAZARD_NONE, TRUE},
    {"extension", PHASE_SCHEMA, PHASE_DROP_TYPE, HAZARD_NONE, TRUE},
    {"type", PHASE_MAKE, PHASE_DROP_TYPE, HAZARD_DROP_TYPE, TRUE},
    {"domain", PHASE_MAKE, PHASE_DROP_TYPE, HAZARD_DROP_TYPE, TRUE},
    {"sequence", PHASE_MAKE, PHASE_DROP_TYPE, HAZARD_DROP_SEQUENCE, TRUE},
    {"text search dictionary", PHASE_MAKE, PHASE_DROP_TYPE, HAZARD_NONE, FALSE},
    {"text search configuration", PHASE_MAKE, PHASE_DROP_DEPENDENT, HAZARD_NONE, FALSE},
    {"function", PHASE_MAKE, PHASE_DROP_FUNCTION, HAZARD_NONE, TRUE},
    {"procedure", PHASE_MAKE, PHASE_DROP_FUNCTION, HAZARD_NONE, TRUE},
    {"table", PHASE_MAKE, PHASE_DROP_TABLE, HAZARD_DROP_TABLE, TRUE},
    {"column", PHASE_MAKE, PHASE_DROP_COLUMN, HAZARD_DROP_COLUMN, TRUE},
    {"constraint", PHASE_MAKE, PHASE_DROP_CONSTRAINT, HAZARD_NONE, FALSE},
    {"index", PHASE_MAKE, PHASE_DROP_CONSTRAINT, HAZARD_NONE, FALSE},
    {"statistics", PHASE_MAKE, PHASE_DROP_DEPENDENT, HAZARD_NONE, FALSE},
    {"view", PHASE_MAKE, PHASE_DROP_DEPENDENT, HAZARD_DROP_VIEW, FALSE},
    {"materialized view", PHASE_MAKE, PHASE_DROP_DEPENDENT, HAZARD_DROP_VIEW, FALSE},
    {"trigger", PHASE_TRIGGER, PHASE_DROP_DEPENDENT, HAZARD_NONE, TRUE},
    {"row level security", PHASE_POLICY, PHASE_DROP_DEPENDENT, HAZARD_DISABLE_RLS, TRUE},
    {"forced row level security", PHASE_POLICY, PHASE_DROP_DEPENDENT, HAZARD_NONE, TRUE},
    {"policy", PHASE_POLICY, PHASE_DROP_DEPENDENT, HAZARD_DROP_POLICY, FALSE},
    {"grant", PHASE_GRANT, PHASE_REVOKE, HAZARD_REVOKE, TRUE},
    {"comment", PHASE_COMMENT, PHASE_COMMENT, HAZARD_NONE, TRUE},
};

/* NULL for what cannot be planned. */
static const KindRule *
rule_of (const CatalogObject *object)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kind_rules); i++)
    if (catalog_is (object, kind_rules[i].kind))
      return &kind_rules[i];
  return NULL;
}

static gboolean
is_function (const CatalogObject *object)
{
  return catalog_is (object, "function") || catalog_is (object, "procedure");
}

static gboolean
is_foreign_key (const CatalogObject *object)
{
  return catalog_is (object, "constraint") && g_strcmp0 (catalog_detail (object, "type"), "f") == 0;
}

/* --- states -------------------------------------------------------------------------------- */

/* Whether what differs can be changed in place. */
static gboolean
changes_in_place (const CatalogObject *live, const CatalogObject *wanted)
{
  if (catalog_is (wanted, "column"))
    return !plan_column_must_go (live, wanted);
  if (is_function (wanted))
    return !catalog_detail_differs (live, wanted, "result") &&
           !catalog_detail_differs (live, wanted, "arguments");
  if (catalog_is (wanted, "trigger"))
    return !catalog_flag (wanted, "constraint") && !catalog_flag (live, "constraint");
  return rule_of (wanted)->in_place;
}

static ObjectState
state_of (Planner *planner, const CatalogObject *wanted)
{
  ObjectState state = GPOINTER_TO_INT (g_hash_table_lookup (planner->states, wanted->key));
  const CatalogObject *parent = catalog_find (planner->wanted, wanted->parent);
  const CatalogObject *live = catalog_find (planner->live, wanted->key);

  if (state != STATE_UNKNOWN)
    return state;
  if (parent != NULL && state_of (planner, parent) >= STATE_NEW)
    state = live ? STATE_FOLLOWS : STATE_NEW;
  else if (live == NULL)
    state = STATE_NEW;
  else if (catalog_same (live, wanted))
    state = STATE_SAME;
  else
    state = changes_in_place (live, wanted) ? STATE_CHANGED : STATE_REPLACED;
  g_hash_table_insert (planner->states, (gpointer)wanted->key, GINT_TO_POINTER (state));
  return state;
}

static gboolean
is_of_retyped_table (const Planner *planner, const CatalogObject *object)
{
  const char *table = catalog_detail (object, "table");

  return table != NULL && g_hash_table_contains (planner->retyped, table);
}

/* A trigger whose function is replaced goes with it. */
static gboolean
function_is_replaced (Planner *planner, const CatalogObject *trigger)
{
  g_autofree char *key = g_strconcat ("function ", catalog_detail (trigger, "function"), NULL);
  const CatalogObject *function = catalog_find (planner->wanted, key);

  return function != NULL && state_of (planner, function) == STATE_REPLACED;
}

/* A key that is replaced takes along the foreign keys that refer to it. */
static gboolean
key_is_replaced (Planner *planner, const CatalogObject *foreign_key)
{
  const char *table = catalog_detail (foreign_key, "other_table");

  for (guint i = 0; i < catalog_length (planner->live); i++) {
    const CatalogObject *live = catalog_nth (planner->live, i);
    const CatalogObject *wanted = catalog_find (planner->wanted, live->key);
    if (catalog_is (live, "constraint") && strchr ("pu", *catalog_detail (live, "type")) != NULL &&
        g_strcmp0 (catalog_detail (live, "table"), table) == 0 && wanted != NULL &&
        state_of (planner, wanted) == STATE_REPLACED)
      return TRUE;
  }
  return FALSE;
}

static gboolean
any_retyped (const Planner *planner, const CatalogObject *key, const char *table,
             const char *columns)
{
  json_object *names = NULL;
  gboolean any = FALSE;

  json_object_object_get_ex (key->detail, columns, &names);
  for (gsize i = 0; names != NULL && i < json_object_array_length (names); i++) {
    const char *name = json_object_get_string (json_object_array_get_idx (names, i));
    g_autofree char *column = g_strconcat (catalog_detail (key, table), ".", name, NULL);
    any |= g_hash_table_contains (planner->retyped_columns, column);
  }
  return any;
}

/* PostgreSQL refuses to change a column's type below a policy, a trigger or a view, and to drop a
 * function that they call: those that are ours step aside, and come back in the same transaction.
 */
static void
let_dependents_step_aside (Planner *planner)
{
  for (guint i = 0; i < catalog_length (planner->wanted); i++) {
    const CatalogObject *wanted = catalog_nth (planner->wanted, i);
    const CatalogObject *live = catalog_find (planner->live, wanted->key);
    ObjectState state = state_of (planner, wanted);

    if (live == NULL)
      continue;
    if (catalog_is (wanted, "column") && state == STATE_CHANGED &&
        plan_column_type_differs (live, wanted)) {
      g_hash_table_add (planner->retyped, (gpointer)catalog_detail (wanted, "table"));
      g_hash_table_add (planner->retyped_columns, wanted->name);
    }
    planner->step_aside |=
        state == STATE_REPLACED && (is_function (wanted) || catalog_is (wanted, "column"));
  }
  planner->step_aside |= g_hash_table_size (planner->retyped) > 0;
  for (guint i = 0; i < catalog_length (planner->wanted); i++) {
    const CatalogObject *wanted = catalog_nth (planner->wanted, i);
    ObjectState state = state_of (planner, wanted);
    gboolean aside =
        planner->step_aside && (catalog_is (wanted, "policy") || catalog_is (wanted, "view") ||
                                catalog_is (wanted, "materialized view"));

    if (catalog_is (wanted, "trigger"))
      aside = is_of_retyped_table (planner, wanted) || function_is_replaced (planner, wanted);
    if (is_foreign_key (wanted))
      aside = key_is_replaced (planner, wanted) ||
              any_retyped (planner, wanted, "table", "columns") ||
              any_retyped (planner, wanted, "other_table", "other_columns");
    if (aside && (state == STATE_SAME || state == STATE_CHANGED))
      g_hash_table_insert (planner->states, (gpointer)wanted->key,
                           GINT_TO_POINTER (STATE_REPLACED));
  }
}

/* --- making -------------------------------------------------------------------------------- */

static PlanPhase
make_phase (const CatalogObject *wanted)
{
  return is_foreign_key (wanted) ? PHASE_FOREIGN_KEY : rule_of (wanted)->make;
}

/* Default privileges may have given away a new object: nothing is left of that before the grants.
 */
static void
revoke_defaults (Planner *planner, const CatalogObject *wanted)
{
  const char *what = catalog_is (wanted, "view") || catalog_is (wanted, "materialized view")
                         ? "table"
                         : wanted->kind;
  const char *name =
      catalog_is (wanted, "sequence") ? catalog_detail (wanted, "sequence") : wanted->name;

  if (!is_function (wanted) && strcmp (what, "table") != 0 && !catalog_is (wanted, "sequence") &&
      !(catalog_is (wanted, "schema") && strcmp (name, "ingest") == 0))
    return;

  PlanAction *action = plan_add (planner->plan, "close", wanted, PHASE_REVOKE);
  plan_action_add_sqlf (action, "revoke all on %s %s from " API_ROLES, what, name);
}

static void
add_settings_of_columns (PlanAction *action, const CatalogObject *table)
{
  json_object *settings = NULL;

  if (!json_object_object_get_ex (table->detail, "settings", &settings) || settings == NULL)
    return;
  for (gsize i = 0; i < json_object_array_length (settings); i++) {
    json_object *setting = json_object_array_get_idx (settings, i);
    const char *column = json_object_get_string (json_object_array_get_idx (setting, 0));
    json_object *compression = json_object_array_get_idx (setting, 1);
    json_object *storage = json_object_array_get_idx (setting, 2);
    if (compression != NULL)
      plan_action_add_sqlf (action, "alter table %s alter column %s set compression %s",
                            table->name, column, json_object_get_string (compression));
    if (storage != NULL)
      plan_action_add_sqlf (action, "alter table %s alter column %s set storage %s", table->name,
                            column, json_object_get_string (storage));
  }
}

static void
add_mappings (PlanAction *action, const CatalogObject *configuration)
{
  json_object *mappings = NULL;

  json_object_object_get_ex (configuration->detail, "mappings", &mappings);
  for (gsize i = 0; mappings != NULL && i < json_object_array_length (mappings); i++)
    plan_action_add_sqlf (action, "alter text search configuration %s %s", configuration->name,
                          json_object_get_string (json_object_array_get_idx (mappings, i)));
}

/* TRUE when the creation of a table or column brings it along. */
static gboolean
comes_with_parent (Planner *planner, const CatalogObject *wanted)
{
  const CatalogObject *parent = catalog_find (planner->wanted, wanted->parent);

  if (parent == NULL || state_of (planner, parent) < STATE_NEW)
    return FALSE;
  return catalog_is (wanted, "column") ||
         (catalog_is (wanted, "sequence") && wanted->create_sql == NULL);
}

static void
plan_make_object (Planner *planner, const CatalogObject *wanted)
{
  const CatalogObject *parent = catalog_find (planner->wanted, wanted->parent);

  if (catalog_is (wanted, "column") && !comes_with_parent (planner, wanted))
    plan_add_column (planner->plan, wanted);
  else if (!comes_with_parent (planner, wanted) && wanted->create_sql != NULL) {
    PlanAction *action = plan_add (planner->plan, catalog_is (wanted, "grant") ? "grant" : "add",
                                   wanted, make_phase (wanted));
    plan_action_add_sql (action, wanted->create_sql);
    if (parent == NULL || state_of (planner, parent) < STATE_NEW)
      plan_guard_constraint (action, wanted);
    if (catalog_is (wanted, "table"))
      add_settings_of_columns (action, wanted);
    if (catalog_is (wanted, "text search configuration"))
      add_mappings (action, wanted);
    if (catalog_is (wanted, "sequence") && wanted->parent != NULL)
      plan_attach_sequence (planner->plan, wanted);
    if (catalog_is (wanted, "trigger") && g_strcmp0 (catalog_detail (wanted, "enabled"), "D") == 0)
      plan_action_add_sqlf (action, "alter table %s disable trigger %s",
                            catalog_detail (wanted, "table"), catalog_detail (wanted, "trigger"));
  }
  revoke_defaults (planner, wanted);
}

/* --- changing ------------------------------------------------------------------------------ */

static gboolean
change_object (Planner *planner, const CatalogObject *wanted, GError **error)
{
  const CatalogObject *live = catalog_find (planner->live, wanted->key);

  if (catalog_is (wanted, "column")) {
    plan_change_column (planner->plan, live, wanted);
    return TRUE;
  }

  PlanAction *action = plan_add (planner->plan, "change", wanted, make_phase (wanted));

  if (plan_change_in_place (planner->plan, action, live, wanted))
    return TRUE;
  g_set_error (error, DB_ERROR, DB_ERROR_INPUT,
               "%s cannot be changed in place as schema.sql has it: make a new one under another "
               "name there, move the rows over to it, then remove this one",
               wanted->key);
  return FALSE;
}

/* --- removing ------------------------------------------------------------------------------ */

static void
count_at_stake (PlanAction *action, const CatalogObject *live)
{
  const char *table = catalog_is (live, "table") ? live->name : catalog_detail (live, "table");
  const char *column = catalog_is (live, "column") ? catalog_detail (live, "column") : NULL;

  if (action->hazard == HAZARD_NONE || table == NULL)
    return;
  action->count_sql = column && catalog_detail (live, "generated") == NULL
                          ? g_strdup_printf ("select count(%s) from %s", column, table)
                          : g_strdup_printf ("select count(*) from %s", table);
  action->stake =
      g_strdup_printf (column ? "values in %s" : "rows in %s", column ? live->name : table);
}

/* A trigger on somebody else's table: its owner alone may drop it, but it goes with its function,
 * which comes back if it is wanted, closed to all: its grants are added in the next round. */
static void
drop_foreign_trigger (PlanAction *action, Planner *planner, const CatalogObject *live)
{
  const char *function = catalog_detail (live, "function");
  g_autofree char *key = g_strconcat ("function ", function, NULL);
  const CatalogObject *wanted = catalog_find (planner->wanted, key);

  plan_action_add_sqlf (action, "drop function if exists %s cascade", function);
  if (wanted == NULL)
    return;
  plan_action_add_sql (action, wanted->create_sql);
  plan_action_add_sqlf (action, "revoke all on function %s from " API_ROLES, function);
}

static void
remove_object (Planner *planner, const CatalogObject *live, PlanPhase phase, PlanHazard hazard)
{
  PlanAction *action =
      plan_add (planner->plan, catalog_is (live, "grant") ? "revoke" : "drop", live, phase);

  /* what was made last goes first */
  action->ord = G_MAXUINT32 - live->ord;
  action->hazard = hazard;
  if (is_foreign_key (live))
    action->ord = 0; /* before the keys that it needs */
  if (catalog_is (live, "trigger") && !catalog_flag (live, "ours_to_drop"))
    drop_foreign_trigger (action, planner, live);
  else if (is_function (live))
    plan_action_add_sqlf (action, "drop %s if exists %s", live->kind, live->name);
  else
    plan_action_add_sql (action, live->drop_sql);
  count_at_stake (action, live);
}

/* Whether it opens a table of ours to users of the API, whoever made it. */
static gboolean
opens_our_tables (const CatalogObject *live)
{
  if (catalog_is (live, "policy"))
    return catalog_flag (live, "permissive") && catalog_flag (live, "api");
  return catalog_is (live, "grant") && catalog_flag (live, "api");
}

static gboolean
is_ours (Planner *planner, const CatalogObject *live)
{
  return g_hash_table_contains (planner->manifest, live->key) || opens_our_tables (live) ||
         g_str_has_suffix (live->kind, "row level security");
}

static PlanHazard
hazard_of_removing (const CatalogObject *live)
{
  if (is_function (live) && catalog_flag (live, "exposed"))
    return HAZARD_DROP_FUNCTION;
  if (catalog_is (live, "grant") && !catalog_flag (live, "api"))
    return HAZARD_NONE;
  return rule_of (live)->hazard;
}

/* Whether what it belongs to is dropped and made anew. */
static gboolean
loses_parent_for_a_while (Planner *planner, const CatalogObject *live)
{
  const CatalogObject *wanted_parent = catalog_find (planner->wanted, live->parent);

  return wanted_parent != NULL && catalog_find (planner->live, live->parent) != NULL &&
         state_of (planner, wanted_parent) >= STATE_NEW;
}

/* Whether it goes without a word, because what it belongs to goes. */
static gboolean
goes_with_parent (Planner *planner, const CatalogObject *live)
{
  const CatalogObject *parent = catalog_find (planner->live, live->parent);

  if (live->parent == NULL || parent == NULL)
    return FALSE;
  if (catalog_find (planner->wanted, live->parent) != NULL)
    return loses_parent_for_a_while (planner, live) && is_ours (planner, live) &&
           !catalog_is (live, "grant"); /* taking away access is said */
  return g_hash_table_contains (planner->manifest, live->parent) ||
         goes_with_parent (planner, parent);
}

/* A grant that is wanted with the option to pass it on is not taken away for that. */
static gboolean
is_granted_wider (Planner *planner, const CatalogObject *live)
{
  g_autofree char *wider = g_strconcat (live->key, " with grant option", NULL);

  return catalog_is (live, "grant") && catalog_find (planner->wanted, wider) != NULL;
}

/* Something there that schema.sql does not have. */
static void
plan_extra (Planner *planner, const CatalogObject *live)
{
  gboolean of_somebody =
      live->parent != NULL && catalog_find (planner->wanted, live->parent) == NULL;
  gboolean planned =
      rule_of (live) != NULL && !catalog_is (live, "schema") && !catalog_is (live, "extension");

  if (goes_with_parent (planner, live) || is_granted_wider (planner, live))
    return;
  if (planned && is_ours (planner, live) &&
      (!of_somebody || g_hash_table_contains (planner->manifest, live->key))) {
    /* identity is the column's own matter */
    if (!catalog_is (live, "sequence") || live->create_sql != NULL)
      remove_object (planner, live, rule_of (live)->remove, hazard_of_removing (live));
    return;
  }
  /* what the app granted, said or hung on something of ours comes back with that */
  if (planned && live->parent != NULL && loses_parent_for_a_while (planner, live)) {
    CatalogObject last = *live;
    last.ord = G_MAXUINT32;
    plan_make_object (planner, &last);
  } else if (!of_somebody)
    plan_leave_alone (planner->plan, live);
}

/* --- the whole ----------------------------------------------------------------------------- */

static gboolean
refuse_unsupported (const Catalog *wanted, GError **error)
{
  for (guint i = 0; i < catalog_length (wanted); i++) {
    const CatalogObject *object = catalog_nth (wanted, i);
    if (rule_of (object) != NULL)
      continue;
    g_set_error (error, DB_ERROR, DB_ERROR_INPUT,
                 "schema.sql makes %s, a kind of object that push cannot compare; make it without",
                 object->name);
    return FALSE;
  }
  return TRUE;
}

/* When to drop what is made again: before that, and after what depends on it. */
static PlanPhase
replace_phase (const CatalogObject *wanted)
{
  return is_function (wanted) || catalog_is (wanted, "column") ||
                 catalog_is (wanted, "text search dictionary")
             ? PHASE_REPLACE
             : rule_of (wanted)->remove;
}

/* Rows come back with nothing that a person or program wrote: only what is computed may go. */
static PlanHazard
hazard_of_replacing (const CatalogObject *live, const CatalogObject *wanted)
{
  gboolean computed =
      catalog_detail (live, "generated") != NULL && catalog_detail (wanted, "generated") != NULL;

  return catalog_is (wanted, "column") && !computed ? HAZARD_DROP_COLUMN : HAZARD_NONE;
}

static gboolean
plan_wanted (Planner *planner, const CatalogObject *wanted, GError **error)
{
  switch (state_of (planner, wanted)) {
  case STATE_CHANGED:
    return change_object (planner, wanted, error);
  case STATE_REPLACED:
    remove_object (planner, catalog_find (planner->live, wanted->key), replace_phase (wanted),
                   hazard_of_replacing (catalog_find (planner->live, wanted->key), wanted));
    plan_make_object (planner, wanted);
    return TRUE;
  case STATE_NEW:
  case STATE_FOLLOWS:
    plan_make_object (planner, wanted);
    return TRUE;
  default:
    return TRUE;
  }
}

Plan *
plan_make (const Catalog *live, const Catalog *wanted, GHashTable *manifest, GError **error)
{
  g_autoptr (GHashTable) states = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) retyped = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) retyped_columns = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (Plan) plan = plan_new ();
  Planner planner = {
      .live = live,
      .wanted = wanted,
      .manifest = manifest,
      .states = states,
      .retyped = retyped,
      .retyped_columns = retyped_columns,
      .plan = plan,
  };

  if (!refuse_unsupported (wanted, error))
    return NULL;
  let_dependents_step_aside (&planner);
  for (guint i = 0; i < catalog_length (wanted); i++)
    if (!plan_wanted (&planner, catalog_nth (wanted, i), error))
      return NULL;
  for (guint i = 0; i < catalog_length (live); i++)
    if (catalog_find (wanted, catalog_nth (live, i)->key) == NULL)
      plan_extra (&planner, catalog_nth (live, i));
  plan_finish (plan);
  return g_steal_pointer (&plan);
}
