/* What the readers of archives promise: members by name, damage kept in its place, limits. The
 * archives are made here, by libarchive. */
#include "tests/extract-reading.h"

#include "ingest/extract/archive/archive-filter.h"

#include <archive.h>
#include <archive_entry.h>

#define ARCHIVE_BYTES (4u << 20)

typedef struct {
  struct archive *archive;
  guint8 *bytes;
  size_t size;
} Writer;

static Writer
begin (int format, int filter, const char *options)
{
  Writer writer = {archive_write_new (), g_malloc (ARCHIVE_BYTES), 0};

  archive_write_add_filter (writer.archive, filter);
  archive_write_set_format (writer.archive, format);
  archive_write_set_bytes_per_block (writer.archive, 0);
  if (options != NULL)
    g_assert_cmpint (archive_write_set_options (writer.archive, options), ==, ARCHIVE_OK);
  archive_write_set_passphrase (writer.archive, "secret");
  return writer;
}

/* Before the first file: where the archive goes. Kept apart, for options come first. */
static void
open_writer (Writer *writer)
{
  g_assert_cmpint (
      archive_write_open_memory (writer->archive, writer->bytes, ARCHIVE_BYTES, &writer->size), ==,
      ARCHIVE_OK);
}

static void
add (Writer *writer, const char *name, const void *data, gsize size)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t)size);
  g_assert_cmpint (archive_write_header (writer->archive, entry), >=, ARCHIVE_WARN);
  g_assert_cmpint (archive_write_data (writer->archive, data, size), ==, (int)size);
  archive_entry_free (entry);
}

static void
add_link (Writer *writer, const char *name, const char *target)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFLNK);
  archive_entry_set_symlink (entry, target);
  archive_entry_set_perm (entry, 0777);
  archive_write_header (writer->archive, entry);
  archive_entry_free (entry);
}

static void
finish (Writer *writer)
{
  g_assert_cmpint (archive_write_close (writer->archive), ==, ARCHIVE_OK);
  archive_write_free (writer->archive);
}

/* Of two texts and what is no file. */
static Writer
usual (int format, int filter)
{
  Writer writer = begin (format, filter, NULL);

  open_writer (&writer);
  add (&writer, "dir/a.md", "# One\n", 6);
  add_link (&writer, "link", "dir/a.md");
  add (&writer, "b.txt", "two", 3);
  finish (&writer);
  return writer;
}

static const Document *
nth_member (const Document *document, guint i)
{
  g_assert_cmpuint (i, <, document->members->len);
  return g_ptr_array_index (document->members, i);
}

static void
test_formats (void)
{
  static const struct {
    int format;
    const char *name;
  } formats[] = {
      {ARCHIVE_FORMAT_ZIP, "zip"},         {ARCHIVE_FORMAT_7ZIP, "7z"},
      {ARCHIVE_FORMAT_TAR_USTAR, "tar"},   {ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, "tar"},
      {ARCHIVE_FORMAT_TAR_GNUTAR, "tar"},  {ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, "cpio"},
      {ARCHIVE_FORMAT_CPIO_POSIX, "cpio"}, {ARCHIVE_FORMAT_XAR, "xar"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    Writer writer = usual (formats[i].format, ARCHIVE_FILTER_NONE);
    g_autoptr (Document) document = read_bytes ("a", writer.bytes, writer.size);

    g_assert_cmpstr (document->format, ==, formats[i].name);
    g_assert_cmpstr (document->text->str, ==, "- dir/a.md\n- b.txt");
    g_assert_cmpuint (document->members->len, ==, 2);
    g_assert_cmpstr (nth_member (document, 0)->name, ==, "dir/a.md");
    g_assert_cmpstr (nth_member (document, 0)->format, ==, "markdown");
    g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "# One");
    g_assert_cmpstr (nth_member (document, 1)->text->str, ==, "two");
    g_free (writer.bytes);
  }
}

static const struct {
  int filter;
  const char *format;
} filters[] = {
    {ARCHIVE_FILTER_BZIP2, "bzip2"}, {ARCHIVE_FILTER_XZ, "xz"},
    {ARCHIVE_FILTER_ZSTD, "zstd"},   {ARCHIVE_FILTER_COMPRESS, "compress"},
    {ARCHIVE_FILTER_LZ4, "lz4"},     {ARCHIVE_FILTER_LZIP, "lzip"},
    {ARCHIVE_FILTER_LZMA, "lzma"},   {ARCHIVE_FILTER_GZIP, "gzip"},
};

static void
test_compressed_archives (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
    Writer writer = usual (ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, filters[i].filter);
    g_autoptr (Document) document = read_bytes ("a", writer.bytes, writer.size);

    g_assert_cmpstr (document->format, ==, "tar");
    g_assert_cmpuint (document->members->len, ==, 2);
    g_assert_cmpstr (nth_member (document, 1)->text->str, ==, "two");
    g_free (writer.bytes);
  }
}

