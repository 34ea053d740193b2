/* mail-header.h: what the headers of a message say (RFC 5322), as text for people.
 *
 * Not by GMime, which converts charsets with iconv: its tables are files, and the sandbox has none.
 */
#pragma once

#include <glib.h>

/* Bytes of that charset as UTF-8. charset: (nullable) as declared; without one, or where the bytes
 * contradict it, it is guessed. (transfer full) */
GString *mail_decode_bytes (const guint8 *data, gsize bytes, const char *charset);

/* A header's value: unfolded, encoded words (RFC 2047) decoded, also where they stand against its
 * rules; trimmed. charset: (nullable) of bytes above ASCII, where the message says. (transfer full)
 */
char *mail_header_decode (const char *raw, const char *charset);

/* The same for lists of addresses: without the quotes around names. (transfer full) */
char *mail_header_decode_addresses (const char *raw, const char *charset);

/* The parameter of that name of Content-Type or Content-Disposition, charset and continuations
 * (RFC 2231) resolved. NULL when there is none. (transfer full) (nullable) */
char *mail_header_parameter (const char *raw, const char *name, const char *charset);

/* A date header as ISO 8601 in its own zone: "2009-11-17T18:03:29-08:00". NULL when it is none.
 * (transfer full) (nullable) */
char *mail_header_date (const char *raw);
