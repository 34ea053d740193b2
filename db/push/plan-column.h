/* plan-column.h: what turns a column that is there into the one that is wanted. */
#pragma once

#include "plan.h"

void plan_add_column (Plan *plan, const CatalogObject *wanted);

/* An action for each attribute that differs. */
void plan_change_column (Plan *plan, const CatalogObject *live, const CatalogObject *wanted);

/* Whether type or collation differ: then policies, triggers and views must step aside. */
gboolean plan_column_type_differs (const CatalogObject *live, const CatalogObject *wanted);

/* Whether it must be dropped and added: it is or becomes generated, and its expression differs. */
gboolean plan_column_must_go (const CatalogObject *live, const CatalogObject *wanted);

/* Whether every value of the one type is kept as a value of the other. Names as format_type()
 * prints them. */
gboolean plan_type_widens (const char *from, const char *to);
