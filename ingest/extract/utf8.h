/* utf8.h: is it UTF-8? As g_utf8_validate_len tells it, some times as fast where the text is mostly
 * ASCII: each text is asked several times on its way from the file into the document. */
#pragma once

#include <glib.h>

/* FALSE: `*end` (optional) is where the first sequence begins that is none, or NUL. TRUE: it is the
 * end of the text. */
gboolean utf8_is_valid (const char *text, gsize bytes, const char **end);
