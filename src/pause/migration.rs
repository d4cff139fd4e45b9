use crate::{Error, domain};

/// A virtual machine that moves to another host while it runs.
///
/// Its memory is copied in rounds, each of which copies what was written to during the one before: a round of
/// `v` bytes takes `v / bandwidth` seconds, in which `dirty_rate * v / bandwidth` bytes change. As soon as what is left would take no
/// longer than `downtime_limit`, or after `most_rounds`, the machine stops and the rest is copied. With
/// `dirty_rate >= bandwidth` the rounds never get shorter. It is the pre-copy of Clark et al., Live Migration of Virtual Machines,
/// NSDI 2005, for a rate of writing that does not change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Migration {
    /// Rounds of copying while the machine runs.
    pub rounds: u32,
    /// Seconds of copying while it runs.
    pub copying: f64,
    /// Seconds for which it stands still.
    pub downtime: f64,
    /// Whether the downtime is within the limit.
    pub converged: bool,
}

impl Migration {
    /// Sizes in bytes, rates in bytes a second, times in seconds.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for what is not positive, a negative dirty rate, or more than a million rounds.
    pub fn new(
        memory: f64,
        bandwidth: f64,
        dirty_rate: f64,
        downtime_limit: f64,
        most_rounds: usize,
    ) -> Result<Self, Error> {
        domain::positive("memory", memory)?;
        domain::positive("bandwidth", bandwidth)?;
        domain::non_negative("dirty_rate", dirty_rate)?;
        domain::positive("downtime_limit", downtime_limit)?;
        let most = domain::count("most_rounds", most_rounds, 0, 1_000_000)?;
        let (mut left, mut copying, mut rounds) = (memory / bandwidth, 0.0, 0);
        while left > downtime_limit && (rounds as usize) < most {
            copying += left;
            // Pages are as many as there are: no more than all of them can change.
            left = (left * dirty_rate / bandwidth).min(memory / bandwidth);
            rounds += 1;
        }
        Ok(Self {
            rounds,
            copying,
            downtime: left,
            converged: left <= downtime_limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_shrink_by_the_ratio_of_the_rates() {
        // 8 s, 2 s, 0.5 s, and then 0.125 s are within 0.3 s.
        let found = Migration::new(8e9, 1e9, 0.25e9, 0.3, 30).unwrap();
        assert_eq!((found.rounds, found.converged), (3, true));
        assert!((found.downtime - 0.125).abs() < 1e-12 && (found.copying - 10.5).abs() < 1e-12);
    }

    #[test]
    fn a_machine_that_writes_faster_than_it_is_copied_never_converges() {
        let found = Migration::new(8e9, 1e9, 1.5e9, 0.3, 29).unwrap();
        assert_eq!(
            (found.rounds, found.converged, found.downtime),
            (29, false, 8.0)
        );
    }
}
