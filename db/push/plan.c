#include "plan.h"

#include <string.h>

static const char *const hazard_names[N_HAZARDS] = {
    [HAZARD_DROP_TABLE] = "drop-table",
    [HAZARD_DROP_COLUMN] = "drop-column",
    [HAZARD_NARROW_TYPE] = "narrow-type",
    [HAZARD_NOT_NULL] = "not-null",
    [HAZARD_UNIQUE] = "unique",
    [HAZARD_CHECK] = "check",
    [HAZARD_FOREIGN_KEY] = "foreign-key",
    [HAZARD_DROP_POLICY] = "drop-policy",
    [HAZARD_DISABLE_RLS] = "disable-rls",
    [HAZARD_REVOKE] = "revoke",
    [HAZARD_DROP_FUNCTION] = "drop-function",
    [HAZARD_DROP_VIEW] = "drop-view",
    [HAZARD_DROP_TYPE] = "drop-type",
    [HAZARD_DROP_SEQUENCE] = "drop-sequence",
};

const char *
plan_hazard_name (PlanHazard hazard)
{
  return hazard_names[hazard];
}

PlanHazard
plan_hazard_from_name (const char *name)
{
  int hazard = HAZARD_NONE + 1;

  while (hazard < N_HAZARDS && strcmp (hazard_names[hazard], name) != 0)
    hazard++;
  return (PlanHazard)hazard;
}

/* --- actions ------------------------------------------------------------------------------- */

static void
action_free (gpointer data)
{
  PlanAction *action = data;

  g_free (action->kind);
  g_free (action->name);
  g_ptr_array_unref (action->sql);
  g_free (action->count_sql);
  g_free (action->or_count_sql);
  g_free (action->fix_sql);
  g_free (action->stake);
  g_free (action->remedy);
  g_free (action);
}

Plan *
plan_new (void)
{
  Plan *plan = g_new0 (Plan, 1);

  plan->actions = g_ptr_array_new_with_free_func (action_free);
  plan->left_alone = g_ptr_array_new_with_free_func (g_free);
  return plan;
}

PlanAction *
plan_add (Plan *plan, const char *verb, const CatalogObject *object, PlanPhase phase)
{
  PlanAction *action = g_new0 (PlanAction, 1);

  action->verb = verb;
  action->kind = g_strdup (object->kind);
  action->name = g_strdup (object->name);
  action->phase = phase;
  action->ord = object->ord;
  action->sql = g_ptr_array_new_with_free_func (g_free);
  action->rows = -1;
  g_ptr_array_add (plan->actions, action);
  return action;
}

void
plan_leave_alone (Plan *plan, const CatalogObject *object)
{
  /* what cannot be planned has no kind of ours: its name says what it is */
  gboolean known = !catalog_is (object, "unsupported");

  g_ptr_array_add (plan->left_alone, g_strdup (known ? object->key : object->name));
}

void
plan_action_add_sql (PlanAction *action, const char *sql)
{
  char *statement = g_strdup (sql);

  g_ptr_array_add (action->sql, g_strchomp (statement));
}

void
plan_action_add_sqlf (PlanAction *action, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (action->sql, g_strdup_vprintf (format, args));
  va_end (args);
}

void
plan_free (Plan *plan)
{
  if (plan == NULL)
    return;
  g_ptr_array_unref (plan->actions);
  g_ptr_array_unref (plan->left_alone);
  g_free (plan);
}

/* --- order --------------------------------------------------------------------------------- */

static gint
compare (gconstpointer a, gconstpointer b)
{
  const PlanAction *one = *(PlanAction *const *)a;
  const PlanAction *two = *(PlanAction *const *)b;

  if (one->phase != two->phase)
    return one->phase < two->phase ? -1 : 1;
  if (one->ord != two->ord)
    return one->ord < two->ord ? -1 : 1;
  return strcmp (one->name, two->name);
}

/* "select on table t to r" -> "on table t to r" */
static const char *
grant_without_privilege (const PlanAction *action)
{
  const char *on = strstr (action->name, " on ");

  return on ? on : "";
}

