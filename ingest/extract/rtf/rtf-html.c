#include "rtf-html.h"

#include "ingest/extract/codepage.h"
#include "rtf-fonts.h"
#include "rtf-token.h"

#include <string.h>

#define DEPTH_MAX 512
#define HEAD_TOKENS 40

/* Of a group; the inner one begins with the outer one's. */
typedef struct {
  gboolean is_tag;     /* \*\htmltag: its content is HTML */
  gboolean is_skipped; /* any other destination */
  gboolean is_hidden;  /* \htmlrtf: for readers of RTF only */
  guint fallback;      /* characters that stand for one \u: \ucN */
  gint32 font;
} Group;

typedef struct {
  RtfTokens tokens;
  RtfFonts *fonts;
  Codepages *codepages;
  GString *html;
  GString *pending; /* bytes in the code page of the group */
  Group groups[DEPTH_MAX];
  guint depth;    /* of the group, from 0; where it is beyond the limit, the last is used */
  guint skip;     /* characters that stand for the last \u */
  gunichar lead;  /* first half of a surrogate pair */
  gboolean first; /* of the group: its destination comes now */
  gboolean starred;
} Unwrapper;

static Group *
group (Unwrapper *unwrapper)
{
  return &unwrapper->groups[MIN (unwrapper->depth, DEPTH_MAX - 1)];
}

/* Tags are written in the document's code page, text in that of its font (MS-OXRTFEX 2.2.3.1). */
static guint
code_page (Unwrapper *unwrapper)
{
  const Group *now = group (unwrapper);

  return rtf_fonts_code_page (unwrapper->fonts, now->is_tag ? -1 : now->font);
}

static void
flush (Unwrapper *unwrapper)
{
  if (unwrapper->pending->len > 0)
    codepages_append (unwrapper->codepages, code_page (unwrapper), unwrapper->pending->str,
                      unwrapper->pending->len, unwrapper->html);
  g_string_truncate (unwrapper->pending, 0);
}

static gboolean
is_wanted (Unwrapper *unwrapper)
{
  const Group *now = group (unwrapper);

  return now->is_tag || (!now->is_skipped && !now->is_hidden);
}

static void
put_bytes (Unwrapper *unwrapper, const void *text, gsize bytes)
{
  gsize skipped = MIN (bytes, unwrapper->skip);

  unwrapper->skip -= (guint)skipped;
  if (is_wanted (unwrapper))
    g_string_append_len (unwrapper->pending, (const char *)text + skipped,
                         (gssize)(bytes - skipped));
}

static void
put_text (Unwrapper *unwrapper, const char *text)
{
  if (!is_wanted (unwrapper))
    return;
  flush (unwrapper);
  g_string_append (unwrapper->html, text);
}

static void
put_unicode (Unwrapper *unwrapper, gint32 number)
{
  gunichar c = (guint16)number;

  unwrapper->skip = group (unwrapper)->fallback;
  if (!is_wanted (unwrapper))
    return;
  flush (unwrapper);
  if (c >= 0xd800 && c < 0xdc00) {
    unwrapper->lead = c;
    return;
  }
  if (c >= 0xdc00 && c < 0xe000)
    c = unwrapper->lead == 0 ? 0xfffd : 0x10000 + ((unwrapper->lead - 0xd800) << 10) + c - 0xdc00;
  unwrapper->lead = 0;
  g_string_append_unichar (unwrapper->html, c);
}

/* MS-OXRTFEX 2.1.3.1.3 and 2.2.2: what stands for text outside of tags, too. */
static const char *
text_of_word (const char *name, gboolean is_tag)
{
  static const struct {
    const char *name, *text, *in_tag;
  } words[] = {
      {"par", "\r\n", "\r\n"},
      {"line", "\r\n", "\r\n"},
      {"tab", "\t", "\t"},
      {"lquote", "&lsquo;", "\xe2\x80\x98"},
      {"rquote", "&rsquo;", "\xe2\x80\x99"},
      {"ldblquote", "&ldquo;", "\xe2\x80\x9c"},
      {"rdblquote", "&rdquo;", "\xe2\x80\x9d"},
      {"bullet", "&bull;", "\xe2\x80\xa2"},
      {"endash", "&ndash;", "\xe2\x80\x93"},
      {"emdash", "&mdash;", "\xe2\x80\x94"},
      {"emspace", "&emsp;", "\xe2\x80\x83"},
      {"enspace", "&ensp;", "\xe2\x80\x82"},
      {"zwj", "&zwj;", "\xe2\x80\x8d"},
      {"zwnj", "&zwnj;", "\xe2\x80\x8c"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].name, name) == 0)
      return is_tag ? words[i].in_tag : words[i].text;
  return NULL;
}

