#include "rtf-fonts.h"

#include "ingest/extract/codepage.h"
#include "ingest/extract/office/symbols.h"

#include <string.h>

#define FONTS_MAX 10000
#define NAME_BYTES_MAX 64

typedef struct {
  guint code_page; /* 0: the document's */
  char *name;      /* (nullable) of a font of signs */
} Font;

struct RtfFonts {
  GHashTable *fonts; /* number -> Font, owned */
  Font *current;     /* (nullable) being defined */
  guint document;    /* code page of the document */
  gint32 first;      /* \deff */
  guint table_depth; /* of the group of \fonttbl; 0: not in it */
};

static void
free_font (gpointer data)
{
  Font *font = data;

  g_free (font->name);
  g_free (font);
}

RtfFonts *
rtf_fonts_new (void)
{
  RtfFonts *fonts = g_new0 (RtfFonts, 1);

  fonts->fonts = g_hash_table_new_full (NULL, NULL, NULL, free_font);
  fonts->document = CODEPAGE_DEFAULT;
  return fonts;
}

void
rtf_fonts_free (RtfFonts *fonts)
{
  if (fonts == NULL)
    return;
  g_hash_table_unref (fonts->fonts);
  g_free (fonts);
}

static void
define (RtfFonts *fonts, gint32 number)
{
  gpointer key = GINT_TO_POINTER (number);

  fonts->current = g_hash_table_lookup (fonts->fonts, key);
  if (fonts->current != NULL || g_hash_table_size (fonts->fonts) >= FONTS_MAX)
    return;
  fonts->current = g_new0 (Font, 1);
  g_hash_table_insert (fonts->fonts, key, fonts->current);
}

static void
take_in_table (RtfFonts *fonts, const RtfToken *token)
{
  if (strcmp (token->name, "f") == 0) {
    define (fonts, token->number);
  } else if (fonts->current != NULL && strcmp (token->name, "fcharset") == 0) {
    fonts->current->code_page = codepage_of_charset ((guint)token->number);
  } else if (fonts->current != NULL && strcmp (token->name, "cpg") == 0 && token->number > 0) {
    fonts->current->code_page = (guint)token->number;
  }
}

void
rtf_fonts_take (RtfFonts *fonts, const RtfToken *token, guint depth)
{
  if (fonts->table_depth > 0 && depth >= fonts->table_depth) {
    take_in_table (fonts, token);
    return;
  }
  fonts->table_depth = 0;
  if (strcmp (token->name, "fonttbl") == 0) {
    fonts->table_depth = depth;
    fonts->current = NULL;
  } else if (strcmp (token->name, "ansicpg") == 0 && token->number > 0) {
    fonts->document = (guint)token->number;
  } else if (strcmp (token->name, "deff") == 0) {
    fonts->first = token->number;
  } else if (strcmp (token->name, "mac") == 0) {
    fonts->document = 10000;
  } else if (strcmp (token->name, "pc") == 0) {
    fonts->document = 437;
  } else if (strcmp (token->name, "pca") == 0) {
    fonts->document = 850;
  }
}

void
rtf_fonts_take_name (RtfFonts *fonts, const guint8 *text, gsize bytes)
{
  g_autofree char *name = NULL;

  if (fonts->current == NULL)
    return;
  name = g_strndup ((const char *)text, MIN (bytes, NAME_BYTES_MAX));
  if (fonts->current->name != NULL || !symbol_font_is (name))
    return;
  fonts->current->name = g_steal_pointer (&name);
  if (fonts->current->code_page == 0)
    fonts->current->code_page = CODEPAGE_SYMBOL;
}

static const Font *
find (const RtfFonts *fonts, gint32 number)
{
  return g_hash_table_lookup (fonts->fonts, GINT_TO_POINTER (number));
}

guint
rtf_fonts_code_page (const RtfFonts *fonts, gint32 number)
{
  const Font *font = find (fonts, number);

  if (font == NULL || font->code_page == 0)
    return fonts->document;
  /* a font of signs that nobody knows: its letters, at least */
  return font->code_page == CODEPAGE_SYMBOL && font->name == NULL ? CODEPAGE_DEFAULT
                                                                  : font->code_page;
}

const char *
rtf_fonts_name (const RtfFonts *fonts, gint32 number)
{
  const Font *font = find (fonts, number);

  return font == NULL ? NULL : font->name;
}

gint32
rtf_fonts_default (const RtfFonts *fonts)
{
  return fonts->first;
}
