/* misbehaving-worker: a worker taken over by its file. It starts as the real one does (warm-up,
 * sandbox, HELLO, jobs); then what the file says is what it tries: "WORD" or "WORD ARGUMENT". What
 * it may not do kills it; what it is refused, it says in the document's text.
 *
 * Before HELLO it misbehaves by an argument, --as=WORD. */
#include "ingest/extract/formats.h"
#include "ingest/extract/frame.h"
#include "ingest/extract/sink.h"
#include "ingest/extract/worker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKER_FD 3

static gboolean
say (ExtractSink *sink, const char *prefix, const char *what, GError **error)
{
  g_autofree char *text = g_strconcat (prefix, what, NULL);

  extract_meta (sink, "format", "text");
  extract_meta (sink, "mime_type", "text/plain");
  return extract_paragraph (sink, 0, text, -1, error);
}

/* --- lies: past the writer -----------------------------------------------------------------------
 */

static void
send_bytes (const void *bytes, gsize length)
{
  const guint8 *from = bytes;

  while (length > 0) {
    gssize sent = send (WORKER_FD, from, length, MSG_NOSIGNAL);

    if (sent <= 0)
      _exit (9);
    from += sent;
    length -= (gsize)sent;
  }
}

static void
send_header (guint32 type, guint32 length)
{
  guint8 header[FRAME_HEADER_BYTES];

  frame_put_u32 (header, type);
  frame_put_u32 (header + 4, length);
  send_bytes (header, sizeof header);
}

static void
send_frame (guint32 type, const void *payload, gsize length)
{
  send_header (type, (guint32)length);
  send_bytes (payload, length);
}

static void
send_text (guint8 kind, guint8 level, const char *text, gsize length)
{
  g_autofree guint8 *payload = g_malloc0 (FRAME_BLOCK_BYTES + length);

  payload[0] = kind;
  payload[1] = level;
  memcpy (payload + FRAME_BLOCK_BYTES, text, length);
  send_frame (FRAME_TEXT, payload, FRAME_BLOCK_BYTES + length);
}

static void
send_end (guint64 bytes, guint32 blocks)
{
  guint8 payload[12];

  send_frame (FRAME_META, "format\0text", 11);
  frame_put_u32 (payload, (guint32)bytes);
  frame_put_u32 (payload + 4, (guint32)(bytes >> 32));
  frame_put_u32 (payload + 8, blocks);
  send_frame (FRAME_END, payload, sizeof payload);
}

static void
send_fail (guint32 code)
{
  guint8 payload[8] = "....why";

  frame_put_u32 (payload, code);
  send_frame (FRAME_FAIL, payload, 7);
}

static void
flood (FrameType type)
{
  g_autofree char *text = g_strnfill (65536, 'x');

  while (TRUE)
    if (type == FRAME_TEXT)
      send_text (BLOCK_PARAGRAPH, 0, text, 65536);
    else if (type == FRAME_MORE)
      send_text (BLOCK_PARAGRAPH, 0, "x", 1);
    else if (type == FRAME_META)
      send_frame (FRAME_META, "title\0x", 7);
    else
      send_frame (type, "x", 1);
}

static gboolean
lie_of_members (const char *word)
{
  if (strcmp (word, "member-totals") == 0) {
    send_frame (FRAME_MEMBER, "a", 1);
    send_end (10, 1);
  } else if (strcmp (word, "member-depth") == 0) {
    for (guint i = 0; i < 100; i++)
      send_frame (FRAME_MEMBER, "a", 1);
  } else if (strcmp (word, "member-flood") == 0) {
    while (TRUE) {
      send_frame (FRAME_MEMBER, "a", 1);
      send_end (0, 0);
    }
  } else if (strcmp (word, "member-text") == 0) {
    g_autofree char *text = g_strnfill (65536, 'x');

    while (TRUE) {
      send_frame (FRAME_MEMBER, "a", 1);
      send_text (BLOCK_PARAGRAPH, 0, text, 65536);
      send_end (65536, 1);
    }
  } else if (strcmp (word, "member-name") == 0) {
    send_frame (FRAME_MEMBER, "a\n", 2);
  } else if (strcmp (word, "member-blame") == 0) {
    send_frame (FRAME_MEMBER, "a", 1);
    send_fail (EXTRACT_ERROR_WORKER);
  } else
    return FALSE;
  return TRUE;
}

