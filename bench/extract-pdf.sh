#!/bin/bash
# extract-pdf.sh [FOLDER]: the worker on PDFs against pdftotext: CPU and wall, one resident worker
# against a process a file, and what one small file costs from the start. Runs are interleaved;
# printed are medians. RUNS (default 5) and BUILD (default build/release) may be set.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build/release} runs=${RUNS:-5}
folder=${1:-../shared/corpus/pdf}
[ -d "$folder" ] || folder=fixtures
extract=$build/ingest-extract
[ -x "$extract" ] || { echo "extract-pdf.sh: no $extract; run make V=release first" >&2; exit 2; }
command -v pdftotext >/dev/null || { echo 'extract-pdf.sh: no pdftotext; install poppler-utils' >&2; exit 2; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# files that both read: the others end at once and say nothing about speed
files=() small=
while IFS= read -r -d '' file; do
  pdftotext "$file" /dev/null 2>/dev/null || continue
  "$extract" "$file" >/dev/null 2>&1 || continue
  files+=("$file")
  if [ -z "$small" ] || [ "$(stat -c %s "$file")" -lt "$(stat -c %s "$small")" ]; then small=$file; fi
done < <(find "$folder" -maxdepth 1 -name '*.pdf' -print0 | sort -z)
[ ${#files[@]} -gt 0 ] || { echo "extract-pdf.sh: no readable PDF in $folder" >&2; exit 1; }
pages=0
for file in "${files[@]}"; do
  n=$(pdfinfo "$file" 2>/dev/null | awk '/^Pages:/ { print $2 }')
  pages=$((pages + ${n:-0}))
done

resident () { "$extract" "${files[@]}" >/dev/null 2>&1; }
peer () { for file in "${files[@]}"; do pdftotext "$file" - >/dev/null 2>&1; done; }
resident_small () { "$extract" "$small" >/dev/null 2>&1; }
peer_small () { pdftotext "$small" - >/dev/null 2>&1; }

# measure NAME: one run; appends "cpu wall" in milliseconds to $scratch/NAME
measure () {
  local TIMEFORMAT='%U %S %R'
  { time "$1"; } 2>"$scratch/time"
  awk '{ printf "%.1f %.1f\n", ($1 + $2) * 1000, $3 * 1000 }' "$scratch/time" >>"$scratch/$1"
}
# median NAME COLUMN
median () { sort -n -k"$2,$2" "$scratch/$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }
# row TITLE NAME PEER
row () {
  local cpu wall peer_cpu peer_wall
  cpu=$(median "$2" 1) wall=$(median "$2" 2) peer_cpu=$(median "$3" 1) peer_wall=$(median "$3" 2)
  awk -v t="$1" -v c="$cpu" -v w="$wall" -v pc="$peer_cpu" -v pw="$peer_wall" 'BEGIN {
    printf "%-34s %10.1f %10.1f %8.2f %8.2f\n", t, c, w, pc ? c / pc : 0, pw ? w / pw : 0 }'
}

resident && peer # warm the caches
for ((i = 0; i < runs; i++)); do
  measure resident
  measure peer
  measure resident_small
  measure peer_small
done

echo "${#files[@]} files, $pages pages, from $folder; medians of $runs interleaved runs"
printf '%-34s %10s %10s %8s %8s\n' '' 'CPU ms' 'wall ms' 'CPU' 'wall'
row 'pdftotext, a process a file' peer peer
row 'ingest-extract, resident worker' resident peer
row 'pdftotext, smallest file alone' peer_small peer_small
row 'ingest-extract, smallest, from start' resident_small peer_small
