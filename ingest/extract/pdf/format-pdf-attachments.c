/* Files inside a PDF: documents of their own. */
#include "format-pdf.h"

#include <string.h>

#define RATIO_FREE_BYTES (1u << 20) /* a member may become this much whatever it was */
#define ATTACHMENTS_MAX 10000

typedef struct {
  const ExtractInput *input;
  guint64 total; /* bytes of all attachments so far */
  GByteArray *bytes;
} Saving;

static gboolean
save (const char *data, gsize count, gpointer user_data, GError **error)
{
  Saving *saving = user_data;
  const ExtractLimits *limits = saving->input->limits;

  saving->total += count;
  if (saving->total > limits->max_inflated_bytes ||
      (saving->total > RATIO_FREE_BYTES &&
       saving->total / limits->max_inflate_ratio > g_bytes_get_size (saving->input->bytes))) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB,
                 "it inflates beyond max_inflated_bytes or max_inflate_ratio in [extract]");
    return FALSE;
  }
  g_byte_array_append (saving->bytes, (const guint8 *)data, (guint)count);
  return TRUE;
}

static gboolean
read_one (Saving *saving, PopplerAttachment *attachment, ExtractSink *sink, GError **error)
{
  const char *name = poppler_attachment_get_name (attachment);
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gboolean saved;

  if (name == NULL)
    name = "";
  saving->bytes = g_byte_array_new ();
  saved = poppler_attachment_save_to_callback (attachment, save, saving, &failure);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&saving->bytes));
  if (saved)
    return extract_member (saving->input, name, "", bytes, sink, error);
  if (failure == NULL)
    g_set_error (&failure, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "the attachment cannot be read");
  return extract_member_failed (saving->input, name, failure, sink, error);
}

gboolean
pdf_attachments_read (PopplerDocument *document, GPtrArray *of_annotations,
                      const ExtractInput *input, ExtractSink *sink, GError **error)
{
  GList *attachments = poppler_document_get_attachments (document);
  Saving saving = {.input = input};
  gboolean more = TRUE;
  guint count = 0;

  for (GList *at = attachments; at != NULL && more && count < ATTACHMENTS_MAX;
       at = at->next, count++)
    more = read_one (&saving, at->data, sink, error);
  g_list_free_full (attachments, g_object_unref);
  for (guint i = 0; i < of_annotations->len && more; i++)
    more = read_one (&saving, g_ptr_array_index (of_annotations, i), sink, error);
  return more;
}
