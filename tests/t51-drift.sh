#!/bin/bash
# What other tools do to the live schema: status says it, push mends it; what the app added stays.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster
export DATABASE_URL=$local_url INGEST_DATABASE_ALLOW_LOCAL=true

run "$INGEST" db status
is "$rc" 1 'status without a schema: exit 1'
like "$err" 'no tables of ingest yet.*ingest db push' 'in words'
run "$INGEST" db push --dry-run
is "$rc" 0 'a dry run on an empty database'
like "$out" 'add table public.documents' 'shows what would be made'
is "$(psql_local -c "select to_regclass('public.documents') is null and to_regnamespace('auth') is null")" t 'and makes nothing'
run "$INGEST" db push
is "$rc" 0 'push'
is "$(psql_local -c "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")" 7 'seven tables'
run "$INGEST" db status
is "$rc/$out" '0/no difference' 'no difference'

# --- damage ----------------------------------------------------------------------------------

# damage NAME SQL REGEX: status names it, a dry run changes nothing, push mends it
damage () {
  psql_local -c "$2" 2>/dev/null || ok 1 "$1: the damage is done"
  run "$INGEST" db status
  is "$rc" 1 "$1: exit 1"
  like "$out" "$3" "$1: named"
  run "$INGEST" db push --dry-run
  is "$rc" 0 "$1: a dry run"
  run "$INGEST" db status
  is "$rc" 1 "$1: has mended nothing"
  run "$INGEST" db push
  is "$rc" 0 "$1: push"
  [ "$rc" = 0 ] || sed 's/^/# /' <<<"$out$err"
  run "$INGEST" db status
  is "$rc/$(tail -1 <<<"$out")" '0/no difference' "$1: mended"
}
damage 'a policy dropped' 'drop policy own_select on documents' 'add policy own_select on public.documents'
damage 'a policy changed' 'alter policy own_select on documents using (true)' 'policy own_select on public.documents'
damage 'row level security off' 'alter table folders disable row level security' 'row level security on public.folders'
damage 'row level security forced' 'alter table folders force row level security' 'drop forced row level security on public.folders'
damage 'a trigger dropped' 'drop trigger vector on documents' 'add trigger vector on public.documents'
damage 'a trigger disabled' 'alter table document_chunks disable trigger vector_of_new' 'change trigger vector_of_new'
damage 'the sign-up trigger dropped' 'drop trigger ingest_create_profile on auth.users' 'add trigger ingest_create_profile on auth.users'
damage 'a function replaced' "create or replace function ingest.touch() returns trigger language plpgsql as 'begin return new; end'" 'change function ingest.touch'
damage 'a function dropped, and what needs it' 'drop function ingest.chunk_vector() cascade' 'add function ingest.chunk_vector.*'
damage 'a constraint dropped' 'alter table agent_requests drop constraint agent_requests_context_check' 'add constraint agent_requests_context_check'
damage 'a cascade lost' 'alter table folders drop constraint folders_user_id_fkey, add constraint folders_user_id_fkey foreign key (user_id) references auth.users' 'constraint folders_user_id_fkey'
damage 'an index dropped' 'drop index document_chunks_search' 'add index public.document_chunks_search'
damage 'a column dropped' 'alter table documents drop column author' 'add column public.documents.author'
damage 'a table dropped' 'drop table usage_events' 'add table public.usage_events'
damage 'a default lost' 'alter table folders alter column user_id drop default' 'change default of column public.folders.user_id'
damage 'a grant lost' 'revoke select on documents from authenticated' 'grant select on table public.documents to authenticated'
damage 'a function closed' 'revoke execute on function search_documents from authenticated' 'grant execute on function public.search_documents'
damage 'many things at once' "drop policy own_select on documents; drop policy own_update on folders; alter table documents disable row level security;
  alter table agent_sessions disable row level security; drop trigger touch on folders; alter table documents drop constraint documents_failure_check;
  drop function search_documents; drop index documents_person_file" 'add function public.search_documents'

# refused_damage NAME SQL KIND REGEX: it opened our tables; push wants to be told before it closes them
refused_damage () {
  psql_local -c "$2"
  run "$INGEST" db status
  is "$rc" 1 "$1: exit 1"
  like "$out" "$4" "$1: named"
  run "$INGEST" db push
  is "$rc" 1 "$1: push refuses"
  like "$err" "--force=$3" "$1: and says how"
  run "$INGEST" db push --force "$3"
  is "$rc" 0 "$1: by force"
  run "$INGEST" db status
  is "$rc/$out" '0/no difference' "$1: mended"
}
refused_damage 'everything granted to everyone' 'grant all on all tables in schema public to anon, authenticated' revoke \
  'revoke .*insert.* on table public.document_chunks to anon'
refused_damage 'a column granted' 'grant update (plan) on user_profiles to authenticated' revoke 'revoke update \(plan\) on table public.user_profiles from authenticated'
refused_damage 'a private function opened' 'grant execute on function ingest.finish_batch() to public' revoke 'function ingest.finish_batch\(\) to public'
refused_damage 'a policy for everyone' 'create policy all_may on documents using (true)' drop-policy 'drop policy all_may on public.documents'

