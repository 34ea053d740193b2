#!/bin/bash
# Each limit of extraction on real files, at it and beyond it, through the program.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

EXTRACT=$INGEST_BUILD/ingest-extract
work=$scratch/files
mkdir "$work"
python3 - "$work" <<'X'
import io, sys, zipfile
work = sys.argv[1]

def packed(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in entries:
            z.writestr(name, data)
    return out.getvalue()

def write(name, data):
    with open(work + "/" + name, "wb") as f:
        f.write(data)

write("three.zip", packed([("%d.txt" % i, "text %d" % i) for i in range(3)]))
nested = b"the innermost"
for level in range(4, 0, -1):
    nested = packed([("level%d.%s" % (level, "txt" if level == 4 else "zip"), nested)])
write("nested.zip", nested)
write("spaces.zip", packed([("a.txt", b" " * 3000000), ("b.txt", b" " * 3000000)]))
text = "".join("line %d of a text\n" % i for i in range(30000)).encode()
write("big.zip", packed([("a.txt", text)]))

def docx(depth):
    # document, body, then depth - 4 content controls, a paragraph, a run, the text
    inner = "<w:p><w:r><w:t>deep words</w:t></w:r></w:p>"
    for _ in range((depth - 5) // 2):
        inner = "<w:sdt><w:sdtContent>" + inner + "</w:sdtContent></w:sdt>"
    return packed([
        ("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
        ("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'),
        ("word/document.xml", '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>first words</w:t></w:r></w:p>' + inner + "</w:body></w:document>"),
    ])

for depth in (9, 11):
    write("depth%d.docx" % depth, docx(depth))
X

# outcome FILE OPTION...: of the file and of what is in it
outcome () {
  local file=$work/$1
  shift
  "$EXTRACT" --json "$@" "$file" 2>/dev/null | jq -r .outcome | tr '\n' ' '
}
# reason FILE OPTION...
reason () {
  local file=$work/$1
  shift
  "$EXTRACT" --json "$@" "$file" 2>/dev/null | jq -r '.partial // .error.message // empty'
}

is "$(outcome three.zip --max-members=3)" 'ok ok ok ok ' 'as many members as allowed'
is "$(outcome three.zip --max-members=2)" 'partial ok ok ' 'one more'
is "$(reason three.zip --max-members=2)" 'only the first 2 members' 'says so'
is "$(outcome nested.zip --max-depth=4)" 'ok ok ok ok ok ' 'as deep as allowed'
is "$(outcome nested.zip --max-depth=3)" 'ok ok ok ok bomb ' 'one deeper: that one is refused'
like "$(reason nested.zip --max-depth=3)" 'max_depth' 'says so'
is "$(outcome spaces.zip --max-inflated-bytes=6000000 --max-inflate-ratio=100000)" 'ok empty empty ' 'as many bytes as allowed'
is "$(outcome spaces.zip --max-inflated-bytes=5999999 --max-inflate-ratio=100000)" 'bomb ' 'one more, in two members together'
size=$(stat -c %s "$work/spaces.zip")
is "$(outcome spaces.zip --max-inflate-ratio=$((6000000 / size + 1)))" 'ok empty empty ' 'as many times its size as allowed'
is "$(outcome spaces.zip --max-inflate-ratio=$((6000000 / size - 1)))" 'bomb ' 'more'
all=$("$EXTRACT" --json "$work/big.zip" | jq '.text | utf8bytelength' | jq -s add)
is "$(outcome big.zip --max-text-bytes="$all")" 'ok ok ' 'as much text as allowed'
is "$(outcome big.zip --max-text-bytes=$((all - 1)))" 'partial partial ' 'one byte more'
is "$(outcome depth9.docx --max-xml-depth=9)" 'ok ' 'elements as deep as allowed'
is "$(outcome depth11.docx --max-xml-depth=9)" 'partial ' 'deeper'
like "$("$EXTRACT" --max-xml-depth=9 "$work/depth11.docx" 2>/dev/null)" 'first words' 'what comes before is kept'
run "$EXTRACT" --max-xml-depth=251 "$work/depth9.docx"
is "$rc" 2 'a limit out of its range: 2'
like "$err" 'from 8 to 250' 'which is said'
pages=fixtures/annual-report.pdf
is "$("$EXTRACT" --json --max-pages=3 "$pages" | jq -r .outcome)" ok 'as many pages as allowed'
is "$("$EXTRACT" --json --max-pages=2 "$pages" 2>/dev/null | jq -r .outcome)" partial 'one more'
size=$(stat -c %s "$pages")
is "$("$EXTRACT" --json --max-file-bytes="$size" "$pages" | jq -r .outcome)" ok 'a file as large as allowed'
is "$("$EXTRACT" --json --max-file-bytes=$((size - 1)) "$pages" 2>/dev/null | jq -r .outcome)" too_large 'one byte larger'

done_testing
