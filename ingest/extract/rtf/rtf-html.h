/* rtf-html.h: HTML that a mail program has wrapped in RTF (MS-OXRTFEX). */
#pragma once

#include <glib.h>

/* TRUE when `rtf` holds HTML (\fromhtml1 in its head). */
gboolean rtf_has_html (const guint8 *rtf, gsize bytes);

/* The HTML as it was before, in UTF-8 (whatever charset its <meta> names); NULL when there is none
 * in it. (transfer full) (nullable) */
GBytes *rtf_to_html (GBytes *rtf);
