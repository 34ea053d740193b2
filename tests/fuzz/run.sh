#!/bin/bash
# run.sh BUILD SECONDS [NAME]: each harness under libFuzzer for so long, from its seeds and what earlier
# runs found (build/fuzz/corpus). What breaks it stays in build/fuzz/found; the end says how many did.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1 seconds=$2 only=${3:-}
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
broken=0
for program in "$build"/tests/fuzz-*; do
  name=${program##*/fuzz-}
  [ -x "$program" ] || continue
  [ -z "$only" ] || [ "$only" = "$name" ] || continue
  corpus=build/fuzz/corpus/$name found=build/fuzz/found/$name
  mkdir -p "$corpus" "$found"
  tests/fuzz/seeds.sh "$name" | while read -r seed; do cp -n "$seed" "$corpus/" 2>/dev/null; done
  if "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 \
    -artifact_prefix="$found/" -print_final_stats=0 -verbosity=0 "$corpus" >"$found/log" 2>&1; then
    echo "$name: fine after $seconds s, $(find "$corpus" -type f | wc -l) inputs"
  else
    broken=$((broken + 1))
    echo "$name: broken, see $found/log:"
    grep -m3 -E 'ERROR|SUMMARY|runtime error|Test unit written' "$found/log" | sed 's/^/  /'
  fi
done
[ "$broken" = 0 ]
