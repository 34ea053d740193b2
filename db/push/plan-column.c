#include "plan-column.h"

#include <stdlib.h>
#include <string.h>

/* --- types --------------------------------------------------------------------------------- */

typedef struct {
  char *base;      /* "numeric", "character varying" */
  int size, scale; /* -1: no limit */
  gboolean is_array;
} TypeName;

static void
type_name_clear (TypeName *type)
{
  g_free (type->base);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TypeName, type_name_clear)

/* "timestamp(3) with time zone[]" -> "timestamp with time zone", 3, array */
static TypeName
type_name_parse (const char *text)
{
  const char *array = strstr (text, "[]");
  g_autofree char *element = g_strndup (text, array ? (gsize)(array - text) : strlen (text));
  char *open = strchr (element, '(');
  char *close = open ? strchr (open, ')') : NULL;
  TypeName type = {.size = -1, .scale = -1, .is_array = array != NULL};

  if (close == NULL) {
    type.base = g_steal_pointer (&element);
    return type;
  }
  type.size = atoi (open + 1);
  if (memchr (open, ',', (gsize)(close - open)) != NULL)
    type.scale = atoi (strchr (open, ',') + 1);
  *open = '\0';
  type.base = g_strconcat (element, close + 1, NULL);
  return type;
}

/* Numbers, each holding all values of those before it. */
static int
rank_of_integer (const char *base)
{
  static const char *const integers[] = {"smallint", "integer", "bigint", "numeric"};

  for (int i = 0; i < (int)G_N_ELEMENTS (integers); i++)
    if (strcmp (integers[i], base) == 0)
      return i;
  return -1;
}

static gboolean
is_text (const char *base)
{
  return strcmp (base, "text") == 0 || strcmp (base, "character varying") == 0;
}

/* Of the same base type, e.g. varchar(10) -> varchar(20), numeric(8,2) -> numeric(10,2). */
static gboolean
limits_widen (const TypeName *from, const TypeName *to)
{
  if (to->size < 0)
    return TRUE;
  if (from->size < 0 || to->size < from->size)
    return FALSE;
  if (strcmp (from->base, "numeric") != 0)
    return TRUE;

  int from_scale = MAX (from->scale, 0), to_scale = MAX (to->scale, 0);
  return to_scale >= from_scale && to->size - to_scale >= from->size - from_scale;
}

gboolean
plan_type_widens (const char *from_text, const char *to_text)
{
  g_auto (TypeName) from = type_name_parse (from_text);
  g_auto (TypeName) to = type_name_parse (to_text);

  if (is_text (to.base) && to.size < 0 && !to.is_array && !from.is_array)
    return TRUE; /* anything has a text */
  if (from.is_array != to.is_array)
    return FALSE;
  if (strcmp (from.base, to.base) == 0)
    return limits_widen (&from, &to);
  if (is_text (from.base) && is_text (to.base))
    return to.size < 0 || (from.size >= 0 && to.size >= from.size);
  if (strcmp (from.base, "real") == 0)
    return strcmp (to.base, "double precision") == 0;
  return rank_of_integer (from.base) >= 0 && to.size < 0 &&
         rank_of_integer (to.base) > rank_of_integer (from.base);
}

/* --- attributes ---------------------------------------------------------------------------- */

gboolean
plan_column_type_differs (const CatalogObject *live, const CatalogObject *wanted)
{
  return catalog_detail_differs (live, wanted, "type") ||
         catalog_detail_differs (live, wanted, "collation");
}

/* What was computed and stored can stay as a plain column's values. */
static gboolean
keeps_computed (const CatalogObject *live, const CatalogObject *wanted)
{
  return catalog_detail (wanted, "generated") == NULL &&
         catalog_detail (live, "generated") != NULL && catalog_flag (live, "stored");
}

