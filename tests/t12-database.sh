#!/bin/bash
# Which database, and how it can fail: said in words, with the next step.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
file=$scratch/note.txt
echo 'A note about lighthouses.' >"$file"

# fails RC REGEX NAME: what `run` just did
fails () { is "$rc" "$1" "$3: exit $1"; like "$err" "$2" "$3: in words"; }

run "$INGEST" "$file" --folder F --user x
fails 2 'no database is configured.*DATABASE_URL.*--local' 'no database'
DATABASE_URL='postgresql://u:s3cret@local host:x/y' run "$INGEST" "$file" --folder F --user x
fails 2 'DATABASE_URL is not a connection string' 'a malformed DATABASE_URL'
unlike "$out$err" 's3cret' 'the password is not shown'
for host in localhost 127.0.0.1 127.8.8.8 '[::1]' '%2Ftmp' 0.0.0.0; do
  DATABASE_URL="postgresql://u:s3cret@$host/d" run "$INGEST" "$file" --folder F --user x
  fails 2 'is on this machine.*allow_local = true' "local address $host"
  unlike "$out$err" 's3cret' "the password is not shown ($host)"
done
DATABASE_URL='postgresql:///d' run "$INGEST" "$file" --folder F --user x
fails 2 'is on this machine' 'no host is the local socket'
PGHOST=/tmp run "$INGEST" "$file" --folder F --user x
fails 2 'is on this machine' 'PGHOST is looked at too'
DATABASE_URL='postgresql://a.example,localhost/d' run "$INGEST" "$file" --folder F --user x
fails 2 'is on this machine' 'one local host in a list is enough'
export INGEST_DATABASE_ALLOW_LOCAL=true
DATABASE_URL='postgresql://u@127.0.0.1:1/d' run "$INGEST" "$file" --folder F --user x
fails 4 'cannot connect.*127\.0\.0\.1:1.*try again later' 'nobody listens'
DATABASE_URL='postgresql://u@db.invalid/d' run "$INGEST" "$file" --folder F --user x
fails 4 'cannot connect.*db\.invalid' 'a host that is not known'

start_cluster
export DATABASE_URL=$local_url
run "$INGEST" "$file" --folder F --user x
fails 1 'no tables of ingest yet.*ingest db push' 'schema missing'
run "$INGEST" search x --user x
fails 1 'ingest db push' 'schema missing, searching'
run "$INGEST" db push
is "$rc" 0 'push over DATABASE_URL'
like "$err" '^database: .*postgres as postgres' 'it says first which database'
run "$INGEST" "$file" --folder F
fails 2 'no user is given.*--user.*INGEST_USER' 'no user'
user=$(psql_local -c "insert into auth.users (email) values ('a@example.org') returning id")
export INGEST_USER=$user
run "$INGEST" "$file" --folder F
is "$rc" 0 'it loads over DATABASE_URL'

psql_local -c "comment on schema ingest is 'ingest 0.0.1 schema 00'"
run "$INGEST" "$file" --folder F
fails 1 'another one than this program.*ingest 0\.0\.1.*ingest db push' 'a schema of another program'
run "$INGEST" db push
is "$rc" 0 'push brings it up to date'
run "$INGEST" "$file" --folder F
is "$rc" 0 'and it loads again'
psql_local -c 'drop schema ingest cascade' 2>/dev/null
run "$INGEST" db push
fails 1 'tables of these names.*documents' 'tables in the way are named'
psql_local -c 'drop table user_profiles, folders, documents, document_chunks, agent_sessions, agent_requests, usage_events cascade' -c 'drop function search_documents' 2>/dev/null
run "$INGEST" db push
is "$rc" 0 'push again'

# roles, over a real password and TCP
port=$((20000 + RANDOM % 20000))
psql_local -c "create role writer login password 'right'" -c "create role reader login password 'right'" \
  -c "grant service_role to writer" -c 'alter role writer bypassrls' -c 'grant usage on schema ingest to reader' \
  -c "alter system set listen_addresses = '127.0.0.1'" -c "alter system set port = $port"
