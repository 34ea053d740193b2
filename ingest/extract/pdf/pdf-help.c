/* A helper's life: reads single pages of the worker's file. */
#include "pdf-pages.h"

#include "ingest/extract/map-file.h"

#include <string.h>
#include <unistd.h>

typedef struct {
  int fd;
  const ExtractLimits *limits;
  PopplerDocument *document; /* (nullable) */
  guint n_pages;
} Help;

static void
open_file (Help *help, const HelperMessage *message)
{
  g_autoptr (GBytes) bytes = NULL;

  g_clear_object (&help->document);
  if (message->fd >= 0)
    bytes = map_file (message->fd, help->limits->max_file_bytes, NULL);
  if (bytes != NULL)
    help->document = pdf_open (bytes, message->password, NULL);
  help->n_pages =
      help->document != NULL ? (guint)MAX (poppler_document_get_n_pages (help->document), 0) : 0;
}

/* No bytes: the worker has to read it. An attachment lives in the worker's document. */
static gboolean
answer (Help *help, guint32 index)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (PdfPage) page = NULL;

  if (index < help->n_pages)
    page = pdf_page_read_ahead (help->document, index);
  if (page != NULL && page->attachments == NULL)
    pdf_page_pack (page, bytes);
  return helper_answer (help->fd, index, bytes->data, bytes->len);
}

int
pdf_help (int fd, const ExtractLimits *limits)
{
  Help help = {.fd = fd, .limits = limits};
  HelperMessage message;
  gboolean lives = TRUE;

  while (lives && helper_receive (fd, &message)) {
    switch (message.ask) {
    case HELPER_FILE:
      open_file (&help, &message);
      break;
    case HELPER_PART:
      lives = answer (&help, message.part);
      break;
    case HELPER_DONE:
      g_clear_object (&help.document);
      help.n_pages = 0;
      break;
    default:
      lives = FALSE;
    }
    if (message.password != NULL)
      explicit_bzero (message.password, strlen (message.password));
    g_free (message.password);
    if (message.fd >= 0)
      close (message.fd);
  }
  g_clear_object (&help.document);
  return 0;
}
