use crate::detector::Deadline;

/// Working space for heartbeats that are taken together.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// The deadlines that run before each heartbeat, and that after the last.
    pub offsets: Vec<f64>,
    pub scales: Vec<f64>,
    pub lates: Vec<f64>,
    pub levels: Vec<f64>,
    pub ranks: Vec<u16>,
}

impl Chunk {
    /// The deadline that runs before the heartbeat at a place.
    pub fn deadline(&self, index: usize) -> Deadline {
        Deadline {
            offset: self.offsets[index],
            scale: self.scales[index],
        }
    }
}
