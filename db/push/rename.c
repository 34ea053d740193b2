#include "rename.h"

#include <string.h>

/* --- notes --------------------------------------------------------------------------------- */

typedef struct {
  char *kind;     /* "table" or "column" */
  char *old_name; /* "public.documents", "public.documents.author" */
  char *new_name; /* the last part alone */
} Note;

static void
note_clear (Note *note)
{
  g_free (note->kind);
  g_free (note->old_name);
  g_free (note->new_name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Note, note_clear)

static gboolean
note_parse (const char *line, Note *note, GError **error)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("^--\\s*@rename\\s+(?:(table)\\s+(\\w+\\.\\w+)|(column)\\s+(\\w+\\.\\w+\\.\\w+))"
                   "\\s+to\\s+(\\w+)\\s*$",
                   0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (regex, line, 0, &match)) {
    g_set_error (error, DB_ERROR, DB_ERROR_INPUT,
                 "schema.sql: cannot read \"%s\"; a note reads \"-- @rename table SCHEMA.OLD to "
                 "NEW\" or \"-- @rename column SCHEMA.TABLE.OLD to NEW\"",
                 line);
    return FALSE;
  }

  g_autofree char *table = g_match_info_fetch (match, 1);
  gboolean is_table = *table != '\0';
  note->kind = g_strdup (is_table ? "table" : "column");
  note->old_name = g_match_info_fetch (match, is_table ? 2 : 4);
  note->new_name = g_match_info_fetch (match, 5);
  return TRUE;
}

/* "public.documents.author", "creator" -> "public.documents.creator". (transfer full) */
static char *
renamed (const Note *note)
{
  const char *dot = strrchr (note->old_name, '.');

  return g_strdup_printf ("%.*s.%s", (int)(dot - note->old_name), note->old_name, note->new_name);
}

/* Keys name the table or column in their middle: "policy own_select on public.documents". */
static void
rename_in_manifest (GHashTable *manifest, const Note *note)
{
  g_autofree char *new_name = renamed (note);
  g_autofree char *escaped = g_regex_escape_string (note->old_name, -1);
  g_autofree char *pattern = g_strdup_printf ("(?<![\\w.])%s(?!\\w)", escaped);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GList) keys = g_hash_table_get_keys (manifest);

  for (GList *at = keys; at != NULL; at = at->next)
    if (g_regex_match (regex, at->data, 0, NULL)) {
      char *key = g_regex_replace_literal (regex, at->data, -1, 0, new_name, 0, NULL);
      g_hash_table_remove (manifest, at->data);
      g_hash_table_add (manifest, key);
    }
}

static void
plan_note (const Note *note, const Catalog *live, const Catalog *wanted, GHashTable *manifest,
           Plan *plan)
{
  g_autofree char *new_name = renamed (note);
  g_autofree char *old_key = g_strconcat (note->kind, " ", note->old_name, NULL);
  g_autofree char *new_key = g_strconcat (note->kind, " ", new_name, NULL);
  const CatalogObject *old = catalog_find (live, old_key);

  if (old == NULL || catalog_find (live, new_key) != NULL ||
      catalog_find (wanted, old_key) != NULL || catalog_find (wanted, new_key) == NULL)
    return;

  PlanAction *action = plan_add (plan, "rename", old, PHASE_SCHEMA);
  if (strcmp (note->kind, "table") == 0)
    plan_action_add_sqlf (action, "alter table %s rename to %s", old->name, note->new_name);
  else
    plan_action_add_sqlf (action, "alter table %s rename column %s to %s",
                          catalog_detail (old, "table"), catalog_detail (old, "column"),
                          note->new_name);
  rename_in_manifest (manifest, note);
}

gboolean
rename_plan_notes (const char *schema_sql, const Catalog *live, const Catalog *wanted,
                   GHashTable *manifest, Plan *plan, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (schema_sql, "\n", -1);

  for (char **line = lines; *line != NULL; line++) {
    g_auto (Note) note = {0};

    if (!g_str_has_prefix (*line, "--") || strstr (*line, "@rename") == NULL)
      continue;
    if (!note_parse (*line, &note, error))
      return FALSE;
    plan_note (&note, live, wanted, manifest, plan);
  }
  return TRUE;
}

/* --- alike but for the name ---------------------------------------------------------------- */

/* What follows the name: an index's definition repeats it. */
static const char *
body_of (const CatalogObject *object)
{
  const char *on = catalog_is (object, "index") ? strstr (object->definition, " ON ") : NULL;

  return on ? on : object->definition;
}

static gboolean
are_alike (const CatalogObject *a, const CatalogObject *b)
{
  return strcmp (a->kind, b->kind) == 0 && g_strcmp0 (a->parent, b->parent) == 0 &&
         strcmp (body_of (a), body_of (b)) == 0 &&
         catalog_flag (a, "unique") == catalog_flag (b, "unique");
}

/* One of ours that is no longer wanted under its name. */
static const CatalogObject *
find_alike (const Catalog *live, const Catalog *wanted_catalog, GHashTable *manifest,
            const CatalogObject *wanted)
{
  for (guint i = 0; i < catalog_length (live); i++) {
    const CatalogObject *object = catalog_nth (live, i);
    if (are_alike (object, wanted) && catalog_find (wanted_catalog, object->key) == NULL &&
        g_hash_table_contains (manifest, object->key))
      return object;
  }
  return NULL;
}

/* Each is used once: its key leaves the manifest. */
static void
plan_alike (const Catalog *live, const Catalog *wanted_catalog, GHashTable *manifest,
            const CatalogObject *wanted, Plan *plan)
{
  const CatalogObject *old = find_alike (live, wanted_catalog, manifest, wanted);

  if (old == NULL)
    return;

  PlanAction *action = plan_add (plan, "rename", old, PHASE_SCHEMA);
  if (catalog_is (old, "index"))
    plan_action_add_sqlf (action, "alter index %s rename to %s", old->name,
                          catalog_detail (wanted, "index"));
  else
    plan_action_add_sqlf (action, "alter table %s rename constraint %s to %s",
                          catalog_detail (old, "table"), catalog_detail (old, "constraint"),
                          catalog_detail (wanted, "constraint"));
  g_hash_table_remove (manifest, old->key);
  g_hash_table_add (manifest, g_strdup (wanted->key));
}

static void
plan_sequence (const Catalog *live, const CatalogObject *wanted, Plan *plan)
{
  const CatalogObject *old = catalog_find (live, wanted->key);

  if (old == NULL || wanted->create_sql != NULL ||
      strcmp (catalog_detail (old, "sequence"), catalog_detail (wanted, "sequence")) == 0)
    return;
  plan_action_add_sqlf (plan_add (plan, "rename", old, PHASE_SCHEMA),
                        "alter sequence %s rename to %s", catalog_detail (old, "sequence"),
                        catalog_detail (wanted, "name"));
}

void
rename_plan_alike (const Catalog *live, const Catalog *wanted, GHashTable *manifest, Plan *plan)
{
  for (guint i = 0; i < catalog_length (wanted); i++) {
    const CatalogObject *object = catalog_nth (wanted, i);

    if (catalog_is (object, "sequence"))
      plan_sequence (live, object, plan);
    else if ((catalog_is (object, "constraint") || catalog_is (object, "index")) &&
             catalog_find (live, object->key) == NULL)
      plan_alike (live, wanted, manifest, object, plan);
  }
}
