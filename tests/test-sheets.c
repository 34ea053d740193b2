/* What the readers of spreadsheets and separated values promise, each as a function of bytes. */
#include "ingest/extract/sheet/page-furniture.h"
#include "ingest/extract/sheet/sheet-writer.h"
#include "tests/extract-reading.h"

/* --- separated values --------------------------------------------------------------------------
 */

static void
test_csv_is_a_table (void)
{
  assert_text ("a.csv", "name,age\nAnn,3\n\"Lee, Bo\",4\n",
               "| name | age |\n| --- | --- |\n| Ann | 3 |\n| Lee, Bo | 4 |");
  assert_text ("a.csv", "name;age\r\nAnn;3,5\r\n", "| name | age |\n| --- | --- |\n| Ann | 3,5 |");
  assert_text ("a.tsv", "name\tage\nAnn, B\t3", "| name | age |\n| --- | --- |\n| Ann, B | 3 |");
  assert_text ("a.csv", "sep=|\nname|age\nAnn|3\n", "| name | age |\n| --- | --- |\n| Ann | 3 |");
}

static void
test_csv_quotes (void)
{
  assert_text ("a.csv", "a,b\n\"say \"\"hi\"\"\",\"two\r\nlines\"\nx|y,\n",
               "| a | b |\n| --- | --- |\n| say \"hi\" | two lines |\n| x\\|y | |");
  assert_text ("a.csv", "a,b\n5\" pipe,\"open\n",
               "| a | b |\n| --- | --- |\n| 5\" pipe | \"open |");
}

static void
test_csv_titles_and_uneven_rows (void)
{
  assert_text ("a.csv", "Prices,,\nitem,net,gross\npen,1\ncup,2,3,4\n,,\n",
               "Prices\n\n| item | net | gross |\n| --- | --- | --- |\n| pen | 1 | |\n"
               "| cup | 2 | 3 | 4 |");
}

static void
test_csv_without_header (void)
{
  assert_text ("a.csv", "1,2\n3,4\n5,,\n", "1\t2\n3\t4\n5");
  assert_text ("a.csv", "one\ntwo, too\n\"three\"\n", "one\ntwo, too\n\"three\"");
}

static void
test_csv_by_content (void)
{
  g_autoptr (Document) table =
      read_text ("export", "id,name,sum\n1,Ann,3\n2,Bo,4\n3,Cy,5\n4,Di,6\n");
  g_autoptr (Document) prose = read_text (
      "letter", "Dear Ann, Bo, and Cy,\nfirst, second, third\nfourth, fifth, sixth\na, b, c\n");
  g_autoptr (Document) named = read_text ("notes.txt", "id,name,sum\n1,Ann,3\n2,Bo,4\n3,Cy,5\n");

  g_assert_cmpstr (table->format, ==, "csv");
  g_assert_cmpstr (prose->format, ==, "text");
  g_assert_cmpstr (named->format, ==, "text");
}

/* One block, however long, so that the chunker finds the header. */
static void
test_csv_of_any_length_is_one_table (void)
{
  g_autoptr (GString) csv = g_string_new ("number,twice\n");
  g_autoptr (Document) document = NULL;
  const Block *block;

  for (guint i = 0; i < 200000; i++)
    g_string_append_printf (csv, "%u,%u\n", i, i * 2);
  document = read_text ("a.csv", csv->str);
  g_assert_cmpuint (document->blocks->len, ==, 1);
  block = &g_array_index (document->blocks, Block, 0);
  g_assert_cmpuint (block->kind, ==, BLOCK_TABLE);
  g_assert_cmpuint (block->end_byte, ==, document->text->len);
  g_assert_true (g_str_has_suffix (document->text->str, "| 199999 | 399998 |"));
}

static void
test_csv_with_a_quote_that_nothing_closes (void)
{
  g_autoptr (GString) csv = g_string_new ("a,b\n\"");
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < 400000; i++)
    g_string_append (csv, "x,y\nz,");
  document = read_text ("a.csv", csv->str);
  g_assert_cmpuint (document->text->len, >, csv->len);
}

/* --- regions of a sheet ------------------------------------------------------------------------
 */

typedef struct {
  guint row, column;
  CellKind kind;
  const char *text;
} TestCell;

static Document *
write_cells (const TestCell *cells, gsize n)
{
  Document *document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  g_autoptr (SheetWriter) writer = sheet_writer_new (sink);

  g_assert_true (sheet_writer_begin (writer, "S", SHEET_VISIBLE, NULL));
  for (gsize i = 0; i < n; i++)
    g_assert_true (sheet_writer_cell (writer, cells[i].row, cells[i].column, cells[i].kind, FALSE,
                                      cells[i].text, strlen (cells[i].text), NULL));
  g_assert_true (sheet_writer_end (writer, NULL));
  return document;
}

