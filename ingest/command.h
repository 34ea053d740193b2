/* command.h: the commands of `ingest`, and what they have in common. */
#pragma once

#include "config.h"
#include "db/uuid.h"
#include "error.h"

typedef struct {
  const char *name;
  /* argv[0] is the command's name; returns an exit code, having reported its error. */
  int (*run) (int argc, char **argv);
  const char *arguments; /* for the list in --help */
  const char *summary;
} Command;

int cmd_add (int argc, char **argv);
int cmd_search (int argc, char **argv);
int cmd_stage (int argc, char **argv); /* extract, chunk, load */
int cmd_db (int argc, char **argv);

/* Options that every command with a database takes. */
typedef struct {
  char *config_path;
  char *user;
  gboolean local;
  gboolean json;
} CommonOptions;

void common_options_clear (CommonOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CommonOptions, common_options_clear)

/* Parses; `entries` (ends with {NULL}) are the command's own. *argc and *argv keep what is left.
 * description: what stands below the options in --help (nullable). */
gboolean command_parse (int *argc, char ***argv, const char *arguments, const char *summary,
                        const char *description, const GOptionEntry *entries, CommonOptions *common,
                        GError **error);

/* --local: starts the private cluster, pushes the schema where there is none. Otherwise
 * DATABASE_URL. The schema must be current. (transfer full) */
DbConnection *command_connect (const Config *config, const CommonOptions *common, GError **error);

/* --user, else INGEST_USER or [ingest] user, else with --local the demo user, else an error. */
gboolean command_user (DbConnection *connection, const Config *config, const CommonOptions *common,
                       Uuid *user, GError **error);

/* Reports the error on stderr, once, and gives its exit code. */
int command_fail (const GError *error);

/* exit_code, unless what was printed could not be written: then EXIT_FAILED, said on stderr. */
int command_finish (int exit_code);

/* The program `name` beside this one. (transfer full) */
char *command_sibling (const char *name);
