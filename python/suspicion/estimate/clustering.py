"""Values that are not independent: clusters of exceedances, and correlation in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Duration, Floats, array, frozen, level, refuse, seconds, whole
from ..heartbeat import Arrivals
from ..randomness import RNG, key_of, seed_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MOST_PLACES = 1 << 28
"""Longest series, what is missing included."""


@dataclass(frozen=True)
class ExtremalIndex:
    """How exceedances of a threshold cluster."""

    value: float
    """The extremal index in (0, 1]: one over the mean size of a cluster far out."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end of its interval."""
    confidence_level: float
    """Level of the interval."""
    threshold: float
    """In seconds."""
    exceeding: int
    """Values beyond it."""
    between: int
    """Exceedances further apart than this many places are in different clusters."""
    clusters: NDArray[np.int64]
    """Number of exceedances in each cluster, in order."""
    seed: int
    """Of the resampling."""

    def __str__(self) -> str:
        return (
            f"extremal index {self.value:.3g} ({self.low:.3g} to {self.high:.3g}): {self.exceeding:,} "
            f"exceedances in {self.clusters.size:,} clusters"
        )


def extremal_index(
    samples: ArrayLike | Arrivals,
    threshold: Duration,
    *,
    run: int | None = None,
    resamples: int = 1000,
    confidence_level: float = 0.95,
    rng: RNG = None,
) -> ExtremalIndex:
    """Estimate how exceedances of a threshold come in clusters, from the times between them.

    The intervals estimator needs no choice of what parts two clusters, and makes one. What is missing keeps its
    place: it neither exceeds nor ends a cluster.

    Parameters
    ----------
    samples : array_like, shape (n,), or Arrivals
        A series in order, in seconds, nan for what is missing; of arrivals the delays by number,
        lost heartbeats missing.
    threshold : duration
        Three values or more must exceed it.
    run : int, optional
        Take clusters to part where more than this many places lie between exceedances, rather than where the
        estimator says. The index and its interval do not change.
    resamples : int
        Resampled series behind the interval, 100 or more.
    confidence_level : float
        Of the interval.
    rng : int, Generator or None
        Seed of the resampling.

    References
    ----------
    Ferro & Segers, "Inference for Clusters of Extreme Values", JRSS B 65(2), 2003.

    Examples
    --------
    >>> import suspicion as sus
    >>> beats = sus.examples.load("south_n8_v10")
    >>> print(sus.estimate.extremal_index(beats, "200ms", rng=1))
    extremal index 0... (0... to 0...): ... exceedances in ... clusters
    """
    series = series_of(samples)
    if series.size < 10:
        raise refuse("samples", f"{series.size} values", "10 values or more")
    edge = seconds("threshold", threshold)
    if edge < 0.0:
        raise refuse("threshold", threshold, "a duration of zero or more")
    places = np.flatnonzero(series > edge)
    if places.size < 3:
        expected = "one that three values or more exceed"
        raise refuse("threshold", threshold, expected)
    seed = seed_of(rng)
    found = _core.extremal_index(
        places.astype(np.int64),
        whole("resamples", resamples, least=100, most=10**6),
        level(confidence_level),
        key_of(seed),
        None if run is None else whole("run", run, most=2**40),
    )
    value, low, high, between, clusters = found
    return ExtremalIndex(
        value=value,
        low=low,
        high=high,
        confidence_level=float(confidence_level),
        threshold=edge,
        exceeding=int(places.size),
        between=between,
        clusters=frozen(clusters),
        seed=seed,
    )


@dataclass(frozen=True)
class Autocorrelation:
    """How a series correlates with itself."""

    lag: NDArray[np.int64]
    """Lags from 1 on."""
    correlation: Floats
    """Correlation at each lag; nan where there is no pair."""
    pairs: NDArray[np.int64]
    """Pairs at each lag of which neither is missing."""
    error: Floats
    """Standard error of each if the correlation is zero from its lag on (Bartlett)."""
    n: int
    """Values that are not missing."""
    effective_size: float
    """As how many independent values the series says of its mean; nan if the lags do not reach far enough."""


def autocorrelation(samples: ArrayLike | Arrivals, *, lags: int = 100) -> Autocorrelation:
    """Return the correlations of a series with itself at lags from 1 on.

    Pairs of which one is missing are left out, and nothing closes up over what is missing.

    Parameters
    ----------
    samples : array_like, shape (n,), or Arrivals
        A series in order, nan for what is missing; of arrivals the delays by number.
    lags : int
        The longest lag; at most one less than the series is long.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.estimate.autocorrelation(sus.examples.load("urban_n8_v20"))
    >>> found.n, bool(found.correlation[0] > 0.5), found.effective_size < found.n
    (6143, True, True)
    """
    series = series_of(samples)
    most = min(whole("lags", lags, least=1), max(series.size - 1, 1))
    correlation, pairs, error, n, size = _core.autocorrelation(series, most)
    return Autocorrelation(
        lag=frozen(np.arange(1, most + 1)),
        correlation=frozen(correlation),
        pairs=frozen(pairs),
        error=frozen(error),
        n=n,
        effective_size=float("nan") if size is None else size,
    )


def series_of(samples: Any) -> Floats:
    """Return a series with nan where a value is missing."""
    if isinstance(samples, Arrivals):
        return np.concatenate([delays for _, delays in by_number(samples)])
    found = array("samples", samples)
    if found.ndim != 1:
        raise refuse("samples", samples, "a sequence, with one axis")
    if not found.size:
        raise refuse("samples", samples, "one value or more")
    bad = np.flatnonzero(np.isinf(found))
    if bad.size:
        raise refuse(f"samples[{bad[0]}]", float(found[bad[0]]), "a finite number, or nan")
    return found


def by_number(beats: Arrivals) -> list[tuple[Floats, Floats]]:
    """Return send times and delays of each session by number, the delay nan for a lost heartbeat.

    Of a heartbeat that came twice the first counts; the send time of a lost one lies between those of its
    neighbours.
    """
    if beats.send_times == "unknown":
        raise refuse("samples", beats, "heartbeats with send times")
    sessions = []
    begin = 0
    for end in beats._core.sessions()[0].tolist():
        number, sent, delay = (
            column[begin:end] for column in (beats.number, beats.sent, beats.delays)
        )
        begin = end
        found, first = np.unique(number, return_index=True)
        if not found.size:
            continue
        places = int(found[-1] - found[0]) + 1
        if places > MOST_PLACES:
            raise refuse("samples", beats, f"at most {MOST_PLACES} numbers in a session")
        delays = np.full(places, np.nan)
        delays[found - found[0]] = delay[first]
        times = np.interp(np.arange(places), found - found[0], sent[first])
        sessions.append((np.maximum.accumulate(times), delays))
    return sessions
