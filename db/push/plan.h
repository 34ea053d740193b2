/* plan.h: what makes one catalog equal to another, as a list of actions.
 *
 *     live    what stands in the database           manifest   what an earlier push put there
 *     wanted  what schema.sql makes in an empty one
 *
 * What is wanted and missing is created, what differs is changed, what is there and not wanted is
 * removed if it came from us: it is in the manifest, or it opens our tables to users of the API.
 * Everything else is somebody else's, left alone and named.
 *
 * An action that can lose rows or take access away is a hazard: it has a kind that must be allowed.
 * Making a plan touches no database; hazard.h counts what is at stake.
 */
#pragma once

#include "catalog.h"

typedef enum {
  HAZARD_NONE,
  HAZARD_DROP_TABLE,
  HAZARD_DROP_COLUMN,
  HAZARD_NARROW_TYPE,
  HAZARD_NOT_NULL,
  HAZARD_UNIQUE,
  HAZARD_CHECK,
  HAZARD_FOREIGN_KEY,
  HAZARD_DROP_POLICY,
  HAZARD_DISABLE_RLS,
  HAZARD_REVOKE,
  HAZARD_DROP_FUNCTION,
  HAZARD_DROP_VIEW,
  HAZARD_DROP_TYPE,
  HAZARD_DROP_SEQUENCE,
  N_HAZARDS
} PlanHazard;

/* "drop-table"; NULL for HAZARD_NONE. */
const char *plan_hazard_name (PlanHazard hazard);

/* N_HAZARDS when there is none of that name. */
PlanHazard plan_hazard_from_name (const char *name);

/* The order in which actions run: what others depend on is made before and removed after them.
 * Within PHASE_MAKE the order is that of schema.sql, which has to be able to run in it. */
typedef enum {
  PHASE_SCHEMA,          /* schemas, extensions */
  PHASE_DROP_DEPENDENT,  /* policies, triggers, views, then indexes, constraints, ... */
  PHASE_DROP_CONSTRAINT, /* those that refer to others first */
  PHASE_REPLACE,         /* functions that cannot be replaced in place: gone before */
  PHASE_MAKE,            /* types, functions, tables, columns, constraints, indexes, views */
  PHASE_ROW,
  PHASE_FOREIGN_KEY,
  PHASE_TRIGGER,
  PHASE_POLICY,
  PHASE_DROP_COLUMN,
  PHASE_DROP_TABLE,
  PHASE_DROP_FUNCTION,
  PHASE_DROP_TYPE,
  PHASE_REVOKE,
  PHASE_GRANT,
  PHASE_COMMENT,
} PlanPhase;

typedef struct {
  const char *verb; /* "add", "change", "drop", ... */
  char *kind;
  char *name;
  PlanPhase phase;
  guint32 ord;
  GPtrArray *sql; /* (element-type utf8) statements, in order */

  PlanHazard hazard;
  gboolean never;     /* not even by force; `remedy` says what to do instead */
  gboolean only_rows; /* a hazard only where count_sql finds rows */
  char *count_sql;    /* (nullable) how many rows are at stake */
  char *or_count_sql; /* (nullable) where that query fails */
  char *fix_sql;      /* (nullable) by force, before the rest: what becomes of those rows */
  char *stake;        /* (nullable) what is counted: "values in public.documents.title" */
  char *remedy;       /* (nullable) */
  gint64 rows;        /* -1: not counted */
} PlanAction;

typedef struct {
  GPtrArray *actions;    /* (element-type PlanAction) in the order in which they run */
  GPtrArray *left_alone; /* (element-type utf8) what is somebody else's */
} Plan;

/* manifest: (element-type utf8 utf8) a set of keys. Errors: DB_ERROR_INPUT where `wanted` holds
 * something that cannot be compared or changed. (transfer full) */
Plan *plan_make (const Catalog *live, const Catalog *wanted, GHashTable *manifest, GError **error);
Plan *plan_new (void);
void plan_free (Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plan, plan_free)

/* For those who add to a plan. The plan owns it. */
PlanAction *plan_add (Plan *plan, const char *verb, const CatalogObject *object, PlanPhase phase);

/* Names it among what is somebody else's. */
void plan_leave_alone (Plan *plan, const CatalogObject *object);

/* One statement. */
void plan_action_add_sql (PlanAction *action, const char *sql);
void plan_action_add_sqlf (PlanAction *action, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Moves what is in `tail` to the end of `plan`. */
void plan_append (Plan *plan, Plan *tail);

/* Keeps what makes or changes functions and triggers; *n_left_out counts the rest. Errors:
 * DB_ERROR_SCHEMA when a function can only be replaced together with what depends on it. */
gboolean plan_keep_functions (Plan *plan, guint *n_left_out, GError **error);

/* Sorts the actions, and joins grants that differ in nothing but the privilege. */
void plan_finish (Plan *plan);
