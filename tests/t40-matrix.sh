#!/bin/bash
# Every PostgreSQL that is supported, as a superuser's plain database and as Supabase has it, directly
# and through a pooler in transaction mode: all that ingest does to a database, from push to drop, with
# the same rows in each. Quick: one cell of each version; full: all twelve.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/servers.sh
. tests/servers.sh
# shellcheck source=tests/pooler.sh
. tests/pooler.sh

cells=('15 supabase-like pooled' '17 supabase-like direct' '18 plain pooled')
[ "${INGEST_TESTS:-full}" != full ] ||
  cells=({15,17,18}' '{plain,supabase-like}' '{direct,pooled})

user=5f0c1e4a-0d57-4c53-9c3e-6a1b2c3d4e5f # fixed: ids are derived from it
mkdir "$scratch/docs" "$scratch/changed"
for expected in fixtures/*.expected; do cp "${expected%.expected}" "$scratch/docs"; done
{ cat fixtures/letter.txt; echo; echo 'P.S. The lighthouse keeper sends his regards.'; } >"$scratch/changed/letter.txt"
n_docs=$(find "$scratch/docs" -type f | wc -l)
export INGEST_DATABASE_ALLOW_LOCAL=true INGEST_USER=$user

# --- what is compared ------------------------------------------------------------------------------

# same NAME VALUE WHAT: VALUE is not empty, and in every cell what it was in the first
declare -A first
same () {
  if [ -z "${first[$1]+known}" ]; then
    first[$1]=$2
    [ -n "$2" ]; ok $? "$cell: $3"
  else
    is "$2" "${first[$1]}" "$cell: $3, as in the first cell"
  fi
}

# succeeds NAME: what `run` just did
succeeds () {
  is "$rc" 0 "$cell: $1"
  [ "$rc" = 0 ] || head -20 <<<"$err$out" | sed 's/^/# /'
}

# all objects and rights; btree_gin and the schema that it stands in may be in use by others by the
# time of a drop, and stay
everything () {
  psql -XAtq -v ON_ERROR_STOP=1 "$admin_url" -f tests/everything.sql |
    grep -vE '^(extension btree_gin |schema extensions )'
}

touched () {
  psql_local -c 'select sum(xmin::text::bigint), count(*) from (select xmin from public.documents
    union all select xmin from public.document_chunks union all select xmin from public.folders) t'
}

# --- one cell, in the order of a database's life -----------------------------------------------------

# time-outs that a push would not live under; a pooler's sessions are there already
time_outs () {
  local setting
  for setting in 'idle_in_transaction_session_timeout = 1' 'transaction_timeout = 200'; do
    [ "$major" -lt 17 ] && [ "${setting%% *}" = transaction_timeout ] && continue
    psql -XAtq -v ON_ERROR_STOP=1 "$admin_url" -c "alter role postgres set $setting"
  done
}
no_time_outs () {
  psql -XAtq "$admin_url" -c 'alter role postgres reset idle_in_transaction_session_timeout'
  [ "$major" -lt 17 ] ||
    PGOPTIONS='-c transaction_timeout=0' psql -XAtq "$admin_url" -c 'alter role postgres reset transaction_timeout'
}

pushed () {
  [ "$way" = pooled ] || time_outs
  run "$INGEST" db push; succeeds 'push'
  [ "$way" = pooled ] || no_time_outs
  run "$INGEST" db push; succeeds 'push again'
  like "$out" 'nothing to do' "$cell: nothing to do the second time"
  run "$INGEST" db push --dry-run --json; succeeds 'push --dry-run --json'
  is "$(jq -r '.result, (.actions | length)' <<<"$out" 2>&1)" $'nothing\n0' "$cell: and no action is planned"
  run "$INGEST" db status; succeeds 'status'
  like "$out" 'no difference' "$cell: status: no difference"
}

promises () {
  local file planned passed
  if ! psql -XAtq "$admin_url" -c 'create extension pgtap schema extensions' 2>/dev/null; then
    skip "$cell: tests/*.pg" 'pgTAP is not installed'
    return
  fi
  for file in tests/*.pg; do
    psql -XAtq -v ON_ERROR_STOP=1 -P pager=off "$DATABASE_URL" \
      -c 'set search_path = public, extensions' -f "$file" -c 'reset search_path' \
      >"$scratch/tap" 2>"$scratch/err"
    rc=$?
    planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$scratch/tap")
    passed=$(grep -c '^ok ' "$scratch/tap")
    [ "$rc" = 0 ] && [ -n "$planned" ] && [ "$planned" -gt 0 ] && [ "$planned" = "$passed" ]
    ok $? "$cell: $file ($passed of ${planned:-no plan})"
    grep -A6 '^not ok' "$scratch/tap" | head -40 | sed 's/^/# /'
    grep -E 'ERROR|FATAL' "$scratch/err" | head -5 | sed 's/^/# /'
  done
  psql -XAtq "$admin_url" -c 'drop extension pgtap'
}

loaded () {
  local before
  psql -XAtq "$admin_url" -c "insert into auth.users (id, email) values ('$user', 'matrix@example.org')"
  run "$INGEST" "$scratch"/docs/* --folder Matrix/Fixtures; succeeds 'load'
  is "$(grep '^loaded ' <<<"$out" | grep -vc '!/')" "$n_docs" "$cell: all fixtures are loaded"
  same rows "$(rows_hash stemless)" 'the rows'
  before=$(touched)
  run "$INGEST" "$scratch"/docs/* --folder Matrix/Fixtures; succeeds 'load again'
  is "$(grep -c '^unchanged ' <<<"$out")" "$n_docs" "$cell: all are unchanged"
  is "$(touched)" "$before" "$cell: no row was touched"
  run "$INGEST" "$scratch/changed/letter.txt" --folder Matrix/Fixtures; succeeds 'load a new version'
  is "$(grep -c '^changed ' <<<"$out")" 1 "$cell: it is changed"
  same changed_rows "$(rows_hash stemless)" 'the rows after the change'
  run "$INGEST" search 'lighthouse keeper' --json; succeeds 'search'
  is "$(jq -r .name <<<"$out" | head -1)" letter.txt "$cell: search finds what changed"
  same hits "$out" 'what search says'
}

generated () {
  local lang
  for lang in c typescript drizzle; do
    run "$INGEST" db codegen --lang $lang; succeeds "codegen --lang $lang"
    same "$lang" "$out" "what codegen writes for $lang"
  done
}

deployed () {
  run "$INGEST" db deploy; succeeds 'deploy'
  is "$(psql -XAtq "$admin_url" -c "select count(*) > 0 from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where t.tgrelid = 'storage.objects'::regclass and p.pronamespace = 'ingest'::regnamespace")" t "$cell: it watches storage.objects"
  run psql -XAtq -v ON_ERROR_STOP=1 "postgresql://supabase_storage_admin@/postgres?host=$socket" \
    -c "insert into storage.buckets (id, name) values ('matrix', 'matrix') on conflict do nothing" \
    -c "insert into storage.objects (bucket_id, name, owner_id) values ('matrix', '$user/$way.pdf', '$user')"
  succeeds 'an upload'
  run "$INGEST" db status; succeeds 'status after deploy'
}

dropped () {
  psql -XAtq "$admin_url" -c "delete from auth.users where id = '$user'"
  is "$(psql_local -c 'select count(*) from public.documents')" 0 "$cell: a user's rows go with him"
  run "$INGEST" db drop --yes; succeeds 'drop'
  everything >"$scratch/after"
  is "$(diff "$scratch/before" "$scratch/after")" '' "$cell: nothing is left behind"
}

try_cell () {
  everything >"$scratch/before"
  export DATABASE_URL=$local_url
  [ "$way" = direct ] || DATABASE_URL=postgresql://postgres@$pooler/postgres
  [ "$way" = direct ] || session=$(session_state "$DATABASE_URL")
  pushed
  promises
  loaded
  generated
  [ "$kind" = plain ] || deployed
  dropped
  [ "$way" = direct ] || is "$(session_state "$DATABASE_URL")" "$session" "$cell: no session state is left behind"
  unset DATABASE_URL
}

# --- the servers -------------------------------------------------------------------------------------

# start_server MAJOR KIND: sets socket, local_url (whom it is pushed as) and admin_url (a superuser)
start_server () {
  find_server "$1" || return 1
  if [ "$2" = plain ]; then
    export INGEST_PG_BINDIR=$bindir
    start_cluster
    socket=$INGEST_LOCAL_DIR
    admin_url=$local_url
    psql_local -c 'create schema extensions' # where the test puts pgTAP
  else
    start_supabase_like "$bindir"
    socket=$supabase_socket
    local_url=$supabase_url
    admin_url=$supabase_admin_url
  fi
}

stop_server () {
  stop_poolers
  if [ "$1" = plain ]; then
    remove_cluster
  else
    stop_supabase_like
    rm -rf "${supabase_socket:?}"
  fi
}

running=
for cell in "${cells[@]}"; do
  read -r major kind way <<<"$cell"
  if [ "$running" != "$major $kind" ]; then
    [ -z "$running" ] || stop_server "${running#* }"
    running=
    pooler=
    if ! start_server "$major" "$kind"; then skip "$cell" "$why"; continue; fi
    running="$major $kind"
    like "$(psql_local -c 'show server_version')" "^$major\." "$cell: it is PostgreSQL $major"
  fi
  if [ "$way" = pooled ] && [ -z "$pooler" ] && ! start_pooler "$socket" postgres; then
    skip "$cell" "$why"
    continue
  fi
  try_cell
done

done_testing
