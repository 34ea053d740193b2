/* What the readers of Outlook's formats promise: msg files, winmail.dat. The files are made here.
 */
#include "tests/extract-reading.h"

#include "ingest/extract/mail/mapi.h"
#include "ingest/extract/mail/tnef.h"

#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-output-memory.h>

static const Document *
nth_member (const Document *document, guint i)
{
  g_assert_cmpuint (i, <, document->members->len);
  return g_ptr_array_index (document->members, i);
}

/* --- values ------------------------------------------------------------------------------------
 */

static void
add_value (MapiProperties *properties, guint32 id, guint type, const void *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  mapi_add (properties, id, type, bytes);
}

static void
test_strings (void)
{
  g_autoptr (MapiProperties) properties = mapi_properties_new ();
  g_autofree char *wide = NULL, *narrow = NULL, *number = NULL;

  mapi_set_code_page (properties, 1251);
  add_value (properties, MAPI_SUBJECT, MAPI_STRING8, "old", 3);
  add_value (properties, MAPI_SUBJECT, MAPI_STRING, "n\0e\0w\0\0", 8);
  add_value (properties, MAPI_SUBJECT, MAPI_STRING8, "again", 5);
  add_value (properties, MAPI_BODY, MAPI_STRING8, "\xcf\xf0\xe8\xe2\xe5\xf2\0", 7);
  add_value (properties, MAPI_HTML, MAPI_INTEGER32, "abcd", 4);
  wide = mapi_string (properties, MAPI_SUBJECT);
  narrow = mapi_string (properties, MAPI_BODY);
  number = mapi_string (properties, MAPI_HTML);
  g_assert_cmpstr (wide, ==, "new");
  g_assert_cmpstr (narrow, ==, "Привет");
  g_assert_null (number);
}

static void
test_times (void)
{
  static const struct {
    guint8 filetime[8];
    gsize bytes;
    const char *text;
  } times[] = {
      {{0x00, 0x80, 0x3e, 0xd5, 0xde, 0xb1, 0x9d, 0x01}, 8, "1970-01-01T00:00:00Z"},
      {{0}, 8, NULL},
      {{0x00, 0x40, 0xdd, 0xa3, 0x57, 0x45, 0xb3, 0x0c}, 8, NULL}, /* 4501: none */
      {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8, NULL},
      {{0x00, 0x80, 0x3e, 0xd5}, 4, NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autoptr (MapiProperties) properties = mapi_properties_new ();
    g_autofree char *text = NULL;

    add_value (properties, MAPI_SUBMIT_TIME, MAPI_TIME, times[i].filetime, times[i].bytes);
    text = mapi_time (properties, MAPI_SUBMIT_TIME);
    g_assert_cmpstr (text, ==, times[i].text);
  }
}

static void
test_code_pages (void)
{
  static const struct {
    guint code_page;
    const char *charset;
  } pages[] = {{1252, "windows-1252"}, {65001, "UTF-8"},     {28605, "ISO-8859-15"},
               {437, "ibm-437"},       {936, "windows-936"}, {0, NULL}};

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *charset = mapi_charset (pages[i].code_page);

    g_assert_cmpstr (charset, ==, pages[i].charset);
  }
}

/* --- msg ---------------------------------------------------------------------------------------
 */

static void
add_stream (GsfOutfile *storage, const char *name, const void *data, gsize size)
{
  GsfOutput *stream = gsf_outfile_new_child (storage, name, FALSE);

  g_assert_true (gsf_output_write (stream, size, data));
  g_assert_true (gsf_output_close (stream));
  g_object_unref (stream);
}

static void
add_string (GsfOutfile *storage, guint id, const char *text)
{
  g_autofree char *name = g_strdup_printf ("__substg1.0_%04X001F", id);
  glong units;
  g_autofree gunichar2 *utf16 = g_utf8_to_utf16 (text, -1, NULL, &units, NULL);

  add_stream (storage, name, utf16, (gsize)units * 2);
}

static GsfOutfile *
add_storage (GsfOutfile *outer, const char *name)
{
  return GSF_OUTFILE (gsf_outfile_new_child (outer, name, TRUE));
}

static void
close_storage (GsfOutfile *storage)
{
  g_assert_true (gsf_output_close (GSF_OUTPUT (storage)));
  g_object_unref (storage);
}

/* One property of fixed size after a header of that many bytes. */
static void
add_properties (GsfOutfile *storage, gsize header, guint type, guint id, guint32 value)
{
  g_autofree guint8 *stream = g_malloc0 (header + 16);

  stream[header] = (guint8)type;
  stream[header + 2] = (guint8)id;
  stream[header + 3] = (guint8)(id >> 8);
  memcpy (stream + header + 8, &value, sizeof value);
  add_stream (storage, "__properties_version1.0", stream, header + 16);
}

