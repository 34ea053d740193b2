/* plan-print.h: a plan, for a person and for a program. */
#pragma once

#include "plan.h"

/* A line an action, what is at stake, and its SQL; then what is left alone. (transfer full) */
char *plan_to_text (const Plan *plan, const gboolean allowed[N_HAZARDS]);

/* {"database": .., "result": .., "actions": [{"kind", "object", "action", "sql", "hazard", "rows",
 * "refused"}], "left_alone": [..]}, one line. (transfer full) */
char *plan_to_json (const Plan *plan, const gboolean allowed[N_HAZARDS], const char *database,
                    const char *result);

/* What --force needs for all that is refused: "drop-column,revoke"; NULL when nothing that force
 * could allow is. (transfer full) (nullable) */
char *plan_force_needed (const Plan *plan, const gboolean allowed[N_HAZARDS]);
