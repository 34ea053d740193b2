/* A file that kills its worker in one of its members costs that member alone; and each limit of a
 * file, at it and beyond. */
#include "tests/misbehaving.h"

#include "chunker/members.h"

#define RUNS_MAX 21 /* of workers for one file */

/* A worker without sanitizer dies of the signal, one with it says so and exits. */
#define SEGV_SAYS (BUILD_IS_ASAN ? "ended in the middle" : "signal 11 (Segmentation fault)")

static ExtractLimits
quick_limits (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;

  limits.timeout_ms = 20000;
  return limits;
}

/* lines: of a script; the worker may be killed on the way. */
static Document *
read_script (const ExtractLimits *limits, const char *lines, GError **error)
{
  g_autoptr (ExtractClient) client = new_client (limits);
  g_autofree char *words = g_strconcat ("script\n", lines, NULL);
  g_autoptr (GError) none = NULL;
  Document *document;

  g_assert_nonnull (extract_client_fingerprint (client, &none));
  document = run_as (client, OWNER, words, error);
  expect_next_is_fine (client);
  return document;
}

/* "name=text" or "name!code" of each document, the file's first. (transfer full) */
static char *
shape (Document *document)
{
  GString *all = g_string_new (NULL);
  g_autoptr (GPtrArray) members = members_take (document);

  for (guint i = 0; i <= members->len; i++) {
    const Document *one = i == 0 ? document : g_ptr_array_index (members, i - 1);
    const char *name = i == 0 ? "" : one->name + strlen ("job!/");

    g_string_append_printf (all, "%s%s%s%s", i > 0 ? " " : "", name,
                            one->error_code != NULL ? "!" : "=",
                            one->error_code != NULL ? one->error_code : one->text->str);
  }
  return g_string_free (all, FALSE);
}

static void
expect_shape (const ExtractLimits *limits, const char *lines, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_script (limits, lines, &error);
  g_autofree char *got = NULL;

  g_assert_no_error (error);
  got = shape (document);
  g_assert_cmpstr (got, ==, expected);
}

#define MEMBER(name, does) "member " name "\n" does "\nend\n"
#define TEXT(name) MEMBER (name, "text " name)

/* --- deaths ------------------------------------------------------------------------------------
 */

static void
test_costs_a_member_alone (void)
{
  ExtractLimits limits = quick_limits ();

  expect_shape (&limits,
                "text before\n" TEXT ("a") TEXT ("b") MEMBER ("c", "text half\nsegv")
                    TEXT ("d") "text after",
                "=before\n\nafter a=a b=b c!crash d=d");
  expect_shape (&limits, MEMBER ("a", "segv"), "= a!crash");
  expect_shape (&limits, MEMBER ("a", "segv") MEMBER ("b", "exit") MEMBER ("c", "abort") TEXT ("d"),
                "= a!crash b!crash c!crash d=d");
}

static void
test_names_the_signal (void)
{
  ExtractLimits limits = quick_limits ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_script (&limits, TEXT ("a") MEMBER ("b", "segv"), &error);
  const Document *b = g_ptr_array_index (document->members, 1);

  g_test_message ("%s", b->error_message);
  g_assert_nonnull (strstr (b->error_message, SEGV_SAYS));
}

static void
test_finds_its_way_back (void)
{
  ExtractLimits limits = quick_limits ();

  expect_shape (&limits,
                "text file\n" TEXT ("a") "member b\ntext in b\n" TEXT ("x") MEMBER ("y", "segv")
                    TEXT ("z") "text end of b\nend\n" TEXT ("c"),
                "=file a=a b=in b\n\nend of b b!/x=x b!/y!crash b!/z=z c=c");
  /* twice in one, then deeper, then in another */
  expect_shape (&limits,
                "member b\n" MEMBER ("x", "segv") TEXT ("y")
                    MEMBER ("z", "segv") "member deep\n" TEXT ("1") MEMBER ("2", "segv")
                        TEXT ("3") "end\n"
                                   "text b\nend\n" MEMBER ("c", "segv") TEXT ("d"),
                "= b=b b!/x!crash b!/y=y b!/z!crash b!/deep= b!/deep!/1=1 b!/deep!/2!crash "
                "b!/deep!/3=3 c!crash d=d");
}

