#!/bin/bash
# What the documents name exists.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

missing=$(grep -oE '\b(t[0-9]{2}|[0-9]{2}-[a-z]+\.pg|test-[a-z]+)\b' DESIGN.md | sort -u | while read -r name; do
  compgen -G "tests/$name*" >/dev/null || echo "$name"
done)
is "$missing" '' 'DESIGN.md names tests that are there'
missing=$(grep -oE 'make [a-z-]+' README.md | sort -u | while read -r _ target; do
  grep -qE "^[a-z -]*\b$target\b[a-z -]*:" Makefile || echo "$target"
done)
is "$missing" '' 'README.md names make targets that are there'
difference=$(tests/formats.sh check "$INGEST_BUILD")
is "$difference" '' 'the table of formats in README.md is what is read (make readme-formats writes it)'
for command in add search extract chunk load db; do
  grep -q "ingest $command\|ingest-$command" ingest.1 2>/dev/null
  ok $? "the man page has $command"
done
if command -v man >/dev/null; then
  is "$(man --warnings -l ingest.1 2>&1 >/dev/null)" '' 'the man page has no warnings'
else
  skip 'the man page has no warnings' 'man is not installed'
fi

done_testing
