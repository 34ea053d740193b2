# lib.sh: what the shell tests share: TAP, a scratch folder, a private cluster of the test's own.
# shellcheck shell=bash
# Sourced, with the repository as the current folder and INGEST_BUILD set.

set -u
: "${INGEST_BUILD:=build/debug}"
BUILD=$(realpath "$INGEST_BUILD")
INGEST=$BUILD/ingest
export INGEST_BUILD
unset DATABASE_URL INGEST_USER INGEST_CONFIG

tests_run=0
tests_failed=0

# ok STATUS NAME: passes when STATUS is 0
ok () {
  tests_run=$((tests_run + 1))
  if [ "$1" = 0 ]; then
    echo "ok $tests_run - $2"
  else
    tests_failed=$((tests_failed + 1))
    echo "not ok $tests_run - $2"
  fi
}

# is GOT WANTED NAME
is () {
  if [ "$1" = "$2" ]; then ok 0 "$3"; else
    ok 1 "$3"
    printf 'got:    %s\nwanted: %s\n' "$1" "$2" | sed 's/^/# /'
  fi
}

# like GOT REGEX NAME (extended, case matters)
like () {
  if grep -qE -- "$2" <<<"$1"; then ok 0 "$3"; else
    ok 1 "$3"
    printf 'got:      %s\nnot like: %s\n' "$1" "$2" | sed 's/^/# /'
  fi
}

# unlike GOT REGEX NAME
unlike () {
  if grep -qE -- "$2" <<<"$1"; then
    ok 1 "$3"
    printf 'got:  %s\nlike: %s\n' "$1" "$2" | sed 's/^/# /'
  else ok 0 "$3"; fi
}

skip () {
  tests_run=$((tests_run + 1))
  echo "ok $tests_run - $1 # SKIP $2"
}

# run COMMAND...: sets $out (stdout), $err (stderr) and $rc
# shellcheck disable=SC2034 # the tests read them
run () {
  rc=0
  out=$("$@" 2>"$scratch/stderr") || rc=$?
  err=$(cat "$scratch/stderr")
}

done_testing () {
  echo "1..$tests_run"
  [ "$tests_failed" = 0 ]
}

scratch=$(mktemp -d /tmp/ingest-test.XXXXXX)
chmod 755 "$scratch"
at_exit=(remove_scratch)
remove_scratch () { rm -rf "$scratch"; }
cleanup () { for step in "${at_exit[@]}"; do "$step"; done; }
trap cleanup EXIT
trap 'exit 129' HUP INT TERM

# start_cluster: a private cluster in the scratch folder. psql_local runs SQL in it, unaligned.
start_cluster () {
  export INGEST_LOCAL_DIR=$scratch/pg
  at_exit=(remove_cluster "${at_exit[@]}")
  "$INGEST" db start --local >/dev/null || { echo "Bail out! no private cluster"; exit 1; }
  local_url=$("$INGEST" db url --local)
  # what is lost with the machine is lost with the test: thousands of files need not reach the disk
  psql_local -c 'alter system set fsync = off' -c 'select pg_reload_conf()' >/dev/null
}
remove_cluster () { "$INGEST" db remove --local --yes >/dev/null 2>&1; }
psql_local () { psql -XAtq -v ON_ERROR_STOP=1 "$local_url" "$@"; }

# start_supabase_like [BINDIR]: a cluster whose database `postgres` is as a hosted Supabase project's
# (tests/supabase-like.sql), made and run by the programs in BINDIR, by default the newest installed.
# Sets supabase_url (role postgres, who is no superuser there), supabase_admin_url (the superuser) and
# supabase_socket, the host for other roles. Without fsync: it does not outlive the test.
# shellcheck disable=SC2034 # the tests read them
start_supabase_like () {
  local bindir=${1:-} folder=$scratch/supabase owner
  [ -n "$bindir" ] || bindir=$(dirname "$(find /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
  supabase_pg_ctl=$bindir/pg_ctl
  supabase_as=()
  mkdir "$folder"
  if [ "$(id -u)" = 0 ]; then
    owner=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$owner:" "$folder"
    supabase_as=(setpriv "--reuid=$owner" "--regid=$(stat -c %g "$folder")" --clear-groups)
  fi
  supabase_socket=$folder
  supabase_admin_url="postgresql://supabase_admin@/postgres?host=$folder"
  supabase_url="postgresql://postgres@/postgres?host=$folder"
  at_exit=(stop_supabase_like "${at_exit[@]}")
  make_supabase_like "$bindir" "$folder" >"$scratch/supabase.log" 2>&1 && return
  sed 's/^/# /' "$scratch/supabase.log"
  echo "Bail out! no Supabase-like cluster"
  exit 1
}
make_supabase_like () {
  "${supabase_as[@]}" "$1/initdb" -D "$2/data" -U supabase_admin --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync --no-instructions || return
  "${supabase_as[@]}" tee -a "$2/data/postgresql.auto.conf" >/dev/null <<X
listen_addresses = ''
unix_socket_directories = '$2'
max_connections = 60
fsync = off
X
  "${supabase_as[@]}" "$1/pg_ctl" start -w -s -D "$2/data" -l "$2/log" </dev/null &&
    psql -XAtq "$supabase_admin_url" -f tests/supabase-like.sql
}
stop_supabase_like () {
  "${supabase_as[@]}" "$supabase_pg_ctl" stop -s -m immediate -D "$scratch/supabase/data" 2>/dev/null
}

# pg_file URL FILE: runs a file of pgTAP tests; sets $passed and $planned, and is true when all of the
# planned tests passed
pg_file () {
  local rc=0
  psql -XAtq -v ON_ERROR_STOP=1 -P pager=off "$1" -f "$2" >"$scratch/tap" 2>"$scratch/err" || rc=$?
  planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$scratch/tap")
  passed=$(grep -c '^ok ' "$scratch/tap")
  [ "$rc" = 0 ] && [ -n "$planned" ] && [ "$planned" -gt 0 ] && [ "$planned" = "$passed" ]
}

# run_pg_files URL: all of them, one test each
run_pg_files () {
  local file
  for file in tests/*.pg; do
    pg_file "$1" "$file"
    ok $? "$file ($passed of ${planned:-no plan})"
    grep -A6 '^not ok' "$scratch/tap" | head -40 | sed 's/^/# /'
    grep -E 'ERROR|FATAL' "$scratch/err" | head -5 | sed 's/^/# /'
  done
}

# rows_hash [stemless]: one hash over what is loaded, whatever the order of rows; timestamps are left
# out, and with `stemless` the search vectors, in which a newer server may stem otherwise
rows_hash () {
  local of_document=', d.search_vector' of_chunk=', c.search_vector'
  [ "${1:-}" != stemless ] || of_document='' of_chunk=''
  psql_local -c "
    select md5(string_agg(r, '|' order by r collate \"C\")) from (
      select row(d.id, d.user_id, d.folder_id is null, d.name, d.checksum, d.file_size, d.mime_type,
                 d.format, d.title, d.language, d.page_count, md5(d.content_text),
                 d.indexing_status, d.error_message, d.warnings, d.fingerprint$of_document)::text
        from public.documents d
      union all
      select row(c.id, c.user_id, c.document_id, c.position, md5(c.content), c.heading_path,
                 c.page_first, c.page_last, c.start_char, c.end_char, c.prefix_chars, c.token_count,
                 c.language$of_chunk)::text
        from public.document_chunks c) t (r)"
}