# --- what is not ours --------------------------------------------------------------------------

psql_local <<'SQL'
create schema app;
create table app.things (id int);
create table public.todos (id int primary key, document_id uuid, user_id uuid,
  foreign key (user_id, document_id) references public.documents (user_id, id));
insert into public.todos values (1, null, null);
alter table public.document_chunks add column embedding float8[];
create index chunks_embedding on public.document_chunks ((embedding[1]));
create function public.on_chunk() returns trigger language plpgsql as 'begin return new; end';
create trigger app_trigger after insert on public.document_chunks for each row execute function public.on_chunk();
create role reporting nologin;
grant select on public.documents to reporting;
create policy reporting_reads on public.documents for select to reporting using (true);
comment on table public.documents is 'the app says so';
create view public.names as select name from public.documents;
SQL
others=(schema\ app table\ public.todos column\ public.document_chunks.embedding index\ public.chunks_embedding
  trigger\ app_trigger 'grant select on table public.documents to reporting' 'policy reporting_reads' 'view public.names' 'function public.on_chunk')
run "$INGEST" db status
is "$rc" 0 'what the app added is no difference'
for other in "${others[@]}"; do like "$out" "left alone.*$other" "named: $other"; done
for _ in 1 2; do
  run "$INGEST" db push
  is "$rc/$(tail -1 <<<"$out")" '0/nothing to do' 'nor for push'
  like "$out" 'left alone.*column public.document_chunks.embedding' 'which names it each time'
done
damage 'damage beside what the app added' 'drop trigger vector_of_new on document_chunks; drop policy own_select on documents' 'add trigger vector_of_new'
is "$(psql_local -c "select count(embedding), (select count(*) from todos), (select count(*) from pg_trigger where tgname = 'app_trigger'),
  has_table_privilege('reporting', 'documents', 'select') from document_chunks")" '0|1|1|t' 'and all of that is still there'

# what the app hung on something of ours that is made anew, comes back with it
view='create view public.pages with (security_invoker = true) as select id, page_count from public.documents;
  revoke all on table public.pages from public, anon, authenticated, service_role;'
{ cat db/schema.sql; echo "$view"; } >"$scratch/view.sql"
{ sed 's/^  page_count      int /  page_count      bigint /' db/schema.sql; echo "$view"; } >"$scratch/wider.sql"
run "$INGEST" db push --schema "$scratch/view.sql"
is "$rc" 0 'a view'
psql_local -c "grant select on public.pages to reporting; comment on view public.pages is 'the app says so'; grant select on public.pages to anon;
  drop view public.names"
run "$INGEST" db push --schema "$scratch/wider.sql"
is "$rc" 1 'a grant to users of the API on a view that is made anew is not taken without a word'
like "$err" '--force=revoke' 'but by force'
psql_local -c 'revoke all on public.pages from anon'
run "$INGEST" db push --schema "$scratch/wider.sql"
is "$rc" 0 'a type below the view changes'
is "$(psql_local -c "select has_table_privilege('reporting', 'pages', 'select'), has_table_privilege('anon', 'pages', 'select'),
  obj_description('pages'::regclass)")" 't|f|the app says so' 'what the app granted and said is there again'
run "$INGEST" db push --force=drop-view,narrow-type
is "$rc" 0 'back to the built-in schema'

# --- an older push that wrote nothing down -----------------------------------------------------

psql_local -c "drop table ingest.schema_objects; comment on schema ingest is 'ingest 0.1.0 schema 00'"
run "$INGEST" db push
is "$rc" 0 'a schema from before there was a manifest is brought up to date'
run "$INGEST" db status
is "$rc" 0 'and does not differ'

# --- words, JSON, locks ----------------------------------------------------------------------------

psql_local -c 'create view public.authors as select author from public.documents'
sed '/^  author          text,/d' db/schema.sql >"$scratch/no-author.sql"
run "$INGEST" db push --schema "$scratch/no-author.sql" --force=drop-column
is "$rc" 1 'a column that a view of the app shows does not go'
like "$err" 'drop column public.documents.author: .*view public.authors depends on column author' 'which is named'
psql_local -c 'drop view public.authors'

psql_local -c 'create index app_authors on public.documents (author, id)'
run "$INGEST" db push --schema "$scratch/no-author.sql" --force=drop-column
is "$rc" 1 'nor does it take an index of the app along'
like "$err" 'would take along index public.app_authors, which is not ours' 'which is named'
is "$(psql_local -c "select count(*) from pg_attribute where attrelid = 'documents'::regclass and attname = 'author'")" 1 'and nothing is changed'
psql_local -c 'drop index app_authors'