/* Returns FALSE when `word` is no lie. */
static gboolean
lie (const char *word)
{
  if (strcmp (word, "flood-text") == 0)
    flood (FRAME_TEXT);
  else if (strcmp (word, "flood-blocks") == 0)
    flood (FRAME_MORE);
  else if (strcmp (word, "flood-warn") == 0)
    flood (FRAME_WARN);
  else if (strcmp (word, "flood-meta") == 0)
    flood (FRAME_META);
  else if (strcmp (word, "half-header") == 0)
    send_bytes ("\4\0\0", 3);
  else if (strcmp (word, "half-frame") == 0)
    send_header (FRAME_TEXT, 1000);
  else if (strcmp (word, "huge-frame") == 0)
    send_header (FRAME_TEXT, 0xFFFFFFF0u);
  else if (strcmp (word, "unknown-type") == 0)
    send_header (77, 0);
  else if (strcmp (word, "a-job") == 0)
    send_frame (FRAME_JOB, "x\0", 2);
  else if (strcmp (word, "second-hello") == 0)
    send_frame (FRAME_HELLO, "\2\0\0\0other", 9);
  else if (strcmp (word, "totals") == 0)
    send_end (10, 1);
  else if (strcmp (word, "kind") == 0)
    send_text (BLOCK_KIND_LAST + 1, 0, "x", 1);
  else if (strcmp (word, "level") == 0)
    send_text (BLOCK_HEADING, 7, "x", 1);
  else if (strcmp (word, "no-text") == 0)
    send_frame (FRAME_TEXT, "\2\0\1\0\0\0\0\0\n", 9);
  else if (strcmp (word, "gap") == 0)
    send_frame (FRAME_TEXT, "\2\0\377\377\0\0\0\0text", 12);
  else if (strcmp (word, "utf8") == 0)
    send_text (BLOCK_PARAGRAPH, 0, "a\xffz", 3);
  else if (strcmp (word, "half-character") == 0)
    send_text (BLOCK_PARAGRAPH, 0, "a\xc3", 2);
  else if (strcmp (word, "nul") == 0)
    send_text (BLOCK_PARAGRAPH, 0, "a\0z", 3);
  else if (strcmp (word, "more-first") == 0)
    send_frame (FRAME_MORE, "x", 1);
  else if (strcmp (word, "meta-key") == 0)
    send_frame (FRAME_META, "user_id\0x", 9);
  else if (strcmp (word, "meta-without-key") == 0)
    send_frame (FRAME_META, "title", 5);
  else if (strcmp (word, "blame") == 0)
    send_fail (EXTRACT_ERROR_WORKER);
  else if (strcmp (word, "fail-code") == 0)
    send_fail (1000000);
  else if (strcmp (word, "end-twice") == 0) {
    gint64 later_us = g_get_monotonic_time () + 10000;
    guint8 job[64];

    send_end (0, 0);
    while (g_get_monotonic_time () < later_us)
      continue; /* until the first is taken */
    send_end (0, 0);
    while (recv (WORKER_FD, job, sizeof job, 0) > 0)
      continue; /* it stays, and takes the next job for answered */
  } else
    return FALSE;
  return TRUE;
}

/* --- crimes: what the sandbox kills for
 * ------------------------------------------------------------ */

static void
connect_to (int port)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons ((guint16)port)};
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    (void)!write (fd, "stolen", 6);
}

