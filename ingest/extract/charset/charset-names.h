/* charset-names.h: what people mean by the name of a charset. */
#pragma once

#include <unicode/ucnv.h>

#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UConverter, ucnv_close)

/* ICU's converter of that name; NULL when it has none. (transfer full) */
UConverter *charset_open_icu (const char *name);

/* A callback of ucnv_setToUCallBack: U+FFFD for what cannot be decoded. context: guint64, counts.
 */
void charset_count_and_substitute (const void *context, UConverterToUnicodeArgs *args,
                                   const char *units, int32_t length,
                                   UConverterCallbackReason reason, UErrorCode *status);
