"""Durations of which only counts in buckets were kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..arguments import (
    Duration,
    Floats,
    finite,
    frozen,
    instance,
    number,
    optional_seconds,
    refuse,
    shown,
    vector,
)
from ..arguments import seconds as spelled_seconds
from ..distribution.horizon import Horizon, learnt
from ..units import duration
from .source import Source

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from ..distribution import Distribution
    from ..estimate import Observations


class Histogram:
    """How often a duration fell into each of many buckets.

    A bucket holds what is above its lower end, up to its upper end. Where in a bucket a value lies is
    not known, so quantiles come as bounds.

    Parameters
    ----------
    lower, upper : array_like, shape (n,)
        Ends of the buckets in seconds, ascending; buckets do not overlap. The last upper end may be
        infinite.
    counts : array_like, shape (n,)
        How many values in each.
    sum, least, greatest : float, optional
        Sum of the values, shortest and longest, in seconds, where they are known.
    name : str
        What it is of.
    source : Source, optional
        Where it is from.

    Examples
    --------
    >>> import suspicion as sus
    >>> histogram = sus.traces.Histogram([0.0, 0.1, 1.0], [0.1, 1.0, float("inf")], [900, 99, 1])
    >>> histogram.quantile(0.99)
    (0.1, 1.0)
    >>> histogram.ccdf(1.0)
    0.001
    """

    def __init__(
        self,
        lower: ArrayLike,
        upper: ArrayLike,
        counts: ArrayLike,
        *,
        sum: float | None = None,
        least: float | None = None,
        greatest: float | None = None,
        name: str = "",
        source: Source | None = None,
    ) -> None:
        low, high = vector("lower", lower).copy(), vector("upper", upper).copy()
        count = finite("counts", vector("counts", counts)).copy()
        if not low.size == high.size == count.size:
            raise refuse("counts", count, f"as many counts as there are buckets, {low.size}")
        finite("lower", low)
        if not np.all(high >= low) or not np.all(low[1:] >= high[:-1]) or np.any(low < 0.0):
            raise refuse("upper", high, "buckets of zero or more that ascend and do not overlap")
        if np.any(count < 0.0):
            raise refuse("counts", count, "counts of zero or more")
        if not count.sum() > 0.0:
            raise refuse("counts", count, "a count above zero")
        self.lower: Floats = frozen(low)
        self.upper: Floats = frozen(high)
        self.counts: Floats = frozen(count)
        self.sum = _optional("sum", sum)
        self.least = _optional("least", least)
        self.greatest = _optional("greatest", greatest)
        self.name = name
        self.source = source

    @classmethod
    def _read(
        cls,
        buckets: Iterable[Floats],
        facts: Iterable[float | None],
        name: str,
        source: Source,
    ) -> Self:
        """Return what the core made, whose buckets need no checks; an answer may hold thousands."""
        histogram = cls.__new__(cls)
        histogram.lower, histogram.upper, histogram.counts = map(frozen, buckets)
        histogram.sum, histogram.least, histogram.greatest = facts
        histogram.name, histogram.source = name, source
        return histogram

    @property
    def count(self) -> float:
        """How many values there are."""
        return float(self.counts.sum())

    def ccdf(self, x: Duration) -> float:
        """Return the share of values above `x`, which must be an end of a bucket.

        Parameters
        ----------
        x : duration
            Where a bucket ends; what lies between is not known.
        """
        found = spelled_seconds("x", x)
        ends = np.union1d(self.upper[np.isfinite(self.upper)], self.lower)
        near = ends[np.isclose(ends, found, rtol=1e-12, atol=0.0)]
        if not near.size:
            raise refuse("x", x, f"an end of a bucket: {shown(ends.tolist())}")
        return float(self.counts[self.lower >= near[0]].sum() / self.count)

    def quantile(self, p: float) -> tuple[float, float]:
        """Return the ends of the bucket that the `p` quantile of the values lies in, in seconds.

        Parameters
        ----------
        p : float
            In [0, 1].
        """
        level = number("p", p)
        if not 0.0 <= level <= 1.0:
            raise refuse("p", p, "a probability in [0, 1]")
        reached = np.cumsum(self.counts)
        # As ranks, lest rounding of the share pass over the bucket.
        rank = max(math.ceil(level * self.count - 1e-9 * self.count), 1)
        place = int(np.searchsorted(reached, rank))
        place = min(place, int(np.flatnonzero(self.counts)[-1]))
        upper = self.upper[place]
        if self.greatest is not None:
            upper = min(upper, self.greatest)
        return float(self.lower[place]), float(upper)

    def observations(self, *, above: Duration | None = None) -> Observations:
        """Return the counts for `suspicion.fit`, which takes a histogram as it is, too.

        Parameters
        ----------
        above : duration, optional
            An end of a bucket: only what is longer is returned, for a fit of the tail, with
            ``offset=above``, where no family fits the whole.

        Examples
        --------
        >>> import suspicion as sus
        >>> fsync = sus.traces.read(sus.examples.path("etcd_metrics"))["etcd_disk_wal_fsync_duration_seconds"]
        >>> fsync.observations(above="256ms")
        Observations(5,367 in 6 buckets up to 8.19 s and beyond)
        """
        from ..estimate import Observations

        edges, counts = self._edges()
        if above is not None:
            start = spelled_seconds("above", above)
            near = np.flatnonzero(np.isclose(edges[:-1], start, rtol=1e-12, atol=0.0))
            if not near.size:
                raise refuse("above", above, f"an end of a bucket: {shown(edges[:-1].tolist())}")
            edges, counts = edges[near[0] :], counts[near[0] :]
        return Observations.from_buckets(edges[1:], counts, lowest=edges[0])

    def _edges(self) -> tuple[Floats, Floats]:
        """Return edges without gaps and the counts between them; a single value ends what is below it."""
        edges = np.unique(np.concatenate([self.lower, self.upper]))
        if edges.size == 1:
            edges = np.append(edges, math.inf)
        counts = np.zeros(edges.size - 1)
        ends = np.searchsorted(edges, self.upper)
        np.add.at(counts, np.maximum(ends - 1, 0), self.counts)
        return edges, counts

    def law(
        self, *, longest: Duration | None = None, tail: Distribution | None = None
    ) -> Distribution:
        """Return a law with these counts, of equal density within each bucket.

        Parameters
        ----------
        longest : duration, optional
            The longest value there can be. Needed where values lie in a bucket without an upper end
            and the histogram does not know its greatest value: how far they reach cannot be guessed.
        tail : Distribution, optional
            Instead of it, the law of what is longer than some end of a bucket, which is where the law
            begins: what `suspicion.fit` returns for ``observations(above=...)`` with
            ``offset=above``, or one of its draws.

        Returns
        -------
        Distribution
            It knows `identifiable_to`.

        Examples
        --------
        >>> import suspicion as sus
        >>> fsync = sus.traces.read(sus.examples.path("etcd_metrics"))["etcd_disk_wal_fsync_duration_seconds"]
        >>> slow = sus.fit(fsync.observations(above="256ms"), "GeneralizedPareto", offset="256ms")
        >>> fsync.law(tail=slow.law).iccdf(1e-6)
        4.3...
        """
        if tail is not None:
            return self._with_tail(tail, longest)
        made = self._law(optional_seconds("longest", longest), longest)
        return learnt(made, self.count, 1.0 - self._unbounded)

    @property
    def _unbounded(self) -> float:
        """Share of the values of which no upper end is known."""
        known = np.isfinite(self.upper) if self.greatest is None else np.ones(len(self), bool)
        return float(self.counts[~known].sum() / self.count)

    def _with_tail(self, tail: Distribution, longest: Duration | None) -> Distribution:
        from ..distribution import Distribution, Mixture

        if longest is not None:
            raise refuse("longest", longest, "None where a tail is given")
        instance("tail", tail, Distribution, "a law, or None")
        begin = float(tail.icdf(0.0))
        ends = self.lower[np.isclose(self.lower, begin, rtol=1e-9, atol=0.0)]
        if not ends.size:
            raise refuse(
                "tail", tail, "a law that begins where a bucket does; see `offset` of a fit"
            )
        below = self.lower < ends[0]
        kept = self.counts[below].sum()
        share = 1.0 - float(kept / self.count)
        if not 0.0 < share < 1.0:
            raise refuse("tail", tail, "a law that begins between values of the histogram")
        body = Histogram(self.lower[below], self.upper[below], self.counts[below])
        made = Mixture([body._law(None, None), tail], weights=[1.0 - share, share])
        horizon = tail.identifiable_to
        if horizon is not None:
            held = Horizon(1.0 - share * horizon.exceedance, horizon.time)
            made._set("_horizon", held)
        return made

    def _law(self, end: float | None, longest: Duration | None) -> Distribution:
        from ..distribution import Empirical, Mixture, Uniform

        if end is not None and end < self.lower[-1]:
            raise refuse("longest", longest, f"{duration(float(self.lower[-1]))} or more")
        parts: list[Distribution] = []
        weights: list[float] = []
        for low, high, count in zip(self.lower, self.upper, self.counts, strict=True):
            if count == 0.0:
                continue
            top = high if math.isfinite(high) else end if end is not None else self.greatest
            if top is None:
                expected = f"the longest value: {count:g} of {self.count:g} lie above {duration(float(low))}"
                raise refuse("longest", longest, expected)
            parts.append(Uniform(low=low, high=top) if top > low else Empirical([low]))
            weights.append(float(count))
        if len(parts) > 1000:
            return self._as_quantiles(end)
        return Mixture(parts, weights=weights)

    def _as_quantiles(self, end: float | None) -> Distribution:
        from ..distribution import Empirical

        filled = self.counts > 0.0
        top = self.upper[filled].copy()
        if not math.isfinite(top[-1]):
            top[-1] = end if end is not None else self.greatest
        reached = np.cumsum(self.counts[filled]) / self.count
        reached[-1] = 1.0
        knots = {0.0: float(self.lower[filled][0])}
        knots.update(zip(reached.tolist(), top.tolist(), strict=True))
        return Empirical.from_quantiles(knots)

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw the share of values that are longer, against their length, on logarithmic axes.

        The line goes through the ends of the buckets, where it is known.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.
        """
        from ..plot.trace import draw_histogram

        return draw_histogram(self, ax, line)

    def to_dict(self) -> dict[str, Any]:
        """Return the buckets as a dictionary of arrays, in seconds."""
        return {"lower_s": self.lower, "upper_s": self.upper, "count": self.counts}

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the buckets as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def __len__(self) -> int:
        return len(self.counts)

    def __repr__(self) -> str:
        said = f"{self.count:,.0f} values in {len(self):,} buckets"
        if self.greatest is not None:
            said += f", greatest {duration(self.greatest)}"
        return f"Histogram(<{shown(self.name)[1:-1] + ': ' if self.name else ''}{said}>)"

    def _repr_html_(self) -> str:
        import html

        return f"<code>{html.escape(repr(self))}</code>"


def _optional(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    found = number(name, value)
    return None if math.isnan(found) else found
