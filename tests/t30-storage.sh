#!/bin/bash
# On a database as Supabase has it: everything that tests/*.pg say, pushed and tried by a role that is no
# superuser; uploads and sign-ups by Supabase's own roles, which nothing of ours may fail or delay.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_supabase_like "${INGEST_TEST_BINDIR:-}" # of another PostgreSQL, to try one by hand
export INGEST_DATABASE_ALLOW_LOCAL=true
DATABASE_URL=$supabase_url run "$INGEST" db push
is "$rc" 0 'push as postgres, who is no superuser'
[ "$rc" = 0 ] || sed 's/^/# /' <<<"$err"

if psql -XAtq "$supabase_admin_url" -c 'create extension pgtap schema extensions' 2>/dev/null; then
  run_pg_files "$supabase_url"
else
  skip 'tests/*.pg as postgres' 'pgtap is not installed'
fi

# as_role ROLE ARGUMENTS...: psql as Supabase's server connects: by its own role, or as a role of the API
# for a user
as_role () {
  local role=$1
  shift
  case $role in
    anon | authenticated | service_role)
      psql -XAtq -v ON_ERROR_STOP=1 "postgresql://authenticator@/postgres?host=$supabase_socket" \
        -c "set role $role" \
        -c "set request.jwt.claims = '{\"sub\": \"$user\"}'" "$@" ;;
    *) psql -XAtq -v ON_ERROR_STOP=1 "postgresql://$role@/postgres?host=$supabase_socket" "$@" ;;
  esac
}
user=a0000000-0000-4000-8000-000000000001

# --- the trigger ---------------------------------------------------------------------------------------

is "$(as_role postgres -c 'select ingest.watch_storage()')" 'storage.objects is watched' 'postgres, who does not own storage.objects, watches it'
is "$(as_role postgres -c 'select ingest.watch_storage()')" 'storage.objects is watched already' 'again: nothing to do'
run as_role service_role -c 'select ingest.watch_storage()'
like "$err" 'permission denied for function' 'nobody else does'
as_role supabase_admin -c 'alter table storage.objects disable trigger ingest_queue'
is "$(as_role postgres -c 'select ingest.watch_storage()')" 'storage.objects is watched' 'a disabled trigger is mended'
is "$(as_role supabase_admin -c "select tgenabled from pg_trigger where tgname = 'ingest_queue'")" O 'and enabled'
everybody=postgres,anon,authenticated,service_role
as_role supabase_admin -c 'drop trigger ingest_queue on storage.objects' -c "revoke trigger on storage.objects from $everybody"
run as_role postgres -c 'select ingest.watch_storage()'
like "$err" 'role postgres lacks the TRIGGER privilege on storage.objects' 'without the privilege it says so'
like "$err" 'HINT: .*have the owner' 'and what to do'
as_role supabase_admin -c "grant trigger on storage.objects to $everybody"
as_role supabase_storage_admin -c 'begin; lock table storage.objects in row exclusive mode; select pg_sleep(4)' >/dev/null &
sleep 0.5
run as_role postgres -c 'select ingest.watch_storage()'
like "$err" 'lock timeout' 'it does not make uploads wait for a long one'
wait $!
is "$(as_role postgres -c 'select ingest.watch_storage()')" 'storage.objects is watched' 'and is made when that is over'

# --- uploads by each role ------------------------------------------------------------------------------

as_role supabase_auth_admin -c "insert into auth.users (id, email, raw_user_meta_data)
  values ('$user', 'u@example.org', '{\"first_name\": \"Ada\"}')"
is "$(as_role postgres -c 'select first_name from public.user_profiles')" Ada 'a sign-up by the auth server makes a profile'
as_role supabase_admin -c "insert into storage.buckets (id, name) values ('b', 'b')" \
  -c 'create policy own on storage.objects to authenticated using (owner_id = auth.uid()::text)
      with check (owner_id = auth.uid()::text)'

