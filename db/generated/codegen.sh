#!/bin/bash
# codegen.sh INGEST [FOLDER]: pushes schema.sql into a cluster made for it and writes what
# `ingest db codegen` says of that into FOLDER (else here). Through make db-codegen.
set -eu
ingest=$(realpath "$1")
folder=$(realpath "${2:-$(dirname "$0")}")
export INGEST_LOCAL_DIR
INGEST_LOCAL_DIR=$(mktemp -d /tmp/ingest-codegen.XXXXXX)
trap '"$ingest" db remove --local --yes >/dev/null || rmdir "$INGEST_LOCAL_DIR"' EXIT
trap 'exit 129' HUP INT TERM

"$ingest" db push --local >/dev/null
"$ingest" db codegen --local --lang c --output "$folder/schema-rows.h"
"$ingest" db codegen --local --lang typescript --output "$folder/database.types.ts"
"$ingest" db codegen --local --lang drizzle --output "$folder/schema.ts"
