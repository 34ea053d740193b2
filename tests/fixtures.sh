#!/bin/bash
# fixtures.sh check|accept BUILD: each fixture against NAME.expected beside it, as TAP; accept writes
# what the extractor says now, for review.
set -u
cd "$(dirname "$0")/.." || exit 1
mode=$1 extract=$2/ingest-extract
n=0 failed=0
for expected in fixtures/*.expected; do
  file=${expected%.expected}
  if [ "$mode" = accept ]; then
    "$extract" "$file" >"$expected" 2>/dev/null
    continue
  fi
  n=$((n + 1))
  if difference=$(diff -u "$expected" <("$extract" "$file" 2>/dev/null)); then
    echo "ok $n - $file"
  else
    failed=$((failed + 1))
    echo "not ok $n - $file"
    head -20 <<<"$difference" | sed 's/^/# /'
  fi
done
[ "$mode" = accept ] || echo "1..$n"
[ "$failed" = 0 ]
