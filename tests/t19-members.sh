#!/bin/bash
# Documents inside of a file are documents of their own: in lines, in reports and in the database.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster

# a worker whose files are scripts: what they say is inside of them
bin=$scratch/bin
mkdir "$bin"
cp "$INGEST" "$INGEST_BUILD/ingest-chunk" "$INGEST_BUILD/ingest-load" "$bin/"
cp "$INGEST_BUILD/tests/misbehaving-worker" "$bin/ingest-extract"
real=$INGEST
INGEST=$bin/ingest
"$INGEST" db push --local >/dev/null 2>&1

names () { psql_local -c "select string_agg(name || ':' || indexing_status, ' ' order by name collate \"C\") from documents"; }

box=$scratch/box.zip
write_box () {
  { echo script; printf '%s\n' "$@"; } >"$box"
}

write_box 'text about the box' 'member a/heron.txt' 'text the grey heron' 'end' 'member mail.eml' \
  'text see the attachment' 'member otter.txt' 'text an otter swims' 'end' 'end' \
  'member broken.doc' 'fail it is damaged' 'end' 'member nothing.txt' 'end'
run "$INGEST" "$box" --folder Box --local
is "$rc" 3 'a member that cannot be read: 3'
is "$(awk '{ print $1, $2 }' <<<"$out")" "loaded $box
loaded $box!/a/heron.txt
loaded $box!/mail.eml
loaded $box!/mail.eml!/otter.txt
failed $box!/broken.doc
empty $box!/nothing.txt" 'a line each, members after their file'
like "$out" 'broken\.doc  it is damaged' 'a failed one has its reason'
like "$err" '^1 file and 5 documents inside of it: 4 loaded 1 empty 1 failed' 'the summary counts them apart'
is "$(names)" 'box.zip:completed box.zip!/a/heron.txt:completed box.zip!/broken.doc:failed box.zip!/mail.eml:completed box.zip!/mail.eml!/otter.txt:completed box.zip!/nothing.txt:completed' 'each is a document in the same folder'
run "$INGEST" search otter --local
like "$out" 'Box/box\.zip!/mail\.eml!/otter\.txt' 'and is found under its name'

before=$(psql_local -c "select sum(xmin::text::bigint) from documents")
run "$INGEST" "$box" --folder Box --local
is "$rc" 0 'an unchanged archive: 0'
like "$out" '^unchanged +.*box\.zip  ' 'it is unchanged'
is "$(wc -l <<<"$out")" 1 'and is not read again'
is "$(psql_local -c "select sum(xmin::text::bigint) from documents")" "$before" 'no row is touched'

run "$INGEST" "$box" --folder Box --local --json
is "$(jq -r .result <<<"$out")" unchanged 'the same in JSON'

# a new version: one member is gone, one is new, one mended, one the same
heron=$(psql_local -c "select id || version::text from documents where name like '%heron.txt'")
chunks=$(psql_local -c "select id from document_chunks where content like '%heron%'")
printf 'not of this box\n' >"$scratch/other.txt"
"$INGEST" "$scratch/other.txt" --folder Box --local >/dev/null
write_box 'text about the box' 'member a/heron.txt' 'text the grey heron' 'end' 'member new.txt' 'text a new one' 'end' \
  'member broken.doc' 'text mended' 'end'
run "$INGEST" "$box" --folder Box --local --json
is "$rc" 0 'a new version: 0'
is "$(jq -r '[.file, .result, .container // "-"] | join(" ")' <<<"$out")" "$box changed -
$box!/a/heron.txt unchanged box.zip
$box!/new.txt loaded box.zip
$box!/broken.doc changed box.zip" 'what became of each'
is "$(names)" 'box.zip:completed box.zip!/a/heron.txt:completed box.zip!/broken.doc:completed box.zip!/new.txt:completed other.txt:completed' 'members that are gone are gone, the neighbour stays'
is "$(psql_local -c "select id from document_chunks where content like '%heron%'")" "$chunks" 'chunks that are the same keep their id'
is "$(psql_local -c "select id || version::text from documents where name like '%heron.txt'")" "$heron" 'and so is the row of a member that is the same'

