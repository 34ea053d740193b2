/* What the reader of Word documents promises, each on a document that stands in the test. */
#include "tests/extract-reading.h"
#include "tests/office-package.h"

#define W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define RELATIONSHIP "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define ROOT                                                                                       \
  " xmlns:w='" W "' xmlns:r='" RELATIONSHIP "'"                                                    \
  " xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"                          \
  " xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"                        \
  " xmlns:v='urn:schemas-microsoft-com:vml'"                                                       \
  " xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'"             \
  " xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'"                              \
  " xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"                               \
  " xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram'"

#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define T(text) "<w:r><w:t xml:space='preserve'>" text "</w:t></w:r>"
#define STYLED(style, text)                                                                        \
  "<w:p><w:pPr><w:pStyle w:val='" style "'/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define ITEM(list, level, text)                                                                    \
  "<w:p><w:pPr><w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='" list                          \
  "'/></w:numPr></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"

static const char content_types[] =
    "<Types><Override PartName='/word/document.xml' ContentType='application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";

/* Of all parts that a test may have. */
static const char relationships[] =
    "<Relationships>"
    "<Relationship Id='s' Type='" RELATIONSHIP "/styles' Target='styles.xml'/>"
    "<Relationship Id='n' Type='" RELATIONSHIP "/numbering' Target='numbering.xml'/>"
    "<Relationship Id='f' Type='" RELATIONSHIP "/footnotes' Target='footnotes.xml'/>"
    "<Relationship Id='e' Type='" RELATIONSHIP "/endnotes' Target='endnotes.xml'/>"
    "<Relationship Id='c' Type='" RELATIONSHIP "/comments' Target='comments.xml'/>"
    "<Relationship Id='h10' Type='" RELATIONSHIP "/header' Target='header10.xml'/>"
    "<Relationship Id='h2' Type='" RELATIONSHIP "/header' Target='header2.xml'/>"
    "<Relationship Id='t' Type='" RELATIONSHIP "/footer' Target='footer1.xml'/>"
    "<Relationship Id='chart' Type='" RELATIONSHIP "/chart' Target='charts/chart1.xml'/>"
    "<Relationship Id='dm' Type='" RELATIONSHIP "/diagramData' Target='diagrams/data1.xml'/>"
    "<Relationship Id='alt' Type='" RELATIONSHIP "/aFChunk' Target='chunk.html'/>"
    "<Relationship Id='web' Type='" RELATIONSHIP "/hyperlink' Target='https://example.org/'"
    " TargetMode='External'/>"
    "</Relationships>";

static const char styles[] =
    "<w:styles" ROOT ">"
    "<w:style w:type='paragraph' w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>"
    "<w:style w:type='paragraph' w:styleId='Kapitel'><w:name w:val='Kapitel'/>"
    "<w:basedOn w:val='berschrift1'/></w:style>"
    "<w:style w:type='paragraph' w:styleId='Abschnitt'><w:name w:val='Abschnitt'/>"
    "<w:pPr><w:outlineLvl w:val='2'/></w:pPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Kreis'><w:basedOn w:val='Kreis'/></w:style>"
    "<w:style w:type='character' w:styleId='Geheim'><w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Kopf'><w:name w:val='Kopf'/><w:pPr>"
    "<w:outlineLvl w:val='0'/><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Quelltext'><w:name w:val='Source Code'/></w:style>"
    "</w:styles>";

