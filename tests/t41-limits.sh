#!/bin/bash
# Many at the same time: exactly the plan's limit of requests passes, one folder is made, a tree stays
# a tree. Sixteen sessions start together, directly and through a pooler in transaction mode.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/pooler.sh
. tests/pooler.sh
clients=16
rounds=3
[ "${INGEST_TESTS:-full}" != full ] || rounds=10

start_cluster
"$INGEST" db push --local >/dev/null 2>&1 || { echo 'Bail out! no schema'; exit 1; }
psql_local -c "alter system set deadlock_timeout = '200ms'" -c 'alter system set fsync = off' -c 'select pg_reload_conf()' >/dev/null

# --- sixteen at once -----------------------------------------------------------------------------------

# together URL SCRIPT: runs the SQL of SCRIPT.1 .. SCRIPT.16, a session each, from one moment on.
# What they print and say ends in $scratch/out and $scratch/err (SQLSTATEs alone).
gate=4711
together () {
  local url=$1 script=$2 i pids=()
  coproc holder { psql -XAtq "$local_url"; }
  echo "select pg_advisory_lock($gate);" >&"${holder[1]}"
  read -r -u "${holder[0]}" _
  for i in $(seq $clients); do
    psql -Xqt -v VERBOSITY=sqlstate "$url" -c "select pg_advisory_xact_lock_shared($gate)" -f "$script.$i" \
      >"$scratch/out.$i" 2>"$scratch/err.$i" &
    pids+=($!)
  done
  for _ in $(seq 200); do
    [ "$(psql_local -c "select count(*) from pg_locks where locktype = 'advisory' and objid = $gate and not granted")" != $clients ] || break
    sleep 0.05
  done
  echo "select pg_advisory_unlock($gate);" >&"${holder[1]}"
  wait "${pids[@]}"
  eval "exec ${holder[1]}>&-"
  # shellcheck disable=SC2154 # coproc sets it
  wait "$holder_PID" 2>/dev/null
  cat "$scratch"/out.* >"$scratch/out"
  grep -hoE '(ERROR|FATAL):  .*' "$scratch"/err.* >"$scratch/err"
}

# new_user PLAN: prints its id; it has a session for each client and one that all share
new_user () {
  psql_local -c "
    with u as (insert into auth.users (email) values (gen_random_uuid() || '@example.org') returning id)
    select id from u" | tee "$scratch/user"
  psql_local -c "update user_profiles set plan = '$1' where user_id = '$(cat "$scratch/user")'" \
    -c "insert into agent_sessions (user_id, title) select '$(cat "$scratch/user")', i from generate_series(0, $clients) i"
}

# as the API does it: the user's token and role for one transaction, which is one message
as_user () {
  echo "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', '{\"sub\": \"$1\"}', true) \\;"
}

# request USER SESSION: SQL of one request
request () {
  echo "insert into agent_requests (session_id, agent_type, question)
        select id, 'search', 'Where is the lighthouse?' from agent_sessions where title = '$2'"
}

# scripts USER FIRST LAST SHARED NTH: for the clients FIRST to LAST, 20 requests each, in the shared session or
# their own; each NTH one is rolled back (0: none)
scripts () {
  local i n session
  for i in $(seq "$2" "$3"); do
    session=$i
    [ "$4" = 0 ] || session=0
    for n in $(seq 20); do
      if [ "$5" != 0 ] && [ $((n % $5)) = 0 ]; then
        echo 'begin \;'; as_user "$1"; request "$1" "$session"; echo '; rollback;'
      else
        as_user "$1"; request "$1" "$session"; echo ';'
      fi
    done >"$scratch/script.$i"
  done
}

# counted USER: requests, events, usage_count, of this month?, chained in sessions (200 at most each)
counted () {
  psql_local -c "select (select count(*) from agent_requests where user_id = '$1'),
    (select count(*) from usage_events where user_id = '$1' and kind = 'agent_request'
       and subject in (select id from agent_requests where user_id = '$1')),
    (select count(*) from usage_events where user_id = '$1'),
    usage_count, usage_period = date_trunc('month', now() at time zone 'UTC')::date,
    (select sum(cardinality(request_chain)) from agent_sessions where user_id = '$1')
    from user_profiles where user_id = '$1'"
}
exactly () { echo "$1|$1|$1|$1|t|$1"; }

# refused ROWS WHAT: all others were refused, and for the limit alone
refused () {
  is "$(sort "$scratch/err" | uniq -c | sed 's/^ *//')" "$1 ERROR:  PT402" "$2: $1 are refused, for the limit alone"
}

# --- limits --------------------------------------------------------------------------------------------

