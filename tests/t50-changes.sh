#!/bin/bash
# Edits of schema.sql pushed onto a filled database: what goes through and what is refused, that no
# row is lost, and that the second push has nothing to do.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster
export INGEST_DATABASE_ALLOW_LOCAL=true

# --- a filled database, the template of each edit's own ------------------------------------------

url_of () { sed "s|/postgres?|/$1?|" <<<"$local_url"; }
sql_in () { psql -XAtq -v ON_ERROR_STOP=1 "$(url_of "$1")" "${@:2}"; }
psql_local -c 'create database base'
DATABASE_URL=$(url_of base) "$INGEST" db push >/dev/null 2>&1 || { echo 'Bail out! no schema'; exit 1; }
sql_in base >/dev/null <<'SQL'
insert into auth.users (email) select 'user' || i || '@example.org' from generate_series(1, 3) i;
insert into public.folders (user_id, name) select id, 'Top' from auth.users;
insert into public.folders (user_id, parent_folder_id, name) select user_id, id, 'Below' from public.folders;
insert into public.documents (user_id, folder_id, name, title, author, language, content_text, checksum, file_size,
                              page_count, indexing_status)
select f.user_id, f.id, 'file' || i || '.txt', 'Title ' || i, case when i > 2 then 'Author ' || i end, 'en',
       'Some text about lighthouse ' || i, sha256(i::text::bytea), 1000 * i, i, 'completed'
  from public.folders f, generate_series(1, 5) i;
insert into public.document_chunks (user_id, document_id, position, content, start_char, end_char, content_hash, token_count)
select d.user_id, d.id, p, d.content_text || ' ' || p, 0, 10, sha256(p::text::bytea), p + 3
  from public.documents d, generate_series(0, 2) p;
