#include "command.h"

#include "chunker/file-name.h"
#include "db/lookup.h"
#include "db/search.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_DEFAULT 10
#define LIMIT_MAX 100

typedef struct {
  gboolean json;
  gboolean colours;
  guint shown;
} Output;

/* --- for programs -------------------------------------------------------------------------- */

static void
add_text (json_object *json, const char *key, const char *text)
{
  json_object_object_add (json, key, text ? json_object_new_string (text) : NULL);
}

static void
print_json (const DbHit *hit)
{
  json_object *json = json_object_new_object ();
  json_object *headings = json_object_new_array ();
  json_object *pages = NULL;

  if (hit->page_first > 0) {
    pages = json_object_new_array ();
    json_object_array_add (pages, json_object_new_int64 (hit->page_first));
    json_object_array_add (pages, json_object_new_int64 (hit->page_last));
  }
  for (char **heading = hit->heading_path; *heading != NULL; heading++)
    json_object_array_add (headings, json_object_new_string (*heading));
  add_text (json, "document_id", hit->document_id);
  add_text (json, "name", hit->name);
  add_text (json, "folder", hit->folder_path);
  add_text (json, "storage_path", hit->storage_path);
  add_text (json, "title", hit->title);
  add_text (json, "chunk_id", hit->chunk_id);
  json_object_object_add (json, "position", json_object_new_int64 (hit->position));
  json_object_object_add (json, "pages", pages);
  json_object_object_add (json, "heading_path", headings);
  json_object_object_add (json, "start_char", json_object_new_int64 (hit->start_char));
  json_object_object_add (json, "end_char", json_object_new_int64 (hit->end_char));
  json_object_object_add (json, "score", json_object_new_double (hit->score));
  add_text (json, "snippet", hit->snippet);
  add_text (json, "content", hit->content);
  puts (json_object_to_json_string_ext (json,
                                        JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
  json_object_put (json);
}

/* --- for people ---------------------------------------------------------------------------- */

/* <mark> and </mark> as bold on a terminal, as ** elsewhere; white space folded to single spaces;
 * control characters out. (transfer full) */
static char *
highlight (const char *snippet, gboolean colours)
{
  GString *out = g_string_new (NULL);

  for (const char *at = snippet; *at != '\0';) {
    if (g_str_has_prefix (at, "<mark>") || g_str_has_prefix (at, "</mark>")) {
      gboolean opens = at[1] != '/';
      g_string_append (out, colours ? (opens ? "\033[1;33m" : "\033[0m") : "**");
      at += opens ? strlen ("<mark>") : strlen ("</mark>");
      continue;
    }
    gunichar c = g_utf8_get_char (at);
    if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
      g_string_append_unichar (out, c);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
    at = g_utf8_next_char (at);
  }
  return g_strchomp (g_string_free (out, FALSE));
}

static void
print_person (const DbHit *hit, guint number, gboolean colours)
{
  g_autofree char *path = file_name_printable (hit->folder_path ? hit->folder_path : "");
  g_autofree char *name = file_name_printable (hit->name);
  g_autofree char *snippet = highlight (hit->snippet ? hit->snippet : "", colours);
  g_autofree char *joined = g_strjoinv (" › ", hit->heading_path);
  g_autofree char *headings = file_name_printable (joined);

  printf ("%u. %s%s%s%s%s", number, colours ? "\033[1m" : "", path, *path ? "/" : "", name,
          colours ? "\033[0m" : "");
  if (hit->page_first > 0 && hit->page_last > hit->page_first)
    printf (", pages %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, hit->page_first, hit->page_last);
  else if (hit->page_first > 0)
    printf (", page %" G_GINT64_FORMAT, hit->page_first);
  printf ("\n");
  if (*headings != '\0')
    printf ("   %s\n", headings);
  printf ("   %s\n\n", snippet);
}

static void
print_hit (const DbHit *hit, gpointer user_data)
{
  Output *output = user_data;

  output->shown++;
  if (output->json)
    print_json (hit);
  else
    print_person (hit, output->shown, output->colours);
}

/* --- the command --------------------------------------------------------------------------- */

typedef struct {
  CommonOptions common;
  char *folder;
  int limit;
  char **words;
} SearchOptions;

static void
search_options_clear (SearchOptions *options)
{
  common_options_clear (&options->common);
  g_free (options->folder);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SearchOptions, search_options_clear)

static const char description[] =
    "Words are all wanted first, then any of them. \"several words\" is a phrase, -word excludes,\n"
    "or stands between alternatives; the end of the last word may be missing.\n"
    "\n"
    "Exit codes: 0 searched (also when nothing is found), 1 failed, 2 usage or configuration,\n"
    "4 database away: try again later.";

static gboolean
parse (int argc, char **argv, SearchOptions *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"folder", 'f', 0, G_OPTION_ARG_STRING, &options->folder,
       "Search this folder and those below it only", "FOLDER"},
      {"limit", 'n', 0, G_OPTION_ARG_INT, &options->limit, "How many hits, 1-100 (default 10)",
       "N"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->words, NULL, NULL},
      {0},
  };

  options->limit = LIMIT_DEFAULT;
  if (!command_parse (&argc, &argv, "WORDS", "Finds words in what is loaded.", description, entries,
                      &options->common, error))
    return FALSE;
  if (options->words == NULL) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
                 "no words are given; it reads: ingest search WORDS [--folder FOLDER]");
    return FALSE;
  }
  if (options->limit < 1 || options->limit > LIMIT_MAX) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "--limit takes a number from 1 to %d",
                 LIMIT_MAX);
    return FALSE;
  }
  return TRUE;
}

static gboolean
search (const SearchOptions *options, Output *output, gint64 *total, GError **error)
{
  g_autoptr (Config) config = config_load (options->common.config_path, error);
  g_autofree char *folder = NULL;
  g_autofree char *query = g_strjoinv (" ", options->words);
  Uuid user;

  if (config == NULL)
    return FALSE;
  if (options->folder != NULL) {
    folder = db_folder_path_normalise (options->folder, error);
    if (folder == NULL)
      return FALSE;
  }

  g_autoptr (DbConnection) connection = command_connect (config, &options->common, error);
  DbSearch what = {.query = query, .folder = folder, .limit = (guint)options->limit};
  return connection != NULL && command_user (connection, config, &options->common, &user, error) &&
         db_search (connection, &user, &what, print_hit, output, total, error);
}

int
cmd_search (int argc, char **argv)
{
  g_auto (SearchOptions) options = {0};
  g_autoptr (GError) error = NULL;
  gint64 total = 0;

  if (!parse (argc, argv, &options, &error))
    return command_fail (error);

  Output output = {
      .json = options.common.json,
      .colours = isatty (STDOUT_FILENO) && g_getenv ("NO_COLOR") == NULL,
  };
  if (!search (&options, &output, &total, &error))
    return command_fail (error);
  if (!output.json && output.shown == 0)
    g_printerr ("nothing found\n");
  else if (!output.json && total > (gint64)output.shown)
    g_printerr ("%u of %" G_GINT64_FORMAT " hits; more with --limit\n", output.shown, total);
  return command_finish (EXIT_OK);
}
