#include "html-links.h"

#include <string.h>

#define PROSE_BYTES 80 /* less is no prose */
#define LINKS_MAX 50   /* of a paragraph */
#define HREF_MAX 500

struct HtmlLinks {
  GPtrArray *hrefs; /* (element-type utf8) */
  gsize bytes;      /* of text within links */
  gsize begin;
  gboolean is_open;
};

HtmlLinks *
html_links_new (void)
{
  HtmlLinks *links = g_new0 (HtmlLinks, 1);

  links->hrefs = g_ptr_array_new_with_free_func (g_free);
  return links;
}

void
html_links_free (HtmlLinks *links)
{
  if (links != NULL)
    g_ptr_array_unref (links->hrefs);
  g_free (links);
}

void
html_links_clear (HtmlLinks *links)
{
  g_ptr_array_set_size (links->hrefs, 0);
  links->bytes = 0;
  links->begin = 0;
}

/* The address without what people leave out; NULL when it is not one for the outside. */
static const char *
bare_address (const char *href)
{
  static const char *const schemes[] = {"https://", "http://", "ftp://", "mailto:"};

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (href, schemes[i], strlen (schemes[i])) == 0)
      return href + strlen (schemes[i]);
  return NULL;
}

void
html_links_begin (HtmlLinks *links, const char *href, gsize at)
{
  links->is_open = TRUE;
  links->begin = at;
  if (href != NULL && bare_address (href) != NULL && strlen (href) <= HREF_MAX &&
      links->hrefs->len < LINKS_MAX)
    g_ptr_array_add (links->hrefs, g_strdup (href));
}

void
html_links_end (HtmlLinks *links, gsize at)
{
  if (links->is_open && at > links->begin)
    links->bytes += at - links->begin;
  links->is_open = FALSE;
}

/* Is it in the text, as an address or behind an earlier link? */
static gboolean
is_known (const GString *text, const char *href)
{
  g_autofree char *bare = g_strdup (bare_address (href));
  gsize length = strcspn (bare, "?");

  if (length > 0 && bare[length - 1] == '/')
    length--;
  bare[length] = '\0';
  return strstr (text->str, g_str_has_prefix (bare, "www.") ? bare + 4 : bare) != NULL;
}

void
html_links_append (const HtmlLinks *links, GString *text)
{
  if (text->len < PROSE_BYTES || links->bytes * 2 > text->len)
    return;
  while (text->len > 0 && g_ascii_isspace (text->str[text->len - 1]))
    g_string_truncate (text, text->len - 1);
  for (guint i = 0; i < links->hrefs->len; i++) {
    const char *href = g_ptr_array_index (links->hrefs, i);

    if (!is_known (text, href))
      g_string_append_printf (text, "\n%s", href);
  }
}
