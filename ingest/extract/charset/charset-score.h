/* charset-score.h: which legacy charset a text is in, by what its bytes would say in each.
 *
 * Every charset is tried, and its text measured in bits: how long a code the letters would need in
 * the languages that the charset is for. The shortest wins. */
#pragma once

#include <glib.h>

/* sample: neither UTF-8 nor any other Unicode; some 32 KiB are looked at. A name that charset.h's
 * decoder knows; NULL when nothing above ASCII is in it. */
const char *charset_score_best (const guint8 *sample, gsize bytes);

/* One of the frequent Chinese, Japanese or Korean characters. */
gboolean charset_score_is_common (gunichar c);
