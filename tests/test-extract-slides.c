/* What the readers of presentations and OpenDocument promise, each on a file that stands in the
 * test. */
#include "tests/extract-reading.h"
#include "tests/office-package.h"

static Document *
read_parts (const char *name, const char *const *parts)
{
  g_autoptr (GBytes) package = package_of (parts);

  return read_bytes (name, g_bytes_get_data (package, NULL), g_bytes_get_size (package));
}

static void
assert_parts (const char *name, const char *const *parts, const char *expected)
{
  g_autoptr (Document) document = read_parts (name, parts);

  g_assert_cmpstr (document->text->str, ==, expected);
}

/* --- pptx --------------------------------------------------------------------------------------
 */

#define RELATIONSHIP "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define ROOT                                                                                       \
  " xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main'"                          \
  " xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"                               \
  " xmlns:r='" RELATIONSHIP "'"
#define REL(id, type, target)                                                                      \
  "<Relationship Id='" id "' Type='" RELATIONSHIP "/" type "' Target='" target "'/>"
#define AP(properties, text) "<a:p>" properties "<a:r><a:t>" text "</a:t></a:r></a:p>"
#define SHAPE(placeholder, place, body)                                                            \
  "<p:sp><p:nvSpPr><p:cNvPr id='1' name='x'/><p:nvPr>" placeholder                                 \
  "</p:nvPr></p:nvSpPr><p:spPr>" place "</p:spPr><p:txBody>" body "</p:txBody></p:sp>"
#define AT(x, y, w, h) "<a:xfrm><a:off x='" x "' y='" y "'/><a:ext cx='" w "' cy='" h "'/></a:xfrm>"
#define SLIDE(shapes) "<p:sld" ROOT "><p:cSld><p:spTree>" shapes "</p:spTree></p:cSld></p:sld>"

static const char presentation[] = "<p:presentation" ROOT "><p:sldIdLst><p:sldId id='256' "
                                   "r:id='s2'/><p:sldId id='257' r:id='s1'/></p:sldIdLst>"
                                   "</p:presentation>";
static const char presentation_relationships[] =
    "<Relationships>" REL ("s1", "slide", "slides/slide1.xml")
        REL ("s2", "slide", "slides/slide2.xml")
            REL ("a", "commentAuthors", "commentAuthors.xml") "</Relationships>";
static const char slide_relationships[] =
    "<Relationships>" REL ("l", "slideLayout", "../slideLayouts/slideLayout1.xml")
        REL ("n", "notesSlide", "../notesSlides/notesSlide1.xml")
            REL ("c", "comments", "../comments/comment1.xml") "</Relationships>";
static const char layout_relationships[] = "<Relationships>" REL (
    "m", "slideMaster", "../slideMasters/slideMaster1.xml") "</Relationships>";
static const char layout[] =
    "<p:sldLayout" ROOT
    "><p:cSld><p:spTree>" SHAPE ("<p:ph type='body' idx='1'/>", AT ("100", "900", "400", "100"),
                                 "<a:lstStyle><a:lvl2pPr><a:buNone/></a:lvl2pPr>"
                                 "</a:lstStyle>" AP ("", "Click to edit"))
        SHAPE ("", "", AP ("", "Confidential")) "</p:spTree></p:cSld></p:sldLayout>";
static const char master[] = "<p:sldMaster" ROOT "><p:cSld><p:spTree>" SHAPE (
    "<p:ph type='title'/>", AT ("0", "0", "900", "100"),
    AP ("", "Click for title")) "</p:spTree></p:cSld><p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar "
                                "char='o'/></a:lvl1pPr>"
                                "</p:bodyStyle></p:txStyles></p:sldMaster>";
