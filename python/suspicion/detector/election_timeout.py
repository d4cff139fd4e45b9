"""The randomised election timeout of Raft followers."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from .. import _core
from ..arguments import Duration, Floats, choice, frozen, number, optional_seconds, refuse, whole
from ..randomness import RNG, key_of, seed_of
from .base import Detector


class ElectionTimeout(Detector):
    """The randomised election timeout of Raft followers, of which the first to run out counts.

    Three rules are in use, and they differ. ``"reset"``: a timeout from T to 2T that is drawn anew with
    each heartbeat. ``"term"``, etcd's: it runs anew with each heartbeat, but is drawn anew only for each
    term, that is, after an election; with a `tick` it is a whole number of ticks. ``"free"``,
    hashicorp/raft's: timers from T to 2T follow one another and heartbeats do not reset them; when one
    goes off and the last contact is T or more ago, the election begins, up to 3T after that contact.

    Without `seed` a sweep is in expectation: a gap of g counts as a mistake with the probability that a
    timeout is less than g. With it timeouts are drawn. The rule ``"term"`` always draws: a timeout that
    is kept meets many gaps, and long ones are kept for longer, so that no single gap tells.

    The threshold is T. O(1) a heartbeat, follower and threshold.

    Parameters
    ----------
    rule : {"reset", "term", "free"}
        What heartbeats do to the timer.
    followers : int
        Followers of the leader, with timers of their own.
    tick : duration, optional
        Of the rule ``"term"``.
    seed : int, optional
        Where draws come from; none for expectations, and for a draw that is always the same where the
        rule draws anyway. A log without an election rests on a single draw: compare several seeds.

    References
    ----------
    etcd-io/raft, `raft.go`; hashicorp/raft, `raft.go`, `runFollower`.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.ElectionTimeout(rule="free")
    >>> detector.mean_timeout("1s")
    1.77...
    >>> sus.sweep(sus.examples.load("south_n8_v10"), detector, thresholds=["1s"]).mistakes
    array([1.23666667])
    """

    threshold_name = "timeout"
    threshold_is_time = True
    _durations = frozenset({"tick"})

    def __init__(
        self,
        *,
        rule: Literal["reset", "term", "free"] = "reset",
        followers: int = 1,
        tick: Duration | None = None,
        seed: int | None = None,
    ) -> None:
        kind = choice("rule", rule, ("reset", "term", "free"))
        many, span = whole("followers", followers), optional_seconds("tick", tick)
        if kind != "term" and span is not None:
            raise refuse("tick", tick, "None, for only the rule 'term' has ticks")
        drawn = None if seed is None else whole("seed", seed, most=2**64 - 1)
        key = None if drawn is None else key_of(drawn)
        core = _core.Detector.election_timeout(kind, span, many, key)
        self._build(core, rule=rule, followers=many, tick=span, seed=drawn)

    def _law(self, timeout: object, shares: Floats) -> tuple[float, Floats]:
        base = self._threshold(timeout, "timeout")
        rule, tick = self.parameters["rule"], self.parameters["tick"]
        return _core.election_law(rule, tick, self.parameters["followers"], base, shares)

    def mean_timeout(self, timeout: Duration) -> float:
        """Return the mean time in seconds from the leader's last heartbeat to the first election.

        Parameters
        ----------
        timeout : duration
            T.
        """
        return self._law(timeout, np.empty(0))[0]

    def timeout_quantile(self, p: float, timeout: Duration) -> float:
        """Return the time in seconds within which a share `p` of elections begin.

        Parameters
        ----------
        p : float
            The share, between 0 and 1.
        timeout : duration
            T.

        Examples
        --------
        >>> import suspicion as sus
        >>> round(sus.ElectionTimeout(rule="free").timeout_quantile(0.9, "1s"), 2)
        2.45
        """
        share = number("p", p)
        if not 0.0 <= share <= 1.0:
            raise refuse("p", p, "a number from 0 to 1")
        return float(self._law(timeout, np.array([share]))[1][0])

    def draw_timeouts(self, timeout: Duration, size: int, *, rng: RNG = None) -> Floats:
        """Draw times in seconds from the leader's last heartbeat to the first election.

        Parameters
        ----------
        timeout : duration
            T.
        size : int
            How many, shape of the result.
        rng : int, SeedSequence, Generator or None
            Where the randomness comes from.

        Examples
        --------
        >>> import suspicion as sus
        >>> draws = sus.ElectionTimeout(followers=2).draw_timeouts("1s", 100_000, rng=1)
        >>> round(float(draws.mean()), 2)
        1.33
        """
        base, many = self._threshold(timeout, "timeout"), whole("size", size)
        rule, tick = self.parameters["rule"], self.parameters["tick"]
        key = key_of(seed_of(rng))
        followers = self.parameters["followers"]
        return frozen(_core.draw_elections(rule, tick, followers, base, many, key))


def split_vote_probability(*, cluster: int, alive: int, latency: float) -> float:
    """Return the probability that an election of Raft ends without a leader, for votes are split.

    The timeouts of the servers that are left are uniform on an interval; a vote is split when so many
    of them run out within one message delay that nobody can get a majority:
    Pr(Binomial(s, l) >= c - 1) with c = s - floor(n/2) + 1.

    Parameters
    ----------
    cluster : int
        Servers in the cluster, n.
    alive : int
        Servers that are left, s: a majority at least.
    latency : float
        Message delay as a share of the interval, l.

    References
    ----------
    Ongaro, "Consensus: Bridging Theory and Practice", 2014, chapter 9.

    Examples
    --------
    >>> import suspicion as sus
    >>> round(sus.split_vote_probability(cluster=5, alive=4, latency=0.1), 4)
    0.0523
    """
    n, s = whole("cluster", cluster, least=1, most=1001), whole("alive", alive, least=1)
    if not n // 2 < s <= n:
        raise refuse("alive", alive, f"a majority of the cluster, {n // 2 + 1} to {n}")
    delay = number("latency", latency)
    if not 0.0 <= delay <= 1.0:
        raise refuse("latency", latency, "a number from 0 to 1")
    if s == 1:
        return 0.0
    least = max(s - n // 2, 0)
    return sum(math.comb(s, k) * delay**k * (1.0 - delay) ** (s - k) for k in range(least, s + 1))
