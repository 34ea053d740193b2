/* What the number formats of spreadsheets promise: the text that Excel shows. */
#include "ingest/extract/sheet/number-format.h"

typedef struct {
  const char *code;
  double value;
  const char *text;
} Case;

static void
check (const Case *cases, gsize n, gboolean epoch_1904)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (NumberFormat) format = number_format_new (cases[i].code);
    g_autoptr (GString) out = g_string_new (NULL);

    number_format_append (format, cases[i].value, epoch_1904, out);
    if (g_strcmp0 (out->str, cases[i].text) != 0)
      g_test_message ("%s of %.17g", cases[i].code, cases[i].value);
    g_assert_cmpstr (out->str, ==, cases[i].text);
  }
}

#define CHECK(cases) check (cases, G_N_ELEMENTS (cases), FALSE)

static void
test_general (void)
{
  static const Case cases[] = {
      {"General", 0, "0"},
      {"General", 1, "1"},
      {"General", -1.5, "-1.5"},
      {"General", 13.1211231321, "13.1211231321"},
      {"General", 123456789012345, "123456789012345"},
      {"General", 1234567890123456789.0, "1234567890123460000"},
      {"General", 1e21, "1E+21"},
      {"General", 1.5e300, "1.5E+300"},
      {"General", 0.00001, "0.00001"},
      {"General", 1.25e-12, "1.25E-12"},
      {"General", 0.1 + 0.2, "0.3"},
      {"General", 100, "100"},
      {"General\" kg\"", 12.5, "12.5 kg"},
      {"\"n/a\"", 12.5, "n/a"},
      {"", 12.5, "12.5"},
  };

  CHECK (cases);
}

static void
test_numbers (void)
{
  static const Case cases[] = {
      {"0", 2.5, "3"},
      {"0", -0.3, "0"},
      {"0.00", 1.005, "1.01"},
      {"0.00", 99.999, "100.00"},
      {"0.00", 0, "0.00"},
      {"00000", 42, "00042"},
      {"#,##0", 1234567, "1,234,567"},
      {"#,##0.00", 1599.99, "1,599.99"},
      {"#,##0.00", -1599.99, "-1,599.99"},
      {"#,##0", 12, "12"},
      {"0,000", 12, "0,012"},
      {"#,##0,", 1234567, "1,235"},
      {"0.0,,\"M\"", 1234567, "1.2M"},
      {"#.##", 0.5, ".5"},
      {"0.##", 1.5, "1.5"},
      {"0.0?", 1.5, "1.5 "},
      {"0%", 0.2, "20%"},
      {"0.00%", 0.025, "2.50%"},
      {"$#,##0.00;[Red]($#,##0.00)", -1599.99, "($1,599.99)"},
      {"_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", 1234, "1,234"},
      {"_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", -1234, "(1,234)"},
      {"_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", 0, "-"},
      {"0 \"dollars and\" .00 \"cents\"", 19.99, "19 dollars and .99 cents"},
      {"(000) 000-0000", 5551234567, "(555) 123-4567"},
      {"000-00-0000", 123456789, "123-45-6789"},
      {"[$\xe2\x82\xac-407]#,##0.00", 12.5,
       "\xe2\x82\xac"
       "12.50"},
      {"#,##0.00\\ [$\xe2\x82\xac-1]", 12.5, "12.50 \xe2\x82\xac"},
      {"[>=100]0.0;[<0]\"neg\";0.000", 250, "250.0"},
      {"[>=100]0.0;[<0]\"neg\";0.000", -2, "neg"},
      {"[>=100]0.0;[<0]\"neg\";0.000", 2, "2.000"},
      {"[=1]\"yes\";[=0]\"no\";\"perhaps\"", 1, "yes"},
      {"[=1]\"yes\";[=0]\"no\";\"perhaps\"", 0, "no"},
      {"[=1]\"yes\";[=0]\"no\";\"perhaps\"", 3, "perhaps"},
      {"0;-0;;@", 0, ""},
      {";;;", 5, ""},
      {".00", 12.345, "12.35"},
      {"@", 12.5, "12.5"},
  };

  CHECK (cases);
}

static void
test_scientific (void)
{
  static const Case cases[] = {
      {"0.00E+00", 198000000, "1.98E+08"},  {"0.00E+00", -198000000, "-1.98E+08"},
      {"0.00E-00", 0.00123, "1.23E-03"},    {"0.00E+00", 0, "0.00E+00"},
      {"0.0E+0", 9.99, "1.0E+1"},           {"##0.0E+0", 12345, "12.3E+3"},
      {"##0.0E+0", 0.00012345, "123.5E-6"},
  };

  CHECK (cases);
}

