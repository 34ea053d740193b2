/* schema-rows.h: the rows of the tables in schema.sql: columns, how they go into a binary COPY,
 * and which values and sizes their checks allow.
 *
 * Written by `ingest db codegen --lang c` from a live database (make db-codegen). Not to be edited:
 * change schema.sql and write it anew. Columns that the database keeps itself are not in it.
 *
 * A row that is all zero is null in every column that may be null. bytes and chars are limits of a
 * text's length, items of an array's. Times are microseconds, dates days, both since 1970.
 */
#pragma once

#include "db/copy.h"

/* agent requests a month, as the rows of ingest.plan_limits were */
#define PLAN_FREE_REQUESTS_PER_MONTH 100
#define PLAN_PRO_REQUESTS_PER_MONTH 1000
#define PLAN_ENTERPRISE_REQUESTS_PER_MONTH 10000

/* --- agent_requests ------------------------------------------------------------------------ */

#define AGENT_REQUESTS_TABLE "public.agent_requests"
#define AGENT_REQUESTS_COLUMNS                                                                     \
  "id, user_id, session_id, agent_type, question, status, progress, results, context_chunk_ids, "  \
  "model, token_cost, error, started_at, finished_at"
#define AGENT_REQUESTS_TYPES                                                                       \
  "uuid, uuid, uuid, text, text, text, int4, jsonb, uuid[], text, int4, text, timestamptz, "       \
  "timestamptz"
#define AGENT_REQUESTS_AGENT_TYPE_CHARS_MIN 1
#define AGENT_REQUESTS_AGENT_TYPE_CHARS_MAX 100
#define AGENT_REQUESTS_QUESTION_CHARS_MIN 1
#define AGENT_REQUESTS_QUESTION_CHARS_MAX 10000
#define AGENT_REQUESTS_STATUS_QUEUED "queued"
#define AGENT_REQUESTS_STATUS_RUNNING "running"
#define AGENT_REQUESTS_STATUS_COMPLETED "completed"
#define AGENT_REQUESTS_STATUS_FAILED "failed"
#define AGENT_REQUESTS_STATUS_CANCELLED "cancelled"
#define AGENT_REQUESTS_PROGRESS_MIN 0
#define AGENT_REQUESTS_PROGRESS_MAX 100
#define AGENT_REQUESTS_CONTEXT_CHUNK_IDS_ITEMS_MAX 20
#define AGENT_REQUESTS_TOKEN_COST_MIN 0

enum {
  AGENT_REQUESTS_COLUMN_ID,
  AGENT_REQUESTS_COLUMN_USER_ID,
  AGENT_REQUESTS_COLUMN_SESSION_ID,
  AGENT_REQUESTS_COLUMN_AGENT_TYPE,
  AGENT_REQUESTS_COLUMN_QUESTION,
  AGENT_REQUESTS_COLUMN_STATUS,
  AGENT_REQUESTS_COLUMN_PROGRESS,
  AGENT_REQUESTS_COLUMN_RESULTS,
  AGENT_REQUESTS_COLUMN_CONTEXT_CHUNK_IDS,
  AGENT_REQUESTS_COLUMN_MODEL,
  AGENT_REQUESTS_COLUMN_TOKEN_COST,
  AGENT_REQUESTS_COLUMN_ERROR,
  AGENT_REQUESTS_COLUMN_STARTED_AT,
  AGENT_REQUESTS_COLUMN_FINISHED_AT,
  AGENT_REQUESTS_N_COLUMNS,
};

typedef struct {
  const Uuid *id;
  const Uuid *user_id;
  const Uuid *session_id;
  DbText agent_type;
  DbText question;
  DbText status;
  gint32 progress;
  DbText results;
  DbUuidArray context_chunk_ids;
  DbText model;
  gint32 token_cost;
  DbText error;
  DbMaybeInt started_at;
  DbMaybeInt finished_at;
} AgentRequestsRow;

