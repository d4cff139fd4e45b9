//! A plain state machine: one detector, one threshold, one event after the other.

use suspicion::Error;
use suspicion::detector::{
    Beginning, Deadline, Detector, OnePass, PerThreshold, State, States, Timeouts,
};
use suspicion::heartbeat::{Beat, Beats, Session};
use suspicion::pause::Pause;
use suspicion::time::{Nanos, seconds};

/// A mistake, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mistake {
    pub start: f64,
    pub end: f64,
}

impl Mistake {
    pub fn duration(&self) -> f64 {
        self.end - self.start
    }
}

/// What a monitor with one threshold does.
struct Machine<S> {
    state: S,
    h: f64,
    timer_first: bool,
    since: Nanos,
    deadline: Deadline,
    suspected_from: Option<f64>,
    mistakes: Vec<Mistake>,
}

impl<S: State> Machine<S> {
    /// Whether the deadline has passed at `moment`.
    fn passed_by(&self, moment: Nanos, inclusive: bool) -> bool {
        let level = self.deadline.level(seconds(moment - self.since));
        if inclusive {
            level >= self.h
        } else {
            level > self.h
        }
    }

    /// Lives through the time until `now`, when something arrives or the observation ends.
    fn wait(&mut self, now: Nanos, pauses: &[Pause], something_arrives: bool) {
        if self.suspected_from.is_some() {
            return;
        }
        let deadline = seconds(self.since) + self.deadline.offset + self.deadline.scale * self.h;
        let holds_back = |pause: &&Pause| pause.start < self.since && pause.end > self.since;
        let blind = pauses.iter().find(holds_back).is_some();
        if self.passed_by(self.since, true) && !blind {
            if self.passed_by(now, false) {
                self.suspected_from = Some(seconds(self.since));
            }
            return;
        }
        for pause in pauses {
            if pause.end <= self.since || pause.start >= now {
                continue;
            }
            let awake_before = pause.start >= self.since;
            if awake_before && self.passed_by(pause.start, false) {
                break;
            }
            let at_once = !awake_before && self.passed_by(self.since, true);
            if at_once && !self.passed_by(now, false) {
                return;
            }
            if at_once || self.passed_by(pause.end, false) {
                let wakes_to_arrival = something_arrives && pause.end == now;
                let seen = pause.end < now || (wakes_to_arrival && self.timer_first);
                if seen {
                    self.suspected_from = Some(seconds(pause.end));
                }
                return;
            }
        }
        if self.passed_by(now, false) {
            self.suspected_from = Some(deadline);
        }
    }

    fn trust(&mut self, now: Nanos) {
        if let Some(start) = self.suspected_from.take() {
            self.mistakes.push(Mistake {
                start,
                end: seconds(now),
            });
        }
    }

    fn accept(&mut self, beat: Beat) {
        self.deadline = self.state.observe(beat);
        self.since = beat.received;
    }
}

/// The mistakes of `detector` at inner threshold `h`, once `warm_up` arrivals have passed.
pub fn mistakes<D: OnePass>(
    detector: &D,
    every: Nanos,
    session: Session<'_>,
    warm_up: usize,
    h: f64,
    timer_first: bool,
) -> Vec<Mistake> {
    let mut machine = Machine {
        state: detector.start(every),
        h,
        timer_first,
        since: 0,
        deadline: Deadline::NEVER,
        suspected_from: None,
        mistakes: Vec::new(),
    };
    let mut newest = i64::MIN;
    for (index, beat) in session.beats.iter().enumerate() {
        if detector.newest_only() && beat.number <= newest {
            continue;
        }
        newest = newest.max(beat.number);
        if index < warm_up {
            machine.accept(beat);
            continue;
        }
        machine.wait(beat.received, session.pauses, true);
        machine.accept(beat);
        if !machine.passed_by(beat.received, true) {
            machine.trust(beat.received);
        }
    }
    machine.wait(session.end, session.pauses, false);
    machine.trust(session.end);
    machine.mistakes
}

/// A detector that knows one threshold only, which is then its inner threshold zero.
#[derive(Debug)]
pub struct Single<'d, D> {
    pub detector: &'d D,
    pub threshold: f64,
    pub session: u64,
}

impl<D: PerThreshold> Detector for Single<'_, D> {
    fn newest_only(&self) -> bool {
        self.detector.newest_only()
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        Ok(threshold)
    }
}

impl<D: PerThreshold> OnePass for Single<'_, D> {
    type State = Alone<D::States>;

    fn start(&self, every: Nanos) -> Self::State {
        let beginning = Beginning {
            every,
            replication: self.session,
        };
        Alone(self.detector.start(&beginning, &[self.threshold]))
    }
}

#[derive(Debug, Clone)]
pub struct Alone<S>(S);

impl<S: States> State for Alone<S> {
    fn observe(&mut self, beat: Beat) -> Deadline {
        let mut timeouts = Timeouts::default();
        timeouts.resize(1, 1);
        let (received, sent, number) = ([beat.received], [beat.sent], [beat.number]);
        self.0
            .observe_all(Beats::new(&received, &sent, &number), &mut timeouts);
        Deadline {
            offset: timeouts.row(0)[0],
            scale: 1.0,
        }
    }
}
