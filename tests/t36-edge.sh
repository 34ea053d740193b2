#!/bin/bash
# The Edge Function of db/edge in Deno itself, against a receiver on loopback that verifies the signature
# by its own means.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
function=db/edge/ingest-webhook/index.ts

# Deno comes from npm, once; the folder is named after the lock file
find_deno () {
  local sum
  command -v npm >/dev/null || { why='npm is not installed'; return 1; }
  sum=$(sha256sum <tests/edge/package-lock.json)
  local folder=$PWD/build/edge/${sum:0:16}
  if [ ! -e "$folder" ]; then
    mkdir -p build/edge
    cp -r tests/edge "$scratch/edge"
    (cd "$scratch/edge" && timeout 180 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1) \
      >"$scratch/npm" 2>&1 || { why="npm could not fetch Deno: $(tail -1 "$scratch/npm")"; return 1; }
    # another test run may have been faster
    mv -T "$scratch/edge" "$folder" 2>/dev/null || [ -e "$folder" ] || { why="cannot write $folder"; return 1; }
  fi
  deno=$(find "$folder/node_modules/@deno" -name deno -type f -perm -u+x | head -1)
  "$deno" --version >/dev/null 2>&1 || { why='Deno does not run here'; return 1; }
}
why='curl is not installed'
if ! command -v curl >/dev/null || ! find_deno; then
  echo "1..0 # SKIP $why"
  exit 0
fi
export DENO_DIR=$scratch/deno DENO_NO_UPDATE_CHECK=1

run "$deno" check --quiet "$function"
is "$rc" 0 'it has no type error'
[ "$rc" = 0 ] || sed 's/^/# /' <<<"$err"
unlike "$(cat $function)" '(^|\s)import[ (]|from "' 'it imports nothing'

# --- a receiver, and the function in front of it ------------------------------------------------------------

key=$(head -c 32 /dev/urandom | base64)
next_key=$(head -c 32 /dev/urandom | base64)
sender=$(head -c 32 /dev/urandom | base64)
coproc receiver { exec python3 tests/receiver.py "$scratch/received" "$key"; }
# shellcheck disable=SC2154 # set by coproc
receiver_pid=$receiver_PID
# shellcheck disable=SC2154
read -r -t 10 port <&"${receiver[0]}" || { echo 'Bail out! no receiver'; exit 1; }
kill_children () { kill "$receiver_pid" ${function_pid:+"$function_pid"} 2>/dev/null; }
at_exit=(kill_children "${at_exit[@]}")
: >"$scratch/received"

# start_function PATH [NAME=VALUE...]: it forwards to that path of the receiver; sets $at
start_function () {
  local path=$1
  shift
  [ -z "${function_pid:-}" ] || { kill "$function_pid"; wait "$function_pid" 2>/dev/null; }
  at=$((20000 + RANDOM % 20000))
  env INGEST_WEBHOOK_URL="http://127.0.0.1:$port$path" INGEST_WEBHOOK_SECRET="whsec_$key" INGEST_EDGE_SECRET="$sender" \
    DENO_SERVE_ADDRESS="tcp:127.0.0.1:$at" "$@" \
    "$deno" run --quiet --no-prompt --allow-env --allow-net=127.0.0.1 "$function" >>"$scratch/log" 2>&1 &
  function_pid=$!
  for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$at") 2>/dev/null && return; sleep 0.1; done
  echo 'Bail out! the function does not start'
  exit 1
}

# post BODY [HEADER...]: sets $status and $answer
post () {
  local header headers=()
  for header in "${@:2}"; do headers+=(-H "$header"); done
  answer=$(curl -s -m 30 -w '\n%{http_code}' -H 'content-type: application/json' "${headers[@]}" --data-binary "$1" "http://127.0.0.1:$at/")
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
}
event='{"type": "INSERT", "table": "objects", "record": {"id": "1", "name": "u/räksmörgås.pdf", "bucket_id": "b"}, "schema": "storage", "old_record": null}'
known="x-ingest-secret: $sender"
received () { cut -d' ' -f"$1" "$scratch/received"; }

# --- an event goes through --------------------------------------------------------------------------------------

start_function /ok
post "$event" "$known"
is "$status" 202 'an event is accepted'
is "$(received 1,2,5)" '/ok signed application/json' 'it arrives, signed'
is "$(received 4)" "$(printf %s "$event" | sha256sum | cut -d' ' -f1)" 'byte for byte'
is "$(jq -r .id <<<"$answer")" "$(received 3)" 'the answer has its id'
post "$event" "$known"
is "$(received 3 | sort -u | wc -l)" 1 'the same event has the same id again'
post "${event/INSERT/DELETE}" "$known"
is "$(received 3 | sort -u | wc -l)" 2 'another one another'
posting=()
for i in 1 2 3 4 5 6 7 8; do
  post "${event/u\//u$i/}" "$known" &
  posting+=($!)
done
wait "${posting[@]}"
is "$(received 2 | sort | uniq -c | tr -s ' ')" ' 11 signed' 'eight at once'

# --- and nothing else does -------------------------------------------------------------------------------------

