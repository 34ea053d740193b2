#include "item.h"

#include "error.h"

#include <string.h>

/* int4 columns; the chunker's limits keep real documents far below */
#define SPAN_MAX G_MAXINT32
/* seconds from 1970 to the years 1 and 10000, well within timestamptz */
#define MTIME_MIN G_GINT64_CONSTANT (-62135596800)
#define MTIME_MAX G_GINT64_CONSTANT (253402300800)

DbItem *
db_item_new (const char *folder_path, const char *name, Document *document)
{
  DbItem *item = g_new0 (DbItem, 1);

  item->folder_path = g_strdup (folder_path);
  item->name = g_strdup (name);
  item->document = document;
  item->chunks = g_array_new (FALSE, FALSE, sizeof (DbItemChunk));
  item->prefixes = g_string_new (NULL);
  item->headings = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  item->seen =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  return item;
}

void
db_item_free (DbItem *item)
{
  if (item == NULL)
    return;
  g_free (item->folder_path);
  g_free (item->name);
  g_free (item->fingerprint);
  g_free (item->error_code);
  g_free (item->error_message);
  g_free (item->container);
  g_clear_pointer (&item->members, g_ptr_array_unref);
  document_free (item->document);
  g_array_unref (item->chunks);
  g_string_free (item->prefixes, TRUE);
  g_ptr_array_unref (item->headings);
  g_hash_table_unref (item->seen);
  g_free (item);
}

static gboolean
same_path (char *const *kept, const char *const *path, guint n)
{
  guint i = 0;

  while (i < n && kept[i] != NULL && strcmp (kept[i], path[i]) == 0)
    i++;
  return i == n && kept[i] == NULL;
}

/* Neighbours mostly share their path: it is compared with the last one only. */
static guint
keep_headings (DbItem *item, const Chunk *chunk)
{
  if (item->headings->len > 0 &&
      same_path (g_ptr_array_index (item->headings, item->headings->len - 1), chunk->heading_path,
                 chunk->n_headings))
    return item->headings->len - 1;

  char **copy = g_new0 (char *, chunk->n_headings + 1);
  for (guint i = 0; i < chunk->n_headings; i++)
    copy[i] = g_strdup (chunk->heading_path[i]);
  g_ptr_array_add (item->headings, copy);
  return item->headings->len - 1;
}

static void
hash_content (DbItem *item, const Chunk *chunk, DbItemChunk *kept)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = sizeof kept->content_sha256;

  g_checksum_update (sha256, (const guchar *)chunk->content, (gssize)chunk->content_bytes);
  g_checksum_get_digest (sha256, kept->content_sha256, &length);

  GBytes *key = g_bytes_new (kept->content_sha256, sizeof kept->content_sha256);
  kept->nth = GPOINTER_TO_UINT (g_hash_table_lookup (item->seen, key));
  g_hash_table_replace (item->seen, key, GUINT_TO_POINTER (kept->nth + 1));
}

gboolean
db_item_add_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  DbItem *item = user_data;

  if (chunk->end_char > SPAN_MAX) {
    g_set_error (error, DB_ERROR, DB_ERROR_DATA, "the text has more than %d characters", SPAN_MAX);
    return FALSE;
  }

  DbItemChunk kept = {
      .start_byte = chunk->start_byte,
      .end_byte = chunk->end_byte,
      .prefix_offset = item->prefixes->len,
      .prefix_bytes = chunk->prefix_bytes,
      .position = (gint32)chunk->position,
      .prefix_chars = (gint32)chunk->prefix_chars,
      .start_char = (gint32)chunk->start_char,
      .end_char = (gint32)chunk->end_char,
      .token_count = (gint32)chunk->token_count,
      .page_first = (gint32)chunk->page_first,
      .page_last = (gint32)chunk->page_last,
      .headings = keep_headings (item, chunk),
  };

  g_string_append_len (item->prefixes, chunk->content, (gssize)chunk->prefix_bytes);
  hash_content (item, chunk, &kept);
  g_array_append_val (item->chunks, kept);
  return TRUE;
}

void
db_item_set_mtime (DbItem *item, gint64 mtime_us)
{
  gboolean is_time = mtime_us / G_USEC_PER_SEC > MTIME_MIN && mtime_us / G_USEC_PER_SEC < MTIME_MAX;

  item->mtime_us = is_time ? mtime_us : 0;
}

gboolean
db_item_set_checksum (DbItem *item, const char *hex)
{
  if (strlen (hex) != 2 * DB_CHECKSUM_BYTES ||
      strspn (hex, "0123456789abcdef") != 2 * DB_CHECKSUM_BYTES)
    return FALSE;
  for (gsize i = 0; i < DB_CHECKSUM_BYTES; i++)
    item->checksum[i] =
        (guint8)(g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return TRUE;
}

void
db_item_fail (DbItem *item, const char *code, const char *message)
{
  g_clear_pointer (&item->document, document_free);
  g_array_set_size (item->chunks, 0);
  g_clear_pointer (&item->fingerprint, g_free);
  g_free (item->error_code);
  g_free (item->error_message);
  item->error_code = g_strdup (code);
  item->error_message = g_strdup (message);
}

gsize
db_item_bytes (const DbItem *item)
{
  gsize text = item->document ? item->document->text->len : 0;

  return 2 * text + item->prefixes->len + item->chunks->len * sizeof (DbItemChunk);
}
