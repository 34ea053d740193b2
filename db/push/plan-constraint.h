/* plan-constraint.h: rows that a new constraint or unique index would refuse. */
#pragma once

#include "plan.h"

/* Makes the action a hazard where rows violate it: what counts them, and what removes them. For a
 * primary key, UNIQUE, CHECK, foreign key or unique index on a table that is there already; nothing
 * for anything else. */
void plan_guard_constraint (PlanAction *action, const CatalogObject *wanted);
