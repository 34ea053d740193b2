#include "codegen-model.h"

#include <string.h>

/* No catalog says what a view's columns are columns of. But the server tells it of a query's
 * columns, and a view is a query: so its definition is prepared and described, not run. */

/* Adds "origins": for each column of the view, [table, column] or null. */
static gboolean
add_origins (DbConnection *connection, Model *view)
{
  PGconn *conn = db_connection_pq (connection);
  g_autoptr (PGresult) prepared = PQprepare (conn, "", model_text (view, "definition"), 0, NULL);

  if (PQresultStatus (prepared) != PGRES_COMMAND_OK)
    return FALSE;

  g_autoptr (PGresult) described = PQdescribePrepared (conn, "");
  Model *origins = json_object_new_array ();
  for (int i = 0; i < PQnfields (described); i++) {
    Model *origin = json_object_new_array ();
    json_object_array_add (origin, json_object_new_int64 (PQftable (described, i)));
    json_object_array_add (origin, json_object_new_int64 (PQftablecol (described, i)));
    json_object_array_add (origins, origin);
  }
  json_object_object_add (view, "origins", origins);
  return PQresultStatus (described) == PGRES_COMMAND_OK;
}

static gboolean
is_view (Model *relation)
{
  return model_text (relation, "definition") != NULL;
}

static Model *
relation_of_number (Model *model, gint64 number)
{
  Model *relations = model_list (model, "relations");

  for (guint i = 0; i < model_length (relations); i++)
    if (model_number (model_item (relations, i), "number") == number)
      return model_item (relations, i);
  return NULL;
}

static gint64
number_at (Model *list, guint i)
{
  return json_object_get_int64 (model_item (list, i));
}

/* The column of the table that the view's column `i` is, through views below it. */
static gboolean
is_column_of (Model *model, Model *view, guint i, Model *table, const char *column)
{
  Model *origin = NULL;

  while (is_view (view)) {
    Model *origins = NULL;
    if (!json_object_object_get_ex (view, "origins", &origins) || i >= model_length (origins))
      return FALSE;
    origin = model_item (origins, i);

    Model *below = relation_of_number (model, number_at (origin, 0));
    Model *columns = below ? model_list (below, "columns") : NULL;
    if (below == NULL)
      return FALSE;
    for (i = 0; i < model_length (columns); i++)
      if (model_number (model_item (columns, i), "number") == number_at (origin, 1))
        break;
    if (i == model_length (columns))
      return FALSE;
    view = below;
  }
  return view == table &&
         strcmp (model_text (model_item (model_list (view, "columns"), i), "name"), column) == 0;
}

/* --- keys through views -------------------------------------------------------------------- */

static void
way_free (gpointer way)
{
  json_object_put (way);
}

/* All ways to name the table's columns in the view, each a list of its columns.
 * columns: texts, or objects with a name. (transfer full) (element-type Model) */
static GPtrArray *
ways_to_name (Model *model, Model *view, Model *table, Model *columns)
{
  GPtrArray *ways = g_ptr_array_new_with_free_func (way_free);
  Model *view_columns = model_list (view, "columns");

  g_ptr_array_add (ways, json_object_new_array ());
  for (guint c = 0; c < model_length (columns); c++) {
    GPtrArray *longer = g_ptr_array_new_with_free_func (way_free);
    Model *item = model_item (columns, c);
    const char *column = json_object_is_type (item, json_type_object) ? model_text (item, "name")
                                                                      : model_string (columns, c);
    for (guint w = 0; w < ways->len; w++)
      for (guint i = 0; i < model_length (view_columns); i++) {
        if (!is_column_of (model, view, i, table, column))
          continue;
        Model *way = NULL;
        json_object_deep_copy (ways->pdata[w], &way, NULL);
        json_object_array_add (
            way, json_object_new_string (model_text (model_item (view_columns, i), "name")));
        g_ptr_array_add (longer, way);
      }
    g_ptr_array_unref (ways);
    ways = longer;
  }
  return ways;
}

/* A copy of the key from other columns, or to other columns of another relation; NULL: as it is. */
static void
add_relationship (Model *relation, Model *key, Model *columns, Model *to, Model *referenced)
{
  Model *copy = NULL;

  json_object_deep_copy (key, &copy, NULL);
  if (columns != NULL)
    json_object_object_add (copy, "columns", json_object_get (columns));
  if (to != NULL) {
    json_object_object_add (copy, "table", json_object_new_string (model_text (to, "name")));
    json_object_object_add (copy, "referenced", json_object_get (referenced));
  }
  json_object_array_add (model_list (relation, "relationships"), copy);
}

/* `relation` is the key's own table (columns NULL) or a view of it. Adds the key as it is, and as
 * it leads to each view of the table it refers to. */
static void
add_key (Model *model, Model *relation, Model *key, Model *columns)
{
  Model *relations = model_list (model, "relations");
  Model *to = model_relation (model, model_text (key, "table"));

  add_relationship (relation, key, columns, NULL, NULL);
  for (guint i = 0; i < model_length (relations); i++) {
    Model *view = model_item (relations, i);
    if (!is_view (view))
      continue;
    g_autoptr (GPtrArray) ways = ways_to_name (model, view, to, model_list (key, "referenced"));
    for (guint w = 0; w < ways->len; w++)
      add_relationship (relation, key, columns, view, ways->pdata[w]);
  }
}

/* The keys of one table, its own and those of views of it. */
static void
add_keys_of (Model *model, Model *table)
{
  Model *relations = model_list (model, "relations");
  Model *keys = model_list (table, "foreign_keys");

  for (guint k = 0; k < model_length (keys); k++) {
    Model *key = model_item (keys, k);
    if (strcmp (model_text (key, "schema"), "public") != 0 ||
        model_relation (model, model_text (key, "table")) == NULL)
      continue;
    add_key (model, table, key, NULL);
    for (guint i = 0; i < model_length (relations); i++) {
      Model *view = model_item (relations, i);
      if (!is_view (view))
        continue;
      g_autoptr (GPtrArray) ways = ways_to_name (model, view, table, model_list (key, "columns"));
      for (guint w = 0; w < ways->len; w++)
        add_key (model, view, key, ways->pdata[w]);
    }
  }
}

static int
compare_relationships (const void *a, const void *b)
{
  Model *first = *(Model *const *)a;
  Model *second = *(Model *const *)b;
  int order = model_compare_texts (model_text (first, "name"), model_text (second, "name"));

  if (order == 0)
    order = model_compare_texts (model_text (first, "table"), model_text (second, "table"));
  if (order == 0)
    order = model_compare_texts (json_object_to_json_string (model_list (first, "referenced")),
                                 json_object_to_json_string (model_list (second, "referenced")));
  return order;
}

void
model_add_relationships (DbConnection *connection, Model *model, ModelBeginFunc begin)
{
  Model *relations = model_list (model, "relations");

  for (guint i = 0; i < model_length (relations); i++) {
    Model *relation = model_item (relations, i);
    json_object_object_add (relation, "relationships", json_object_new_array ());
    /* a role that may not look into some schema does without the views over it */
    if (is_view (relation) && !add_origins (connection, relation)) {
      db_rollback (connection);
      if (!begin (connection, NULL))
        return;
    }
  }
  for (guint i = 0; i < model_length (relations); i++)
    if (!is_view (model_item (relations, i)))
      add_keys_of (model, model_item (relations, i));
  for (guint i = 0; i < model_length (relations); i++)
    json_object_array_sort (model_list (model_item (relations, i), "relationships"),
                            compare_relationships);
}
