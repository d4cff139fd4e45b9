//! Logs of pauses and of cluster members, read with exactly the counts, sums and maxima that are known
//! otherwise: from the table beside the given files, or counted with grep and awk.

mod cluster;
mod cyclictest;
mod damaged;
mod gctrace;
mod jvm;
mod jvm_legacy;
mod recording;

use suspicion::trace::{PauseLog, Reading, Trace, Words};

fn pauses(reading: Reading) -> PauseLog {
    match reading.trace {
        Trace::PauseLog(log) => log,
        other => panic!("{}", other.kind()),
    }
}

fn words(words: &Words) -> Vec<&str> {
    words
        .codes()
        .iter()
        .map(|code| words.names()[*code as usize].as_str())
        .collect()
}

/// How many pauses of a kind there are, their sum and the longest, in nanoseconds.
fn facts(log: &PauseLog, kind: &str) -> (usize, i64, i64) {
    let lengths: Vec<i64> = words(&log.kind)
        .into_iter()
        .zip(&log.length)
        .filter(|(found, _)| *found == kind)
        .map(|(_, length)| *length)
        .collect();
    (
        lengths.len(),
        lengths.iter().sum(),
        lengths.iter().copied().max().unwrap_or(0),
    )
}

/// How many pauses of a kind are longer than so many nanoseconds.
fn longer(log: &PauseLog, kind: &str, than: i64) -> usize {
    words(&log.kind)
        .into_iter()
        .zip(&log.length)
        .filter(|(found, length)| *found == kind && **length > than)
        .count()
}

const SECOND: i64 = 1_000_000_000;

const MILLI: i64 = 1_000_000;