gboolean
plan_column_must_go (const CatalogObject *live, const CatalogObject *wanted)
{
  if (keeps_computed (live, wanted))
    return FALSE;
  return catalog_detail_differs (live, wanted, "generated") ||
         (catalog_detail (wanted, "generated") != NULL &&
          catalog_detail_differs (live, wanted, "stored"));
}

static void
add_settings (PlanAction *action, const char *table, const char *column, const char *compression,
              const char *storage)
{
  if (compression != NULL)
    plan_action_add_sqlf (action, "alter table %s alter column %s set compression %s", table,
                          column, compression);
  if (storage != NULL)
    plan_action_add_sqlf (action, "alter table %s alter column %s set storage %s", table, column,
                          storage);
}

/* A column that is NOT NULL and has no value to fill in cannot be added beside rows. */
static void
guard_rows_without_value (PlanAction *action, const CatalogObject *wanted)
{
  if (!catalog_flag (wanted, "not_null") || catalog_detail (wanted, "default") != NULL ||
      catalog_detail (wanted, "identity") != NULL || catalog_detail (wanted, "generated") != NULL)
    return;
  action->hazard = HAZARD_NOT_NULL;
  action->only_rows = TRUE;
  action->never = TRUE;
  action->count_sql = g_strdup_printf ("select count(*) from %s", catalog_detail (wanted, "table"));
  action->stake = g_strdup_printf ("rows in %s", catalog_detail (wanted, "table"));
  action->remedy = g_strdup ("the rows that are there would have no value: give it a default");
}

void
plan_add_column (Plan *plan, const CatalogObject *wanted)
{
  PlanAction *action = plan_add (plan, "add", wanted, PHASE_MAKE);

  plan_action_add_sql (action, wanted->create_sql);
  add_settings (action, catalog_detail (wanted, "table"), catalog_detail (wanted, "column"),
                catalog_detail (wanted, "compression"), catalog_detail (wanted, "storage"));
  guard_rows_without_value (action, wanted);
}

static void
change_type (Plan *plan, const CatalogObject *live, const CatalogObject *wanted)
{
  const char *table = catalog_detail (wanted, "table");
  const char *column = catalog_detail (wanted, "column");
  const char *from = catalog_detail (live, "type");
  const char *to = catalog_detail (wanted, "type");
  const char *collation = catalog_detail (wanted, "collation");
  PlanAction *action = plan_add (plan, "change type of", wanted, PHASE_MAKE);

  /* a default does not always convert by itself */
  if (catalog_detail (live, "default") != NULL && strcmp (from, to) != 0)
    plan_action_add_sqlf (action, "alter table %s alter column %s drop default", table, column);
  plan_action_add_sqlf (action, "alter table %s alter column %s type %s%s%s using %s::%s", table,
                        column, to, collation ? " collate " : "", collation ? collation : "",
                        column, to);
  if (catalog_detail (wanted, "default") != NULL && strcmp (from, to) != 0)
    plan_action_add_sqlf (action, "alter table %s alter column %s set default %s", table, column,
                          catalog_detail (wanted, "default"));
  if (strcmp (from, to) == 0 || plan_type_widens (from, to))
    return;
  action->hazard = HAZARD_NARROW_TYPE;
  action->count_sql =
      g_strdup_printf ("select count(*) from %s where %s::%s::%s is distinct from %s", table,
                       column, to, from, column);
  action->or_count_sql = g_strdup_printf ("select count(%s) from %s", column, table);
  action->stake = g_strdup_printf ("values of %s that do not fit %s", wanted->name, to);
}