run "$INGEST" db push --force=everything
is "$rc" 2 'an unknown kind of force'
like "$err" 'no such kind; kinds are drop-table, ' 'in words'
run "$INGEST" db push --schema "$scratch/nowhere.sql"
[ "$rc" != 0 ]; ok $? 'a schema.sql that is not there'
like "$err" 'nowhere.sql' 'is named'
psql_local -c 'drop policy own_select on folders; alter table agent_requests add column answer text; grant delete on usage_events to anon'
run "$INGEST" db push --json
is "$rc" 1 '--json: refused'
is "$(jq -r '.result' <<<"$out")" refused 'it says so'
is "$(jq -r '.actions[] | select(.kind == "grant") | [.action, .object, .hazard, .refused] | join("|")' <<<"$out")" \
  'revoke|delete on table public.usage_events to anon|revoke|true' 'and what is refused'
is "$(jq -r '.actions[] | select(.kind == "policy") | .sql[0]' <<<"$out" | cut -c1-42)" 'create policy own_select on public.folders' 'the SQL of each'
like "$(jq -r '.left_alone[]' <<<"$out")" 'column public.agent_requests.answer' 'and what is left alone'
run "$INGEST" db push --json --force=revoke
is "$rc/$(jq -r '.result' <<<"$out")" 0/applied '--json: applied'
is "$(psql_local -c "select has_table_privilege('anon', 'usage_events', 'delete')")" f 'it is revoked'

psql_local -c 'drop index documents_folder'
psql_local -c 'begin; lock table documents in row exclusive mode; select pg_sleep(6); commit' >/dev/null &
sleep 0.5
run "$INGEST" db push
is "$rc" 0 'push waits for a table that is in use'
like "$err" 'waiting: .*(lock|55P03)' 'and says so'
wait
psql_local -c 'drop index documents_folder; drop policy own_select on documents'
"$INGEST" db push >"$scratch/one" 2>&1 & one=$!
"$INGEST" db push >"$scratch/two" 2>&1 & two=$!
wait $one; first=$?; wait $two; second=$?
is "$first/$second" 0/0 'two pushes at the same time'
is "$(cat "$scratch/one" "$scratch/two" | grep -cx 'done: nothing differs any more')/$(cat "$scratch/one" "$scratch/two" | grep -cx 'nothing to do')" 1/1 'one does it, the other has nothing to do'

psql_local -c "create role stranger login" -c "grant usage on schema ingest to stranger"
{ cat db/schema.sql; echo "comment on table public.folders is 'x';"; } >"$scratch/commented.sql"
DATABASE_URL=$(sed 's|//[^@]*@|//stranger@|' <<<"$local_url") run "$INGEST" db push --schema "$scratch/commented.sql"
is "$rc" 1 'a role that may not'
like "$err" 'belongs to role postgres, and you are stranger' 'is told'
psql_local -c 'revoke usage on schema ingest from stranger'
DATABASE_URL=$(sed 's|//[^@]*@|//stranger@|' <<<"$local_url") run "$INGEST" db status
is "$rc" 1 'nor may one without the schema'
like "$err" 'reading what was pushed: permission denied' 'who is known to stand before our tables'

# --- deploy --------------------------------------------------------------------------------------

sed 's/new.updated_at := now();/new.updated_at := clock_timestamp();/; s/^  author          text,/&\n  keywords text[],/' db/schema.sql >"$scratch/both.sql"
run "$INGEST" db deploy --schema "$scratch/both.sql"
is "$rc" 0 'deploy'
is "$(psql_local -c "select prosrc ~ 'clock_timestamp', (select count(*) from pg_attribute where attrelid = 'documents'::regclass and attname = 'keywords')
  from pg_proc where oid = 'ingest.touch()'::regprocedure")" 't|0' 'changes functions and no table'
like "$out" '1 differences? outside functions and triggers' 'says what is left'
like "$out" 'supabase functions deploy' 'and how to deploy the Edge Function'
run "$INGEST" db status --schema "$scratch/both.sql"
is "$rc" 1 'the rest still differs'
like "$out" '^1 change:' 'by one thing'
run "$INGEST" db push --schema "$scratch/both.sql"
is "$rc" 0 'which push does'
run "$INGEST" db deploy --schema "$scratch/both.sql"
like "$out" 'functions and triggers: nothing to do' 'then deploy has nothing to do'

psql_local -c 'create view public.names as select name from public.documents'
run "$INGEST" db drop </dev/null
is "$rc" 2 'drop asks'
like "$out" 'public.documents +0 rows' 'names our rows'
like "$out" 'hangs on it:.*' 'and what hangs on them'
for other in 'column public.document_chunks.embedding' 'view public.names' 'constraint todos_user_id_document_id_fkey on public.todos'; do
  like "$out" "^  $other$" "names $other"
done
unlike "$out" '  table public.todos|  column public.names' 'nothing that stays, nothing twice'
run "$INGEST" db drop --yes
is "$rc" 0 'drop'
is "$(psql_local -c "select string_agg(c.relname, ' ') from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')")" todos 'leaves what is not ours'
done_testing
