/* hazard.h: how many rows are at stake in a plan. */
#pragma once

#include "plan.h"

/* Counts, inside the transaction; actions that are a hazard only where there are rows and find none
 * are none any more. */
gboolean hazard_count (DbConnection *connection, Plan *plan, GError **error);

/* Whether `allowed` (by PlanHazard) does not cover the action. */
gboolean hazard_refused (const PlanAction *action, const gboolean allowed[N_HAZARDS]);

/* Of all actions, how many are refused. */
guint hazard_count_refused (const Plan *plan, const gboolean allowed[N_HAZARDS]);