static inline void
agent_requests_row_copy (DbCopy *copy, const AgentRequestsRow *row)
{
  db_copy_row (copy, AGENT_REQUESTS_N_COLUMNS);
  db_copy_uuid (copy, row->id);
  db_copy_uuid (copy, row->user_id);
  db_copy_uuid (copy, row->session_id);
  db_copy_text (copy, row->agent_type);
  db_copy_text (copy, row->question);
  db_copy_text (copy, row->status);
  db_copy_int4 (copy, row->progress);
  db_copy_jsonb (copy, row->results);
  db_copy_uuid_array (copy, row->context_chunk_ids);
  db_copy_text (copy, row->model);
  db_copy_int4 (copy, row->token_cost);
  db_copy_text (copy, row->error);
  db_copy_maybe_timestamptz (copy, row->started_at);
  db_copy_maybe_timestamptz (copy, row->finished_at);
}

/* --- agent_sessions ------------------------------------------------------------------------ */

#define AGENT_SESSIONS_TABLE "public.agent_sessions"
#define AGENT_SESSIONS_COLUMNS "id, user_id, title, context_state, status"
#define AGENT_SESSIONS_TYPES "uuid, uuid, text, jsonb, text"
#define AGENT_SESSIONS_TITLE_CHARS_MAX 1000
#define AGENT_SESSIONS_STATUS_ACTIVE "active"
#define AGENT_SESSIONS_STATUS_COMPLETED "completed"
#define AGENT_SESSIONS_STATUS_ARCHIVED "archived"

enum {
  AGENT_SESSIONS_COLUMN_ID,
  AGENT_SESSIONS_COLUMN_USER_ID,
  AGENT_SESSIONS_COLUMN_TITLE,
  AGENT_SESSIONS_COLUMN_CONTEXT_STATE,
  AGENT_SESSIONS_COLUMN_STATUS,
  AGENT_SESSIONS_N_COLUMNS,
};

typedef struct {
  const Uuid *id;
  const Uuid *user_id;
  DbText title;
  DbText context_state;
  DbText status;
} AgentSessionsRow;

static inline void
agent_sessions_row_copy (DbCopy *copy, const AgentSessionsRow *row)
{
  db_copy_row (copy, AGENT_SESSIONS_N_COLUMNS);
  db_copy_uuid (copy, row->id);
  db_copy_uuid (copy, row->user_id);
  db_copy_text (copy, row->title);
  db_copy_jsonb (copy, row->context_state);
  db_copy_text (copy, row->status);
}

/* --- document_chunks ----------------------------------------------------------------------- */

#define DOCUMENT_CHUNKS_TABLE "public.document_chunks"
#define DOCUMENT_CHUNKS_COLUMNS                                                                    \
  "id, user_id, document_id, position, content, heading_path, page_first, page_last, start_char, " \
  "end_char, prefix_chars, content_hash, token_count, language"
#define DOCUMENT_CHUNKS_TYPES                                                                      \
  "uuid, uuid, uuid, int4, text, text[], int4, int4, int4, int4, int4, bytea, int4, text"
#define DOCUMENT_CHUNKS_POSITION_MIN 0
#define DOCUMENT_CHUNKS_CONTENT_BYTES_MIN 1
#define DOCUMENT_CHUNKS_CONTENT_BYTES_MAX 65536
#define DOCUMENT_CHUNKS_PAGE_FIRST_MIN 1
#define DOCUMENT_CHUNKS_START_CHAR_MIN 0
#define DOCUMENT_CHUNKS_PREFIX_CHARS_MIN 0
#define DOCUMENT_CHUNKS_CONTENT_HASH_BYTES 32
#define DOCUMENT_CHUNKS_TOKEN_COUNT_MIN 0

enum {
  DOCUMENT_CHUNKS_COLUMN_ID,
  DOCUMENT_CHUNKS_COLUMN_USER_ID,
  DOCUMENT_CHUNKS_COLUMN_DOCUMENT_ID,
  DOCUMENT_CHUNKS_COLUMN_POSITION,
  DOCUMENT_CHUNKS_COLUMN_CONTENT,
  DOCUMENT_CHUNKS_COLUMN_HEADING_PATH,
  DOCUMENT_CHUNKS_COLUMN_PAGE_FIRST,
  DOCUMENT_CHUNKS_COLUMN_PAGE_LAST,
  DOCUMENT_CHUNKS_COLUMN_START_CHAR,
  DOCUMENT_CHUNKS_COLUMN_END_CHAR,
  DOCUMENT_CHUNKS_COLUMN_PREFIX_CHARS,
  DOCUMENT_CHUNKS_COLUMN_CONTENT_HASH,
  DOCUMENT_CHUNKS_COLUMN_TOKEN_COUNT,
  DOCUMENT_CHUNKS_COLUMN_LANGUAGE,
  DOCUMENT_CHUNKS_N_COLUMNS,
};

