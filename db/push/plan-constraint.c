#include "plan-constraint.h"

#include <string.h>

/* "a.x is not null and a.y is not null"; names are quoted already. (transfer full) */
static char *
join (json_object *columns, const char *prefix, const char *separator, const char *suffix)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < json_object_array_length (columns); i++)
    g_string_append_printf (text, "%s%s%s%s", i > 0 ? separator : "", prefix,
                            json_object_get_string (json_object_array_get_idx (columns, i)),
                            suffix);
  return g_string_free (text, FALSE);
}

static json_object *
array_of (const CatalogObject *object, const char *field)
{
  json_object *array = NULL;

  if (!json_object_object_get_ex (object->detail, field, &array) ||
      !json_object_is_type (array, json_type_array))
    return NULL;
  return array;
}

/* Rows that `where` finds are at stake, and by force deleted. */
static void
guard (PlanAction *action, PlanHazard hazard, const char *table, const char *where)
{
  action->hazard = hazard;
  action->only_rows = TRUE;
  action->count_sql = g_strdup_printf ("select count(*) from %s t where %s", table, where);
  action->fix_sql = g_strdup_printf ("delete from %s t where %s", table, where);
  action->stake = g_strdup_printf ("rows in %s that violate it", table);
}

/* All but one of each group of equals. */
static void
guard_unique (PlanAction *action, const CatalogObject *wanted, const char *predicate)
{
  json_object *columns = array_of (wanted, "columns");
  const char *table = catalog_detail (wanted, "table");
  g_autofree char *list = join (columns, "", ", ", "");
  g_autofree char *present = join (columns, "", " is not null and ", " is not null");
  gboolean nulls_distinct =
      catalog_detail (wanted, "nulls_distinct") == NULL || catalog_flag (wanted, "nulls_distinct");
  g_autofree char *where = g_strdup_printf (
      "t.ctid = any (array (select e.ctid from (select ctid, row_number() over (partition by %s "
      "order by ctid) as nth from %s where (%s) and %s) e where e.nth > 1))",
      list, table, predicate ? predicate : "true", nulls_distinct ? present : "true");

  guard (action, HAZARD_UNIQUE, table, where);
}

static void
guard_foreign_key (PlanAction *action, const CatalogObject *wanted)
{
  json_object *columns = array_of (wanted, "columns");
  json_object *others = array_of (wanted, "other_columns");
  g_autofree char *present = join (columns, "t.", " is not null and ", " is not null");
  g_autoptr (GString) same = g_string_new (NULL);

  for (gsize i = 0; i < json_object_array_length (columns); i++)
    g_string_append_printf (same, "%sr.%s = t.%s", i > 0 ? " and " : "",
                            json_object_get_string (json_object_array_get_idx (others, i)),
                            json_object_get_string (json_object_array_get_idx (columns, i)));

  g_autofree char *where =
      g_strdup_printf ("%s and not exists (select from %s r where %s)", present,
                       catalog_detail (wanted, "other_table"), same->str);
  guard (action, HAZARD_FOREIGN_KEY, catalog_detail (wanted, "table"), where);
}

static void
guard_check (PlanAction *action, const CatalogObject *wanted)
{
  g_autofree char *where = g_strdup_printf ("not (%s)", catalog_detail (wanted, "expression"));

  guard (action, HAZARD_CHECK, catalog_detail (wanted, "table"), where);
}

void
plan_guard_constraint (PlanAction *action, const CatalogObject *wanted)
{
  if (catalog_is (wanted, "index")) {
    if (catalog_flag (wanted, "unique"))
      guard_unique (action, wanted, catalog_detail (wanted, "predicate"));
    return;
  }
  /* NOT VALID, NOT ENFORCED: the rows that are there may be as they are */
  if (!catalog_is (wanted, "constraint") || !catalog_flag (wanted, "of_all_rows"))
    return;
  switch (*catalog_detail (wanted, "type")) {
  case 'p':
  case 'u':
    guard_unique (action, wanted, NULL);
    break;
  case 'f':
    guard_foreign_key (action, wanted);
    break;
  case 'c':
    guard_check (action, wanted);
    break;
  default:
    break;
  }
}
