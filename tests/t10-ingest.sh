#!/bin/bash
# The main job: files in, rows in the database, found by search.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
start_cluster

docs=$scratch/docs
mkdir "$docs"
cat >"$docs/heron.md" <<'X'
# Birds of the river

## The grey heron

The grey heron stands motionless in shallow water and waits for fish.

## The kingfisher

A kingfisher dives headlong after minnows from a low branch.
X
printf 'Dear Ms Lindqvist,\n\nthe turbine in hall seven was replaced on Tuesday.\n' >"$docs/letter.txt"
printf '<html><head><title>Handbook</title></head><body><h1>Leave</h1><p>Everyone has thirty days of <b>holiday</b>.</p></body></html>' >"$docs/handbook.html"
gzip -k "$docs/letter.txt"
mv "$docs/letter.txt.gz" "$docs/packed.txt.gz"

run "$INGEST" "$docs"/heron.md "$docs"/letter.txt "$docs"/handbook.html "$docs"/packed.txt.gz --folder Nature/Birds --local
is "$rc" 0 'loading four files ends with 0'
is "$(grep -c '^loaded ' <<<"$out")" 4 'one line a file: loaded'
like "$out" 'heron\.md .*[0-9]+ chunks? +[0-9]+ characters +[0-9.]+ m?s' 'the line has chunks, characters and time'
like "$err" '^4 files: 4 loaded' 'the summary counts them'

is "$(psql_local -c 'select count(*) from documents where indexing_status = '"'completed'")" 4 'four completed documents'
is "$(psql_local -c 'select string_agg(path, $$,$$ order by path) from folders')" 'Nature,Nature/Birds' 'folders are made, with those above'
is "$(psql_local -c "select count(*) from document_chunks c join documents d on d.id = c.document_id
  where c.content <> left(c.content, c.prefix_chars) ||
    substr(d.content_text, c.start_char + 1, c.end_char - c.start_char)")" 0 'spans are true'
is "$(psql_local -c "select count(*) from document_chunks where search_vector is null or search_vector = ''")" 0 'every chunk has its vector'

run "$INGEST" search kingfisher --local
is "$rc" 0 'search ends with 0'
like "$out" '^1\. Nature/Birds/heron\.md' 'search names folder and document'
like "$out" '^   Birds of the river$' 'search shows the headings that all of the chunk is under'
like "$out" '\*\*kingfisher\*\*' 'search highlights the word'
run "$INGEST" search herons waiting --local --json
is "$(jq -r .name <<<"$out" | head -1)" heron.md 'search stems words'
is "$(jq -r '.content[.start_char - .start_char:] | length > 0' <<<"$out" | head -1)" true '--json has the content'
run "$INGEST" search turbine --folder Nature --local
like "$out" 'letter\.txt' 'a folder includes those below it'
run "$INGEST" search turbine --folder Elsewhere --local
unlike "$out" 'letter' 'another folder does not'
run "$INGEST" search zyzzyva --local
is "$rc" 0 'nothing found is no error'
like "$err" 'nothing found' 'and is said'

before=$(psql_local -c 'select sum(xmin::text::bigint) from (select xmin from documents union all select xmin from document_chunks union all select xmin from folders) t')
run "$INGEST" "$docs"/heron.md "$docs"/letter.txt "$docs"/handbook.html "$docs"/packed.txt.gz --folder Nature/Birds --local
is "$rc" 0 'the same again ends with 0'
is "$(grep -c '^unchanged ' <<<"$out")" 4 'all unchanged'
is "$(psql_local -c 'select sum(xmin::text::bigint) from (select xmin from documents union all select xmin from document_chunks union all select xmin from folders) t')" "$before" 'no row was touched'

