/* What the readers of mail promise: headers, bodies, attachments, mailboxes, calendars and cards.
 */
#include "tests/extract-reading.h"

#include "ingest/extract/mail/mail-header.h"
#include "ingest/extract/mail/mail-smime.h"
#include "ingest/extract/mail/mail-text.h"

#define HEAD "From: Ann <ann@example.org>\nTo: bob@example.org\nSubject: Hi\nMIME-Version: 1.0\n"
#define SHOWN "# Hi\n\nFrom: Ann <ann@example.org>\nTo: bob@example.org\n\n"

static const Document *
nth_member (const Document *document, guint i)
{
  g_assert_cmpuint (i, <, document->members->len);
  return g_ptr_array_index (document->members, i);
}

/* --- headers -----------------------------------------------------------------------------------
 */

static void
test_encoded_words (void)
{
  static const struct {
    const char *raw;
    const char *text;
  } headers[] = {
      {" =?ISO-8859-1?Q?Andr=E9?= Pirard\r\n", "André Pirard"},
      {"=?utf-8?B?w6Q=?=\n =?utf-8?q?_=C3=B6?=", "ä ö"},
      /* a character split between words of one charset */
      {"=?utf-8?q?=E2=82?= =?utf-8?q?=AC?=", "€"},
      {"=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト"},
      {"=?us-ascii*en?Q?Keith_Moore?=", "Keith Moore"},
      /* against the rules: no space around, spaces inside, one without an end */
      {"a=?utf-8?q?b c?=d", "ab cd"},
      {"=?utf-8?q?a", "=?utf-8?q?a"},
      {"=?utf-8?x?a?= =?=", "=?utf-8?x?a?= =?="},
      {"=?utf-8?q?=3D?=", "="},
      {"folded\r\n\t line", "folded line"},
      {"Gr\xfc\xdf"
       "e",
       "Grüße"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autofree char *text = mail_header_decode (headers[i].raw, "iso-8859-1");

    g_assert_cmpstr (text, ==, headers[i].text);
  }
}

static void
test_addresses (void)
{
  g_autofree char *plain =
      mail_header_decode_addresses ("\"Doe, \\\"Jo\\\"\" <jo@x.org>, \"a b\"@x.org", NULL);

  g_assert_cmpstr (plain, ==, "Doe, \"Jo\" <jo@x.org>, \"a b\"@x.org");
}

static void
test_parameters (void)
{
  static const struct {
    const char *raw;
    const char *value;
  } headers[] = {
      {"attachment; filename=a.txt", "a.txt"},
      {"attachment; filename=\"a; \\\"b\\\".txt\"; size=3", "a; \"b\".txt"},
      {"attachment; FileName = my file.txt ; x=y", "my file.txt"},
      {"attachment; filename*=utf-8''%c3%a4.txt; filename=a.txt", "ä.txt"},
      {"attachment; filename=a.txt; filename*=utf-8''%c3%a4.txt", "ä.txt"},
      {"attachment; filename*1*=%20b; filename*0*=iso-8859-1''%e4; filename*2=\".txt\"", "ä b.txt"},
      {"attachment; filename=\"=?utf-8?B?w6QudHh0?=\"", "ä.txt"},
      {"attachment; filename=\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt"},
      {"attachment; filename=\"unterminated", "unterminated"},
      {"attachment; filenames=x; file=y", NULL},
      {"attachment", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autofree char *value = mail_header_parameter (headers[i].raw, "filename", NULL);

    g_assert_cmpstr (value, ==, headers[i].value);
  }
}

static void
test_metadata (void)
{
  g_autoptr (Document) document =
      read_text ("a.eml", "From: =?utf-8?q?J=C3=B6rg?= <j@x.org>\nTo: a@x.org\nSubject: A\n B\n"
                          "Date: Tue, 17 Nov 2009 18:03:29 -0800\nContent-Type: text/html\n\n"
                          "<title>other</title><p>text");

  g_assert_cmpstr (document->format, ==, "eml");
  g_assert_cmpstr (document->title, ==, "A B");
  g_assert_cmpstr (document->author, ==, "Jörg <j@x.org>");
  g_assert_cmpstr (document->created, ==, "2009-11-17T18:03:29-08");
}

/* --- bodies ------------------------------------------------------------------------------------
 */

static void
test_plain (void)
{
  assert_text ("a.eml", HEAD "\none\r\ntwo\n\xc2\xa0\nthree\n-- \nAnn",
               SHOWN "one\ntwo\n\nthree\n\n-- \nAnn");
  assert_text ("a.eml",
               "\n\n" HEAD "Content-Type: text/plain; charset=iso-8859-1\n"
               "Content-Transfer-Encoding: quoted-printable\n\nsch=F6n=\n er",
               SHOWN "schön er");
}

static void
test_quotes_stand_apart (void)
{
  assert_text ("a.eml", HEAD "\nAnn wrote:\n> one\n> two\n>\n> > deep\n> three\nanswer",
               SHOWN "Ann wrote:\n\n> one\n> two\n\n> > deep\n\n> three\n\nanswer");
}

static void
test_flowed (void)
{
  assert_text ("a.eml",
               HEAD "Content-Type: text/plain; format=flowed\n\nlong \nline\n> quo \n> ted\n  in",
               SHOWN "long line\n\n> quo ted\n\n in");
  assert_text ("a.eml", HEAD "Content-Type: text/plain; format=flowed; delsp=yes\n\n日 \n本",
               SHOWN "日本");
}

static void
test_enriched (void)
{
  static const char enriched[] = "<bold>a</bold>\nb\n\nc <<d> <color><param>red</param>e</color>";
  g_autoptr (GString) text = mail_text_from_enriched (enriched, strlen (enriched), FALSE);

  g_assert_cmpstr (text->str, ==, "a b\nc <d> e");
}

static void
test_alternatives (void)
{
  static const char parts[] = HEAD
      "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n%s\n"
      "--b\nContent-Type: text/html\n\n%s\n--b--\n";
  static const struct {
    const char *plain;
    const char *html;
    const char *text;
  } alternatives[] = {
      /* the same: as it was typed */
      {"one two\n> three", "<p>one <b>two</b><p>three", "one two\n\n> three"},
      {"no HTML here", "<p>one two three four five", "one two three four five"},
      {"", "<p>one", "one"},
      {"a b 1 2", "<table><tr><th>a<th>b<tr><td>1<td>2</table>",
       "| a | b |\n| --- | --- |\n| 1 | 2 |"},
      {"one", "", "one"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++) {
    g_autoptr (GString) mail = g_string_new (NULL);
    g_autofree char *expected = g_strconcat (SHOWN, alternatives[i].text, NULL);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    g_string_printf (mail, parts, alternatives[i].plain, alternatives[i].html);
#pragma GCC diagnostic pop
    assert_text ("a.eml", mail->str, expected);
  }
}

static void
test_boundary_that_is_not_there (void)
{
  assert_text ("a.eml",
               HEAD "Content-Type: multipart/mixed; boundary=b\n\n--c\nContent-Type: text/html\n\n"
                    "<p>one\n--c--\n",
               SHOWN "one");
  assert_text ("a.eml", HEAD "Content-Type: multipart/mixed; boundary=b\n\none\ntwo\n",
               SHOWN "one\ntwo");
}

static void
test_stored_wide (void)
{
  static const char mail[] = HEAD "\nschön";
  static const char *const charsets[] = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32"};

  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++) {
    gsize bytes;
    g_autofree char *wide = g_convert (mail, -1, charsets[i], "UTF-8", NULL, &bytes, NULL);
    g_autoptr (Document) document = read_bytes ("a.eml", wide, bytes);

    g_assert_cmpstr (document->text->str, ==, SHOWN "schön");
  }
}

static void
test_without_headers (void)
{
  g_autoptr (Document) document = read_text ("a.mbox", "From x Mon Jun 01 10:00:00 2009\n\ntext\n");

  g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "text");
}

/* --- members -----------------------------------------------------------------------------------
 */

#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

static void
test_attachments (void)
{
  g_autoptr (Document) document = read_text (
      "a.eml", MIXED
      "--b\nContent-Type: text/plain; name=body.txt\n\nbody\n"
      "--b\nContent-Type: text/csv; name=\"=?utf-8?q?t=C3=A4.csv?=\"\n\na,b\n1,2\n"
      "--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
      "IyBIZWFkCg==\n"
      "--b\nContent-Type: message/rfc822\n\nFrom: c@x.org\nSubject: a/b\n\ninner\n"
      "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=n.txt\n\nnote\n"
      "--b\nContent-Type: text/plain\n\nfooter of the list\n--b--\n");

  g_assert_cmpstr (document->text->str, ==, SHOWN "body\n\nfooter of the list");
  g_assert_cmpuint (document->members->len, ==, 4);
  g_assert_cmpstr (nth_member (document, 0)->name, ==, "tä.csv");
  g_assert_cmpstr (nth_member (document, 1)->name, ==, "attachment-1");
  g_assert_cmpstr (nth_member (document, 1)->text->str, ==, "# Head\n");
  g_assert_cmpstr (nth_member (document, 2)->name, ==, "a-b.eml");
  g_assert_cmpstr (nth_member (document, 2)->text->str, ==, "# a/b\n\nFrom: c@x.org\n\ninner");
  g_assert_cmpstr (nth_member (document, 3)->text->str, ==, "note");
}

/* The pictures of a page are part of it; what hangs on an alternative that is not read stays. */
static void
test_attachments_of_alternatives (void)
{
  g_autoptr (Document) document = read_text (
      "a.eml", HEAD
      "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n"
      "one\n--a\nContent-Type: multipart/related; boundary=r\n\n"
      "--r\nContent-Type: text/html\n\n<p>one\n"
      "--r\nContent-Type: image/png\nContent-ID: <x>\n\npicture\n"
      "--r\nContent-Type: text/plain\nContent-Disposition: attachment; filename=n.txt\n\nnote\n"
      "--r--\n--a--\n");

  g_assert_cmpstr (document->text->str, ==, SHOWN "one");
  g_assert_cmpuint (document->members->len, ==, 1);
  g_assert_cmpstr (nth_member (document, 0)->text->str, ==, "note");
}

static void
test_encrypted (void)
{
  g_autoptr (Document) document =
      read_text ("a.eml", HEAD "Content-Type: multipart/encrypted; boundary=b\n\n--b\n"
                               "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n");

  g_assert_cmpstr (document->text->str, ==,
                   "# Hi\n\nFrom: Ann <ann@example.org>\nTo: bob@example.org");
  g_assert_cmpstr (nth_member (document, 0)->error_code, ==, "encrypted");
}

/* ContentInfo, SignedData of version 1 with a content of "ab" and "c" in pieces of indefinite
 * length. */
static void
test_signed_in_one_piece (void)
{
  static const guint8 cms[] = {0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                               0x01, 0x07, 0x02, 0xa0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01,
                               0x31, 0x80, 0x30, 0x02, 0x05, 0x00, 0x00, 0x00, 0x30, 0x80,
                               0x06, 0x01, 0x01, 0xa0, 0x80, 0x24, 0x80, 0x04, 0x02, 'a',
                               'b',  0x04, 0x01, 'c',  0x00, 0x00};
  g_autoptr (GBytes) bytes = g_bytes_new_static (cms, sizeof cms);
  g_autoptr (GBytes) content = mail_smime_content (bytes);

  g_assert_true (mail_smime_is (cms, sizeof cms));
  g_assert_nonnull (content);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), "abc", 3);
  for (gsize size = 0; size < sizeof cms - 8; size++) {
    g_autoptr (GBytes) cut = g_bytes_new_static (cms, size);

    g_clear_pointer (&content, g_bytes_unref);
    content = mail_smime_content (cut);
    g_assert_true (content == NULL || g_bytes_get_size (content) < 3);
  }
}