: >"$scratch/received"
for header in 'x-none: 1' 'x-ingest-secret: wrong' 'x-ingest-secret;' "x-ingest-secret: ${sender}x" "x-ingest-secret: ${sender%?}" \
  "authorization: Bearer $sender"; do
  post "$event" "$header"
  is "$status" 401 "refused: ${header/$sender/SECRET}"
done
for body in '' 'no json' '[]' 'null' '"objects"' '{"type": "INSERT", "table": "objects", "schema": "public"}' \
  '{"type": "INSERT", "table": "buckets", "schema": "storage"}' '{"type": "TRUNCATE", "table": "objects", "schema": "storage"}'; do
  post "$body" "$known"
  is "$status" 400 "no event: $body"
done
post $'{"type": "INSERT", "table": "objects", "schema": "storage", "x": "\xff"}' "$known"
is "$status" 400 'no event: not UTF-8'
{ printf '{"type": "INSERT", "table": "objects", "schema": "storage", "x": "'; head -c 1048576 /dev/zero | tr '\0' x; printf '"}'; } >"$scratch/large"
post "@$scratch/large" "$known"
is "$status" 413 'more than 1 MiB'
post "@$scratch/large" "$known" 'transfer-encoding: chunked'
is "$status" 413 'of a length that is not declared'
is "$(curl -s -m 10 -o "$scratch/out" -w '%{http_code}' -H "$known" "http://127.0.0.1:$at/")" 405 'GET'
is "$(cat "$scratch/received")" '' 'none of these went on'

# --- a receiver that is not well -------------------------------------------------------------------------------

start_function /flaky
post "$event" "$known"
is "$status" 202 'a receiver that fails twice gets it in the end'
is "$(received 1,2)" $'/flaky signed\n/flaky signed\n/flaky signed' 'signed each time'
is "$(received 3 | sort -u | wc -l)" 1 'as the same event'

: >"$scratch/received"
for path in /status/500 /status/429; do
  start_function $path
  post "$event" "$known"
  is "$status" 502 "a receiver that says ${path#/status/} for good: 502"
done
is "$(received 1 | sort | uniq -c | tr -s ' ')" $' 3 /status/429\n 3 /status/500' 'after three attempts each'

: >"$scratch/received"
for path in /status/401 /status/413 /moved; do
  start_function $path
  post "$event" "$known"
  is "$status" 502 "a receiver that refuses ($path): 502"
  like "$answer" 'the receiver answers (401|413|307)' 'with its status'
done
is "$(received 1)" $'/status/401\n/status/413\n/moved' 'after one attempt, and no redirect is followed'

: >"$scratch/received"
start_function /slow
began=${EPOCHREALTIME%.*}
post "$event" "$known"
took=$((${EPOCHREALTIME%.*} - began))
is "$status" 504 'a receiver that does not answer in time: 504'
is "$(wc -l <"$scratch/received")" 3 'after three attempts'
[ $took -ge 10 ] && [ $took -lt 15 ]; ok $? "that end by themselves ($took s)"

start_function /ok INGEST_WEBHOOK_URL="http://127.0.0.1:1/webhook"
post "$event" "$known"
is "$status" 504 'a receiver that is down: 504'

# --- secrets -----------------------------------------------------------------------------------------------------

: >"$scratch/received"
start_function /ok INGEST_WEBHOOK_SECRET="whsec_$next_key whsec_$key" INGEST_EDGE_SECRET="next-$sender $sender"
post "$event" "$known"
is "$status" 202 'while secrets are replaced the old sender is known'
post "$event" "x-ingest-secret: next-$sender"
is "$status" 202 'and the new one'
post "$event" "x-ingest-secret: next-$sender $sender"
is "$status" 401 'but not both as one'
is "$(received 2 | sort -u)" signed 'and a receiver of the old key verifies'
: >"$scratch/received"
start_function /ok INGEST_WEBHOOK_SECRET="whsec_$next_key"
post "$event" "$known"
is "$(received 2)" forged 'what another key signed does not verify: the receiver looks'

for setting in INGEST_WEBHOOK_URL= INGEST_WEBHOOK_URL=http://example.com/ INGEST_WEBHOOK_URL=nonsense INGEST_EDGE_SECRET= \
  INGEST_EDGE_SECRET=' ' INGEST_WEBHOOK_SECRET= "INGEST_WEBHOOK_SECRET=$key" 'INGEST_WEBHOOK_SECRET=whsec_c2hvcnQ=' \
  'INGEST_WEBHOOK_SECRET=whsec_!!!'; do
  start_function /ok "$setting"
  : >"$scratch/log"
  post "$event" "x-ingest-secret: ${setting#*=}"
  is "$status" 500 "not configured: ${setting/$key/KEY}"
  like "$(cat "$scratch/log")" "^${setting%%=*} is not" 'the log says which'
  unlike "$answer" 'INGEST_' 'the answer does not'
done
is "$(wc -l <"$scratch/received")" 1 'nothing is sent then'

start_function /status/500
post "$event" "$known"
post "$event" 'x-ingest-secret: wrong'
like "$(cat "$scratch/log")" 'msg_[0-9a-f]{32}: attempt 3: status 500' 'the log says what happened to which event'
grep -qFe "${key:0:20}" -e "${sender:0:20}" -e bucket_id -e "127.0.0.1:$port" "$scratch/log"
is $? 1 'and neither secrets, bodies nor addresses'
done_testing