static gboolean
crime (const char *word, const char *argument)
{
  struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
  struct iovec nothing = {0};

  if (strcmp (word, "open-write") == 0)
    (void)!write (open (argument, O_WRONLY | O_TRUNC), "defaced", 7);
  else if (strcmp (word, "open-create") == 0)
    open (argument, O_WRONLY | O_CREAT, 0644);
  else if (strcmp (word, "unlink") == 0)
    (void)!unlink (argument);
  else if (strcmp (word, "chmod") == 0)
    chmod (argument, 0777);
  else if (strcmp (word, "connect") == 0)
    connect_to (atoi (argument));
  else if (strcmp (word, "socketpair") == 0)
    socketpair (AF_UNIX, SOCK_STREAM, 0, (int[2]){0});
  else if (strcmp (word, "exec") == 0)
    execl ("/bin/touch", "touch", argument, (char *)NULL);
  else if (strcmp (word, "fork") == 0)
    (void)!fork ();
  else if (strcmp (word, "kill") == 0)
    kill (atoi (argument), SIGKILL);
  else if (strcmp (word, "tgkill") == 0)
    syscall (SYS_tgkill, atoi (argument), atoi (argument), SIGKILL);
  else if (strcmp (word, "ptrace") == 0)
    ptrace (PTRACE_ATTACH, atoi (argument), NULL, NULL);
  else if (strcmp (word, "read-memory") == 0)
    syscall (SYS_process_vm_readv, atoi (argument), &nothing, 1ul, &nothing, 1ul, 0ul);
  else if (strcmp (word, "exec-memory") == 0)
    (void)mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  else if (strcmp (word, "protect-exec") == 0)
    mprotect (mmap (NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096, PROT_EXEC);
  else if (strcmp (word, "setrlimit") == 0)
    setrlimit (RLIMIT_AS, &more);
  else if (strcmp (word, "setuid") == 0)
    (void)!setuid (0);
  else if (strcmp (word, "namespace") == 0)
    unshare (CLONE_NEWUSER);
  else if (strcmp (word, "keep-descriptor") == 0)
    fcntl (WORKER_FD, F_SETFL, O_NONBLOCK);
  else if (strcmp (word, "outlive") == 0)
    prctl (PR_SET_PDEATHSIG, 0);
  else if (strcmp (word, "io-uring") == 0)
    syscall (SYS_io_uring_setup, 1, NULL);
  else
    return FALSE;
  return TRUE;
}

/* --- deaths
 * ----------------------------------------------------------------------------------------- */

static G_GNUC_NORETURN void
hang (void)
{
  while (TRUE)
    sched_yield ();
}

static int
overflow_stack (int depth)
{
  volatile char waste[4096];

  waste[0] = (char)depth;
  return depth < 0 ? 0 : overflow_stack (depth + 1) + waste[0];
}

static G_GNUC_NORETURN void
allocate (gsize piece)
{
  while (TRUE) {
    char *memory = malloc (piece);

    if (memory == NULL)
      abort ();
    memset (memory, 1, piece);
  }
}

static gboolean
die (const char *word)
{
  if (strcmp (word, "hang") == 0)
    hang ();
  else if (strcmp (word, "close-and-hang") == 0) {
    close (WORKER_FD);
    hang ();
  } else if (strcmp (word, "exit") == 0)
    _exit (0);
  else if (strcmp (word, "segv") == 0)
    raise (SIGSEGV);
  else if (strcmp (word, "abort") == 0)
    abort ();
  else if (strcmp (word, "trap") == 0)
    g_error ("a bug of a library");
  else if (strcmp (word, "overflow") == 0)
    overflow_stack (0);
  else if (strcmp (word, "allocate") == 0)
    allocate (1 << 20);
  else if (strcmp (word, "allocate-small") == 0)
    allocate (100);
  else if (strcmp (word, "allocate-glib") == 0)
    g_free (g_malloc ((gsize)1 << 45));
  else
    return FALSE;
  return TRUE;
}

/* --- questions: what the worker can see, as the document's text
 * --------------------------------------- */

static char *
list_descriptors (void)
{
  GString *list = g_string_new (NULL);

  for (int fd = 0; fd < 1024; fd++)
    if (fcntl (fd, F_GETFD) >= 0)
      g_string_append_printf (list, "%d ", fd);
  return g_string_free (list, FALSE);
}

/* (transfer full) (nullable) */
static char *
ask (const char *word, const char *argument)
{
  if (strcmp (word, "environ") == 0)
    return g_strjoinv ("\n", environ);
  if (strcmp (word, "descriptors") == 0)
    return list_descriptors ();
  if (strcmp (word, "pid") == 0)
    return g_strdup_printf ("%d", getpid ());
  if (strcmp (word, "uid") == 0)
    return g_strdup_printf ("%u %u", getuid (), getgid ());
  if (strcmp (word, "stdout") == 0) {
    gboolean printed = printf ("to standard output\n") > 0 && fflush (stdout) == 0;

    return g_strdup_printf ("printed %d", printed);
  }
  if (strcmp (word, "warning") == 0) {
    g_warning ("a library complains");
    return g_strdup ("alive");
  }
  if (strcmp (word, "open-read") == 0 || strcmp (word, "open-dir") == 0) {
    int fd = open (argument, O_RDONLY | (word[5] == 'd' ? O_DIRECTORY : 0));

    return g_strdup (fd >= 0 ? "opened" : g_strerror (errno));
  }
  if (strcmp (word, "stat") == 0) {
    struct stat info;

    return g_strdup (stat (argument, &info) == 0 ? "seen" : g_strerror (errno));
  }
  return NULL;
}

/* --- a container
 * ------------------------------------------------------------------------------------ */

/* The sandbox has no system call to sleep. */
static void
wait_for (gint64 ms, clockid_t clock)
{
  struct timespec start, now;

  clock_gettime (clock, &start);
  do
    clock_gettime (clock, &now);
  while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

/* The lines of a script, one after the other. */
typedef struct {
  char **lines;
  guint at;
} Script;

static gboolean play (Script *script, ExtractSink *sink, GError **error);

/* Where the member's own lines end, behind its "end". */
static guint
end_of_member (const Script *script)
{
  guint depth = 1;
  guint i = script->at;

  for (; script->lines[i] != NULL && depth > 0; i++) {
    depth += g_str_has_prefix (script->lines[i], "member ");
    depth -= strcmp (script->lines[i], "end") == 0;
  }
  return i;
}

/* (transfer full) */
static char *
checksum_of_member (const Script *script)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = script->at; i < end_of_member (script); i++)
    g_checksum_update (checksum, (const guchar *)script->lines[i], -1);
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
play_member (Script *script, const char *name, ExtractSink *sink, GError **error)
{
  g_autoptr (GError) stopped = NULL;
  ExtractSink *member = extract_sink_new_member (sink, name, &stopped);
  g_autoptr (GError) failure = NULL;
  g_autofree char *checksum = checksum_of_member (script);
  guint end = end_of_member (script);

  if (stopped != NULL) {
    g_propagate_error (error, g_steal_pointer (&stopped));
    return FALSE;
  }
  if (member == NULL) { /* another worker has read it */
    script->at = end;
    return TRUE;
  }
  extract_meta (member, "checksum", checksum);
  play (script, member, &failure);
  script->at = end;
  return extract_sink_end_member (member, failure, error);
}

/* "text WORDS", "member NAME" ... "end", "fail WORDS", "sleep MS", "spin MS" (of processor time),
 * "inflate BYTES", "page N", or a way to die. */
static gboolean
play (Script *script, ExtractSink *sink, GError **error)
{
  extract_meta (sink, "format", "text");
  while (script->lines[script->at] != NULL) {
    const char *line = script->lines[script->at++];
    gboolean fine = TRUE;

    if (strcmp (line, "end") == 0)
      return TRUE;
    if (g_str_has_prefix (line, "text "))
      fine = extract_paragraph (sink, 0, line + 5, -1, error);
    else if (g_str_has_prefix (line, "member "))
      fine = play_member (script, line + 7, sink, error);
    else if (g_str_has_prefix (line, "fail ")) {
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "%s", line + 5);
      fine = FALSE;
    } else if (g_str_has_prefix (line, "sleep "))
      wait_for (atoi (line + 6), CLOCK_MONOTONIC);
    else if (g_str_has_prefix (line, "spin "))
      wait_for (atoi (line + 5), CLOCK_PROCESS_CPUTIME_ID);
    else if (g_str_has_prefix (line, "inflate "))
      fine = extract_inflated (sink, g_ascii_strtoull (line + 8, NULL, 10), error);
    else if (g_str_has_prefix (line, "page "))
      fine = extract_paragraph (sink, (guint)atoi (line + 5), line, -1, error);
    else
      die (line);
    if (!fine)
      return FALSE;
  }
  return TRUE;
}

