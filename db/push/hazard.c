#include "hazard.h"

/* A query that fails (a value that cannot be cast, a column that only comes with this plan) must
 * not end the transaction. *rows is -1 then. */
static gboolean
count_rows (DbConnection *connection, const char *sql, gint64 *rows, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (!db_exec (connection, "counting rows", "savepoint counting", error))
    return FALSE;

  g_autoptr (PGresult) result = db_query (connection, "counting rows", sql, 0, NULL, &failure);
  *rows = result ? g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10) : -1;
  if (result == NULL)
    g_debug ("not counted: %s", failure->message);
  return db_exec (connection, "counting rows",
                  "rollback to savepoint counting; release savepoint counting", error);
}

static gboolean
count_action (DbConnection *connection, PlanAction *action, GError **error)
{
  if (!count_rows (connection, action->count_sql, &action->rows, error))
    return FALSE;
  if (action->rows < 0 && action->or_count_sql != NULL &&
      !count_rows (connection, action->or_count_sql, &action->rows, error))
    return FALSE;
  if (action->only_rows && action->rows <= 0)
    action->hazard = HAZARD_NONE;
  return TRUE;
}

gboolean
hazard_count (DbConnection *connection, Plan *plan, GError **error)
{
  for (guint i = 0; i < plan->actions->len; i++) {
    PlanAction *action = g_ptr_array_index (plan->actions, i);
    if (action->hazard != HAZARD_NONE && action->count_sql != NULL &&
        !count_action (connection, action, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
hazard_refused (const PlanAction *action, const gboolean allowed[N_HAZARDS])
{
  return action->hazard != HAZARD_NONE && (action->never || !allowed[action->hazard]);
}

guint
hazard_count_refused (const Plan *plan, const gboolean allowed[N_HAZARDS])
{
  guint n = 0;

  for (guint i = 0; i < plan->actions->len; i++)
    n += hazard_refused (g_ptr_array_index (plan->actions, i), allowed) ? 1 : 0;
  return n;
}
