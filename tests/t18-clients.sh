#!/bin/bash
# Real clients from npm against what codegen writes: supabase-js and drizzle-orm compile and work;
# what drizzle-kit does to the schema. npm.sh keeps the packages.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/npm.sh
. tests/npm.sh

npm_packages tests/clients || { echo "1..0 # SKIP $npm_reason"; exit 0; }

# modules are found above the file that wants them
work=$(mktemp -d "$npm_packages/work.XXXXXX")
remove_work () { rm -rf "$work"; }
at_exit=(remove_work "${at_exit[@]}")
cp tests/clients/*.ts tests/clients/*.js tests/clients/*.json db/generated/*.ts "$work/"
in_work () { (cd "$work" && "$@"); }

# passes NAME: what `run` just did ended with 0; else shows what it said
passes () {
  ok "$rc" "$1"
  [ "$rc" = 0 ] || printf '%s\n' "$out" "$err" | head -30 | sed 's/^/# /'
}

start_cluster
"$INGEST" db push --local >/dev/null 2>&1

# --- types -----------------------------------------------------------------------------------------

# the app's own things in a database of their own, so that the rest sees ours alone
psql_local -c 'create database app'
app_url=${local_url/\/postgres\?/\/app?}
export INGEST_DATABASE_ALLOW_LOCAL=true
DATABASE_URL=$app_url "$INGEST" db push >/dev/null 2>&1
psql -XAtq -v ON_ERROR_STOP=1 "$app_url" -f tests/clients/app.sql
DATABASE_URL=$app_url "$INGEST" db codegen --lang typescript --output "$work/app.types.ts" 2>/dev/null
DATABASE_URL=$app_url "$INGEST" db codegen --lang drizzle --output "$work/app.schema.ts" 2>/dev/null
run in_work node ../node_modules/typescript/bin/tsc --project .
passes 'tsc --strict takes supabase-js and drizzle programs, and refuses what it must'

# parity DATABASE FILE
parity () {
  run in_work node parity.js "$INGEST_LOCAL_DIR" "$1" "$2"
  if [ "$rc" = 77 ]; then skip "$2 is what Supabase's generator writes" "$err"; else
    passes "$2 is what Supabase's generator writes"
  fi
}
parity postgres database.types.ts
parity app app.types.ts

# --- drizzle-orm -----------------------------------------------------------------------------------

psql_local -c "insert into auth.users (email) values ('ann@example.org'), ('bob@example.org')"
run in_work node out/drizzle.js "$INGEST_LOCAL_DIR"
passes 'drizzle-orm reads and writes, as owner and as a user'

# --- drizzle-kit -----------------------------------------------------------------------------------

# the schema as the catalogs have it, one fact a line
snapshot () {
  psql_local -c "
    select 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)
      from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all
    select 'index', indrelid::regclass, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
      from pg_index join pg_class c on c.oid = indrelid where relnamespace = 'public'::regnamespace
    union all
    select 'policy', polrelid::regclass, polname, concat_ws(' ', polcmd, polpermissive,
             polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
      from pg_policy
    union all
    select 'trigger', tgrelid::regclass, tgname, pg_get_triggerdef(oid)
      from pg_trigger where not tgisinternal
    union all
    select 'table', oid::regclass, relrowsecurity::text, relacl::text
      from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
    union all
    select 'column', attrelid::regclass, attname, concat_ws(' ', format_type(atttypid, atttypmod),
             attnotnull, attacl::text, attcompression)
      from pg_attribute join pg_class c on c.oid = attrelid
     where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0
     order by 1, 2, 3, 4"
}

# kit_push SCHEMA.TS TABLES...: with --force, TABLES as its tablesFilter. It asks for leave to truncate
# where it adds a unique constraint to a table with rows, gives up where nobody answers, and ends
# with 0 all the same.
kit_push () {
  SCHEMA=$1 FILTER="${*:2}" SOCKET=$INGEST_LOCAL_DIR run in_work \
    node ../node_modules/drizzle-kit/bin.cjs push --force --config drizzle.config.ts
}

# mended AFTER_WHAT: push puts right whatever another tool did, all of it, without force
mended () {
  run "$INGEST" db push --local
  is "$rc" 0 "$1: db push mends it"
  [ "$rc" = 0 ] || sed 's/^/# /' <<<"$out$err"
  run "$INGEST" db status --local
  is "$rc" 0 "$1: nothing differs any more"
  is "$(diff <(echo "$before") <(snapshot))" '' "$1: every table, column, policy and trigger is as before"
}

before=$(snapshot)
rows=$(rows_hash)

# An app that manages its own tables with drizzle-kit and keeps it away from ours. usage_events is not
# kept away: drizzle-kit would take the sequence of its id for one that nobody wants.
kit_push notes.ts '!agent_requests' '!agent_sessions' '!document_chunks' '!documents' '!folders' \
  '!user_profiles'
like "$out" 'Changes applied' 'drizzle-kit push of tables of the app, with a tablesFilter against ours'
is "$(psql_local -c "select to_regclass('notes')")" notes 'makes them'
is "$(diff <(echo "$before") <(snapshot) | grep '^[<>]' | grep -v '|notes')" '' 'and leaves ours as they were'
psql_local -c 'drop table notes'

# All of schema.ts. drizzle-kit reads the columns of a key back in an order that is the planner's, and
# makes anew what differs (or gives up): what it does depends on the server. Policies stay.
kit_push schema.ts
is "$(diff <(echo "$before") <(snapshot) | grep -E '^[<>] (policy|table|trigger|column)')" '' 'drizzle-kit push of schema.ts leaves tables, policies and triggers'
is "$(rows_hash)" "$rows" 'and the rows'
mended 'drizzle-kit push of schema.ts'

# An app whose schema.ts does not know of row-level security (written by hand, or pulled by an older
# drizzle-kit): its push opens every table to everybody who has a grant. Without rows it asks nothing.
psql_local -c 'delete from auth.users'
perl -0pe 's/  pg\.pgPolicy\(.*?\n  \}\),\n//sg; s/\]\)\.enableRLS\(\)/])/g' "$work/schema.ts" >"$work/no-rls.ts"
kit_push no-rls.ts
is "$(psql_local -c "select count(*) filter (where relrowsecurity), count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")" '0|7' 'drizzle-kit push of a schema.ts without policies switches off row-level security'
case $out in *'Changes applied'*) left=0 ;; *) left=17 ;; esac
is "$(psql_local -c 'select count(*) from pg_policy')" "$left" "and drops all policies, where it gets that far ($left left)"
run "$INGEST" db status --local
is "$rc" 1 'status says so'
like "$out" 'row level security on public.document_chunks' 'and names what is open'
mended 'drizzle-kit push without policies'

done_testing
