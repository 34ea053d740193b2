#include "pipeline.h"

#include "error.h"
#include "source-file.h"

#include "chunker/file-name.h"
#include "chunker/members.h"
#include "db/file.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* files open at once, and asked about in one look-up */
#define GROUP_MAX 128
#define TICK_MS 200

/* A file on its way; lives until it is reported. */
typedef struct {
  const char *path;
  SourceFile *source;
  DbKnown known;
  gint64 elapsed_us;
} Job;

typedef struct {
  const Pipeline *pipeline;
  DbBatch *batch;
  char *fingerprint;    /* of extractor and chunker */
  GHashTable *names;    /* name -> path, of this command */
  gint64 batch_born_us; /* when its first item came */
  gboolean wrote;       /* something was committed */
  guint done;
  guint total;
} Run;

static void
progress (const Run *run, const char *stage, const char *path)
{
  const Pipeline *pipeline = run->pipeline;

  if (pipeline->progress != NULL)
    pipeline->progress (stage, path, run->done, run->total, pipeline->user_data);
}

static void
report (Run *run, const Report *what)
{
  run->done += what->item == NULL || what->item->container == NULL;
  run->pipeline->report (what, run->pipeline->user_data);
}

static void
report_failure (Run *run, const char *path, const char *code, const char *message)
{
  Report failed = {
      .path = path,
      .result = REPORT_FAILED,
      .folder = run->pipeline->folder_path,
      .error_code = code,
      .error_message = message,
  };

  report (run, &failed);
}

static void
job_clear (gpointer data)
{
  Job *job = data;

  source_file_free (job->source);
  db_known_clear (&job->known);
}

/* --- commit -------------------------------------------------------------------------------- */

/* What a committed item still needs for its report. */
typedef struct {
  char *path;
  gint64 elapsed_us;
} Tag;

static void
tag_free (gpointer data)
{
  Tag *tag = data;

  g_free (tag->path);
  g_free (tag);
}

/* A member's path is the file's with the place in it. (transfer full) */
static Tag *
new_tag (const Job *job, const DbItem *item, gint64 elapsed_us)
{
  const char *place = item->container != NULL ? item->name + strlen (item->container) : "";
  Tag *tag = g_new (Tag, 1);

  tag->path = g_strconcat (job->path, place, NULL);
  tag->elapsed_us = elapsed_us;
  return tag;
}

static void
report_loaded (const DbItem *item, const Uuid *id, DbLoaded loaded, gpointer data,
               gpointer user_data)
{
  const Tag *tag = data;
  Report what = report_of_loaded (item, id, loaded);

  what.path = tag->path;
  what.elapsed_us = tag->elapsed_us;
  report (user_data, &what);
}

static gboolean
commit (Run *run, GError **error)
{
  if (db_batch_length (run->batch) == 0)
    return TRUE;
  progress (run, "loading", NULL);
  run->wrote = TRUE;
  return db_batch_commit (run->batch, report_loaded, run, error);
}

static gboolean
commit_if_due (Run *run, GError **error)
{
  const Config *config = run->pipeline->config;
  gint64 age_us = g_get_monotonic_time () - run->batch_born_us;

  if (db_batch_bytes (run->batch) < config->batch_bytes &&
      (db_batch_length (run->batch) == 0 || age_us < (gint64)config->batch_ms * 1000))
    return TRUE;
  return commit (run, error);
}

/* --- one file ------------------------------------------------------------------------------ */

/* As extract_client_run, with the progress line kept alive. (transfer full) */
static Document *
extract (Run *run, const Job *job, GError **error)
{
  const Pipeline *pipeline = run->pipeline;
  char owner[UUID_TEXT_BYTES];
  ExtractJob what = {
      .owner = owner,
      .name = job->source->name,
      .declared = pipeline->mime_hint,
      .fd = job->source->fd,
      .size_bytes = job->source->size_bytes,
  };

  uuid_format (&pipeline->user, owner);
  progress (run, "extracting", job->path);
  if (!extract_client_start (pipeline->client, &what, error))
    return NULL;
  while (!extract_client_pump (pipeline->client)) {
    int left_ms = extract_client_timeout_ms (pipeline->client);
    struct pollfd poll_fd = {.fd = extract_client_fd (pipeline->client), .events = POLLIN};

    if (poll (&poll_fd, 1, left_ms < 0 ? TICK_MS : MIN (left_ms, TICK_MS)) == 0)
      progress (run, "extracting", job->path);
  }
  return extract_client_take (pipeline->client, error);
}

