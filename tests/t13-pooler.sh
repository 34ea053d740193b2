#!/bin/bash
# Through pgbouncer in transaction mode, as hosted databases offer it: the same rows, nothing leaks to
# the pooler's next client.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
if ! command -v pgbouncer >/dev/null; then echo '1..0 # SKIP pgbouncer is not installed'; exit 0; fi
start_cluster
export INGEST_DATABASE_ALLOW_LOCAL=true

port=$((20000 + RANDOM % 20000))
mkdir "$scratch/bouncer"
cat >"$scratch/bouncer/ini" <<X
[databases]
* = host=$INGEST_LOCAL_DIR user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
logfile = $scratch/bouncer/log
pidfile = $scratch/bouncer/pid
X
as=()
if [ "$(id -u)" = 0 ]; then
  owner=$(stat -c %u "$INGEST_LOCAL_DIR")
  chown -R "$owner" "$scratch/bouncer"
  as=(setpriv "--reuid=$owner" --clear-groups)
fi
"${as[@]}" "$(command -v pgbouncer)" -d "$scratch/bouncer/ini" >/dev/null 2>&1
stop_bouncer () { kill "$(cat "$scratch/bouncer/pid" 2>/dev/null)" 2>/dev/null; sleep 0.2; }
at_exit=(stop_bouncer "${at_exit[@]}")
for _ in $(seq 50); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done

pooled=postgresql://postgres@127.0.0.1:$port/postgres
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
is "$(psql -XAtq "$pooled" -c "select current_setting('statement_timeout'), current_setting('search_path'), current_user")" \
  "$(psql_local -c "select current_setting('statement_timeout'), current_setting('search_path'), current_user")" 'no setting leaks to the next client'
is "$(psql -XAtq "$pooled" -c "select count(*) from pg_prepared_statements")" 0 'no prepared statement is left'

psql_local -c 'delete from folders'
DATABASE_URL=$local_url "$INGEST" "$scratch"/docs/*.md --folder P >/dev/null
is "$(rows_hash)" "$pooled_rows" 'the same rows as without the pooler'

done_testing
