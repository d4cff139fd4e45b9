use super::confirmation::Confirmation;
use super::entry::Entry;
use super::source::Source;
use super::terms::Terms;

/// What is watched, and how.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub entry: Entry,
    pub source: Source,
    pub terms: Terms,
}

impl Setup {
    /// Whether detection times are lines in the threshold, told once for all of them.
    pub fn is_in_line(&self) -> bool {
        self.entry.detector.is_one_pass() && !matches!(self.source, Source::Observed(_))
    }

    /// Which of the detections of a run tells of the threshold of a rank.
    pub fn place(&self, rank: usize) -> usize {
        if self.is_in_line() { 0 } else { rank }
    }

    /// How many detections a run has.
    pub fn places(&self) -> usize {
        if self.is_in_line() {
            1
        } else {
            self.entry.thresholds.len()
        }
    }

    /// What stands between a deadline and a failover at the threshold of a rank.
    pub fn confirmation(&self, rank: usize) -> Confirmation {
        let confirmation = self.terms.confirmation;
        let wait = self.entry.detector.wait(self.entry.thresholds[rank]);
        // What cannot have a wait is refused before anything is watched.
        confirmation.with_wait(wait).unwrap_or(confirmation)
    }
}
