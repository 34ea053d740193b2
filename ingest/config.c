#include "config.h"

#include "chunker/token-table.h"
#include "error.h"

#include <string.h>

typedef enum {
  TYPE_BOOL,
  TYPE_UINT,
  TYPE_UINT64,
  TYPE_TEXT,
  TYPE_PARTIAL,
  TYPE_UNIT,
  TYPE_TOKENIZER,
  TYPE_OCR,
} KeyType;

typedef struct {
  const char *group;
  const char *key;
  const char *environment;
  KeyType type;
  gsize offset; /* in Config */
  guint64 min;  /* numbers only */
  guint64 max;
  const char *help;
} Key;

#define AT(member) G_STRUCT_OFFSET (Config, member)
#define MIB (1024u * 1024u)

static const Key keys[] = {
    {"ingest", "user", "INGEST_USER", TYPE_TEXT, AT (user), 0, 0,
     "whose documents: UUID or e-mail address in auth.users"},
    {"ingest", "batch_bytes", "INGEST_BATCH_BYTES", TYPE_UINT64, AT (batch_bytes), 64 * 1024,
     1024u * MIB, "a transaction is closed when it holds this much text"},
    {"ingest", "batch_ms", "INGEST_BATCH_MS", TYPE_UINT, AT (batch_ms), 1, 600000,
     "or when it is this old, in milliseconds"},
    {"database", "allow_local", "INGEST_DATABASE_ALLOW_LOCAL", TYPE_BOOL, AT (db.allow_local), 0, 0,
     "accept a socket or loopback address in DATABASE_URL (tunnel, sidecar pooler, self-hosted)"},
    {"database", "connect_timeout_ms", "INGEST_DATABASE_CONNECT_TIMEOUT_MS", TYPE_UINT,
     AT (db.connect_timeout_ms), 100, 600000, "how long one attempt to connect may take"},
    {"database", "statement_timeout_ms", "INGEST_DATABASE_STATEMENT_TIMEOUT_MS", TYPE_UINT,
     AT (db.statement_timeout_ms), 0, 86400000, "how long one statement may take; 0: no limit"},
    {"extract", "max_file_bytes", "INGEST_EXTRACT_MAX_FILE_BYTES", TYPE_UINT64,
     AT (extract.max_file_bytes), 1, G_GUINT64_CONSTANT (1) << 40,
     "larger files are refused unread"},
    {"extract", "max_text_bytes", "INGEST_EXTRACT_MAX_TEXT_BYTES", TYPE_UINT64,
     AT (extract.max_text_bytes), 1024, 512u * MIB,
     "text beyond it is cut off: a partial document"},
    {"extract", "max_inflated_bytes", "INGEST_EXTRACT_MAX_INFLATED_BYTES", TYPE_UINT64,
     AT (extract.max_inflated_bytes), 1024, G_GUINT64_CONSTANT (1) << 40,
     "what a compressed file may become"},
    {"extract", "max_inflate_ratio", "INGEST_EXTRACT_MAX_INFLATE_RATIO", TYPE_UINT,
     AT (extract.max_inflate_ratio), 2, 100000, "and how many times its size, once past 1 MiB"},
    {"extract", "max_pages", "INGEST_EXTRACT_MAX_PAGES", TYPE_UINT, AT (extract.max_pages), 1,
     10000000, "pages beyond it are cut off: a partial document"},
    {"extract", "max_members", "INGEST_EXTRACT_MAX_MEMBERS", TYPE_UINT, AT (extract.max_members), 1,
     1000000,
     "documents inside of a file (attachments, an archive's members) beyond it are left out"},
    {"extract", "max_depth", "INGEST_EXTRACT_MAX_DEPTH", TYPE_UINT, AT (extract.max_depth), 1, 100,
     "how many files a document may be in, one in the other"},
    {"extract", "max_xml_depth", "INGEST_EXTRACT_MAX_XML_DEPTH", TYPE_UINT,
     AT (extract.max_xml_depth), 8, EXTRACT_XML_DEPTH_MAX,
     "how deep the elements of an office file may be in each other"},
    {"extract", "timeout_ms", "INGEST_EXTRACT_TIMEOUT_MS", TYPE_UINT, AT (extract.timeout_ms), 100,
     86400000, "how long one file may take; the text so far is kept from 3/4 of it on"},
    {"extract", "stall_ms", "INGEST_EXTRACT_STALL_MS", TYPE_UINT, AT (extract.stall_ms), 100,
     86400000, "and how long nothing may come of it"},
    {"extract", "cpu_ms", "INGEST_EXTRACT_CPU_MS", TYPE_UINT, AT (extract.cpu_ms), 100, 86400000,
     "and how much processor time it may take"},
    {"extract", "memory_mb", "INGEST_EXTRACT_MEMORY_MB", TYPE_UINT, AT (extract.memory_mb), 128,
     1048576, "address space of a worker"},
    {"extract", "ocr", "INGEST_EXTRACT_OCR", TYPE_OCR, AT (extract.ocr), 0, 0,
     "text in pictures: off, auto (where there is no other) or force (in small ones, too)"},
    {"extract", "max_ocr_pages", "INGEST_EXTRACT_MAX_OCR_PAGES", TYPE_UINT,
     AT (extract.max_ocr_pages), 1, 100000, "pages of one file that are read by OCR"},
    {"extract", "partial", "INGEST_EXTRACT_PARTIAL", TYPE_PARTIAL, AT (partial_fails), 0, 0,
     "what becomes of a document that was cut off: load or fail"},
    {"extract", "password_file", "INGEST_EXTRACT_PASSWORD_FILE", TYPE_TEXT, AT (password_file), 0,
     0, "file of passwords to try on encrypted files, one a line"},
    {"chunker", "unit", "INGEST_CHUNKER_UNIT", TYPE_UNIT, AT (chunker.unit), 0, 0,
     "what the sizes below count: tokens or characters"},
    {"chunker", "target", "INGEST_CHUNKER_TARGET", TYPE_UINT, AT (chunker.target), 1,
     CHUNKER_MAX_MAX, "the size that chunks are about, all included"},
    {"chunker", "max", "INGEST_CHUNKER_MAX", TYPE_UINT, AT (chunker.max), CHUNKER_MAX_MIN,
     CHUNKER_MAX_MAX, "the size that a chunk never exceeds, all included"},
    {"chunker", "min", "INGEST_CHUNKER_MIN", TYPE_UINT, AT (chunker.min), 0, CHUNKER_MAX_MAX,
     "smaller chunks are merged where they fit; 0: a quarter of the target"},
    {"chunker", "overlap", "INGEST_CHUNKER_OVERLAP", TYPE_UINT, AT (chunker.overlap), 0,
     CHUNKER_MAX_MAX, "at most so much of the chunk before is repeated, in whole sentences"},
    {"chunker", "context_prefix", "INGEST_CHUNKER_CONTEXT_PREFIX", TYPE_BOOL,
     AT (chunker.context_prefix), 0, 0, "put title and heading path before the text of each chunk"},
    {"chunker", "tokenizer", "INGEST_CHUNKER_TOKENIZER", TYPE_TOKENIZER, AT (tokenizer), 0, 0,
     "what a token is: cl100k_base or o200k_base (exactly as tiktoken), estimate (4 characters)"},
};

