"""What pauses make of a lease at each length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Duration, Floats, Rate, durations, frozen, level, number, positive, refuse
from ..arguments import rate as rate_of
from ..frames import as_html, as_text, to_frame
from ..randomness import seed_of
from ..units import duration as shown
from ..units import rate as shown_rate
from .chances import Chances, Source, expected, sources_of
from .writes import Writes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..distribution import Distribution
    from ..pause import Timeline
    from ..pause.process import PauseProcess
    from ..randomness import RNG
    from .terms import Lease

COUNT = 60
LONGEST = 3600.0
"""Lengths that are looked at unless somebody says otherwise: so many, up to an hour."""

ROWS = 12
"""A table shows no more than about so many lengths."""


class LeaseLengths:
    """What pauses make of a lease at each length: how often there are two holders, and what a crash costs.

    Messages take no time and clocks are right; `Lease.simulate` has the rest.

    Attributes
    ----------
    length : ndarray of float64, shape (n,)
        Lengths in seconds, ascending.
    two_holders, two_holders_low, two_holders_high : ndarray of float64, shape (n,)
        How often a pause makes two holders, per second, with an interval for what was counted.
    unsafe_writes : ndarray of float64, shape (n,)
        How often a write takes effect after another has got the lease, per second, without fencing; nan without writes.
    with_tokens : ndarray of float64, shape (n,)
        How often a storage that looks at tokens takes such a write: one that arrives before the new holder's first. One that
        the new holder seals takes none.
    crash_mean, crash_most : ndarray of float64, shape (n,)
        For how long a crash leaves everybody without a holder, in seconds: on average and at most.
    identifiable : ndarray of bool, shape (n,)
        Whether the data say anything of pauses that long: not beyond the longest that was counted, or the reach of a law.
    watched : float
        For how many seconds pauses were counted; infinite for laws.
    confidence_level : float
        Of the intervals.
    """

    def __init__(
        self, lease: Lease, columns: dict[str, Any], watched: float, confidence_level: float
    ) -> None:
        self.lease = lease
        self.watched = watched
        self.confidence_level = confidence_level
        for name, column in columns.items():
            setattr(self, name, frozen(column))
        self._names = tuple(columns)

    length: Floats
    two_holders: Floats
    two_holders_low: Floats
    two_holders_high: Floats
    unsafe_writes: Floats
    with_tokens: Floats
    crash_mean: Floats
    crash_most: Floats
    identifiable: Any

    def recommend(self, max_rate: Rate, *, drift: float = 200e-6) -> LengthChoice:
        """Return the shortest length at which two holders are no more frequent than a rate.

        Where pauses were counted the upper end of the interval must be below it.

        Parameters
        ----------
        max_rate : rate
            How often there may be two holders.
        drift : float
            Seconds that a clock may gain or lose in a second, for the time that a holder believes in its lease.

        Examples
        --------
        >>> import suspicion as sus
        >>> pauses = sus.Pauses(every=sus.Exponential(mean="1h"), lasting=sus.Exponential(mean="1s"))
        >>> print(sus.Lease(length="10s", renew_every="2s").lengths(pauses=pauses).recommend("1/year"))
        A lease of 1... s ...
        """
        allowed = rate_of("max_rate", max_rate)
        if allowed <= 0.0:
            raise refuse("max_rate", max_rate, "a rate above zero")
        good = np.flatnonzero(self.two_holders_high <= allowed)
        rank = int(good[0]) if good.size else len(self.length) - 1
        return LengthChoice(self, rank, allowed, bool(good.size), _drift(drift))

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as arrays."""
        return {name: getattr(self, name) for name in self._names}

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the columns as a data frame.

        Parameters
        ----------
        backend : str, optional
            ``"pandas"``, ``"polars"`` or ``"pyarrow"``; the first that is installed without it.
        """
        return to_frame(self.to_dict(), backend)

    def plot(self, ax: Axes | None = None, *, per: str = "day", label: str | None = None) -> Axes:
        """Draw how often there are two holders against the length of the lease.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        per : str
            The time that rates are counted over: ``"second"``, ``"minute"``, ``"hour"``, ``"day"`` or ``"year"``.
        label : str, optional
            Name of the curve.
        """
        from ..plot.lease import draw_lengths

        return draw_lengths(self, ax, per, label)

    def _shown_rate(self, rank: int) -> str:
        low, value, high = (
            float(column[rank])
            for column in (self.two_holders_low, self.two_holders, self.two_holders_high)
        )
        if low == high:
            text = shown_rate(value) if value > 0.0 else "none"
        elif value == 0.0:
            text = f"fewer than {shown_rate(high)}"
        else:
            text = f"{shown_rate(value)} (up to {shown_rate(high)})"
        return text if self.identifiable[rank] else f"{text}, not identifiable"

    def _rows(self) -> list[tuple[str, ...]]:
        step = max(1, -(-len(self.length) // ROWS))
        return [
            (
                shown(self.length[rank]),
                self._shown_rate(rank),
                *(
                    [shown_rate(self.unsafe_writes[rank]), shown_rate(self.with_tokens[rank])]
                    if self._writes
                    else []
                ),
                f"{shown(self.crash_mean[rank])} (up to {shown(self.crash_most[rank])})",
            )
            for rank in range(0, len(self.length), step)
        ]

    @property
    def _writes(self) -> bool:
        return not bool(np.isnan(self.unsafe_writes).any())

    def _head(self) -> tuple[str, ...]:
        writes = ("stale writes", "past tokens") if self._writes else ()
        return "length", "two holders", *writes, "a crash costs"

    def __repr__(self) -> str:
        return as_text(self._head(), self._rows())

    def _repr_html_(self) -> str:
        title = f"leases renewed every {shown(self.lease.parameters['renew_every'])}"
        return as_html(title, self._head(), self._rows())


@dataclass(frozen=True)
class LengthChoice:
    """The answer to which length a lease should have; its text says it in a few sentences."""

    lengths: LeaseLengths
    """What was chosen from."""
    rank: int
    """The place of the length among them; of the longest if none will do."""
    max_rate: float
    """How often there may be two holders, per second."""
    met: bool
    """Whether the length meets that."""
    drift: float
    """Seconds that a clock may gain or lose in a second."""

    @property
    def length(self) -> float:
        """The length in seconds."""
        return float(self.lengths.length[self.rank])

    @property
    def believed_for(self) -> float:
        """For how long its holder may take it for its own, in seconds of its clock from the request."""
        return self.length * (1.0 - self.drift) / (1.0 + self.drift)

    def __str__(self) -> str:
        found = self.lengths
        crash = (
            f"a crash leaves nobody for {shown(found.crash_mean[self.rank])} on average and "
            f"{shown(found.crash_most[self.rank])} at most"
        )
        rate = found._shown_rate(self.rank)
        if not self.met:
            return " ".join([*self._too_often(), *self._untold(), "Fencing helps at any length."])
        return (
            f"A lease of {self.length:.4g} s, renewed every "
            f"{shown(found.lease.parameters['renew_every'])} and taken for its own by the holder for "
            f"{self.believed_for:.5g} s from each request, which clocks wrong by {self.drift * 1e6:g} ppm "
            f"leave: two holders {rate}, and {crash}. Writes that are under way when the holder stops need fencing at any length."
        )

    def _too_often(self) -> list[str]:
        """Say up to which length there are too many for certain."""
        found = self.lengths
        bad = np.flatnonzero(found.two_holders_low > self.max_rate)
        if not bad.size:
            return []
        last = int(bad[-1])
        crash = shown(found.crash_mean[last])
        return [
            f"No lease up to {shown(found.length[last])} keeps two holders below "
            f"{shown_rate(self.max_rate)}: there it is {found._shown_rate(last)}, and a crash leaves nobody for "
            f"{crash}."
        ]

    def _untold(self) -> list[str]:
        """Say what the data do not tell of longer ones."""
        found = self.lengths
        if math.isinf(found.watched):
            return []
        bound = shown_rate(found.two_holders_high[self.rank])
        needed = -math.log(0.5 * (1.0 - found.confidence_level)) / self.max_rate
        return [
            f"Of longer leases {shown(found.watched)} of pauses say no more than that it is below {bound}; to show "
            f"{shown_rate(self.max_rate)} takes about {shown(needed)} without a pause that long."
        ]


def _drift(drift: float) -> float:
    wrong = number("drift", drift)
    if not 0.0 <= wrong < 1.0:
        raise refuse("drift", drift, "a number from 0 to 1")
    return wrong


def lease_lengths(
    lease: Lease,
    lengths: Sequence[Any] | Floats | None,
    pauses: PauseProcess | Timeline,
    duration: Duration | None,
    writes: Writes | None,
    confidence_level: float,
    rng: RNG,
) -> LeaseLengths:
    """Return what pauses make of a lease at other lengths."""
    interval = lease.parameters["renew_every"]
    if lengths is None:
        chosen = np.geomspace(interval, max(LONGEST, 100 * interval), COUNT)
        chosen[0] = interval
    else:
        chosen = np.unique(durations("lengths", lengths))
        if not chosen.size or chosen[0] < interval:
            raise refuse("lengths", lengths, f"lengths of renew_every = {interval:g} s or more")
    if writes is not None and not isinstance(writes, Writes):
        raise refuse("writes", writes, "Writes or None", TypeError)
    confidence = level(confidence_level)
    watched = None if duration is None else positive("duration", duration)
    sources = sources_of(pauses, watched, seed_of(rng))
    rows = [_row(lease, float(length), sources, writes, confidence) for length in chosen]
    names = ("two_holders", "two_holders_low", "two_holders_high", "unsafe_writes", "with_tokens")
    columns: dict[str, Any] = {"length": chosen}
    columns |= {name: np.array([row[name] for row in rows]) for name in names}
    mean, most = _crash(lease, chosen)
    columns |= {"crash_mean": mean, "crash_most": most}
    columns["identifiable"] = np.array([_told(lease, length, sources) for length in chosen])
    watched_for = min((source.watched for source in sources), default=math.inf)
    return LeaseLengths(lease, columns, watched_for, confidence)


def _row(
    lease: Lease, length: float, sources: list[Source], writes: Writes | None, confidence: float
) -> dict[str, float]:
    terms = lease._terms(length)
    known = lease.parameters
    free = length + known["grace"] + known["lock_delay"]
    often = sum(source.rate for source in sources)

    def two(lasting: Distribution) -> float:
        return float(terms.two_holders(lasting._core, often))

    found = expected(sources, two, free - known["renew_every"], confidence)
    stale = tokens = Chances(np.nan, np.nan, np.nan)
    if writes is not None:
        # A stale write arrives when the lease is another's; by then a storage may have seen a newer token.
        wait = 0.5 * known["poll_every"] * (1.0 + 0.5 * known["poll_jitter"])
        first = writes.parameters["first_after"] + writes.parameters["window"]
        first += writes.parameters["delay"].mean()
        window = writes.parameters["window"]
        # A pause begins half of the window after the look, about; who wakes up in time keeps the lease.
        later = lease._terms(free + wait + 0.5 * window), lease._terms(free + wait + first)

        def late(lasting: Distribution) -> float:
            return float(later[0].unsafe_write(window, lasting._core, often))

        def refused(lasting: Distribution) -> float:
            return float(later[1].unsafe_write(window, lasting._core, often))

        # Each pause meets a write under way with the probability that one is, once in `every`.
        share = 1.0 / (writes.parameters["every"] * often) if often else 0.0
        least = free - known["renew_every"] - window
        stale = expected(sources, late, least, confidence)
        seen = expected(sources, refused, least, confidence)
        stale = Chances(stale.value * share, 0.0, 0.0)
        tokens = Chances(stale.value - seen.value * share, 0.0, 0.0)
    return {
        "two_holders": found.value,
        "two_holders_low": found.low,
        "two_holders_high": found.high,
        "unsafe_writes": stale.value,
        "with_tokens": max(tokens.value, 0.0) if writes is not None else np.nan,
    }


def _crash(lease: Lease, lengths: Floats) -> tuple[Floats, Floats]:
    """Return how long a crash leaves everybody without a holder: on average, and at most."""
    known = lease.parameters
    shortest, jitter = known["poll_every"], known["poll_jitter"]
    longest = shortest * (1.0 + jitter)
    # What is left of an interval between two requests that is met at random.
    square = shortest**2 * (1.0 + jitter + jitter**2 / 3.0)
    wait = square / (shortest * (2.0 + jitter)) if shortest else 0.0
    waits = 2 if known["judged_by"] == "observers" else 1
    held = lengths + known["grace"] + known["lock_delay"]
    return held - 0.5 * known["renew_every"] + waits * wait, held + waits * longest


def _told(lease: Lease, length: float, sources: list[Source]) -> bool:
    """Whether the data behind the pauses say how many are as long as a lease of a length needs."""
    known = lease.parameters
    needed = length + known["grace"] + known["lock_delay"] - known["renew_every"]
    for source in sources:
        if source.sample is not None:
            if needed > source.sample.max():
                return False
        else:
            horizon = source.lasting.identifiable_to
            if horizon is not None and needed > horizon.time:
                return False
    return True
