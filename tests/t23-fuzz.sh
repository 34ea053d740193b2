#!/bin/bash
# Each fuzzing harness over its seeds, whole and damaged; in full, where clang is, a moment of libFuzzer.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib.sh
. tests/lib.sh

mutations=40
[ "${INGEST_TESTS:-quick}" = full ] && mutations=2000

for harness in tests/fuzz/fuzz-*.c; do
  name=$(basename "$harness" .c)
  mapfile -t seeds < <(tests/fuzz/seeds.sh "${name#fuzz-}")
  if [ ${#seeds[@]} = 0 ]; then
    ok 1 "$name has seeds"
    continue
  fi
  timeout 300 "$INGEST_BUILD/tests/$name" "$mutations" "${seeds[@]}" >"$scratch/out" 2>&1
  rc=$?
  ok "$rc" "$name: ${#seeds[@]} seeds, each $mutations times damaged"
  [ "$rc" = 0 ] || tail -5 "$scratch/out" | sed 's/^/# /'
done

runtime=$(clang -print-file-name=libclang_rt.fuzzer-x86_64.a 2>/dev/null)
if [ "$INGEST_BUILD" != build/debug ] || [ "${INGEST_TESTS:-full}" != full ]; then
  skip 'libFuzzer' 'its build takes minutes: in make check-full, and make fuzz'
elif [ ! -f "$runtime" ]; then
  skip 'libFuzzer' 'clang or its runtime (libclang-rt-14-dev) is not installed'
else
  make -s -j2 V=fuzz fuzz-programs >"$scratch/make" 2>&1
  ok $? 'the harnesses build with libFuzzer'
  tests/fuzz/run.sh build/fuzz 1 >"$scratch/fuzz" 2>&1
  ok $? 'a second of libFuzzer each finds nothing'
  sed 's/^/# /' "$scratch/fuzz"
fi

done_testing
