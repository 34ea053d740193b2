#!/bin/bash
# push.sh [BUILD] [RUNS]: how long `ingest db push` takes on a database that has the schema already, and
# as a bound how long psql takes to connect and ask one trivial question. Interleaved runs, medians;
# fails when a push takes a second or more.
set -eu
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build/release}") runs=${2:-11}
ingest=$build/ingest
[ -x "$ingest" ] || { echo "$ingest is missing: make V=release" >&2; exit 1; }

folder=$(mktemp -d /tmp/ingest-bench.XXXXXX)
chmod 755 "$folder"
trap '"$ingest" db remove --local --yes; rm -rf "$folder"' EXIT
export INGEST_LOCAL_DIR=$folder/pg INGEST_DATABASE_ALLOW_LOCAL=true
"$ingest" db start --local >/dev/null
DATABASE_URL=$("$ingest" db url --local)
export DATABASE_URL
"$ingest" db push >/dev/null 2>&1

# seconds COMMAND...: appends to the file that its first argument names
seconds () {
  local file=$1 start=$EPOCHREALTIME
  shift
  "$@" >"$folder/out" 2>&1
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", b - a }' >>"$folder/$file"
}
median () { sort -n "$folder/$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

for _ in $(seq "$runs"); do
  seconds psql psql -XAtq "$DATABASE_URL" -c 'select 1'
  seconds push "$ingest" db push
  grep -q 'nothing to do' "$folder/out" || { echo 'push: the schema was not unchanged' >&2; cat "$folder/out" >&2; exit 1; }
done
push=$(median push) psql=$(median psql)
awk -v push="$push" -v psql="$psql" -v runs="$runs" 'BEGIN {
  printf "ingest db push, nothing to do  %4.0f ms\npsql: connect and select 1     %4.0f ms\nratio %.1f; medians of %d interleaved runs\n",
         push * 1000, psql * 1000, push / psql, runs
  exit push >= 1 }'
