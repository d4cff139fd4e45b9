use super::Pause;
use crate::time::{Nanos, nanos};
use crate::{Error, domain};

/// What a monitor does that finds that it has stood still itself: for a while it suspects nobody.
///
/// After a pause longer than `longer_than` it looks at no deadline for `hold` more, though it takes in
/// what arrives meanwhile. Cassandra holds back for 5 s after 5 s, Redis Sentinel (TILT) for 30 s after 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    longer_than: Nanos,
    hold: Nanos,
}

impl Guard {
    /// Both in seconds.
    pub fn new(longer_than: f64, hold: f64) -> Result<Self, Error> {
        let span = |name, value| domain::non_negative(name, value).map(nanos);
        Ok(Self {
            longer_than: span("longer_than", longer_than)?,
            hold: span("hold", hold)?,
        })
    }

    /// The time without looks that a pause of the monitor brings about.
    pub fn extended(&self, pause: Pause) -> Pause {
        if pause.end - pause.start > self.longer_than {
            Pause {
                end: pause.end.saturating_add(self.hold),
                ..pause
            }
        } else {
            pause
        }
    }
}
