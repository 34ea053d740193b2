/* latex-scan.h: arguments, comments and blanks of LaTeX. Each function looks from `at` up to `end`,
 * never further than some 16 KiB. */
#pragma once

#include <glib.h>

const char *latex_skip_blanks (const char *at, const char *end);

/* Behind the brace that closes the one at `at`; NULL: it is too far, or there is none. */
const char *latex_matching_brace (const char *at, const char *end);

/* Behind "[...]"; `at` itself where there is none. */
const char *latex_skip_optional (const char *at, const char *end);

/* An argument: what braces hold, otherwise a command or a character. Behind it. */
const char *latex_read_argument (const char *at, const char *end, const char **start, gsize *bytes);

/* Behind a star and n arguments, with the optional ones among them. */
const char *latex_skip_arguments (const char *at, const char *end, guint n);

/* "%": to the end of the line, with the blanks that the next begins with. */
const char *latex_skip_comment (const char *at, const char *end);

/* Is the line behind the line end at `at` blank? */
gboolean latex_is_blank_line (const char *at, const char *end);
