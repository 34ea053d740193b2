#!/bin/bash
# Passwords come from a file, open what they open, and are seen nowhere else.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

EXTRACT=$INGEST_BUILD/ingest-extract
locked=fixtures/hostile/encrypted.pdf # opens with "secret"
passwords=$scratch/passwords
printf 'wrong\r\n\nzw\xc3\xb6lf\nsecret\n' >"$passwords"
printf 'wrong\n' >"$scratch/wrong"
printf 'secret' >"$scratch/one"

run "$EXTRACT" "$locked"
is "$rc" 3 'without a password: 3'
like "$err" 'encrypted.*--password-file' 'it says what to do'
run "$EXTRACT" --password-file "$passwords" "$locked"
is "$rc" 0 'with a file of passwords: 0'
like "$out" 'Northwind' 'its text is there'
run "$EXTRACT" --password-file "$scratch/one" "$locked"
is "$rc" 0 'a last line without its end counts'
run env INGEST_EXTRACT_PASSWORD_FILE="$passwords" "$EXTRACT" "$locked"
is "$rc" 0 'the environment may name the file'
run "$INGEST" extract --password-file "$passwords" "$locked"
is "$rc" 0 'ingest extract takes it, too'
printf '[extract]\npassword_file = %s\n' "$passwords" >"$scratch/pipeline.ini"
run "$INGEST" extract --config "$scratch/pipeline.ini" "$locked"
is "$rc" 0 'and pipeline.ini'
run "$EXTRACT" --password-file "$scratch/wrong" --json "$locked"
is "$rc" 3 'none that fits: 3'
is "$(jq -r .outcome <<<"$out")" encrypted 'the outcome is encrypted'
case $out$err in *wrong*) false ;; esac
ok $? 'no password is printed'

run "$EXTRACT" --password-file "$scratch/none" "$locked"
is "$rc" 2 'a password file that is not there: 2'
like "$err" 'scratch|none.*cannot be read' 'it is named'
head -c 40000 /dev/zero | tr '\0' 'x' >"$scratch/long"
run "$EXTRACT" --password-file "$scratch/long" "$locked"
is "$rc" 2 'one that is too long: 2'
head -c 40 /dev/zero >"$scratch/binary"
run "$INGEST" "$locked" --folder X --local --password-file "$scratch/binary"
is "$rc" 2 'one that is no text: 2'

start_cluster
run "$INGEST" "$locked" --folder Locked --local
is "$rc" 3 'ingest without it: 3'
run "$INGEST" "$locked" --folder Locked --local --password-file "$passwords"
is "$rc" 0 'ingest with it: 0'
like "$out" '^changed' 'what had failed is loaded'
is "$(psql_local -c "select count(*) from documents where content_text like '%Northwind%'")" 1 'its text is in the database'
is "$(psql_local -c "select count(*) from documents d where d::text like '%secret%'")" 0 'the password is not'

done_testing
