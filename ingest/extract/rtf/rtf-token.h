/* rtf-token.h: RTF as a sequence of tokens (Word 2007 RTF specification 1.9.1, "RTF syntax"). */
#pragma once

#include <glib.h>

typedef enum {
  RTF_TOKEN_END,
  RTF_TOKEN_OPEN,   /* { */
  RTF_TOKEN_CLOSE,  /* } */
  RTF_TOKEN_WORD,   /* \name or \name-12 and the blank after it */
  RTF_TOKEN_SYMBOL, /* \~ and the like: `symbol` */
  RTF_TOKEN_HEX,    /* \'e4: `symbol` is the byte */
  RTF_TOKEN_TEXT,   /* without line ends, which mean nothing */
  RTF_TOKEN_BINARY, /* what follows \binN */
} RtfTokenKind;

/* Names are cut to so many bytes; the specification has none over 32. */
#define RTF_NAME_MAX 40

typedef struct {
  RtfTokenKind kind;
  char name[RTF_NAME_MAX]; /* of a word */
  gboolean has_number;
  gint32 number; /* 0 without one */
  guint8 symbol;
  const guint8 *text; /* of text and binary; borrowed */
  gsize bytes;
} RtfToken;

typedef struct {
  const guint8 *at, *end;
  guint binary; /* bytes that are binary from here */
} RtfTokens;

void rtf_tokens_init (RtfTokens *tokens, const guint8 *data, gsize bytes);

/* The next token; RTF_TOKEN_END for ever after the last. Never fails: what is not RTF is text. */
RtfTokenKind rtf_next (RtfTokens *tokens, RtfToken *token);

/* TRUE when it begins as RTF does, white space aside. */
gboolean rtf_is (const guint8 *data, gsize bytes);