static gboolean
play_script (const char *text, ExtractSink *sink, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  Script script = {.lines = lines};

  return play (&script, sink, error);
}

static gboolean
misbehave (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (input->bytes, &length);
  g_autofree char *line = g_strndup (bytes, length);

  if (g_str_has_prefix (line, "script\n"))
    return play_script (line + strlen ("script\n"), sink, error);

  char *space = strchr (line, ' ');
  const char *argument = space != NULL ? space + 1 : "";

  if (space != NULL)
    *space = '\0';

  g_autofree char *answer = ask (line, argument);

  if (answer != NULL)
    return say (sink, "", answer, error);
  if (strcmp (line, "write-file") == 0) /* the job's own descriptor */
    return say (sink, "write: ", write (4, "x", 1) < 0 ? g_strerror (errno) : "written", error);
  if (lie (line) || lie_of_members (line))
    _exit (0); /* a lie is not followed by the truth */
  if (crime (line, argument))
    return say (sink, "not killed for ", line, error);
  if (die (line))
    return say (sink, "survived ", line, error);
  return say (sink, "read: ", line, error);
}

/* --- before HELLO
 * ------------------------------------------------------------------------------------- */

static const char *bad_start;

static int
start_badly (void)
{
  const char *word = bad_start;

  if (strcmp (word, "another-version") == 0)
    send_frame (FRAME_HELLO, "\1\0\0\0x", 5);
  else if (strcmp (word, "text-first") == 0)
    send_text (BLOCK_PARAGRAPH, 0, "x", 1);
  else if (strcmp (word, "fail") == 0)
    send_frame (FRAME_FAIL, "\14\0\0\0no sandbox here", 19);
  else if (strcmp (word, "signal") == 0)
    raise (SIGKILL);
  return 5;
}

static gboolean
take_limit (const char *argument, ExtractLimits *limits)
{
  for (const ExtractLimitOption *option = extract_limit_options; option->option != NULL; option++) {
    g_autofree char *prefix = g_strconcat ("--", option->option, "=", NULL);

    if (g_str_has_prefix (argument, prefix))
      return extract_limit_set (limits, option, atoll (argument + strlen (prefix)));
  }
  return FALSE;
}

int
main (int argc, char **argv)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  gboolean no_landlock = FALSE;
  int stray = open ("/dev/null", O_RDONLY); /* the sandbox closes it */

  for (int i = 1; i < argc; i++) {
    if (take_limit (argv[i], &limits))
      continue;
    if (strcmp (argv[i], "--no-landlock") == 0)
      no_landlock = TRUE;
    else if (g_str_has_prefix (argv[i], "--as="))
      bad_start = argv[i] + strlen ("--as=");
  }
  if (stray < 0)
    return 6;
  return worker_run (&(WorkerOptions){.fd = WORKER_FD,
                                      .limits = &limits,
                                      .run = misbehave,
                                      .live = bad_start != NULL ? start_badly : NULL,
                                      .no_landlock = no_landlock});
}