printf 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n' >"$INGEST_LOCAL_DIR/data/pg_hba.conf"
"$INGEST" db stop --local
as_owner () { if [ "$(id -u)" = 0 ]; then setpriv --reuid="$(stat -c %u "$INGEST_LOCAL_DIR/data")" --regid="$(stat -c %g "$INGEST_LOCAL_DIR/data")" --clear-groups "$@"; else "$@"; fi; }
bin=$(dirname "$(find /usr/lib/postgresql/*/bin/pg_ctl | sort -V | tail -1)")
as_owner "$bin/pg_ctl" start -w -s -D "$INGEST_LOCAL_DIR/data" -l "$INGEST_LOCAL_DIR/postgres.log"
tcp=127.0.0.1:$port/postgres
DATABASE_URL="postgresql://writer:wr0ng@$tcp" run "$INGEST" "$file" --folder F
fails 2 'password authentication failed.*28P01.*check user, password' 'a wrong password'
unlike "$out$err" 'wr0ng' 'the wrong password is not shown'
DATABASE_URL="postgresql://writer:right@127.0.0.1:$port/nothere" run "$INGEST" "$file" --folder F
fails 2 'does not exist.*3D000' 'a database that is not there'
DATABASE_URL="postgresql://reader:right@$tcp" run "$INGEST" "$file" --folder F
fails 1 'permission denied.*42501|42501' 'a role without rights'
psql_socket () { psql -XAtq "host=$INGEST_LOCAL_DIR port=$port user=postgres dbname=postgres" "$@"; }
psql_socket -c 'grant select (id, email) on auth.users to writer'
echo 'A second note.' >>"$file"
DATABASE_URL="postgresql://writer:right@$tcp" run "$INGEST" "$file" --folder F
is "$rc" 0 'a member of service_role with BYPASSRLS loads'
[ "$rc" = 0 ] || sed 's/^/# /' <<<"$err"
psql_socket -c 'alter role writer nobypassrls'
echo 'A third note.' >>"$file"
DATABASE_URL="postgresql://writer:right@$tcp" run "$INGEST" "$file" --folder G
[ "$rc" != 0 ]; ok $? 'without BYPASSRLS it does not'
like "$err" 'row-level security|permission' 'and says why'
as_owner "$bin/pg_ctl" stop -s -m immediate -D "$INGEST_LOCAL_DIR/data"
DATABASE_URL="postgresql://writer:right@$tcp" run "$INGEST" "$file" --folder F
fails 4 'cannot connect' 'the database is down'


# the private database is this one and no other
export INGEST_LOCAL_DIR=$scratch/other
unset DATABASE_URL
PGHOSTADDR=192.0.2.1 PGPORT=1 PGSSLMODE=verify-full PGDATABASE=elsewhere run "$INGEST" db push --local
is "$rc" 0 '--local does not look at PGHOSTADDR, PGPORT, ...'
run "$INGEST" db push --local
is "$out" 'nothing to do' 'and is the same database without them'
pid=$(head -1 "$INGEST_LOCAL_DIR/data/postmaster.pid")
if [ -r "/proc/$pid/environ" ]; then
  unlike "$(tr '\0' '\n' <"/proc/$pid/environ")" 'PGHOSTADDR|PGPASSWORD|DATABASE_URL' 'the server keeps none of our environment'
else
  skip 'the server keeps none of our environment' 'its environment cannot be read'
fi
"$INGEST" db stop --local
made_by=$(cat "$INGEST_LOCAL_DIR/data/PG_VERSION")
echo 9 >"$INGEST_LOCAL_DIR/data/PG_VERSION"
run "$INGEST" db start --local
fails 2 "was made by PostgreSQL 9, but the server in .* is $made_by; install PostgreSQL 9" 'a cluster of another major version'
echo "$made_by" >"$INGEST_LOCAL_DIR/data/PG_VERSION"
# two majors beside each other, the newer one being no server at all
mkdir -p "$scratch/debian/$made_by" "$scratch/debian/99/bin"
printf '#!/bin/sh\nexit 1\n' | tee "$scratch/debian/99/bin/"{initdb,pg_ctl,postgres} >/dev/null
chmod -R 755 "$scratch/debian"
debian=/usr/lib/postgresql
sees_both () {
  # shellcheck disable=SC2016 # expanded inside
  unshare --mount sh -c 'both=$0 own=$1 debian=$2; shift 2
    mount --bind "$debian/$own" "$both/$own" && mount --rbind "$both" "$debian" && "$@"' "$scratch/debian" "$made_by" $debian "$@"
}
if [ "$bin" = "$debian/$made_by/bin" ] && sees_both true 2>/dev/null; then
  run sees_both "$INGEST" db start --local
  is "$rc" 0 'with a newer server beside it, its own starts it'
else
  skip 'with a newer server beside it, its own starts it' 'folders cannot be mounted here'
fi
run "$INGEST" db remove --local
is "$rc" 2 'remove without --yes is refused'
run "$INGEST" db remove --local --yes
is "$rc" 0 'remove --yes'
[ ! -e "$INGEST_LOCAL_DIR" ]; ok $? 'nothing of it is left'
mkdir -p "$INGEST_LOCAL_DIR/data"; echo precious >"$INGEST_LOCAL_DIR/data/file"
run "$INGEST" db remove --local --yes
is "$rc" 2 'a folder that is no cluster is not removed'
is "$(cat "$INGEST_LOCAL_DIR/data/file")" precious 'what is in it stays'
run "$INGEST" db start --local
is "$rc" 2 'nor is it taken for one'

done_testing
