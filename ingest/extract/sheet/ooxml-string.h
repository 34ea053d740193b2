/* ooxml-string.h: what Excel's strings hide in their text. */
#pragma once

#include <glib.h>

/* Puts in the characters that are written as "_x000D_" (ECMA-376 part 1, 22.9.2.19). */
void ooxml_string_unescape (GString *text);