/* Chunks, or why there are none. */
static void
finish_item (const Run *run, DbItem *item)
{
  const Config *config = run->pipeline->config;
  g_autoptr (GError) failure = NULL;

  if (item->document->error_code != NULL) {
    g_autofree char *code = g_strdup (item->document->error_code);
    g_autofree char *message = g_strdup (item->document->error_message);
    db_item_fail (item, code, message);
  } else if (item->document->partial != NULL && config->partial_fails) {
    g_autofree char *reason = g_strdup (item->document->partial);
    db_item_fail (item, "partial", reason);
  } else if (!chunker_run (item->document, &config->chunker, db_item_add_chunk, item, &failure)) {
    db_item_fail (item, "chunker", failure->message);
  }
}

/* document: (transfer full) (nullable). (transfer full) */
static DbItem *
new_item (const Run *run, const Job *job, const char *name, Document *document)
{
  DbItem *item = db_item_new (run->pipeline->folder_path, name, document);

  item->fingerprint = g_strdup (run->fingerprint);
  item->size_bytes = job->source->size_bytes;
  db_item_set_mtime (item, job->source->mtime_us);
  memcpy (item->checksum, job->source->checksum, sizeof item->checksum);
  return item;
}

/* member: (transfer full). (transfer full) */
static DbItem *
member_item (const Run *run, const Job *job, Document *member)
{
  DbItem *item = new_item (run, job, member->name, member);

  item->container = g_strdup (job->source->name);
  /* of one that could not be got at the file's checksum says which it was */
  item->size_bytes = 0;
  if (member->checksum != NULL) {
    db_item_set_checksum (item, member->checksum);
    item->size_bytes = member->size_bytes;
  }
  finish_item (run, item);
  return item;
}

/* The file's document with its chunks, or as failed, then those of its members. NULL: this is no
 * fault of the file's, stop. (transfer full) (element-type DbItem) */
static GPtrArray *
make_items (Run *run, const Job *job, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify)db_item_free);
  g_autoptr (GError) failure = NULL;
  Document *document = extract (run, job, &failure);
  DbItem *file;

  if (document == NULL && g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_WORKER)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }

  g_autoptr (GPtrArray) members = document != NULL ? members_take (document) : g_ptr_array_new ();
  file = new_item (run, job, job->source->name, document);
  g_ptr_array_add (items, file);
  if (document == NULL)
    db_item_fail (file, extract_code_name ((ExtractCode)failure->code), failure->message);
  else
    finish_item (run, file);
  for (guint i = 0; i < members->len; i++) {
    Document *member = g_ptr_array_index (members, i);

    members->pdata[i] = NULL;
    g_ptr_array_add (items, member_item (run, job, member));
  }
  return g_steal_pointer (&items);
}

static gboolean
is_unchanged (const Run *run, const Job *job)
{
  const DbKnown *known = &job->known;

  return db_known_is_completed (known) && known->has_checksum &&
         memcmp (known->checksum, job->source->checksum, DB_CHECKSUM_BYTES) == 0 &&
         g_strcmp0 (known->fingerprint, run->fingerprint) == 0;
}

static void
report_unchanged (Run *run, const Job *job)
{
  Report what = {
      .path = job->path,
      .result = REPORT_UNCHANGED,
      .id = &job->known.id,
      .folder = run->pipeline->folder_path,
      .page_count = (guint)job->known.page_count,
      .elapsed_us = job->elapsed_us,
  };

  report (run, &what);
}