static const char numbering[] =
    "<w:numbering" ROOT ">"
    "<w:abstractNum w:abstractNumId='1'>"
    "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/>"
    "<w:lvlText w:val='%1.'/></w:lvl>"
    "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/>"
    "<w:lvlText w:val='%2)'/></w:lvl>"
    "<w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerRoman'/>"
    "<w:lvlText w:val='(%1.%2.%3)'/></w:lvl></w:abstractNum>"
    "<w:abstractNum w:abstractNumId='2'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/>"
    "<w:lvlText w:val='&#xf0b7;'/></w:lvl></w:abstractNum>"
    "<w:abstractNum w:abstractNumId='3'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
    "<w:numFmt w:val='upperRoman'/><w:lvlText w:val='§ %1'/><w:pStyle w:val='Kopf'/></w:lvl>"
    "</w:abstractNum>"
    "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    "<w:num w:numId='2'><w:abstractNumId w:val='2'/></w:num>"
    "<w:num w:numId='3'><w:abstractNumId w:val='3'/></w:num>"
    "<w:num w:numId='4'><w:abstractNumId w:val='1'/></w:num>"
    "<w:num w:numId='5'><w:abstractNumId w:val='1'/><w:lvlOverride w:ilvl='0'>"
    "<w:startOverride w:val='7'/></w:lvlOverride></w:num>"
    "</w:numbering>";

/* Reads a document of this body; more: name, text, ..., NULL (nullable). */
static Document *
read_body (const char *body, const char *const *more)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autofree char *document =
      g_strconcat ("<w:document" ROOT "><w:body>", body, "</w:body></w:document>", NULL);
  const char *const usual[] = {
      "[Content_Types].xml",          content_types, "word/document.xml", document,
      "word/_rels/document.xml.rels", relationships, "word/styles.xml",   styles,
      "word/numbering.xml",           numbering};
  g_autoptr (GBytes) package = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    g_ptr_array_add (parts, (gpointer)usual[i]);
  for (; more != NULL && *more != NULL; more++)
    g_ptr_array_add (parts, (gpointer)*more);
  g_ptr_array_add (parts, NULL);
  package = package_of ((const char *const *)parts->pdata);
  return read_bytes ("a.docx", g_bytes_get_data (package, NULL), g_bytes_get_size (package));
}

static void
assert_body (const char *body, const char *expected)
{
  g_autoptr (Document) document = read_body (body, NULL);

  g_assert_cmpstr (document->text->str, ==, expected);
}

static void
test_headings (void)
{
  assert_body (STYLED ("Kapitel", "One") STYLED ("Abschnitt", "Two") STYLED ("Kreis", "text")
                   STYLED ("Heading4", "Three") STYLED ("Quelltext", "a;")
                       STYLED ("Quelltext", " b;") STYLED ("Kopf", "Law") STYLED ("Kopf", "Order"),
               "# One\n\n### Two\n\ntext\n\n#### Three\n\n```\na;\n b;\n```\n\n"
               "# § I Law\n\n# § II Order");
}

static void
test_lists (void)
{
  assert_body (ITEM ("1", "0", "one") ITEM ("1", "1", "deep") ITEM ("1", "1", "deeper")
                   ITEM ("1", "2", "deepest") ITEM ("1", "0", "two") ITEM ("1", "1", "again")
                       P ("between") ITEM ("4", "0", "three") ITEM ("5", "0", "seven")
                           ITEM ("5", "0", "eight") ITEM ("2", "0", "dot") ITEM ("0", "0", "none"),
               "1. one\n   a) deep\n   b) deeper\n      (1.b.i) deepest\n2. two\n   a) again\n\n"
               "between\n\n3. three\n7. seven\n8. eight\n- dot\n\nnone");
}

static void
test_tables (void)
{
  assert_body (
      "<w:tbl><w:tblPr><w:tblLook w:val='04A0'/></w:tblPr>"
      "<w:tr><w:tc>" P ("a") "</w:tc><w:tc>" P ("b") "</w:tc><w:tc>" P (
          "c") "</w:tc></w:tr>"
               "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" P (
                   "wide") "</w:tc><w:tc>" ITEM ("1", "0", "x")
                   ITEM ("2", "0",
                         "y") "</w:tc></w:tr>"
                              "<w:tr><w:trPr><w:del/></w:trPr><w:tc>" P (
                                  "gone") "</w:tc></w:tr>"
                                          "<w:tr><w:trPr><w:gridBefore "
                                          "w:val='1'/></w:trPr><w:tc><w:tbl><w:tr><w:tc>" P (
                                              "in") "</w:tc><w:tc>" P ("ner") "</w:tc></w:tr></"
                                                                              "w:tbl><w:p/></w:tc>"
                                                                              "<w:tc>" P (
                                                                                  "|") "</w:tc></"
                                                                                       "w:tr></"
                                                                                       "w:tbl>",
      "| a | b | c |\n| --- | --- | --- |\n| wide | | 1. x - y |\n| | in ner | \\| |");
  /* a frame around text is no table */
  assert_body ("<w:tbl><w:tr><w:tc>" STYLED ("Kapitel", "Box") P ("text") "</w:tc></w:tr></w:tbl>",
               "# Box\n\ntext");
}

