"""A lock on several independent servers, and what its check of the clock does not see."""

from __future__ import annotations

from typing import SupportsFloat, SupportsIndex

from . import _core
from .arguments import Duration, choice, flag, level, number, positive, seconds, whole
from .distribution import Distribution, Exponential, Uniform
from .distribution.constant import law_of
from .progress import Progress, reporter
from .randomness import RNG, key_of, seed_of
from .redlock_outcome import RedlockOutcome
from .value import Value

MOST = 10**12
"""So many trials at most."""


class Redlock(Value):
    """Redis's lock on a majority of independent servers, with a client that pauses, clocks that jump, servers that forget.

    Each server keeps the key of a client for `ttl` by its own wall clock, unless it has one. A client asks all of them, waits for
    each for up to `node_timeout`, and then reads its clock, once: it holds the lock if more than half of all servers granted it and

        validity = ttl - elapsed - (drift_factor * ttl + drift_margin)

    is above zero; else it unlocks them all. In a trial the first client asks at time zero, once. If it gets the lock, it works for
    a draw of `work`, or for as long as the validity it has found if that is shorter, without another look at the clock. The other
    client asks from `asks_after` on, by the same rules and without pauses, and again a draw of `retry` after each attempt that
    failed, until it holds the lock or the first has done its work.

    Its values are random and do not grow from one holder to the next. A storage cannot tell by them whose turn it is, as it can by
    the tokens of a lease: nothing saves the writes of a client that comes too late.

    Parameters
    ----------
    nodes : int
        Servers, from 1 to 64.
    ttl : duration
        How long a server keeps a key.
    delay : Distribution or duration
        Time that each request and each reply takes. Requests of a client to a server stay in order; servers answer at once.
    node_timeout : duration
        How long a client waits for a server, up to `ttl`.
    in_turn : bool
        Whether a client asks one server after the other, rather than all at once.
    drift_factor : float
        Share of `ttl` that is set aside for clocks that drift.
    drift_margin : duration
        What is set aside besides.
    work : Distribution or duration
        How long either client works under the lock. Of each draw no more is done than the validity allows.
    asks_after : Distribution or duration, optional
        When the other client begins to ask; by default at any moment of the first `ttl` alike.
    retry : Distribution or duration
        Time from an attempt that failed to the next; a duration is the mean of an exponential one.
    pause : Distribution or duration, optional
        A pause of the first client.
    pause_at : {"after", "before"}
        Whether it begins when the client has read its clock and found that it holds the lock, or when it has sent its last
        request, so that replies wait for it to end and the clock is read after.
    reachable : int, optional
        Servers that the first client reaches; the others do not answer it. The other client reaches all.
    jumps : int
        Servers whose wall clocks jump forward while the first client holds the lock, each at a moment of its own.
    jump : duration
        How far.
    crashes : int
        Servers that crash while the first client holds the lock, each at a moment of its own, and forget their keys.
    restart_delay : duration
        How long a server that crashed answers nobody; with `ttl` or more, what it forgot has run out by then.

    Notes
    -----
    Clients measure elapsed time by clocks that neither jump nor drift.

    A pause before the check is found by it: no trial has two holders then, as two majorities share a server, whose key outlives
    the validity. A pause after it is not. If messages take no time and the other client asks from the beginning, work `w` after a pause
    `P` is stale with probability ``Pr(P + w > ttl + E)``, with `E` an exponential time of mean `retry`. For exponential pauses
    of mean `m` that is ``m / (m + retry) * exp(-(ttl - w) / m)``, and both hold the lock at once with
    ``m / (m + retry) * exp(-(ttl - w) / m) * (1 - exp(-2 * w / m))``.

    Clocks that jump, or servers that forget, break it if they are enough: with `g` of `n` servers granted to the first client,
    ``n // 2 + 1 - (n - g)`` of these.

    References
    ----------
    "Distributed Locks with Redis", in the documentation of Redis. Kleppmann, "How to do distributed locking", 2016, and
    Sanfilippo's answer, "Is Redlock safe?".

    Examples
    --------
    >>> import suspicion as sus
    >>> pauses = sus.Exponential(mean="3s")
    >>> sus.Redlock(pause=pauses, pause_at="before").simulate(100_000, rng=1).violations
    0
    >>> after = sus.Redlock(pause=pauses, pause_at="after").simulate(100_000, rng=1)
    >>> print(after.share)
    0.02206 (0.02116 to 0.02299)

    Where the first client reached A, B and C only, one jump may be enough; it meets one of them three times out of five:

    >>> lock = sus.Redlock(reachable=3, jumps=1, work="9s")
    >>> 0.5 < lock.simulate(10_000, rng=1).share.value < 0.6
    True
    """

    _core: _core.Redlock
    _durations = frozenset({"ttl", "node_timeout", "drift_margin", "jump", "restart_delay"})

    def __init__(
        self,
        *,
        nodes: int = 5,
        ttl: Duration = "10s",
        delay: Distribution | Duration = "1ms",
        node_timeout: Duration = "50ms",
        in_turn: bool = False,
        drift_factor: float = 0.01,
        drift_margin: Duration = "2ms",
        work: Distribution | Duration = "1s",
        asks_after: Distribution | Duration | None = None,
        retry: Distribution | Duration = "200ms",
        pause: Distribution | Duration | None = None,
        pause_at: str = "after",
        reachable: int | None = None,
        jumps: int = 0,
        jump: Duration = "1min",
        crashes: int = 0,
        restart_delay: Duration = 0.0,
    ) -> None:
        many, length = whole("nodes", nodes), positive("ttl", ttl)
        counts: dict[str, SupportsIndex] = {
            "nodes": many,
            "reachable": many if reachable is None else whole("reachable", reachable),
            "jumps": whole("jumps", jumps),
            "crashes": whole("crashes", crashes),
        }
        numbers: dict[str, SupportsFloat | SupportsIndex] = {
            "ttl": length,
            "node_timeout": seconds("node_timeout", node_timeout),
            "drift_factor": number("drift_factor", drift_factor),
            "drift_margin": seconds("drift_margin", drift_margin),
            "jump": seconds("jump", jump),
            "restart_delay": seconds("restart_delay", restart_delay),
        }
        laws = {
            "delay": law_of("delay", delay),
            "work": law_of("work", work),
            "retry": _random("retry", retry),
        }
        begins = None if asks_after is None else law_of("asks_after", asks_after)
        stops = None if pause is None else law_of("pause", pause)
        placed = choice("pause_at", pause_at, ("after", "before"))
        turns = flag("in_turn", in_turn)
        drawn = {**laws, "asks_after": begins or Uniform(low=0.0, high=length)}
        inner = {name: law._core for name, law in drawn.items()}
        pausing = None if stops is None else (stops._core, placed == "after")
        self._set("_core", _core.Redlock(counts, numbers, inner, turns, pausing))
        self._hold(
            **counts,
            **numbers,
            **laws,
            in_turn=turns,
            asks_after=begins,
            pause=stops,
            pause_at=placed,
        )

    def simulate(
        self,
        n: int,
        *,
        rng: RNG = None,
        progress: Progress = None,
        confidence_level: float = 0.95,
    ) -> RedlockOutcome:
        """Return how `n` trials ended that know nothing of each other.

        Parameters
        ----------
        n : int
            Trials.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        progress : bool or callable, optional
            True for a bar on the terminal, or what to call with trials done and trials in all.
        confidence_level : float
            Share of intervals that hold the truth, at least.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Redlock(jumps=3, work="5s").simulate(100_000, rng=1)
        redlock in 100,000 trials (seed 1)
        outcome                          trials   of       share (95 %)
        acquired                         100,000  100,000  1 (1 to 1)
        refused: too late                0        100,000  less than 3.689e-05
        refused: no majority             0        100,000  less than 3.689e-05
        stale work                       44,738   100,000  0.4474 (0.4443 to 0.4505)
        two holders                      44,738   100,000  0.4474 (0.4443 to 0.4505)
        two holders after clocks jumped  44,738   100,000  0.4474 (0.4443 to 0.4505)
        """
        trials = whole("n", n, least=1, most=MOST)
        sure, seed = level(confidence_level), seed_of(rng)
        with reporter(progress, trials) as report:
            found = self._core.simulate(trials, key_of(seed), report)
        return RedlockOutcome(**found, seed=seed, confidence_level=sure)


def _random(name: str, value: Distribution | Duration) -> Distribution:
    """Return a law; a duration is the mean of an exponential one."""
    if isinstance(value, Distribution):
        return value
    return Exponential(mean=positive(name, value))