static gboolean
process (Run *run, Job *job, GError **error)
{
  gint64 start_us = g_get_monotonic_time ();

  if (is_unchanged (run, job)) {
    report_unchanged (run, job);
    return TRUE;
  }

  g_autoptr (GPtrArray) items = make_items (run, job, error);
  if (items == NULL)
    return FALSE;
  if (source_file_has_changed (job->source)) {
    report_failure (run, job->path, extract_code_name (EXTRACT_ERROR_READ),
                    "it changed while it was read; run again when it is complete");
    return TRUE;
  }

  g_autofree gpointer *tags = g_new (gpointer, items->len);
  for (guint i = 0; i < items->len; i++)
    tags[i] = new_tag (job, g_ptr_array_index (items, i),
                       i == 0 ? job->elapsed_us + g_get_monotonic_time () - start_us : 0);
  if (db_batch_length (run->batch) == 0)
    run->batch_born_us = g_get_monotonic_time ();
  return db_file_add (run->batch, run->pipeline->connection, &run->pipeline->user, items,
                      &job->known, tags, tag_free, error) &&
         commit_if_due (run, error);
}

/* --- a group ------------------------------------------------------------------------------- */

/* FALSE: reported already. */
static gboolean
open_job (Run *run, Job *job)
{
  g_autoptr (GError) failure = NULL;
  gint64 start_us = g_get_monotonic_time ();

  progress (run, "reading", job->path);
  job->source =
      source_file_open (job->path, run->pipeline->config->extract.max_file_bytes, &failure);
  if (job->source == NULL) {
    report_failure (run, job->path, extract_code_name (EXTRACT_ERROR_READ), failure->message);
    return FALSE;
  }

  const char *other = g_hash_table_lookup (run->names, job->source->name);
  if (other != NULL) {
    g_autofree char *shown = file_name_printable (other);
    g_autofree char *message = g_strdup_printf (
        "it has the name of %s, which this command loads into the same folder; rename it, or load "
        "it into another folder",
        shown);
    report_failure (run, job->path, "name_taken", message);
    return FALSE;
  }
  g_hash_table_insert (run->names, g_strdup (job->source->name), g_strdup (job->path));
  job->elapsed_us = g_get_monotonic_time () - start_us;
  return TRUE;
}

static gboolean
look_up (Run *run, GArray *jobs, GError **error)
{
  g_autofree DbKnown *known = g_new0 (DbKnown, jobs->len);

  progress (run, "looking up", NULL);
  for (guint i = 0; i < jobs->len; i++) {
    known[i].folder_path = run->pipeline->folder_path;
    known[i].name = g_array_index (jobs, Job, i).source->name;
  }
  if (!db_lookup (run->pipeline->connection, &run->pipeline->user, known, jobs->len, error))
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    g_array_index (jobs, Job, i).known = known[i];
  return TRUE;
}

static gboolean
process_group (Run *run, const char *const *paths, guint n_paths, GError **error)
{
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (Job));

  g_array_set_clear_func (jobs, job_clear);
  for (guint i = 0; i < n_paths; i++) {
    Job job = {.path = paths[i]};
    if (open_job (run, &job))
      g_array_append_val (jobs, job);
    else
      job_clear (&job);
  }
  if (!look_up (run, jobs, error))
    return FALSE;
  for (guint i = 0; i < jobs->len; i++)
    if (!process (run, &g_array_index (jobs, Job, i), error))
      return FALSE;
  return TRUE;
}

/* --- the run ------------------------------------------------------------------------------- */

/* (transfer full) */
static char *
make_fingerprint (const Pipeline *pipeline, GError **error)
{
  const char *extractor = extract_client_fingerprint (pipeline->client, error);
  g_autofree char *chunker = chunker_fingerprint (&pipeline->config->chunker);

  return extractor != NULL ? g_strjoin (" | ", extractor, chunker, NULL) : NULL;
}

gboolean
pipeline_run (const Pipeline *pipeline, const char *const *paths, guint n_paths, GError **error)
{
  g_autoptr (DbBatch) batch = db_batch_new (pipeline->connection, &pipeline->user);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *fingerprint = make_fingerprint (pipeline, error);
  Run run = {
      .pipeline = pipeline,
      .batch = batch,
      .fingerprint = fingerprint,
      .names = names,
      .total = n_paths,
  };

  if (fingerprint == NULL)
    return FALSE;
  for (guint at = 0; at < n_paths; at += GROUP_MAX)
    if (!process_group (&run, paths + at, MIN (GROUP_MAX, n_paths - at), error))
      return FALSE;
  if (!commit (&run, error))
    return FALSE;
  if (run.wrote)
    db_finish (pipeline->connection);
  return TRUE;
}
