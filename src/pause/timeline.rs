use serde::{Deserialize, Serialize};

use crate::time::{LONGEST, Nanos, nanos};
use crate::{Error, domain};

/// An interval in which a process stands still: from `start` until, but not at, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it stops.
    pub start: Nanos,
    /// When it goes on.
    pub end: Nanos,
}

impl Pause {
    /// When it ends, if it goes on at a moment.
    #[inline]
    pub fn within(self, moment: Nanos) -> Option<Nanos> {
        (self.start <= moment && moment < self.end).then_some(self.end)
    }
}

/// An interval with what it is due to, by its place among the causes of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The interval.
    pub pause: Pause,
    /// Its cause.
    pub cause: u32,
}

/// The pauses of one process, in order and apart from each other, and the spells with their causes that
/// they are made of, which may overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    pauses: Vec<Pause>,
    /// How long the process has run before each pause.
    ran: Vec<Nanos>,
    spells: Vec<Spell>,
    causes: Vec<String>,
}

impl Timeline {
    /// Builds the timeline from starts and durations in seconds, in any order, none with a cause.
    ///
    /// Pauses that overlap or touch become one.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if there are not as many of the one as of the other, or a pause begins before
    /// zero, is of negative length, or ends after a century.
    pub fn new(starts: &[f64], durations: &[f64]) -> Result<Self, Error> {
        Self::with_causes(
            starts,
            durations,
            &vec![0; starts.len()],
            vec![String::new()],
        )
    }

    /// Builds the timeline from spells of which each has the place of its cause among `causes`.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new), and for a place where there is no cause.
    pub fn with_causes(
        starts: &[f64],
        durations: &[f64],
        cause: &[u32],
        causes: Vec<String>,
    ) -> Result<Self, Error> {
        for (name, count) in [("lasting", durations.len()), ("causes", cause.len())] {
            if starts.len() != count {
                return Err(Error::argument(
                    name,
                    format!("a column of length {count}"),
                    format!("as many values as there are starts, {}", starts.len()),
                ));
            }
        }
        let mut spells = Vec::with_capacity(starts.len());
        for ((&start, &duration), &cause) in starts.iter().zip(durations).zip(cause) {
            let start = domain::non_negative("starts", start)?;
            let duration = domain::non_negative("lasting", duration)?;
            if start + duration > LONGEST {
                return Err(Error::argument(
                    "starts",
                    start,
                    "pauses that end within a century",
                ));
            }
            if cause as usize >= causes.len() {
                return Err(Error::argument(
                    "causes",
                    cause,
                    format!("a place among {} causes", causes.len()),
                ));
            }
            let start = nanos(start);
            spells.push(Spell {
                pause: Pause {
                    start,
                    end: start + nanos(duration),
                },
                cause,
            });
        }
        Ok(Self::of(spells, causes))
    }

    /// The timeline of spells in any order, each with a cause that is there.
    pub(super) fn of(mut spells: Vec<Spell>, causes: Vec<String>) -> Self {
        spells.sort_unstable_by_key(|spell| (spell.pause.start, spell.pause.end, spell.cause));
        let mut pauses: Vec<Pause> = Vec::with_capacity(spells.len());
        for &Spell { pause, .. } in &spells {
            match pauses.last_mut() {
                Some(last) if pause.start <= last.end => last.end = last.end.max(pause.end),
                _ => pauses.push(pause),
            }
        }
        let mut stood = 0;
        let ran = pauses
            .iter()
            .map(|pause| {
                let ran = pause.start - stood;
                stood += pause.end - pause.start;
                ran
            })
            .collect();
        if causes.iter().all(String::is_empty) {
            // Without causes there is nothing that the parts of a pause could tell.
            spells = pauses
                .iter()
                .map(|pause| Spell {
                    pause: *pause,
                    cause: 0,
                })
                .collect();
        }
        Self {
            pauses,
            ran,
            spells,
            causes,
        }
    }

    /// The pauses in order.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// What they are made of, in order of their starts.
    pub fn spells(&self) -> &[Spell] {
        &self.spells
    }