static void
test_repeated (void)
{
  static const char header[] = "<w:hdr" ROOT ">" STYLED ("Kapitel", "ACME") "</w:hdr>";
  static const char footer[] = "<w:ftr" ROOT ">" P ("- 12 -") P ("Secret") "</w:ftr>";
  const char *const more[] = {
      "word/header2.xml", header, "word/header10.xml", header, "word/footer1.xml", footer, NULL};
  g_autoptr (Document) document = read_body (P ("body"), more);

  g_assert_cmpstr (document->text->str, ==, "ACME\n\nbody\n\nSecret");
}

static void
test_notes (void)
{
  static const char footnotes[] =
      "<w:footnotes" ROOT "><w:footnote w:type='separator' w:id='-1'>" P (
          "no") "</w:footnote>"
                "<w:footnote w:id='2'>" P (" first") P ("more") "</w:footnote></w:footnotes>";
  static const char endnotes[] =
      "<w:endnotes" ROOT "><w:endnote w:id='2'>" P ("last") "</w:endnote></w:endnotes>";
  static const char comments[] = "<w:comments" ROOT "><w:comment w:id='0' w:author='Ann'>" P (
      "why?") "</w:comment><w:comment w:id='9'>" P ("lost") "</w:comment></w:comments>";
  const char *const more[] = {"word/footnotes.xml",
                              footnotes,
                              "word/endnotes.xml",
                              endnotes,
                              "word/comments.xml",
                              comments,
                              NULL};
  g_autoptr (Document) document =
      read_body ("<w:p>" T ("a") "<w:r><w:footnoteReference w:id='2'/></w:r>" T (
                     " b") "<w:r><w:endnoteReference w:id='2'/></w:r><w:r><w:commentReference "
                           "w:id='0'/></w:r>" T (" c") "</w:p>" P ("next"),
                 more);

  g_assert_cmpstr (document->text->str, ==,
                   "a[1] b[i] c\n\n[1] first\n\nmore\n\n[i] last\n\nComment by Ann: why?\n\n"
                   "next\n\nComment: lost");
}

static void
test_text_boxes (void)
{
  assert_body ("<w:p>" T ("be") "<w:r><mc:AlternateContent><mc:Choice><w:drawing>"
                                "<wp:docPr descr='a duck'/><w:txbxContent>" P ("box")
                                    P ("two") "</w:txbxContent></w:drawing></"
                                              "mc:Choice><mc:Fallback><w:pict><v:textbox>"
                                              "<w:txbxContent>" P ("box") P (
                                                  "two") "</w:txbxContent></v:textbox></w:pict></"
                                                         "mc:Fallback></mc:AlternateContent>"
                                                         "</w:r>" T ("fore") "</w:p>",
               "before\n\na duck\n\nbox\n\ntwo");
  assert_body ("<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>"
               "<w:pict><v:shape alt='scan.png'/><v:textpath string='DRAFT'/></w:pict>"
               "</mc:Fallback></mc:AlternateContent></w:r></w:p>",
               "DRAFT");
}

