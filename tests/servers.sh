#!/bin/bash
# servers.sh: PostgreSQL servers for tests, by their major version: 15 is Debian's; 17 and 18 come from
# npm (tests/servers/package.json) into build/servers, once. Sourced for find_server; run as a
# program it says where each one is.
# shellcheck shell=bash

server_majors=(15 17 18)
server_packages=tests/servers
server_cache=build/servers
fetch_failure= # once is enough to wait for a network that is not there

# find_server MAJOR: sets $bindir, the folder of initdb, pg_ctl and postgres, for INGEST_PG_BINDIR.
# Or returns 1 with the reason in $why.
find_server () {
  bindir=/usr/lib/postgresql/$1/bin
  why="Debian's postgresql-$1 is not installed"
  if [ "$1" != 15 ]; then
    fetch_servers || return 1
    bindir=$fetched/node_modules/postgres-$1/native/bin
    add_pgtap
  elif [ ! -x "$bindir/initdb" ]; then
    return 1
  fi
  server_runs || reachable_server "$1"
}

# The server refuses to be root; as whom `ingest db start --local` then runs it may not reach us.
server_runs () {
  local user as=()
  if [ "$(id -u)" = 0 ]; then
    user=$(getent passwd postgres || getent passwd nobody)
    as=(setpriv "--reuid=$(cut -d: -f3 <<<"$user")" "--regid=$(cut -d: -f4 <<<"$user")" --clear-groups)
  fi
  why=$("${as[@]}" "$bindir/postgres" --version 2>&1) && "${as[@]}" "$bindir/initdb" --version >/dev/null 2>&1
}

# a build folder that is closed to others: a copy in the test's own
reachable_server () {
  [ -n "${scratch:-}" ] || return 1
  local copy=$scratch/server-$1
  [ -e "$copy" ] || cp -r "$(dirname "$bindir")" "$copy"
  bindir=$copy/bin
  server_runs
}

# Sets $fetched. The folder is named after the lock file: other versions are another folder.
fetch_servers () {
  local sum new
  sum=$(sha256sum <$server_packages/package-lock.json)
  fetched=$PWD/$server_cache/${sum:0:16}
  [ ! -e "$fetched" ] || return 0
  if [ -n "$fetch_failure" ]; then why=$fetch_failure; return 1; fi
  if ! command -v npm >/dev/null; then why='npm is not installed'; return 1; fi
  mkdir -p $server_cache
  new=$fetched.new
  (
    flock 9 # tests run beside each other
    [ ! -e "$fetched" ] || exit 0
    rm -rf "$new" && mkdir "$new" && cp $server_packages/package{,-lock}.json "$new" && cd "$new" &&
      timeout 180 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 9>&- &&
      finish_servers && mv "$new" "$fetched"
  ) 9>$server_cache/lock >$server_cache/log 2>&1 && return 0
  fetch_failure="npm could not fetch them: $(grep -m1 -E 'npm (ERR!|error) .* ' $server_cache/log || tail -1 $server_cache/log)"
  why=$fetch_failure
  return 1
}

# What their install script does: libraries are known by several names, and npm keeps no symlinks.
finish_servers () {
  local server
  for server in node_modules/postgres-*; do
    (cd "$server" && node scripts/hydrate-symlinks.js) || return 1
  done
  chmod -R go+rX .
}

# pgTAP where Debian has it: it is plain SQL, for any major
add_pgtap () {
  local from=/usr/share/postgresql/15/extension to=${bindir%/bin}/share/postgresql/extension
  [ ! -e $from/pgtap.control ] || cp -u $from/pgtap{.control,--*.sql} "$to"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  cd "$(dirname "$0")/.." || exit 1
  for major in "${server_majors[@]}"; do
    if find_server "$major"; then echo "$major $bindir"; else echo "$major - $why"; fi
  done
fi
