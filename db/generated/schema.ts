// Written by `ingest db codegen --lang drizzle`. Not to be edited: write it anew.
//
// For drizzle-orm. drizzle has no words for functions, triggers and grants, and drizzle-kit reads
// keys of several columns back in any order and makes them anew: keep its push away from the tables
// of ingest (tablesFilter). `ingest db status` tells what it did, `ingest db push` repairs.
import { sql } from "drizzle-orm"
import * as pg from "drizzle-orm/pg-core"

const auth = pg.pgSchema("auth")
const bytea = pg.customType<{ data: Uint8Array }>({ dataType: () => "bytea" })
const tsvector = pg.customType<{ data: string }>({ dataType: () => "tsvector" })
const ingest = pg.pgSchema("ingest")

export const authUsers = auth.table("users", {
  id: pg.uuid("id").primaryKey(),
})

export const ingestPlanLimits = ingest.table("plan_limits", {
  plan: pg.text("plan").primaryKey(),
})

export const authenticated = pg.pgRole("authenticated").existing()

export const agentRequests = pg.pgTable("agent_requests", {
  id: pg.uuid("id").default(sql`gen_random_uuid()`).primaryKey(),
  userId: pg.uuid("user_id").default(sql`auth.uid()`).notNull(),
  sessionId: pg.uuid("session_id").notNull(),
  agentType: pg.text("agent_type").notNull(),
  question: pg.text("question").notNull(),
  status: pg.text("status").default("queued").notNull(),
  progress: pg.integer("progress").default(0).notNull(),
  results: pg.jsonb("results"),
  contextChunkIds: pg.uuid("context_chunk_ids").array().default([]).notNull(),
  model: pg.text("model"),
  tokenCost: pg.integer("token_cost").default(0).notNull(),
  error: pg.text("error"),
  startedAt: pg.timestamp("started_at", { withTimezone: true, mode: "string" }),
  finishedAt: pg.timestamp("finished_at", { withTimezone: true, mode: "string" }),
  createdAt: pg.timestamp("created_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  updatedAt: pg.timestamp("updated_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.unique("agent_requests_user_id_id_key").on(table.id, table.userId),
  pg.foreignKey({
    name: "agent_requests_user_id_fkey",
    columns: [table.userId],
    foreignColumns: [authUsers.id],
  }).onDelete("cascade"),
  pg.foreignKey({
    name: "agent_requests_user_id_session_id_fkey",
    columns: [table.userId, table.sessionId],
    foreignColumns: [agentSessions.userId, agentSessions.id],
  }).onDelete("cascade"),
  pg.check("agent_requests_agent_type_check", sql`((char_length(agent_type) >= 1) AND (char_length(agent_type) <= 100))`),
  pg.check("agent_requests_context_check", sql`((cardinality(context_chunk_ids) <= 20) AND (array_position(context_chunk_ids, NULL::uuid) IS NULL))`),
  pg.check("agent_requests_progress_check", sql`((progress >= 0) AND (progress <= 100))`),
  pg.check("agent_requests_question_check", sql`((char_length(question) >= 1) AND (char_length(question) <= 10000))`),
  pg.check("agent_requests_status_check", sql`(status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))`),
  pg.check("agent_requests_token_cost_check", sql`(token_cost >= 0)`),
  pg.index("agent_requests_session").using("btree", table.userId, table.sessionId, table.createdAt),
  pg.pgPolicy("own_insert", {
    as: "permissive",
    for: "insert",
    to: authenticated,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()

export const agentSessions = pg.pgTable("agent_sessions", {
  id: pg.uuid("id").default(sql`gen_random_uuid()`).primaryKey(),
  userId: pg.uuid("user_id").default(sql`auth.uid()`).notNull(),
  title: pg.text("title"),
  requestChain: pg.uuid("request_chain").array().default([]).notNull(),
  contextState: pg.jsonb("context_state").default({}).notNull(),
  status: pg.text("status").default("active").notNull(),
  lastActivityAt: pg.timestamp("last_activity_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  createdAt: pg.timestamp("created_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  updatedAt: pg.timestamp("updated_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.unique("agent_sessions_user_id_id_key").on(table.id, table.userId),
  pg.foreignKey({
    name: "agent_sessions_user_id_fkey",
    columns: [table.userId],
    foreignColumns: [authUsers.id],
  }).onDelete("cascade"),
  pg.check("agent_sessions_status_check", sql`(status = ANY (ARRAY['active'::text, 'completed'::text, 'archived'::text]))`),
  pg.check("agent_sessions_title_check", sql`(char_length(title) <= 1000)`),
  pg.index("agent_sessions_activity").using("btree", table.userId, table.lastActivityAt),
  pg.pgPolicy("own_delete", {
    as: "permissive",
    for: "delete",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_insert", {
    as: "permissive",
    for: "insert",
    to: authenticated,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_update", {
    as: "permissive",
    for: "update",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()

export const documentChunks = pg.pgTable("document_chunks", {
  id: pg.uuid("id").default(sql`gen_random_uuid()`).notNull(),
  userId: pg.uuid("user_id").notNull(),
  documentId: pg.uuid("document_id").notNull(),
  position: pg.integer("position").notNull(),
  content: pg.text("content").notNull(),
  headingPath: pg.text("heading_path").array().default([]).notNull(),
  pageFirst: pg.integer("page_first"),
  pageLast: pg.integer("page_last"),
  startChar: pg.integer("start_char").notNull(),
  endChar: pg.integer("end_char").notNull(),
  prefixChars: pg.integer("prefix_chars").default(0).notNull(),
  contentHash: bytea("content_hash").notNull(),
  tokenCount: pg.integer("token_count"),
  language: pg.text("language"),
  searchVector: tsvector("search_vector"),
  createdAt: pg.timestamp("created_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  updatedAt: pg.timestamp("updated_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.primaryKey({ name: "document_chunks_pkey", columns: [table.id, table.userId] }),
  // deferrable, for which drizzle has no word:
  pg.unique("document_chunks_user_id_document_id_position_key").on(table.userId, table.documentId, table.position),
  pg.foreignKey({
    name: "document_chunks_user_id_document_id_fkey",
    columns: [table.userId, table.documentId],
    foreignColumns: [documents.userId, documents.id],
  }).onDelete("cascade"),
  pg.check("document_chunks_content_check", sql`((octet_length(content) >= 1) AND (octet_length(content) <= 65536))`),
  pg.check("document_chunks_content_hash_check", sql`(octet_length(content_hash) = 32)`),
  pg.check("document_chunks_page_first_check", sql`(page_first >= 1)`),
  pg.check("document_chunks_pages_check", sql`(((page_first IS NULL) = (page_last IS NULL)) AND (page_last >= page_first))`),
  pg.check("document_chunks_position_check", sql`("position" >= 0)`),
  pg.check("document_chunks_prefix_chars_check", sql`(prefix_chars >= 0)`),
  pg.check("document_chunks_span_check", sql`(end_char >= start_char)`),
  pg.check("document_chunks_start_char_check", sql`(start_char >= 0)`),
  pg.check("document_chunks_token_count_check", sql`(token_count >= 0)`),
  pg.index("document_chunks_language").using("btree", table.userId, table.language),
  pg.index("document_chunks_search").using("gin", table.userId, table.searchVector).with({ fastupdate: "on" }),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()

export const documents = pg.pgTable("documents", {
  id: pg.uuid("id").default(sql`gen_random_uuid()`).primaryKey(),
  userId: pg.uuid("user_id").notNull(),
  folderId: pg.uuid("folder_id"),
  name: pg.text("name").notNull(),
  bucket: pg.text("bucket"),
  storagePath: pg.text("storage_path"),
  objectVersion: pg.text("object_version"),
  etag: pg.text("etag"),
  checksum: bytea("checksum"),
  fileSize: pg.bigint("file_size", { mode: "number" }),
  mimeType: pg.text("mime_type"),
  format: pg.text("format"),
  title: pg.text("title"),
  author: pg.text("author"),
  language: pg.text("language"),
  pageCount: pg.integer("page_count"),
  contentText: pg.text("content_text"),
  version: pg.integer("version").default(1).notNull(),
  indexingStatus: pg.text("indexing_status").default("pending").notNull(),
  errorCode: pg.text("error_code"),
  errorMessage: pg.text("error_message"),
  partial: pg.boolean("partial").default(false).notNull(),
  partialReason: pg.text("partial_reason"),
  warnings: pg.text("warnings").array().default([]).notNull(),
  sourceMtime: pg.timestamp("source_mtime", { withTimezone: true, mode: "string" }),
  fingerprint: pg.text("fingerprint"),
  indexedAt: pg.timestamp("indexed_at", { withTimezone: true, mode: "string" }),
  createdAt: pg.timestamp("created_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  updatedAt: pg.timestamp("updated_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  searchVector: tsvector("search_vector"),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.unique("documents_user_id_bucket_storage_path_key").on(table.userId, table.bucket, table.storagePath),
  pg.unique("documents_user_id_id_key").on(table.id, table.userId),
  pg.foreignKey({
    name: "documents_user_id_fkey",
    columns: [table.userId],
    foreignColumns: [authUsers.id],
  }).onDelete("cascade"),
  pg.foreignKey({
    name: "documents_user_id_folder_id_fkey",
    columns: [table.userId, table.folderId],
    foreignColumns: [folders.userId, folders.id],
  }).onDelete("cascade"),
  pg.check("documents_bucket_check", sql`((octet_length(bucket) >= 1) AND (octet_length(bucket) <= 255))`),
  pg.check("documents_checksum_check", sql`(octet_length(checksum) = 32)`),
  pg.check("documents_failure_check", sql`((indexing_status <> 'failed'::text) OR (error_message IS NOT NULL))`),
  pg.check("documents_file_size_check", sql`(file_size >= 0)`),
  pg.check("documents_indexing_status_check", sql`(indexing_status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'completed'::text, 'failed'::text]))`),
  pg.check("documents_name_check", sql`((octet_length(name) >= 1) AND (octet_length(name) <= 1024))`),
  pg.check("documents_object_check", sql`((bucket IS NULL) = (storage_path IS NULL))`),
  pg.check("documents_page_count_check", sql`(page_count >= 0)`),
  pg.check("documents_partial_check", sql`((NOT partial) OR (partial_reason IS NOT NULL))`),
  pg.check("documents_storage_path_check", sql`((octet_length(storage_path) >= 1) AND (octet_length(storage_path) <= 2048))`),
  pg.index("documents_folder").using("btree", table.userId, table.folderId),
  // nulls not distinct:
  pg.uniqueIndex("documents_person_file").using("btree", table.userId, table.folderId, table.name).where(sql`(bucket IS NULL)`),
  pg.index("documents_search").using("gin", table.userId, table.searchVector).with({ fastupdate: "on" }),
  pg.pgPolicy("own_delete", {
    as: "permissive",
    for: "delete",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_update", {
    as: "permissive",
    for: "update",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()

export const folders = pg.pgTable("folders", {
  id: pg.uuid("id").default(sql`gen_random_uuid()`).primaryKey(),
  userId: pg.uuid("user_id").default(sql`auth.uid()`).notNull(),
  parentFolderId: pg.uuid("parent_folder_id"),
  name: pg.text("name").notNull(),
  path: pg.text("path").default("").notNull(),
  createdAt: pg.timestamp("created_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  updatedAt: pg.timestamp("updated_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.unique("folders_user_id_id_key").on(table.id, table.userId),
  // nulls not distinct:
  pg.unique("folders_user_id_parent_folder_id_name_key").on(table.userId, table.parentFolderId, table.name),
  pg.unique("folders_user_id_path_key").on(table.userId, table.path),
  pg.foreignKey({
    name: "folders_user_id_fkey",
    columns: [table.userId],
    foreignColumns: [authUsers.id],
  }).onDelete("cascade"),
  pg.foreignKey({
    name: "folders_user_id_parent_folder_id_fkey",
    columns: [table.userId, table.parentFolderId],
    foreignColumns: [table.userId, table.id],
  }).onDelete("cascade"),
  pg.check("folders_name_check", sql`((btrim(name) <> ''::text) AND (char_length(name) <= 255) AND (POSITION(('/'::text) IN (name)) = 0) AND (name <> ALL (ARRAY['.'::text, '..'::text])))`),
  pg.check("folders_path_length", sql`(octet_length(path) <= 2048)`),
  pg.pgPolicy("own_delete", {
    as: "permissive",
    for: "delete",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_insert", {
    as: "permissive",
    for: "insert",
    to: authenticated,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_update", {
    as: "permissive",
    for: "update",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()

export const usageEvents = pg.pgTable("usage_events", {
  id: pg.bigint("id", { mode: "number" }).generatedAlwaysAsIdentity({ name: "usage_events_id_seq", startWith: 1, increment: 1, minValue: 1, maxValue: "9223372036854775807", cache: 1 }).primaryKey(),
  userId: pg.uuid("user_id").notNull(),
  kind: pg.text("kind").notNull(),
  quantity: pg.numeric("quantity").default("1").notNull(),
  unit: pg.text("unit").notNull(),
  cost: pg.numeric("cost"),
  subject: pg.uuid("subject"),
  metadata: pg.jsonb("metadata").default({}).notNull(),
  at: pg.timestamp("at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.foreignKey({
    name: "usage_events_user_id_fkey",
    columns: [table.userId],
    foreignColumns: [authUsers.id],
  }).onDelete("cascade"),
  pg.check("usage_events_cost_check", sql`(cost >= (0)::numeric)`),
  pg.check("usage_events_kind_check", sql`((char_length(kind) >= 1) AND (char_length(kind) <= 64))`),
  pg.check("usage_events_quantity_check", sql`(quantity >= (0)::numeric)`),
  pg.check("usage_events_unit_check", sql`((char_length(unit) >= 1) AND (char_length(unit) <= 64))`),
  pg.index("usage_events_document").using("btree", table.userId, table.subject, table.id).where(sql`(kind = 'document_indexed'::text)`),
  pg.index("usage_events_time").using("btree", table.userId, table.at),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()

export const userProfiles = pg.pgTable("user_profiles", {
  userId: pg.uuid("user_id").primaryKey(),
  firstName: pg.text("first_name"),
  lastName: pg.text("last_name"),
  plan: pg.text("plan").default("free").notNull(),
  usageCount: pg.integer("usage_count").default(0).notNull(),
  usagePeriod: pg.date("usage_period").default(sql`(date_trunc('month'::text, (now() AT TIME ZONE 'UTC'::text)))::date`).notNull(),
  subscriptionStatus: pg.text("subscription_status").default("none").notNull(),
  createdAt: pg.timestamp("created_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
  updatedAt: pg.timestamp("updated_at", { withTimezone: true, mode: "string" }).default(sql`now()`).notNull(),
}, (table): pg.PgTableExtraConfigValue[] => [
  pg.foreignKey({
    name: "user_profiles_plan_fkey",
    columns: [table.plan],
    foreignColumns: [ingestPlanLimits.plan],
  }),
  pg.foreignKey({
    name: "user_profiles_user_id_fkey",
    columns: [table.userId],
    foreignColumns: [authUsers.id],
  }).onDelete("cascade"),
  pg.check("user_profiles_first_name_check", sql`(char_length(first_name) <= 200)`),
  pg.check("user_profiles_last_name_check", sql`(char_length(last_name) <= 200)`),
  pg.check("user_profiles_plan_check", sql`(plan = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text]))`),
  pg.check("user_profiles_subscription_status_check", sql`(subscription_status = ANY (ARRAY['none'::text, 'trialing'::text, 'active'::text, 'past_due'::text, 'canceled'::text, 'unpaid'::text, 'incomplete'::text, 'incomplete_expired'::text, 'paused'::text]))`),
  pg.check("user_profiles_usage_count_check", sql`(usage_count >= 0)`),
  pg.check("user_profiles_usage_period_check", sql`(EXTRACT(day FROM usage_period) = (1)::numeric)`),
  pg.pgPolicy("own_select", {
    as: "permissive",
    for: "select",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
  pg.pgPolicy("own_update", {
    as: "permissive",
    for: "update",
    to: authenticated,
    using: sql`(user_id = ( SELECT auth.uid() AS uid))`,
    withCheck: sql`(user_id = ( SELECT auth.uid() AS uid))`,
  }),
]).enableRLS()
