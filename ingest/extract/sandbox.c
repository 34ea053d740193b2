#include "sandbox.h"

#include "extract.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534u
#define DESCRIPTORS_MAX 64
#define MEMORY_ROOM_MB 32u /* at least so much beyond what the worker has when it starts */
#define DATA_DIR "/usr/share/poppler"

/* What a build for tests cannot live with. Each is a line in sandbox_build_notes. */
#ifdef INGEST_ASAN
#define HAS_ADDRESS_SPACE_LIMIT 0 /* the shadow is terabytes of address space */
#else
#define HAS_ADDRESS_SPACE_LIMIT 1
#endif
#ifdef INGEST_COV
#define WRITES_COVERAGE 1 /* .gcda files below build/, as the user who owns them */
#else
#define WRITES_COVERAGE 0
#endif

const char *
sandbox_build_notes (void)
{
  if (!HAS_ADDRESS_SPACE_LIMIT)
    return "address sanitizer: no limit of address space, more system calls, standard error open";
  if (WRITES_COVERAGE)
    return "coverage: keeps its user, may write below build/";
  return "";
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "the sandbox cannot be raised: %s: %s",
               what, g_strerror (errno));
  return FALSE;
}

/* --- privileges ------------------------------------------------------------------------------- */

static gboolean
drop_capabilities (GError **error)
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

  if (syscall (SYS_capset, &header, none) != 0)
    return fail (error, "capset");
  return TRUE;
}

static gboolean
drop_privileges (GError **error)
{
  pid_t parent = getppid ();

  if (geteuid () == 0 && !WRITES_COVERAGE) {
    if (setgroups (0, NULL) != 0)
      return fail (error, "setgroups");
    if (setresgid (NOBODY, NOBODY, NOBODY) != 0 || setresuid (NOBODY, NOBODY, NOBODY) != 0)
      return fail (error, "becoming the user nobody");
  }
  if (!drop_capabilities (error))
    return FALSE;
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail (error, "no_new_privs");
  if (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) /* no other worker may ptrace this one */
    return fail (error, "dumpable");
  /* After the change of user, which forgets it. */
  if (prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
    return fail (error, "pdeathsig");
  if (getppid () != parent) {
    errno = ESRCH;
    return fail (error, "the parent died meanwhile");
  }
  return TRUE;
}

/* --- descriptors, limits -----------------------------------------------------------------------
 */

/* Landlock and seccomp are raised for the calling thread: there must be no other. */
static gboolean
check_one_thread (GError **error)
{
  struct stat tasks;

  if (stat ("/proc/self/task", &tasks) != 0)
    return fail (error, "/proc/self/task");
  if (tasks.st_nlink != 3) { /* ".", ".." and the thread */
    errno = EBUSY;
    return fail (error, "a library has started a thread");
  }
  return TRUE;
}

/* keep: in order */
static gboolean
close_strays (const int *keep, guint n_keep, GError **error)
{
  guint from = 3;

  for (guint i = 0; i < n_keep; i++) {
    guint fd = (guint)keep[i];

    g_return_val_if_fail (fd >= from, FALSE);
    if (fd > from && syscall (SYS_close_range, from, fd - 1, 0) != 0)
      return fail (error, "close_range");
    from = fd + 1;
  }
  if (syscall (SYS_close_range, from, ~0u, 0) != 0)
    return fail (error, "close_range");
  return TRUE;
}

static guint
address_space_mb (void)
{
  g_autofree char *statm = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL))
    return 0;
  return (guint)(g_ascii_strtoull (statm, NULL, 10) * (guint64)sysconf (_SC_PAGESIZE) >> 20);
}

static gboolean
limit (int resource, rlim_t soft, rlim_t hard, const char *what, GError **error)
{
  struct rlimit both;

  if (getrlimit (resource, &both) != 0)
    return fail (error, what);
  both.rlim_max = MIN (both.rlim_max, hard); /* it may be low already */
  both.rlim_cur = MIN (soft, both.rlim_max);
  if (setrlimit (resource, &both) != 0)
    return fail (error, what);
  return TRUE;
}

