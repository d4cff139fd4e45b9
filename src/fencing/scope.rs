use crate::{Error, domain};

/// Leases that are given in a schedule, at most.
pub const MOST_GRANTS: usize = 4;

/// Operations under each of them, at most.
pub const MOST_WRITES: usize = 3;

/// How much happens in a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Clients that ask for the lease, 2 to 4.
    pub clients: usize,
    /// How often it is given, 1 to 4 times.
    pub grants: usize,
    /// Operations that a holder sends under one lease, 1 to 3.
    pub writes: usize,
}

impl Scope {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        domain::count("clients", self.clients, 2, 4)?;
        domain::count("grants", self.grants, 1, MOST_GRANTS)?;
        domain::count("writes", self.writes, 1, MOST_WRITES)?;
        Ok(self)
    }
}
