#!/bin/bash
# tokens.sh [BUILD] [RUNS]: how fast tokens are counted, beside npm's tiktoken (WASM) and
# @anysphere/tiktoken-node (native Rust), in texts of 16 kB; and how long opening the counter takes.
# Megabytes a second of processor time, medians of interleaved runs; ratios are ours to theirs.
# The texts: the sources of this project, and of ../shared/ir English and Chinese when it is there.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release} runs=${2:-7}
# shellcheck source=tests/npm.sh
. tests/npm.sh
npm_packages tests/tokens || { echo "$npm_reason"; exit 1; }
modules=$npm_packages/node_modules
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# of a JSON line a document: its text
texts () { python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"): print(json.loads(line)["text"], end="\n\n")' "$1"; }
cat chunker/*.c db/*.c ingest/*.c ingest/extract/*.c >"$scratch/code"
if [ -e ../shared/ir/cranfield/docs.jsonl ]; then
  texts ../shared/ir/cranfield/docs.jsonl >"$scratch/English"
  texts ../shared/ir/xquad_zh/docs.jsonl >"$scratch/Chinese"
fi
# the same amount of each: a short text would be over before the table is in memory
for file in "$scratch"/*; do
  while [ "$(stat -c %s "$file")" -lt 4000000 ]; do cat "$file" "$file" >"$file.twice" && mv "$file.twice" "$file"; done
done

median () { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
for encoding in cl100k_base o200k_base; do
  for file in "$scratch"/*; do
    for _ in $(seq "$runs"); do
      "$build/tests/token-ids" "$encoding" "$file" 16000 >>"$file.ingest"
      for tool in tiktoken anysphere; do
        head -c 1000000 "$file" | iconv -c -f UTF-8 -t UTF-8 >"$file.head"
        node bench/tokens.mjs "$modules" $tool "$encoding" "$file.head" 16000 >>"$file.$tool"
      done
    done
    ours=$(median <"$file.ingest") wasm=$(median <"$file.tiktoken") native=$(median <"$file.anysphere")
    awk -v e=$encoding -v f="$(basename "$file")" -v a="$ours" -v b="$wasm" -v c="$native" 'BEGIN {
      printf "%-12s %-8s %6.0f MB/s  %5.1f times tiktoken (%.1f)  %5.1f times anysphere (%.1f)\n", e, f, a, a / b, b, a / c, c }'
    rm "$file".*
  done
done