static gboolean
set_limits (const SandboxOptions *options, GError **error)
{
  rlim_t memory = (rlim_t)options->memory_mb << 20;
  guint mapped = address_space_mb ();

  if (HAS_ADDRESS_SPACE_LIMIT && options->memory_mb < mapped + MEMORY_ROOM_MB) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                 "a memory limit of %u MB is too small: the worker has %u MB mapped when it starts",
                 options->memory_mb, mapped);
    return FALSE;
  }
  return (!HAS_ADDRESS_SPACE_LIMIT || limit (RLIMIT_AS, memory, memory, "RLIMIT_AS", error)) &&
         (WRITES_COVERAGE || limit (RLIMIT_FSIZE, 0, 0, "RLIMIT_FSIZE", error)) &&
         limit (RLIMIT_NOFILE, DESCRIPTORS_MAX, DESCRIPTORS_MAX, "RLIMIT_NOFILE", error) &&
         limit (RLIMIT_CORE, 0, 0, "RLIMIT_CORE", error) &&
         limit (RLIMIT_NPROC, 0, 0, "RLIMIT_NPROC", error) &&
         limit (RLIMIT_MEMLOCK, 0, 0, "RLIMIT_MEMLOCK", error) &&
         limit (RLIMIT_CPU, options->cpu_seconds, RLIM_INFINITY, "RLIMIT_CPU", error);
}

/* --- Landlock ----------------------------------------------------------------------------------
 */

/* The kernel's, by number: distributions' headers are older than the kernels they run on. */
#define LL_CREATE_RULESET 444
#define LL_ADD_RULE 445
#define LL_RESTRICT_SELF 446
#define LL_VERSION (1u << 0)
#define LL_RULE_PATH_BENEATH 1
#define LL_FS_READ_FILE (1ull << 2)
#define LL_FS_READ_DIR (1ull << 3)
#define LL_FS_COVERAGE                                                                             \
  (LL_FS_READ_FILE | LL_FS_READ_DIR | (1ull << 1) /* write */ | (1ull << 8) /* make */ |           \
   (1ull << 14) /* truncate */)
#define LL_FS_1 ((1ull << 13) - 1) /* all that version 1 knows */
#define LL_FS_2 (1ull << 13)       /* rename and link between directories */
#define LL_FS_3 (1ull << 14)       /* truncate */
#define LL_FS_5 (1ull << 15)       /* ioctl of devices */
#define LL_NET_4 3ull              /* TCP bind and connect */
#define LL_SCOPED_6 3ull           /* abstract sockets, signals */

typedef struct {
  guint64 fs, net, scoped;
} LandlockRuleset;

typedef struct {
  guint64 access;
  gint32 fd;
} __attribute__ ((packed)) LandlockPath;

guint
sandbox_landlock_version (void)
{
  long version = syscall (LL_CREATE_RULESET, NULL, (gsize)0, LL_VERSION);

  return version < 0 ? 0 : (guint)version;
}

static gboolean
allow_beneath (int ruleset, const char *path, guint64 access, GError **error)
{
  int fd = open (path, O_PATH | O_CLOEXEC);
  LandlockPath rule = {.access = access, .fd = fd};

  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd < 0)
    return fail (error, path);

  gboolean added = syscall (LL_ADD_RULE, ruleset, LL_RULE_PATH_BENEATH, &rule, 0u) == 0;

  if (!added)
    fail (error, "landlock_add_rule");
  close (fd);
  return added;
}

#if WRITES_COVERAGE
/* The directory "build" that the program lies in, or its own directory. (transfer full) */
static char *
coverage_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *build = program != NULL ? g_strrstr (program, "/build/") : NULL;

  if (build != NULL)
    return g_strndup (program, (gsize)(build - program) + strlen ("/build"));
  return program != NULL ? g_path_get_dirname (program) : g_strdup ("/nonexistent");
}
#endif