static void
change_null (Plan *plan, const CatalogObject *wanted)
{
  const char *table = catalog_detail (wanted, "table");
  const char *column = catalog_detail (wanted, "column");
  const char *filler = catalog_detail (wanted, "default");
  PlanAction *action = plan_add (plan, "change", wanted, PHASE_MAKE);

  if (!catalog_flag (wanted, "not_null")) {
    plan_action_add_sqlf (action, "alter table %s alter column %s drop not null", table, column);
    return;
  }
  plan_action_add_sqlf (action, "alter table %s alter column %s set not null", table, column);
  action->hazard = HAZARD_NOT_NULL;
  action->only_rows = TRUE;
  action->count_sql = g_strdup_printf ("select count(*) from %s where %s is null", table, column);
  action->stake = g_strdup_printf ("rows in %s without %s", table, column);
  action->fix_sql = filler ? g_strdup_printf ("update %s set %s = %s where %s is null", table,
                                              column, filler, column)
                           : g_strdup_printf ("delete from %s where %s is null", table, column);
}

/* Which takes the place of a default. */
static gboolean
gains_identity (const CatalogObject *live, const CatalogObject *wanted)
{
  return catalog_detail (live, "identity") == NULL && catalog_detail (wanted, "identity") != NULL;
}

static void
change_identity (PlanAction *action, const CatalogObject *live, const CatalogObject *wanted)
{
  const char *table = catalog_detail (wanted, "table");
  const char *column = catalog_detail (wanted, "column");
  const char *from = catalog_detail (live, "identity");
  const char *to = catalog_detail (wanted, "identity");

  if (to == NULL) {
    plan_action_add_sqlf (action, "alter table %s alter column %s drop identity", table, column);
    return;
  }
  if (from != NULL) {
    plan_action_add_sqlf (action, "alter table %s alter column %s set generated %s", table, column,
                          to);
    return;
  }
  plan_action_add_sqlf (action, "alter table %s alter column %s drop default", table, column);
  plan_action_add_sqlf (action, "alter table %s alter column %s add generated %s as identity",
                        table, column, to);
  /* it goes on after the values that are there */
  plan_action_add_sqlf (action,
                        "select pg_catalog.setval(%s, coalesce(max(%s), 0) + 1, false) from %s",
                        catalog_detail (wanted, "sequence"), column, table);
}

void
plan_change_column (Plan *plan, const CatalogObject *live, const CatalogObject *wanted)
{
  const char *table = catalog_detail (wanted, "table");
  const char *column = catalog_detail (wanted, "column");
  gboolean retyped = plan_column_type_differs (live, wanted);

  if (keeps_computed (live, wanted))
    plan_action_add_sqlf (plan_add (plan, "change", wanted, PHASE_MAKE),
                          "alter table %s alter column %s drop expression", table, column);
  if (retyped)
    change_type (plan, live, wanted);
  if (catalog_detail_differs (live, wanted, "not_null") &&
      catalog_detail (wanted, "identity") == NULL)
    change_null (plan, wanted);
  if (catalog_detail_differs (live, wanted, "identity"))
    change_identity (plan_add (plan, "change", wanted, PHASE_MAKE), live, wanted);
  if (catalog_detail_differs (live, wanted, "default") &&
      !(retyped && catalog_detail_differs (live, wanted, "type")) &&
      !gains_identity (live, wanted)) {
    const char *value = catalog_detail (wanted, "default");
    PlanAction *action = plan_add (plan, "change default of", wanted, PHASE_MAKE);
    plan_action_add_sqlf (action, "alter table %s alter column %s %s%s", table, column,
                          value ? "set default " : "drop default", value ? value : "");
  }
  if (catalog_detail_differs (live, wanted, "compression") ||
      catalog_detail_differs (live, wanted, "storage")) {
    const char *compression = catalog_detail (wanted, "compression");
    const char *storage = catalog_detail (wanted, "storage");
    add_settings (plan_add (plan, "change storage of", wanted, PHASE_MAKE), table, column,
                  catalog_detail_differs (live, wanted, "compression")
                      ? (compression ? compression : "default")
                      : NULL,
                  catalog_detail_differs (live, wanted, "storage")
                      ? (storage ? storage : catalog_detail (wanted, "default_storage"))
                      : NULL);
  }
}