insert into public.agent_sessions (user_id, title) select id, 'Session' from auth.users;
insert into public.agent_requests (user_id, session_id, agent_type, question)
select user_id, id, 'reader', 'why' from public.agent_sessions, generate_series(1, 4);
SQL
ours='user_profiles folders documents document_chunks agent_sessions agent_requests usage_events'
declare -A columns
for table in $ours; do
  columns[$table]=$(sql_in base -c "select string_agg(format('t.%I::text', attname), ', ' order by attnum) from pg_attribute
    where attrelid = 'public.$table'::regclass and attnum > 0 and not attisdropped")
done
# contents DATABASE: rows and a hash of each table's, over the columns that it had at first
contents () {
  local table
  for table in $ours; do
    echo "select '$table', count(*), md5(string_agg(r, '|' order by r)) from (select row(${columns[$table]})::text from public.$table t) x (r);"
  done | sql_in "$1" -f - 2>&1
}
before=$(contents base)
like "$before" '^document_chunks\|90\|' 'the database is filled'

# --- the edits ---------------------------------------------------------------------------------

nth=0
# What stands in the database before an edit: schema.sql and, where `prior` is set, that SQL pushed
# and `fill` run after it.
prior='' fill=''
# edit SED [SQL]: schema.sql edited into $schema, a database of its own into $database; an edit that
# finds nothing to edit is no edit
edit () {
  nth=$((nth + 1))
  old=$scratch/old$nth.sql
  schema=$scratch/edit$nth.sql
  database=edit$nth
  { cat db/schema.sql; [ -z "$prior" ] || printf '%s\n' "$prior"; } >"$old"
  sed -E "$1" db/schema.sql >"$schema"
  [ -z "${2:-}" ] || printf '%s\n' "$2" >>"$schema"
  ! cmp -s "$old" "$schema" || ok 1 "edit $nth changes schema.sql"
  psql_local -c "create database $database template base"
  [ -z "$prior" ] || DATABASE_URL=$(url_of "$database") "$INGEST" db push --schema "$old" >"$scratch/prior" 2>&1 ||
    ok 1 "edit $nth: the schema before it is pushed"
  [ -z "$fill" ] || sql_in "$database" -c "$fill"
}
push () { DATABASE_URL=$(url_of "$database") run "$INGEST" db push --schema "$schema" "$@"; }
drop_database () { psql_local -c "drop database $database"; rm -f "$schema" "$old"; }

# In `make check` every fourth edit is tried, in `make check-full` all.
tried=0
leave_out () {
  tried=$((tried + 1))
  [ "${INGEST_TESTS:-full}" != full ] && [ $((tried % 4)) != 1 ]
}

# then_equal NAME [QUERY RESULT]: the second push has nothing to do, status agrees
then_equal () {
  push
  is "$rc/$(tail -1 <<<"$out")" '0/nothing to do' "$1: the second push has nothing to do"
  DATABASE_URL=$(url_of "$database") run "$INGEST" db status --schema "$schema"
  is "$rc" 0 "$1: no difference"
  [ $# -lt 3 ] || is "$(sql_in "$database" -c "$2" 2>&1)" "$3" "$1: as schema.sql says"
}

# goes NAME SED SQL [QUERY RESULT]: it goes through, and every row is as before
goes () {
  ! leave_out || return 0
  edit "$2" "$3"
  push --dry-run
  is "$rc" 0 "$1: the dry run goes through"
  push
  is "$rc" 0 "$1: goes through"
  [ "$rc" = 0 ] || sed 's/^/# /' <<<"$out$err"
  is "$(contents "$database")" "$before" "$1: every row is as before"
  then_equal "$1" "${@:4}"
  drop_database
}

# refused NAME KIND ROWS SED SQL [QUERY RESULT]: refused by kind and rows, nothing is changed; goes
# through by force
refused () {
  ! leave_out || return 0
  edit "$4" "$5"
  push
  is "$rc" 1 "$1: refused"
  like "$out" "REFUSED, needs --force=${2%%,*}: $3" "$1: named, with what is at stake"
  like "$err" "nothing was changed.*--force=.*$2" "$1: says how to allow it"
  is "$(contents "$database")" "$before" "$1: every row is as before"
  DATABASE_URL=$(url_of "$database") run "$INGEST" db status --schema "$old"
  is "$rc" 0 "$1: the schema is as before"
  push --force="$2"
  is "$rc" 0 "$1: goes through by force"
  [ "$rc" = 0 ] || sed 's/^/# /' <<<"$out$err"
  then_equal "$1" "${@:6}"
  drop_database
}

# fails NAME REGEX SED SQL: cannot be done, not by force either; nothing is changed
fails () {
  local every=drop-table,drop-column,narrow-type,not-null,unique,check,foreign-key,drop-policy,disable-rls,revoke
  ! leave_out || return 0
  edit "$3" "$4"
  push --force=$every,drop-function,drop-view,drop-type,drop-sequence
  [ "$rc" != 0 ]; ok $? "$1: fails"
  like "$out$err" "$2" "$1: in words"
  is "$(contents "$database")" "$before" "$1: every row is as before"
  DATABASE_URL=$(url_of "$database") run "$INGEST" db status --schema "$old"
  is "$rc" 0 "$1: the schema is as before"
  drop_database
}

goes 'a comment in the file alone' '1s/^/-- only words\n/' ''
goes 'a nullable column' 's/^  author          text,/&\n  keywords text[],/' '' \
  "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'documents'::regclass and attname = 'keywords'" 'text[]'
goes 'a NOT NULL column with a default' "s/^  author          text,/&\\n  rating int not null default 3,/" '' \
  'select distinct rating from documents' 3
goes 'a generated column' "s/^  author          text,/&\\n  name_length int generated always as (char_length(name)) stored,/" '' \
  "select distinct name_length from documents" 9
goes 'a wider type, with policies, triggers and a view on the table' \
  's/^  page_count      int /  page_count      bigint /' '' \
  "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'documents'::regclass and attname = 'page_count'" bigint
goes 'another default' "s/^  progress          int not null default 0 /  progress          int not null default 1 /" '' \
  "select pg_get_expr(adbin, adrelid) from pg_attrdef d join pg_attribute a on attrelid = adrelid and attnum = adnum where adrelid = 'agent_requests'::regclass and attname = 'progress'" 1
goes 'no NOT NULL any more' 's/^  agent_type        text not null /  agent_type        text /' '' \
  "select attnotnull from pg_attribute where attrelid = 'agent_requests'::regclass and attname = 'agent_type'" f
goes 'NOT NULL where no row violates it' 's/^  title            text check/  title            text not null check/' ''
goes 'a looser check' 's/char_length\(title\) <= 1000/char_length(title) <= 2000/' ''
goes 'a CHECK that no row violates' 's/^  author          text,/  author          text check (char_length(author) < 500),/' ''
goes 'a CHECK that is not valid for the rows that are there' '' \
  'alter table public.documents add constraint later check (page_count <> 3) not valid;' \
  "select convalidated from pg_constraint where conname = 'later'" f
goes 'a constraint less' 's/^  unique \(user_id, path\),$//' '' \
  "select count(*) from pg_constraint where conname = 'folders_user_id_path_key'" 0
goes 'a foreign key that no row violates' '' \
  'alter table public.agent_requests add constraint answered_by foreign key (user_id, session_id) references public.agent_sessions (user_id, id);'
goes 'a cascade less' 's/^(  session_id        uuid not null),/\1,/;/references public.agent_sessions/{N;s/\n +on delete cascade//}' '' \
  "select confdeltype from pg_constraint where conrelid = 'agent_requests'::regclass and conname like '%session_id_fkey'" a
goes 'an index' '' 'create index documents_author on public.documents (user_id, author);' \
  "select indisvalid from pg_index where indexrelid = 'documents_author'::regclass" t
goes 'another index under the same name' 's/^create index documents_folder on public.documents \(user_id, folder_id\);/create index documents_folder on public.documents (user_id, folder_id, name);/' ''
goes 'an index less' '/^create index documents_folder /d' '' "select to_regclass('documents_folder') is null" t
goes 'a unique index that no row violates' '' 'create unique index one_name on public.documents (user_id, folder_id, name) where bucket is null;'
goes 'a table with policy, trigger and grants' '' \
  "create type public.mood as enum ('good', 'bad');
   create table public.notes (id bigint generated always as identity primary key, user_id uuid not null references auth.users (id) on delete cascade,
     mood public.mood not null default 'good', body text check (body <> ''), updated_at timestamptz, created_at timestamptz);
   create trigger touch before insert or update on public.notes for each row execute function ingest.touch();
   alter table public.notes enable row level security;
   create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
   revoke all on table public.notes from public, anon, authenticated, service_role;
   revoke all on sequence public.notes_id_seq from public, anon, authenticated, service_role;
   grant select on table public.notes to authenticated;
   comment on table public.notes is 'what a user thinks';" \
  "select relacl::text ~ 'authenticated=r/' and relrowsecurity from pg_class where oid = 'notes'::regclass" t
goes 'a function of another body' "s/new.updated_at := now\\(\\);/new.updated_at := clock_timestamp();/" '' \
  "select prosrc ~ 'clock_timestamp' from pg_proc where oid = 'ingest.touch()'::regprocedure" t
goes 'a function with a semicolon on a line of its own' '' \
  $'create function ingest.one() returns int language plpgsql as $$\nbegin\n  return 1\n;\nend\n$$;\nrevoke all on function ingest.one() from public, anon, authenticated, service_role;' \
  'select ingest.one()' 1
goes 'a function with another result' \
  's/^create function ingest.finish_batch\(\) returns bigint/create function ingest.finish_batch() returns numeric/' '' \
  "select prorettype::regtype from pg_proc where oid = 'ingest.finish_batch()'::regprocedure" numeric
goes 'a trigger that fires otherwise' 's/^create trigger version before insert or update on public.documents/create trigger version before insert or update of name on public.documents/' ''
goes 'a trigger more and one less' '/^create trigger append_only_truncate/,/;$/d' \
  'create trigger later after insert on public.folders for each row execute function ingest.touch();' \
  "select string_agg(tgname, ' ' order by tgname) from pg_trigger where tgname in ('later', 'append_only_truncate')" later
goes 'the sign-up trigger under another name' 's/ingest_create_profile/ingest_make_profile/g' '' \
  "select tgname from pg_trigger where tgrelid = 'auth.users'::regclass and not tgisinternal" ingest_make_profile
goes 'a policy of another condition' "s/^create policy own_select on public.usage_events for select to authenticated/create policy own_select on public.usage_events for select to authenticated, service_role/" ''
goes 'a policy more' '' "create policy none on public.usage_events as restrictive for update to authenticated using (false);"
goes 'a grant more' '' 'grant update (author) on table public.documents to authenticated;' \
  "select has_column_privilege('authenticated', 'documents', 'author', 'update')" t
goes 'a view' '' "create view public.titles with (security_invoker = true) as select user_id, title from public.documents;
   revoke all on table public.titles from public, anon, authenticated, service_role; grant select on public.titles to authenticated;" \
  "select count(*) from titles" 30
goes 'grants and comments on columns of a view' '' \
  "create view public.titles with (security_invoker = true) as select user_id, title from public.documents;
   revoke all on table public.titles from public, anon, authenticated, service_role;
   grant select (title) on public.titles to authenticated; comment on column public.titles.title is 'as the file says';" \
  "select has_column_privilege('authenticated', 'titles', 'title', 'select'), has_column_privilege('authenticated', 'titles', 'user_id', 'select'),
     col_description('titles'::regclass, 2)" 't|f|as the file says'
goes 'a sequence, a domain, a dictionary and a configuration' '' \
  "create sequence ingest.numbers as int increment by 5; create domain ingest.short as text check (char_length(value) < 9);
   create text search dictionary ingest.plain (template = pg_catalog.simple, accept = false);
   create text search configuration ingest.words (copy = pg_catalog.english);
   alter text search configuration ingest.words alter mapping for asciiword with ingest.plain, english_stem;" \
  "select to_regclass('ingest.numbers') is not null" t
goes 'things that need each other, in the order of schema.sql' '' \
  "create function ingest.is_short(t text) returns boolean language sql immutable as 'select length(t) < 9';
   create domain ingest.short as text check (ingest.is_short(value));
   create table ingest.words (id serial primary key, word ingest.short);
   create view ingest.some_words as select id, word from ingest.words group by id;
   create function ingest.get_words() returns setof ingest.some_words language sql stable as 'select * from ingest.some_words';
   create function ingest.count_words() returns bigint language sql stable begin atomic select count(*) from ingest.get_words(); end;
   create materialized view ingest.sums as select ingest.count_words() as n;
   create unique index sums_n on ingest.sums (n);
   revoke all on function ingest.is_short(text), ingest.get_words(), ingest.count_words() from public;" \
  "insert into ingest.words (word) values ('a') returning id" 1
goes 'a row of plan limits more' "s/\\('enterprise', 10000\\);/('enterprise', 10000), ('team', 5000);/" '' \
  "select requests_per_month from ingest.plan_limits where plan = 'team'" 5000
goes 'a comment on a column' '' "comment on column public.documents.author is 'as the file says';"
goes 'another storage' '' 'alter table public.documents alter column title set storage external, alter column content_text set compression pglz;'
goes 'a constraint under another name' 's/constraint documents_failure_check/constraint documents_failed_check/' ''

edit 's/^  author          text,/  creator         text,/' '-- @rename column public.documents.author to creator'
push
is "$rc" 0 'a column with a note is renamed'
is "$(sql_in "$database" -c 'select count(creator) from documents')" 18 'its values are there'
then_equal 'a renamed column'
drop_database
edit 's/public\.agent_sessions/public.conversations/g;s/agent_sessions_activity/conversations_activity/' '-- @rename table public.agent_sessions to conversations'
push
is "$rc" 0 'a table with a note is renamed'
[ "$rc" = 0 ] || sed 's/^/# /' <<<"$out$err"
is "$(sql_in "$database" -c 'select count(*) from conversations')" 3 'its rows are there'
then_equal 'a renamed table'
drop_database
edit '' '-- @rename column of something'
push
is "$rc" 2 'a note that cannot be read is an error'
like "$err" 'cannot read "-- @rename column of something"' 'in words'
drop_database

refused 'a column less' drop-column '18 values in public.documents.author' '/^  author          text,/d' '' \
  "select count(*) from pg_attribute where attrelid = 'documents'::regclass and attname = 'author'" 0
refused 'a column renamed without a note' drop-column '18 values' 's/^  author          text,/  creator         text,/' ''
refused 'a column that is computed from now on' drop-column '18 values in public.documents.author' \
  "s/^  author          text,/  author          text generated always as (name || '!') stored,/" '' \
  "select count(*) from documents where author = name || '!'" 30
refused 'a narrower type' narrow-type '30 values of public.documents.title that do not fit' \
  's/^  title           text,/  title           varchar(6),/' '' "select distinct title from documents" 'Title '
refused 'NOT NULL where rows are null' not-null '12 rows in public.documents without author' \
  's/^  author          text,/  author          text not null,/' '' 'select count(*) from documents' 18
refused 'NOT NULL with a default to fill in' not-null '12 rows' \
  "s/^  author          text,/  author          text not null default 'unknown',/" '' \
  "select count(*) from documents where author = 'unknown'" 12
refused 'a CHECK that rows violate' check '6 rows in public.documents that violate it' \
  's/^  page_count      int check \(page_count >= 0\)/  page_count      int check (page_count <> 3)/' '' 'select count(*) from documents' 24
refused 'a unique index where rows are alike' unique '25 rows in public.documents that violate it' '' \
  'create unique index one_checksum on public.documents (checksum);' 'select count(*) from documents' 5
refused 'a foreign key that rows violate' foreign-key '30 rows in public.documents that violate it' '' \
  'alter table public.documents add constraint of_itself foreign key (user_id, id) references public.folders (user_id, id);' \
  'select count(*) from documents' 0
refused 'a policy less' drop-policy '30 rows in public.documents' '/^create policy own_delete on public.documents/,/;$/d' ''
refused 'no row level security' disable-rls '12 rows in public.agent_requests' '/^alter table public.agent_requests enable row level security;/d' '' \
  "select relrowsecurity from pg_class where oid = 'agent_requests'::regclass" f
refused 'a grant less' revoke 'takes access away' 's/^grant update \(name, folder_id\), delete on table public.documents to authenticated;//' '' \
  "select has_column_privilege('authenticated', 'documents', 'name', 'update')" f

fails 'a NOT NULL column without a default' 'the rows that are there would have no value' 's/^  author          text,/&\n  rating int not null,/' ''
fails 'a new column that is to be unique' 'add constraint documents_rank_key .*could not create unique index' \
  's/^  author          text,/&\n  rank int default 1 unique,/' ''
fails 'a schema.sql that is wrong' 'trying schema.sql beside the live schema.*nowhere' '' 'create index wrong on public.nowhere (x);'
fails 'a function whose body is wrong' 'trying schema.sql beside the live schema.*syntax error' '' \
  "create function ingest.wrong() returns int language sql as 'selec 1';"
fails 'a type of ranges' 'a kind of object that push cannot compare' '' 'create type ingest.span as range (subtype = date);'
fails 'an aggregate' 'a kind of object that push cannot compare' '' 'create aggregate public.total (int) (sfunc = int4pl, stype = int);'

# --- what was pushed once and is no longer in schema.sql -----------------------------------------

prior="create table ingest.seen (id int primary key, note text);
  create view ingest.notes as select note from ingest.seen;
  create type ingest.mood as enum ('good', 'bad');
  create sequence ingest.numbers;
  create function public.twice (n int) returns int language sql immutable as 'select 2 * n';
  create function ingest.thrice (n int) returns int language sql immutable as 'select 3 * n';"
fill="insert into ingest.seen select i, 'note' from generate_series(1, 7) i"
seen='create table ingest.seen (id int primary key, note text);'
notes='create view ingest.notes as select note from ingest.seen;'
mood="create type ingest.mood as enum ('good', 'bad');"
numbers='create sequence ingest.numbers;'
twice="create function public.twice (n int) returns int language sql immutable as 'select 2 * n';"
thrice="create function ingest.thrice (n int) returns int language sql immutable as 'select 3 * n';"

refused 'a table less, and a view of it' drop-table,drop-view '7 rows in ingest.seen' '' "$mood $numbers $twice $thrice" \
  "select to_regclass('ingest.seen') is null" t
refused 'a view less' drop-view 'whoever uses it loses it' '' "$seen $mood $numbers $twice $thrice"
refused 'a type less' drop-type 'whoever uses it loses it' '' "$seen $notes $numbers $twice $thrice"
refused 'a sequence less' drop-sequence 'whoever uses it loses it' '' "$seen $notes $mood $twice $thrice"
refused 'a function of the API less' drop-function 'whoever uses it loses it' '' "$seen $notes $mood $numbers $thrice"
goes 'a private function less' '' "$seen $notes $mood $numbers $twice" \
  "select to_regprocedure('ingest.thrice(int)') is null" t
goes 'a label more in a type' '' "$seen $notes $numbers $twice $thrice
  create type ingest.mood as enum ('better', 'it''s \"%s\"', 'good', 'bad', 'worse');" \
  "select array_to_string(enum_range(null::ingest.mood), ' ')" "better it's \"%s\" good bad worse"
fails 'a label less in a type' 'type ingest.mood cannot be changed in place' '' \
  "$seen $notes $numbers $twice $thrice create type ingest.mood as enum ('good');"
goes 'a wider column below a view' '' "$mood $numbers $twice $thrice
  create table ingest.seen (id bigint primary key, note text);
  create view ingest.notes as select note from ingest.seen;"
goes 'a function whose arguments have other names' '' "$seen $notes $mood $numbers $thrice
  create function public.twice (number int) returns int language sql immutable as 'select 2 * number';"
goes 'a view of other columns' '' "$seen $mood $numbers $twice $thrice
  create view ingest.notes as select id, note from ingest.seen;" 'select count(id) from ingest.notes' 7

prior='create table ingest.squares (id int primary key, square int generated always as (id * id) stored);'
fill='insert into ingest.squares select i from generate_series(1, 5) i'
goes 'a generated column that is a plain one from now on' '' 'create table ingest.squares (id int primary key, square int);' \
  'select sum(square) from ingest.squares' 55
goes 'another expression of a generated column' '' \
  'create table ingest.squares (id int primary key, square int generated always as (id * id + 1) stored);' \
  'select sum(square) from ingest.squares' 60

prior="create table ingest.\"o'Brien\" (\"I'd\" int primary key, t text);
  create table ingest.friends (of int references ingest.\"o'Brien\", name text);
  create text search dictionary ingest.plain (template = pg_catalog.simple, accept = true);
  grant select on ingest.friends to authenticated;"
fill="insert into ingest.\"o'Brien\" select i, 'x' from generate_series(1, 5) i; insert into ingest.friends values (3, 'a')"
goes 'an identity, and rows, of quoted names' '' "${prior/ int primary/ int generated always as identity primary}
  insert into ingest.\"o'Brien\" overriding system value values (9, 'nine');" \
  "insert into ingest.\"o'Brien\" (t) values ('six'); select string_agg(t, ' ' order by \"I'd\") from ingest.\"o'Brien\"" 'x x x x x six nine'
int_to_text=${prior/ int primary/ text primary}
goes 'another type on both sides of a foreign key' '' "${int_to_text/of int/of text}" \
  "select p.t from ingest.friends f join ingest.\"o'Brien\" p on p.\"I'd\" = f.of" x
goes 'a dictionary of other options' '' "${prior/true/false}"
goes 'a grant that may be passed on' '' "$prior grant select on ingest.friends to authenticated with grant option;"

done_testing