static void
add_recipient (GsfOutfile *message, const char *storage_name, guint32 type, const char *name,
               const char *address)
{
  GsfOutfile *storage = add_storage (message, storage_name);

  add_properties (storage, 8, MAPI_INTEGER32, MAPI_RECIPIENT_TYPE, type);
  add_string (storage, MAPI_DISPLAY_NAME, name);
  add_string (storage, MAPI_SMTP_ADDRESS, address);
  close_storage (storage);
}

static void
add_attachment (GsfOutfile *message, const char *storage_name, const char *name, const char *text)
{
  GsfOutfile *storage = add_storage (message, storage_name);

  add_properties (storage, 8, MAPI_INTEGER32, MAPI_ATTACH_METHOD, 1);
  add_string (storage, MAPI_ATTACH_LONG_NAME, name);
  add_stream (storage, "__substg1.0_37010102", text, strlen (text));
  close_storage (storage);
}

/* A message in a message, as a storage: its own attachment has another in it. */
static void
add_message (GsfOutfile *message, guint depth)
{
  GsfOutfile *storage = add_storage (message, "__attach_version1.0_#00000001");
  GsfOutfile *inner = add_storage (storage, "__substg1.0_3701000D");

  add_properties (inner, 24, MAPI_INTEGER32, MAPI_CODE_PAGE, 1252);
  add_string (inner, MAPI_SUBJECT, "Inner");
  add_string (inner, MAPI_BODY, "inner body");
  if (depth > 1)
    add_message (inner, depth - 1);
  close_storage (inner);
  add_properties (storage, 8, MAPI_INTEGER32, MAPI_ATTACH_METHOD, 5);
  add_string (storage, MAPI_DISPLAY_NAME, "Inner");
  close_storage (storage);
}

/* Location (PidLidLocation) is property 8000 here. */
static void
add_names (GsfOutfile *message)
{
  static const guint8 entry[] = {0x08, 0x82, 0, 0, 0x06, 0, 0, 0};
  GsfOutfile *names = add_storage (message, "__nameid_version1.0");

  add_stream (names, "__substg1.0_00030102", entry, sizeof entry);
  close_storage (names);
}

/* (transfer full) */
static GBytes *
make_msg (guint depth)
{
  GsfOutput *memory = gsf_output_memory_new ();
  GsfOutfile *message = gsf_outfile_msole_new (memory);
  GBytes *bytes;

  add_names (message);
  add_properties (message, 32, MAPI_INTEGER32, MAPI_CODE_PAGE, 1252);
  add_string (message, MAPI_SUBJECT, "Grüße");
  add_string (message, MAPI_REPRESENTING_NAME, "Ann Lee");
  add_string (message, MAPI_REPRESENTING_SMTP, "ann@example.org");
  add_string (message, MAPI_SENDER_ADDRESS, "office@example.org");
  add_string (message, 0x8000, "Room 4");
  add_string (message, MAPI_BODY, "one\r\n\r\ntwo\r\n");
  add_recipient (message, "__recip_version1.0_#00000000", 1, "'bob@example.org'",
                 "bob@example.org");
  add_recipient (message, "__recip_version1.0_#00000001", 2, "Carl", "carl@example.org");
  add_attachment (message, "__attach_version1.0_#00000000", "nöte.md", "# Note\n");
  add_message (message, depth);
  close_storage (message);
  bytes = g_bytes_new (gsf_output_memory_get_bytes (GSF_OUTPUT_MEMORY (memory)),
                       (gsize)gsf_output_size (memory));
  g_object_unref (memory);
  return bytes;
}

static void
test_msg (void)
{
  g_autoptr (GBytes) bytes = make_msg (1);
  g_autoptr (Document) document =
      read_bytes ("a.msg", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (document->format, ==, "msg");
  g_assert_cmpstr (document->title, ==, "Grüße");
  g_assert_cmpstr (document->author, ==, "Ann Lee <ann@example.org>");
  g_assert_cmpstr (
      document->text->str, ==,
      "# Grüße\n\nFrom: Ann Lee <ann@example.org>\nSender: office@example.org\n"
      "To: bob@example.org\nCc: Carl <carl@example.org>\nLocation: Room 4\n\none\n\ntwo");
  g_assert_cmpuint (document->members->len, ==, 2);
  g_assert_cmpstr (nth_member (document, 0)->name, ==, "nöte.md");
  g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "# Note");
  g_assert_cmpstr (nth_member (document, 1)->name, ==, "Inner");
  g_assert_cmpstr (nth_member (document, 1)->format, ==, "msg");
  g_assert_cmpstr (nth_member (document, 1)->text->str, ==, "# Inner\n\ninner body");
}