static void
test_hidden_and_changed (void)
{
  assert_body (
      "<w:p>" T ("a") "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hid</w:t></w:r>"
                      "<w:r><w:rPr><w:rStyle w:val='Geheim'/></w:rPr><w:t>den</w:t></w:r>"
                      "<w:r><w:rPr><w:rStyle w:val='Geheim'/><w:vanish "
                      "w:val='0'/></w:rPr><w:t>b</w:t></w:r>"
                      "<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins>" T (
                          "new") "</w:ins>"
                                 "<w:moveFrom>" T ("from") "</w:moveFrom><w:moveTo>" T (
                                     "to") "</w:moveTo></w:p>"
                                           "<w:p><w:pPr><w:rPr><w:del/></w:rPr></"
                                           "w:pPr>" T ("joined ") "</w:p>" P (
                                               "up") "<w:p><w:pPr><w:pPrChange><w:pPr><w:"
                                                     "pStyle "
                                                     "w:val='Kapitel'/></w:pPr></"
                                                     "w:pPrChange></w:pPr>" T ("plain") "<"
                                                                                        "/"
                                                                                        "w"
                                                                                        ":"
                                                                                        "p"
                                                                                        ">",
      "abnewto\n\njoined up\n\nplain");
}

#define FIELD(code, result)                                                                        \
  "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>" code                           \
  "</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>" result                    \
  "<w:r><w:fldChar w:fldCharType='end'/></w:r>"

static void
test_fields (void)
{
  assert_body (
      "<w:p>" T ("see ") FIELD ("REF x", T ("page ") FIELD ("PAGEREF y", T ("4")))
          T (", ") "<w:fldSimple w:instr='AUTHOR'>" T (
              "Ann") "</w:fldSimple>"
                     "<w:hyperlink r:id='web'>" T (
                         " here") "</w:hyperlink></w:p>"
                                  "<w:p><w:r><w:fldChar "
                                  "w:fldCharType='begin'><w:ffData><w:checkBox>"
                                  "<w:default "
                                  "w:val='0'/><w:checked/></w:checkBox></w:ffData></w:fldChar>"
                                  "<w:instrText> FORMCHECKBOX </w:instrText></w:r>"
                                  "<w:r><w:fldChar w:fldCharType='end'/></w:r>" T (
                                      " done ") "<w:r><w:fldChar "
                                                "w:fldCharType='begin'/><w:instrText>SYMBOL 97 \\f "
                                                "Symbol"
                                                "</w:instrText><w:fldChar "
                                                "w:fldCharType='end'/></w:r></w:p>",
      "see page 4, Ann here\n\n☒ done α");
}

/* Where links lead stands behind prose; a field that never ends hides its own paragraph only. */
static void
test_links (void)
{
  assert_body ("<w:p>" T ("Words that are many enough to be prose, so that targets may follow, ") "<w:hyperlink r:id='web'>" T (
                   "here") "</w:hyperlink>" T (" and ")
                   FIELD ("HYPERLINK \"https://example.com/a\"", T ("there"))
                       T (".") "</w:p>"
                               "<w:p><w:r><w:fldChar "
                               "w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE"
                               "</w:instrText></w:r></w:p>" P ("kept"),
               "Words that are many enough to be prose, so that targets may follow, here and there."
               "\nhttps://example.org/\nhttps://example.com/a\n\nkept");
}

static void
test_characters (void)
{
  assert_body ("<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>"
               "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:softHyphen/>"
               "<w:noBreakHyphen/><w:sym w:font='Wingdings' w:char='F0FC'/>"
               "<w:sym w:font='Symbol' w:char='F061'/></w:r>"
               "<w:r><w:rPr><w:rFonts w:ascii='Symbol'/></w:rPr><w:t>b</w:t></w:r>"
               "<w:r><w:ruby><w:rt><w:r><w:t>kana</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t>"
               "</w:r></w:rubyBase></w:ruby></w:r></w:p>",
               "a\tb\nc\xe2\x80\x91✓αβ字 (kana)");
}

#define MR(text) "<m:r><m:t>" text "</m:t></m:r>"

