#!/bin/bash
# What is built: who links what, versions, help.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

needs () { readelf -d "$BUILD/$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | tr '\n' ' '; }

unlike "$(needs ingest-extract)" 'libpq|libcurl|libmicrohttpd' 'the worker links no network library'
unlike "$(needs ingest-chunk)" 'libpq|poppler|libxml2' 'ingest-chunk links no libpq'
unlike "$(needs ingest-load)" 'poppler|libxml2' 'ingest-load links no parser'
unlike "$(needs ingest)" 'poppler|libxml2|libmagic' 'ingest links no parser: hostile bytes stay in the worker'
like "$(needs ingest)" 'libpq' 'ingest links libpq'

for program in ingest ingest-extract ingest-chunk ingest-load; do
  run "$BUILD/$program" --version
  is "$rc" 0 "$program --version ends with 0"
  like "$out" '^[a-z-]+ [0-9]+\.[0-9]+\.[0-9]+' "$program --version says which"
  run "$BUILD/$program" --help
  is "$rc" 0 "$program --help ends with 0"
  like "$out" 'Exit codes' "$program --help documents the exit codes"
  run "$BUILD/$program" --no-such-option
  is "$rc" 2 "$program refuses an unknown option with 2"
  like "$err" '^ingest' "$program says who refuses"
done

for command in add search extract chunk load db; do
  run "$INGEST" "$command" --help
  is "$rc" 0 "ingest $command --help ends with 0"
  like "$out" 'Usage' "ingest $command --help shows how it is used"
done

run "$INGEST"
is "$rc" 2 'no arguments: 2'
like "$err" 'ingest FILE\.\.\. --folder' 'no arguments: says how it reads'

case $(basename "$BUILD") in
  release | debug)
    run "$BUILD/ingest-extract" --version
    unlike "$out" 'leaves out|drops' 'this build leaves nothing out of the sandbox' ;;
  asan | cov)
    run "$BUILD/ingest-extract" --version
    like "$out" 'leaves out: .*(address space|coverage)' 'an instrumented build says what it leaves out of the sandbox' ;;
  *) skip 'what the build leaves out of the sandbox' 'not a named build' ;;
esac

done_testing
