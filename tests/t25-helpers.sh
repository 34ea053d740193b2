#!/bin/bash
# A long PDF read by several processes: the same text, and none of them outlives its worker.
# shellcheck source=tests/lib.sh
. tests/lib.sh
scratch=$(mktemp -d) && trap 'rm -rf "$scratch"' EXIT

# 300 pages and more of all kinds: columns, tables, forms, comments, words that run to the left
files=()
while [ ${#files[@]} -lt 400 ]; do files+=(fixtures/*.pdf fixtures/reading-order/*.pdf); done
pdfunite "${files[@]}" "$scratch/long.pdf" 2>/dev/null
pages=$(pdfinfo "$scratch/long.pdf" 2>/dev/null | awk '/^Pages:/ {print $2}')
ok $((pages < 300)) "a document of $pages pages"

for helpers in 0 1 3; do
  "$BUILD/ingest-extract" --json --helpers "$helpers" "$scratch/long.pdf" >"$scratch/$helpers" 2>&1
  ok $? "is read with $helpers helpers"
done
cmp -s "$scratch/0" "$scratch/1"
ok $? 'one helper changes nothing'
cmp -s "$scratch/0" "$scratch/3"
ok $? 'neither do three'
like "$(grep -o '"pages":[0-9]*' "$scratch/0")" ":$pages$" 'which is the text of all pages'

"$BUILD/ingest-extract" --helpers 1 --max-pages 100 "$scratch/long.pdf" >"$scratch/limited" 2>"$scratch/notes"
ok $? 'a limit of pages'
like "$(cat "$scratch/notes")" "only the first 100 of $pages pages" 'ends it as without helpers'

# the parent is stopped while they read: then they are all there to be seen
"$BUILD/ingest-extract" --helpers 2 "$scratch/long.pdf" >/dev/null 2>&1 &
parent=$!
family=()
for _ in $(seq 500); do
  for child in $(pgrep -P "$parent"); do
    mapfile -t family < <(pgrep -P "$child")
    [ ${#family[@]} -ne 2 ] || break 2
  done
  sleep 0.01
done
kill -STOP "$parent"
is "${#family[@]}" 2 'a worker has its two helpers'
kill -KILL "$child"
for _ in $(seq 500); do
  left=$(ps -o stat= -p "${family[0]},${family[1]}" | grep -vc '^Z')
  [ "$left" != 0 ] || break
  sleep 0.01
done
is "$left" 0 'they die with it'
kill -CONT "$parent"
wait "$parent"
is "$(ps -o pid= -p "${family[0]},${family[1]}" | wc -l)" 0 'and leave nothing behind'

done_testing
