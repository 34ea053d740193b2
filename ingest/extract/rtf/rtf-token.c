#include "rtf-token.h"

#include <string.h>

/* What ends a run of text. */
static const gboolean ends_text[256] = {
    ['\\'] = TRUE, ['{'] = TRUE, ['}'] = TRUE, ['\r'] = TRUE, ['\n'] = TRUE, ['\0'] = TRUE};

void
rtf_tokens_init (RtfTokens *tokens, const guint8 *data, gsize bytes)
{
  tokens->at = data;
  tokens->end = bytes == 0 ? data : data + bytes;
  tokens->binary = 0;
}

gboolean
rtf_is (const guint8 *data, gsize bytes)
{
  static const char start[] = "{\\rtf";
  gsize i = 0;

  if (bytes >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    i = 3;
  while (i < MIN (bytes, 1024) && g_ascii_isspace (data[i]))
    i++;
  return bytes - i >= sizeof start - 1 && memcmp (data + i, start, sizeof start - 1) == 0;
}

static void
read_number (RtfTokens *tokens, RtfToken *token)
{
  const guint8 *at = tokens->at;
  gboolean is_negative = at < tokens->end && *at == '-';
  gint64 value = 0;

  at += is_negative;
  if (at == tokens->end || !g_ascii_isdigit (*at))
    return;
  for (; at < tokens->end && g_ascii_isdigit (*at); at++)
    value = MIN (value * 10 + (*at - '0'), G_MAXINT32);
  token->has_number = TRUE;
  token->number = (gint32)(is_negative ? -value : value);
  tokens->at = at;
}

static RtfTokenKind
read_word (RtfTokens *tokens, RtfToken *token)
{
  gsize length = 0;

  for (; tokens->at < tokens->end && g_ascii_isalpha (*tokens->at); tokens->at++)
    if (length < RTF_NAME_MAX - 1)
      token->name[length++] = (char)*tokens->at;
  token->name[length] = '\0';
  token->has_number = FALSE;
  token->number = 0;
  read_number (tokens, token);
  if (tokens->at < tokens->end && *tokens->at == ' ')
    tokens->at++;
  if (strcmp (token->name, "bin") == 0 && token->number > 0)
    tokens->binary = (guint)token->number;
  return token->kind = RTF_TOKEN_WORD;
}

/* After \': two digits, or what there is of them. */
static RtfTokenKind
read_hex (RtfTokens *tokens, RtfToken *token)
{
  guint value = 0;

  for (guint i = 0; i < 2 && tokens->at < tokens->end && g_ascii_isxdigit (*tokens->at); i++)
    value = value << 4 | (guint)g_ascii_xdigit_value ((char)*tokens->at++);
  token->symbol = (guint8)value;
  return token->kind = RTF_TOKEN_HEX;
}

static RtfTokenKind
read_control (RtfTokens *tokens, RtfToken *token)
{
  if (tokens->at == tokens->end)
    return token->kind = RTF_TOKEN_END;
  if (g_ascii_isalpha (*tokens->at))
    return read_word (tokens, token);
  token->symbol = *tokens->at++;
  return token->symbol == '\'' ? read_hex (tokens, token) : (token->kind = RTF_TOKEN_SYMBOL);
}

static RtfTokenKind
read_binary (RtfTokens *tokens, RtfToken *token)
{
  token->text = tokens->at;
  token->bytes = MIN (tokens->binary, (gsize)(tokens->end - tokens->at));
  tokens->at += token->bytes;
  tokens->binary = 0;
  return token->kind = RTF_TOKEN_BINARY;
}

RtfTokenKind
rtf_next (RtfTokens *tokens, RtfToken *token)
{
  const guint8 *at = tokens->at, *end = tokens->end;

  if (tokens->binary > 0)
    return read_binary (tokens, token);
  while (at < end && (*at == '\r' || *at == '\n' || *at == '\0'))
    at++;
  token->text = at;
  while (at < end && !ends_text[*at])
    at++;
  if (at > token->text) {
    tokens->at = at;
    token->bytes = (gsize)(at - token->text);
    return token->kind = RTF_TOKEN_TEXT;
  }
  tokens->at = at;
  if (at == end)
    return token->kind = RTF_TOKEN_END;
  tokens->at++;
  if (*at == '\\')
    return read_control (tokens, token);
  return token->kind = *at == '{' ? RTF_TOKEN_OPEN : RTF_TOKEN_CLOSE;
}
