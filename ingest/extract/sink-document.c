/* A sink that builds a Document: for tests and fuzzing. */
#include "sink.h"

#include <string.h>

static gboolean
document_block (gpointer user_data, BlockKind kind, guint level, guint page, const char *gap,
                gsize gap_bytes, const char *text, gsize text_bytes, GError **error)
{
  document_append (user_data, kind, level, page, gap, gap_bytes, text, text_bytes);
  return TRUE;
}

static gboolean
document_more (gpointer user_data, const char *text, gsize text_bytes, GError **error)
{
  document_continue (user_data, text, text_bytes);
  return TRUE;
}

static gboolean
document_meta (gpointer user_data, const char *key, const char *value, GError **error)
{
  Document *document = user_data;
  char **member = NULL;

  if (strcmp (key, "format") == 0)
    member = &document->format;
  else if (strcmp (key, "mime_type") == 0)
    member = &document->mime_type;
  else if (strcmp (key, "title") == 0)
    member = &document->title;
  else if (strcmp (key, "author") == 0)
    member = &document->author;
  else if (strcmp (key, "language") == 0)
    member = &document->language;
  else if (strcmp (key, "checksum") == 0)
    member = &document->checksum;
  else if (strcmp (key, "size") == 0)
    document->size_bytes = g_ascii_strtoull (value, NULL, 10);
  else if (strcmp (key, "created") == 0)
    member = &document->created;
  else if (strcmp (key, "modified") == 0)
    member = &document->modified;
  else if (strcmp (key, "pages") == 0)
    document->page_count = (guint)g_ascii_strtoull (value, NULL, 10);
  if (member != NULL) {
    g_free (*member);
    *member = g_strdup (value);
  }
  return TRUE;
}

static gboolean
document_warn (gpointer user_data, const char *message, GError **error)
{
  Document *document = user_data;

  g_ptr_array_add (document->warnings, g_strdup (message));
  return TRUE;
}

static gboolean
document_member (gpointer user_data, const char *name, gpointer *child, GError **error)
{
  Document *document = user_data;
  Document *member = document_new ();

  member->name = g_strdup (name);
  g_ptr_array_add (document->members, member);
  *child = member;
  return TRUE;
}

static gboolean
document_member_end (gpointer child, const ExtractSink *sink, const GError *failure, GError **error)
{
  Document *member = child;

  if (g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT)) {
    member->partial = g_strdup (failure->message);
  } else if (failure != NULL) {
    ExtractCode code =
        failure->domain == EXTRACT_ERROR ? (ExtractCode)failure->code : EXTRACT_ERROR_CORRUPT;

    document_fail (member, extract_code_name (code), failure->message);
  }
  return TRUE;
}

ExtractSink *
extract_sink_new_for_document (const ExtractLimits *limits, Document *document)
{
  static const ExtractSinkFuncs funcs = {
      document_block,      document_meta, document_warn, document_member,
      document_member_end, document_more, NULL};

  return extract_sink_new (limits, &funcs, document);
}
