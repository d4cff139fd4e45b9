"""Durations as they were seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

from .. import _core
from .._core import Observations as Core
from ..arguments import Duration, Floats, array, durations, frozen, refuse, seconds
from ..units import duration

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Window = tuple[Duration, Duration]


class Observations:
    """Durations as they were seen: to their ends, cut off, in buckets, or through a window.

    Parameters
    ----------
    samples : array_like or sequence of duration
        Seconds, zero or more.
    censored : array_like, optional
        What was cut off. An array of truth values, one for each sample, marks those that lasted *longer*
        than the number says, because a timeout ended them. An array of numbers gives such limits in
        seconds beside the samples.
    truncated : tuple of duration, optional
        The window outside of which nothing was seen, not even counted, as when slower requests were
        never logged. For what was cut off but counted use `censored`.

    Attributes
    ----------
    samples, censored : ndarray
        Durations seen to their ends, and limits of those cut off, in seconds.
    edges, counts : ndarray
        Edges of buckets in seconds, one more than counts.
    truncated : tuple of float
        The window in seconds.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Observations([0.1, 0.4, 1.0], censored=[False, False, True])
    Observations(2 samples of 100 ms to 400 ms, 1 cut off at 1 s)
    >>> sus.Observations.from_buckets([0.1, 1.0, float("inf")], [90, 9, 1])
    Observations(100 in 3 buckets up to 1 s and beyond)
    """

    samples: Floats
    censored: Floats
    edges: Floats
    counts: NDArray[np.int64]
    truncated: tuple[float, float]
    _core: Core

    def __init__(
        self,
        samples: ArrayLike | Sequence[Duration],
        *,
        censored: ArrayLike | None = None,
        truncated: Window | None = None,
    ) -> None:
        found, limits = _split(durations("samples", samples), censored)
        span = window(truncated)
        self._hold(
            _core.Observations(found, limits, span),
            found,
            limits,
            np.zeros(0),
            np.zeros(0, int),
            span,
        )

    @classmethod
    def from_buckets(
        cls,
        upper_bounds: ArrayLike | Sequence[Duration],
        counts: ArrayLike,
        *,
        lowest: Duration = 0.0,
        truncated: Window | None = None,
    ) -> Observations:
        """Return observations that are counts between edges.

        Parameters
        ----------
        upper_bounds : array_like or sequence of duration
            Upper edge of each bucket in seconds, rising; the last may be infinite.
        counts : array_like of int
            Durations in each bucket, of the shape of `upper_bounds`: not cumulative.
        lowest : duration
            Lower edge of the first bucket.
        truncated : tuple of duration, optional
            The window outside of which nothing was seen.

        Examples
        --------
        Times rounded to milliseconds are buckets too:

        >>> import suspicion as sus
        >>> seen = sus.Observations.from_buckets([0.0005, 0.0015, 0.0025], [12, 80, 8])
        >>> sus.fit(seen, "LogNormal").law
        LogNormal(median=..., sigma=...)
        """
        bounds = _bounds(upper_bounds)
        numbers = array("counts", counts)
        if numbers.shape != bounds.shape:
            raise refuse("counts", counts, f"as many as upper_bounds, which are {len(bounds)}")
        if not np.all((numbers >= 0) & (numbers == np.floor(numbers)) & (numbers <= 2.0**53)):
            raise refuse("counts", counts, "whole numbers of zero or more")
        edges = np.concatenate([[seconds("lowest", lowest)], bounds])
        if edges[0] < 0.0:
            raise refuse("lowest", lowest, "a duration of zero or more")
        if not np.all(np.diff(edges) > 0.0):
            raise refuse(
                "upper_bounds", upper_bounds, f"bounds that rise, from lowest = {edges[0]}"
            )
        whole, span = numbers.astype(np.int64), window(truncated)
        self = cls.__new__(cls)
        core = _core.Observations.from_buckets(edges, whole, span)
        self._hold(core, np.zeros(0), np.zeros(0), edges, whole, span)
        return self

    def _hold(
        self,
        core: Core,
        samples: Floats,
        censored: Floats,
        edges: Floats,
        counts: NDArray[np.int64],
        truncated: tuple[float, float],
    ) -> None:
        held = {
            "_core": core,
            "samples": frozen(samples.view()),
            "censored": frozen(censored.view()),
            "edges": frozen(edges),
            "counts": frozen(counts),
            "truncated": truncated,
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("observations cannot be changed; build others")

    def __len__(self) -> int:
        return len(self.samples) + len(self.censored) + int(self.counts.sum())

    def __reduce__(self) -> tuple[Any, ...]:
        if len(self.edges):
            return _of_buckets, (self.edges, self.counts, self.truncated)
        return _of_samples, (self.samples, self.censored, self.truncated)

    def __repr__(self) -> str:
        parts = []
        if n := len(self.samples):
            short, long = duration(self.samples.min()), duration(self.samples.max())
            parts.append(f"{n:,} samples of {short} to {long}")
        if n := len(self.censored):
            low, high = duration(self.censored.min()), duration(self.censored.max())
            parts.append(f"{n:,} cut off at {low}" + ("" if low == high else f" to {high}"))
        if n := int(self.counts.sum()):
            last = self.edges[np.isfinite(self.edges)][-1]
            beyond = " and beyond" if self.edges[-1] == math.inf else ""
            parts.append(f"{n:,} in {len(self.counts)} buckets up to {duration(last)}{beyond}")
        if self.truncated != (0.0, math.inf):
            ends = self.truncated
            parts.append(f"seen from {ends[0]:g} s to {ends[1]:g} s only")
        return f"Observations({', '.join(parts)})"


@runtime_checkable
class Observed(Protocol):
    """What gives observations by itself: delays, a log of pauses or a histogram of `suspicion.traces`."""

    def observations(self) -> Observations:
        """Return the durations as they were seen."""


Durations: TypeAlias = "Observations | Observed | ArrayLike | Sequence[Duration]"
"""What can be fitted."""


def window(truncated: object) -> tuple[float, float]:
    """Return a window in seconds; all of time without one."""
    if truncated is None:
        return 0.0, math.inf
    expected = "a pair of durations, the ends of a window"
    if not isinstance(truncated, (tuple, list)):
        raise refuse("truncated", truncated, expected, TypeError)
    if len(truncated) != 2:
        raise refuse("truncated", truncated, expected)
    low, high = truncated
    endless = isinstance(high, float) and high == math.inf
    return seconds("truncated[0]", low), math.inf if endless else seconds("truncated[1]", high)


def observations(
    data: object, censored: ArrayLike | None = None, truncated: Window | None = None
) -> Observations:
    """Return what was passed as observations."""
    if isinstance(data, Observations):
        if censored is not None:
            raise refuse("censored", censored, "None with Observations, which say so themselves")
        if truncated is not None:
            raise refuse("truncated", truncated, "None with Observations, which say so themselves")
        return data
    if isinstance(data, Observed):
        for name, value in (("censored", censored), ("truncated", truncated)):
            if value is not None:
                raise refuse(name, value, "None with a trace; see its observations()")
        return data.observations()
    if isinstance(data, Mapping):
        raise refuse("data", data, "durations, or one histogram of several", TypeError)
    return Observations(data, censored=censored, truncated=truncated)  # type: ignore[arg-type]


def _split(samples: Floats, censored: ArrayLike | None) -> tuple[Floats, Floats]:
    if censored is None:
        return samples, np.zeros(0)
    marks = None if isinstance(censored, np.ma.MaskedArray) else _marks(censored)
    if marks is None:
        return samples, durations("censored", censored)
    if marks.shape != samples.shape:
        raise refuse("censored", censored, f"a mark for each of {len(samples)} samples")
    return samples[~marks], samples[marks]


def _marks(censored: ArrayLike) -> NDArray[np.bool_] | None:
    try:
        found = np.asarray(censored)
    except (ValueError, OverflowError):
        return None
    return found if found.dtype.kind == "b" else None


def _bounds(upper_bounds: Any) -> Floats:
    expected = "upper edges of buckets, one or more, of which the last may be infinite"
    last: Any = None
    try:
        if not isinstance(upper_bounds, (str, bytes, dict)) and len(upper_bounds):
            last = upper_bounds[-1]
    except TypeError:
        last = None
    open_end = isinstance(last, (float, np.floating)) and last == math.inf
    found = durations("upper_bounds", upper_bounds[:-1] if open_end else upper_bounds)
    if open_end:
        found = np.append(found, math.inf)
    if not len(found):
        raise refuse("upper_bounds", upper_bounds, expected)
    return found


def _of_samples(samples: Floats, censored: Floats, truncated: tuple[float, float]) -> Observations:
    return Observations(samples, censored=censored, truncated=truncated)


def _of_buckets(
    edges: Floats, counts: NDArray[np.int64], truncated: tuple[float, float]
) -> Observations:
    return Observations.from_buckets(edges[1:], counts, lowest=edges[0], truncated=truncated)
