use std::fmt;

/// What a token should have kept from happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Violation {
    /// A write of an older lease took effect after a newer one was held.
    StaleWrite = 0,
    /// A side effect of an older lease did.
    StaleSideEffect = 1,
    /// A read of an older lease was answered after a newer one was held.
    StaleRead = 2,
    /// What an older lease wrote took effect on a resource on which a newer one's write had: what fencing alone
    /// promises was not kept. It is a stale write or side effect, too.
    Overtaken = 3,
}

impl Violation {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::StaleWrite,
        Self::StaleSideEffect,
        Self::StaleRead,
        Self::Overtaken,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::StaleWrite => "stale write",
            Self::StaleSideEffect => "stale side effect",
            Self::StaleRead => "stale read",
            Self::Overtaken => "overtaken",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which of them there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Violations(u8);

impl Violations {
    pub fn add(&mut self, violation: Violation) {
        self.0 |= 1 << violation as u8;
    }

    pub fn has(self, violation: Violation) -> bool {
        self.0 & (1 << violation as u8) != 0
    }

    pub fn any(self) -> bool {
        self.0 != 0
    }

    /// Those that another does not have.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// How many of something had violations, in all and by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub any: u64,
    pub by_kind: [u64; Violation::ALL.len()],
}

impl Tally {
    pub fn add(&mut self, violations: Violations) {
        self.any += u64::from(violations.any());
        for (count, violation) in self.by_kind.iter_mut().zip(Violation::ALL) {
            *count += u64::from(violations.has(violation));
        }
    }

    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.any += other.any;
        for (count, more) in self.by_kind.iter_mut().zip(other.by_kind) {
            *count += more;
        }
        self
    }
}
