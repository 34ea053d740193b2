/* The protocol, the clock and the ends of a worker, tried by one that is on the file's side. */
#include "tests/misbehaving.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* --- the protocol ------------------------------------------------------------------------------
 */

static void
test_believes_no_lie (void)
{
  static const char *const lies[] = {
      "flood-text", "flood-blocks",   "flood-warn",
      "flood-meta", "huge-frame",     "unknown-type",
      "a-job",      "second-hello",   "totals",
      "kind",       "level",          "no-text",
      "gap",        "utf8",           "nul",
      "more-first", "half-character", "meta-key",
      "blame",      "fail-code",      "meta-without-key",
  };
  ExtractLimits limits = EXTRACT_LIMITS_INIT;

  limits.max_text_bytes = 4 << 20;
  g_autoptr (ExtractClient) client = new_client (&limits);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
    expect_failure (client, lies[i], EXTRACT_ERROR_PROTOCOL, "broke the protocol");
    expect_next_is_fine (client);
  }
}

static void
test_takes_no_half (void)
{
  static const char *const halves[] = {"half-header", "half-frame", "exit"};
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    expect_failure (client, halves[i], EXTRACT_ERROR_CRASH, "exit code 0");
  expect_next_is_fine (client);
}

/* Too late to spoil the file that has ended, it must not become the next one's end. */
static void
test_takes_no_second_end (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);

  for (guint i = 0; i < 5; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = run_as (client, OWNER, "end-twice", &error);

    if (document == NULL)
      g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
    else
      g_assert_cmpuint (document->text->len, ==, 0);
    g_usleep (40000); /* until the second was sent */
    expect_next_is_fine (client);
  }
}

/* --- deaths ------------------------------------------------------------------------------------
 */

static void
test_names_the_signal (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);

  if (BUILD_IS_ASAN) {
    g_test_skip ("the address sanitizer turns signals into exits");
    return;
  }
  expect_failure (client, "segv", EXTRACT_ERROR_CRASH, "signal 11 (Segmentation fault)");
  expect_failure (client, "abort", EXTRACT_ERROR_CRASH, "signal 6 (Aborted)");
  expect_failure (client, "trap", EXTRACT_ERROR_CRASH, "signal 5 (Trace/breakpoint trap)");
  expect_failure (client, "overflow", EXTRACT_ERROR_CRASH, "signal 11");
  expect_next_is_fine (client);
}

static void
test_bounds_memory (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = NULL;

  if (BUILD_IS_ASAN) {
    g_test_skip ("the address sanitizer cannot live with a limit of address space");
    return;
  }
  limits.memory_mb = 512;
  client = new_client (&limits);
  expect_failure (client, "allocate", EXTRACT_ERROR_MEMORY, "memory");
  expect_next_is_fine (client);
  expect_failure (client, "allocate-small", EXTRACT_ERROR_MEMORY, "memory");
  expect_next_is_fine (client);
  expect_failure (client, "allocate-glib", EXTRACT_ERROR_MEMORY, "memory");
  expect_next_is_fine (client);
}

static void
test_keeps_the_clock (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  static const char *const ways[] = {"hang", "close-and-hang"};

  limits.timeout_ms = 500;
  g_autoptr (ExtractClient) client = new_client (&limits);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_nonnull (extract_client_fingerprint (client, &error));

    gint64 start_us = g_get_monotonic_time ();

    expect_failure (client, ways[i], i == 0 ? EXTRACT_ERROR_TIMEOUT : EXTRACT_ERROR_CRASH, "");
    g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2500000);
  }
}

static void
test_says_that_the_file_changed (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autofree char *path = program ("ingest-extract");
  g_autoptr (ExtractClient) client = extract_client_new (path, &limits);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_build_filename (scratch, "shrinks", NULL);
  const gsize size = 8 << 20;
  int fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

  g_assert_cmpint (ftruncate (fd, (off_t)size), ==, 0);

  int read_only = open (name, O_RDONLY | O_CLOEXEC);
  ExtractJob job = {.owner = OWNER, .name = "shrinks", .fd = read_only, .size_bytes = size};

  g_assert_nonnull (extract_client_fingerprint (client, &error));
  g_assert_true (extract_client_start (client, &job, &error));
  g_assert_cmpint (ftruncate (fd, 0), ==, 0); /* before or after it is mapped: no crash of ours */
  while (!extract_client_pump (client))
    g_usleep (1000);

  g_autoptr (Document) document = extract_client_take (client, &error);

  g_test_message ("%s", error != NULL ? error->message : "a document");
  if (error != NULL)
    g_assert_true (g_error_matches (error, EXTRACT_ERROR, EXTRACT_ERROR_READ) ||
                   g_error_matches (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED));
  close (fd);
  close (read_only);
}

/* --- the client --------------------------------------------------------------------------------
 */

static void
test_is_reused_for_one_owner_only (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autofree char *first = ask_as (client, "one", "pid");
  g_autofree char *second = ask_as (client, "one", "pid");
  g_autofree char *other = ask_as (client, "two", "pid");
  g_autofree char *again = ask_as (client, "one", "pid");

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
  g_assert_cmpstr (again, !=, other);
  g_assert_cmpstr (again, !=, first);
}

