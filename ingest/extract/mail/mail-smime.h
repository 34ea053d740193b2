/* mail-smime.h: the message inside of an S/MIME message that is signed in one piece. */
#pragma once

#include <glib.h>

/* The content of CMS signed data (RFC 5652 5.1), in BER as mail has it. The signature is not
 * checked. NULL when it is anything else: encrypted, or damaged. (transfer full) (nullable) */
GBytes *mail_smime_content (GBytes *bytes);

/* TRUE for CMS in DER or BER: signed or enveloped data. */
gboolean mail_smime_is (const guint8 *data, gsize bytes);
