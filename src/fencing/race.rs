use rand::RngExt;
use rayon::prelude::*;

use super::storage::{Seal, Storage, Tokens};
use crate::distribution::{Distribution, Law};
use crate::random::{Purpose, Seed, Stream};
use crate::{Cancel, Error};

/// Races that share a stream of random numbers.
const BLOCK: u64 = 1 << 14;

/// Races that can be run.
pub const MOST_RACES: u64 = 1_000_000_000_000;

/// A late operation of a former holder against the first of the next one.
///
/// Both count from the moment at which the lock service gives the lease to the next client. What the former holder asked for
/// reaches the storage at X. What the next one writes comes at Y, Y + Y', and so on, each time to any shard; with a seal the first of
/// these is the seal, to the first shard or to all, and the lease is held only from then on. A storage that does not check and write in one
/// step writes what is late G after it has looked at its token.
///
/// The late operation does harm if it takes effect while the next client holds the lease; at the same moment the next one comes first. It is the first that its
/// client asked for under its lease, but for a seal. Random tokens are in either order with the same probability; reused ones are equal, since
/// the lock service has lost its state between the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Race {
    storage: Storage,
    stale: Distribution,
    next: Distribution,
    gap: Option<Distribution>,
}

/// What came of races.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raced {
    /// How many there were.
    pub races: u64,
    /// Races in which the late operation took effect under the lease of the next client.
    pub harmful: u64,
    /// Those in which the storage refused it.
    pub refused: u64,
    /// Those in which the storage refused the next client, by its seal or its first write.
    pub locked_out: u64,
}

impl Race {
    /// A race of `stale`, the law of X, against `next`, that of Y, with `gap`, that of G; all in seconds and independent.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a storage out of its range, or a gap of one that checks and writes in one step, or none of one that
    /// does not.
    pub fn new(
        storage: &Storage,
        stale: Distribution,
        next: Distribution,
        gap: Option<Distribution>,
    ) -> Result<Self, Error> {
        let storage = storage.checked()?;
        match &gap {
            Some(_) if storage.atomic => {
                let expected = "none, since the storage checks and writes in one step";
                Err(Error::argument("gap", "given", expected))
            }
            None if !storage.atomic => {
                let expected = "the time from the check to the write";
                Err(Error::argument("gap", "none", expected))
            }
            _ => Ok(Self {
                storage,
                stale,
                next,
                gap,
            }),
        }
    }