# the archive cannot be read any more, then it is something else
write_box 'fail it is damaged'
run "$INGEST" "$box" --folder Box --local
is "$rc" 3 'a broken archive: 3'
is "$(names)" 'box.zip:failed other.txt:completed' 'what was in it is found no more'
write_box 'member a.txt' 'text an a' 'end' 'member b.txt' 'text a b' 'end'
"$INGEST" "$box" --folder Box --local >/dev/null
is "$(names)" 'box.zip:completed box.zip!/a.txt:completed box.zip!/b.txt:completed other.txt:completed' 'mended, it has members again'
run "$INGEST" "$box" --folder Other --local
is "$(psql_local -c "select count(*) from documents where name = 'box.zip!/a.txt'")" 2 'another folder has its own'
write_box 'text no members any more'
"$INGEST" "$box" --folder Box --local >/dev/null
is "$(psql_local -c "select count(*) from documents d join folders f on f.id = d.folder_id where f.name = 'Box'")" 2 'and when it has none, none stay'
is "$(psql_local -c "select count(*) from documents d join folders f on f.id = d.folder_id where f.name = 'Other'")" 3 'but in the other folder'

# a member that kills the worker
write_box 'member a.txt' 'text an a' 'end' 'member b.txt' 'text half a b' 'exit' 'end' 'member c.txt' 'text a c' 'end'
run "$INGEST" "$box" --folder Deadly --local
is "$rc" 3 'a member that kills the worker: 3'
is "$(awk '{ print $1, $2 }' <<<"$out")" "loaded $box
loaded $box!/a.txt
failed $box!/b.txt
loaded $box!/c.txt" 'costs that member alone'
is "$(psql_local -c "select error_code from documents where name = 'box.zip!/b.txt' and error_code is not null")" crash 'which is on record as a crash'
write_box 'member a.txt' 'text an a' 'end' 'text half a box' 'exit'
run "$INGEST" "$box" --folder Deadly --local
is "$(awk '{ print $1, $2 }' <<<"$out")" "failed $box
unchanged $box!/a.txt" 'an archive that kills it by itself fails, what was read in it stays'
run "$INGEST" "$box" --folder Deadly --local
is "$(awk '{ print $1, $2 }' <<<"$out")" "failed $box
unchanged $box!/a.txt" 'and is tried again whenever it is named'

# a name with what SQL and LIKE have a use for; two of one name; one without a name
cp "$box" "$scratch/100%_'\\\\.zip"
box=$scratch/100%_\'\\\\.zip
write_box 'member it'"'"'s.txt' 'text one' 'end' 'member it'"'"'s.txt' 'text two' 'end' 'member ' 'text three' 'end'
run "$INGEST" "$box" --folder Odd --local
is "$rc" 0 'odd names: 0'
is "$(psql_local -c "select string_agg(split_part(d.name, '!/', 2), ' ' order by d.name collate \"C\") from documents d join folders f on f.id = d.folder_id where f.name = 'Odd'")" " it's (2).txt it's.txt member-3" 'no name is taken twice'
write_box 'member it'"'"'s.txt' 'text one' 'end'
run "$INGEST" "$box" --folder Odd --local
is "$(psql_local -c "select string_agg(split_part(d.name, '!/', 2), ' ' order by d.name collate \"C\") from documents d join folders f on f.id = d.folder_id where f.name = 'Odd'")" " it's.txt" 'and those that are gone are gone'

