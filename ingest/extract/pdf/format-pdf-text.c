#include "format-pdf.h"

#include <string.h>

static const gunichar bullets[] = {
    0x2022, 0x2023, 0x2043, 0x204c, 0x204d, 0x2219, 0x25a0, 0x25a1, 0x25aa, 0x25ab, 0x25b6, 0x25ba,
    0x25b8, 0x25cb, 0x25cf, 0x25e6, 0x25c6, 0x2713, 0x2714, 0x2756, 0x27a2, 0x2794, 0x27a4, 0x00b7,
    0xf0b7, 0xf0a7, 0xf0d8, 0xf076, 0xf0fc, 0xf06e, 0xf02d, 0xf0a8, 0x2666, 0x2011};

static gboolean
is_bullet (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (bullets); i++)
    if (bullets[i] == c)
      return TRUE;
  return FALSE;
}

static guint
roman_value (const char *text, gsize length)
{
  static const char *const numerals[] = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                         "vii", "viii", "ix",  "x",  "xi", "xii"};

  for (guint i = 0; i < G_N_ELEMENTS (numerals); i++)
    if (strlen (numerals[i]) == length && strncmp (numerals[i], text, length) == 0)
      return i + 1;
  return 0;
}

/* "12." "12)" "(12)" "a." "b)" "(c)" "iv." */
static gboolean
read_number (const char *line, PdfMarker *marker)
{
  const char *at = line;
  gboolean open = *at == '(';
  const char *start = at += open;
  gsize length;

  if (g_ascii_isdigit (*at)) {
    while (g_ascii_isdigit (*at))
      at++;
    if (at - start > 3)
      return FALSE;
    marker->number = (guint)g_ascii_strtoull (start, NULL, 10);
    marker->kind = open ? '(' : '1';
  } else {
    while (g_ascii_islower (*at))
      at++;
    length = (gsize)(at - start);
    marker->number = length > 1 ? roman_value (start, length) : (guint)(*start - 'a') + 1;
    marker->kind = length > 1 ? 'i' : 'a';
    if (length == 0 || marker->number == 0)
      return FALSE;
  }
  if (*at != ')' && (*at != '.' || open))
    return FALSE;
  at++;
  if (*at != ' ' || at - line >= (int)sizeof marker->marker)
    return FALSE;
  memcpy (marker->marker, line, (gsize)(at - line));
  marker->marker[at - line] = '\0';
  while (*at == ' ')
    at++;
  marker->text = at;
  return *at != '\0';
}

gboolean
pdf_marker_read (const char *line, PdfMarker *marker)
{
  gunichar c = g_utf8_get_char (line);
  const char *after;

  memset (marker, 0, sizeof *marker);
  if (c == '\0')
    return FALSE;
  after = g_utf8_next_char (line);
  if (is_bullet (c) || ((c == '-' || c == 0x2013 || c == 0x2212 || c == '*') && *after == ' ') ||
      (c == 'o' && *after == ' ' && after[1] != '\0' &&
       g_unichar_isupper (g_utf8_get_char (after + 1)))) {
    while (*after == ' ')
      after++;
    g_strlcpy (marker->marker, "-", sizeof marker->marker);
    marker->text = after;
    marker->kind = '-';
    return *after != '\0' && !is_bullet (g_utf8_get_char (after));
  }
  return read_number (line, marker);
}

gboolean
pdf_is_lone_marker (const char *line)
{
  gsize digits = strspn (line, "0123456789");

  if (*line == '\0' || strlen (line) > 4)
    return FALSE;
  if (digits > 0)
    return (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == '\0';
  return is_bullet (g_utf8_get_char (line)) && *g_utf8_next_char (line) == '\0';
}

gboolean
pdf_has_leader (const char *line)
{
  return strstr (line, "....") != NULL || strstr (line, ". . . .") != NULL;
}

/* In lower case, without white space and hyphens, which line breaks bring and take. */
static char *
squeezed (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (!g_ascii_isspace (*text) && *text != '-')
      g_string_append_c (out, g_ascii_tolower (*text));
  return g_string_free (out, FALSE);
}

gboolean
pdf_shows_target (const char *text, const char *target)
{
  static const char *const prefixes[] = {"https://", "http://", "ftp://",
                                         "mailto:",  "tel:",    "www."};
  g_autofree char *words = squeezed (text);
  g_autofree char *address = squeezed (target);
  const char *core = address;
  gsize bytes;

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (core, prefixes[i]))
      core += strlen (prefixes[i]);
  /* of an address for mail, the subject is no part */
  bytes = strcspn (core, g_str_has_prefix (address, "mailto:") ? "?" : "");
  while (bytes > 0 && core[bytes - 1] == '/')
    bytes--;
  address[core - address + (gssize)bytes] = '\0';
  return bytes == 0 || strstr (words, core) != NULL;
}