static void
assert_sheet (const TestCell *cells, gsize n, const char *expected)
{
  g_autoptr (Document) document = write_cells (cells, n);

  g_assert_cmpstr (document->text->str, ==, expected);
}

static void
test_sheet_regions (void)
{
  static const TestCell titled[] = {
      {1, 1, CELL_TEXT, "Ducks"}, {3, 1, CELL_TEXT, "Year"}, {3, 2, CELL_TEXT, "Count"},
      {4, 1, CELL_VALUE, "2019"}, {4, 2, CELL_VALUE, "12"},  {5, 2, CELL_VALUE, "13"},
      {7, 1, CELL_VALUE, "2021"}, {7, 2, CELL_VALUE, "14"},  {20, 1, CELL_TEXT, "Note\nof two"},
  };
  static const TestCell pairs[] = {
      {0, 0, CELL_TEXT, "width"},
      {0, 1, CELL_VALUE, "5"},
      {1, 0, CELL_TEXT, "a|b"},
      {1, 1, CELL_VALUE, "7"},
  };
  static const TestCell apart[] = {
      {0, 0, CELL_TEXT, "a"},   {0, 1, CELL_VALUE, "1"}, {0, 9, CELL_TEXT, "x"},
      {0, 10, CELL_VALUE, "2"}, {1, 0, CELL_TEXT, "b"},  {1, 9, CELL_TEXT, "y"},
  };

  assert_sheet (titled, G_N_ELEMENTS (titled),
                "# S\n\nDucks\n\n| Year | Count |\n| --- | --- |\n| 2019 | 12 |\n| | 13 |\n"
                "| 2021 | 14 |\n\nNote\nof two");
  assert_sheet (pairs, G_N_ELEMENTS (pairs), "# S\n\nwidth\t5\na|b\t7");
  assert_sheet (apart, G_N_ELEMENTS (apart), "# S\n\na\t1\nb\n\nx\t2\ny");
}

static void
test_sheet_out_of_order (void)
{
  static const TestCell cells[] = {{5, 1, CELL_TEXT, "b"},
                                   {5, 0, CELL_TEXT, "a"},
                                   {5, 0, CELL_TEXT, "again"},
                                   {2, 0, CELL_TEXT, "up"}};

  assert_sheet (cells, G_N_ELEMENTS (cells), "# S\n\na\tb\n\nup");
}

/* Rows beyond what is held go on in the same block; a column that was empty is in its place. */
static void
test_sheet_of_any_length_is_one_table (void)
{
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  g_autoptr (SheetWriter) writer = sheet_writer_new (sink);

  g_assert_true (sheet_writer_begin (writer, "S", SHEET_VISIBLE, NULL));
  for (guint i = 0; i < 50000; i++) {
    g_assert_true (sheet_writer_cell (writer, i, 0, i == 0 ? CELL_TEXT : CELL_VALUE, FALSE,
                                      i == 0 ? "h" : "1", 1, NULL));
    if (i == 40000)
      g_assert_true (sheet_writer_cell (writer, i, 1, CELL_TEXT, FALSE, "rare", 4, NULL));
    g_assert_true (sheet_writer_cell (writer, i, 2, i == 0 ? CELL_TEXT : CELL_VALUE, FALSE,
                                      i == 0 ? "k" : "2", 1, NULL));
  }
  g_assert_true (sheet_writer_end (writer, NULL));
  g_assert_cmpuint (document->blocks->len, ==, 2);
  g_assert_nonnull (strstr (document->text->str, "| h | | k |\n| --- | --- | --- |\n| 1 | | 2 |"));
  g_assert_nonnull (strstr (document->text->str, "\n| 1 | rare | 2 |\n"));
}

/* Two cells a universe apart cost two cells. */
static void
test_sheet_far_cells (void)
{
  static const TestCell cells[] = {
      {0, 0, CELL_TEXT, "near"}, {0, 16383, CELL_TEXT, "east"}, {1048575, 16383, CELL_TEXT, "far"}};
  g_autoptr (Document) document = write_cells (cells, G_N_ELEMENTS (cells));

  g_assert_cmpuint (document->text->len, <, 40);
}

static void
test_references (void)
{
  static const struct {
    guint row, column;
    const char *text;
  } cases[] = {{0, 0, "A1"}, {6, 25, "Z7"}, {0, 26, "AA1"}, {1048575, 16383, "XFD1048576"}};
  guint row, column;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = sheet_reference (cases[i].row, cases[i].column);

    g_assert_cmpstr (text, ==, cases[i].text);
    g_assert_true (sheet_reference_parse (text, strlen (text), &row, &column));
    g_assert_cmpuint (row, ==, cases[i].row);
    g_assert_cmpuint (column, ==, cases[i].column);
  }
  g_assert_true (sheet_reference_parse ("$B$2:C3", 7, &row, &column));
  g_assert_cmpuint (row, ==, 1);
  g_assert_false (sheet_reference_parse ("A", 1, &row, &column));
  g_assert_false (sheet_reference_parse ("7", 1, &row, &column));
}

