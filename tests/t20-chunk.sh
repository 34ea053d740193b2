#!/bin/bash
# The command line of ingest-chunk.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh
CHUNK=$BUILD/ingest-chunk

{
  printf '# Harbour\n\nShips come in.\n\n## Tides\n\n'
  for i in $(seq 60); do printf 'The tide rises at hour %d, and it is never late. ' "$i"; done
  printf '\n\n| port | depth |\n|---|---|\n'
  for i in $(seq 200); do printf '| Port %d | %d m |\n' "$i" "$i"; done
} >"$scratch/harbour.md"

run "$CHUNK" --help
is "$rc" 0 '--help: 0'
like "$out" '--json' '--help names the options'
run "$CHUNK" --version
is "$rc" 0 '--version: 0'
like "$out" 'chunker/[0-9]+ icu/.* target=450 max=512' '--version tells the settings'
unlike "$(ldd "$CHUNK")" 'libpq|libcurl|poppler' 'it links no database and no network'

run "$CHUNK" "$scratch/harbour.md"
is "$rc" 0 'for eyes: 0'
like "$out" 'Harbour' 'for eyes: the text'
like "$out" 'Tides' 'for eyes: the heading path'
run "$CHUNK" - <"$scratch/harbour.md"
is "$rc" 0 'standard input as -'
run "$CHUNK" <"$scratch/harbour.md"
is "$rc" 0 'standard input without a file'

# the stream
"$CHUNK" --json "$scratch/harbour.md" >"$scratch/chunks"
is "$?" 0 '--json: 0'
is "$(head -n 1 "$scratch/chunks" | grep -c '"document":{')" 1 'the first line has the document'
is "$(grep -c '"document":{' "$scratch/chunks")" 1 'no other has'
is "$(grep -c '"last":true' "$scratch/chunks")" 1 'one line is the last'
is "$(tail -n 1 "$scratch/chunks" | grep -c '"last":true')" 1 'the last line is'
like "$(tail -n 1 "$scratch/chunks")" '"content":"\| port \| depth \|' 'a table goes on under its header'
like "$(tail -n 1 "$scratch/chunks")" '"heading_path":\["Harbour","Tides"\]' 'the heading path'
like "$(head -n 1 "$scratch/chunks")" '"name":"harbour.md"' 'the name is the file name'
like "$(head -n 1 "$scratch/chunks")" "\"checksum\":\"$(sha256sum <"$scratch/harbour.md" | cut -d' ' -f1)\"" 'the checksum is that of the file'
"$CHUNK" --json "$scratch/harbour.md" | cmp -s - "$scratch/chunks"
is "$?" 0 'twice the same'

# stages: a document as JSON, several in a stream, failed ones among them
document='{"version":1,"name":"a.txt","format":"text","blocks":[{"kind":"paragraph","start_char":0,"end_char":2}],"text":"\u00e9a"}'
failed='{"version":1,"name":"b.pdf","error":{"code":"encrypted","message":"needs a password"}}'
run "$CHUNK" --json < <(printf '%s\n%s\n%s\n' "$document" "$failed" "$document")
is "$(grep -c '"last":true' <<<"$out")" 2 'two documents in one stream'
like "$out" '"end_char":2' 'spans count characters'
is "$(sed -n 2p <<<"$out" | grep -c '"encrypted"')" 1 'a failed file passes through, in its place'
run "$CHUNK" --json < <(printf '%s\n' '{"version":1,"name":"n","format":"text","blocks":[],"text":" \n"}')
is "$rc" 0 'a blank document: 0'
is "$(wc -l <<<"$out")" 1 'a blank document: one line'
unlike "$out" '"position"' 'a blank document: without chunks'
printf '{not json}\n' >"$scratch/brace.md"
run "$CHUNK" "$scratch/brace.md"
is "$rc" 0 'text that begins with a brace is text'

# sizes
run "$CHUNK" --stats --json "$scratch/harbour.md"
like "$err" 'median' '--stats --json: on standard error'
run "$CHUNK" --stats --target 32 --max 40 "$scratch/harbour.md"
like "$out" 'max (3[0-9]|40)$' '--max holds'

like "$(INGEST_CHUNKER_OVERLAP=20 "$INGEST" chunk --stats "$scratch/harbour.md")" 'repeat of the one before' 'the environment sets the overlap; --stats counts it'
like "$("$CHUNK" --stats "$scratch/harbour.md")" 'they end at: .*section|they end at: .*row' '--stats says where chunks end'
"$CHUNK" --json --overlap 30 --context-prefix --unit characters --target 300 --max 400 "$scratch/harbour.md" >"$scratch/chunks"
is "$?" 0 'overlap and context: 0'
is "$(jq -s '[.[1:][] | select(.overlap_chars < 1)] | length' "$scratch/chunks")" 0 'every chunk but the first repeats something'
is "$(jq -s '[.[] | select((.content | length) > 400 or .prefix_chars + .end_char - .start_char != (.content | length))] | length' "$scratch/chunks")" 0 'in characters --max holds, and content is prefix and span'
is "$(jq -s '[.[1:][] | select(.content | startswith("Harbour")) | .prefix_chars] | min > 8' "$scratch/chunks")" true 'the context stands before'
like "$(tail -n 1 "$scratch/chunks")" '"kinds":\["table"\],"language":null,"cut":"end"' 'kinds, language and cut'
run "$CHUNK" --explain --stats "$scratch/harbour.md"
is "$(grep -c '^chunk [0-9]* ends where ' <<<"$out")" "$(grep -oE '^[0-9]+ chunks' <<<"$out" | cut -d' ' -f1)" '--explain says of each chunk why'
run "$CHUNK" --explain --json "$scratch/harbour.md"
like "$err" 'chunk 0 ends where ' '--explain --json: on standard error'

# refusals
printf 'ok\n\nbad \xff byte\n' >"$scratch/latin.txt"
run "$CHUNK" "$scratch/latin.txt" "$scratch/harbour.md"
is "$rc" 3 'invalid UTF-8: 3'
like "$err" 'latin\.txt.*8' 'invalid UTF-8: which file, and where'
like "$out" 'Harbour' 'the other file is chunked'
printf 'a\0b' >"$scratch/nul.txt"
run "$CHUNK" "$scratch/nul.txt"
is "$rc" 3 'NUL: 3'
run "$CHUNK" "$scratch/missing.md"
is "$rc" 3 'a missing file: 3'
like "$err" 'missing\.md' 'a missing file is named'
run "$CHUNK" --max 5 "$scratch/harbour.md"
is "$rc" 2 '--max too small: 2'
run "$CHUNK" --target 600 "$scratch/harbour.md"
is "$rc" 2 '--target over --max: 2'
run "$CHUNK" --min 500 "$scratch/harbour.md"
is "$rc" 2 '--min over --target: 2'
like "$err" 'min = 500 is more than target = 450' '--min over --target: says so'
run "$CHUNK" --overlap 300 "$scratch/harbour.md"
like "$err" 'overlap = 300 is more than half of max = 512' '--overlap over half of --max: says so'
run "$CHUNK" --unit words "$scratch/harbour.md"
like "$err" 'unit words is not tokens or characters' 'an unknown unit: what there is'
run "$CHUNK" --no-such-option
is "$rc" 2 'unknown option: 2'
"$CHUNK" --json "$scratch/harbour.md" >/dev/full 2>"$scratch/full"
is "$?" 1 'output that cannot be written: 1'

done_testing