typedef struct {
  const Uuid *id;
  const Uuid *user_id;
  const Uuid *document_id;
  gint32 position;
  DbText content;
  DbTextArray heading_path;
  DbMaybeInt page_first;
  DbMaybeInt page_last;
  gint32 start_char;
  gint32 end_char;
  gint32 prefix_chars;
  DbBytes content_hash;
  DbMaybeInt token_count;
  DbText language;
} DocumentChunksRow;

static inline void
document_chunks_row_copy (DbCopy *copy, const DocumentChunksRow *row)
{
  db_copy_row (copy, DOCUMENT_CHUNKS_N_COLUMNS);
  db_copy_uuid (copy, row->id);
  db_copy_uuid (copy, row->user_id);
  db_copy_uuid (copy, row->document_id);
  db_copy_int4 (copy, row->position);
  db_copy_text (copy, row->content);
  db_copy_text_array (copy, row->heading_path);
  db_copy_maybe_int4 (copy, row->page_first);
  db_copy_maybe_int4 (copy, row->page_last);
  db_copy_int4 (copy, row->start_char);
  db_copy_int4 (copy, row->end_char);
  db_copy_int4 (copy, row->prefix_chars);
  db_copy_bytea (copy, row->content_hash);
  db_copy_maybe_int4 (copy, row->token_count);
  db_copy_text (copy, row->language);
}

/* --- documents ----------------------------------------------------------------------------- */

#define DOCUMENTS_TABLE "public.documents"
#define DOCUMENTS_COLUMNS                                                                          \
  "id, user_id, folder_id, name, bucket, storage_path, object_version, etag, checksum, "           \
  "file_size, mime_type, format, title, author, language, page_count, content_text, "              \
  "indexing_status, error_code, error_message, partial, partial_reason, warnings, source_mtime, "  \
  "fingerprint"
#define DOCUMENTS_TYPES                                                                            \
  "uuid, uuid, uuid, text, text, text, text, text, bytea, int8, text, text, text, text, text, "    \
  "int4, text, text, text, text, bool, text, text[], timestamptz, text"
#define DOCUMENTS_NAME_BYTES_MIN 1
#define DOCUMENTS_NAME_BYTES_MAX 1024
#define DOCUMENTS_BUCKET_BYTES_MIN 1
#define DOCUMENTS_BUCKET_BYTES_MAX 255
#define DOCUMENTS_STORAGE_PATH_BYTES_MIN 1
#define DOCUMENTS_STORAGE_PATH_BYTES_MAX 2048
#define DOCUMENTS_CHECKSUM_BYTES 32
#define DOCUMENTS_FILE_SIZE_MIN 0
#define DOCUMENTS_PAGE_COUNT_MIN 0
#define DOCUMENTS_INDEXING_STATUS_PENDING "pending"
#define DOCUMENTS_INDEXING_STATUS_IN_PROGRESS "in_progress"
#define DOCUMENTS_INDEXING_STATUS_COMPLETED "completed"
#define DOCUMENTS_INDEXING_STATUS_FAILED "failed"

enum {
  DOCUMENTS_COLUMN_ID,
  DOCUMENTS_COLUMN_USER_ID,
  DOCUMENTS_COLUMN_FOLDER_ID,
  DOCUMENTS_COLUMN_NAME,
  DOCUMENTS_COLUMN_BUCKET,
  DOCUMENTS_COLUMN_STORAGE_PATH,
  DOCUMENTS_COLUMN_OBJECT_VERSION,
  DOCUMENTS_COLUMN_ETAG,
  DOCUMENTS_COLUMN_CHECKSUM,
  DOCUMENTS_COLUMN_FILE_SIZE,
  DOCUMENTS_COLUMN_MIME_TYPE,
  DOCUMENTS_COLUMN_FORMAT,
  DOCUMENTS_COLUMN_TITLE,
  DOCUMENTS_COLUMN_AUTHOR,
  DOCUMENTS_COLUMN_LANGUAGE,
  DOCUMENTS_COLUMN_PAGE_COUNT,
  DOCUMENTS_COLUMN_CONTENT_TEXT,
  DOCUMENTS_COLUMN_INDEXING_STATUS,
  DOCUMENTS_COLUMN_ERROR_CODE,
  DOCUMENTS_COLUMN_ERROR_MESSAGE,
  DOCUMENTS_COLUMN_PARTIAL,
  DOCUMENTS_COLUMN_PARTIAL_REASON,
  DOCUMENTS_COLUMN_WARNINGS,
  DOCUMENTS_COLUMN_SOURCE_MTIME,
  DOCUMENTS_COLUMN_FINGERPRINT,
  DOCUMENTS_N_COLUMNS,
};