/* What is open around it is what dies then, with what was read in it. */
static void
test_gives_up_where_nothing_is_named (void)
{
  ExtractLimits limits = quick_limits ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  expect_shape (&limits, TEXT ("a") "text half\nsegv\n" TEXT ("b"), "!crash a=a");
  expect_shape (&limits, "member a\n" TEXT ("x") "text half\nsegv\nend\n" TEXT ("b"),
                "= a!crash a!/x=x b=b");
  document = read_script (&limits, "text half\nsegv\n" TEXT ("b"), &error);
  g_assert_null (document);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CRASH);
}

static void
test_does_not_try_for_ever (void)
{
  ExtractLimits limits = quick_limits ();
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < RUNS_MAX + 5; i++)
    g_string_append_printf (lines, "member %u\nsegv\nend\n", i);
  document = read_script (&limits, lines->str, &error);
  g_assert_no_error (error);
  g_test_message ("%s", document->error_message);
  g_assert_cmpuint (document->members->len, ==, RUNS_MAX);
  g_assert_cmpstr (document->error_code, ==, "crash");
  g_assert_nonnull (strstr (document->error_message, "in its member 20: "));
  g_assert_nonnull (strstr (document->error_message, "behind that was not read"));
}

static void
test_runs_out_of_memory (void)
{
  ExtractLimits limits = quick_limits ();

  if (BUILD_IS_ASAN) {
    g_test_skip ("the address sanitizer cannot live with a limit of address space");
    return;
  }
  limits.memory_mb = 512;
  expect_shape (&limits,
                TEXT ("a") MEMBER ("b", "allocate") TEXT ("c") MEMBER ("d", "allocate-glib")
                    TEXT ("e"),
                "= a=a b!out_of_memory c=c d!out_of_memory e=e");
}

static void
test_is_lied_to (void)
{
  static const char *const lies[] = {"member-totals", "member-depth", "member-text", "member-name",
                                     "member-blame"};
  ExtractLimits limits = quick_limits ();
  g_autoptr (ExtractClient) client = NULL;

  limits.max_text_bytes = 4 << 20;
  limits.max_members = 100;
  client = new_client (&limits);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = run_as (client, OWNER, lies[i], &error);
    const char *message = document != NULL ? document->error_message : error->message;

    g_test_message ("%s: %s", lies[i], message);
    g_assert_true (document == NULL || strcmp (document->error_code, "protocol") == 0);
    g_assert_nonnull (strstr (message, "broke the protocol"));
    expect_next_is_fine (client);
  }
}

/* --- clocks ------------------------------------------------------------------------------------
 */

static void
test_stalls (void)
{
  ExtractLimits limits = quick_limits ();
  gint64 start_us = g_get_monotonic_time ();

  limits.stall_ms = 400;
  expect_shape (&limits, TEXT ("a") MEMBER ("b", "hang") TEXT ("c"), "= a=a b!timeout c=c");
  expect_shape (&limits, TEXT ("a") MEMBER ("b", "hang") MEMBER ("c", "hang"),
                "= a=a b!timeout c!timeout");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 20 * G_USEC_PER_SEC);
}

/* Slow, but something comes of it: blocks, inflated bytes. */
static void
test_is_slow_but_alive (void)
{
  ExtractLimits limits = quick_limits ();

  limits.stall_ms = 1500;
  expect_shape (&limits, "sleep 700\ntext a\nsleep 700\ntext b\nsleep 700\ntext c", "=a\n\nb\n\nc");
  expect_shape (&limits, "sleep 700\ninflate 1\nsleep 700\ninflate 1\nsleep 700\ninflate 1\ntext c",
                "=c");
}

/* The file's clock goes on over all of its workers. */
static void
test_has_one_clock (void)
{
  ExtractLimits limits = quick_limits ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;
  gint64 start_us = g_get_monotonic_time ();

  limits.timeout_ms = 4000;
  limits.stall_ms = 60000;
  document = read_script (&limits, TEXT ("a") MEMBER ("b", "segv") MEMBER ("c", "hang") TEXT ("d"),
                          &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpstr (document->error_code, ==, "timeout");
  g_test_message ("%s", document->error_message);
  g_assert_cmpuint (document->members->len, ==, 3);
  g_assert_cmpstr (((Document *)g_ptr_array_index (document->members, 2))->error_code, ==,
                   "timeout");
}

static void
expect_partial (const ExtractLimits *limits, const char *lines, const char *text, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_script (limits, lines, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (document->partial, ==, why);
  if (text != NULL)
    g_assert_cmpstr (document->text->str, ==, text);
}

static void
test_ends_by_itself (void)
{
  ExtractLimits limits = quick_limits ();

  limits.timeout_ms = 1000;
  expect_partial (&limits, "text a\nsleep 800\ntext b", "a",
                  "only what could be read in 0.8 seconds");
  expect_partial (&limits, "text a\nsleep 100\ntext b", "a\n\nb", NULL);
}

static void
test_bounds_processor_time (void)
{
  ExtractLimits limits = quick_limits ();
  g_autoptr (GError) error = NULL;

  limits.timeout_ms = 120000; /* where the machine is busy, too */
  limits.cpu_ms = 1000;
  expect_partial (&limits, "text a\nspin 800\ntext b\nspin 30\ntext c", NULL,
                  "only what could be read in 0.8 seconds of processor time");
  expect_partial (&limits, "text a\nspin 100\ntext b", "a\n\nb", NULL);
  g_assert_null (read_script (&limits, "text a\nspin 20000", &error)); /* never asks */
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "cpu_ms"));
}

