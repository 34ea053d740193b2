#!/bin/bash
# The text of PDF pages comes in the order in which a person reads, without running heads and page
# numbers: on pages with one, two and three columns, sidebars, notes, tables, forms, in scripts that
# run to the left or have no spaces. What must come out stands beside each file of
# fixtures/reading-order; tests/reading-order.py measures.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

made=$scratch/made
mkdir "$made"
python3 fixtures/reading-order/generate.py "$made"
for file in fixtures/reading-order/*.pdf fixtures/reading-order/*.truth; do
  cmp -s "$file" "$made/${file##*/}"
  ok $? "$file is what generate.py writes"
done

pages=0 all_said=0 all_found=0 all_removed=0 all_wanted=0
for file in fixtures/reading-order/*.pdf; do
  "$BUILD/ingest-extract" --json "$file" >"$scratch/document.json" 2>/dev/null
  jq -r .text "$scratch/document.json" >"$scratch/text"
  read -r said found pairs _ removed wanted precision \
    < <(tests/reading-order.py "${file%.pdf}.truth" "$scratch/text")
  ok $((pairs < 990)) "$file: $pairs of 1000 neighbours follow each other"
  ok $((found * 100 < said * 99)) "$file: $found of $said pieces are whole"
  ok $((precision < 990)) "$file: of what is taken out, $precision of 1000 is a head or a foot"
  tables=$(jq '[.blocks[] | select(.kind == "table")] | length' "$scratch/document.json")
  is "$tables" "$(case $file in */tables.pdf) echo 3 ;; *) echo 0 ;; esac)" "$file: $tables tables"
  pages=$((pages + $(jq .pages "$scratch/document.json")))
  all_said=$((all_said + said)) all_found=$((all_found + found))
  all_removed=$((all_removed + removed)) all_wanted=$((all_wanted + wanted))
done
row=$("$BUILD/ingest-extract" fixtures/reading-order/tables.pdf 2>/dev/null | grep '^| Selected 2')
is "$row" '| Selected 2 | 772.7 | 6.2 % | 93 |' 'a row of a table is a row'
ok $((pages < 30)) "the set has $pages pages"
# a running head is kept where it stands first
ok $((all_removed * 4 < all_wanted * 3)) "$all_removed of $all_wanted heads and feet are taken out"

done_testing