typedef struct {
  const Uuid *id;
  const Uuid *user_id;
  const Uuid *folder_id;
  DbText name;
  DbText bucket;
  DbText storage_path;
  DbText object_version;
  DbText etag;
  DbBytes checksum;
  DbMaybeInt file_size;
  DbText mime_type;
  DbText format;
  DbText title;
  DbText author;
  DbText language;
  DbMaybeInt page_count;
  DbText content_text;
  DbText indexing_status;
  DbText error_code;
  DbText error_message;
  gboolean partial;
  DbText partial_reason;
  DbTextArray warnings;
  DbMaybeInt source_mtime;
  DbText fingerprint;
} DocumentsRow;

static inline void
documents_row_copy (DbCopy *copy, const DocumentsRow *row)
{
  db_copy_row (copy, DOCUMENTS_N_COLUMNS);
  db_copy_uuid (copy, row->id);
  db_copy_uuid (copy, row->user_id);
  db_copy_uuid (copy, row->folder_id);
  db_copy_text (copy, row->name);
  db_copy_text (copy, row->bucket);
  db_copy_text (copy, row->storage_path);
  db_copy_text (copy, row->object_version);
  db_copy_text (copy, row->etag);
  db_copy_bytea (copy, row->checksum);
  db_copy_maybe_int8 (copy, row->file_size);
  db_copy_text (copy, row->mime_type);
  db_copy_text (copy, row->format);
  db_copy_text (copy, row->title);
  db_copy_text (copy, row->author);
  db_copy_text (copy, row->language);
  db_copy_maybe_int4 (copy, row->page_count);
  db_copy_text (copy, row->content_text);
  db_copy_text (copy, row->indexing_status);
  db_copy_text (copy, row->error_code);
  db_copy_text (copy, row->error_message);
  db_copy_bool (copy, row->partial);
  db_copy_text (copy, row->partial_reason);
  db_copy_text_array (copy, row->warnings);
  db_copy_maybe_timestamptz (copy, row->source_mtime);
  db_copy_text (copy, row->fingerprint);
}

/* --- folders ------------------------------------------------------------------------------- */

#define FOLDERS_TABLE "public.folders"
#define FOLDERS_COLUMNS "id, user_id, parent_folder_id, name"
#define FOLDERS_TYPES "uuid, uuid, uuid, text"
#define FOLDERS_NAME_CHARS_MAX 255
#define FOLDERS_PATH_BYTES_MAX 2048

enum {
  FOLDERS_COLUMN_ID,
  FOLDERS_COLUMN_USER_ID,
  FOLDERS_COLUMN_PARENT_FOLDER_ID,
  FOLDERS_COLUMN_NAME,
  FOLDERS_N_COLUMNS,
};

typedef struct {
  const Uuid *id;
  const Uuid *user_id;
  const Uuid *parent_folder_id;
  DbText name;
} FoldersRow;

static inline void
folders_row_copy (DbCopy *copy, const FoldersRow *row)
{
  db_copy_row (copy, FOLDERS_N_COLUMNS);
  db_copy_uuid (copy, row->id);
  db_copy_uuid (copy, row->user_id);
  db_copy_uuid (copy, row->parent_folder_id);
  db_copy_text (copy, row->name);
}

/* --- usage_events -------------------------------------------------------------------------- */