static void
test_leaves_nothing_behind (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  guint before = count_descriptors ();

  for (guint i = 0; i < 5; i++) {
    g_autoptr (ExtractClient) client = new_client (&limits);

    expect_failure (client, "fork", EXTRACT_ERROR_CRASH, "signal 31");
    expect_failure (client, "totals", EXTRACT_ERROR_PROTOCOL, "protocol");
    expect_failure (client, "exit", EXTRACT_ERROR_CRASH, "");
    expect_next_is_fine (client);
  }
  g_assert_cmpuint (count_descriptors (), ==, before);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1); /* no zombie, no child */
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_survives_an_idle_death (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autofree char *pid = ask (client, "pid");

  kill (atoi (pid), SIGKILL);
  g_usleep (50000);
  expect_next_is_fine (client);
}

static void
test_dies_with_its_parent (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  int ends[2];
  char text[32] = "";

  g_assert_cmpint (pipe (ends), ==, 0);

  pid_t parent = fork ();

  if (parent == 0) { /* has a busy worker, and ends without a word */
    ExtractClient *client = new_client (&limits);
    g_autofree char *pid = ask (client, "pid");
    ExtractJob job = {.owner = OWNER, .name = "job", .fd = open_file ("hang"), .size_bytes = 4};

    extract_client_start (client, &job, NULL);
    (void)!write (ends[1], pid, strlen (pid));
    g_usleep (200000);
    raise (SIGKILL);
  }
  g_assert_cmpint (waitpid (parent, NULL, 0), ==, parent);
  g_assert_cmpint (read (ends[0], text, sizeof text - 1), >, 0);
  for (guint i = 0; i < 100 && kill (atoi (text), 0) == 0; i++) {
    g_autofree char *path = g_strdup_printf ("/proc/%s/stat", text);
    g_autofree char *stat = NULL;

    if (!g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, ") Z ") != NULL)
      break; /* nobody may be there to reap it */
    g_assert_cmpuint (i, <, 99);
    g_usleep (20000);
  }
  close (ends[0]);
  close (ends[1]);
}

static void
test_hands_out_no_writable_file (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autoptr (GError) error = NULL;
  int fd = memfd_create ("job", MFD_CLOEXEC);
  ExtractJob job = {.owner = OWNER, .name = "job", .fd = fd, .size_bytes = 0};

  g_assert_null (extract_client_run (client, &job, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_READ);
  close (fd);
}

static void
test_refuses_large_files (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;

  limits.max_file_bytes = 4;
  g_autoptr (ExtractClient) client = new_client (&limits);

  expect_failure (client, "hello", EXTRACT_ERROR_TOO_LARGE, "5 bytes");
}

/* --- a worker that does not start --------------------------------------------------------------
 */

static void
expect_no_worker (ExtractClient *client, ExtractCode code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (extract_client_fingerprint (client, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, EXTRACT_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, part));
  g_clear_error (&error);
  expect_failure (client, "hello", code, part);
}

static void
test_says_why_it_does_not_start (void)
{
  static const struct {
    const char *way, *part;
    ExtractCode code;
  } ways[] = {
      {"--as=another-version", "of another release", EXTRACT_ERROR_WORKER},
      {"--as=fail", "no sandbox here", EXTRACT_ERROR_WORKER},
      {"--as=exit", "exit code 5", EXTRACT_ERROR_WORKER},
      {"--as=signal", "signal 9 (Killed)", EXTRACT_ERROR_WORKER},
      {"--as=text-first", "began without HELLO", EXTRACT_ERROR_PROTOCOL},
      {"--memory-mb=1", "too small", EXTRACT_ERROR_WORKER},
  };
  ExtractLimits limits = EXTRACT_LIMITS_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (ExtractClient) client = new_client_with (ways[i].way, &limits);

    if (!BUILD_IS_ASAN || !g_str_has_prefix (ways[i].way, "--memory-mb"))
      expect_no_worker (client, ways[i].code, ways[i].part);
  }

  g_autoptr (ExtractClient) none = extract_client_new ("/nonexistent/worker", &limits);

  expect_no_worker (none, EXTRACT_ERROR_WORKER, "/nonexistent/worker");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_scratch ();
  g_test_add_func ("/client/believes-no-lie", test_believes_no_lie);
  g_test_add_func ("/client/takes-no-half", test_takes_no_half);
  g_test_add_func ("/client/takes-no-second-end", test_takes_no_second_end);
  g_test_add_func ("/client/names-the-signal", test_names_the_signal);
  g_test_add_func ("/client/bounds-memory", test_bounds_memory);
  g_test_add_func ("/client/keeps-the-clock", test_keeps_the_clock);
  g_test_add_func ("/client/says-that-the-file-changed", test_says_that_the_file_changed);
  g_test_add_func ("/client/is-reused-for-one-owner-only", test_is_reused_for_one_owner_only);
  g_test_add_func ("/client/leaves-nothing-behind", test_leaves_nothing_behind);
  g_test_add_func ("/client/survives-an-idle-death", test_survives_an_idle_death);
  g_test_add_func ("/client/dies-with-its-parent", test_dies_with_its_parent);
  g_test_add_func ("/client/hands-out-no-writable-file", test_hands_out_no_writable_file);
  g_test_add_func ("/client/refuses-large-files", test_refuses_large_files);
  g_test_add_func ("/client/says-why-it-does-not-start", test_says_why_it_does_not_start);

  int result = g_test_run ();

  remove_scratch ();
  return result;
}
