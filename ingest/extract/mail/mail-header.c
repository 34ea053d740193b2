#include "mail-header.h"

#include "ingest/extract/charset.h"

#include <gmime/gmime.h>
#include <string.h>
#include <unicode/ucnv.h>

#define SECTIONS_MAX 256 /* of one parameter, RFC 2231 */

/* --- charsets ----------------------------------------------------------------------------------
 */

/* Charsets whose bytes are ASCII to who does not know: what the sender says is all there is. (A
 * message that was stored anew may be in UTF-8 by now, though it says UTF-16.) */
static gboolean
take_declared (const guint8 *data, gsize bytes, const char *declared, Charset *charset)
{
  static const char *const names[][2] = {
      {"utf-7", "UTF-7"},       {"unicode-1-1-utf-7", "UTF-7"}, {"x-unicode-2-0-utf-7", "UTF-7"},
      {"hz-gb-2312", "HZ"},     {"utf-16", "UTF-16"},           {"utf-16le", "UTF-16LE"},
      {"utf-16be", "UTF-16BE"},
  };

  for (guint i = 0; declared != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (declared, names[i][0]) == 0 &&
        (!g_str_has_prefix (names[i][1], "UTF-16") || memchr (data, 0, bytes) != NULL)) {
      memset (charset, 0, sizeof *charset);
      g_strlcpy (charset->name, names[i][1], sizeof charset->name);
      return TRUE;
    }
  return FALSE;
}

GString *
mail_decode_bytes (const guint8 *data, gsize bytes, const char *charset)
{
  g_autoptr (GBytes) raw = g_bytes_new_static (data, bytes);
  g_autoptr (GBytes) text = NULL;
  Charset found;
  guint64 replaced;
  gsize size;
  const char *utf8;

  if (bytes == 0)
    return g_string_new (NULL);
  if (!take_declared (data, bytes, charset, &found))
    charset_guess (data, bytes, charset, &found);
  text = charset_to_utf8 (raw, &found, &replaced);
  utf8 = g_bytes_get_data (text, &size);
  return g_string_new_len (utf8, (gssize)size);
}

/* --- encoded words -----------------------------------------------------------------------------
 */

typedef struct {
  GString *out;
  GString *bytes;   /* decoded, of the words just read, of one charset: a character may be split */
  char charset[48]; /* theirs */
  gboolean pending; /* a word was the last */
  const char *last; /* (nullable) where the last "?=" is: no word ends behind it */
} Words;

static void
flush_words (Words *words)
{
  g_autoptr (GString) text = NULL;

  if (words->bytes->len == 0)
    return;
  text = mail_decode_bytes ((const guint8 *)words->bytes->str, words->bytes->len, words->charset);
  g_string_append_len (words->out, text->str, (gssize)text->len);
  g_string_truncate (words->bytes, 0);
}

static void
append_base64 (GString *out, const char *text, gsize length)
{
  g_autofree guint8 *decoded = g_malloc (length / 4 * 3 + 6);
  int state = 0;
  guint save = 0;
  gsize n = g_base64_decode_step (text, length, decoded, &state, &save);

  g_string_append_len (out, (const char *)decoded, (gssize)n);
}

static void
append_q (GString *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '=' && i + 2 < length + 0 && g_ascii_isxdigit (text[i + 1]) &&
        g_ascii_isxdigit (text[i + 2])) {
      g_string_append_c (out, (char)(g_ascii_xdigit_value (text[i + 1]) * 16 +
                                     g_ascii_xdigit_value (text[i + 2])));
      i += 2;
    } else {
      g_string_append_c (out, text[i] == '_' ? ' ' : text[i]);
    }
  }
}