static void
test_page_furniture (void)
{
  static const struct {
    const char *code, *text;
  } cases[] = {
      {"&LLeft&CCentre&RRight", "Left\tCentre\tRight"},
      {"&\"Arial,Bold\"&12&K00FF00Draft && final", "Draft & final"},
      {"&CPage &P of &N", ""},
      {"Confidential report, page &P+1", "Confidential report, page"},
      {"&A", ""},
      {"&A &D report", "S  report"},
      {"&", ""},
      {"&\"", ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = page_furniture_text (cases[i].code, "S");

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

/* --- XML of Excel 2003, flat ODF ---------------------------------------------------------------
 */

#define WORKBOOK                                                                                   \
  "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "           \
  "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"

static void
test_spreadsheetml (void)
{
  assert_text (
      "a.xml",
      WORKBOOK
      "<Styles><Style ss:ID='d'><NumberFormat ss:Format='yyyy\\-mm\\-dd'/></Style></Styles>"
      "<Worksheet ss:Name='One'><Table><Row><Cell><Data ss:Type='String'>Name</Data></Cell>"
      "<Cell ss:Index='3'><Data ss:Type='String'>When</Data>"
      "<Comment ss:Author='Bo'><ss:Data>why?</ss:Data></Comment></Cell></Row>"
      "<Row><Cell><Data ss:Type='String'>a</Data></Cell><Cell ss:Index='3' ss:StyleID='d'>"
      "<Data ss:Type='DateTime'>2006-11-24T00:00:00.000</Data></Cell></Row></Table></Worksheet>"
      "</Workbook>",
      "# One\n\n| Name | When |\n| --- | --- |\n| a | 2006-11-24 |\n\nC1: Comment by Bo: why?");
}

#define FLAT_ODS                                                                                   \
  "<?xml version='1.0'?><office:document xmlns:office='o' xmlns:table='t' xmlns:text='x' "         \
  "xmlns:style='s' xmlns:dc='d' "                                                                  \
  "office:mimetype='application/vnd.oasis.opendocument.spreadsheet'>"

static void
test_flat_ods (void)
{
  assert_text (
      "a.fods",
      FLAT_ODS
      "<style:style style:name='h'><style:table-properties table:display='false'/>"
      "</style:style><table:table table:name='T' table:style-name='h'><table:table-row>"
      "<table:table-cell office:value-type='string'><text:p>a<text:s text:c='2'/>b</text:p>"
      "<office:annotation><dc:creator>Bo</dc:creator><text:p>note</text:p>"
      "</office:annotation></table:table-cell><table:covered-table-cell/>"
      "<table:table-cell office:value-type='float' office:value='1.5'/></table:table-row>"
      "</table:table></office:document>",
      "# T (hidden)\n\na b\t1.5\n\nA1: Comment by Bo: note");
}

static void
test_ods_repeats_are_bounded (void)
{
  g_autoptr (Document) document =
      read_text ("a.fods", FLAT_ODS
                 "<table:table table:name='T'>"
                 "<table:table-row table:number-rows-repeated='1048576'>"
                 "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p>"
                 "</table:table-cell></table:table-row></table:table></office:document>");

  g_assert_cmpuint (document->text->len, <, 200000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/is-a-table", test_csv_is_a_table);
  g_test_add_func ("/csv/quotes", test_csv_quotes);
  g_test_add_func ("/csv/titles-and-uneven-rows", test_csv_titles_and_uneven_rows);
  g_test_add_func ("/csv/without-header", test_csv_without_header);
  g_test_add_func ("/csv/by-content-with-care", test_csv_by_content);
  g_test_add_func ("/csv/of-any-length-is-one-table", test_csv_of_any_length_is_one_table);
  g_test_add_func ("/csv/quote-that-nothing-closes", test_csv_with_a_quote_that_nothing_closes);
  g_test_add_func ("/sheet/regions", test_sheet_regions);
  g_test_add_func ("/sheet/out-of-order", test_sheet_out_of_order);
  g_test_add_func ("/sheet/of-any-length-is-one-table", test_sheet_of_any_length_is_one_table);
  g_test_add_func ("/sheet/far-cells-cost-nothing", test_sheet_far_cells);
  g_test_add_func ("/sheet/references", test_references);
  g_test_add_func ("/sheet/page-furniture", test_page_furniture);
  g_test_add_func ("/spreadsheetml/cells-as-shown", test_spreadsheetml);
  g_test_add_func ("/ods/flat", test_flat_ods);
  g_test_add_func ("/ods/repeats-are-bounded", test_ods_repeats_are_bounded);
  return g_test_run ();
}