static const char slide1[] = SLIDE (
    SHAPE ("<p:ph idx='1'/>", "",
           AP ("", "point") AP ("<a:pPr lvl='1'/>", "no bullet")
               AP ("<a:pPr lvl='2'><a:buAutoNum type='alphaLcParenR'/></a:pPr>", "first")
                   AP ("<a:pPr lvl='2'><a:buAutoNum type='alphaLcParenR'/></a:pPr>", "second"))
        SHAPE ("", AT ("600", "500", "300", "200"), AP ("", "right"))
            SHAPE ("", AT ("0", "500", "300", "200"), AP ("", "left"))
                SHAPE ("<p:ph type='title'/>", "", AP ("", "The") AP ("", "title"))
                    SHAPE ("<p:ph type='ftr' idx='9'/>", "", AP ("", "Footer"))
                        SHAPE ("<p:ph type='sldNum' idx='8'/>", "", AP ("", "2")));
static const char slide2[] =
    "<p:sld" ROOT
    " show='0'><p:cSld><p:spTree>" SHAPE ("<p:ph type='ctrTitle'/>", "", AP ("", "Deck")) SHAPE (
        "<p:ph type='ftr' idx='9'/>", "",
        AP ("",
            "Footer")) "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id='4' "
                       "descr='shot.png'/></p:nvGraphicFramePr>"
                       "<a:tbl><a:tblPr firstRow='1'/><a:tr><a:tc gridSpan='2'><a:txBody>" AP (
                           "",
                           "h") "</a:txBody></a:tc><a:tc "
                                "hMerge='1'><a:txBody><a:p/></a:txBody></a:tc></a:tr><a:tr><a:tc>"
                                "<a:txBody>" AP ("", "1") "</a:txBody></a:tc><a:tc><a:txBody>" AP (
                                    "", "2") "</a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame></"
                                             "p:spTree></p:cSld></p:sld>";
static const char notes[] = "<p:notes" ROOT "><p:cSld><p:spTree>" SHAPE ("<p:ph type='sldImg'/>",
                                                                         "", "")
    SHAPE ("<p:ph type='body' idx='1'/>", "", AP ("", "say this")) "</p:spTree></p:cSld></p:notes>";
static const char authors[] = "<p:cmAuthorLst" ROOT "><p:cmAuthor id='0' name='Ann'/>"
                              "</p:cmAuthorLst>";
static const char comments[] = "<p:cmLst" ROOT "><p:cm authorId='0'><p:text>why?</p:text></p:cm>"
                               "</p:cmLst>";

static void
test_slides (void)
{
  const char *const parts[] = {"ppt/presentation.xml",
                               presentation,
                               "ppt/_rels/presentation.xml.rels",
                               presentation_relationships,
                               "ppt/slides/slide1.xml",
                               slide1,
                               "ppt/slides/_rels/slide1.xml.rels",
                               slide_relationships,
                               "ppt/slides/slide2.xml",
                               slide2,
                               "ppt/slideLayouts/slideLayout1.xml",
                               layout,
                               "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
                               layout_relationships,
                               "ppt/slideMasters/slideMaster1.xml",
                               master,
                               "ppt/notesSlides/notesSlide1.xml",
                               notes,
                               "ppt/commentAuthors.xml",
                               authors,
                               "ppt/comments/comment1.xml",
                               comments,
                               NULL};
  g_autoptr (Document) document = read_parts ("a.pptx", parts);
  const Block *last = &g_array_index (document->blocks, Block, document->blocks->len - 1);

  g_assert_cmpstr (document->text->str, ==,
                   "(Hidden slide)\n\n# Deck\n\n| h | |\n| 1 | 2 |\n\nFooter\n\n"
                   "## The title\n\nleft\n\nright\n\n- point\n\nno bullet\n\n"
                   "    a) first\n    b) second\n\nConfidential\n\nComment by Ann: why?\n\n"
                   "Notes: say this");
  g_assert_cmpuint (document->page_count, ==, 2);
  g_assert_cmpuint (last->page, ==, 2);
}