/* "=?charset*language?Q?text?=" at `at`. The end of it; NULL when it is none. */
static const char *
read_word (Words *words, const char *at)
{
  const char *charset = at + 2;
  const char *charset_end = charset + strcspn (charset, "?");
  char name[sizeof words->charset];
  gsize name_bytes = MIN ((gsize)(charset_end - charset), sizeof name - 1);
  const char *text, *end;
  char encoding;

  if (charset_end == charset || charset_end - charset >= 64 || charset_end[0] == '\0' ||
      charset_end[1] == '\0' || charset_end[2] != '?')
    return NULL;
  encoding = g_ascii_tolower (charset_end[1]);
  text = charset_end + 3;
  if (words->last == NULL || text > words->last)
    return NULL;
  end = strstr (text, "?=");
  /* "=?utf-8?q?=41?=": the first "?=" may belong to the text */
  if (end == text && encoding == 'q' && text[2] != '\0' && g_ascii_isxdigit (text[2]))
    end = strstr (text + 2, "?=");
  if (end == NULL || (encoding != 'b' && encoding != 'q'))
    return NULL;
  memcpy (name, charset, name_bytes);
  name[name_bytes] = '\0';
  name[strcspn (name, "*")] = '\0';
  if (g_ascii_strcasecmp (name, words->charset) != 0) {
    flush_words (words);
    g_strlcpy (words->charset, name, sizeof words->charset);
  }
  if (encoding == 'b')
    append_base64 (words->bytes, text, (gsize)(end - text));
  else
    append_q (words->bytes, text, (gsize)(end - text));
  words->pending = TRUE;
  return end + 2;
}

/* (transfer full) */
static char *
decode_words (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) bytes = g_string_new (NULL);
  Words words = {.out = out, .bytes = bytes, .last = g_strrstr (text, "?=")};

  while (*text != '\0') {
    gsize space = words.pending ? strspn (text, " \t") : 0;
    const char *end =
        strncmp (text + space, "=?", 2) == 0 ? read_word (&words, text + space) : NULL;

    if (end != NULL) { /* space between two words goes */
      text = end;
      continue;
    }
    flush_words (&words);
    words.pending = FALSE;
    g_string_append_c (out, *text++);
  }
  flush_words (&words);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- values ------------------------------------------------------------------------------------
 */

/* Line ends go, the white space after them stays as one space (RFC 5322 2.2.3). (transfer full) */
static char *
unfold (const char *raw)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (; *raw != '\0'; raw++) {
    if (*raw == '\r' || *raw == '\n') {
      raw += strspn (raw, "\r\n \t");
      if (*raw != '\0')
        g_string_append_c (out, ' ');
      raw--;
    } else {
      g_string_append_c (out, *raw == '\t' ? ' ' : *raw);
    }
  }
  return g_strstrip (g_string_free (g_steal_pointer (&out), FALSE));
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar)*text >= 0x80 || *text == '\033')
      return FALSE;
  return TRUE;
}

/* Raw bytes, then words: words are ASCII in any charset. (transfer full) */
static char *
decode_value (const char *value, const char *charset)
{
  g_autoptr (GString) text = NULL;

  if (is_ascii (value))
    return decode_words (value);
  text = mail_decode_bytes ((const guint8 *)value, strlen (value), charset);
  return decode_words (text->str);
}

char *
mail_header_decode (const char *raw, const char *charset)
{
  g_autofree char *value = unfold (raw);

  return g_strstrip (decode_value (value, charset));
}

