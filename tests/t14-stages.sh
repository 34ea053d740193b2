#!/bin/bash
# The staged programs compose: extract | chunk | load gives the same rows as the one command.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster

files=()
while IFS= read -r file; do files+=("$file"); done < <(find fixtures -maxdepth 1 -type f ! -name '*.expected' ! -name '*.sh' | sort)
run "$INGEST" "${files[@]}" --folder Stages --local
is "$rc" 0 "the one command loads ${#files[@]} fixtures"
direct=$(rows_hash)
psql_local -c 'delete from folders'
set -o pipefail
rc=0
"$INGEST" extract "${files[@]}" --json | "$INGEST" chunk --json | "$INGEST" load --folder Stages --local >"$scratch/out" 2>"$scratch/err" || rc=$?
is "$rc" 0 'extract | chunk | load ends with 0'
[ "$rc" = 0 ] || sed 's/^/# /' "$scratch/err"
is "$(grep '^loaded' "$scratch/out" | grep -vc '!/')" "${#files[@]}" 'one line a file'
documents=$(psql_local -c 'select count(*) from documents')
is "$(grep -c '^loaded' "$scratch/out")" "$documents" 'and one for each document inside of one'
is "$(rows_hash)" "$direct" 'the same rows'
rc=0
"$INGEST" extract "${files[@]}" --json | "$INGEST" chunk --json | "$INGEST" load --folder Stages --local >"$scratch/out" 2>"$scratch/err" || rc=$?
is "$(grep -c '^unchanged' "$scratch/out")" "$documents" 'again: all unchanged'
run "$INGEST" "${files[@]}" --folder Stages --local
is "$(grep -c '^unchanged' <<<"$out")" "${#files[@]}" 'and unchanged for the one command'

# a file that fails travels as a line
"$INGEST" extract fixtures/hostile/encrypted.pdf "${files[0]}" --json 2>/dev/null >"$scratch/extracted"
is "$?" 3 'extract ends with 3 when a file is refused'
rc=0
"$INGEST" chunk --json <"$scratch/extracted" 2>/dev/null | "$INGEST" load --folder Mixed --local >"$scratch/out" 2>&1 || rc=$?
is "$rc" 3 'load ends with 3'
like "$(cat "$scratch/out")" 'failed .*encrypted\.pdf.*password' 'the reason came through'
like "$(cat "$scratch/out")" '(loaded|changed)' 'the other file is loaded'
is "$(psql_local -c "select error_code from documents where name = 'encrypted.pdf'")" encrypted 'the failure is on record'

# a stream that was cut off is not loaded
psql_local -c 'delete from folders'
"$INGEST" extract "${files[0]}" --json | "$INGEST" chunk --json >"$scratch/chunks"
head -c -20 "$scratch/chunks" >"$scratch/cut"
"$INGEST" load --folder Cut --local <"$scratch/cut" >"$scratch/out" 2>"$scratch/err"
is "$?" 1 'a cut stream: 1'
like "$(cat "$scratch/err")" 'line|stream|end' 'a cut stream: in words'
is "$(psql_local -c 'select count(*) from documents')" 0 'nothing of it is loaded'
echo '{"version":99}' | "$INGEST" load --folder Cut --local >"$scratch/out" 2>"$scratch/err"
is "$?" 1 'another version of the stream is refused'
echo 'not json' | "$INGEST" load --folder Cut --local >"$scratch/out" 2>"$scratch/err"
is "$?" 1 'no JSON at all is refused'

# two documents of one name: the second is refused, the others load
psql_local -c 'delete from folders'
mkdir -p "$scratch/d1" "$scratch/d2"
echo 'First.' >"$scratch/d1/readme.md"; echo 'Second.' >"$scratch/d2/readme.md"; echo 'Other.' >"$scratch/other.md"
"$INGEST" chunk --json "$scratch/other.md" "$scratch/d1/readme.md" "$scratch/d2/readme.md" | "$INGEST" load --folder Twins --local >"$scratch/out" 2>"$scratch/err"
is "$?" 3 'two documents of one name: 3'
is "$(grep -c ^loaded "$scratch/out")" 2 'the first of them and the other are loaded'
is "$(psql_local -c "select content_text like 'First%' from documents where name = 'readme.md'")" t 'the first is not overwritten'

# a name that the database refuses does not take its batch along
long=$(printf 'x%.0s' $(seq 1500))
"$INGEST" chunk --json "$scratch/other.md" "$scratch/d1/readme.md" | sed "s/readme\.md/$long/" | "$INGEST" load --folder Long --local >"$scratch/out" 2>"$scratch/err"
is "$?" 3 'a name that the database refuses: 3'
like "$(cat "$scratch/out")" '^loaded +other\.md' 'its batch-mate is loaded'
like "$(cat "$scratch/out")" '^failed +xxx.*(check|constraint)' 'it is reported with the reason'

# a failure of bytes that were read before keeps their text
psql_local -c 'delete from folders'
"$INGEST" chunk --json "$scratch/other.md" | "$INGEST" load --folder Keep --local >/dev/null
sum=$(sha256sum "$scratch/other.md" | cut -d' ' -f1)
echo "{\"version\":1,\"name\":\"other.md\",\"checksum\":\"$sum\",\"error\":{\"code\":\"timeout\",\"message\":\"too slow today\"}}" | "$INGEST" load --folder Keep --local >"$scratch/out"
is "$?" 3 'a time-out of bytes that are loaded is reported'
is "$(psql_local -c "select indexing_status || count(c.id) from documents d join document_chunks c on c.document_id = d.id group by indexing_status")" completed1 'and their text is kept'

# Markdown goes straight to the chunker
printf '# Tides\n\nSpring tides follow the moon.\n' >"$scratch/tides.md"
"$INGEST" chunk "$scratch/tides.md" --json | "$INGEST" load --folder M --local >"$scratch/out" 2>"$scratch/err"
is "$?" 0 'chunk FILE.md | load'
run "$INGEST" search 'spring tides' --local
like "$out" 'M/tides\.md' 'and it is found'

done_testing
