#include "mail-part.h"

#include "ingest/extract/markup/markup.h"
#include "mail-header.h"

#include <string.h>

GMimeMessage *
mail_parse (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer (data, size);
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);

  g_object_unref (parser);
  g_object_unref (stream);
  return message != NULL ? message : g_mime_message_new (FALSE);
}

char *
mail_part_type (GMimeObject *part)
{
  GMimeContentType *type = g_mime_object_get_content_type (part);
  g_autofree char *name = type == NULL ? NULL : g_mime_content_type_get_mime_type (type);

  return g_ascii_strdown (name != NULL ? name : "text/plain", -1);
}

const char *
mail_part_header (GMimeObject *part, const char *name)
{
  GMimeHeader *header = g_mime_header_list_get_header (g_mime_object_get_header_list (part), name);
  const char *raw = header == NULL ? NULL : g_mime_header_get_raw_value (header);

  return raw == NULL ? "" : raw;
}

char *
mail_part_parameter (GMimeObject *part, const char *name)
{
  return mail_header_parameter (mail_part_header (part, "Content-Type"), name, NULL);
}

char *
mail_part_name (GMimeObject *part)
{
  char *name =
      mail_header_parameter (mail_part_header (part, "Content-Disposition"), "filename", NULL);

  if (name == NULL || *name == '\0') {
    g_free (name);
    name = mail_part_parameter (part, "name");
  }
  if (name != NULL && *name == '\0')
    g_clear_pointer (&name, g_free);
  return name;
}

gboolean
mail_part_is_attachment (GMimeObject *part)
{
  const char *disposition = mail_part_header (part, "Content-Disposition");

  disposition += strspn (disposition, " \t\r\n");
  return g_ascii_strncasecmp (disposition, "attachment", strlen ("attachment")) == 0;
}

/* (transfer full) */
static GBytes *
take_bytes (GMimeStream *stream)
{
  GByteArray *array = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));

  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  g_object_unref (stream);
  return g_byte_array_free_to_bytes (array);
}

GBytes *
mail_part_bytes (GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  GMimeStream *stream = g_mime_stream_mem_new ();

  if (content != NULL)
    g_mime_data_wrapper_write_to_stream (content, stream);
  return take_bytes (stream);
}

GBytes *
mail_part_message_bytes (GMimeMessage *message)
{
  GMimeStream *stream = g_mime_stream_mem_new ();

  g_mime_object_write_to_stream (GMIME_OBJECT (message), NULL, stream);
  return take_bytes (stream);
}

GString *
mail_part_text (GMimePart *part)
{
  g_autoptr (GBytes) bytes = mail_part_bytes (part);
  g_autofree char *charset = mail_part_parameter (GMIME_OBJECT (part), "charset");
  g_autofree char *type = mail_part_type (GMIME_OBJECT (part));
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size > 0 && (charset == NULL || *charset == '\0') && strcmp (type, "text/html") == 0) {
    g_free (charset);
    charset = markup_declared_charset (data, size);
  }
  return mail_decode_bytes (data, size, charset);
}
