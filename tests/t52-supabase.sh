#!/bin/bash
# db push, status, deploy as Supabase's role postgres, who is no superuser and owns neither auth nor
# storage: triggers on tables that are not ours.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_supabase_like "${INGEST_TEST_BINDIR:-}" # of another PostgreSQL, to try one by hand
export DATABASE_URL=$supabase_url INGEST_DATABASE_ALLOW_LOCAL=true
admin () { psql -XAtq -v ON_ERROR_STOP=1 "$supabase_admin_url" "$@"; }
triggers () {
  admin -c "select string_agg(format('%s on %s', tgname, tgrelid::regclass), ', ' order by tgname) from pg_trigger
    where tgfoid::regproc::text ~ '^ingest' and tgrelid::regclass::text ~ '^(auth.|storage.|users)' and tgenabled = 'O'"
}
no_difference () {
  run "$INGEST" db status "${@:2}"
  is "$rc/$(tail -1 <<<"$out")" '0/no difference' "$1: no difference"
}

run "$INGEST" db push
is "$rc" 0 'push'
no_difference 'push'
is "$(triggers)" 'ingest_create_profile on users' 'the trigger on auth.users'
run "$INGEST" db deploy --dry-run
is "$rc" 0 'a dry run of deploy'
like "$out" 'add trigger ingest_queue on storage.objects' 'shows the trigger on storage.objects'
run "$INGEST" db deploy
is "$rc" 0 'deploy'
both='ingest_create_profile on users, ingest_queue on storage.objects'
is "$(triggers)" "$both" 'which is installed'
no_difference 'deploy'

admin -c 'drop trigger ingest_queue on storage.objects'
run "$INGEST" db status
is "$rc" 1 'the trigger on storage.objects is lost: exit 1'
like "$out" 'add trigger ingest_queue on storage.objects' 'named'
run "$INGEST" db push
is "$rc" 0 'push'
is "$(triggers)" "$both" 'brings it back'
admin -c 'alter table auth.users disable trigger ingest_create_profile' -c 'alter table storage.objects disable trigger ingest_queue'
run "$INGEST" db push
is "$rc" 0 'triggers are disabled: push'
is "$(triggers)" "$both" 'enables them'
no_difference 'enabled'

# edit NAME SED TRIGGERS
edit () {
  sed -E "$2" db/schema.sql >"$scratch/edit.sql"
  run "$INGEST" db push --schema "$scratch/edit.sql"
  is "$rc" 0 "$1"
  [ "$rc" = 0 ] || sed 's/^/# /' <<<"$err"
  is "$(triggers)" "$3" "$1: the triggers"
  no_difference "$1" --schema "$scratch/edit.sql"
  is "$(admin -c "select string_agg(p.oid::regprocedure::text, ' ') from pg_proc p
    where p.pronamespace = 'ingest'::regnamespace and has_function_privilege('anon', p.oid, 'execute')")" '' "$1: nothing is open to anon"
}
edit 'the sign-up trigger under another name' 's/ingest_create_profile/ingest_make_profile/' "${both/create/make}"
edit 'its function under another name' 's/ingest\.on_sign_up/ingest.on_signup/' "$both"
edit 'the function of storage under another name' 's/ingest\.on_storage_change/ingest.on_object_change/' "$both"
edit 'no sign-up trigger' "/^create or replace trigger ingest_create_profile/,\$d" 'ingest_queue on storage.objects'
edit 'all as it was' '' "$both"

# a dump without comments loses the mark, not the tables
admin -c 'comment on schema ingest is null'
run "$INGEST" db push
is "$rc" 0 'push where the mark is lost'
no_difference 'the mark is written again'
admin -c 'comment on schema ingest is null'
run "$INGEST" db drop --yes
is "$rc/$(tail -1 <<<"$out")" '0/removed' 'drop where the mark is lost'
is "$(triggers)" '' 'leaves no trigger'
done_testing
