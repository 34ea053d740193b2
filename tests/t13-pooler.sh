#!/bin/bash
# Through pgbouncer in transaction mode, as hosted databases offer it: the same rows, nothing leaks to
# the pooler's next client.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/pooler.sh
. tests/pooler.sh
if ! command -v pgbouncer >/dev/null; then echo '1..0 # SKIP pgbouncer is not installed'; exit 0; fi
start_cluster
export INGEST_DATABASE_ALLOW_LOCAL=true
start_pooler "$INGEST_LOCAL_DIR" postgres || { echo "Bail out! $why"; exit 1; }
pooled=postgresql://postgres@$pooler/postgres
untouched=$(session_state "$pooled")
export DATABASE_URL=$pooled
run "$INGEST" db push
is "$rc" 0 'push through the pooler'
[ "$rc" = 0 ] || sed 's/^/# /' <<<"$err"
user=$(psql_local -c "insert into auth.users (email) values ('a@example.org') returning id")
export INGEST_USER=$user
mkdir "$scratch/docs"
for i in 1 2 3; do { printf '# Note %d\n\n' $i; for j in $(seq 300); do echo "Line $j of note $i tells of harbours."; done; } >"$scratch/docs/$i.md"; done
run "$INGEST" "$scratch"/docs/*.md --folder P
is "$rc" 0 'load through the pooler'
is "$(grep -c ^loaded <<<"$out")" 3 'all loaded'
sed -i '5s/^/Changed. /' "$scratch/docs/2.md"
run "$INGEST" "$scratch"/docs/*.md --folder P
is "$rc" 0 'change through the pooler'
is "$(grep -c ^changed <<<"$out")/$(grep -c ^unchanged <<<"$out")" 1/2 'one changed, two unchanged'
pooled_rows=$(rows_hash)
run "$INGEST" search harbours
like "$out" 'P/[123]\.md' 'search through the pooler'
is "$(session_state "$pooled")" "$untouched" 'nothing leaks to the next client: no setting, role, prepared statement, lock'
psql -XAtq "$pooled" -c "set work_mem = '5MB'"
[ "$(session_state "$pooled")" != "$untouched" ]; ok $? '(a setting that did leak would be seen)'

psql_local -c 'delete from folders'
DATABASE_URL=$local_url "$INGEST" "$scratch"/docs/*.md --folder P >/dev/null
is "$(rows_hash)" "$pooled_rows" 'the same rows as without the pooler'

done_testing
