/* mail-body.h: what a message says, out of its tree of parts. */
#pragma once

#include "mail-part.h"

/* Reads the best of alternatives, the texts of the others in order; what is a document of its own
 * (attachments, messages in it) becomes a member. input: of the message. */
gboolean mail_body_read (const ExtractInput *input, GMimeObject *body, ExtractSink *sink,
                         GError **error);