/* What is in it stands for the file, whatever it is: a zip, too, is read by its own reader. */
static void
test_compressed_files (void)
{
  Writer zip = usual (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
    Writer text = begin (ARCHIVE_FORMAT_RAW, filters[i].filter, NULL);
    Writer nested = begin (ARCHIVE_FORMAT_RAW, filters[i].filter, NULL);
    g_autoptr (Document) document = NULL;
    g_autoptr (Document) archive = NULL;

    open_writer (&text);
    add (&text, "x", "# Head\n", 7);
    finish (&text);
    document = read_bytes (filters[i].filter == ARCHIVE_FILTER_GZIP ? "a.md.gz" : "a.md.xz",
                           text.bytes, text.size);
    g_assert_cmpstr (document->format, ==, "markdown");
    g_assert_cmpstr (document->text->str, ==, "# Head");
    open_writer (&nested);
    add (&nested, "x", zip.bytes, zip.size);
    finish (&nested);
    archive = read_bytes ("a.zip.xz", nested.bytes, nested.size);
    g_assert_cmpstr (archive->format, ==, "zip");
    g_assert_cmpuint (archive->members->len, ==, 2);
    g_free (text.bytes);
    g_free (nested.bytes);
  }
  g_free (zip.bytes);
}

static void
test_inner_names (void)
{
  static const char *const names[][2] = {
      {"a.tar.XZ", "a.tar"}, {"a.tbz2", "a.tar"}, {"a.Z", "a"}, {".xz", ".xz"}, {"a.txt", "a.txt"}};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = archive_filter_inner_name (names[i][0]);

    g_assert_cmpstr (name, ==, names[i][1]);
  }
}

/* Names as other systems have written them. */
static void
test_names (void)
{
  static const struct {
    int format;
    const char *options;
    const char *written;
    const char *name;
  } names[] = {
      {ARCHIVE_FORMAT_TAR_USTAR, "hdrcharset=CP1251", "Привет всем.txt", "Привет всем.txt"},
      {ARCHIVE_FORMAT_ZIP, "hdrcharset=CP866", "Привет всем.txt", "Привет всем.txt"},
      {ARCHIVE_FORMAT_ZIP, "hdrcharset=CP437", "Résumé.txt", "Résumé.txt"},
      {ARCHIVE_FORMAT_TAR_USTAR, "hdrcharset=EUC-JP", "日本語のなまえ.txt", "日本語のなまえ.txt"},
      {ARCHIVE_FORMAT_ZIP, "hdrcharset=UTF-8", "schön €.txt", "schön €.txt"},
      {ARCHIVE_FORMAT_7ZIP, NULL, "schön €.txt", "schön €.txt"},
      {ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, NULL, "./日本語.txt", "日本語.txt"},
      {ARCHIVE_FORMAT_ZIP, NULL, "dir\\b.txt", "dir/b.txt"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    Writer writer = begin (names[i].format, ARCHIVE_FILTER_NONE, names[i].options);
    g_autoptr (Document) document = NULL;

    open_writer (&writer);
    add (&writer, names[i].written, "x", 1);
    finish (&writer);
    document = read_bytes ("a", writer.bytes, writer.size);
    g_assert_cmpstr (nth_member (document, 0)->name, ==, names[i].name);
    g_free (writer.bytes);
  }
}

static void
test_passwords (void)
{
  static const char *const passwords[] = {"wrong", "secret", NULL};
  Writer writer = begin (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, "zip:encryption=aes256");
  g_autoptr (Document) locked = NULL;
  g_autoptr (Document) opened = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, opened);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  open_writer (&writer);
  add (&writer, "a.txt", "one", 3);
  finish (&writer);
  locked = read_bytes ("a.zip", writer.bytes, writer.size);
  g_assert_cmpstr (locked->text->str, ==, "- a.txt");
  g_assert_cmpstr (nth_member (locked, 0)->error_code, ==, "encrypted");
  bytes = g_bytes_new_take (writer.bytes, writer.size);
  extract_run (&(ExtractInput){.name = "a.zip",
                               .declared = "",
                               .bytes = bytes,
                               .limits = &default_limits,
                               .passwords = passwords},
               sink, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (nth_member (opened, 0)->text->str, ==, "one");
}

/* What came before the damage stays. */
static void
test_damage (void)
{
  Writer writer = begin (ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  open_writer (&writer);
  add (&writer, "a.txt", "one", 3);
  add (&writer, "b.txt", "two", 3);
  finish (&writer);
  memset (writer.bytes + 1024, 'x', 512); /* the second header */
  document = read_limited ("a.tar", writer.bytes, 2048, &default_limits, &error);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "only 1 members"));
  g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "one");
  g_free (writer.bytes);
}