static const Key *
find_key (const char *group, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].group, group) == 0 && strcmp (keys[i].key, name) == 0)
      return &keys[i];
  return NULL;
}

static gboolean
group_is_known (const char *group)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].group, group) == 0)
      return TRUE;
  return FALSE;
}

static Config *
config_new (void)
{
  Config *config = g_new0 (Config, 1);

  config->db = (DbOptions)DB_OPTIONS_INIT;
  config->chunker = (ChunkerOptions)CHUNKER_OPTIONS_INIT;

  gsize table_bytes;
  gconstpointer table = token_table_linked (&table_bytes);
  token_counter_open_default (&config->tokenizer, table, table_bytes);
  config->chunker.counter = &config->tokenizer;
  config->extract = (ExtractLimits)EXTRACT_LIMITS_INIT;
  config->batch_bytes = 8 * MIB;
  config->batch_ms = 2000;
  return config;
}

void
config_free (Config *config)
{
  if (config == NULL)
    return;
  g_free (config->user);
  g_free (config->password_file);
  g_free (config->path);
  token_counter_clear (&config->tokenizer);
  g_free (config);
}

/* --- values -------------------------------------------------------------------------------- */

static const char *const ocr_names[] = {"off", "auto", "force"};

static gboolean
set_ocr (guint *ocr, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (ocr_names); i++)
    if (strcmp (text, ocr_names[i]) == 0) {
      *ocr = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_bool (const char *text, gboolean *value)
{
  static const char *const yes[] = {"true", "yes", "on", "1", NULL};
  static const char *const no[] = {"false", "no", "off", "0", NULL};

  *value = g_strv_contains (yes, text);
  return *value || g_strv_contains (no, text);
}

static gboolean
bad_value (const Key *key, const char *text, const char *where, const char *wanted, GError **error)
{
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "%s: [%s] %s = %s is not %s", where,
               key->group, key->key, text, wanted);
  return FALSE;
}

static gboolean
set_number (const Key *key, gpointer target, const char *text, const char *where, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, key->min, key->max, &number, NULL)) {
    g_autofree char *wanted = g_strdup_printf (
        "a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, key->min, key->max);
    return bad_value (key, text, where, wanted, error);
  }
  if (key->type == TYPE_UINT)
    *(guint *)target = (guint)number;
  else
    *(guint64 *)target = number;
  return TRUE;
}

static gboolean
set_tokenizer (const Key *key, TokenCounter *counter, const char *text, const char *where,
               GError **error)
{
  gsize table_bytes;
  gconstpointer table = token_table_linked (&table_bytes);
  g_autoptr (GError) reason = NULL;

  token_counter_clear (counter);
  if (token_counter_open (counter, text, table, table_bytes, &reason))
    return TRUE;
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "%s: [%s] %s: %s", where, key->group,
               key->key, reason->message);
  return FALSE;
}

