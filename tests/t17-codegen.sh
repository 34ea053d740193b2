#!/bin/bash
# ingest db codegen: what is committed is what the schema says, and it works.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

# codegen LANGUAGE: what the test's cluster says
codegen () { "$INGEST" db codegen --local --lang "$1" 2>/dev/null; }

# has LANGUAGE REGEX NAME: a line of what the cluster says is like that
has () {
  codegen "$1" | grep -qE -- "$2"
  ok $? "$3"
}

# fresh LANGUAGE FILE
fresh () {
  codegen "$1" >"$scratch/$1"
  codegen "$1" | cmp -s - "$scratch/$1"
  ok $? "$1: twice the same"
  diff "db/generated/$2" "$scratch/$1" >"$scratch/diff"
  ok $? "db/generated/$2 is what db/schema.sql says (else: make db-codegen)"
  head -20 "$scratch/diff" | sed 's/^/# /'
}

run "$INGEST" db codegen --lang cobol
is "$rc" 2 'an unknown language: 2'
like "$err" 'no code for "cobol".*c, typescript or drizzle' 'and which there are'

start_cluster
run "$INGEST" db codegen --local
is "$rc" 1 'C of a database without the schema: 1'
like "$err" 'ingest db push' 'and what to do about it'
"$INGEST" db push --local >/dev/null 2>&1
run "$INGEST" db codegen --local
like "$err" '^database: .*postgres as postgres' 'it says first which database'
is "$out" "$(codegen c)" 'C is what is meant without --lang'
fresh c schema-rows.h
fresh typescript database.types.ts
fresh drizzle schema.ts
run "$INGEST" db codegen --local --output "$scratch/out.h"
is "$rc $out" '0 ' '--output writes a file'
cmp -s "$scratch/out.h" db/generated/schema-rows.h; ok $? 'and the same into it'
run "$INGEST" db codegen --local --output "$scratch/nowhere/out.h"
is "$rc" 1 'a file that cannot be written: 1'
like "$err" 'nowhere/out\.h.* cannot be written' 'it is named'
if [ -w /dev/full ]; then
  "$INGEST" db codegen --local >/dev/full 2>/dev/null
  is $? 1 'a full disk is noticed'
fi
if command -v clang-format >/dev/null; then
  clang-format --dry-run -Werror db/generated/schema-rows.h 2>/dev/null
  ok $? 'the header is in the house style'
else
  skip 'the header is in the house style' 'clang-format is not installed'
fi

# no column list, value or limit of the schema is written by hand beside it
loader=(db/{columns,copy,item,load,lookup,main,report,rows,search}.c ingest/{cmd-add,cmd-search,pipeline}.c)
is "$(grep -nE '"(pending|in_progress|completed|queued|cancelled|past_due)"' "${loader[@]}")" '' 'no status of the schema stands elsewhere in C'
is "$(grep -nE '\b(65536|2048|255)\b' "${loader[@]}")" '' 'and no limit'
is "$(grep -nE '(insert into|copy|update) public\.' "${loader[@]}")" '' 'and no list of columns to write'

# what is generated writes what it is given
user=$(psql_local -c "insert into auth.users (email) values ('a@example.org') returning id")
psql_local -c 'delete from user_profiles' -c 'create table encoded (n numeric, t text, b bool, i int2, f float4, g float8, d date, ta text[], ua uuid[])'
DATABASE_URL=$local_url run "$BUILD/tests/write-rows" "$user"
is "$rc" 0 'a row of each table goes in by COPY'
[ "$rc" = 0 ] || sed 's/^/# /' <<<"$err"
is "$(psql_local -c 'select first_name, last_name, plan, subscription_status from user_profiles')" 'Ada||pro|past_due' 'user_profiles'
is "$(psql_local -c 'select path from folders')" 'Folder' 'folders'
is "$(psql_local -c "select content_text = repeat('x', 200001) || 'tail', get_byte(checksum, 0), octet_length(checksum), file_size, page_count is null, source_mtime = 'epoch'::timestamptz + interval '1234567890.123456 s', warnings = array['a,b', 'c \"d\"', E'e\\\\f', 'NULL', '', '{ü}'], bucket is null, partial from documents")" 't|255|32|5000000000|t|t|t|t|f' 'documents'
is "$(psql_local -c "select position, content, page_first, heading_path = array['a,b', 'c \"d\"', E'e\\\\f', 'NULL', '', '{ü}'], heading_path = '{}' from document_chunks order by position")" "0|prefix and text|7|t|f
1|prefix and text||f|t" 'document_chunks, after an UPDATE of both'
is "$(psql_local -c "select context_state, status from agent_sessions")" '{"a": [1]}|archived' 'agent_sessions'
is "$(psql_local -c "select status, progress, cardinality(context_chunk_ids), results is null from agent_requests")" 'running|100|2|t' 'agent_requests'
is "$(psql_local -c "select quantity, unit, cost is null, metadata from usage_events where kind = 'test'")" '10000.05|page|t|{}' 'usage_events'
is "$(psql_local -c 'select count(*) from encoded where n = t::numeric and n::text = t::numeric::text')" 8 'numerics of all shapes'
is "$(psql_local -c "select distinct b, i, f, g, d, ta, ua from encoded where n is not null")" 't|-2|0.5|-1e+300|2023-12-25|{}|{01000000-0000-0000-0000-000000000000,02000000-0000-0000-0000-000000000000}' 'the types that no table of ours has'
is "$(psql_local -c 'select count(*) from encoded where num_nulls(n, t, b, i, f, g, d, ta, ua) = 9')" 1 'and all of them null'
psql_local -c 'drop table encoded'

# what the app adds is in the app's files and not in ours
psql_local -f tests/clients/app.sql -c 'alter extension citext set schema public'
ok $? 'the app adds tables, columns, types, views, functions'
codegen c | cmp -s - db/generated/schema-rows.h
ok $? 'C is as it was'
has typescript '^ +embedding: number\[\] \| null$' 'TypeScript has a column of the app in our table'
has typescript '^      teams: \{$' 'a table of the app'
has typescript '^      team_sizes: \{$' 'a view'
has typescript '^ +mood: "calm" \| "it'"'"'s \\"fine\\"" \| "back`tick \$\{x\}"$' 'an enum'
has typescript '^ +words\?: never$' 'a generated column that nobody writes'
has typescript '^ +"Reviewed By": string \| null$' 'a name that needs quotes'
is "$(codegen typescript | grep -E 'on_team|citext_|tidy')" '' 'no trigger function, none of an extension, no procedure'
has drizzle '^  embedding: pg\.doublePrecision\("embedding"\)\.array\(\),$' 'drizzle has a column of the app in our table'
has drizzle '^export const teams = pg\.pgTable\("teams", \{$' 'a table of the app'
has drizzle '^export const teamSizes = pg\.pgView\(' 'a view'
has drizzle '^export const mood = pg\.pgEnum\("mood", \["calm", ' 'an enum'
has drizzle '^const app = pg\.pgSchema\("app"\)' 'a type of another schema'

# a schema that is not the program's has no C
psql_local -c 'alter table documents rename column etag to tag'
run "$INGEST" db codegen --local
is "$rc" 1 'a column is missing: 1'
like "$err" 'no column public\.documents\.etag.*ingest db push' 'it is named'
psql_local -c 'alter table documents rename column tag to etag' -c "alter table documents alter column etag type point using null"
run "$INGEST" db codegen --local
like "$err" 'public\.documents\.etag is of type point, which has no place in C' 'a type that C cannot send is named'

done_testing