# the lines between the stages
line () { # NAME CONTAINER MEMBERS TEXT
  jq -cn --arg name "$1" --arg container "$2" --argjson members "$3" --arg text "$4" \
    --arg checksum "$(sha256sum <<<"$4" | cut -d' ' -f1)" \
    '{version: 1, name: $name, format: "text", mime_type: "text/plain", members: $members,
      checksum: $checksum, text: $text, blocks: []} +
     if $container == "" then {} else {container: $container} end'
}
load () { "$INGEST" chunk --json | "$INGEST" load --folder Stages --local >"$scratch/out" 2>"$scratch/err"; }
staged () { psql_local -c "select string_agg(d.name, ' ' order by d.name collate \"C\") from documents d join folders f on f.id = d.folder_id where f.name = 'Stages'"; }
failed=$(jq -cn '{version: 1, name: "s.zip!/c.pdf", container: "s.zip", checksum: ("0" * 64), error: {code: "encrypted", message: "it needs a password"}}')
{ line s.zip '' 3 'the archive'; line 's.zip!/a' s.zip 0 'an a'; line 's.zip!/b' s.zip 0 'a b'; echo "$failed"; line t.txt '' 0 'a file'; } | load
is "$?" 3 'stages: a member that failed: 3'
is "$(awk '{ print $1, $2 }' "$scratch/out")" 'loaded s.zip
loaded s.zip!/a
loaded s.zip!/b
failed s.zip!/c.pdf
loaded t.txt' 'stages: a line each'
is "$(staged)" 's.zip s.zip!/a s.zip!/b s.zip!/c.pdf t.txt' 'stages: a document each'
{ line s.zip '' 1 'the archive again'; line 's.zip!/b' s.zip 0 'a b'; } | load
is "$(staged)" 's.zip s.zip!/b t.txt' 'stages: what is gone is gone'
{ line u.txt '' 0 'another'; line s.zip '' 2 'cut short'; line 's.zip!/b' s.zip 0 'new b'; } | load
is "$?" 1 'stages: a stream that stops within an archive: 1'
like "$(cat "$scratch/err")" 'stops within s\.zip: 1 of its members' 'stages: it says where'
is "$(psql_local -c "select content_text from documents d join folders f on f.id = d.folder_id where f.name = 'Stages' and d.name = 's.zip'")" 'the archive again' 'stages: nothing of the archive is loaded'
is "$(staged)" 's.zip s.zip!/b t.txt u.txt' 'stages: what was whole before it is'
{ line 'x.zip!/b' x.zip 0 'an orphan'; } | load
is "$?" 1 'stages: a member without its file: 1'
like "$(cat "$scratch/err")" 'does not follow the file' 'stages: it is refused'
{ line s.zip '' 1 'an archive'; line 'other.txt' s.zip 0 'a liar'; } | load
is "$?" 1 'stages: a member that is not named after its file: 1'

# a real archive, by the one command and by the stages: the same rows
INGEST=$real
python3 - "$scratch/real.zip" <<'X'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr("notes/readme.md", "# Readme\n\nOne archive, three members.\n")
    z.writestr("mail.eml", "From: a@example.com\nSubject: Hello\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nSee the attachment.\n--x\nContent-Type: text/plain; name=b.txt\nContent-Disposition: attachment; filename=b.txt\n\nAttached words.\n--x--\n")
    z.writestr("picture.bin", bytes(range(256)))
X
rows () { psql_local -c "select d.id, d.name, d.checksum, d.format, d.content_text, d.indexing_status, d.error_code, d.error_message, d.file_size, d.fingerprint, (select string_agg(c.id::text || c.content, ' ' order by c.position) from document_chunks c where c.document_id = d.id) from documents d join folders f on f.id = d.folder_id where f.name = 'Real' order by d.name"; }
run "$INGEST" "$scratch/real.zip" --folder Real --local
is "$rc" 3 'a real archive with something unreadable in it: 3'
like "$out" "loaded +$scratch/real\.zip!/mail\.eml!/b\.txt" 'a mail in it has its attachment'
once=$(rows)
psql_local -c "delete from folders where name = 'Real'"
"$INGEST" extract "$scratch/real.zip" --json 2>/dev/null | "$INGEST" chunk --json 2>/dev/null | "$INGEST" load --folder Real --local >/dev/null 2>&1
is "$(rows)" "$once" 'the stages make the same rows'
run "$INGEST" extract "$scratch/real.zip"
is "$rc" 3 'extract: 3'
like "$out" '^==> real\.zip!/notes/readme\.md <==$' 'each member is named'
like "$err" 'real\.zip!/picture\.bin: no reader' 'one that failed is named on standard error'

done_testing
