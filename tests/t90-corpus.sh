#!/bin/bash
# Real documents of public test suites (optional data: ../shared/corpus with its MANIFEST.tsv), all in
# one command: each ends as the manifest says, nothing crashes, what is loaded is whole.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
corpus=../shared/corpus
if [ ! -e $corpus/MANIFEST.tsv ]; then echo '1..0 # SKIP no corpus beside the project'; exit 0; fi
if [ "${INGEST_TESTS:-full}" != full ]; then echo '1..0 # SKIP left to make check-full'; exit 0; fi
start_cluster

# path and expected outcome
awk -F'\t' 'NR > 1 { print $1 "\t" $7 }' $corpus/MANIFEST.tsv >"$scratch/wanted"
mapfile -t files < <(cut -f1 "$scratch/wanted" | sed "s,^,$corpus/,")
run "$INGEST" "${files[@]}" --folder Corpus --local --json
is "$rc" 3 "${#files[@]} files: finished, some refused"
is "$(jq -c 'select(.container | not)' <<<"$out" | wc -l)" "${#files[@]}" 'one line each, beside those of members'
is "$(jq -r 'select(.error) | .error.code' <<<"$out" | grep -cE '^(crash|timeout|out_of_memory|protocol|worker|database|chunker)$')" 0 'no crash, no time-out, no lie, no row refused'

jq -r 'select(.container | not) | [.file, (if .error then "error(" + .error.code + ")" elif .characters == 0 then "empty" else "ok" end)] | @tsv' <<<"$out" |
  sed "s,^$corpus/,," | sort >"$scratch/got"
sort "$scratch/wanted" | join -t "$(printf '\t')" - "$scratch/got" |
  awk -F'\t' '{ good = $2 == "any" || $2 == $3 || ($2 ~ /^error/ && $3 ~ /^error/); n++; ok += good; if (!good) print "# " $0 }
              END { print n, ok }' >"$scratch/agreement"
grep '^#' "$scratch/agreement"
read -r n agree < <(tail -1 "$scratch/agreement")
[ $((agree * 100)) -ge $((n * 98)) ]; ok $? "outcomes agree with the manifest for $agree of $n (at least 98 %)"

is "$(psql_local -c "select count(*) from document_chunks c join documents d on d.id = c.document_id
  where c.content <> left(c.content, c.prefix_chars) || substr(d.content_text, c.start_char + 1, c.end_char - c.start_char)")" 0 'all spans are true'
is "$(psql_local -c "select count(*) from documents d where indexing_status = 'completed' and content_text ~ '\\S'
  and not exists (select from document_chunks c where c.document_id = d.id)")" 0 'every text has chunks'
before=$(rows_hash)
run "$INGEST" "${files[@]}" --folder Corpus --local --json
is "$(jq -r .result <<<"$out" | grep -c '^\(loaded\|changed\)$')" 0 'again: nothing is loaded'
is "$(rows_hash)" "$before" 'and the rows are the same'

done_testing