static gboolean
add_rules (int ruleset, guint64 known, GError **error)
{
#if WRITES_COVERAGE
  g_autofree char *build = coverage_dir ();

  if (!allow_beneath (ruleset, build, LL_FS_COVERAGE & known, error))
    return FALSE;
#endif
  return allow_beneath (ruleset, DATA_DIR, (LL_FS_READ_FILE | LL_FS_READ_DIR) & known, error);
}

static gboolean
raise_landlock (guint version, GError **error)
{
  LandlockRuleset all = {
      .fs = LL_FS_1 | (version >= 2 ? LL_FS_2 : 0) | (version >= 3 ? LL_FS_3 : 0) |
            (version >= 5 ? LL_FS_5 : 0),
      .net = version >= 4 ? LL_NET_4 : 0,
      .scoped = version >= 6 ? LL_SCOPED_6 : 0,
  };
  gsize size = version >= 6 ? sizeof all : version >= 4 ? 16 : 8;
  int ruleset = (int)syscall (LL_CREATE_RULESET, &all, size, 0u);

  if (ruleset < 0)
    return fail (error, "landlock_create_ruleset");

  gboolean raised = add_rules (ruleset, all.fs, error);

  if (raised && syscall (LL_RESTRICT_SELF, ruleset, 0u) != 0)
    raised = fail (error, "landlock_restrict_self");
  close (ruleset);
  return raised;
}

/* --- seccomp -----------------------------------------------------------------------------------
 */

/* What a reader and its libraries need on memory and open descriptors. */
static const int allowed[] = {
    SCMP_SYS (read),
    SCMP_SYS (pread64),
    SCMP_SYS (readv),
    SCMP_SYS (write),
    SCMP_SYS (writev),
    SCMP_SYS (lseek),
    SCMP_SYS (recvmsg),
    SCMP_SYS (recvfrom),
    SCMP_SYS (sendmsg),
    SCMP_SYS (sendto),
    SCMP_SYS (close),
    SCMP_SYS (fstat),
    SCMP_SYS (getdents64),
    SCMP_SYS (munmap),
    SCMP_SYS (mremap),
    SCMP_SYS (brk),
    SCMP_SYS (madvise),
    SCMP_SYS (futex),
    SCMP_SYS (exit),
    SCMP_SYS (exit_group),
    SCMP_SYS (rt_sigreturn),
    SCMP_SYS (rt_sigaction),
    SCMP_SYS (rt_sigprocmask),
    SCMP_SYS (clock_gettime),
    SCMP_SYS (clock_getres),
    SCMP_SYS (gettimeofday),
    SCMP_SYS (time),
    SCMP_SYS (getrandom),
    SCMP_SYS (getpid),
    SCMP_SYS (gettid),
    SCMP_SYS (getuid),
    SCMP_SYS (geteuid),
    SCMP_SYS (getgid),
    SCMP_SYS (getegid),
    SCMP_SYS (sysinfo) /* glibc's qsort */,
    SCMP_SYS (sched_yield),
    SCMP_SYS (sched_getaffinity),
    SCMP_SYS (getrusage),
    SCMP_SYS (restart_syscall),
#ifdef INGEST_ASAN
    SCMP_SYS (sigaltstack),
#endif
};

/* What libraries ask in passing: they get "no" and live. */
static const int refused[] = {
    SCMP_SYS (open),     SCMP_SYS (stat),       SCMP_SYS (lstat),     SCMP_SYS (statx),
    SCMP_SYS (statfs),   SCMP_SYS (access),     SCMP_SYS (faccessat), SCMP_SYS (faccessat2),
    SCMP_SYS (readlink), SCMP_SYS (readlinkat), SCMP_SYS (getcwd),    SCMP_SYS (uname),
};

