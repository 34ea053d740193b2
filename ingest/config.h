/* config.h: pipeline.ini, the environment and the defaults, as the options of each part.
 *
 * flag > environment > ini > default. The ini is the file named by --config or INGEST_CONFIG, else
 * ./pipeline.ini, else $XDG_CONFIG_HOME/ingest/pipeline.ini, else /etc/ingest/pipeline.ini. An
 * unknown group or key is an error. Each key has an environment variable: INGEST_GROUP_KEY, those
 * of [ingest] INGEST_KEY. Secrets are never in the ini.
 */
#pragma once

#include "chunker/chunker.h"
#include "db/connection.h"
#include "ingest/extract/extract.h"

typedef struct {
  DbOptions db;
  ChunkerOptions chunker;
  TokenCounter tokenizer; /* what chunker.counter points to */
  ExtractLimits extract;
  char *password_file;    /* (nullable) to try on encrypted files, one password a line */
  gboolean partial_fails; /* a document cut off at a soft limit is a failure */
  guint64 batch_bytes;    /* a transaction is closed when it holds this much, or */
  guint batch_ms;         /* is this old */
  char *user;             /* (nullable) UUID or e-mail address */
  char *path;             /* (nullable) the ini that was read */
} Config;

/* path: --config, or NULL. Errors: INGEST_ERROR_USAGE, naming file, group and key. */
Config *config_load (const char *path, GError **error);
void config_free (Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Config, config_free)

/* For the README's table and pipeline.ini: one line of each key. */
typedef void (*ConfigKeyFunc) (const char *group, const char *key, const char *environment,
                               const char *value, const char *help, gpointer user_data);
void config_describe (ConfigKeyFunc func, gpointer user_data);
