/* mail-lines.h: the lines of a message before it is parsed: is it one, where does it begin. */
#pragma once

#include <glib.h>

/* How sure the first lines are to be a message's headers: 0 no, 1 some header, 3 and more surely.
 */
guint mail_lines_score (const guint8 *data, gsize bytes);

/* Is the line at `at` a header: "Name: "? */
gboolean mail_lines_is_header (const guint8 *at, const guint8 *end);

/* Is the line the one that begins a message in a mailbox: "From ann@example.org Mon Jun  1 ..."? */
gboolean mail_lines_is_from (const guint8 *at, const guint8 *end);

/* The start of the next line; end at the end. */
const guint8 *mail_lines_next (const guint8 *at, const guint8 *end);

/* The next message of a mailbox from `at` on, which is where one begins: its end, or `end`. */
const guint8 *mail_lines_message_end (const guint8 *at, const guint8 *end);

/* The value of a header in the head of a message, unfolded no further. (transfer full) (nullable)
 */
char *mail_lines_header (const guint8 *data, gsize bytes, const char *name);

/* The bytes, or for a message stored in UTF-16 or UTF-32, as some programs do, the same in UTF-8;
 * from there on a byte order mark is none of it. (transfer full) */
GBytes *mail_lines_narrow (GBytes *bytes);
