#!/bin/sh
# Fuzzes one reader: fuzz/run.sh FORMAT [RUNS] [SECONDS], from the committed corpus on; what is new goes to target/fuzz.
# FUZZ_LONGEST is the longest input in bytes, FUZZ_COMPARES=yes tells the fuzzer what is compared with what:
# it learns more from each input and tries half as many.
#
# libFuzzer on the stable compiler: coverage is asked for of LLVM itself, by blocks. By edges it learns little more and is a quarter slower.
set -eu
cd "$(dirname "$0")/.."
format=$1 runs=${2:-20000000} seconds=${3:-0}
host=$(rustc -vV | sed -n 's/^host: //p')
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=2 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cdebug-assertions -Ccodegen-units=1"
build=target/fuzz/build
if [ "${FUZZ_COMPARES:-no}" = yes ]; then
    flags="$flags -Cllvm-args=-sanitizer-coverage-trace-compares"
    build=target/fuzz/build-compares
fi
RUSTFLAGS=$flags cargo build --locked --quiet --release --target "$host" --manifest-path fuzz/Cargo.toml --target-dir "$build"
work=target/fuzz/corpus/$format
mkdir -p "$work" target/fuzz/found
python3 fuzz/corpus.py unpack target/fuzz/corpus
python3 fuzz/corpus.py words target/fuzz/words
FUZZ_FORMAT=$format exec "$build/$host/release/read" "$work" -dict="target/fuzz/words/$format.dict" \
    -runs="$runs" -max_total_time="$seconds" -max_len="${FUZZ_LONGEST:-256}" -timeout=1 -rss_limit_mb=512 \
    -malloc_limit_mb=256 -artifact_prefix="target/fuzz/found/$format-" -print_final_stats=1 -verbosity=1
