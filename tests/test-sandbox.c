/* The sandbox, tried by a worker that is on the file's side. */
#include "tests/misbehaving.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* TRUE: something came to the listening socket. */
static gboolean
was_reached (int listener)
{
  return accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC) >= 0;
}

static int
listen_on_loopback (guint *port)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 8), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *)&address, &length), ==, 0);
  *port = ntohs (address.sin_port);
  return fd;
}

static void
check_crimes (ExtractClient *client)
{
  static const char *const crimes[] = {
      "unlink",      "chmod",           "socketpair", "fork",
      "exec-memory", "protect-exec",    "setrlimit",  "setuid",
      "namespace",   "keep-descriptor", "outlive",    "io-uring",
  };
  g_autofree char *victim = g_build_filename (scratch, "victim", NULL);

  g_assert_true (g_file_set_contents (victim, "precious", -1, NULL));
  g_assert_cmpint (g_chmod (victim, 0666), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (crimes); i++) {
    g_autofree char *words = g_strconcat (crimes[i], " ", victim, NULL);

    expect_failure (client, words, EXTRACT_ERROR_CRASH, "signal 31 (Bad system call)");
  }
  expect_next_is_fine (client);

  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (victim, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "precious");
}

static void
test_kills_for_crimes (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);

  check_crimes (client);
}

static void
test_holds_without_landlock (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client_with ("--no-landlock", &limits);

  check_crimes (client);

  g_autofree char *read = ask (client, "open-read /etc/passwd");
  g_autofree char *data = ask (client, "open-dir /usr/share");

  g_assert_cmpstr (read, ==, g_strerror (EACCES));
  g_assert_cmpstr (data, ==, g_strerror (EACCES));
}

static void
test_writes_no_file (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autofree char *canary = g_build_filename (scratch, "canary", NULL);
  g_autofree char *created = g_build_filename (scratch, "created", NULL);
  g_autofree char *deface = g_strconcat ("open-write ", canary, NULL);
  g_autofree char *create = g_strconcat ("open-create ", created, NULL);
  g_autofree char *touch = g_strconcat ("exec ", created, NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (canary, "alive", -1, NULL));
  g_assert_cmpint (g_chmod (canary, 0666), ==, 0);
  g_assert_cmpint (g_chmod (scratch, 0777), ==, 0);
  if (!BUILD_IS_COV) { /* which asks Landlock alone */
    expect_failure (client, deface, EXTRACT_ERROR_CRASH, "signal 31");
    expect_failure (client, create, EXTRACT_ERROR_CRASH, "signal 31");
  }
  expect_failure (client, touch, EXTRACT_ERROR_CRASH, "signal 31");
  g_assert_true (g_file_get_contents (canary, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "alive");
  g_assert_false (g_file_test (created, G_FILE_TEST_EXISTS));
  expect_next_is_fine (client);

  g_autofree char *job = ask (client, "write-file");

  g_assert_true (g_str_has_prefix (job, "write: "));
  g_assert_cmpstr (job, !=, "write: written");
}

static void
test_reads_no_file (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autofree char *canary = g_build_filename (scratch, "secret", NULL);
  g_autofree char *words = g_strconcat ("open-read ", canary, NULL);

  g_assert_true (g_file_set_contents (canary, "secret", -1, NULL));
  g_assert_cmpint (g_chmod (canary, 0644), ==, 0);

  g_autofree char *secret = ask (client, words);
  g_autofree char *passwd = ask (client, "open-read /etc/passwd");
  g_autofree char *proc = ask (client, "open-read /proc/self/environ");
  g_autofree char *root = ask (client, "open-dir /");
  g_autofree char *seen = ask (client, "stat /etc/passwd");

  g_assert_cmpstr (secret, ==, g_strerror (EACCES));
  g_assert_cmpstr (passwd, ==, g_strerror (EACCES));
  g_assert_cmpstr (proc, ==, g_strerror (EACCES));
  g_assert_cmpstr (root, ==, g_strerror (EACCES));
  g_assert_cmpstr (seen, ==, g_strerror (EACCES));
}

static void
test_reaches_no_network (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  guint port;
  int listener = listen_on_loopback (&port);
  g_autofree char *words = g_strdup_printf ("connect %u", port);

  expect_failure (client, words, EXTRACT_ERROR_CRASH, "signal 31");
  g_assert_false (was_reached (listener));
  close (listener);
  expect_next_is_fine (client);
}

static void
test_touches_no_process (void)
{
  static const char *const ways[] = {"kill", "tgkill", "ptrace", "read-memory"};
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  pid_t victim = fork ();

  if (victim == 0) {
    while (TRUE)
      pause ();
  }
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree char *words = g_strdup_printf ("%s %d", ways[i], (int)victim);

    expect_failure (client, words, EXTRACT_ERROR_CRASH, "signal 31");
  }
  g_assert_cmpint (waitpid (victim, NULL, WNOHANG), ==, 0);
  kill (victim, SIGKILL);
  g_assert_cmpint (waitpid (victim, NULL, 0), ==, victim);
}

