# pooler.sh: pgbouncer in transaction mode, as hosted databases offer it. After tests/lib.sh.
# shellcheck shell=bash disable=SC2154,SC2034 # $scratch is lib.sh's, $pooler and $why are the test's

# start_pooler SOCKET_FOLDER USER [POOL_SIZE]: sets $pooler (HOST:PORT) in front of the server of that
# socket. One server connection a database unless said otherwise: whatever a client leaves in its
# session, the next one meets. Whoever connects becomes USER. Returns 1 with the reason in $why.
start_pooler () {
  local folder owner port as=()
  if ! command -v pgbouncer >/dev/null; then why='pgbouncer is not installed'; return 1; fi
  folder=$(mktemp -d "$scratch/pooler.XXXXXX")
  cat >"$folder/ini" <<INI
[databases]
* = host=$1 user=$2
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 0
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${3:-1}
max_client_conn = 200
logfile = $folder/log
pidfile = $folder/pid
INI
  if [ "$(id -u)" = 0 ]; then
    owner=$(stat -c %u "$1")
    chown -R "$owner" "$folder"
    as=(setpriv "--reuid=$owner" --clear-groups)
  fi
  [ ${#poolers[@]} -gt 0 ] || at_exit=(stop_poolers "${at_exit[@]}")
  poolers+=("$folder")
  for _ in $(seq 5); do
    port=$((20000 + RANDOM % 20000))
    sed -i "s/^listen_port = .*/listen_port = $port/" "$folder/ini"
    "${as[@]}" "$(command -v pgbouncer)" -d "$folder/ini" >/dev/null 2>&1
    pooler=127.0.0.1:$port
    ! pooler_answers "$folder" "postgresql://$2@$pooler/postgres" || return 0
  done
  why="pgbouncer does not answer: $(tail -1 "$folder/log" 2>&1)"
  return 1
}

# it goes into the background first and finds that the port is taken then; its server must be there too
pooler_answers () {
  for _ in $(seq 50); do
    sleep 0.1
    if [ -e "$1/pid" ]; then psql -XAtq "$2" -c 'select 1' >/dev/null 2>&1 && return 0
    elif tail -1 "$1/log" | grep -q FATAL; then return 1; fi
  done
  return 1
}

poolers=()
stop_poolers () {
  local folder
  for folder in "${poolers[@]}"; do
    kill "$(cat "$folder/pid" 2>/dev/null)" 2>/dev/null
  done
  poolers=()
  sleep 0.2
}

# session_state URL: what a session there would hand on to the pooler's next client. By its process
# id, equal states are of one and the same server connection.
session_state () {
  psql -XAtq "$1" -c "
    begin;
    select pg_backend_pid(), session_user, current_user, current_setting('role');
    select name, setting from pg_settings where source = 'session' order by name;
    select 'prepared', name from pg_prepared_statements;
    select 'cursor', name from pg_cursors where name <> '';
    select 'listening', c from pg_listening_channels() c;
    select 'temporary', pg_my_temp_schema() <> 0;
    select 'advisory lock', classid, objid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();
    commit"
}