/* grant select on t to r; grant insert on t to r -> grant insert, select on t to r */
static gboolean
join_grants (PlanAction *first, const PlanAction *next)
{
  const char *rest = grant_without_privilege (first);

  if (strcmp (first->kind, "grant") != 0 || strcmp (next->kind, "grant") != 0 ||
      first->phase != next->phase || strcmp (rest, grant_without_privilege (next)) != 0)
    return FALSE;

  g_autofree char *privileges = g_strndup (first->name, (gsize)(rest - first->name));
  g_autofree char *privilege =
      g_strndup (next->name, (gsize)(grant_without_privilege (next) - next->name));
  g_autofree char *name = g_strdup_printf ("%s, %s%s", privileges, privilege, rest);
  const char *sql = g_ptr_array_index (first->sql, 0);
  const char *verb_end = strchr (sql, ' ');
  g_autofree char *verb = g_strndup (sql, (gsize)(verb_end - sql));
  const char *on = strstr (sql, " on ");

  g_ptr_array_insert (first->sql, 0,
                      g_strdup_printf ("%s %s, %s%s", verb, privileges, privilege, on));
  g_ptr_array_remove_index (first->sql, 1);
  g_free (first->name);
  first->name = g_steal_pointer (&name);
  return TRUE;
}

/* By what is granted to whom, then by privilege. */
static gint
compare_grants (gconstpointer a, gconstpointer b)
{
  const PlanAction *one = *(PlanAction *const *)a;
  const PlanAction *two = *(PlanAction *const *)b;
  int order = strcmp (grant_without_privilege (one), grant_without_privilege (two));

  if (one->phase != two->phase || strcmp (one->kind, "grant") != 0 ||
      strcmp (two->kind, "grant") != 0)
    return compare (a, b);
  return order ? order : strcmp (one->name, two->name);
}

void
plan_finish (Plan *plan)
{
  g_ptr_array_sort (plan->actions, compare_grants);
  for (guint i = 1; i < plan->actions->len;) {
    PlanAction *before = g_ptr_array_index (plan->actions, i - 1);
    if (join_grants (before, g_ptr_array_index (plan->actions, i)))
      g_ptr_array_remove_index (plan->actions, i);
    else
      i++;
  }
}

/* --- parts --------------------------------------------------------------------------------- */

static gpointer
steal (gconstpointer action, gpointer user_data)
{
  (void)user_data;
  return (gpointer)action;
}

void
plan_append (Plan *plan, Plan *tail)
{
  g_ptr_array_extend (plan->actions, tail->actions, steal, NULL);
  g_ptr_array_set_free_func (tail->actions, NULL);
  g_ptr_array_set_size (tail->actions, 0);
  g_ptr_array_set_free_func (tail->actions, action_free);
  g_ptr_array_extend (plan->left_alone, tail->left_alone, steal, NULL);
  g_ptr_array_set_free_func (tail->left_alone, NULL);
  g_ptr_array_set_size (tail->left_alone, 0);
  g_ptr_array_set_free_func (tail->left_alone, g_free);
}

static gboolean
is_of_function (const PlanAction *action)
{
  static const char *const kinds[] = {"function", "procedure", "trigger"};

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *on = g_strdup_printf (" on %s ", kinds[i]);
    g_autofree char *of = g_strdup_printf ("%s ", kinds[i]);
    if (strcmp (action->kind, kinds[i]) == 0 ||
        (strcmp (action->kind, "grant") == 0 && strstr (action->name, on) != NULL) ||
        (strcmp (action->kind, "comment") == 0 && g_str_has_prefix (action->name, of)))
      return TRUE;
  }
  return FALSE;
}

gboolean
plan_keep_functions (Plan *plan, guint *n_left_out, GError **error)
{
  *n_left_out = 0;
  for (guint i = 0; i < plan->actions->len;) {
    const PlanAction *action = g_ptr_array_index (plan->actions, i);

    if (action->phase == PHASE_REPLACE && is_of_function (action)) {
      g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
                   "%s %s has another signature now, and what calls it must change with it; use "
                   "`ingest db push`",
                   action->kind, action->name);
      return FALSE;
    }
    if (is_of_function (action) && action->hazard == HAZARD_NONE &&
        strcmp (action->verb, "drop") != 0) {
      i++;
      continue;
    }
    g_ptr_array_remove_index (plan->actions, i);
    (*n_left_out)++;
  }
  return TRUE;
}
