#include "plan-change.h"

#include <string.h>

/* The column's default needs the sequence, so that it is made first. */
void
plan_attach_sequence (Plan *plan, const CatalogObject *sequence)
{
  PlanAction *action = plan_add (plan, "attach", sequence, PHASE_FOREIGN_KEY);

  plan_action_add_sqlf (action, "alter sequence %s owned by %s",
                        catalog_detail (sequence, "sequence"),
                        sequence->parent ? sequence->parent + strlen ("column ") : "none");
}

static void
change_table (PlanAction *action, const CatalogObject *live, const CatalogObject *wanted)
{
  json_object *had = NULL, *wants = NULL;

  if (catalog_detail_differs (live, wanted, "persistence"))
    plan_action_add_sqlf (action, "alter table %s set %s", wanted->name,
                          g_strcmp0 (catalog_detail (wanted, "persistence"), "u") == 0 ? "unlogged"
                                                                                       : "logged");
  json_object_object_get_ex (live->detail, "options", &had);
  json_object_object_get_ex (wanted->detail, "options", &wants);
  for (gsize i = 0; had != NULL && i < json_object_array_length (had); i++) {
    const char *option = json_object_get_string (json_object_array_get_idx (had, i));
    plan_action_add_sqlf (action, "alter table %s reset (%.*s)", wanted->name,
                          (int)strcspn (option, "="), option);
  }
  for (gsize i = 0; wants != NULL && i < json_object_array_length (wants); i++)
    plan_action_add_sqlf (action, "alter table %s set (%s)", wanted->name,
                          json_object_get_string (json_object_array_get_idx (wants, i)));
}

static void
change_trigger (PlanAction *action, const CatalogObject *live, const CatalogObject *wanted)
{
  const char *enabled = catalog_detail (wanted, "enabled");
  const char *how = strcmp (enabled, "D") == 0   ? "disable"
                    : strcmp (enabled, "R") == 0 ? "enable replica"
                    : strcmp (enabled, "A") == 0 ? "enable always"
                                                 : "enable";

  /* made anew it is enabled again, which is all that may be done to it on somebody else's table */
  gboolean foreign = !catalog_flag (live, "ours_to_drop");

  if (foreign || catalog_detail_differs (live, wanted, "definition"))
    plan_action_add_sql (action, wanted->create_sql);
  if (!foreign && catalog_detail_differs (live, wanted, "enabled"))
    plan_action_add_sqlf (action, "alter table %s %s trigger %s", catalog_detail (wanted, "table"),
                          how, catalog_detail (wanted, "trigger"));
}

/* New labels where they stand in the new order. FALSE when a label would have to go or move. */
static gboolean
change_enum (PlanAction *action, const CatalogObject *live, const CatalogObject *wanted)
{
  json_object *had = NULL, *wants = NULL;
  gsize at = 0;

  if (!json_object_object_get_ex (live->detail, "labels", &had) ||
      !json_object_object_get_ex (wanted->detail, "labels", &wants))
    return FALSE;
  for (gsize i = 0; i < json_object_array_length (wants); i++) {
    const char *label = json_object_get_string (json_object_array_get_idx (wants, i));
    const char *next = json_object_get_string (json_object_array_get_idx (had, at));
    if (g_strcmp0 (label, next) == 0) {
      at++;
      continue;
    }
    plan_action_add_sqlf (action, "alter type %s add value %s%s%s", wanted->name, label,
                          next ? " before " : "", next ? next : "");
  }
  return at == json_object_array_length (had);
}

static void
change_sequence (Plan *plan, PlanAction *action, const CatalogObject *live,
                 const CatalogObject *wanted)
{
  plan_action_add_sqlf (action, "alter sequence %s as %s %s", catalog_detail (live, "sequence"),
                        catalog_detail (wanted, "type"), catalog_detail (wanted, "options"));
  if (g_strcmp0 (live->parent, wanted->parent) != 0)
    plan_attach_sequence (plan, wanted);
}

gboolean
plan_change_in_place (Plan *plan, PlanAction *action, const CatalogObject *live,
                      const CatalogObject *wanted)
{
  if (catalog_is (wanted, "table"))
    change_table (action, live, wanted);
  else if (catalog_is (wanted, "trigger"))
    change_trigger (action, live, wanted);
  else if (catalog_is (wanted, "sequence"))
    change_sequence (plan, action, live, wanted);
  else if (catalog_is (wanted, "type"))
    return change_enum (action, live, wanted);
  else if (catalog_is (wanted, "function") || catalog_is (wanted, "procedure") ||
           catalog_is (wanted, "comment"))
    plan_action_add_sql (action, wanted->create_sql);
  else
    return FALSE;
  return TRUE;
}
