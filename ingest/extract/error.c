/* error.c: the codes' names, and the errors that readers and the parent share. */
#include "extract.h"

GQuark
extract_error_quark (void)
{
  return g_quark_from_static_string ("extract-error");
}

static const char *const code_names[] = {
    [EXTRACT_ERROR_ENCRYPTED] = "encrypted",
    [EXTRACT_ERROR_CORRUPT] = "corrupt",
    [EXTRACT_ERROR_UNSUPPORTED] = "unsupported",
    [EXTRACT_ERROR_BOMB] = "bomb",
    [EXTRACT_ERROR_TOO_LARGE] = "too_large",
    [EXTRACT_ERROR_TIMEOUT] = "timeout",
    [EXTRACT_ERROR_MEMORY] = "out_of_memory",
    [EXTRACT_ERROR_CRASH] = "crash",
    [EXTRACT_ERROR_PROTOCOL] = "protocol",
    [EXTRACT_ERROR_READ] = "read",
    [EXTRACT_ERROR_LIMIT] = "limit",
    [EXTRACT_ERROR_WORKER] = "worker",
    [EXTRACT_ERROR_NEEDS_OCR] = "needs_ocr",
};

const char *
extract_code_name (ExtractCode code)
{
  g_return_val_if_fail (code >= EXTRACT_ERROR_ENCRYPTED && code < G_N_ELEMENTS (code_names), NULL);
  return code_names[code];
}

gboolean
extract_limit_error (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT, message);
  return FALSE;
}