/* --- counts ------------------------------------------------------------------------------------
 */

static void
test_bounds_what_comes (void)
{
  ExtractLimits limits = quick_limits ();

  limits.max_pages = 2;
  expect_partial (&limits, "page 1\npage 2", "page 1\n\npage 2", NULL);
  expect_partial (&limits, "page 1\npage 2\npage 3", "page 1\n\npage 2", "only the first 2 pages");
  limits.max_members = 2;
  expect_shape (&limits, TEXT ("a") TEXT ("b"), "= a=a b=b");
  expect_partial (&limits, TEXT ("a") TEXT ("b") TEXT ("c"), "", "only the first 2 members");
  limits.max_text_bytes = 1024;
  expect_partial (&limits, TEXT ("a") TEXT ("b") "text c", "c", NULL);

  g_autofree char *line = g_strnfill (1023, 'x');
  g_autofree char *fits = g_strconcat (TEXT ("a"), "text ", line, NULL);
  g_autofree char *cut = g_strconcat (TEXT ("ab"), "text ", line, NULL);
  expect_partial (&limits, fits, line, NULL);
  expect_partial (&limits, cut, line + 1, "only the first 1024 bytes of text");
}

static void
test_counts_over_all_workers (void)
{
  ExtractLimits limits = quick_limits ();

  limits.max_members = 4;
  expect_partial (&limits,
                  TEXT ("a") MEMBER ("b", "segv") TEXT ("c") MEMBER ("d", "segv") TEXT ("e"), "",
                  "only the first 4 members");
  limits.max_text_bytes = 1024;

  g_autofree char *line = g_strnfill (600, 'x');
  g_autofree char *lines =
      g_strconcat ("member a\ntext ", line, "\nend\n", MEMBER ("b", "segv"), "text ", line, NULL);
  expect_partial (&limits, lines, line + 600 - 424, "only the first 1024 bytes of text");
}

static void
test_bounds_what_inflates (void)
{
  ExtractLimits limits = quick_limits ();
  g_autoptr (GError) error = NULL;

  limits.max_inflated_bytes = 1000000;
  expect_shape (&limits, MEMBER ("a", "inflate 500000\ntext a") MEMBER ("b", "inflate 500000"),
                "= a=a b=");
  g_assert_null (read_script (
      &limits, MEMBER ("a", "inflate 500000\ntext a") MEMBER ("b", "inflate 500001"), &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_scratch ();
  g_test_add_func ("/rescue/a-death-costs-a-member-alone", test_costs_a_member_alone);
  g_test_add_func ("/rescue/names-the-signal", test_names_the_signal);
  g_test_add_func ("/rescue/finds-its-way-back", test_finds_its_way_back);
  g_test_add_func ("/rescue/gives-up-where-nothing-is-named", test_gives_up_where_nothing_is_named);
  g_test_add_func ("/rescue/does-not-try-for-ever", test_does_not_try_for_ever);
  g_test_add_func ("/rescue/out-of-memory", test_runs_out_of_memory);
  g_test_add_func ("/rescue/is-lied-to", test_is_lied_to);
  g_test_add_func ("/limits/stall", test_stalls);
  g_test_add_func ("/limits/slow-but-alive", test_is_slow_but_alive);
  g_test_add_func ("/limits/one-clock", test_has_one_clock);
  g_test_add_func ("/limits/soft-clock", test_ends_by_itself);
  g_test_add_func ("/limits/processor-time", test_bounds_processor_time);
  g_test_add_func ("/limits/pages-members-text", test_bounds_what_comes);
  g_test_add_func ("/limits/over-all-workers", test_counts_over_all_workers);
  g_test_add_func ("/limits/inflated", test_bounds_what_inflates);

  int result = g_test_run ();

  remove_scratch ();
  return result;
}
