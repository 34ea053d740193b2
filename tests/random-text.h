/* random-text.h: short texts made of what tokenizers tell apart, from a seed. */
#pragma once

#include <glib.h>

/* Left out: what GLib and PCRE2 take for something else than Unicode 16.0 does. */
static inline gunichar
random_character (GRand *random)
{
  gunichar c;

  do
    c = (gunichar)g_rand_int_range (random, 1, 0x3000);
  while (g_unichar_type (c) == G_UNICODE_UNASSIGNED || c == 0x180E || c == 0x0CF3 || c == 0x0ECE);
  return c;
}

/* Appends one piece: a character, or a few that belong together. */
static inline void
random_text_add (GRand *random, GString *text)
{
  static const char *const parts[] = {" ",
                                      " ",
                                      "  ",
                                      "\t",
                                      "\n",
                                      "\r\n",
                                      "\r",
                                      "\v",
                                      "\xC2\xA0",
                                      "\xE3\x80\x80",
                                      "\xC2\x85",
                                      "'",
                                      "'s",
                                      "'LL",
                                      "'re",
                                      "'Ve",
                                      "'\xC5\xBF",
                                      "'d",
                                      "'M",
                                      "a",
                                      "the",
                                      "ing",
                                      "Z",
                                      "ABC",
                                      "Hello",
                                      "\xC2\xAA",
                                      "\xCA\xB0",
                                      "\xC7\x85",
                                      "\xC3\xA9",
                                      "\xC3\x89",
                                      "\xD0\xB6",
                                      "\xD0\x96",
                                      "\xCC\x81",
                                      "\xE0\xA4\xBF",
                                      "\xE4\xB8\xAD",
                                      "\xE6\x96\x87\xE5\xAD\x97",
                                      "\xE3\x81\x82",
                                      "\xED\x95\x9C",
                                      "\xE0\xB8\x81",
                                      "\xD8\xB9",
                                      "\xF0\x9F\x98\x80",
                                      "\xE2\x80\x8D",
                                      "\xF0\x9F\x87\xA9",
                                      "0",
                                      "12",
                                      "3456",
                                      "\xD9\xA3",
                                      "\xE2\x85\xA7",
                                      "\xC2\xBD",
                                      "!",
                                      "/",
                                      "//",
                                      ".",
                                      "...",
                                      "{",
                                      "();",
                                      "_",
                                      "-",
                                      "<|endoftext|>",
                                      "\xEF\xBF\xBD",
                                      "aaaa",
                                      "    ",
                                      "\xE2\x80\xA8",
                                      "\xE1\x9A\x80"};

  switch (g_rand_int_range (random, 0, 8)) {
  case 0:
    g_string_append_unichar (text, random_character (random));
    break;
  case 1:
    g_string_append_c (text, (char)g_rand_int_range (random, 32, 127));
    break;
  case 2: {
    const char *part = parts[g_rand_int_range (random, 0, G_N_ELEMENTS (parts))];
    for (int i = g_rand_int_range (random, 1, 6); i > 0; i--)
      g_string_append (text, part);
    break;
  }
  default:
    g_string_append (text, parts[g_rand_int_range (random, 0, G_N_ELEMENTS (parts))]);
  }
}

static inline void
random_text (GRand *random, GString *text, int parts)
{
  g_string_truncate (text, 0);
  while (parts-- > 0)
    random_text_add (random, text);
}
