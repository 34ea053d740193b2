#!/bin/bash
# chunk.sh [BUILD] [RUNS]: how fast text is chunked, beside LangChain's recursive splitter (from npm) and
# ICU's own sentence iterator, over documents of 100 kB; and whether time is linear, memory bounded.
# Megabytes a second of processor time, medians of interleaved runs. The texts: English and Chinese of
# ../shared/ir when it is there, and this project's own Markdown.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release} runs=${2:-5}
# shellcheck source=tests/npm.sh
. tests/npm.sh
npm_packages bench/peers || { echo "$npm_reason"; exit 1; }
make -s V="$(basename "$build")" "$build/chunk-speed" "$build/ingest-chunk"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# node finds packages beside the script
cp bench/peers/*.mjs "$scratch/"
ln -s "$npm_packages/node_modules" "$scratch/node_modules"

# of a JSON line a document: its text
texts () { python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"): print(json.loads(line)["text"], end="\n\n")' "$1"; }
cat README.md DESIGN.md fixtures/*.expected >"$scratch/Markdown.txt"
if [ -e ../shared/ir/cranfield/docs.jsonl ]; then
  texts ../shared/ir/cranfield/docs.jsonl >"$scratch/English.txt"
  texts ../shared/ir/xquad_zh/docs.jsonl >"$scratch/Chinese.txt"
fi
median () { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ours () { "$build/chunk-speed" "$1" "$2" "$3" | grep -oE 'mb_per_second":[0-9.]+' | cut -d: -f2; }

for file in "$scratch"/*.txt; do
  for _ in $(seq "$runs"); do
    for what in characters markdown sentences; do ours $what estimate "$file" >>"$file.$what"; done
    for what in count tokens; do ours $what cl100k_base "$file" >>"$file.$what"; done
    for what in characters tokens; do node "$scratch/langchain-speed.mjs" $what "$file" >>"$file.langchain-$what"; done
  done
  for what in characters markdown sentences count tokens langchain-characters langchain-tokens; do
    median <"$file.$what" >"$file.median-$what"
  done
  get () { cat "$file.median-$1"; }
  awk -v f="$(basename "$file" .txt)" -v c="$(get characters)" -v m="$(get markdown)" -v s="$(get sentences)" \
    -v n="$(get count)" -v t="$(get tokens)" -v lc="$(get langchain-characters)" -v lt="$(get langchain-tokens)" 'BEGIN {
    printf "%-9s characters %5.0f MB/s, %4.1f times LangChain (%.1f), %.2f of ICU sentences; with Markdown parsed %.0f\n",
      f, c, c / lc, lc, c / s, m
    printf "%-9s tokens     %5.0f MB/s, %4.0f times LangChain with tiktoken (%.2f), %.2f of counting (%.0f)\n", f, t, t / lt, lt, t / n, n }'
done

# one document of ever more text
text=$scratch/Markdown.txt
[ ! -e "$scratch/English.txt" ] || text=$scratch/English.txt
for kb in 1 100 10000 100000; do
  head -c $((kb * 1000)) <(while cat "$text"; do :; done) | iconv -c -f UTF-8 -t UTF-8 >"$scratch/long"
  /usr/bin/time -f '%U %M' -o "$scratch/time" "$build/ingest-chunk" --stats "$scratch/long" >/dev/null
  awk -v kb=$kb '{ printf "%6d kB in %s s of processor time, %d kB of memory\n", kb, $1, $2 }' "$scratch/time"
done
