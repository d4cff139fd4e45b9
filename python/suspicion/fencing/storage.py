"""A storage that looks at tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core
from ..arguments import Duration, choice, flag, level, number, refuse, whole
from ..distribution import Distribution
from ..distribution.constant import law_of
from ..progress import Progress, reporter
from ..randomness import RNG, key_of, seed_of
from ..value import Value

if TYPE_CHECKING:
    from .exploration import Exploration
    from .race import Race
    from .random_schedules import RandomSchedules

TOKENS = ("increasing", "reused", "random")

MOST = 10**12
"""Schedules and races are drawn up to this many."""


class FencedStorage(Value):
    """A storage that takes a write only if its fencing token is no lower than the highest it has seen.

    A lock service gives a token with each lease, every one higher than all before. A former holder that was paused and does not know that
    its lease has run out still sends what it was about to send, with a token that is too low. The defaults are what nothing
    gets past: a new holder seals the storage, that is, shows its token there before it takes the lease for its own. Every
    other value is a weakness.

    Parameters
    ----------
    fenced : bool
        Whether it looks at tokens at all.
    sealed : bool
        Whether a new holder shows its token before anything else and waits for the answer. Without it a late write gets through
        that arrives before the first write of the new holder.
    shards : int
        Parts, 1 to 16, that each remember the highest token they have seen themselves. The seal is shown to the first one.
    seal_every_shard : bool
        Whether the seal is shown to all of them, which is the remedy.
    atomic : bool
        Whether the check and the write are one step. Otherwise the write comes later, and what was seen meanwhile is not looked at.
    tokens : {"increasing", "reused", "random"}
        Reused ones come from a lock service that has lost its state and counts from one again. Random ones are all different and in
        no order, as the values of Redlock.
    unfenced_share : float
        Share of what clients do that goes where nobody checks: a mail, a payment, a second store.
    read_share : float
        Share that is reads, which are answered whoever asks.
    forged_share : float
        Share that is writes with a token the client made up, higher than any given.

    References
    ----------
    Kleppmann, "How to do distributed locking", 2016. Burrows, "The Chubby lock service for loosely-coupled distributed systems",
    OSDI 2006, where a token is a sequencer.

    Examples
    --------
    Fencing alone does not keep a late write out; sealing does:

    >>> import suspicion as sus
    >>> sus.FencedStorage().explore(clients=3, grants=3).violations
    0
    >>> for step in sus.FencedStorage(sealed=False).explore().counterexample:
    ...     print(step)
    the service gives lease 1 to client A with token 1
    client A gets token 1 and holds lease 1
    client A sends a write of lease 1 with token 1
    the service gives lease 2 to client B with token 2
    client B gets token 2 and holds lease 2
    the storage takes the write of lease 1 with token 1: stale write
    """

    _core: _core.Storage

    def __init__(
        self,
        *,
        fenced: bool = True,
        sealed: bool = True,
        shards: int = 1,
        seal_every_shard: bool = False,
        atomic: bool = True,
        tokens: str = "increasing",
        unfenced_share: float = 0.0,
        read_share: float = 0.0,
        forged_share: float = 0.0,
    ) -> None:
        parts = whole("shards", shards, least=1, most=16)
        fenced, sealed, atomic = (
            flag("fenced", fenced),
            flag("sealed", sealed),
            flag("atomic", atomic),
        )
        seal_every_shard = flag("seal_every_shard", seal_every_shard)
        seal = ("every shard" if seal_every_shard else "first shard") if sealed else "none"
        shares = {
            "unfenced_share": number("unfenced_share", unfenced_share),
            "read_share": number("read_share", read_share),
            "forged_share": number("forged_share", forged_share),
        }
        core = _core.Storage(
            fenced,
            seal,
            parts,
            atomic,
            choice("tokens", tokens, TOKENS),
            (shares["unfenced_share"], shares["read_share"], shares["forged_share"]),
        )
        self._set("_core", core)
        self._hold(
            fenced=fenced,
            sealed=sealed,
            shards=parts,
            seal_every_shard=seal_every_shard,
            atomic=atomic,
            tokens=tokens,
            **shares,
        )

    def explore(self, *, clients: int = 2, grants: int = 2, writes: int = 1) -> Exploration:
        """Look at every schedule of a few clients.

        The system is asynchronous: whatever may happen may happen next. The lock service may take a lease for expired
        at any moment and give it to any client, a message may take any time, and two of them arrive in any order. A violation is
        something of an older lease that takes effect after a newer one is held: after its holder got its
        token, or with a seal the answer to it.

        Parameters
        ----------
        clients : int
            Clients that ask for the lease, 2 to 4. One that gets it anew has given up its former one.
        grants : int
            How often it is given, 1 to 4 times.
        writes : int
            What a holder sends under one lease, 1 to 3 writes, side effects or reads.

        Returns
        -------
        Exploration
            Counts of states, and the shortest schedule to each violation.

        Raises
        ------
        ValueError
            If there are more than two million states, which takes some seconds to find out.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.FencedStorage(shards=2).explore()
        every schedule of 2 clients, 2 leases, 1 operation under each: 275 states, 440 steps
        violation          states  shortest schedule
        any                20      10 steps
        stale write        20      10 steps
        stale side effect  none
        stale read         none
        overtaken          none
        """
        from .exploration import Exploration

        scope = _scope(clients, grants, writes)
        states, steps, violations, by_kind, stories = self._core.explore(scope)
        return Exploration(
            storage=self,
            clients=scope[0],
            grants=scope[1],
            writes=scope[2],
            states=states,
            steps=steps,
            violations=violations,
            by_kind=dict(zip(_core.violation_names(), by_kind, strict=True)),
            counterexamples=dict(stories),
        )

    def random_schedules(
        self,
        n: int,
        *,
        clients: int = 2,
        grants: int = 2,
        writes: int = 1,
        confidence_level: float = 0.95,
        rng: RNG = None,
        progress: Progress = None,
    ) -> RandomSchedules:
        """Draw schedules in which what happens next is any of what may happen, all with the same probability.

        The share of those with a violation is of this walk, not of a world in which pauses and delays have laws; for that
        there is `race`. See `explore` for what a schedule is.

        Parameters
        ----------
        n : int
            How many schedules, up to 10^12; ten million take some seconds.
        clients, grants, writes : int
            As in `explore`.
        confidence_level : float
            Share of intervals that hold the truth, at least.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        progress : bool or callable, optional
            A bar, or what to call with the schedules done and those in all.

        Returns
        -------
        RandomSchedules
            Counts of schedules, with the shares that they stand for.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.FencedStorage().random_schedules(100_000, clients=3, grants=3, rng=7).violations.count
        0
        """
        from ..estimate.rates import proportion
        from .random_schedules import RandomSchedules

        many, scope = whole("n", n, least=1, most=MOST), _scope(clients, grants, writes)
        sure, seed = level(confidence_level), seed_of(rng)
        with reporter(progress, many) as told:
            steps, violations, by_kind = self._core.random_schedules(
                scope, many, key_of(seed), told
            )
        names = _core.violation_names()
        return RandomSchedules(
            storage=self,
            clients=scope[0],
            grants=scope[1],
            writes=scope[2],
            schedules=many,
            steps=steps,
            violations=proportion(violations, many, confidence_level=sure),
            by_kind={
                name: proportion(count, many, confidence_level=sure)
                for name, count in zip(names, by_kind, strict=True)
            },
            seed=seed,
        )

    def race(
        self,
        *,
        stale: Distribution | Duration,
        first_write: Distribution | Duration,
        gap: Distribution | Duration | None = None,
        n: int = 1_000_000,
        confidence_level: float = 0.95,
        rng: RNG = None,
        progress: Progress = None,
    ) -> Race:
        """Race something late of a former holder against the first write of the next one.

        Both count from the moment at which the next client is given the lease. The late one does harm if it takes effect while that
        client holds the lease: from that moment on without a seal, else from when its seal arrives.

        Parameters
        ----------
        stale : Distribution or duration
            When the late one reaches the storage, X.
        first_write : Distribution or duration
            When the first write of the next holder does, or its seal, Y; and how long it takes from each of its writes to the
            next. Each goes to any shard, the seal to the first one or to all.
        gap : Distribution or duration, optional
            From the check of the late one to its write, G, where `atomic` is false.
        n : int
            How many races, up to 10^12.
        confidence_level : float
            Share of intervals that hold the truth, at least.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        progress : bool or callable, optional
            A bar, or what to call with the races done and those in all.

        Returns
        -------
        Race
            The share of races that do harm, beside its closed form for exponential laws.

        Notes
        -----
        For rates a of X and b of Y, c = b / `shards` and s = a / (a + b) (1 - E exp(-b G)) the closed forms are

        * without a seal: a / (a + c)
        * sealed: s; of several shards only the first: s + (1 - 1 / shards) b / (a + b) a / (a + c)
        * what is not checked (not fenced, elsewhere, reads): 1 without a seal, else b / (a + b)
        * what always passes (reused and forged tokens): 1 without a seal, else b / (a + b) + s
        * random tokens: half of the time the newer one is higher. Otherwise the late one always passes, or with a seal the next
          client never gets in.

        A former holder whose tokens are reused has the same as the next one. What it sends is the first under its lease, but for a seal.

        Examples
        --------
        >>> import suspicion as sus
        >>> late, first = sus.Exponential(mean="500ms"), sus.Exponential(mean="200ms")
        >>> sus.FencedStorage(sealed=False).race(stale=late, first_write=first, n=100_000, rng=7)
        100,000 races, seed 7
        outcome               races   share (95 %)               closed form
        late one does harm    28,567  0.2857 (0.2829 to 0.2885)  0.2857
        late one refused      71,433  0.7143 (0.7115 to 0.7171)
        next holder shut out  0       less than 3.689e-05
        """
        from ..estimate.rates import proportion
        from .race import Race

        laws = law_of("stale", stale), law_of("first_write", first_write)
        between = None if gap is None else law_of("gap", gap)
        if (between is None) != self.parameters["atomic"]:
            atomic = "None, since the storage checks and writes in one step"
            apart = "a distribution or a duration, since the storage checks before it writes"
            raise refuse("gap", gap, atomic if between is not None else apart)
        many, sure, seed = whole("n", n, least=1, most=MOST), level(confidence_level), seed_of(rng)
        with reporter(progress, many) as told:
            *counts, closed_form = self._core.race(
                laws[0]._core,
                laws[1]._core,
                None if between is None else between._core,
                many,
                key_of(seed),
                told,
            )
        harm, refused, shut_out = (
            proportion(count, many, confidence_level=sure) for count in counts
        )
        return Race(
            storage=self,
            races=many,
            harm=harm,
            refused=refused,
            shut_out=shut_out,
            closed_form=closed_form,
            seed=seed,
        )


def _scope(clients: object, grants: object, writes: object) -> tuple[int, int, int]:
    return (
        whole("clients", clients, least=2, most=4),
        whole("grants", grants, least=1, most=4),
        whole("writes", writes, least=1, most=3),
    )
