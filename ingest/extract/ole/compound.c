#include "compound.h"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-input-memory.h>
#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-output-memory.h>
#include <string.h>

/* MS-CFB 2.1 and 2.2: of what version 3 may hold */
#define STREAM_BYTES_MAX (1u << 30)
#define READ_BYTES (64u << 10)
/* Of a storage that is written again as a file */
#define SAVE_BYTES_MAX (256u << 20)
#define SAVE_DEPTH_MAX 8
#define SAVE_CHILDREN_MAX 4096

struct Compound {
  GBytes *bytes;
  GsfInfile *infile;
};

gboolean
compound_is (const guint8 *data, gsize bytes)
{
  static const guint8 signature[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};

  return bytes >= sizeof signature && memcmp (data, signature, sizeof signature) == 0;
}

Compound *
compound_open (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GsfInput *input = gsf_input_memory_new (data, (gsf_off_t)size, FALSE);
  g_autoptr (GError) problem = NULL;
  GsfInfile *infile = input == NULL ? NULL : gsf_infile_msole_new (input, &problem);

  g_clear_object (&input);
  if (infile == NULL) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it is a damaged OLE2 file: %s",
                 problem != NULL ? problem->message : "it cannot be opened");
    return NULL;
  }

  Compound *compound = g_new0 (Compound, 1);

  compound->bytes = g_bytes_ref (bytes);
  compound->infile = infile;
  return compound;
}

void
compound_free (Compound *compound)
{
  if (compound == NULL)
    return;
  g_object_unref (compound->infile);
  g_bytes_unref (compound->bytes);
  g_free (compound);
}

/* --- what is in it -----------------------------------------------------------------------------
 */

guint
compound_count (const Compound *compound)
{
  return (guint)MAX (gsf_infile_num_children (compound->infile), 0);
}

const char *
compound_name (const Compound *compound, guint index)
{
  return gsf_infile_name_by_index (compound->infile, (int)index);
}

/* -1: none */
static int
find (const Compound *compound, const char *name)
{
  guint n = compound_count (compound);

  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (name, compound_name (compound, i) ?: "") == 0)
      return (int)i;
  return -1;
}

gboolean
compound_has (const Compound *compound, const char *name)
{
  return find (compound, name) >= 0;
}

/* (transfer full) (nullable) */
static GsfInput *
child (const Compound *compound, int index)
{
  return index < 0 ? NULL : gsf_infile_child_by_index (compound->infile, index);
}

/* A storage is a folder, even an empty one. */
static gboolean
is_storage (GsfInput *input)
{
  return GSF_IS_INFILE (input) && gsf_infile_num_children (GSF_INFILE (input)) >= 0;
}

gboolean
compound_is_storage (const Compound *compound, guint index)
{
  g_autoptr (GObject) input = (GObject *)child (compound, (int)index);

  return input != NULL && is_storage ((GsfInput *)input);
}

Compound *
compound_open_storage (const Compound *compound, const char *name)
{
  GsfInput *input = child (compound, find (compound, name));
  Compound *storage;

  if (input == NULL)
    return NULL;
  if (!is_storage (input)) {
    g_object_unref (input);
    return NULL;
  }
  storage = g_new0 (Compound, 1);
  storage->bytes = g_bytes_ref (compound->bytes);
  storage->infile = GSF_INFILE (input);
  return storage;
}

GBytes *
compound_read (const Compound *compound, const char *name, GError **error)
{
  g_autoptr (GObject) object = (GObject *)child (compound, find (compound, name));
  GsfInput *input = (GsfInput *)object;
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  gsf_off_t left;

  if (input == NULL || is_storage (input)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it has no stream %s", name);
    return NULL;
  }
  left = MIN (gsf_input_size (input), (gsf_off_t)STREAM_BYTES_MAX);
  while (left > 0) {
    gsize size = (gsize)MIN (left, (gsf_off_t)READ_BYTES);
    const guint8 *data = gsf_input_read (input, size, NULL);

    if (data == NULL)
      break;
    g_byte_array_append (stream, data, (guint)size);
    left -= (gsf_off_t)size;
  }
  if (stream->len == 0 && left > 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "its stream %s is damaged", name);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&stream));
}

/* --- a storage as a file -----------------------------------------------------------------------
 */

typedef struct {
  guint children;
  gsize bytes;
} SaveCount;

static gboolean
save_stream (GsfInput *from, GsfOutput *to, SaveCount *count)
{
  gsf_off_t left = gsf_input_size (from);

  if ((guint64)left > SAVE_BYTES_MAX - count->bytes)
    return FALSE;
  count->bytes += (gsize)left;
  while (left > 0) {
    gsize size = (gsize)MIN (left, (gsf_off_t)READ_BYTES);
    const guint8 *data = gsf_input_read (from, size, NULL);

    if (data == NULL)
      break; /* the rest is damaged */
    if (!gsf_output_write (to, size, data))
      return FALSE;
    left -= (gsf_off_t)size;
  }
  return TRUE;
}

static gboolean
save_storage (GsfInfile *from, GsfOutfile *to, guint depth, SaveCount *count)
{
  int n = gsf_infile_num_children (from);
  gboolean done = TRUE;

  for (int i = 0; done && i < n; i++) {
    g_autoptr (GObject) input = (GObject *)gsf_infile_child_by_index (from, i);
    const char *name = gsf_infile_name_by_index (from, i);
    gboolean is_folder = input != NULL && is_storage ((GsfInput *)input);
    g_autoptr (GObject) output = NULL;

    if (input == NULL || name == NULL)
      continue;
    if (++count->children > SAVE_CHILDREN_MAX || (is_folder && depth >= SAVE_DEPTH_MAX))
      return FALSE;
    output = (GObject *)gsf_outfile_new_child (to, name, is_folder);
    if (output == NULL)
      continue;
    done = is_folder ? save_storage (GSF_INFILE (input), GSF_OUTFILE (output), depth + 1, count)
                     : save_stream ((GsfInput *)input, (GsfOutput *)output, count);
    gsf_output_close ((GsfOutput *)output);
  }
  return done;
}

GBytes *
compound_save (const Compound *storage)
{
  g_autoptr (GObject) memory = (GObject *)gsf_output_memory_new ();
  g_autoptr (GObject) file = (GObject *)gsf_outfile_msole_new ((GsfOutput *)memory);
  SaveCount count = {0};
  gboolean done =
      save_storage (storage->infile, GSF_OUTFILE (file), 0, &count) && count.children > 0;

  done = gsf_output_close ((GsfOutput *)file) && done;
  if (!done)
    return NULL;
  return g_bytes_new (gsf_output_memory_get_bytes (GSF_OUTPUT_MEMORY (memory)),
                      (gsize)gsf_output_size ((GsfOutput *)memory));
}