# a new version keeps the chunks that did not change
mkdir "$docs/v"
for i in $(seq 1 60); do printf '# Part %d\n\n%s\n\n' "$i" "$(yes "Sentence of part $i goes on and on." | head -40 | tr '\n' ' ')"; done >"$docs/v/long.md"
"$INGEST" "$docs/v/long.md" --folder V --local >/dev/null
psql_local -c 'alter table document_chunks add column embedding text' -c "update document_chunks set embedding = 'kept ' || id"
n=$(psql_local -c "select count(*) from document_chunks c join documents d on d.id = c.document_id where d.name = 'long.md'")
id=$(psql_local -c "select id from documents where name = 'long.md'")
sed -i '3s/^/A new first sentence. /' "$docs/v/long.md"
run "$INGEST" "$docs/v/long.md" --folder V --local --json
is "$(jq -r .result <<<"$out")" changed 'new content under the same name is a new version'
is "$(jq -r .document_id <<<"$out")" "$id" 'of the same document'
kept=$(psql_local -c "select count(*) from document_chunks where document_id = '$id' and embedding = 'kept ' || id")
[ "$kept" -ge $((n - 2)) ]; ok $? "unchanged chunks keep their id and the app's column ($kept of $n)"
is "$(psql_local -c "select count(*) from document_chunks c join documents d on d.id = c.document_id
  where c.content <> left(c.content, c.prefix_chars) || substr(d.content_text, c.start_char + 1, c.end_char - c.start_char)")" 0 'spans are true after the change'
is "$(psql_local -c "select count(distinct position) = max(position) + 1 from document_chunks where document_id = '$id'")" t 'positions have no gap'
psql_local -c 'alter table document_chunks drop column embedding'

# the end state does not depend on the way
changed=$(rows_hash)
psql_local -c 'delete from folders'
"$INGEST" "$docs"/heron.md "$docs"/letter.txt "$docs"/handbook.html "$docs"/packed.txt.gz --folder Nature/Birds --local >/dev/null 2>&1
"$INGEST" "$docs/v/long.md" --folder V --local >/dev/null
is "$(rows_hash)" "$changed" 'loaded anew, the rows are those of the change'

# a moved document keeps its id; the next file of that path gets another
psql_local -c "update documents set folder_id = (select id from folders where path = 'Nature') where name = 'long.md'"
run "$INGEST" "$docs/v/long.md" --folder V --local --json
is "$(jq -r .result <<<"$out")" loaded 'a document that moved away is another one'
[ "$(jq -r .document_id <<<"$out")" != "$id" ]; ok $? 'with an id of its own'

# two at once end as one
psql_local -c 'delete from folders'
for i in 1 2 3 4; do "$INGEST" "$docs"/heron.md "$docs"/letter.txt "$docs"/handbook.html "$docs"/packed.txt.gz "$docs/v/long.md" --folder Same/Place --local >"$scratch/par.$i" 2>&1 & pids[i]=$!; done
rc=0; for i in 1 2 3 4; do wait "${pids[i]}" || rc=$?; done
is "$rc" 0 'four at the same time all end with 0'
is "$(psql_local -c 'select count(*) from documents')" 5 'and leave the rows of one'
is "$(psql_local -c 'select count(*) from (select document_id, position from document_chunks group by 1, 2 having count(*) > 1) t')" 0 'no chunk twice'

# users
other=$(psql_local -c "insert into auth.users (email) values ('Eve@Example.org') returning id")
run "$INGEST" "$docs/letter.txt" --folder Mine --user eve@example.org --local
is "$rc" 0 'a user by e-mail address, whatever the case'
is "$(psql_local -c "select count(*) from documents where user_id = '$other'")" 1 'the row is his'
run "$INGEST" search turbine --user "$other" --local
like "$out" 'Mine/letter' 'a user finds his own'
unlike "$out" 'Same/Place' "and nobody else's"
INGEST_USER=nobody@example.org run "$INGEST" search turbine --local
is "$rc" 2 'an unknown user: 2'
like "$err" 'no user nobody@example.org' 'an unknown user is named'

run "$INGEST" db drop --local </dev/null
is "$rc" 2 'drop without --yes and nobody to ask: refused'
like "$out" 'documents +6 rows' 'drop says what would be lost'
run "$INGEST" db drop --local --yes
is "$rc" 0 'drop --yes'
is "$(psql_local -c "select count(*) from pg_class where relnamespace in (select oid from pg_namespace where nspname in ('public', 'ingest', 'auth'))")" 0 'nothing of ours is left'
run "$INGEST" db push --local
like "$out" 'created the schema' 'push creates it again'
run "$INGEST" db push --local
is "$out" 'nothing to do' 'push again: nothing to do'
run "$INGEST" db url --local
is "$(psql -XAtq "$out" -c 'select 1')" 1 'db url --local works for psql'

done_testing
