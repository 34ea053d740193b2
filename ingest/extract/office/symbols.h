/* symbols.h: what the characters of symbol fonts look like, in Unicode. */
#pragma once

#include <glib.h>

/* Is it Symbol, Wingdings (2), Webdings or one that is laid out like them? font: nullable. */
gboolean symbol_font_is (const char *font);

/* The character that `font` (nullable) shows for `code`: 0x20-0xff, or the same in the private use
 * area from U+F000 on, where Word keeps them. 0: not known, or no symbol font. */
gunichar symbol_to_unicode (const char *font, gunichar code);

/* Appends text that is set in that font. */
void symbol_append_text (GString *out, const char *font, const char *text, gsize bytes);
