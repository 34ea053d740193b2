#!/bin/bash
# formats.sh check|accept BUILD: README.md's table of formats against what the extractor says it reads;
# accept writes it there.
set -u
cd "$(dirname "$0")/.." || exit 1
begin='<!-- formats: make readme-formats writes what stands between these lines -->'
end='<!-- end of formats -->'

fresh=$(
  sed "/^$begin\$/q" README.md
  "$2/ingest-extract" --formats
  sed -n "/^$end\$/,\$p" README.md
)
if [ "$1" = accept ]; then
  printf '%s\n' "$fresh" >README.md
else
  diff -u README.md <(printf '%s\n' "$fresh")
fi
