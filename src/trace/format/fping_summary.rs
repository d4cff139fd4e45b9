use std::collections::BTreeMap;

use crate::trace::delays::Delays;
use crate::trace::report::Fault;
use crate::trace::scan::Scan;
use crate::trace::table::MISSING;

/// The lines of the summary of `fping -C`, one a target.
///
/// All of them are in three columns, since runs of many targets and short ones have more lines than values.
#[derive(Debug, Default)]
pub(super) struct Summaries {
    /// Names, one behind the other.
    targets: Vec<u8>,
    /// Delays, one behind the other, [`MISSING`] for a loss.
    delays: Vec<i64>,
    /// Where the name and the delays of each line end.
    ends: Vec<(usize, usize)>,
}

impl Summaries {
    /// Takes `20.3 18.1 - 22.4`, each in milliseconds, of a target; how many there are.
    pub(super) fn take(&mut self, target: &[u8], mut scan: Scan<'_>) -> Result<usize, Fault> {
        let before = self.delays.len();
        while !scan.blanks().is_done() {
            match delay(&mut scan) {
                Some(delay) => self.delays.push(delay),
                None => {
                    self.delays.truncate(before);
                    return Err(scan.fault("not a line of fping"));
                }
            }
        }
        let count = self.delays.len() - before;
        if count == 0 {
            return Err(scan.fault("not a line of fping"));
        }
        self.targets.extend_from_slice(target);
        self.ends.push((self.targets.len(), self.delays.len()));
        Ok(count)
    }

    /// Appends probes of the targets that are not `known` otherwise, numbered from zero; how many lines that was.
    pub(super) fn append<T>(self, to: &mut Delays, known: &BTreeMap<Vec<u8>, T>) -> u64 {
        to.number.reserve(self.delays.len());
        to.sent.reserve(self.delays.len());
        let mut lines = 0;
        let mut from = (0, 0);
        for end in self.ends {
            let target = &self.targets[from.0..end.0];
            let delays = &self.delays[from.1..end.1];
            from = end;
            if known.contains_key(target) {
                continue;
            }
            lines += 1;
            to.number.extend(0..delays.len() as i64);
            to.sent.extend(std::iter::repeat_n(MISSING, delays.len()));
            if !known.is_empty() {
                to.delay.extend_from_slice(delays);
            }
            to.target.push_many(target, delays.len());
            for alike in delays.chunk_by(|a, b| (*a == MISSING) == (*b == MISSING)) {
                let outcome: &[u8] = match alike {
                    [MISSING, ..] => b"timeout",
                    _ => b"ok",
                };
                to.outcome.push_many(outcome, alike.len());
            }
        }
        // Large columns are not copied.
        if known.is_empty() {
            to.delay = self.delays;
        }
        lines
    }
}

/// One delay, or the dash of a loss.
fn delay(scan: &mut Scan<'_>) -> Option<i64> {
    if scan.peek() == Some(b'-') && matches!(scan.rest().get(1), None | Some(b' ')) {
        scan.skip(1);
        return Some(MISSING);
    }
    let delay = scan.decimal(6).filter(|delay| *delay >= 0);
    delay.filter(|_| matches!(scan.peek(), None | Some(b' ' | b'\t')))
}
