/* sniff.h: what a file is, by its content. Name and declared type only choose among what the
 * content allows.
 *
 * Each family of formats has its sniffer (a SniffFunc, in the family's folder); sniff.c asks them
 * in order: signatures first, then looks at text.
 */
#pragma once

#include "extract.h"

typedef struct {
  const char *format; /* the name in extract_formats; NULL: no reader */
  char mime_type[96];
  char description[160]; /* of what has no reader: "PNG image data" */
} Sniff;

typedef struct {
  const guint8 *data;
  gsize bytes;
  const char *name;     /* hint; "" when unknown */
  const char *declared; /* hint: MIME type; "" when unknown */
  const char *head;     /* (nullable) the first 4 KiB as UTF-8; NULL where no charset makes text */
} SniffInput;

/* TRUE when it is found. */
typedef gboolean (*SniffFunc) (const SniffInput *input, Sniff *found);

/* Loads libmagic's database. Once, before the sandbox. Errors: EXTRACT_ERROR_WORKER. */
gboolean sniff_warm_up (GError **error);

/* Asks all. bytes > 0. */
void sniff (const guint8 *data, gsize bytes, const char *name, const char *declared, Sniff *found);

/* The version of libmagic: "544". */
int sniff_magic_version (void);

/* --- for sniffers ------------------------------------------------------------------------------
 */

/* Fills `found`; always TRUE. format: static. */
gboolean sniff_found (Sniff *found, const char *format, const char *mime_type);

/* suffixes: lower case, without dot, ending with NULL. */
gboolean sniff_has_suffix (const SniffInput *input, const char *const *suffixes);

/* The declared type, parameters aside. */
gboolean sniff_is_declared (const SniffInput *input, const char *mime_type);

gboolean sniff_zip (const SniffInput *input, Sniff *found);
gboolean sniff_rtf (const SniffInput *input, Sniff *found);
gboolean sniff_ole (const SniffInput *input, Sniff *found);
gboolean sniff_archive (const SniffInput *input, Sniff *found);
gboolean sniff_mail (const SniffInput *input, Sniff *found);

/* By its name only: for what nothing else knows. */
gboolean sniff_headless_package (const SniffInput *input, Sniff *found);
gboolean sniff_ole (const SniffInput *input, Sniff *found);
gboolean sniff_flat_odf (const SniffInput *input, Sniff *found);
gboolean sniff_markup (const SniffInput *input, Sniff *found);
gboolean sniff_image (const SniffInput *input, Sniff *found);
gboolean sniff_text_kind (const SniffInput *input, Sniff *found);
gboolean sniff_biff (const SniffInput *input, Sniff *found);
gboolean sniff_sheet_markup (const SniffInput *input, Sniff *found);
gboolean sniff_csv (const SniffInput *input, Sniff *found);