static void
test_msg_nesting_ends (void)
{
  g_autoptr (GBytes) bytes = make_msg (20);
  g_autoptr (Document) document =
      read_bytes ("a.msg", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  const Document *deepest = nth_member (document, 1);
  guint depth = 1;

  for (; deepest->members->len > 0; depth++)
    deepest = nth_member (deepest, 0);
  g_assert_cmpuint (depth, ==, default_limits.max_depth + 1);
  g_assert_cmpstr (deepest->error_code, ==, "bomb");
}

/* libgsf says of damaged files that something is wrong with the program. */
static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  return !g_str_has_prefix (domain, "libgsf");
}

static void
test_msg_cut (void)
{
  g_autoptr (GBytes) bytes = make_msg (2);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_test_log_set_fatal_handler (is_fatal, NULL);
  for (gsize cut = 512; cut < size; cut += 333) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = read_limited ("a.msg", data, cut, &default_limits, &error);

    g_assert_true (error == NULL || error->domain == EXTRACT_ERROR);
  }
}

/* --- winmail.dat ------------------------------------------------------------------------------
 */

static void
put_uint (GByteArray *out, guint32 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++, value >>= 8)
    g_byte_array_append (out, &(guint8){(guint8)value}, 1);
}

static void
put_attribute (GByteArray *out, guint8 level, guint32 attribute, const void *data, gsize size)
{
  put_uint (out, level, 1);
  put_uint (out, attribute, 4);
  put_uint (out, (guint32)size, 4);
  g_byte_array_append (out, data, (guint)size);
  put_uint (out, 0, 2);
}

/* (transfer full) */
static GByteArray *
make_tnef (void)
{
  static const guint8 properties[] = {
      3,    0,    0,    0,    /* three */
      0x1e, 0x00, 0x00, 0x10, /* a string: the body */
      1,    0,    0,    0,    5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o', 0, 0,   0, 0x03, 0x00,
      0x07, 0x0e, 1,    0,    0, 0, /* a number */
      0x1f, 0x00, 0x00, 0x80,       /* a named one: Location */
      0,    0,    0,    0,    0, 0, 0, 0, 0,   0,   0,   0,   0,   0, 0,   0, 0,    0,
      0,    0,    0x08, 0x82, 0, 0, 1, 0, 0,   0,   2,   0,   0,   0, 'X', 0, 0,    0};
  GByteArray *tnef = g_byte_array_new ();

  put_uint (tnef, 0x223e9f78, 4);
  put_uint (tnef, 1, 2);
  put_attribute (tnef, 1, 0x00069007, "\xe3\x04\0\0\0\0\0\0", 8); /* code page 1251 */
  put_attribute (tnef, 1, 0x00018004, "\xcf\xf0\xe8\xe2\xe5\xf2", 7);
  put_attribute (tnef, 1, 0x00069003, properties, sizeof properties);
  put_attribute (tnef, 2, 0x00069002, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
  put_attribute (tnef, 2, 0x00018010, "a.md", 5);
  put_attribute (tnef, 2, 0x0006800f, "# A\n", 4);
  return tnef;
}

static void
test_tnef (void)
{
  GByteArray *tnef = make_tnef ();
  g_autoptr (Document) document = read_bytes ("winmail.dat", tnef->data, tnef->len);

  g_assert_cmpstr (document->format, ==, "tnef");
  g_assert_cmpstr (document->text->str, ==, "# Привет\n\nLocation: X\n\nhello");
  g_assert_cmpstr (nth_member (document, 0)->name, ==, "a.md");
  g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "# A");
  for (gsize cut = 4; cut < tnef->len; cut++) {
    g_autoptr (GBytes) bytes = g_bytes_new (tnef->data, cut);
    g_autoptr (Tnef) part = tnef_read (bytes);

    g_assert_nonnull (part);
  }
  g_byte_array_unref (tnef);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/mapi/strings", test_strings);
  g_test_add_func ("/mapi/times", test_times);
  g_test_add_func ("/mapi/code-pages", test_code_pages);
  g_test_add_func ("/msg/message-with-all-that-is-in-it", test_msg);
  g_test_add_func ("/msg/nesting-ends", test_msg_nesting_ends);
  g_test_add_func ("/msg/cut-anywhere", test_msg_cut);
  g_test_add_func ("/tnef/message-and-attachments", test_tnef);
  return g_test_run ();
}
