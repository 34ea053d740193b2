#!/bin/bash
# What SQL must do (tests/*.pg), on a schema as `ingest db push` makes it.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster
"$INGEST" db push --local >/dev/null 2>&1
if ! psql_local -c 'create extension if not exists pgtap' 2>/dev/null; then
  echo '1..0 # SKIP pgtap is not installed'
  exit 0
fi
for file in tests/*.pg; do
  psql -XAtq -v ON_ERROR_STOP=1 -P pager=off "$local_url" -f "$file" >"$scratch/tap" 2>"$scratch/err"
  rc=$?
  planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$scratch/tap")
  passed=$(grep -c '^ok ' "$scratch/tap")
  [ "$rc" = 0 ] && [ -n "$planned" ] && [ "$planned" -gt 0 ] && [ "$planned" = "$passed" ]
  ok $? "$file ($passed of ${planned:-no plan})"
  grep -A6 '^not ok' "$scratch/tap" | head -40 | sed 's/^/# /'
  grep -E 'ERROR|FATAL' "$scratch/err" | head -5 | sed 's/^/# /'
done
done_testing
