"""What pauses make of a lease at each length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Duration, Floats, Rate, positive, refuse
from ..arguments import rate as rate_of
from ..frames import Row, Tabular
from ..units import duration as shown
from ..units import rate as shown_rate
from .clock import drift_of
from .length_choice import LengthChoice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .terms import Lease

COLUMNS = (
    "length",
    "two_holders",
    "two_holders_low",
    "two_holders_high",
    "stale_writes",
    "with_tokens",
    "crash_mean",
    "crash_most",
    "identifiable",
    "form_only",
)

ROWS = 12
"""A table shows no more than about so many lengths."""


@dataclass(frozen=True, repr=False, eq=False)
class LeaseLengths(Tabular):
    """What pauses make of a lease at each length: how often there are two holders, and what a crash costs.

    Messages take no time and clocks are right; `Lease.simulate` has the rest. Columns have the shape (n,).
    """

    lease: Lease
    """Whose other terms these are."""
    length: Floats
    """Lengths in seconds, ascending."""
    two_holders: Floats
    """How often a pause makes two holders, per second."""
    two_holders_low: Floats
    """Lower end of its interval, for pauses that were counted."""
    two_holders_high: Floats
    """Upper end of its interval."""
    stale_writes: Floats
    """How often a write takes effect after another has got the lease, per second; nan without writes."""
    with_tokens: Floats
    """How often a storage that looks at tokens takes such a write: one that arrives before the new holder's first. One that
    the new holder seals takes none."""
    crash_mean: Floats
    """For how long a crash leaves everybody without a holder, in seconds, on average."""
    crash_most: Floats
    """The same at most."""
    identifiable: Any
    """Whether the data say anything of pauses that long: not beyond the longest that was counted, or the reach of a law."""
    form_only: Any
    """Whether only the form of a fitted law speaks of pauses that long, where its data have ended."""
    watched: float
    """For how many seconds pauses were counted; infinite for laws."""
    confidence_level: float
    """Of the intervals."""

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
        return LengthChoice(self, rank, allowed, bool(good.size), drift_of(drift))

    def probability(self, within: Duration) -> tuple[Floats, Floats, Floats]:
        """Return the probability that there are ever two holders in a time, with both ends of its interval.

        ``1 - exp(-rate within)``, as pauses that make two holders are rare and know little of each other.

        Parameters
        ----------
        within : duration
            The time.

        Examples
        --------
        >>> import suspicion as sus
        >>> log = sus.traces.read(sus.examples.path("gc_shenandoah"))
        >>> found = sus.Lease(length="10s", renew_every="2s").lengths(["10s"], pauses=log)
        >>> value, low, high = found.probability("1min")
        >>> print(f"{value[0]:.2f} ({low[0]:.2f} to {high[0]:.2f})")
        0.51 (0.20 to 0.81)
        """
        span = positive("within", within)
        rates = self.two_holders, self.two_holders_low, self.two_holders_high
        value, low, high = (-np.expm1(-rate * span) for rate in rates)
        return value, low, high

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as arrays."""
        return {name: getattr(self, name) for name in COLUMNS}

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

    def _table(self) -> tuple[Row, list[Row]]:
        writes = ("stale writes", "past tokens") if self._writes else ()
        step = max(1, -(-len(self.length) // ROWS))
        return ("length", "two holders", *writes, "a crash costs"), [
            (
                shown(self.length[rank]),
                self._shown_rate(rank),
                *(
                    [shown_rate(self.stale_writes[rank]), shown_rate(self.with_tokens[rank])]
                    if self._writes
                    else []
                ),
                f"{shown(self.crash_mean[rank])} (up to {shown(self.crash_most[rank])})",
            )
            for rank in range(0, len(self.length), step)
        ]

    @property
    def _writes(self) -> bool:
        return not bool(np.isnan(self.stale_writes).any())

    def _title(self) -> str:
        return f"leases renewed every {shown(self.lease.parameters['renew_every'])}"
