#!/bin/bash
# The rules of the house that a program can check.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

# none COMMAND...: passes when it prints nothing
none () {
  local name=$1 found
  shift
  found=$("$@")
  [ -z "$found" ]
  ok $? "$name"
  [ -z "$found" ] || sed 's/^/# /' <<<"$found"
}

includes () { grep -nE '^#include' "$@" /dev/null; }

foreign_includes_of_chunker () {
  includes chunker/*.[ch] | grep -E 'include "(db|ingest)/|<libpq|<poppler|<libxml'
  # the library itself is GLib and ICU alone; readers and programs stand beside it
  local pure
  pure=$(printf '%s\n' chunker/*.[ch] | grep -vE '/(main|document-json|chunk-json|markdown)\.[ch]$')
  # shellcheck disable=SC2086
  includes $pure | grep -E '<(json-c|cmark)'
}
none 'chunker/ includes nothing of the database, the worker or the program' foreign_includes_of_chunker

foreign_includes_of_db () { includes db/*.[ch] db/*/*.[ch] | grep -E 'include "ingest/|<poppler|<libxml'; }
none 'db/ includes chunker/ and itself only' foreign_includes_of_db

foreign_includes_of_worker () {
  includes ingest/extract/*.[ch] ingest/extract/*/*.[ch] |
    grep -E 'include "(db/|chunker/(chunker|token)|ingest/[a-z-]+\.h)|<(libpq|curl|microhttpd)'
}
none 'the worker includes itself and the document model only' foreign_includes_of_worker

foreign_includes_of_program () {
  includes ingest/*.[ch] | grep -E 'include "ingest/extract/' |
    grep -vE '"ingest/extract/(client|extract)\.h"|"ingest/extract/frame\.h"'
}
none 'ingest/ knows the client of the worker, not its inside' foreign_includes_of_program

goto () { grep -nwE 'goto' -- */*.c */*/*.c */*/*/*.c; }
none 'no goto' goto

# a function starts at a { in the first column and ends at a } there
long_functions () {
  awk 'FNR == 1 { start = 0 }
       /^\{/ { start = FNR }
       /^\}/ { if (start && FNR - start > 100) print FILENAME ":" start ": " FNR - start " lines"; start = 0 }' \
    ./*/*.c ./*/*/*.c ./*/*/*/*.c
}
none 'no function over 100 lines' long_functions

long_files () { wc -l ./*/*.[ch] ./*/*/*.[ch] ./*/*/*/*.[ch] | awk '$2 != "total" && $1 > 600'; }
none 'no source file over 600 lines' long_files

ini_readers () { grep -lE 'GKeyFile|g_key_file' ./*/*.c ./*/*/*.c ./*/*/*/*.c | grep -vE '^\./(ingest/config|tests/.*)\.c$'; }
none 'only ingest/config.c reads pipeline.ini' ini_readers

codes () { grep -nE '(error|failure)->code *(==|!=)' ./*/*.c ./*/*/*.c ./*/*/*/*.c; }
none 'errors are compared with g_error_matches' codes

# what is static may change in main.c only; const tables may stand anywhere
mutable_globals () {
  grep -nE '^static [^(]*(=|;)' ./*/*.c ./*/*/*.c ./*/*/*/*.c |
    grep -vE '\bconst\b|^\./(chunker|db|ingest|ingest/extract)/main\.c|^\./tests/|G_DEFINE|sig_atomic_t'
}
none 'no mutable file-level variables outside main.c' mutable_globals

left_overs () { grep -nwE 'TODO|FIXME|XXX|HACK' ./*/*.[ch] ./*/*/*.[ch] ./*/*/*/*.[ch] db/*.sql db/*/*.sql tests/*.sh Makefile README.md | grep -v t00-house; }
none 'nothing is left for somebody else' left_overs

undocumented () {
  for header in ./*/*.h ./*/*/*.h ./*/*/*/*.h; do head -1 "$header" | grep -q '^/\*' || echo "$header"; done
}
none 'each header begins by saying what it is for' undocumented

done_testing
