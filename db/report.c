#include "report.h"

#include "chunker/file-name.h"

#include <json-c/json.h>
#include <string.h>

static const char *const result_names[] = {
    [REPORT_LOADED] = "loaded",       [REPORT_CHANGED] = "changed", [REPORT_EMPTY] = "empty",
    [REPORT_UNCHANGED] = "unchanged", [REPORT_FAILED] = "failed",
};

const char *
report_result_name (ReportResult result)
{
  return result_names[result];
}

Report
report_of_loaded (const DbItem *item, const Uuid *id, DbLoaded loaded)
{
  static const ReportResult results[] = {
      [DB_LOADED_NEW] = REPORT_LOADED,
      [DB_LOADED_CHANGED] = REPORT_CHANGED,
      [DB_LOADED_UNCHANGED] = REPORT_UNCHANGED,
      [DB_LOADED_FAILED] = REPORT_FAILED,
  };

  ReportResult result = results[loaded];

  if ((result == REPORT_LOADED || result == REPORT_CHANGED) && item->document != NULL &&
      strcmp (document_outcome (item->document), "empty") == 0)
    result = REPORT_EMPTY;
  return (Report){
      .path = item->name,
      .result = result,
      .id = id,
      .item = item,
      .folder = item->folder_path,
      .page_count = item->document ? item->document->page_count : 0,
      .error_code = item->error_code,
      .error_message = item->error_message,
  };
}

static glong
characters (const Report *report)
{
  if (report->item == NULL || report->item->chunks->len == 0)
    return 0;

  const GArray *chunks = report->item->chunks;
  return g_array_index (chunks, DbItemChunk, chunks->len - 1).end_char;
}

static const Document *
document_of (const Report *report)
{
  return report->item != NULL ? report->item->document : NULL;
}

static void
append_counts (GString *line, const Report *report)
{
  if (report->page_count > 0)
    g_string_append_printf (line, "  %u page%s", report->page_count,
                            report->page_count == 1 ? "" : "s");
  if (document_of (report) != NULL)
    g_string_append_printf (line, "  %u chunk%s  %ld characters", report->item->chunks->len,
                            report->item->chunks->len == 1 ? "" : "s", characters (report));
  if (report->elapsed_us >= G_USEC_PER_SEC)
    g_string_append_printf (line, "  %.1f s", (double)report->elapsed_us / 1e6);
  else if (report->elapsed_us > 0)
    g_string_append_printf (line, "  %.0f ms", (double)report->elapsed_us / 1e3);
}

static void
append_note (GString *line, const char *kind, const char *text)
{
  g_autofree char *shown = file_name_printable (text);

  g_string_append_printf (line, "\n           %s: %s", kind, shown);
}

char *
report_to_text (const Report *report)
{
  const Document *document = document_of (report);
  g_autofree char *path = file_name_printable (report->path);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%-9s  %s", result_names[report->result], path);
  append_counts (line, report);
  if (report->result == REPORT_FAILED) {
    g_autofree char *message = file_name_printable (report->error_message);
    g_string_append_printf (line, "  %s", message);
  }
  if (document != NULL && document->partial != NULL)
    append_note (line, "partial", document->partial);
  for (guint i = 0; document != NULL && i < document->warnings->len; i++)
    append_note (line, "note", g_ptr_array_index (document->warnings, i));
  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}

static void
add_text (json_object *json, const char *key, const char *text)
{
  json_object_object_add (json, key, text ? json_object_new_string (text) : NULL);
}

static void
add_document (json_object *json, const Report *report, const Document *document)
{
  json_object *warnings = json_object_new_array ();

  add_text (json, "outcome", document_outcome (document));
  add_text (json, "format", document->format);
  add_text (json, "title", document->title);
  add_text (json, "language", document->language);
  json_object_object_add (json, "chunks", json_object_new_int64 (report->item->chunks->len));
  json_object_object_add (json, "characters", json_object_new_int64 (characters (report)));
  add_text (json, "partial", document->partial);
  for (guint i = 0; i < document->warnings->len; i++)
    json_object_array_add (warnings,
                           json_object_new_string (g_ptr_array_index (document->warnings, i)));
  json_object_object_add (json, "warnings", warnings);
}

char *
report_to_json (const Report *report)
{
  const Document *document = document_of (report);
  g_autofree char *path = g_utf8_validate (report->path, -1, NULL)
                              ? g_strdup (report->path)
                              : file_name_printable (report->path);
  json_object *json = json_object_new_object ();

  add_text (json, "file", path);
  add_text (json, "result", result_names[report->result]);
  if (report->item != NULL && report->item->container != NULL)
    add_text (json, "container", report->item->container);
  add_text (json, "folder", report->folder);
  if (report->id != NULL) {
    char id[UUID_TEXT_BYTES];
    uuid_format (report->id, id);
    add_text (json, "document_id", id);
  }
  json_object_object_add (json, "pages", json_object_new_int64 (report->page_count));
  if (document != NULL)
    add_document (json, report, document);
  json_object_object_add (json, "seconds",
                          json_object_new_double ((double)report->elapsed_us / 1e6));
  if (report->result == REPORT_FAILED) {
    json_object *failure = json_object_new_object ();
    add_text (json, "outcome", report->error_code);
    add_text (failure, "code", report->error_code);
    add_text (failure, "message", report->error_message);
    json_object_object_add (json, "error", failure);
  }

  char *line = g_strconcat (json_object_to_json_string_ext (
                                json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
                            "\n", NULL);
  json_object_put (json);
  return line;
}
