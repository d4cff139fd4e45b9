#!/bin/sh
# Fuzzes one reader: fuzz/run.sh FORMAT [RUNS] [SECONDS]. Grows a working corpus under target/fuzz.
#
# libFuzzer on the stable compiler: coverage is asked for of LLVM itself.
set -eu
cd "$(dirname "$0")/.."
format=$1 runs=${2:-20000000} seconds=${3:-0}
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Ccodegen-units=1"
cargo build --quiet --release --target "$host" --manifest-path fuzz/Cargo.toml --target-dir target/fuzz/build
work=target/fuzz/corpus/$format
mkdir -p "$work" target/fuzz/found
FUZZ_FORMAT=$format exec "target/fuzz/build/$host/release/read" "$work" \
    -runs="$runs" -max_total_time="$seconds" -max_len="${FUZZ_LONGEST:-1024}" -timeout=1 -rss_limit_mb=512 \
    -malloc_limit_mb=256 -artifact_prefix="target/fuzz/found/$format-" -print_final_stats=1 -verbosity=1
