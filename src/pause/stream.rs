use rand::RngExt;

use super::collection::Stop;
use super::heap::Heap;
use super::pauses::Pauses;
use super::timeline::Pause;
use crate::distribution::{Distribution, Law};
use crate::random::{Purpose, Seed, Stream};
use crate::time::{Nanos, nanos};

/// The pauses of a process one after the other.
#[derive(Debug)]
pub(crate) struct PauseStream<'p> {
    source: Source<'p>,
    next: Pause,
    cause: u32,
}

#[derive(Debug)]
enum Source<'p> {
    Renewal {
        every: &'p Distribution,
        lasting: &'p Distribution,
        draws: Stream,
    },
    Collection(Collected<'p>),
    Timeline {
        rest: &'p [Pause],
        shift: Nanos,
    },
    Union(Vec<PauseStream<'p>>),
}

const NO_MORE: Pause = Pause {
    start: Nanos::MAX,
    end: Nanos::MAX,
};

/// Cycles that an alternating process has behind it at time zero, so that it is in equilibrium there.
const CYCLES_BEFORE: f64 = 16.0;

impl<'p> PauseStream<'p> {
    /// The pauses from time zero on; `shift` is what a given timeline calls that moment.
    pub fn new(
        pauses: &'p Pauses,
        shift: Nanos,
        seed: &Seed,
        purpose: Purpose,
        replication: u64,
    ) -> Self {
        Self::begin(pauses, shift, seed, purpose, replication, false)
    }

    /// The stops of a single reason, also those that follow each other at once, as long as each has a
    /// [`cause`](Self::cause) of its own.
    pub fn apart(pauses: &'p Pauses, seed: &Seed, purpose: Purpose, replication: u64) -> Self {
        Self::begin(pauses, 0, seed, purpose, replication, true)
    }

    fn begin(
        pauses: &'p Pauses,
        shift: Nanos,
        seed: &Seed,
        purpose: Purpose,
        replication: u64,
        apart: bool,
    ) -> Self {
        let source = match pauses {
            Pauses::Never => Source::Timeline { rest: &[], shift },
            Pauses::Timeline(timeline) => Source::Timeline {
                rest: timeline.pauses(),
                shift,
            },
            Pauses::Renewal { every, lasting } => Source::Renewal {
                every,
                lasting,
                draws: seed.stream(purpose, replication),
            },
            Pauses::Collection(collection) => Source::Collection(Collected {
                heap: Heap::new(collection),
                draws: seed.stream(purpose, replication),
                last: NO_MORE,
                ahead: None,
                apart,
            }),
            Pauses::Union(parts) => {
                let of = |(place, part)| {
                    let seed = seed.part(place, parts.len());
                    Self::new(part, shift, &seed, purpose, replication)
                };
                Source::Union(parts.iter().enumerate().map(of).collect())
            }
        };
        let mut stream = Self {
            source,
            next: NO_MORE,
            cause: 0,
        };
        // The fraction makes every phase of a periodic process as likely as any other.
        let before = |draws: &mut Stream| {
            let cycles = CYCLES_BEFORE + draws.random::<f64>();
            let begin = -nanos(cycles * pauses.mean_cycle());
            Pause {
                start: begin,
                end: begin,
            }
        };
        if let Source::Renewal { draws, .. } = &mut stream.source {
            stream.next = before(draws);
        } else if let Source::Collection(collected) = &mut stream.source {
            collected.last = before(&mut collected.draws);
            stream.next = collected.last;
        } else {
            stream.next = stream.draw();
        }
        while stream.next.end <= 0 {
            stream.next = stream.draw();
        }
        stream
    }

    /// The first pause that ends after `now`, for a `now` that never falls.
    #[inline]
    pub fn at(&mut self, now: Nanos) -> Pause {
        while self.next.end <= now {
            self.next = self.draw();
        }
        self.next
    }

    /// The pause that comes next.
    #[inline]
    pub fn peek(&self) -> Pause {
        self.next
    }

    /// What the pause that comes next is due to, as far as its source tells several causes apart.
    pub fn cause(&self) -> u32 {
        self.cause
    }

    /// Passes over the pause that comes next.
    pub fn pass(&mut self) {
        self.next = self.draw();
    }

    #[cold]
    fn draw(&mut self) -> Pause {
        match &mut self.source {
            Source::Renewal {
                every,
                lasting,
                draws,
            } => {
                let start = self.next.end.saturating_add(nanos(every.sample(draws)));
                let end = start.saturating_add(nanos(lasting.sample(draws)));
                if start == Nanos::MAX {
                    NO_MORE
                } else {
                    Pause { start, end }
                }
            }
            Source::Collection(collected) => {
                let (pause, stop) = collected.next();
                self.cause = stop as u32;
                pause
            }
            Source::Union(parts) => joined(parts),
            Source::Timeline { rest, shift } => match rest.split_first() {
                Some((first, later)) => {
                    *rest = later;
                    Pause {
                        start: first.start - *shift,
                        end: first.end - *shift,
                    }
                }
                None => NO_MORE,
            },
        }
    }
}

/// The stops of a heap one after the other.
#[derive(Debug)]
struct Collected<'p> {
    heap: Heap<'p>,
    draws: Stream,
    last: Pause,
    ahead: Option<(Pause, Stop)>,
    /// Whether stops that touch are kept apart.
    apart: bool,
}

impl Collected<'_> {
    fn next(&mut self) -> (Pause, Stop) {
        let (mut pause, stop) = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.draw(),
        };
        while !self.apart && pause != NO_MORE {
            let following = self.draw();
            if following.0.start > pause.end {
                self.ahead = Some(following);
                break;
            }
            pause.end = pause.end.max(following.0.end);
        }
        (pause, stop)
    }

    fn draw(&mut self) -> (Pause, Stop) {
        let (run, length, stop) = self.heap.next(&mut self.draws);
        let start = self.last.end.saturating_add(nanos(run));
        let end = start.saturating_add(nanos(length));
        self.last = if start == Nanos::MAX {
            NO_MORE
        } else {
            Pause { start, end }
        };
        (self.last, stop)
    }
}

/// The next pause of any part, with all that overlap it or begin as it ends.
fn joined(parts: &mut [PauseStream<'_>]) -> Pause {
    let first = |parts: &mut [PauseStream<'_>]| {
        let part = parts.iter_mut().min_by_key(|part| part.peek().start)?;
        let pause = part.peek();
        (pause != NO_MORE).then(|| {
            part.pass();
            pause
        })
    };
    let Some(mut pause) = first(parts) else {
        return NO_MORE;
    };
    while parts.iter().any(|part| part.peek().start <= pause.end)
        && let Some(more) = first(parts)
    {
        pause.end = pause.end.max(more.end);
    }
    pause
}
