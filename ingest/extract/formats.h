/* formats.h: which reader a file gets, decided by its content. */
#pragma once

#include "extract.h"

typedef struct {
  const char *name;  /* Document.format: "pdf", "html", "docx", ... */
  const char *title; /* for tables and errors: "PDF", "Word (docx)", ... */
  ExtractFormatFunc read;
  const char *names; /* usual file name endings: "docx docm dotx dotm" */
  const char *what;  /* what comes out, and what does not: one sentence of README's table */
} ExtractFormat;

/* All readers, ending with name NULL: --formats prints it, README.md has it. */
extern const ExtractFormat extract_formats[];

/* Loads what must be loaded before the sandbox is raised (libmagic's database, locale, gconv, ICU,
 * poppler's first document, language models). Called once, in main. Errors: EXTRACT_ERROR_WORKER.
 */
gboolean extract_warm_up (GError **error);

/* What libraries keep for the whole process. Before the first file. */
void extract_set_limits (const ExtractLimits *limits);

/* Sniffs the type, unpacks .gz, calls the reader, adds the detected language when the file declares
 * none. TRUE: a document, possibly without text. Errors: EXTRACT_ERROR, ..._LIMIT among them. */
gboolean extract_run (const ExtractInput *input, ExtractSink *sink, GError **error);

/* A helper's life (helpers.h), in its sandbox. Returns its exit code. */
int extract_help (int fd, const ExtractLimits *limits);

/* "1 poppler/22.12.0 libxml2/2.9.14 ...": changes whenever the same bytes may give other text.
 * (transfer full) */
char *extract_fingerprint (const ExtractLimits *limits);

gboolean extract_read_pdf (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_html (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_epub (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_xml (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_notebook (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_json (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_subtitles (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_code (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_latex (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_image (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_rst (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_org (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_markdown (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_text (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_gzip (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_docx (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_doc (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_ppt (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_rtf (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_pptx (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_odf (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_flat_odf (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_encrypted_office (const ExtractInput *input, ExtractSink *sink,
                                        GError **error);
gboolean extract_read_xlsx (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_xls (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_xlsb (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_ods (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_spreadsheetml (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_csv (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_eml (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_emlx (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_mbox (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_mht (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_calendar (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_archive (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_compressed (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_warc (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_msg (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_tnef (const ExtractInput *input, ExtractSink *sink, GError **error);
gboolean extract_read_smime (const ExtractInput *input, ExtractSink *sink, GError **error);