/* A group has a measure of its own. */
static void
test_groups (void)
{
  static const char slide[] = SLIDE (SHAPE (
      "", AT ("0", "1000", "900", "100"),
      AP ("", "below")) "<p:grpSp><p:grpSpPr><a:xfrm><a:off x='0' y='0'/><a:ext cx='900' cy='500'/>"
                        "<a:chOff x='0' y='90000'/><a:chExt cx='9000' "
                        "cy='5000'/></a:xfrm></p:grpSpPr>" SHAPE (
                            "", AT ("0", "93000", "9000", "1000"), AP ("", "second"))
                                         SHAPE ("", AT ("0", "91000", "9000", "1000"),
                                                AP ("", "first")) "</p:grpSp>");
  static const char one[] = "<p:presentation" ROOT "/>";
  static const char one_slide[] =
      "<Relationships>" REL ("s1", "slide", "slides/slide1.xml") "</Relationships>";
  const char *const parts[] = {"ppt/presentation.xml",
                               one,
                               "ppt/_rels/presentation.xml.rels",
                               one_slide,
                               "ppt/slides/slide1.xml",
                               slide,
                               NULL};

  assert_parts ("a.pptx", parts, "first\n\nsecond\n\nbelow");
}

/* --- OpenDocument ------------------------------------------------------------------------------
 */

#define OASIS "urn:oasis:names:tc:opendocument:xmlns:"
#define ODF                                                                                        \
  " xmlns:office='" OASIS "office:1.0' xmlns:text='" OASIS "text:1.0' xmlns:style='" OASIS         \
  "style:1.0' xmlns:table='" OASIS "table:1.0' xmlns:draw='" OASIS                                 \
  "drawing:1.0' xmlns:svg='" OASIS "svg-compatible:1.0' xmlns:presentation='" OASIS                \
  "presentation:1.0' xmlns:xlink="                                                                 \
  "'http://www.w3.org/1999/xlink' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:math="         \
  "'http://www.w3.org/1998/Math/MathML' xmlns:chart='" OASIS "chart:1.0'"

static const char odf_styles[] =
    "<office:document-styles" ODF "><office:styles>"
    "<style:style style:name='Verborgen' style:family='text'><style:text-properties"
    " text:display='none'/></style:style>"
    "<text:outline-style><text:outline-level-style text:level='1' style:num-format='1'/>"
    "<text:outline-level-style text:level='2' style:num-format='1' text:display-levels='2'"
    " style:num-suffix='.'/></text:outline-style>"
    "<text:list-style style:name='L1'><text:list-level-style-number text:level='1'"
    " style:num-format='A' style:num-suffix=')'/><text:list-level-style-bullet text:level='2'/>"
    "</text:list-style></office:styles><office:master-styles><style:master-page>"
    "<style:header><text:p>Head <text:page-number>1</text:page-number></text:p></style:header>"
    "<style:footer><text:p>Foot</text:p></style:footer></style:master-page>"
    "<style:master-page><style:header><text:p>Head </text:p></style:header></style:master-page>"
    "</office:master-styles></office:document-styles>";

#define TEXT(body)                                                                                 \
  "<office:document-content" ODF "><office:body><office:text>" body                                \
  "</office:text></office:body></office:document-content>"

static void
assert_text_body (const char *content, const char *expected)
{
  const char *const parts[] = {"mimetype",    "application/vnd.oasis.opendocument.text",
                               "content.xml", content,
                               "styles.xml",  odf_styles,
                               NULL};

  assert_parts ("a.odt", parts, expected);
}