# round URL NAME: the rest takes what it needs from the round's number
limit_round () {
  local url=$1 what=$2 shared=$3 a b
  a=$(new_user free)
  scripts "$a" 1 $clients "$shared" 0
  together "$url" "$scratch/script"
  is "$(counted "$a")" "$(exactly 100)" "$what: 320 requests of one user, exactly 100 pass"
  refused 220 "$what"

  # a roll-back gives back: of 320 requests 80 are rolled back
  a=$(new_user pro)
  scripts "$a" 1 $clients "$shared" 4
  together "$url" "$scratch/script"
  is "$(counted "$a")" "$(exactly 137)" "$what: with roll-backs between them, exactly 137 of another plan"
  is "$(sort -u "$scratch/err")" 'ERROR:  PT402' "$what: no other error"

  # the last month's count is full; this month's begins with whoever comes first
  a=$(new_user free)
  psql_local -c "update user_profiles set usage_count = 100, usage_period = usage_period - interval '1 month' where user_id = '$a'"
  scripts "$a" 1 $clients "$shared" 0
  together "$url" "$scratch/script"
  is "$(counted "$a")" "$(exactly 100)" "$what: a new month begins among sixteen: exactly 100"
  refused 220 "$what, new month"

  # two users at once
  a=$(new_user free)
  b=$(new_user pro)
  scripts "$a" 1 $((clients / 2)) "$shared" 0
  scripts "$b" $((clients / 2 + 1)) $clients "$shared" 0
  together "$url" "$scratch/script"
  is "$(counted "$a") $(counted "$b")" "$(exactly 100) $(exactly 137)" "$what: two users: to each his own limit"
  refused 83 "$what, two users"
}

# limits are rows
psql_local -c "update ingest.plan_limits set requests_per_month = 137 where plan = 'pro'"
for round in $(seq $rounds); do limit_round "$local_url" "direct, round $round" $((round % 2)); done

# one user's open transaction holds up himself alone
a=$(new_user free)
b=$(new_user free)
coproc open_one { psql -XAtq "$local_url"; }
# shellcheck disable=SC2154 # coproc sets it
{ echo 'begin;'; as_user "$a"; request "$a" 1; printf ';\n\\echo ready\n'; } >&"${open_one[1]}"
while read -r -u "${open_one[0]}" line && [ "$line" != ready ]; do :; done
psql_as () { { echo "set lock_timeout = '300ms';"; as_user "$1"; request "$1" 1; echo ';'; } | psql -Xqt -v VERBOSITY=sqlstate "$local_url" 2>&1 | grep ERROR; }
is "$(psql_as "$b")" '' "another user's open transaction is not waited for"
is "$(psql_as "$a")" 'ERROR:  55P03' '(the same user does wait)'
echo 'rollback;' >&"${open_one[1]}"
eval "exec ${open_one[1]}>&-"
# shellcheck disable=SC2154
wait "$open_one_PID" 2>/dev/null
is "$(counted "$a") $(counted "$b")" "0|0|0|0|t|0 $(exactly 1)" 'and what it took is given back'

if start_pooler "$INGEST_LOCAL_DIR" postgres $clients; then
  pooled=postgresql://postgres@$pooler/postgres
  for round in $(seq $rounds); do limit_round "$pooled" "pooled, round $round" $((round % 2)); done
else
  pooled=
  skip 'limits through the pooler' "$why"
fi

# --- folders -------------------------------------------------------------------------------------------

# the paths that are not those of their names from the root down; folders that no root leads to
tree_faults="with recursive t as (
    select id, name as path from folders where user_id = :'u' and parent_folder_id is null
    union all
    select f.id, t.path || '/' || f.name from t join folders f on f.user_id = :'u' and f.parent_folder_id = t.id)
  select (select count(*) from folders f join t using (id) where f.path <> t.path),
         (select count(*) from folders where user_id = :'u') - (select count(*) from t)"

folder_round () {
  local url=$1 what=$2 u i n from to
  u=$(new_user free)
  for i in $(seq $clients); do
    echo "select ingest.ensure_folder('$u', 'Reports/2026/North/Quarter');" >"$scratch/script.$i"
  done
  together "$url" "$scratch/script"
  is "$(grep -v '^ *$' "$scratch/out" | sort -u | wc -l)$(cat "$scratch/err")" 1 "$what: sixteen make a folder, all get the same one"
  is "$(psql_local -c "select count(*), max(path) from folders where user_id = '$u'")" '4|Reports/2026/North/Quarter' "$what: made once, with those above"

  # moves and renames in all directions: each may be refused, none may be believed and wrong
  psql_local -c "insert into folders (user_id, name) select '$u', 'f' || n from generate_series(1, 9) n"
  for i in $(seq $clients); do
    for n in $(seq 25); do
      from="select id from folders order by md5(id || '$i $n') limit 1"
      to="select id from folders order by md5(id || '$n $i') limit 1"
      as_user "$u"
      case $((n % 5)) in
        0) echo "update folders set name = 'r$i-$n' where id = ($from);" ;;
        1) echo "update folders set parent_folder_id = null where id = ($from);" ;;
        2) echo "insert into folders (parent_folder_id, name) values (($to), 'n$i-$n');" ;;
        *) echo "update folders set parent_folder_id = ($to) where id = ($from);" ;;
      esac
    done >"$scratch/script.$i"
  done
  together "$url" "$scratch/script"
  is "$(psql_local -v u="$u" <<<"$tree_faults")" '0|0' "$what: sixteen move and rename: no stale path, no cycle"
  is "$(sort -u "$scratch/err" | grep -vE '(P0001|23505)$')" '' "$what: refused are moves into oneself and taken names alone"
}

for round in $(seq $rounds); do folder_round "$local_url" "direct, round $round"; done
[ -z "$pooled" ] || for round in $(seq $rounds); do folder_round "$pooled" "pooled, round $round"; done

done_testing