/* The quotes of "name" <address>, not those of "local part"@domain. (transfer full) */
static char *
strip_quotes (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text != '\0') {
    const char *end = text + 1;

    if (*text != '"') {
      g_string_append_c (out, *text++);
      continue;
    }
    while (*end != '\0' && *end != '"')
      end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    if (*end == '"' && end[1] == '@') {
      g_string_append_len (out, text, end + 1 - text);
    } else {
      for (const char *at = text + 1; at < end; at++) {
        at += *at == '\\' && at + 1 < end;
        g_string_append_c (out, *at);
      }
    }
    text = *end == '"' ? end + 1 : end;
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
mail_header_decode_addresses (const char *raw, const char *charset)
{
  g_autofree char *value = unfold (raw);
  g_autofree char *bare = strip_quotes (value);

  return g_strstrip (decode_value (bare, charset));
}

char *
mail_header_date (const char *raw)
{
  g_autofree char *value = unfold (raw);
  g_autoptr (GDateTime) date = g_mime_utils_header_decode_date (value);

  return date == NULL ? NULL : g_date_time_format_iso8601 (date);
}

/* --- parameters --------------------------------------------------------------------------------
 */

typedef struct {
  guint index;
  gboolean extended; /* percent-encoded; the first with charset'language' */
  char *value;
} Section;

static void
section_clear (gpointer data)
{
  g_free (((Section *)data)->value);
}

static int
compare_sections (gconstpointer a, gconstpointer b)
{
  const Section *x = a, *y = b;

  return x->index < y->index ? -1 : x->index > y->index;
}

/* A quoted string or what comes before the next ';'. (transfer full) */
static char *
read_value (const char **at)
{
  g_autoptr (GString) value = g_string_new (NULL);
  const char *text = *at + strspn (*at, " \t");

  if (*text == '"') {
    for (text++; *text != '\0' && *text != '"'; text++) {
      /* Windows paths come unescaped: only quote and backslash are escaped in earnest */
      if (*text == '\\' && (text[1] == '"' || text[1] == '\\'))
        text++;
      g_string_append_c (value, *text);
    }
    text += strcspn (text, ";");
  } else {
    gsize length = strcspn (text, ";");

    g_string_append_len (value, text, (gssize)length);
    text += length;
  }
  *at = text;
  return g_strstrip (g_string_free (g_steal_pointer (&value), FALSE));
}

/* "filename", "filename*", "filename*1", "filename*1*": is it of the parameter? */
static gboolean
match_attribute (const char *attribute, gsize length, const char *name, Section *section)
{
  gsize n = strlen (name);
  char *end;

  if (length < n || g_ascii_strncasecmp (attribute, name, n) != 0)
    return FALSE;
  *section = (Section){0};
  if (length == n)
    return TRUE;
  if (attribute[n] != '*')
    return FALSE;
  section->extended = attribute[length - 1] == '*';
  if (length > n + 1)
    section->index = (guint)MIN (g_ascii_strtoull (attribute + n + 1, &end, 10), SECTIONS_MAX);
  return TRUE;
}

/* (transfer full) (element-type Section) */
static GArray *
read_sections (const char *value, const char *name)
{
  GArray *sections = g_array_new (FALSE, TRUE, sizeof (Section));
  const char *at = value + strcspn (value, ";");

  g_array_set_clear_func (sections, section_clear);
  while (*at == ';' && sections->len < SECTIONS_MAX) {
    const char *attribute = at + 1 + strspn (at + 1, " \t");
    gsize length = strcspn (attribute, "=;");
    Section section;

    at = attribute + length;
    if (*at != '=')
      continue;
    at++;
    while (length > 0 && g_ascii_isspace (attribute[length - 1]))
      length--;
    if (match_attribute (attribute, length, name, &section)) {
      section.value = read_value (&at);
      g_array_append_val (sections, section);
    } else {
      g_free (read_value (&at));
    }
  }
  g_array_sort (sections, compare_sections);
  return sections;
}

static void
append_percent (GString *out, const char *text)
{
  for (; *text != '\0'; text++) {
    if (*text == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2])) {
      g_string_append_c (
          out, (char)(g_ascii_xdigit_value (text[1]) * 16 + g_ascii_xdigit_value (text[2])));
      text += 2;
    } else {
      g_string_append_c (out, *text);
    }
  }
}

char *
mail_header_parameter (const char *raw, const char *name, const char *charset)
{
  g_autofree char *value = unfold (raw);
  g_autoptr (GArray) sections = read_sections (value, name);
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree char *declared = NULL;
  gboolean extended = FALSE;

  if (sections->len == 0)
    return NULL;
  for (guint i = 0; i < sections->len; i++) {
    const Section *section = &g_array_index (sections, Section, i);
    const char *text = section->value;
    const char *first = strchr (text, '\''), *second = first ? strchr (first + 1, '\'') : NULL;

    /* "name=" and "name*=" for old and new readers: the latter says more */
    if (i > 0 && section->index == 0 && !section->extended)
      continue;
    if (section->index == 0)
      g_string_truncate (joined, 0);
    if (section->extended && section->index == 0 && second != NULL) {
      g_free (declared);
      declared = g_strndup (text, (gsize)(first - text));
      text = second + 1;
    }
    extended = extended || section->extended;
    if (section->extended)
      append_percent (joined, text);
    else
      g_string_append (joined, text);
  }
  if (extended) {
    GString *text = mail_decode_bytes ((const guint8 *)joined->str, joined->len, declared);

    return g_string_free (text, FALSE);
  }
  return decode_value (joined->str, charset);
}
