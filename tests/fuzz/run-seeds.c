/* run-seeds: a fuzzing harness as an ordinary program: runs it over files, and over each a number
 * of times damaged, always in the same way.
 *
 * fuzz-NAME MUTATIONS FILE... */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_BYTES_MAX (1u << 20)
/* larger files are damaged less often: a time for each of them */
#define MUTATED_BYTES (2u << 20)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
int LLVMFuzzerInitialize (int *argc, char ***argv) __attribute__ ((weak)); /* not all have one */

static void
damage (GByteArray *bytes, GRand *random)
{
  guint times = (guint)g_rand_int_range (random, 1, 6);

  for (guint i = 0; i < times && bytes->len > 0; i++) {
    guint at = (guint)g_rand_int_range (random, 0, (gint32)bytes->len);
    guint length = (guint)g_rand_int_range (random, 1, 64);

    length = MIN (length, bytes->len - at);
    switch (g_rand_int_range (random, 0, 6)) {
    case 0:
      bytes->data[at] = (guint8)g_rand_int (random);
      break;
    case 1:
      bytes->data[at] ^= (guint8)(1u << g_rand_int_range (random, 0, 8));
      break;
    case 2:
      g_byte_array_remove_range (bytes, at, length);
      break;
    case 3: /* cut short */
      if (g_rand_int_range (random, 0, 4) == 0)
        g_byte_array_set_size (bytes, at);
      break;
    case 4: /* a number that is too large, or negative */
      memset (bytes->data + at, g_rand_boolean (random) ? 0xFF : 0x7F, MIN (length, 4));
      break;
    default: /* a piece overwrites another */
      memmove (bytes->data + (guint)g_rand_int_range (random, 0, (gint32)(bytes->len - length + 1)),
               bytes->data + at, length);
    }
  }
}

/* As a fuzzer gives it: a copy that ends where it ends. */
static void
run (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy, size);
}

static gboolean
run_file (const char *path, guint mutations)
{
  g_autofree char *text = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (20240601);
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL)) {
    fprintf (stderr, "%s cannot be read\n", path);
    return FALSE;
  }
  if (size > SEED_BYTES_MAX)
    return TRUE;
  fprintf (stderr, "%s\n", path); /* the last line says where it ended */
  run ((const guint8 *)text, size);
  mutations = (guint)MIN (mutations, 1 + MUTATED_BYTES / MAX (size, 1));
  for (guint i = 0; i < mutations; i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    g_byte_array_append (bytes, (const guint8 *)text, (guint)size);
    damage (bytes, random);
    run (bytes->data, bytes->len);
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  guint mutations = argc > 1 ? (guint)atoi (argv[1]) : 0;
  gboolean fine =
      argc > 2 && (LLVMFuzzerInitialize == NULL || LLVMFuzzerInitialize (&argc, &argv) == 0);

  for (int i = 2; fine && i < argc; i++)
    fine = run_file (argv[i], mutations);
  return fine ? 0 : 1;
}
