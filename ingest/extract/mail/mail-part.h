/* mail-part.h: the parts of a message as GMime finds them, decoded by us.
 *
 * GMime knows where a part begins and ends and how it is encoded for transfer, in broken messages
 * too. What it would convert by iconv (headers, names, text) is taken raw: mail-header.h. */
#pragma once

#include "ingest/extract/extract.h"

#include <gmime/gmime.h>

/* GMime's objects are GObjects. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeMessage, g_object_unref)

/* The message that these bytes are; always one. (transfer full) */
GMimeMessage *mail_parse (GBytes *bytes);

/* Lower case: "text/plain". (transfer full) */
char *mail_part_type (GMimeObject *part);

/* The header as it stands, "" when there is none. Borrowed. */
const char *mail_part_header (GMimeObject *part, const char *name);

/* A parameter of its Content-Type. (transfer full) (nullable) */
char *mail_part_parameter (GMimeObject *part, const char *name);

/* The file name it goes by. (transfer full) (nullable) */
char *mail_part_name (GMimeObject *part);

gboolean mail_part_is_attachment (GMimeObject *part);

/* Its bytes, decoded for transfer. A part that has none has no bytes. (transfer full) */
GBytes *mail_part_bytes (GMimePart *part);

/* Its text as UTF-8. (transfer full) */
GString *mail_part_text (GMimePart *part);

/* The bytes of the message in it, headers and all. (transfer full) */
GBytes *mail_part_message_bytes (GMimeMessage *message);
