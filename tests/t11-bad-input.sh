#!/bin/bash
# Bad input is normal: each file ends with a clear line, the others of the command are loaded.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster

bad=$scratch/bad
mkdir "$bad"
printf 'A good file about otters.\n' >"$bad/good.txt"

# refused FILE REGEX NAME: a good file beside it loads, the bad one fails with the reason, exit 3
refused () {
  psql_local -c 'delete from folders' 2>/dev/null
  run timeout 120 "$INGEST" "$1" "$bad/good.txt" --folder Bad --local
  is "$rc" 3 "$3: exit 3"
  like "$(grep '^failed' <<<"$out")" "$2" "$3: says why"
  like "$out" '^loaded .*good\.txt' "$3: the other file is loaded"
}

# taken FILE REGEX NAME: it loads, with a note
taken () {
  psql_local -c 'delete from folders' 2>/dev/null
  run timeout 120 "$INGEST" "$1" "$bad/good.txt" --folder Bad --local
  is "$rc" 0 "$3: exit 0"
  like "$out" "$2" "$3: says so"
  like "$out" 'loaded .*good\.txt' "$3: the other file is loaded"
}

"$INGEST" db push --local >/dev/null 2>&1
mkdir "$bad/folder"
refused "$bad/folder" 'it is a directory' 'a directory'
refused "$bad/nothing" 'there is no such file' 'a file that is not there'
ln -s loop "$bad/loop"
refused "$bad/loop" 'loop' 'a loop of symbolic links'
mkfifo "$bad/pipe"
refused "$bad/pipe" 'pipe' 'a named pipe'
refused /dev/null 'device' 'a device'
if [ "$(id -u)" = 0 ]; then
  skip 'an unreadable file' 'root reads everything'
else
  printf x >"$bad/secret.txt"; chmod 000 "$bad/secret.txt"
  refused "$bad/secret.txt" 'may not be read' 'an unreadable file'
fi
refused fixtures/hostile/encrypted.pdf 'password' 'an encrypted PDF'
refused fixtures/hostile/truncated.pdf 'damaged|corrupt' 'a damaged PDF'
head -c 5000 /dev/urandom >"$bad/noise.pdf"
refused "$bad/noise.pdf" 'no reader for|cannot' 'noise under the name of a PDF'

: >"$bad/empty.txt"
taken "$bad/empty.txt" 'note: .*empty' 'a file of zero bytes'
taken fixtures/hostile/image-only.pdf 'note: .*images only' 'a PDF that holds images only'
printf 'before\0after \xff\xfe\x80 broken, with otters\n' >"$bad/broken.txt"
taken "$bad/broken.txt" 'loaded .*broken\.txt' 'text with NUL and broken UTF-8'
is "$(psql_local -c "select count(*) from documents where name = 'broken.txt' and content_text like '%otters%'")" 1 'its text is kept'
cp fixtures/hostile/pdf-as.html "$bad/really.html"
taken "$bad/really.html" 'loaded .*really\.html +[0-9]+ page' 'a PDF under the name of a page'

name=$(printf 'two\nlines.txt')
printf 'A name with a newline.\n' >"$bad/$name"
taken "$bad/$name" 'two\\nlines\.txt' 'a name with a newline'
name=$(printf 'latin-\xe9.txt')
printf 'A name in Latin-1.\n' >"$bad/$name"
taken "$bad/$name" 'latin-\\xe9\.txt' 'a name that is not UTF-8'
is "$(psql_local -c "select count(*) from documents where name like 'latin-_xe9.txt'")" 1 'its name is stored as UTF-8'

# 200 MB of one line: cut off at max_text_bytes, and said
head -c 200M /dev/zero | tr '\0' 'x' >"$bad/line.txt"
INGEST_EXTRACT_MAX_TEXT_BYTES=2000000 taken "$bad/line.txt" 'partial: ' '200 MB of one line'
INGEST_EXTRACT_PARTIAL=fail INGEST_EXTRACT_MAX_TEXT_BYTES=2000000 refused "$bad/line.txt" 'failed .*line\.txt' 'the same where partial = fail'
INGEST_EXTRACT_MAX_FILE_BYTES=1000000 refused "$bad/line.txt" 'max_file_bytes' 'a file over max_file_bytes'
rm "$bad/line.txt"

printf 'From before all clocks.\n' >"$bad/old.txt"
touch -d @-300000000000 "$bad/old.txt"
taken "$bad/old.txt" 'loaded .*old\.txt' 'a file of an impossible time'
touch -d @9000000000000 "$bad/old.txt" 2>/dev/null
taken "$bad/old.txt" '(loaded|changed) .*old\.txt' 'a file of a far future'

mkdir "$bad/twin"
printf 'Another good file.\n' >"$bad/twin/good.txt"
run "$INGEST" "$bad/good.txt" "$bad/twin/good.txt" --folder Twin --local
is "$rc" 3 'two files of one name for one folder: 3'
like "$out" 'failed .*has the name of' 'the second is refused, the first is not overwritten'

# a failed file is on record, a mended one takes its place
psql_local -c 'delete from folders'
cp fixtures/hostile/truncated.pdf "$bad/report.pdf"
"$INGEST" "$bad/report.pdf" --folder Mend --local >/dev/null 2>&1
is "$(psql_local -c "select indexing_status || ' ' || (error_message <> '') from documents where name = 'report.pdf'")" 'failed true' 'a failed file is on record with its reason'
before=$(psql_local -c "select xmin from documents where name = 'report.pdf'")
run "$INGEST" "$bad/report.pdf" --folder Mend --local
is "$rc" 3 'tried again it fails again'
is "$(psql_local -c "select xmin from documents where name = 'report.pdf'")" "$before" 'without touching the row'
cp "$(find fixtures -maxdepth 1 -name '*.pdf' | sort | head -1)" "$bad/report.pdf"
run "$INGEST" "$bad/report.pdf" --folder Mend --local
like "$out" '^changed' 'mended, it is loaded'
cp fixtures/hostile/truncated.pdf "$bad/report.pdf"
"$INGEST" "$bad/report.pdf" --folder Mend --local >/dev/null 2>&1
is "$(psql_local -c "select d.indexing_status || ' ' || count(c.id) from documents d left join document_chunks c on c.document_id = d.id where d.name = 'report.pdf' group by d.indexing_status")" 'failed 0' 'broken again, the old text is not found any more'

for folder in '' '/' '.' 'A/../B' $'A\nB' $'\xff'; do
  run "$INGEST" "$bad/good.txt" --folder "$folder" --local
  is "$rc" 2 "folder $(printf %q "$folder"): 2"
done
run "$INGEST" "$bad/good.txt" --folder "$(printf 'a%.0s' $(seq 300))" --local
[ "$rc" != 0 ]; ok $? 'a folder name of 300 letters is refused'
run "$INGEST" "$bad/good.txt" --local
is "$rc" 2 'no folder: 2'

done_testing
