/* helpers.h: processes that read parts of a long file for a worker, on the other processors.
 *
 *     worker ──FILE: descriptor, password──►  helper: sandboxed as the worker is
 *        │  ──PART: number───────────────►        opens the file for itself
 *        │  ◄──────────number, bytes─────
 *        └──DONE─────────────────────────►        forgets the file
 *
 * The worker forks them before it raises its sandbox, so that they live and die with it, and see
 * one owner's files. What a helper says is as little to be trusted as the file: who asks for a part
 * checks the bytes. A helper that is gone costs time only: the worker reads its parts.
 */
#pragma once

#include "extract.h"

#define HELPERS_MAX 16

/* A longer answer is a lie; a helper that has one says nothing (an answer of no bytes). */
#define HELPER_ANSWER_MAX (16u << 20)

/* --- the worker's side ------------------------------------------------------------------------ */

/* Before the sandbox, in a process with one thread. In a helper it returns NULL, and *fd is its
 * socket, the one descriptor above 2 that is left; in the worker *fd is -1, and NULL means that
 * there could be none. The worker becomes the leader of a process group. (nullable) */
ExtractHelpers *extract_helpers_fork (guint n, int *fd);

/* Closes their sockets, which ends them. */
void extract_helpers_free (ExtractHelpers *helpers);

/* Their sockets, in order; returns how many. */
guint extract_helpers_fds (const ExtractHelpers *helpers, int fds[HELPERS_MAX]);

/* The file at hand. Borrowed until the next. */
void extract_helpers_set_file (ExtractHelpers *helpers, int fd);

/* Gives the file to those that are idle. password: (nullable) that opens it. Returns how many
 * helpers there are; those that do not take part do not take questions, either. */
guint extract_helpers_begin (ExtractHelpers *helpers, const char *password);

/* FALSE: it does not take part, or no more. */
gboolean extract_helper_ask (ExtractHelpers *helpers, guint helper, guint32 part);

/* How many answers are to come from it. 0, too, when it is gone. */
guint extract_helper_owes (const ExtractHelpers *helpers, guint helper);

/* TRUE: an answer; (transfer none) until the next call. wait: up to half a second. */
gboolean extract_helper_receive (ExtractHelpers *helpers, guint helper, gboolean wait,
                                 guint32 *part, const guint8 **bytes, gsize *n_bytes);

/* The file is done with. What was asked for and has not come is forgotten. */
void extract_helpers_end (ExtractHelpers *helpers);

/* --- a helper's side -------------------------------------------------------------------------- */

typedef enum { HELPER_FILE = 1, HELPER_PART, HELPER_DONE } HelperAsk;

typedef struct {
  HelperAsk ask;
  guint32 part;   /* of PART */
  int fd;         /* of FILE: the receiver's; otherwise -1 */
  char *password; /* (nullable) of FILE: the receiver's */
} HelperMessage;

/* Before the sandbox; reads nothing. FALSE: there will be no work. */
gboolean helper_await_work (int fd);

/* FALSE: the worker is gone, or does not speak as it should. */
gboolean helper_receive (int fd, HelperMessage *message);

gboolean helper_answer (int fd, guint32 part, const guint8 *bytes, gsize n_bytes);
