#include "page-furniture.h"

#include <string.h>

/* "Page  of " and its like in other languages */
#define PAGE_WORDS_BYTES 16

/* Past a code of more than one letter: a font's name, its size, a colour. */
static const char *
skip_font (const char *at)
{
  if (*at == '"') {
    const char *close = strchr (at + 1, '"');

    return close == NULL ? at + strlen (at) : close + 1;
  }
  if (*at == 'K') {
    at++;
    for (guint i = 0; i < 6 && (g_ascii_isxdigit (*at) || *at == '+' || *at == '-'); i++)
      at++;
    return at;
  }
  while (g_ascii_isdigit (*at))
    at++;
  return at;
}

/* A part: what "&L", "&C" or "&R" began. */
typedef struct {
  GString *text;
  gboolean has_page; /* its number, or how many there are */
} Part;

/* The code after the '&'. */
static const char *
append_code (Part *part, const char *at, const char *sheet_name)
{
  switch (*at) {
  case '\0':
    return at;
  case '&':
    g_string_append_c (part->text, '&');
    return at + 1;
  case 'A':
    g_string_append (part->text, sheet_name);
    return at + 1;
  case 'P':
  case 'N':
    part->has_page = TRUE;
    /* "&P+1" */
    if ((at[1] == '+' || at[1] == '-') && g_ascii_isdigit (at[2]))
      return skip_font (at + 2);
    return at + 1;
  default:
    if (*at == '"' || *at == 'K' || g_ascii_isdigit (*at))
      return skip_font (at);
    /* a date, a file's name, an effect */
    return at + 1;
  }
}

/* What is "Page" without its number, or the sheet's name again, says nothing. */
static void
end_part (Part *part, GString *out, const char *sheet_name)
{
  char *text = g_strstrip (part->text->str);

  if (*text != '\0' && strcmp (text, sheet_name) != 0 &&
      !(part->has_page && strlen (text) <= PAGE_WORDS_BYTES))
    g_string_append_printf (out, "%s%s", out->len > 0 ? "\t" : "", text);
  g_string_truncate (part->text, 0);
  part->has_page = FALSE;
}

char *
page_furniture_text (const char *code, const char *sheet_name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GString *out = g_string_new (NULL);
  Part part = {.text = text};

  for (const char *at = code; *at != '\0';) {
    if (*at != '&') {
      g_string_append_c (text, *at++);
    } else if (at[1] == 'L' || at[1] == 'C' || at[1] == 'R') {
      end_part (&part, out, sheet_name);
      at += 2;
    } else {
      at = append_code (&part, at + 1, sheet_name);
    }
  }
  end_part (&part, out, sheet_name);
  return g_string_free (out, FALSE);
}