static void
test_is_nobody (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autofree char *ids = ask (client, "uid");
  g_autofree char *expected = getuid () == 0 && !BUILD_IS_COV
                                  ? g_strdup ("65534 65534")
                                  : g_strdup_printf ("%u %u", getuid (), getgid ());

  g_assert_cmpstr (ids, ==, expected);
}

static void
test_inherits_nothing (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = NULL;
  int stray = open ("/etc/passwd", O_RDONLY); /* without CLOEXEC */

  g_setenv ("DATABASE_URL", "postgres://secret", TRUE);
  g_setenv ("PGPASSWORD", "secret", TRUE);
  client = new_client (&limits);

  g_autofree char *environment = ask (client, "environ");
  g_autofree char *descriptors = ask (client, "descriptors");
  g_auto (GStrv) lines = g_strsplit (environment, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (g_str_has_prefix (lines[i], "LANG=C.UTF-8") ||
                   g_str_has_prefix (lines[i], "PATH=") || strstr (lines[i], "SAN_OPTIONS=") ||
                   g_str_has_prefix (lines[i], "GCOV_PREFIX") ||
                   strcmp (lines[i], "OMP_THREAD_LIMIT=1") == 0);
  g_assert_null (strstr (environment, "secret"));
  g_assert_cmpstr (g_strchomp (descriptors), ==, "0 1 2 3 4"); /* the socket, the file */
  g_unsetenv ("DATABASE_URL");
  g_unsetenv ("PGPASSWORD");
  close (stray);
}

static void
test_lives_with_what_libraries_do (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (ExtractClient) client = new_client (&limits);
  g_autofree char *first = ask (client, "pid");
  g_autofree char *printed = ask (client, "stdout");
  g_autofree char *warned = ask (client, "warning");
  g_autofree char *last = ask (client, "pid");

  g_assert_cmpstr (printed, ==, "printed 1");
  g_assert_cmpstr (warned, ==, "alive");
  g_assert_cmpstr (first, ==, last);
}

/* In a release build the sandbox is whole. */
static void
test_drops_nothing_in_a_release (void)
{
  g_autofree char *path = program ("ingest-extract");
  g_autofree char *version = NULL;
  const char *argv[] = {path, "--version", NULL};

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &version,
                               NULL, NULL, NULL));
  g_test_message ("%s", version);
  g_assert_nonnull (strstr (version, "\nsandbox: seccomp"));
  if (BUILD_IS_ASAN || BUILD_IS_COV)
    g_assert_nonnull (strstr (version, "leaves out"));
  else
    g_assert_null (strstr (version, "leaves out"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_scratch ();
  g_test_add_func ("/sandbox/kills-for-crimes", test_kills_for_crimes);
  g_test_add_func ("/sandbox/holds-without-landlock", test_holds_without_landlock);
  g_test_add_func ("/sandbox/writes-no-file", test_writes_no_file);
  g_test_add_func ("/sandbox/reads-no-file", test_reads_no_file);
  g_test_add_func ("/sandbox/reaches-no-network", test_reaches_no_network);
  g_test_add_func ("/sandbox/touches-no-process", test_touches_no_process);
  g_test_add_func ("/sandbox/is-nobody", test_is_nobody);
  g_test_add_func ("/sandbox/inherits-nothing", test_inherits_nothing);
  g_test_add_func ("/sandbox/lives-with-what-libraries-do", test_lives_with_what_libraries_do);
  g_test_add_func ("/sandbox/drops-nothing-in-a-release", test_drops_nothing_in_a_release);

  int result = g_test_run ();

  remove_scratch ();
  return result;
}
