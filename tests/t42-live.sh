#!/bin/bash
# A push into a live database: people sign up, documents are loaded, searches run, while the schema is
# changed again and again, by two pushes at a time. Nobody gets an error, nobody waits for long.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
bindir=$(dirname "$(find /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
if [ ! -x "$bindir/pgbench" ]; then echo '1..0 # SKIP pgbench is not installed'; exit 0; fi
rounds=4
[ "${INGEST_TESTS:-full}" != full ] || rounds=20
lock_timeout_ms=3000 # of a push: as long as it makes others wait at most

start_supabase_like "$bindir"
export INGEST_DATABASE_ALLOW_LOCAL=true DATABASE_URL=$supabase_url
"$INGEST" db push >/dev/null 2>&1 || { echo 'Bail out! no schema'; exit 1; }
user=5f0c1e4a-0d57-4c53-9c3e-6a1b2c3d4e5f
sql () { psql -XAtq -v ON_ERROR_STOP=1 "$supabase_url" "$@"; }
sql -c "insert into auth.users (id, email) values ('$user', 'live@example.org')"

# --- the application -----------------------------------------------------------------------------------

mkdir "$scratch/app"
cat >"$scratch/app/sign-up" <<X
insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.org');
X
# a document first, then its chunk; the pause is for somebody to come between
cat >"$scratch/app/load" <<X
begin;
insert into public.documents (user_id, name, content_text, indexing_status)
  values ('$user', gen_random_uuid(), 'The keeper of the lighthouse sleeps.', 'completed') returning id \gset
\sleep 5 ms
insert into public.document_chunks (user_id, document_id, position, content, start_char, end_char, content_hash)
  values ('$user', ':id', 0, 'The keeper of the lighthouse sleeps.', 0, 36, sha256('x'));
commit;
X
cat >"$scratch/app/request" <<X
begin;
insert into public.agent_sessions (user_id) values ('$user') returning id \gset
\sleep 5 ms
insert into public.agent_requests (user_id, session_id, agent_type, question)
  values ('$user', ':id', 'search', 'Who sleeps?');
update public.user_profiles set usage_count = 0 where user_id = '$user';
commit;
X
cat >"$scratch/app/search" <<X
select count(*) from public.search_documents('lighthouse keeper', for_user => '$user');
X

# use NAME ROLE: goes on until there is the file `stop`. Each transaction's line says how long it took.
use () {
  local n=0
  while [ ! -e "$scratch/stop" ]; do
    n=$((n + 1))
    "$bindir/pgbench" -n -c 2 -T 1 -f "$scratch/app/$1" -l --log-prefix="$scratch/log.$1.$n" \
      "postgresql://$2@/postgres?host=$supabase_socket" >>"$scratch/out.$1" 2>&1 ||
      echo "pgbench ended with $?" >>"$scratch/out.$1"
  done
}

start_application () {
  local name
  rm -f "$scratch"/{stop,out.*,log.*}
  app=()
  for name in sign-up load request search; do
    if [ $name = sign-up ]; then use $name supabase_auth_admin & else use $name postgres & fi
    app+=($!)
  done
}

# stop_application: sets $troubles (what went wrong, in pgbench's words) and, in ms, $longest
stop_application () {
  touch "$scratch/stop"
  wait "${app[@]}"
  app=()
  troubles=$(grep -hE 'ERROR|FATAL|aborted|ended with|failed transactions: [1-9]' "$scratch"/out.* | sort | uniq -c | head -20)
  longest=$(awk '$3 > max { max = $3 } END { print int(max / 1000) }' "$scratch"/log.*)
}
app=()
kill_application () { touch "$scratch/stop"; [ ${#app[@]} = 0 ] || wait "${app[@]}"; }
at_exit=(kill_application "${at_exit[@]}")

# --- the pushes ----------------------------------------------------------------------------------------

# edit N: schema.N, which has what schema.N-1 has and more: columns of three tables, an index, another
# body of a function, another check
edit () {
  local previous=$scratch/schema.$(($1 - 1))
  sed -e "s/^  warnings        text\[\] .*/&\n  live_$1         text,/" \
    -e "s/^  token_count   int check.*/&\n  live_$1         int not null default $1,/" \
    -e "s/^  subscription_status text .*/  live_$1         text,\n&/" \
    -e "s/^create index documents_folder on .*/&\ncreate index documents_live_$1 on public.documents (user_id, live_$1);/" \
    -e "s/^  select coalesce(sum(gin_clean_pending_list.*/  -- edit $1\n&/" \
    -e "s/char_length(title) <= [0-9]*/char_length(title) <= $((1000 + $1))/" "$previous" >"$scratch/schema.$1"
  [ "$(diff "$previous" "$scratch/schema.$1" | grep -c '^>')" = 6 ]
}

# push_twice N: two at the same time; says how each ended
push_twice () {
  local other a=0 b=0
  "$INGEST" db push --schema "$scratch/schema.$1" --json --force=check >"$scratch/push.a" 2>"$scratch/push.a.err" &
  other=$!
  "$INGEST" db push --schema "$scratch/schema.$1" --json --force=check >"$scratch/push.b" 2>"$scratch/push.b.err" || b=$?
  wait $other || a=$?
  echo "$a $b $(jq -r .result "$scratch/push.a" "$scratch/push.b" 2>&1 | sort | tr '\n' ' ')"
  [ "$a$b" = 00 ] || sed 's/^/# /' "$scratch"/push.[ab].err >&2
}

cp db/schema.sql "$scratch/schema.0"
start_application
sleep 1
for n in $(seq $rounds); do
  edit "$n"; ok $? "edit $n is one"
  is "$(push_twice "$n")" '0 0 applied nothing ' "push $n, twice at the same time: one applies it, one has nothing to do"
  sleep 0.3
done
stop_application
is "$troubles" '' 'no sign-up, no load, no request and no search meets an error'
[ "$longest" -lt $((lock_timeout_ms + 1500)) ]; ok $? "the longest waited $longest ms"
is "$(sql -c "select count(*) from pg_attribute where attname like 'live_%' and attnum > 0 and attrelid in
  ('public.documents'::regclass, 'public.document_chunks'::regclass, 'public.user_profiles'::regclass)")" $((3 * rounds)) 'all columns are there'
run "$INGEST" db status --schema "$scratch/schema.$rounds"
is "$rc" 0 'status: no difference'
done_by () { awk '/transactions actually processed/ { n += $NF } END { print n }' "$scratch/out.$1"; }
is "$(sql -c 'select count(*) - 1 from auth.users')" "$(done_by sign-up)" 'every sign-up is there'
is "$(sql -c 'select count(*) from documents') $(sql -c 'select count(*) from document_chunks')" "$(done_by load) $(done_by load)" 'so is every document with its chunk'
sql -c 'select ingest.create_missing_profiles()' >"$scratch/later"
echo "# $(done_by sign-up) sign-ups, $(cat "$scratch/later") of them with a profile made later; $(done_by load) loads, $(done_by search) searches"
is "$(sql -c 'select count(*) from auth.users u left join user_profiles p on p.user_id = u.id where p.user_id is null')" 0 'every user has a profile at the end'

# --- somebody who does not let go ----------------------------------------------------------------------

# hold COMMAND: a session that has read documents and stays in its transaction until COMMAND ends
hold () {
  psql -XAtq "$supabase_url" >/dev/null <<X &
begin;
select count(*) from public.documents;
\! touch $scratch/held; $1
commit;
X
  holder=$!
  while [ ! -e "$scratch/held" ]; do sleep 0.05; done
  rm "$scratch/held"
}

edit $((rounds + 1))
start_application
hold "for i in \$(seq 500); do ! grep -q lock $scratch/stderr || break; sleep 0.1; done; sleep 2"
run "$INGEST" db push --schema "$scratch/schema.$((rounds + 1))" --force=check
is "$rc" 0 'a push waits for a transaction that stays open'
like "$err" '^waiting: .*lock' 'it says what it waits for'
wait "$holder"
stop_application
is "$troubles" '' 'nobody meets an error meanwhile'
[ "$longest" -lt $((lock_timeout_ms + 1500)) ]; ok $? "nobody waits for much longer than the push's lock time-out ($longest ms)"

if [ "${INGEST_TESTS:-full}" = full ]; then
  edit $((rounds + 2))
  hold 'sleep 100'
  run "$INGEST" db push --schema "$scratch/schema.$((rounds + 2))" --force=check
  is "$rc" 4 'a push gives up when nobody lets go: try again later'
  run "$INGEST" db status --schema "$scratch/schema.$((rounds + 1))"
  is "$rc" 0 'and has changed nothing'
  wait "$holder"
else
  skip 'a push gives up when nobody lets go' 'left to make check-full: it takes a minute'
fi

done_testing
