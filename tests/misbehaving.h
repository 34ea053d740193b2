/* misbehaving.h: what the tests share that drive tests/misbehaving-worker.c. */
#pragma once

#include "ingest/extract/client.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#if defined INGEST_ASAN
#define BUILD_IS_ASAN TRUE
#else
#define BUILD_IS_ASAN FALSE
#endif
#if defined INGEST_COV
#define BUILD_IS_COV TRUE
#else
#define BUILD_IS_COV FALSE
#endif

#define OWNER "a user"

static char *scratch;

static inline char *
program (const char *name)
{
  const char *build = g_getenv ("INGEST_BUILD");
  g_autofree char *path = g_build_filename (build != NULL ? build : "build/debug", name, NULL);

  return g_canonicalize_filename (path, NULL);
}

static inline ExtractClient *
new_client (const ExtractLimits *limits)
{
  g_autofree char *path = program ("tests/misbehaving-worker");

  return extract_client_new (path, limits);
}

/* The same worker with one more argument. */
static inline ExtractClient *
new_client_with (const char *argument, const ExtractLimits *limits)
{
  g_autofree char *path = program ("tests/misbehaving-worker");
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\nexec '%s' \"$@\" %s\n", path, argument);
  g_autofree char *name = g_build_filename (scratch, "wrapper", NULL);

  g_assert_true (g_file_set_contents (name, script, -1, NULL));
  g_assert_cmpint (g_chmod (name, 0755), ==, 0);
  return extract_client_new (name, limits);
}

/* A file with these words, as a pipeline would open it. */
static inline int
open_file (const char *words)
{
  g_autofree char *path = g_build_filename (scratch, "job", NULL);

  g_assert_true (g_file_set_contents (path, words, -1, NULL));

  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static inline Document *
run_as (ExtractClient *client, const char *owner, const char *words, GError **error)
{
  int fd = open_file (words);
  ExtractJob job = {.owner = owner, .name = "job", .fd = fd, .size_bytes = strlen (words)};
  Document *document = extract_client_run (client, &job, error);

  close (fd);
  return document;
}

/* The text that a well-behaved job gives. (transfer full) */
static inline char *
ask_as (ExtractClient *client, const char *owner, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = run_as (client, owner, words, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document);
  return g_strdup (document->text->str);
}

static inline char *
ask (ExtractClient *client, const char *words)
{
  return ask_as (client, OWNER, words);
}

static inline void
expect_failure (ExtractClient *client, const char *words, ExtractCode code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = run_as (client, OWNER, words, &error);

  if (document != NULL)
    g_test_message ("%s gave: %s", words, document->text->str);
  else
    g_test_message ("%s: %s", words, error->message);
  g_assert_null (document);
  g_assert_error (error, EXTRACT_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, part));
}

/* What must be true after each crime: the next file of the same client is read. */
static inline void
expect_next_is_fine (ExtractClient *client)
{
  g_autofree char *text = ask (client, "hello");

  g_assert_cmpstr (text, ==, "read: hello");
}

static inline void
make_scratch (void)
{
  scratch = g_dir_make_tmp ("ingest-test-XXXXXX", NULL);
}

static inline void
remove_scratch (void)
{
  g_autoptr (GDir) dir = g_dir_open (scratch, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (scratch, name, NULL);

    g_remove (path);
  }
  g_rmdir (scratch);
  g_free (scratch);
}