queued () { as_role postgres -c "select concat_ws(' ', event, object_version, user_id is not null, 'from ' || old_name, events)
  from ingest.queue where name = '$1'"; }
for role in supabase_storage_admin authenticated service_role; do
  as_role $role -c "insert into storage.objects (bucket_id, name, version, owner_id, metadata)
    values ('b', 'docs/$role.pdf', '1', '$user', '{\"size\": 7}')"
  is "$(queued "docs/$role.pdf")" 'index 1 t 1' "$role uploads"
  as_role $role -c "insert into storage.objects (bucket_id, name, version, owner_id) values ('b', 'docs/$role.pdf', '2', '$user')
    on conflict (bucket_id, name) do update set version = excluded.version"
  is "$(queued "docs/$role.pdf")" 'index 2 t 2' "$role overwrites"
  as_role $role -c "update storage.objects set last_accessed_at = now() where name = 'docs/$role.pdf'"
  is "$(queued "docs/$role.pdf")" 'index 2 t 2' "$role reads"
  as_role $role -c "update storage.objects set name = 'docs/$role 2.pdf', version = '3' where name = 'docs/$role.pdf'"
  is "$(queued "docs/$role 2.pdf")" "index 3 t from docs/$role.pdf 3" "$role renames"
  as_role $role -c "set storage.allow_delete_query = 'true'" -c "delete from storage.objects where name = 'docs/$role 2.pdf'"
  is "$(queued "docs/$role 2.pdf")" "delete 3 t from docs/$role.pdf 4" "$role deletes"
  run as_role $role -c 'select count(*) from ingest.queue'
  like "$err" 'permission denied' "$role has no way into the queue"
done
as_role service_role -c "insert into storage.objects (bucket_id, name, version) values ('b', 'docs/no-owner', '1')"
is "$(queued docs/no-owner)" 'index 1 f 1' 'an upload without an owner, outside of a user'"'"'s folder, is due and nobody'"'"'s'
as_role service_role -c "insert into storage.objects (bucket_id, name, version) values ('b', '$user/x', '1')"
is "$(queued "$user/x")" 'index 1 t 1' 'in his folder it is the user'"'"'s'
as_role service_role -c "insert into storage.objects (bucket_id, name, version, owner_id) values ('b', 'docs/stranger', '1', 'f0000000-0000-4000-8000-00000000000f')"
is "$(queued docs/stranger)" 'index 1 f 1' 'an unknown owner'
run as_role authenticated -c "insert into storage.objects (bucket_id, name, version, owner_id) values ('b', 'docs/refused', '1', 'somebody else')"
like "$err" 'row-level security' 'what storage'"'"'s policies refuse'
is "$(queued docs/refused)" '' 'is not due'

# --- nothing of ours is in the way -----------------------------------------------------------------------

# while_locked TABLE ROLE SQL NAME: the statement goes through within 1.5 s while another session has the
# table locked
while_locked () {
  coproc lock { psql -XAtq "$supabase_admin_url" 2>&1; }
  # shellcheck disable=SC2154 # set by coproc
  local in=${lock[1]} from=${lock[0]} pid=$lock_PID line start took
  echo "begin; lock table $1; select 'locked';" >&"$in"
  read -r -t 10 line <&"$from"
  start=${EPOCHREALTIME/./}
  run as_role "$2" -c "set statement_timeout = '5s'" -c "$3"
  took=$(((${EPOCHREALTIME/./} - start) / 1000))
  echo 'rollback' >&"$in"
  exec {in}>&-
  wait "$pid" 2>/dev/null
  [ "$line" = locked ] && [ "$rc" = 0 ] && [ "$took" -lt 1500 ]
  ok $? "$4"
  [ "$rc" = 0 ] && [ "$took" -lt 1500 ] || printf '# exit %s after %s ms: %s\n' "$rc" "$took" "$err"
}
object="insert into storage.objects (bucket_id, name, version, owner_id) values ('b', 'locked/' || gen_random_uuid(), '1', '$user')"
for role in supabase_storage_admin authenticated service_role; do
  while_locked ingest.queue $role "$object" "$role uploads while the queue is locked"
  like "$err" 'WARNING: .*is not queued.*lock timeout' 'with a warning'
done
while_locked ingest.queue supabase_storage_admin "set storage.allow_delete_query = 'true';
  insert into storage.objects (bucket_id, name) select 'b', 'many/' || i from generate_series(1, 500) i;
  update storage.objects set version = '2' where name like 'many/%';
  delete from storage.objects where name like 'many/%'" 'a thousand rows of one transaction wait for the lock once'
while_locked auth.users supabase_storage_admin "$object" 'an upload while auth.users is locked'
sign_up="insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.org')"
while_locked public.user_profiles supabase_auth_admin "$sign_up" 'a sign-up while user_profiles is locked'
like "$err" 'WARNING: .*no profile for user .*lock timeout' 'with a warning'
while_locked ingest.plan_limits supabase_auth_admin "$sign_up" 'a sign-up while plan_limits is locked'
is "$(as_role postgres -c 'select ingest.create_missing_profiles()')" 2 'the profiles are made later'

# damaged SQL NAME: with this done to our schema, everybody uploads and signs up; then it is undone
damaged () {
  as_role postgres -c 'create database damaged template postgres' || { ok 1 "$2"; return; }
  local url="/damaged?host=$supabase_socket" failed=0 role
  psql -Xq "postgresql://postgres@$url" -c 'set client_min_messages = error' -c "$1" || failed=1
  for role in supabase_storage_admin authenticator; do
    psql -Xq -v ON_ERROR_STOP=1 "postgresql://$role@$url" -c 'set client_min_messages = error' -c "set role service_role" \
      -c "insert into storage.objects (bucket_id, name, version) values ('b', '$user/$role', '1')" \
      -c "update storage.objects set version = '2', name = '$user/$role 2' where name = '$user/$role'" \
      -c "set storage.allow_delete_query = 'true'" -c "delete from storage.objects where name = '$user/$role 2'" || failed=1
  done
  psql -Xq "postgresql://supabase_auth_admin@$url" -c 'set client_min_messages = error' -c "$sign_up" || failed=1
  ok "$failed" "$2"
  as_role postgres -c 'drop database damaged'
}
damaged 'drop schema ingest cascade' 'without schema ingest'
damaged 'drop table ingest.queue, public.user_profiles cascade' 'without our tables'
damaged 'drop function ingest.create_profile cascade; drop function ingest.queue_object cascade' 'without our functions'
damaged 'drop table ingest.plan_limits cascade; alter table ingest.queue drop column events' 'without a table or column of another'

done_testing
