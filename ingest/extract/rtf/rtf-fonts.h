/* rtf-fonts.h: the code page of the text in each font: \fonttbl, \ansicpg and their like. */
#pragma once

#include "rtf-token.h"

typedef struct RtfFonts RtfFonts;

/* (transfer full) */
RtfFonts *rtf_fonts_new (void);
void rtf_fonts_free (RtfFonts *fonts);

/* Is shown every control word, with the depth of its group, from 1. */
void rtf_fonts_take (RtfFonts *fonts, const RtfToken *token, guint depth);

/* The code page of text in font \fN; of the document, where the font does not say. */
guint rtf_fonts_code_page (const RtfFonts *fonts, gint32 number);

/* Text of the font table: the name of the font that is being defined. */
void rtf_fonts_take_name (RtfFonts *fonts, const guint8 *text, gsize bytes);

/* The name of a font, where it is one of signs (office/symbols.h). (nullable) */
const char *rtf_fonts_name (const RtfFonts *fonts, gint32 number);

/* \deffN */
gint32 rtf_fonts_default (const RtfFonts *fonts);