gboolean
pdf_ends_sentence (const char *text, gsize bytes)
{
  const char *at = text + bytes;
  gunichar c = 0;

  while (at > text) {
    at = g_utf8_prev_char (at);
    c = g_utf8_get_char (at);
    /* closing quotes and brackets stand after the stop */
    if (c != '"' && c != '\'' && c != ')' && c != ']' && c != 0x201d && c != 0x2019 && c != 0xbb &&
        c != 0x300d && c != 0xff09)
      break;
  }
  switch (c) {
  case '.':
  case '!':
  case '?':
  case ':':
  case ';':
  case 0x3002: /* ideographic full stop */
  case 0xff01:
  case 0xff1f:
  case 0xff1a:
  case 0x61f: /* Arabic question mark */
  case 0x6d4: /* Urdu full stop */
  case 0x964: /* danda */
    return TRUE;
  default:
    return FALSE;
  }
}

/* The first letter of the line, behind quotes and brackets. */
gboolean
pdf_starts_lower (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    if (g_unichar_isalpha (c))
      return g_unichar_islower (c);
    if (g_unichar_isdigit (c) || !g_unichar_ispunct (c))
      return FALSE;
  }
  return FALSE;
}

/* Scripts that write no space between words. */
static gboolean
is_spaceless (gunichar c)
{
  return (c >= 0x2e80 && c <= 0x312f) || (c >= 0x3190 && c <= 0x9fff) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff01 && c <= 0xff65) ||
         (c >= 0x20000 && c <= 0x3fffd) || (c >= 0x0e00 && c <= 0x0eff) ||
         (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff);
}

static char *
last_word (const GString *text, gsize end)
{
  const char *start = text->str + end;

  while (start > text->str) {
    const char *before = g_utf8_prev_char (start);

    if (!g_unichar_isalpha (g_utf8_get_char (before)))
      break;
    start = before;
  }
  return g_utf8_strdown (start, text->str + end - start);
}

static char *
first_word (const char *text)
{
  const char *end = text;

  while (g_unichar_isalpha (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  return g_utf8_strdown (text, end - text);
}

/* Is the hyphen part of the word? The page's own spelling elsewhere decides. */
static gboolean
keeps_hyphen (const char *first, const char *second, PdfPage *page)
{
  static const char *const prefixes[] = {"self", "well", "cross", "ex", "all", NULL};
  g_autofree char *joined = g_strconcat (first, second, NULL);
  g_autofree char *hyphenated = g_strconcat (first, "-", second, NULL);

  if (pdf_page_has_word (page, joined))
    return FALSE;
  /* "mixed-" and "mode": two words of the page */
  if (strlen (first) >= 4 && strlen (second) >= 4 && pdf_page_has_word (page, first) &&
      pdf_page_has_word (page, second))
    return TRUE;
  return pdf_page_has_word (page, hyphenated) || g_strv_contains (prefixes, first);
}

/* The bytes of the hyphen that `text` ends with behind a letter; 0: none. */
static gsize
hyphen_bytes (const GString *text)
{
  gsize bytes = 0;
  const char *before;

  if (g_str_has_suffix (text->str, "-"))
    bytes = 1;
  else if (g_str_has_suffix (text->str, "\xe2\x80\x90")) /* U+2010 */
    bytes = 3;
  if (bytes == 0 || text->len == bytes)
    return 0;
  before = g_utf8_prev_char (text->str + text->len - bytes);
  return g_unichar_isalnum (g_utf8_get_char (before)) ? bytes : 0;
}

void
pdf_join (GString *paragraph, gboolean is_soft, const PdfLine *next, PdfPage *page)
{
  gsize hyphen;
  gunichar last;

  if (paragraph->len == 0 || is_soft) {
    g_string_append_len (paragraph, next->text, (gssize)next->bytes);
    return;
  }
  hyphen = hyphen_bytes (paragraph);
  if (hyphen > 0) {
    g_autofree char *first = last_word (paragraph, paragraph->len - hyphen);
    g_autofree char *second = first_word (next->text);

    /* "2010-" and "2012", "Jean-" and "Pierre" keep it, and take no space */
    if (*first != '\0' && pdf_starts_lower (next->text) && !keeps_hyphen (first, second, page))
      g_string_truncate (paragraph, paragraph->len - hyphen);
  } else {
    last = g_utf8_get_char (g_utf8_prev_char (paragraph->str + paragraph->len));
    if (!is_spaceless (last) || !is_spaceless (g_utf8_get_char (next->text)))
      g_string_append_c (paragraph, ' ');
  }
  g_string_append_len (paragraph, next->text, (gssize)next->bytes);
}

char *
pdf_title_key (const char *title)
{
  g_autoptr (GString) key = g_string_new (NULL);
  gboolean in_words = FALSE;

  for (; *title != '\0'; title = g_utf8_next_char (title)) {
    gunichar c = g_utf8_get_char (title);

    in_words |= g_unichar_isalpha (c);
    if (in_words && g_unichar_isalnum (c))
      g_string_append_unichar (key, g_unichar_tolower (c));
  }
  return g_string_free (g_steal_pointer (&key), FALSE);
}