static void
test_odt_structure (void)
{
  assert_text_body (
      TEXT ("<text:h text:outline-level='1'>One</text:h><text:h text:outline-level='2'>Sub</text:h>"
            "<text:list text:style-name='L1' xml:id='x'><text:list-item><text:p>a</text:p>"
            "<text:p>more</text:p><text:list><text:list-item><text:p>dot</text:p></text:list-item>"
            "</text:list></text:list-item></text:list><text:p>between</text:p>"
            "<text:list text:style-name='L1' text:continue-numbering='true'><text:list-item>"
            "<text:p>b</text:p></text:list-item><text:list-item text:start-value='9'>"
            "<text:p>i</text:p></text:list-item></text:list>"),
      "Head 1\n\nHead\n\n# 1 One\n\n## 1.1. Sub\n\nA) a\n\nmore\n\n  - dot\n\nbetween\n\nB) b\nI) "
      "i\n\nFoot");
}

static void
test_odt_text (void)
{
  assert_text_body (
      TEXT ("<text:tracked-changes><text:changed-region><text:deletion><text:p>old</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            "<text:p>  a\n b<text:s text:c='2'/>c<text:tab/>d<text:line-break/>e"
            "<text:span text:style-name='Verborgen'>hid<text:span>den</text:span></text:span>f"
            "<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
            "<text:note-body><text:p>note</text:p></text:note-body></text:note>g"
            "<office:annotation><dc:creator>Ann</dc:creator><dc:date>2025</dc:date>"
            "<text:p>why?</text:p></office:annotation>h <text:ruby><text:ruby-base>字"
            "</text:ruby-base><text:ruby-text>kana</text:ruby-text></text:ruby></text:p>"
            "<text:section text:display='none'><text:p>no</text:p></text:section>"
            "<text:p>x<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box>"
            "<svg:desc>a duck</svg:desc></draw:frame>y</text:p>"),
      "Head 1\n\nHead\n\na b  c\td\nef[1]gh 字 (kana)\n\n[1] note\n\nComment by Ann: why?\n\n"
      "xy\n\nbox\n\na duck\n\nFoot");
}

static void
test_odt_tables (void)
{
  assert_text_body (
      TEXT ("<table:table><table:table-header-rows><table:table-row><table:table-cell"
            " table:number-columns-spanned='2'><text:p>h</text:p></table:table-cell>"
            "<table:covered-table-cell/></table:table-row></table:table-header-rows>"
            "<table:table-row table:number-rows-repeated='1000000'><table:table-cell><text:p>1"
            "</text:p></table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell>"
            "<table:table-cell table:number-columns-repeated='1000000'/></table:table-row>"
            "</table:table>"),
      "Head 1\n\nHead\n\n| h | | |\n| --- | --- | --- |\n| 1 | 2 | |\n\nFoot");
}

static void
test_odt_objects (void)
{
  static const char content[] =
      TEXT ("<text:p>see<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame><draw:frame>"
            "<draw:object xlink:href='./Object 2'/></draw:frame></text:p>");
  static const char chart[] =
      "<office:document-content" ODF "><office:body><office:chart><chart:chart><chart:title>"
      "<text:p>Sales</text:p></chart:title><table:table><table:table-row><table:table-cell/>"
      "<table:table-cell><text:p>2025</text:p></table:table-cell></"
      "table:table-row><table:table-row>"
      "<table:table-cell><text:p>Q1</text:p></table:table-cell><table:table-cell><text:p>4"
      "</text:p></table:table-cell></table:table-row></table:table></chart:chart></office:chart>"
      "</office:body></office:document-content>";
  static const char formula[] =
      "<math xmlns='http://www.w3.org/1998/Math/MathML'><semantics><mrow><mfrac><mi>a</mi>"
      "<mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn>"
      "</msup></mrow><annotation encoding='StarMath 5.0'>a over {b+1}</annotation></semantics>"
      "</math>";
  const char *const parts[] = {"mimetype",
                               "application/vnd.oasis.opendocument.text",
                               "content.xml",
                               content,
                               "Object 1/content.xml",
                               chart,
                               "Object 2/content.xml",
                               formula,
                               NULL};

  assert_parts ("a.odt", parts, "see\n\nSales\n\n| | 2025 |\n| Q1 | 4 |\n\na/(b+1)=x^2");
}

