/* mail-text.h: the text of a message as paragraphs. */
#pragma once

#include "ingest/extract/extract.h"

typedef struct {
  gboolean flowed; /* format=flowed (RFC 3676): lines that end in a space go on */
  gboolean delsp;  /* and that space is none */
} MailTextFormat;

/* Paragraphs are what blank lines part, and what a change of quotation does: quoted lines keep
 * their
 * "> " and stand apart from what is said about them. text: UTF-8. */
gboolean mail_text_read (const char *text, gsize bytes, const MailTextFormat *format,
                         ExtractSink *sink, GError **error);

/* text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as plain text. (transfer
 * full) */
GString *mail_text_from_enriched (const char *text, gsize bytes, gboolean is_richtext);

/* Do the words of `text` say (nearly) all that those of `other` say? Addresses of links aside. */
gboolean mail_text_covers (const char *text, const char *other);
