#include "cmd-db-codegen.h"

#include "error.h"

#include <errno.h>
#include <stdio.h>

gboolean
db_codegen_command (DbConnection *connection, DbCodegenLanguage language, const char *output,
                    GError **error)
{
  g_autoptr (GString) code = g_string_new (NULL);
  g_autoptr (GError) failure = NULL;

  if (!db_codegen (connection, language, code, error))
    return FALSE;
  if (output == NULL) {
    if (fwrite (code->str, 1, code->len, stdout) == code->len && fflush (stdout) == 0)
      return TRUE;
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED, "standard output cannot be written: %s",
                 g_strerror (errno));
    return FALSE;
  }
  if (g_file_set_contents (output, code->str, (gssize)code->len, &failure))
    return TRUE;
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED, "%s cannot be written: %s", output,
               failure->message);
  return FALSE;
}