static void
test_odp (void)
{
  static const char content[] =
      "<office:document-content" ODF "><office:automatic-styles><style:style style:name='dp1'"
      " style:family='drawing-page'><style:drawing-page-properties presentation:visibility="
      "'hidden'/></style:style></office:automatic-styles><office:body><office:presentation>"
      "<presentation:footer-decl presentation:name='f'>Foot</presentation:footer-decl>"
      "<draw:page><draw:frame presentation:class='title'><draw:text-box><text:p>Big</text:p>"
      "<text:p>title</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>shape</text:p>"
      "</draw:custom-shape><presentation:notes><draw:frame><draw:text-box><text:p>say this</text:p>"
      "</draw:text-box></draw:frame></presentation:notes></draw:page>"
      "<draw:page draw:style-name='dp1'><draw:frame presentation:class='title'"
      " presentation:placeholder='true'><draw:text-box><text:p>Click</text:p></draw:text-box>"
      "</draw:frame><draw:rect><text:p>two</text:p></draw:rect></draw:page>"
      "</office:presentation></office:body></office:document-content>";
  const char *const parts[] = {"mimetype", "application/vnd.oasis.opendocument.presentation",
                               "content.xml", content, NULL};
  g_autoptr (Document) document = read_parts ("a.odp", parts);

  g_assert_cmpstr (document->text->str, ==,
                   "# Big title\n\nshape\n\nNotes: say this\n\n(Hidden slide)\n\ntwo\n\nFoot");
  g_assert_cmpuint (document->page_count, ==, 2);
}

static void
test_flat (void)
{
  static const char flat[] =
      "<?xml version='1.0'?><office:document" ODF " office:mimetype=\"application/"
      "vnd.oasis.opendocument.text\"><office:styles/><office:body><office:text><text:h>One</text:h>"
      "<text:p>two<draw:frame><draw:image><office:binary-data>AAAA</office:binary-data></"
      "draw:image>"
      "</draw:frame></text:p></office:text></office:body></office:document>";
  g_autoptr (Document) document = read_text ("a.fodt", flat);

  g_assert_cmpstr (document->text->str, ==, "# One\n\ntwo");
  g_assert_cmpstr (document->format, ==, "flat-odf");
}

static void
test_odf_ends (void)
{
  const char *const locked[] = {"mimetype",
                                "application/vnd.oasis.opendocument.text",
                                "content.xml",
                                "\x01\x02",
                                "META-INF/manifest.xml",
                                "<manifest:encryption-data manifest:checksum='x'/>",
                                NULL};
  const char *const broken[] = {"mimetype", "application/vnd.oasis.opendocument.text",
                                "content.xml", "\x01\x02", NULL};
  g_autoptr (GBytes) encrypted = package_of (locked);
  g_autoptr (GBytes) corrupt = package_of (broken);

  assert_fails ("a.odt", g_bytes_get_data (encrypted, NULL), g_bytes_get_size (encrypted),
                EXTRACT_ERROR_ENCRYPTED);
  assert_fails ("a.odt", g_bytes_get_data (corrupt, NULL), g_bytes_get_size (corrupt),
                EXTRACT_ERROR_CORRUPT);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/extract/pptx/slides", test_slides);
  g_test_add_func ("/extract/pptx/groups-have-their-own-measure", test_groups);
  g_test_add_func ("/extract/odt/headings-and-lists-count", test_odt_structure);
  g_test_add_func ("/extract/odt/text", test_odt_text);
  g_test_add_func ("/extract/odt/tables-repeat-within-bounds", test_odt_tables);
  g_test_add_func ("/extract/odt/charts-and-formulas", test_odt_objects);
  g_test_add_func ("/extract/odp/slides", test_odp);
  g_test_add_func ("/extract/odf/flat", test_flat);
  g_test_add_func ("/extract/odf/encrypted-and-corrupt", test_odf_ends);
  return g_test_run ();
}
