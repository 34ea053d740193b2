/* sniff.h: what a file is, by its content. Name and declared type only choose among what the
 * content allows. */
#pragma once

#include "extract.h"

typedef enum {
  SNIFF_EMPTY,
  SNIFF_GZIP,
  SNIFF_PDF,
  SNIFF_HTML,
  SNIFF_XML,
  SNIFF_MARKDOWN,
  SNIFF_TEXT,
  SNIFF_UNSUPPORTED,
} SniffKind;

typedef struct {
  SniffKind kind;
  char mime_type[96];
  char description[160]; /* of what is unsupported: "PNG image data" */
} Sniff;

/* Loads libmagic's database. Once, before the sandbox. Errors: EXTRACT_ERROR_WORKER. */
gboolean sniff_warm_up (GError **error);

void sniff (const guint8 *data, gsize bytes, const char *name, const char *declared, Sniff *found);

/* The version of libmagic: "544". */
int sniff_magic_version (void);
