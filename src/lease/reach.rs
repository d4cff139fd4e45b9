use crate::Cancel;
use crate::time::Nanos;

/// How far a run is followed, and who may stop it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach<'l> {
    pub horizon: Nanos,
    pub cancel: &'l Cancel,
}

impl Reach<'_> {
    /// Whether nobody waits for the outcome any more, so that it does not matter what it is.
    #[inline]
    pub fn cancelled(&self) -> bool {
        self.cancel.requested()
    }

    /// Whether nobody wants to know what happens from a moment on.
    #[inline]
    pub fn is_past(&self, moment: Nanos) -> bool {
        moment >= self.horizon || self.cancelled()
    }
}
