#!/bin/bash
# seeds.sh NAME: the seeds of a harness, a path a line: tests/fuzz/seeds/NAME, and the fixtures with the
# endings that the line "seeds:" at its head names, or else with its name; where there are none, all.
set -u
cd "$(dirname "$0")/../.." || exit 1
shopt -s nullglob
endings=$(sed -n 's/^.*seeds: *//p' "tests/fuzz/fuzz-$1.c" | head -1 | sed 's: *\*/ *$::')
seeds=(tests/fuzz/seeds/"$1"/*)
for ending in ${endings:-$1}; do
  seeds+=(fixtures/*."$ending" fixtures/hostile/*."$ending")
done
[ ${#seeds[@]} -gt 0 ] || seeds=(fixtures/* fixtures/hostile/*)
for seed in "${seeds[@]}"; do
  case $seed in *.expected | *.sh | *.tsv) continue ;; esac
  [ -f "$seed" ] && echo "$seed"
done