    /// Names of the causes.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// For how much longer the process stands still that is looked at now: zero if it runs.
    pub fn remaining(&self, now: Nanos) -> Nanos {
        let begun = self.pauses.partition_point(|pause| pause.start <= now);
        let last = begun
            .checked_sub(1)
            .and_then(|place| self.pauses.get(place));
        last.map_or(0, |pause| (pause.end - now).max(0))
    }

    /// How long the process has stood still by `now`, counted from time zero.
    pub fn stood(&self, now: Nanos) -> Nanos {
        let begun = self.pauses.partition_point(|pause| pause.start <= now);
        let Some(place) = begun.checked_sub(1) else {
            return 0;
        };
        let pause = self.pauses[place];
        now.min(pause.end) - self.ran[place]
    }

    /// When the process has run for `run` since time zero: the first such moment.
    ///
    /// It is the inverse of `now - stood(now)`.
    pub fn when_run(&self, run: Nanos) -> Nanos {
        // A pause at whose start the process has run for `run` does not delay it any more.
        let before = self.ran.partition_point(|ran| *ran < run);
        match before.checked_sub(1) {
            Some(place) => run.saturating_add(self.pauses[place].end - self.ran[place]),
            None => run,
        }
    }

    /// The spells that begin before a moment, and the names of all causes.
    pub(super) fn before(&self, moment: Nanos) -> (Vec<Spell>, Vec<String>) {
        let earlier = self
            .spells
            .partition_point(|spell| spell.pause.start < moment);
        let spells = self.spells.get(..earlier).unwrap_or_default();
        (spells.to_vec(), self.causes.clone())
    }

    /// All spells of both, with the causes of both.
    pub fn union(&self, other: &Self) -> Self {
        Self::join([self, other].map(|part| (part.spells.clone(), part.causes.clone())))
    }

    /// All spells of all parts, each of which names the causes of its own; causes of the same name are one.
    pub(super) fn join(parts: impl IntoIterator<Item = (Vec<Spell>, Vec<String>)>) -> Self {
        let (mut spells, mut causes) = (Vec::new(), Vec::<String>::new());
        for (part, names) in parts {
            let places: Vec<u32> = names
                .into_iter()
                .map(|name| {
                    let known = causes.iter().position(|cause| *cause == name);
                    known.unwrap_or_else(|| {
                        causes.push(name);
                        causes.len() - 1
                    }) as u32
                })
                .collect();
            spells.extend(part.into_iter().map(|spell| Spell {
                cause: places[spell.cause as usize],
                ..spell
            }));
        }
        Self::of(spells, causes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    #[test]
    fn overlapping_and_touching_pauses_become_one() {
        let timeline = Timeline::new(&[5.0, 1.0, 2.0, 6.0], &[1.0, 2.0, 0.5, 1.0]).unwrap();
        let ends: Vec<(f64, f64)> = timeline
            .pauses()
            .iter()
            .map(|p| (seconds(p.start), seconds(p.end)))
            .collect();
        assert_eq!(ends, [(1.0, 3.0), (5.0, 7.0)]);
        let named = vec!["disk".to_owned(), "heap".to_owned()];
        let causes = Timeline::with_causes(
            &[5.0, 1.0, 2.0, 6.0],
            &[1.0, 2.0, 0.5, 1.0],
            &[0, 1, 0, 1],
            named,
        );
        let causes = causes.unwrap();
        assert_eq!(
            (causes.spells().len(), causes.pauses()),
            (4, timeline.pauses())
        );
    }

    #[test]
    fn time_that_was_run_and_time_on_the_wall_are_inverse() {
        let timeline = Timeline::new(&[1.0, 4.0, 9.0], &[2.0, 0.5, 0.0]).unwrap();
        let slow = |now: Nanos| {
            timeline
                .pauses()
                .iter()
                .map(|pause| (pause.end.min(now) - pause.start).max(0))
                .sum::<Nanos>()
        };
        for now in (0..120).map(|tenth| tenth * 100_000_000) {
            assert_eq!(timeline.stood(now), slow(now), "{now}");
            let run = now - timeline.stood(now);
            let reached = timeline.when_run(run);
            assert!(
                reached <= now && reached - timeline.stood(reached) == run,
                "{now}"
            );
            if timeline.remaining(now) == 0 && timeline.remaining(now - 1) == 0 {
                assert_eq!(reached, now);
            }
        }
    }
}
