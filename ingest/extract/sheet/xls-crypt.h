/* xls-crypt.h: encrypted BIFF streams (MS-XLS 2.2.10, MS-OFFCRYPTO 2.3.5 and 2.3.6): RC4, by
 * CryptoAPI or without. What Excel only protects against writing is encrypted with a password that
 * everybody knows. */
#pragma once

#include "ingest/extract/extract.h"

/* Decrypts in place what follows the record FILEPASS, whose data is at `at`. passwords: (nullable)
 * to try. FALSE: none of them opens it, or it is encrypted in another way: EXTRACT_ERROR_ENCRYPTED.
 */
gboolean xls_decrypt (guint8 *stream, gsize bytes, gsize at, gsize length,
                      const char *const *passwords, GError **error);
