#!/bin/bash
# pipeline.ini: documented, checked, and weaker than the environment.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

# refused INI REGEX NAME
refused () {
  printf '%s\n' "$1" >"$scratch/ini"
  run "$INGEST" search x --config "$scratch/ini"
  is "$rc" 2 "$3: 2"
  like "$err" "$2" "$3: says what and where"
}
refused $'[chunker]\ntargte = 3' 'ini: unknown key targte in \[chunker\]' 'an unknown key'
refused $'[chunkre]\ntarget = 3' 'ini: unknown group \[chunkre\]' 'an unknown group'
refused $'[chunker]\ntarget = many' 'target = many is not a whole number from 1' 'a word for a number'
refused $'[chunker]\ntarget = 0' 'target = 0 is not a whole number' 'a number out of range'
refused $'[chunker]\ntarget = 600' 'target = 600 is not from 1 to max = 512' 'a contradiction'
refused $'[chunker]\noverlap = 300' 'overlap = 300 is more than half of max = 512' 'too much overlap'
refused $'[chunker]\nunit = words' 'words is not tokens or characters' 'a unit that is none'
refused $'[database]\nallow_local = maybe' 'maybe is not true or false' 'a boolean that is none'
refused $'[extract]\npartial = perhaps' 'perhaps is not load or fail' 'a choice that is none'
refused 'nonsense' 'cannot be read' 'a file that is no ini'
run "$INGEST" search x --config "$scratch/none.ini"
is "$rc" 2 'a missing --config file: 2'
INGEST_CHUNKER_MAX=abc run "$INGEST" search x
like "$err" 'INGEST_CHUNKER_MAX: .*abc' 'a bad variable is named'

# the documented file is the truth
"$INGEST" --help | sed -n 's/^  \(\[[a-z]*\] [a-z_]* = .*\)$/\1/p; s/^  \(\[[a-z]*\] [a-z_]* =\) *$/\1/p' | sed 's/ *$//' | sort -u >"$scratch/help"
# a program without rank tables says so by its default
"$BUILD/tests/token-ids" cl100k_base </dev/null >/dev/null 2>&1 || sed -i 's/tokenizer = estimate$/tokenizer = cl100k_base/' "$scratch/help"
awk '/^\[/ { group = $0 } sub(/^# tokenizer =/, "tokenizer =") || /^[a-z_]+ =/ { print group " " $0 }' pipeline.ini | sed 's/ *$//' | sort >"$scratch/ini"
is "$(diff "$scratch/help" "$scratch/ini")" '' 'pipeline.ini has every key with its default'
missing=$("$INGEST" --help | grep -oE 'INGEST_[A-Z_]+' | sort -u | while read -r v; do grep -q "$v" pipeline.ini || echo "$v"; done | grep -v INGEST_CONFIG)
is "$missing" '' 'pipeline.ini names every variable'
if [ -e README.md ]; then
  missing=$("$INGEST" --help | grep -oE '\[[a-z]+\] [a-z_]+' | sort -u | while read -r g k; do grep -qF "$g $k" README.md || grep -qE "\`$k\`" README.md || echo "$k"; done)
  is "$missing" '' 'the README has every key'
fi

printf '[chunker]\ntarget = 20\nmax = 32\n' >"$scratch/ini"
for i in $(seq 40); do echo "Sentence number $i stands here."; done | tr '\n' ' ' >"$scratch/t.md"
few=$("$INGEST" chunk "$scratch/t.md" --json | wc -l)
many=$("$INGEST" chunk "$scratch/t.md" --json --config "$scratch/ini" | wc -l)
[ "$many" -gt "$few" ]; ok $? "the ini steers ($many chunks against $few)"
env=$(INGEST_CHUNKER_TARGET=450 INGEST_CHUNKER_MAX=512 "$INGEST" chunk "$scratch/t.md" --json --config "$scratch/ini" | wc -l)
is "$env" "$few" 'the environment beats the ini'
flag=$(INGEST_CHUNKER_TARGET=450 INGEST_CHUNKER_MAX=512 "$INGEST" chunk "$scratch/t.md" --json --target 20 --max 32 | wc -l)
is "$flag" "$many" 'a flag beats both'

done_testing