static void
test_deep_nesting (void)
{
  g_autoptr (GString) mail = g_string_new (HEAD);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  g_string_append (mail, "Content-Type: text/plain\n\ndeep\n");
  document = read_text ("a.eml", mail->str);
  g_assert_nonnull (strstr (g_ptr_array_index (document->warnings, 0), "nested"));
}

/* --- mailboxes, web archives ------------------------------------------------------------------
 */

static void
test_mailbox (void)
{
  g_autoptr (Document) document =
      read_text ("box", "From a@x.org Mon Jun  1 10:00:00 2009\nSubject: one\nFrom: a@x.org\n\n"
                        "text\n>From here\n>>From there\n\nFrom now on it is no line of a mailbox\n"
                        "\nFrom b@x.org Tue Jun  2 10:00:00 2009\nSubject: =?utf-8?q?zw=C3=B6i?=\n"
                        "From: b@x.org\n\nmore\n");

  g_assert_cmpstr (document->format, ==, "mbox");
  g_assert_cmpstr (document->text->str, ==, "- 1 one.eml\n- 2 zwöi.eml");
  g_assert_cmpuint (document->members->len, ==, 2);
  g_assert_cmpstr (nth_member (document, 0)->text->str, ==,
                   "# one\n\nFrom: a@x.org\n\ntext\nFrom here\n\n>From there\n\n"
                   "From now on it is no line of a mailbox");
  g_assert_cmpstr (nth_member (document, 1)->title, ==, "zwöi");
}

