#!/bin/bash
# Exact counts against tiktoken itself, as npm has it: the ids of every token are the same.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/npm.sh
. tests/npm.sh

skip_all () { echo "1..0 # SKIP $1"; exit 0; }
"$BUILD/tests/token-ids" cl100k_base </dev/null 2>/dev/null || skip_all 'built without rank tables'
npm_packages tests/tokens || skip_all "$npm_reason"

# texts of the fixtures, and in full of the test data beside this folder when it is there
mapfile -d '' files < <(find fixtures README.md chunker -maxdepth 1 -type f -size -200k -print0 | sort -z)
megabytes=3 strings=10000
[ "${INGEST_TESTS:-quick}" != full ] || {
  megabytes=60 strings=1000000
  mapfile -d '' -O "${#files[@]}" files < <(find ../shared/ir ../shared/corpus/txt ../shared/corpus/truth \
  ../shared/corpus/md ../shared/corpus/xml -type f -size +1k -size -4000k -print0 2>/dev/null | sort -z)
}
for encoding in cl100k_base o200k_base; do
  NODE_PATH=$npm_packages/node_modules run node tests/tokens/compare.js "$BUILD/tests/token-ids" \
    "$encoding" "$megabytes" "$strings" "${files[@]}"
  is "$rc" 0 "$encoding: the same tokens as tiktoken: $out"
  [ "$rc" = 0 ] || head -5 <<<"$err" | sed 's/^/# /'
done

# the setting, and what it says where it cannot be met
text='The 2 quick brown foxes don'\''t jump over 12345 lazy dogs.'
printf '%s\n' "$text" >"$scratch/t.md"
run "$BUILD/ingest-chunk" --json --tokenizer cl100k_base "$scratch/t.md"
like "$out" '"token_count":17\b' 'the token count of a chunk is exact'
run "$BUILD/ingest-chunk" --tokenizer p50k_base "$scratch/t.md"
is "$rc" 2 'an unknown tokenizer: 2'
like "$err" 'p50k_base is not estimate, cl100k_base or o200k_base' 'an unknown tokenizer: what there is'
INGEST_CHUNKER_TOKENIZER=o200k_base run "$INGEST" chunk --version
like "$out" ' o200k_base unit=tokens' 'the environment sets it, the fingerprint tells it'

done_testing