static void
test_fractions (void)
{
  static const Case cases[] = {
      {"# ?/?", 1.5, "1 1/2"},
      {"# ?/?", 0.5, "1/2"},
      {"# ?/?", 3, "3"},
      {"# ?\?/??", 3.14159, "3 14/99"},
      {"?/?", 1.5, "3/2"},
      {"# ?/8", 2.26, "2 2/8"},
      {"# ?\?/100", 0.257, "26/100"},
      {"# ?/?", 0.99, "1"},
      {"# ?/?", -2.25, "-2 1/4"},
      {"# ?\?\?/???", 0.0234375, "3/128"},
      {"# ?/2\" in\"", 1.5, "1 1/2 in"},
  };

  CHECK (cases);
}

static void
test_dates (void)
{
  static const Case cases[] = {
      {"yyyy/mm/dd", 39045, "2006/11/24"},
      {"dd-mm-yy", 39045, "24-11-06"},
      {"d-mmm-yy", 39219, "17-May-07"},
      {"mmmm d, yyyy", 39219, "May 17, 2007"},
      {"dddd, mmmmm", 39219, "Thursday, M"},
      {"[$-409]ddd", 39219, "Thu"},
      {"[$-407]d. MMMM yyyy", 39142, "1. M\xc3\xa4rz 2007"},
      {"m/d/yy h:mm", 39466.1909722222, "1/19/08 4:35"},
      {"h:mm AM/PM", 0.7604166667, "6:15 PM"},
      {"h:mm A/P", 0.25, "6:00 A"},
      {"hh:mm:ss", 0.999999, "00:00:00"},
      {"mm:ss.0", 0.00087037, "01:15.2"},
      {"[h]:mm:ss", 1.5, "36:00:00"},
      {"[mm]:ss", 0.5, "720:00"},
      {"yyyy-mm-dd", 60, "1900-02-29"},
      {"yyyy-mm-dd", 59, "1900-02-28"},
      {"yyyy-mm-dd", 61, "1900-03-01"},
      {"yyyy-mm-dd", 1, "1900-01-01"},
      {"yyyy-mm-dd", 36585, "2000-02-29"},
      {"yyyy-mm-dd", -5, "-5"},
      {"yyyy-mm-dd", 1e9, "1000000000"},
      {"yyyy\\-mm\\-dd;@", 39045, "2006-11-24"},
      {"m/d/yy", 39045, "11/24/06"},
      {"\"At\" h:mm AM/PM \"on\" dddd mmmm d\", \"yyyy", 39219.1805555556,
       "At 4:20 AM on Thursday May 17, 2007"},
  };
  static const Case mac[] = {{"yyyy-mm-dd", 0, "1904-01-01"}, {"yyyy-mm-dd", 37583, "2006-11-24"}};

  CHECK (cases);
  check (mac, G_N_ELEMENTS (mac), TRUE);
}

static void
test_texts (void)
{
  static const struct {
    const char *code, *text;
  } cases[] = {{"@", "a"},           {"General", "a"}, {"0.00", "a"}, {"0;-0;0;\"<\"@\">\"", "<a>"},
               {"@\" kg\"", "a kg"}, {"0;-0;0;", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (NumberFormat) format = number_format_new (cases[i].code);
    g_autoptr (GString) out = g_string_new (NULL);

    number_format_append_text (format, "a", 1, out);
    g_assert_cmpstr (out->str, ==, cases[i].text);
  }
}

static void
test_is_date (void)
{
  static const char *const dates[] = {"m/d/yy", "[h]:mm", "yyyy;@", "[$-F800]dddd"};
  static const char *const others[] = {"0.00", "General", "\"day\"0", "[Red]0", "0E+0", "# ?/?"};

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++) {
    g_autoptr (NumberFormat) format = number_format_new (dates[i]);
    g_assert_true (number_format_is_date (format));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (NumberFormat) format = number_format_new (others[i]);
    g_assert_false (number_format_is_date (format));
  }
}

static void
test_iso_dates (void)
{
  double value;

  g_assert_true (number_format_parse_date ("2006-11-24", &value));
  g_assert_cmpfloat (value, ==, 39045);
  g_assert_true (number_format_parse_date ("1900-01-01", &value));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_true (number_format_parse_date ("2006-11-24T12:00:00.000Z", &value));
  g_assert_cmpfloat (value, ==, 39045.5);
  g_assert_false (number_format_parse_date ("2006-13-24", &value));
  g_assert_false (number_format_parse_date ("24.11.2006", &value));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number-format/general-shows-15-digits", test_general);
  g_test_add_func ("/number-format/numbers", test_numbers);
  g_test_add_func ("/number-format/scientific", test_scientific);
  g_test_add_func ("/number-format/fractions", test_fractions);
  g_test_add_func ("/number-format/dates-of-both-epochs", test_dates);
  g_test_add_func ("/number-format/texts", test_texts);
  g_test_add_func ("/number-format/knows-dates", test_is_date);
  g_test_add_func ("/number-format/reads-iso-dates", test_iso_dates);
  return g_test_run ();
}
