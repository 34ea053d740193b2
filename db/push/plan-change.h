/* plan-change.h: what turns an object that is there into the one that is wanted; columns have
 * plan-column.h. */
#pragma once

#include "plan.h"

/* FALSE when it cannot be done in place. */
gboolean plan_change_in_place (Plan *plan, PlanAction *action, const CatalogObject *live,
                               const CatalogObject *wanted);

/* Gives a sequence to its column, or to none. */
void plan_attach_sequence (Plan *plan, const CatalogObject *sequence);
