/* push.h: makes the live schema equal to schema.sql, without migrations.
 *
 * One transaction: read the catalogs (catalog.h), find out what schema.sql makes (shadow.h), plan
 * (plan.h), count what is at stake (hazard.h), apply, read the catalogs again and plan again: it
 * commits only when nothing differs any more. A database that has none of it gets schema.sql as it
 * is.
 *
 * Locks: pushes wait for each other; a table in use is waited for briefly, so that nobody queues
 * behind us for long, and then the whole is tried again.
 */
#pragma once

#include "plan.h"

/* Opens the transaction of a push or a drop; they wait for each other, by a constant of our own.
 *
 * Whoever waits behind us for auth.users or documents, waits for lock_timeout at most. Time-outs of
 * the role or server would end us in the middle, each time anew; transaction_timeout is there from
 * PostgreSQL 17 on. Bodies of functions are not checked: shadow.c has done that, in the order in
 * which they can be. Compiling the query of the catalogs costs ten times what it saves. */
#define DB_PUSH_BEGIN                                                                              \
  "begin; set local search_path = ''; set local jit = off; set local lock_timeout = '3s';"         \
  " set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;"           \
  " select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout';"       \
  " set local check_function_bodies = off; set local quote_all_identifiers = off;"                 \
  " select pg_catalog.pg_advisory_xact_lock(7235419064411308)"

typedef enum {
  PUSH_ALL,
  PUSH_FUNCTIONS, /* functions and triggers only: `ingest db deploy` */
} PushScope;

typedef struct {
  const char *schema_sql; /* schema_built_in() */
  PushScope scope;
  gboolean dry_run; /* nothing is kept */
  gboolean allowed[N_HAZARDS];
  /* before each pause for somebody's lock (nullable) */
  void (*waiting) (const char *reason, gpointer user_data);
  gpointer user_data;
} PushOptions;

typedef enum {
  PUSH_NOTHING, /* nothing to do */
  PUSH_CREATED, /* schema.sql into a database that had none of it */
  PUSH_PLANNED, /* dry run */
  PUSH_APPLIED,
  PUSH_REFUSED, /* nothing was done: actions are refused */
} PushOutcome;

typedef struct {
  PushOutcome outcome;
  gboolean with_stand_in; /* created: also the stand-in for Supabase's auth schema */
  Plan *plan;             /* all that was, is, or would be done */
  guint n_elsewhere;      /* PUSH_FUNCTIONS: differences outside functions and triggers */
  char *storage; /* PUSH_FUNCTIONS: (nullable) what became of the trigger on storage.objects */
} PushResult;

void push_result_clear (PushResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PushResult, push_result_clear)

/* Errors: DB_ERROR_SCHEMA when somebody else's tables are in the way, or something differs after
 * all was applied; DB_ERROR_LOCKED when locks could not be had in a minute. */
gboolean db_push (DbConnection *connection, const PushOptions *options, PushResult *result,
                  GError **error);

/* The built-in schema into a database that has none; nothing where there is one. */
gboolean db_push_if_missing (DbConnection *connection, GError **error);
