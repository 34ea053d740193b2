#!/bin/bash
# run.sh BUILD quick|full: all tests, TAP under prove, against the programs in BUILD. `quick` has the
# ones that fit ten minutes and says what it leaves to `full`. Run it through make check, check-full.
set -eu
cd "$(dirname "$0")/.."
export INGEST_BUILD=$1 INGEST_TESTS=$2
export LC_ALL=C.UTF-8 ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

# nothing of the person's own settings may steer a test
unset DATABASE_URL INGEST_USER INGEST_CONFIG INGEST_LOCAL_DIR NO_COLOR
for variable in $(compgen -v PG || true); do unset "$variable"; done
export XDG_CONFIG_HOME=/nonexistent

[ "$INGEST_TESTS" = full ] || printf "# left to check-full: the corpus of real documents, most edits and damages of the schema and\n# most of the matrix of servers, libFuzzer, the sanitizers, lint\n"
mapfile -t programs < <(find "$INGEST_BUILD/tests" -maxdepth 1 -name 'test-*' -type f -executable | sort)
exec prove --timer --failures --jobs 2 --exec '' "${programs[@]}" tests/t*.sh