#define USAGE_EVENTS_TABLE "public.usage_events"
#define USAGE_EVENTS_COLUMNS "user_id, kind, quantity, unit, cost, subject, metadata"
#define USAGE_EVENTS_TYPES "uuid, text, numeric, text, numeric, uuid, jsonb"
#define USAGE_EVENTS_KIND_CHARS_MIN 1
#define USAGE_EVENTS_KIND_CHARS_MAX 64
#define USAGE_EVENTS_QUANTITY_MIN 0
#define USAGE_EVENTS_UNIT_CHARS_MIN 1
#define USAGE_EVENTS_UNIT_CHARS_MAX 64
#define USAGE_EVENTS_COST_MIN 0

enum {
  USAGE_EVENTS_COLUMN_USER_ID,
  USAGE_EVENTS_COLUMN_KIND,
  USAGE_EVENTS_COLUMN_QUANTITY,
  USAGE_EVENTS_COLUMN_UNIT,
  USAGE_EVENTS_COLUMN_COST,
  USAGE_EVENTS_COLUMN_SUBJECT,
  USAGE_EVENTS_COLUMN_METADATA,
  USAGE_EVENTS_N_COLUMNS,
};

typedef struct {
  const Uuid *user_id;
  DbText kind;
  const char *quantity;
  DbText unit;
  const char *cost;
  const Uuid *subject;
  DbText metadata;
} UsageEventsRow;

static inline void
usage_events_row_copy (DbCopy *copy, const UsageEventsRow *row)
{
  db_copy_row (copy, USAGE_EVENTS_N_COLUMNS);
  db_copy_uuid (copy, row->user_id);
  db_copy_text (copy, row->kind);
  db_copy_numeric (copy, row->quantity);
  db_copy_text (copy, row->unit);
  db_copy_numeric (copy, row->cost);
  db_copy_uuid (copy, row->subject);
  db_copy_jsonb (copy, row->metadata);
}

/* --- user_profiles ------------------------------------------------------------------------- */

#define USER_PROFILES_TABLE "public.user_profiles"
#define USER_PROFILES_COLUMNS "user_id, first_name, last_name, plan, subscription_status"
#define USER_PROFILES_TYPES "uuid, text, text, text, text"
#define USER_PROFILES_FIRST_NAME_CHARS_MAX 200
#define USER_PROFILES_LAST_NAME_CHARS_MAX 200
#define USER_PROFILES_PLAN_FREE "free"
#define USER_PROFILES_PLAN_PRO "pro"
#define USER_PROFILES_PLAN_ENTERPRISE "enterprise"
#define USER_PROFILES_USAGE_COUNT_MIN 0
#define USER_PROFILES_SUBSCRIPTION_STATUS_NONE "none"
#define USER_PROFILES_SUBSCRIPTION_STATUS_TRIALING "trialing"
#define USER_PROFILES_SUBSCRIPTION_STATUS_ACTIVE "active"
#define USER_PROFILES_SUBSCRIPTION_STATUS_PAST_DUE "past_due"
#define USER_PROFILES_SUBSCRIPTION_STATUS_CANCELED "canceled"
#define USER_PROFILES_SUBSCRIPTION_STATUS_UNPAID "unpaid"
#define USER_PROFILES_SUBSCRIPTION_STATUS_INCOMPLETE "incomplete"
#define USER_PROFILES_SUBSCRIPTION_STATUS_INCOMPLETE_EXPIRED "incomplete_expired"
#define USER_PROFILES_SUBSCRIPTION_STATUS_PAUSED "paused"

enum {
  USER_PROFILES_COLUMN_USER_ID,
  USER_PROFILES_COLUMN_FIRST_NAME,
  USER_PROFILES_COLUMN_LAST_NAME,
  USER_PROFILES_COLUMN_PLAN,
  USER_PROFILES_COLUMN_SUBSCRIPTION_STATUS,
  USER_PROFILES_N_COLUMNS,
};

typedef struct {
  const Uuid *user_id;
  DbText first_name;
  DbText last_name;
  DbText plan;
  DbText subscription_status;
} UserProfilesRow;

static inline void
user_profiles_row_copy (DbCopy *copy, const UserProfilesRow *row)
{
  db_copy_row (copy, USER_PROFILES_N_COLUMNS);
  db_copy_uuid (copy, row->user_id);
  db_copy_text (copy, row->first_name);
  db_copy_text (copy, row->last_name);
  db_copy_text (copy, row->plan);
  db_copy_text (copy, row->subscription_status);
}