static void
test_web_archive (void)
{
  g_autoptr (Document) document = read_text (
      "a.mht",
      "From: <Saved by Blink>\nSubject: Subject\nMIME-Version: 1.0\n"
      "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/css\n\np {}\n"
      "--b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
      "<title>T=C3=A4</title><p>page\n--b--\n");

  g_assert_cmpstr (document->format, ==, "mht");
  g_assert_cmpstr (document->text->str, ==, "page");
  g_assert_cmpstr (document->title, ==, "Tä");
  g_assert_cmpuint (document->members->len, ==, 0);
}

static void
test_apple_mail (void)
{
  static const char mail[] = HEAD "\nok";
  g_autofree char *file = g_strdup_printf ("%-10zu\n%s<?xml?><plist/>", strlen (mail), mail);

  assert_text ("1.emlx", file, SHOWN "ok");
}

static void
test_what_is_no_mail (void)
{
  static const char *const texts[] = {
      "Subject: a letter\n\nDear all", "from: x\nto: y\nsubject: z\ndate: w\n",
      "From there on: nothing\nTo be or not\n", "Date: 2024\nTotal: 5\n"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (Document) document = read_text ("a.txt", texts[i]);

    g_assert_cmpstr (document->format, !=, "eml");
  }
}

/* --- calendars, cards -------------------------------------------------------------------------
 */