/* A cut anywhere gives what is there, or says that it is damaged; never less than nothing. */
static void
test_cuts (void)
{
  static const int formats[] = {ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_7ZIP,
                                ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, ARCHIVE_FORMAT_XAR};

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    Writer writer = usual (formats[i], ARCHIVE_FILTER_NONE);

    for (gsize size = 1; size < writer.size; size += 7) {
      g_autoptr (GError) error = NULL;
      g_autoptr (Document) document =
          read_limited ("a", writer.bytes, size, &default_limits, &error);

      g_assert_true (error == NULL || error->domain == EXTRACT_ERROR);
    }
    g_free (writer.bytes);
  }
}

static void
test_bombs (void)
{
  g_autofree guint8 *zeros = g_malloc0 (3u << 20);
  Writer inner = begin (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL);
  Writer outer = begin (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  open_writer (&inner);
  add (&inner, "zeros", zeros, 3u << 20);
  finish (&inner);
  open_writer (&outer);
  for (guint i = 0; i < 4; i++)
    add (&outer, "inner.zip", inner.bytes, inner.size);
  finish (&outer);
  document = read_limited ("a.zip", outer.bytes, outer.size, &default_limits, &error);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB);
  g_assert_cmpuint (document->text->len, >, 0);
  g_free (inner.bytes);
  g_free (outer.bytes);
}

static void
test_nesting_ends (void)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (Document) document = NULL;
  const Document *deepest;
  guint depth = 0;

  g_byte_array_append (bytes, (const guint8 *)"deep", 4);
  for (guint i = 0; i < 12; i++) {
    Writer writer = begin (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL);

    open_writer (&writer);
    add (&writer, "a", bytes->data, bytes->len);
    finish (&writer);
    g_byte_array_set_size (bytes, 0);
    g_byte_array_append (bytes, writer.bytes, (guint)writer.size);
    g_free (writer.bytes);
  }
  document = read_bytes ("a.zip", bytes->data, bytes->len);
  for (deepest = document; deepest->members->len > 0; depth++)
    deepest = nth_member (deepest, 0);
  g_assert_cmpuint (depth, ==, default_limits.max_depth + 1);
  g_assert_cmpstr (deepest->error_code, ==, "bomb");
  g_byte_array_unref (bytes);
}

static void
test_what_a_system_adds_is_left_out (void)
{
  Writer writer = begin (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL);
  g_autoptr (Document) document = NULL;

  open_writer (&writer);
  add (&writer, "__MACOSX/._a.txt", "x", 1);
  add (&writer, "dir/.DS_Store", "x", 1);
  add (&writer, "dir/a.txt", "one", 3);
  finish (&writer);
  document = read_bytes ("a.zip", writer.bytes, writer.size);
  g_assert_cmpstr (document->text->str, ==, "- dir/a.txt");
  g_free (writer.bytes);
}

static void
test_web_archive (void)
{
  static const char warc[] =
      "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
      "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://x.org/>\r\n"
      "Content-Type: application/http\r\nContent-Length: 63\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><p>x\r\n\r\n";
  g_autoptr (Document) document = read_text ("a.warc", warc);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) cut = NULL;

  g_assert_cmpstr (document->format, ==, "warc");
  g_assert_cmpstr (document->text->str, ==, "- http://x.org/ (text/html)");
  g_assert_cmpstr (nth_member (document, 0)->name, ==, "http://x.org/");
  g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "x");
  cut = read_limited ("a.warc", "WARC/1.0\r\nWARC-Type: x\r\n", 24, &default_limits, &error);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpuint (cut->members->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/archive/formats", test_formats);
  g_test_add_func ("/archive/compressed-archives", test_compressed_archives);
  g_test_add_func ("/archive/compressed-files-stand-for-what-is-in-them", test_compressed_files);
  g_test_add_func ("/archive/names-inside-of-compression", test_inner_names);
  g_test_add_func ("/archive/names-in-any-charset", test_names);
  g_test_add_func ("/archive/passwords", test_passwords);
  g_test_add_func ("/archive/damage-keeps-what-came-before", test_damage);
  g_test_add_func ("/archive/cut-anywhere", test_cuts);
  g_test_add_func ("/archive/bombs-are-found-together", test_bombs);
  g_test_add_func ("/archive/nesting-ends", test_nesting_ends);
  g_test_add_func ("/archive/leaves-out-what-a-system-adds", test_what_a_system_adds_is_left_out);
  g_test_add_func ("/archive/warc", test_web_archive);
  return g_test_run ();
}
