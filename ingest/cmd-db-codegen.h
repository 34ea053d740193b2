/* cmd-db-codegen.h: `ingest db codegen`: the live database's schema as C, TypeScript or drizzle. */
#pragma once

#include "db/codegen.h"

/* output: a file, which is written whole or not at all; NULL: stdout. */
gboolean db_codegen_command (DbConnection *connection, DbCodegenLanguage language,
                             const char *output, GError **error);