static gboolean
is_destination (const char *name)
{
  static const char *const names[] = {"fonttbl", "colortbl", "stylesheet", "info",
                                      "pict",    "object",   "header",     "footer"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      return TRUE;
  return FALSE;
}

static void
begin_destination (Unwrapper *unwrapper, const RtfToken *token)
{
  Group *now = group (unwrapper);

  if (strcmp (token->name, "htmltag") == 0) {
    now->is_tag = !now->is_skipped;
  } else if (strcmp (token->name, "fonttbl") == 0) {
    now->is_skipped = TRUE;
  } else if (unwrapper->starred || is_destination (token->name)) {
    now->is_tag = FALSE;
    now->is_skipped = TRUE;
  }
}

static void
take_word (Unwrapper *unwrapper, const RtfToken *token)
{
  Group *now = group (unwrapper);
  const char *text;

  if (unwrapper->skip > 0) {
    unwrapper->skip--;
    return;
  }
  if (strcmp (token->name, "u") == 0) {
    put_unicode (unwrapper, token->number);
  } else if (strcmp (token->name, "uc") == 0) {
    now->fallback = (guint)CLAMP (token->number, 0, 16);
  } else if (strcmp (token->name, "htmlrtf") == 0) {
    flush (unwrapper);
    now->is_hidden = !token->has_number || token->number != 0;
  } else if (strcmp (token->name, "f") == 0 || strcmp (token->name, "plain") == 0) {
    flush (unwrapper);
    now->font = *token->name == 'f' ? token->number : rtf_fonts_default (unwrapper->fonts);
  } else if ((text = text_of_word (token->name, now->is_tag)) != NULL) {
    put_text (unwrapper, text);
  }
}

static void
take_symbol (Unwrapper *unwrapper, guint8 symbol)
{
  gboolean is_tag = group (unwrapper)->is_tag;

  if (symbol == '*') {
    unwrapper->starred = TRUE;
  } else if (unwrapper->skip > 0) {
    unwrapper->skip--;
  } else if (strchr ("\\{}", symbol) != NULL) {
    put_bytes (unwrapper, &symbol, 1);
  } else if (symbol == '~') {
    put_text (unwrapper, is_tag ? "\xc2\xa0" : "&nbsp;");
  } else if (symbol == '-') {
    put_text (unwrapper, is_tag ? "\xc2\xad" : "&shy;");
  } else if (symbol == '_') {
    put_text (unwrapper, is_tag ? "\xe2\x80\x91" : "&#8209;");
  } else if (symbol == '\n' || symbol == '\r') {
    put_text (unwrapper, "\r\n");
  }
}

static void
open_group (Unwrapper *unwrapper)
{
  Group *outer = group (unwrapper);

  flush (unwrapper);
  unwrapper->depth++;
  *group (unwrapper) = *outer;
  unwrapper->skip = 0;
  unwrapper->first = TRUE;
  unwrapper->starred = FALSE;
}

static void
close_group (Unwrapper *unwrapper)
{
  flush (unwrapper);
  if (unwrapper->depth > 0)
    unwrapper->depth--;
  unwrapper->skip = 0;
  unwrapper->first = FALSE;
}

static void
take (Unwrapper *unwrapper, const RtfToken *token)
{
  switch (token->kind) {
  case RTF_TOKEN_OPEN:
    open_group (unwrapper);
    return;
  case RTF_TOKEN_CLOSE:
    close_group (unwrapper);
    return;
  case RTF_TOKEN_WORD:
    if (unwrapper->first)
      begin_destination (unwrapper, token);
    rtf_fonts_take (unwrapper->fonts, token, unwrapper->depth);
    take_word (unwrapper, token);
    break;
  case RTF_TOKEN_SYMBOL:
    take_symbol (unwrapper, token->symbol);
    if (token->symbol == '*')
      return;
    break;
  case RTF_TOKEN_HEX:
    put_bytes (unwrapper, &token->symbol, 1);
    break;
  case RTF_TOKEN_TEXT:
    put_bytes (unwrapper, token->text, token->bytes);
    break;
  case RTF_TOKEN_BINARY:
  case RTF_TOKEN_END:
    break;
  }
  unwrapper->first = FALSE;
}

gboolean
rtf_has_html (const guint8 *rtf, gsize bytes)
{
  RtfTokens tokens;
  RtfToken token;

  if (!rtf_is (rtf, bytes))
    return FALSE;
  rtf_tokens_init (&tokens, rtf, bytes);
  for (guint i = 0; i < HEAD_TOKENS && rtf_next (&tokens, &token) != RTF_TOKEN_END; i++)
    if (token.kind == RTF_TOKEN_WORD && strcmp (token.name, "fromhtml") == 0)
      return !token.has_number || token.number != 0;
  return FALSE;
}

GBytes *
rtf_to_html (GBytes *rtf)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (rtf, &bytes);
  g_autofree Unwrapper *unwrapper = NULL;
  RtfToken token;

  if (!rtf_has_html (data, bytes))
    return NULL;
  unwrapper = g_new0 (Unwrapper, 1);
  unwrapper->fonts = rtf_fonts_new ();
  unwrapper->codepages = codepages_new ();
  unwrapper->html = g_string_sized_new (bytes / 2);
  unwrapper->pending = g_string_new (NULL);
  unwrapper->groups[0] = (Group){.fallback = 1, .font = -1};
  rtf_tokens_init (&unwrapper->tokens, data, bytes);
  while (rtf_next (&unwrapper->tokens, &token) != RTF_TOKEN_END)
    take (unwrapper, &token);
  flush (unwrapper);
  g_string_free (unwrapper->pending, TRUE);
  codepages_free (unwrapper->codepages);
  rtf_fonts_free (unwrapper->fonts);
  return g_string_free_to_bytes (unwrapper->html);
}