typedef struct {
  guint32 action;
  int call;
  guint n_args;
  struct scmp_arg_cmp args[2];
} SeccompRule;

static gboolean
add_list (scmp_filter_ctx filter, guint32 action, const int *calls, guint n_calls)
{
  for (guint i = 0; i < n_calls; i++)
    if (calls[i] >= 0 && seccomp_rule_add (filter, action, calls[i], 0) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
add_conditions (scmp_filter_ctx filter, gboolean may_open)
{
  const guint64 read_flags =
      O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_DIRECTORY | O_NOFOLLOW | O_LARGEFILE | 0100000;
  const guint64 may_write = WRITES_COVERAGE ? O_RDWR | O_CREAT | O_TRUNC : 0;
  const SeccompRule rules[] = {
      {SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1, {SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
      {SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1, {SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
      {SCMP_ACT_ALLOW,
       SCMP_SYS (newfstatat),
       1,
       {SCMP_A3 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)}},
      {SCMP_ACT_ERRNO (EACCES),
       SCMP_SYS (newfstatat),
       1,
       {SCMP_A3 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0)}},
      {SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1, {SCMP_A1 (SCMP_CMP_EQ, F_GETFD)}},
      {SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1, {SCMP_A1 (SCMP_CMP_EQ, F_GETFL)}},
      {SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1, {SCMP_A1 (SCMP_CMP_EQ, F_DUPFD_CLOEXEC)}},
      /* abort and raise: a signal to itself */
      {SCMP_ACT_ALLOW, SCMP_SYS (tgkill), 1, {SCMP_A0 (SCMP_CMP_EQ, (guint64)getpid ())}},
      {SCMP_ACT_ERRNO (ENOTTY), SCMP_SYS (ioctl), 0, {{0}}},
      {may_open ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO (EACCES),
       SCMP_SYS (openat),
       1,
       {SCMP_A2 (SCMP_CMP_MASKED_EQ, 0xFFFFFFFFu & ~(read_flags | may_write), 0)}},
#ifdef INGEST_COV
      {SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1, {SCMP_A1 (SCMP_CMP_EQ, F_SETLKW)}},
      {SCMP_ACT_ALLOW, SCMP_SYS (ftruncate), 0, {{0}}},
#endif
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (seccomp_rule_add_array (filter, rules[i].action, rules[i].call, rules[i].n_args,
                                rules[i].args) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
raise_seccomp (gboolean may_open, GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_KILL_PROCESS);

  if (filter == NULL) {
    errno = ENOMEM;
    return fail (error, "seccomp");
  }

  gboolean built = seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
                   seccomp_attr_set (filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
                   add_list (filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS (allowed)) &&
                   add_list (filter, SCMP_ACT_ERRNO (EACCES), refused, G_N_ELEMENTS (refused)) &&
                   add_conditions (filter, may_open);
  int rc = built ? seccomp_load (filter) : -EINVAL;

  seccomp_release (filter);
  if (rc != 0) {
    errno = -rc;
    return fail (error, "seccomp");
  }
  return TRUE;
}

/* The kernel's word that it holds, rather than ours that we asked for it. */
static gboolean
check_it_holds (GError **error)
{
  errno = 0;
  if (open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0 || errno != EACCES)
    return fail (error, "files can still be opened");
  if (ioctl (-1, TCGETS, NULL) == 0 || errno != ENOTTY)
    return fail (error, "seccomp does not answer");
  return TRUE;
}

gboolean
sandbox_raise (const SandboxOptions *options, GError **error)
{
  guint landlock = options->no_landlock ? 0 : sandbox_landlock_version ();

  return check_one_thread (error) && close_strays (options->fds, options->n_fds, error) &&
         set_limits (options, error) && drop_privileges (error) &&
         (landlock == 0 || raise_landlock (landlock, error)) &&
         raise_seccomp (landlock > 0, error) && check_it_holds (error);
}