static gboolean
set_value (Config *config, const Key *key, const char *text, const char *where, GError **error)
{
  gpointer target = G_STRUCT_MEMBER_P (config, key->offset);

  switch (key->type) {
  case TYPE_TEXT:
    g_free (*(char **)target);
    *(char **)target = *text != '\0' ? g_strdup (text) : NULL;
    return TRUE;
  case TYPE_BOOL:
    return parse_bool (text, target) || bad_value (key, text, where, "true or false", error);
  case TYPE_PARTIAL:
    if (strcmp (text, "load") != 0 && strcmp (text, "fail") != 0)
      return bad_value (key, text, where, "load or fail", error);
    *(gboolean *)target = strcmp (text, "fail") == 0;
    return TRUE;
  case TYPE_UNIT:
    return chunker_unit_from_name (text, target) ||
           bad_value (key, text, where, CHUNKER_UNIT_NAMES, error);
  case TYPE_OCR:
    return set_ocr (target, text) || bad_value (key, text, where, "off, auto or force", error);
  case TYPE_TOKENIZER:
    return set_tokenizer (key, target, text, where, error);
  default:
    return set_number (key, target, text, where, error);
  }
}

/* --- sources ------------------------------------------------------------------------------- */

static gboolean
read_group (Config *config, GKeyFile *file, const char *group, const char *path, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, group, NULL, NULL);

  if (!group_is_known (group)) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "%s: unknown group [%s]", path, group);
    return FALSE;
  }
  for (char **name = names; *name != NULL; name++) {
    const Key *key = find_key (group, *name);
    g_autofree char *value = g_key_file_get_value (file, group, *name, NULL);

    if (key == NULL) {
      g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "%s: unknown key %s in [%s]", path,
                   *name, group);
      return FALSE;
    }
    if (!set_value (config, key, g_strstrip (value), path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_file (Config *config, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) failure = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &failure)) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "%s cannot be read: %s", path,
                 failure->message);
    return FALSE;
  }

  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (!read_group (config, file, *group, path, error))
      return FALSE;
  config->path = g_strdup (path);
  return TRUE;
}

static gboolean
read_environment (Config *config, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    const char *value = g_getenv (keys[i].environment);
    if (value != NULL && *value != '\0' &&
        !set_value (config, &keys[i], value, keys[i].environment, error))
      return FALSE;
  }
  return TRUE;
}

/* (transfer full) (nullable) */
static char *
find_file (const char *given)
{
  const char *named = given ? given : g_getenv ("INGEST_CONFIG");

  if (named != NULL && *named != '\0')
    return g_strdup (named);

  g_autofree char *own =
      g_build_filename (g_get_user_config_dir (), "ingest", "pipeline.ini", NULL);
  const char *const places[] = {"pipeline.ini", own, "/etc/ingest/pipeline.ini"};
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_file_test (places[i], G_FILE_TEST_EXISTS))
      return g_strdup (places[i]);
  return NULL;
}

Config *
config_load (const char *path, GError **error)
{
  g_autoptr (Config) config = config_new ();
  g_autofree char *found = find_file (path);
  g_autoptr (GError) contradiction = NULL;

  if ((found != NULL && !read_file (config, found, error)) || !read_environment (config, error))
    return NULL;
  if (!chunker_options_check (&config->chunker, &contradiction)) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "[chunker] %s", contradiction->message);
    return NULL;
  }
  return g_steal_pointer (&config);
}

/* --- for people ---------------------------------------------------------------------------- */

/* (transfer full) */
static char *
value_text (const Config *config, const Key *key)
{
  gconstpointer target = G_STRUCT_MEMBER_P (config, key->offset);

  switch (key->type) {
  case TYPE_TEXT:
    return g_strdup (*(char *const *)target ? *(char *const *)target : "");
  case TYPE_BOOL:
    return g_strdup (*(const gboolean *)target ? "true" : "false");
  case TYPE_PARTIAL:
    return g_strdup (*(const gboolean *)target ? "fail" : "load");
  case TYPE_UNIT:
    return g_strdup (chunker_unit_name (*(const ChunkerUnit *)target));
  case TYPE_OCR:
    return g_strdup (ocr_names[MIN (*(const guint *)target, EXTRACT_OCR_FORCE)]);
  case TYPE_TOKENIZER:
    return g_strdup (((const TokenCounter *)target)->name);
  case TYPE_UINT:
    return g_strdup_printf ("%u", *(const guint *)target);
  default:
    return g_strdup_printf ("%" G_GUINT64_FORMAT, *(const guint64 *)target);
  }
}

void
config_describe (ConfigKeyFunc func, gpointer user_data)
{
  g_autoptr (Config) defaults = config_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *value = value_text (defaults, &keys[i]);
    func (keys[i].group, keys[i].key, keys[i].environment, value, keys[i].help, user_data);
  }
}
