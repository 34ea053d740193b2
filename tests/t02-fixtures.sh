#!/bin/bash
# The text of each fixture is as accepted; each hostile one ends as it must.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

while IFS= read -r line; do
  case $line in
    'ok '*) ok 0 "${line#ok * - }" ;;
    'not ok '*) ok 1 "${line#not ok * - }" ;;
    '#'*) echo "$line" ;;
  esac
done < <(tests/fixtures.sh check "$INGEST_BUILD")

for file in fixtures/*; do
  case $file in
    *.expected | *.sh | fixtures/hostile | fixtures/reading-order) ;;
    *) [ -e "$file.expected" ]; ok $? "$file has its expected text beside it" ;;
  esac
done

# outcome FILE: ok, empty, partial, or the code of its error; its members are not asked
outcome () {
  local line
  line=$("$BUILD/ingest-extract" --json "$1" 2>/dev/null | head -1)
  jq -r 'if .error then .error.code elif .partial then "partial" elif (.text | length) == 0 then "empty" else "ok" end' <<<"$line"
}
while IFS=$'\t' read -r file wanted _; do
  case $file in "" | "#"*) continue ;; esac
  is "$(outcome "fixtures/hostile/$file")" "$wanted" "hostile/$file ends as $wanted"
done <fixtures/hostile/EXPECTED.tsv

# the same bytes give the same text
first=$("$BUILD/ingest-extract" --json fixtures/*.pdf fixtures/*.html 2>/dev/null | sha256sum)
is "$("$BUILD/ingest-extract" --json fixtures/*.pdf fixtures/*.html 2>/dev/null | sha256sum)" "$first" 'two runs give the same bytes'

done_testing