static void
test_calendar (void)
{
  assert_text ("a.ics",
               "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
               "SUMMARY:Meet\\, all\r\nDTSTART;TZID=\"Europe/Berlin\":20240131T093000\r\n"
               "DTEND:20240131T103000Z\r\nDUE;VALUE=DATE:20240201\r\n"
               "ATTENDEE;CN=\"Lee: Ann\":mailto:ann@x.org\r\nDESCRIPTION:one\\ntwo is\r\n"
               "  folded\r\nBEGIN:VALARM\r\nDESCRIPTION:no\r\nEND:VALARM\r\nEND:VEVENT\r\n",
               "## Meet, all\n\nStart: 2024-01-31 09:30 Europe/Berlin\nEnd: 2024-01-31 10:30 UTC\n"
               "Due: 2024-02-01\nAttendee: Lee: Ann <ann@x.org>\n\none\ntwo is folded");
}

static void
test_card (void)
{
  assert_text (
      "a.vcf",
      "BEGIN:VCARD\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg =\nM\n"
      "item1.TEL;CELL:1\nADR:;;Street;Town;;1;\nEND:VCARD\nBEGIN:VCARD\nFN:Ann\nEND:VCARD\n",
      "## Jörg M\n\nTelephone: 1\nAddress: Street, Town, 1\n\n## Ann");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/mail/header/encoded-words", test_encoded_words);
  g_test_add_func ("/mail/header/addresses-without-quotes", test_addresses);
  g_test_add_func ("/mail/header/parameters", test_parameters);
  g_test_add_func ("/mail/metadata-is-of-the-message", test_metadata);
  g_test_add_func ("/mail/body/plain", test_plain);
  g_test_add_func ("/mail/body/quotes-stand-apart", test_quotes_stand_apart);
  g_test_add_func ("/mail/body/flowed-lines-are-joined", test_flowed);
  g_test_add_func ("/mail/body/enriched", test_enriched);
  g_test_add_func ("/mail/body/the-alternative-that-says-more", test_alternatives);
  g_test_add_func ("/mail/body/boundary-is-found", test_boundary_that_is_not_there);
  g_test_add_func ("/mail/stored-wide", test_stored_wide);
  g_test_add_func ("/mail/without-headers", test_without_headers);
  g_test_add_func ("/mail/members/attachments", test_attachments);
  g_test_add_func ("/mail/members/of-alternatives", test_attachments_of_alternatives);
  g_test_add_func ("/mail/encrypted-is-said", test_encrypted);
  g_test_add_func ("/mail/signed-in-one-piece", test_signed_in_one_piece);
  g_test_add_func ("/mail/deep-nesting-ends", test_deep_nesting);
  g_test_add_func ("/mail/mailbox", test_mailbox);
  g_test_add_func ("/mail/web-archive", test_web_archive);
  g_test_add_func ("/mail/apple", test_apple_mail);
  g_test_add_func ("/mail/sniffs-no-other-text", test_what_is_no_mail);
  g_test_add_func ("/mail/calendar", test_calendar);
  g_test_add_func ("/mail/card", test_card);
  return g_test_run ();
}
