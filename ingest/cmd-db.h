/* cmd-db.h: what the commands of `ingest db` have in common. */
#pragma once

#include "command.h"

typedef struct {
  CommonOptions common;
  gboolean yes;
  gboolean dry_run;
  char *schema_path;
  GStrv force;
  char *language;
  char *output_path;
} DbCommandOptions;

/* Each returns an exit code, or -1 with an error. */
typedef int (*DbCommandFunc) (const DbCommandOptions *options, GError **error);

/* Says first which database it will touch. (transfer full) */
DbConnection *db_command_connect (const DbCommandOptions *options, GError **error);

int cmd_db_push (const DbCommandOptions *options, GError **error);
int cmd_db_status (const DbCommandOptions *options, GError **error);
int cmd_db_deploy (const DbCommandOptions *options, GError **error);
int cmd_db_codegen (const DbCommandOptions *options, GError **error);