static void
test_formulas (void)
{
  assert_body (
      "<w:p>" T ("so ") "<m:oMath><m:f><m:num>" MR ("a+b") "</m:num><m:den>" MR (
          "2") "</m:den></m:f>" MR ("=") "<m:sSup><m:e>" MR ("x") "</m:e><m:sup>" MR ("n+1") "</"
                                                                                             "m:"
                                                                                             "sup><"
                                                                                             "/m:"
                                                                                             "sSup>"
                                                                                             "</"
                                                                                             "m:"
                                                                                             "oMath"
                                                                                             "></"
                                                                                             "w:p><"
                                                                                             "w:p><"
                                                                                             "m:"
                                                                                             "oMath"
                                                                                             "Para>"
                                                                                             "<m:"
                                                                                             "oMath"
                                                                                             "><m:"
                                                                                             "rad><"
                                                                                             "m:"
                                                                                             "deg/>"
                                                                                             "<m:"
                                                                                             "e"
                                                                                             ">" MR (
                                                                                                 "y") "</m:e></m:rad></m:oMath><m:oMath><m:d><m:dPr><m:begChr"
                                                                                                      " m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>" MR ("1") "</m:e><m:e>" MR ("2") "</m:e></m:d><m:m><m:mr><m:e>" MR (
                                                                                                          "p") "</m:e><m:e>" MR ("q") "</m:e></m:mr><m:mr><m:e>" MR ("r") "</m:e><m:e>" MR ("s") "</m:e></m:mr></m:m></m:oMath></m:oMathPara></w:p>",
      "so (a+b)/2=x^(n+1)\n\n√(y)\n[1|2][p, q; r, s]");
}

static void
test_charts_and_diagrams (void)
{
  static const char chart[] =
      "<c:chartSpace" ROOT "><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales</a:t></a:r></a:p>"
      "</c:rich></c:tx></c:title><c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>2025</c:v>"
      "</c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strCache><c:pt idx='0'><c:v>Q1</c:v></c:pt>"
      "<c:pt idx='1'><c:v>Q2</c:v></c:pt></c:strCache></c:cat><c:val><c:numCache><c:pt idx='1'>"
      "<c:v>4.2999999999999998</c:v></c:pt></c:numCache></c:val></c:ser></c:chart></c:chartSpace>";
  static const char diagram[] =
      "<dgm:dataModel" ROOT "><dgm:pt><dgm:t><a:p><a:r><a:t>Boss</a:t></a:r></a:p></dgm:t></dgm:pt>"
      "<dgm:pt type='pres'><dgm:t><a:p><a:r><a:t>Boss</a:t></a:r></a:p></dgm:t></dgm:pt>"
      "</dgm:dataModel>";
  const char *const more[] = {"word/charts/chart1.xml", chart, "word/diagrams/data1.xml", diagram,
                              NULL};
  g_autoptr (Document) document =
      read_body ("<w:p>" T ("see") "<w:r><w:drawing><c:chart r:id='chart'/></w:drawing>"
                                   "<w:drawing><dgm:relIds r:dm='dm'/></w:drawing></w:r></w:p>",
                 more);

  g_assert_cmpstr (document->text->str, ==,
                   "see\n\nSales\n\n| | 2025 |\n| --- | --- |\n| Q1 | |\n| Q2 | 4.3 |\n\n- Boss");
}

static Document *
read_chunk (const char *chunk)
{
  const char *const more[] = {"word/chunk.html", chunk, NULL};

  return read_body (P ("before") "<w:altChunk r:id='alt'/><w:tbl><w:tr><w:tc><w:altChunk "
                                 "r:id='alt'/>" P ("cell") "</w:tc></w:tr></w:tbl>",
                    more);
}

/* HTML that is imported stands where it is imported, once; what else is, is a document of its own.
 */