    /// Runs `count` races that know nothing of each other; the same seed gives the same on any number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for no races, or too many; [`Error::Cancelled`].
    pub fn run(&self, count: u64, seed: &Seed, cancel: &Cancel) -> Result<Raced, Error> {
        if !(1..=MOST_RACES).contains(&count) {
            let expected = format!("a whole number from 1 to {MOST_RACES}");
            return Err(Error::argument("n", count, expected));
        }
        (0..count.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let some = BLOCK.min(count - block * BLOCK);
                let mut stream = seed.stream(Purpose::Race, block);
                let mut raced = Raced::default();
                for _ in 0..some {
                    raced = raced.and(self.once(&mut stream));
                }
                cancel.advance(some).map(|()| raced)
            })
            .try_reduce(Raced::default, |one, other| Ok(one.and(other)))
    }

    /// One race.
    fn once(&self, stream: &mut Stream) -> Raced {
        let storage = &self.storage;
        let what = self.what(stream);
        let tokens = match storage.tokens {
            _ if !storage.fenced => Order::Equal,
            Tokens::Increasing => Order::Higher,
            Tokens::Reused => Order::Equal,
            Tokens::Random if stream.random() => Order::Higher,
            Tokens::Random => Order::Lower,
        };
        let sealed = storage.seal != Seal::None;
        let arrives = self.stale.sample(stream);
        let first = self.next.sample(stream);
        let gap = match &self.gap {
            Some(gap) if what != What::Unchecked => gap.sample(stream),
            _ => 0.0,
        };
        let takes_effect = arrives + gap;
        let shard = stream.random_range(0..storage.shards);
        let first_shard = match storage.seal {
            Seal::None => stream.random_range(0..storage.shards),
            Seal::FirstShard => 0,
            Seal::EveryShard => shard,
        };
        // The storage has seen the seal of the former holder, but no write of it.
        let shows_first = takes_effect < first && first_shard == shard;
        let locked_out = match what {
            What::Forged => shows_first || (sealed && tokens == Order::Lower),
            What::Write => tokens == Order::Lower && (sealed || shows_first),
            What::Unchecked => sealed && tokens == Order::Lower,
        };
        let refused = what == What::Write && tokens == Order::Higher && {
            let mut shown = first;
            let mut to = first_shard;
            while to != shard && shown <= arrives {
                shown += self.next.sample(stream);
                to = stream.random_range(0..storage.shards);
            }
            shown <= arrives
        };
        let held = if sealed {
            takes_effect >= first && !locked_out
        } else {
            true
        };
        Raced {
            races: 1,
            harmful: u64::from(held && !refused),
            refused: u64::from(refused),
            locked_out: u64::from(locked_out),
        }
    }

    fn what(&self, stream: &mut Stream) -> What {
        let shares = &self.storage.shares;
        if !self.storage.fenced {
            return What::Unchecked;
        }
        if shares.checked_writes() == 1.0 {
            return What::Write;
        }
        let draw: f64 = stream.random();
        if draw < shares.unfenced + shares.reads {
            What::Unchecked
        } else if draw < shares.unfenced + shares.reads + shares.forged {
            What::Forged
        } else {
            What::Write
        }
    }

    /// The probability of harm for exponential laws, with a constant or exponential gap; none for others.
    ///
    /// With the rates `a` of X and `b` of Y, `c = b / shards` and `s = a / (a + b) (1 - E exp(-b G))`, the probability of
    /// X < Y < X + G, it is without a seal `a / (a + c)`, with one that reaches all shards `s`, and where it only reaches one
    /// of several `s + (1 - 1 / shards) b / (a + b) a / (a + c)`. What is not checked at all does harm always without a
    /// seal, and with one if it comes after it, `b / (a + b)`; what passes the check always, with a forged or reused token, `b / (a + b) + s`. Of two
    /// random tokens the newer one is the higher half of the time; else the former holder passes always, or the next one never gets past
    /// its seal.
    pub fn probability(&self) -> Option<f64> {
        let storage = &self.storage;
        let (a, b) = (rate(&self.stale)?, rate(&self.next)?);
        let stays = match &self.gap {
            None => 1.0,
            Some(Distribution::Constant(gap)) => libm::exp(-b * gap.mean()),
            Some(Distribution::Exponential(gap)) => 1.0 / (1.0 + b * gap.mean()),
            Some(_) => return None,
        };
        let shards = storage.shards as f64;
        let sealed = storage.seal != Seal::None;
        let unseen = a / (a + b / shards);
        let after_seal = b / (a + b);
        let straddles = a / (a + b) * (1.0 - stays);
        let unchecked = if sealed { after_seal } else { 1.0 };
        let passes = if sealed { after_seal + straddles } else { 1.0 };
        let higher = match storage.seal {
            Seal::None => unseen,
            Seal::FirstShard => straddles + (1.0 - 1.0 / shards) * after_seal * unseen,
            Seal::EveryShard => straddles,
        };
        if !storage.fenced {
            return Some(unchecked);
        }
        let checked = match storage.tokens {
            Tokens::Increasing => higher,
            Tokens::Reused => passes,
            Tokens::Random if sealed => higher,
            Tokens::Random => 0.5 + 0.5 * higher,
        };
        let shares = &storage.shares;
        let all = (shares.unfenced + shares.reads) * unchecked
            + shares.forged * passes
            + shares.checked_writes() * checked;
        let gets_in = if sealed && storage.tokens == Tokens::Random {
            0.5
        } else {
            1.0
        };
        Some(gets_in * all)
    }
}

impl Raced {
    fn and(self, other: Self) -> Self {
        Self {
            races: self.races + other.races,
            harmful: self.harmful + other.harmful,
            refused: self.refused + other.refused,
            locked_out: self.locked_out + other.locked_out,
        }
    }
}

/// What the former holder asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Write,
    Forged,
    Unchecked,
}

/// The token of the next client beside that of the former.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Higher,
    Equal,
    Lower,
}

fn rate(law: &Distribution) -> Option<f64> {
    match law {
        Distribution::Exponential(law) => Some(1.0 / law.mean()),
        _ => None,
    }
}
