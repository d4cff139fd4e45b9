use crate::{Error, domain};

/// A storage may be cut into so many shards.
pub const MOST_SHARDS: usize = 16;

/// What a storage asks for before it takes a write, and what tokens it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Storage {
    /// Whether it looks at tokens at all: it takes a write iff its token is no lower than the highest seen.
    pub fenced: bool,
    /// What a new holder does before anything else.
    pub seal: Seal,
    /// Parts that each remember the highest token that they themselves have seen.
    pub shards: usize,
    /// Whether the look at the token and the write are one step; else the write comes later, and what was seen meanwhile
    /// is not looked at again.
    pub atomic: bool,
    /// Which tokens the lock service gives.
    pub tokens: Tokens,
    /// What the clients do besides honest writes.
    pub shares: Shares,
}

/// What a client does with a new token before it takes the lease for its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// Nothing: it holds the lease as soon as it has the token.
    None,
    /// It shows the token to the first shard and waits for the answer.
    FirstShard,
    /// It shows the token to every shard and waits for all answers.
    EveryShard,
}

/// Which tokens a lock service gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// Each is higher than all before.
    Increasing,
    /// The service may lose its state once, and then counts from one again.
    Reused,
    /// All differ, in random order, as the values by which Redlock tells its clients apart.
    Random,
}

/// Shares of what clients do that no token guards; the rest is writes that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shares {
    /// Side effects elsewhere, where nobody checks: a mail, a payment, a second store.
    pub unfenced: f64,
    /// Reads, which are answered whoever asks.
    pub reads: f64,
    /// Writes with a token that the client made up, higher than any that the service has given.
    pub forged: f64,
}

impl Storage {
    /// A storage that nothing gets past: one shard that checks and writes in one step, and is sealed.
    pub const SAFE: Self = Self {
        fenced: true,
        seal: Seal::EveryShard,
        shards: 1,
        atomic: true,
        tokens: Tokens::Increasing,
        shares: Shares {
            unfenced: 0.0,
            reads: 0.0,
            forged: 0.0,
        },
    };

    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        domain::count("shards", self.shards, 1, MOST_SHARDS)?;
        let Shares {
            unfenced,
            reads,
            forged,
        } = self.shares;
        let mut left = 1.0;
        for (name, share) in [
            ("unfenced_share", unfenced),
            ("read_share", reads),
            ("forged_share", forged),
        ] {
            domain::probability(name, share)?;
            // Shares such as 0.7, 0.2 and 0.1 add up to a little more than one.
            if share > left + 1e-12 {
                let expected = format!("no more than {left}, which the other shares leave");
                return Err(Error::argument(name, share, expected));
            }
            left = (left - share).max(0.0);
        }
        Ok(self)
    }
}

impl Shares {
    /// The share of writes that are checked.
    pub fn checked_writes(&self) -> f64 {
        let rest = 1.0 - self.unfenced - self.reads - self.forged;
        if rest > 1e-12 { rest } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named() {
        let refused = |storage: Storage| storage.checked().unwrap_err().to_string();
        assert!(Storage::SAFE.checked().is_ok());
        for shards in [0, 17] {
            let said = refused(Storage {
                shards,
                ..Storage::SAFE
            });
            assert!(said.starts_with(&format!("shards = {shards}, expected")));
        }
        let shared = |unfenced, reads, forged| Storage {
            shares: Shares {
                unfenced,
                reads,
                forged,
            },
            ..Storage::SAFE
        };
        assert!(refused(shared(1.5, 0.0, 0.0)).starts_with("unfenced_share = 1.5"));
        assert!(refused(shared(0.0, f64::NAN, 0.0)).starts_with("read_share = NaN"));
        assert!(refused(shared(0.5, 0.3, 0.4)).starts_with("forged_share = 0.4"));
        let all = shared(0.7, 0.2, 0.1).checked().unwrap();
        assert_eq!(all.shares.checked_writes(), 0.0);
    }
}
