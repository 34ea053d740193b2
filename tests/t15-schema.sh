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
run_pg_files "$local_url"
done_testing
