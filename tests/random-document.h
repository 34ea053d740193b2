/* random-document.h: documents of every kind of block in many scripts, from a seed. */
#pragma once

#include "chunker/document.h"

#include <string.h>

static const char *const sentences[] = {
    "The quick brown fox jumps over the lazy dog. ",
    "Dr. Smith paid 3.14 dollars, or so it seems; nobody (not even he) asked why. ",
    "Größe ist relativ: das weiß jeder. ",
    "这是一个没有空格的句子，它很长。而且还有另外一个句子。",
    "ประเทศไทยเป็นประเทศที่ตั้งอยู่ในเอเชียตะวันออกเฉียงใต้ ",
    "اللغة العربية جميلة، وهي تكتب من اليمين إلى اليسار. ",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 family and flags. ",
    "e\xcc\x81\xcc\xa7\xcc\x88 combined marks; ",
    "identifier_with_underscores_and_more_underscores_than_anyone_would_ever_type ",
};

/* (transfer full) */
static inline Document *
random_document (GRand *random, guint n_blocks)
{
  Document *document = document_new ();

  for (guint i = 0; i < n_blocks; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    BlockKind kind = (BlockKind)g_rand_int_range (random, BLOCK_HEADING, BLOCK_KIND_LAST + 1);
    guint level = (guint)g_rand_int_range (random, 1, 7);
    int n = kind == BLOCK_HEADING ? 1 : g_rand_int_range (random, 1, 30);

    if (kind == BLOCK_HEADING)
      g_string_append (text, &"###### "[6 - level]);
    for (int s = 0; s < n; s++) {
      if (kind == BLOCK_TABLE)
        g_string_append_printf (text, s == 1 ? "| --- | --- |\n" : "| row %d | %s |\n", s,
                                sentences[g_rand_int_range (random, 0, 9)]);
      else
        g_string_append (text, sentences[g_rand_int_range (random, 0, 9)]);
      if (kind == BLOCK_CODE)
        g_string_append_c (text, '\n');
    }
    g_strchomp (text->str);
    document_append (document, kind, level, i / 7 + 1, "\n\n", i == 0 ? 0 : 2, text->str,
                     strlen (text->str));
  }
  return document;
}
