#!/bin/bash
# Do tests/*.pg notice? Every policy, trigger, reference, cascade, check, key, right, ... of the pushed
# schema is damaged, one at a time, and one of the files that must notice it has to fail. Each damage is
# done and undone in the transaction of the file itself. Quick: one of each kind; full: all, or those
# whose kind and name begin as the argument says: INGEST_TESTS=full tests/t35-mutations.sh 'policy|check'
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_supabase_like ''
DATABASE_URL=$supabase_url INGEST_DATABASE_ALLOW_LOCAL=true "$INGEST" db push >/dev/null 2>&1
if ! psql -XAtq "$supabase_admin_url" -c 'create extension pgtap schema extensions' 2>/dev/null; then
  echo '1..0 # SKIP pgtap is not installed'
  exit 0
fi
# all of them once is enough: a program that is built in another way is no other schema
quick=true
[ "${INGEST_TESTS:-quick}" != full ] || [ "${INGEST_BUILD##*/}" = asan ] || quick=false
psql -XAtq "$supabase_admin_url" -v quick=$quick -f tests/mutations.sql |
  grep -E "^(${1:-})" >"$scratch/mutations" || { echo 'Bail out! no list'; exit 1; }

# noticed DATABASE FILE SQL: status 0 when the file fails after the damage, 1 when it passes, 2 when the
# damage could not be done. The first test that fails ends it.
noticed () {
  local out
  out=$(psql -XAt -v ON_ERROR_STOP=1 -P pager=off "postgresql://supabase_admin@/$1?host=$supabase_socket" 2>&1 <<X | sed '/^not ok/q'
set client_min_messages = error;
begin;
$3;
\\echo damaged
set session authorization postgres;
set search_path = public, extensions;
\\i $2
\\echo to the end
X
  )
  grep -qx damaged <<<"$out" || return 2
  ! grep -qx 'to the end' <<<"$out" || grep -q '^not ok' <<<"$out"
}

# try_all WORKER: every second mutation, in a database of its own; a line each: status, number, by which
try_all () {
  local number=0 kind name files sql file status by
  while IFS=$'\t' read -r kind name files sql; do
    number=$((number + 1))
    [ $((number % 2)) = "$1" ] || continue
    by='' status=1
    for file in $files; do
      noticed "mutated$1" "$(echo tests/"$file"-*.pg)" "$sql" </dev/null
      status=$?
      by=$file
      [ "$status" = 1 ] || break
    done
    printf '%s\t%s\t%s\t%s: %s\n' "$number" "$status" "$by" "$kind" "$name"
  done <"$scratch/mutations" >"$scratch/tried.$1"
}
for worker in 0 1; do
  psql -XAtq "$supabase_admin_url" -c "create database mutated$worker template postgres owner postgres"
done
for file in tests/*.pg; do
  noticed mutated0 "$file" 'select 1'
  is $? 1 "$file passes when nothing is damaged"
done
unharmed=$tests_run
for worker in 0 1; do
  try_all "$worker" &
done
wait
while IFS=$'\t' read -r _ status by what; do
  [ "$status" = 0 ]
  ok $? "$what"
  case $status in
    1) echo '# no test noticed it' ;;
    2) echo '# it could not be done' ;;
  esac
done < <(sort -n "$scratch"/tried.?)
is "$((tests_run - unharmed))" "$(wc -l <"$scratch/mutations")" 'each was tried'
done_testing
