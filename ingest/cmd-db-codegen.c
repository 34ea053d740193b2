/* ingest db codegen: the live database's schema as C, TypeScript or drizzle. */
#include "cmd-db.h"

#include "db/codegen/codegen.h"
#include "db/push/schema.h"

#include <stdio.h>

/* To a file, which is written whole or not at all, or to standard output. */
static gboolean
write_code (const GString *code, const char *path, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (path == NULL) {
    fwrite (code->str, 1, code->len, stdout); /* what fails is told at the end of the command */
    return TRUE;
  }
  if (g_file_set_contents (path, code->str, (gssize)code->len, &failure))
    return TRUE;
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED, "%s cannot be written: %s", path,
               failure->message);
  return FALSE;
}

int
cmd_db_codegen (const DbCommandOptions *options, GError **error)
{
  DbCodegenLanguage language = DB_CODEGEN_C;
  g_autoptr (GString) code = g_string_new (NULL);

  if (options->language != NULL && !db_codegen_language_parse (options->language, &language, error))
    return -1;

  g_autoptr (DbConnection) connection = db_command_connect (options, error);
  g_auto (DbSchemaMark) mark = {0};

  if (connection == NULL || !db_schema_read_mark (connection, schema_built_in (), &mark, error))
    return -1;
  if (mark.state == DB_SCHEMA_MISSING) {
    db_schema_set_missing_error (connection, error);
    return -1;
  }
  return db_codegen (connection, language, code, error) &&
                 write_code (code, options->output_path, error)
             ? EXIT_OK
             : -1;
}
