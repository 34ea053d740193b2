/* mail-choice.h: plain text or HTML, where a message has both. */
#pragma once

#include "ingest/extract/extract.h"

/* Is there more in the HTML (UTF-8) than in the plain text (UTF-8): words, or a table? */
gboolean mail_choice_html_says_more (const ExtractInput *input, const char *plain,
                                     const GString *html);

/* Reads HTML (UTF-8) in the place where it stands. input: of the message. */
gboolean mail_choice_read_html (const ExtractInput *input, const GString *html, ExtractSink *sink,
                                GError **error);