static void
test_imported (void)
{
  g_autoptr (Document) html = read_chunk ("<html><body><p>chunk</p></body></html>");
  g_autoptr (Document) rtf = read_chunk ("{\\rtf1 chunk}");
  const Document *member;

  g_assert_cmpstr (html->text->str, ==, "before\n\nchunk\n\ncell");
  g_assert_cmpuint (html->members->len, ==, 0);
  g_assert_cmpstr (rtf->text->str, ==, "before\n\ncell");
  g_assert_cmpuint (rtf->members->len, ==, 1);
  member = g_ptr_array_index (rtf->members, 0);
  g_assert_cmpstr (member->name, ==, "word/chunk.html");
  g_assert_cmpstr (member->text->str, ==, "chunk");
}

/* The same in the namespaces of strict files, and without any part but the main one. */
static void
test_strict (void)
{
  static const char document[] =
      "<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'><w:body>" STYLED (
          "Heading1", "Strict") "<w:sdt><w:sdtPr><w:alias "
                                "w:val='no'/></w:sdtPr><w:sdtContent>" P ("kept") "</"
                                                                                  "w:"
                                                                                  "sdtContent><"
                                                                                  "/w:sdt></"
                                                                                  "w:body></"
                                                                                  "w:document>";
  const char *const parts[] = {"word/document.xml", document, NULL};
  g_autoptr (GBytes) package = package_of (parts);
  g_autoptr (Document) read =
      read_bytes ("a.docx", g_bytes_get_data (package, NULL), g_bytes_get_size (package));

  g_assert_cmpstr (read->text->str, ==, "# Strict\n\nkept");
  g_assert_cmpstr (read->format, ==, "docx");
}

static void
test_damage (void)
{
  static const char cut[] = "<w:document" ROOT "><w:body>" P ("kept") "<w:p><w:r><w:t>half";
  const char *const parts[] = {"word/document.xml", cut, NULL};
  const char *const none[] = {"word/document.xml", "<w:document", NULL};
  const char *const lost[] = {"[Content_Types].xml", content_types, NULL};
  g_autoptr (GBytes) damaged = package_of (parts);
  g_autoptr (GBytes) corrupt = package_of (none);
  g_autoptr (GBytes) empty = package_of (lost);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document =
      read_limited ("a.docx", g_bytes_get_data (damaged, NULL), g_bytes_get_size (damaged),
                    &default_limits, &error);

  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpstr (document->text->str, ==, "kept\n\nhalf");
  assert_fails ("a.docx", g_bytes_get_data (corrupt, NULL), g_bytes_get_size (corrupt),
                EXTRACT_ERROR_CORRUPT);
  assert_fails ("a.docx", g_bytes_get_data (empty, NULL), g_bytes_get_size (empty),
                EXTRACT_ERROR_CORRUPT);
  assert_fails ("a.docx", "not a package", 13, EXTRACT_ERROR_CORRUPT);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/extract/docx/headings-by-style-in-any-language", test_headings);
  g_test_add_func ("/extract/docx/lists-count-as-shown", test_lists);
  g_test_add_func ("/extract/docx/tables", test_tables);
  g_test_add_func ("/extract/docx/headers-and-footers-come-once", test_repeated);
  g_test_add_func ("/extract/docx/notes-follow-their-paragraph", test_notes);
  g_test_add_func ("/extract/docx/text-boxes-come-once", test_text_boxes);
  g_test_add_func ("/extract/docx/hidden-and-deleted-text-is-out", test_hidden_and_changed);
  g_test_add_func ("/extract/docx/fields-by-their-results", test_fields);
  g_test_add_func ("/extract/docx/links-stand-behind-prose", test_links);
  g_test_add_func ("/extract/docx/characters", test_characters);
  g_test_add_func ("/extract/docx/formulas-are-a-line", test_formulas);
  g_test_add_func ("/extract/docx/charts-and-diagrams", test_charts_and_diagrams);
  g_test_add_func ("/extract/docx/embedded-documents-are-members", test_imported);
  g_test_add_func ("/extract/docx/strict-and-bare", test_strict);
  g_test_add_func ("/extract/docx/damage-is-partial-or-corrupt", test_damage);
  return g_test_run ();
}
