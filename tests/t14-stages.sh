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
is "$(grep -c '^loaded' "$scratch/out")" "${#files[@]}" 'one line a file'
is "$(rows_hash)" "$direct" 'the same rows'
rc=0
"$INGEST" extract "${files[@]}" --json | "$INGEST" chunk --json | "$INGEST" load --folder Stages --local >"$scratch/out" 2>"$scratch/err" || rc=$?
is "$(grep -c '^unchanged' "$scratch/out")" "${#files[@]}" 'again: all unchanged'
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

# Markdown goes straight to the chunker
printf '# Tides\n\nSpring tides follow the moon.\n' >"$scratch/tides.md"
"$INGEST" chunk "$scratch/tides.md" --json | "$INGEST" load --folder M --local >"$scratch/out" 2>"$scratch/err"
is "$?" 0 'chunk FILE.md | load'
run "$INGEST" search 'spring tides' --local
like "$out" 'M/tides\.md' 'and it is found'

done_testing
