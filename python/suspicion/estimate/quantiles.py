"""Quantiles of a sample, with intervals that assume no law."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import _core
from ..arguments import durations, level, number, refuse
from .interval import Estimate


def quantile(samples: Any, p: float, *, confidence_level: float = 0.95) -> Estimate:
    """Return a quantile of a sample with the interval between two of its values.

    The ranks of the ends come from the binomial law of how many values lie below the quantile, whatever
    the law of the values, which must be independent; see `effective_size` of `autocorrelation`. A
    finite upper end needs ln(alpha/2)/ln(p) values: 368 for p99, 3,688 for p99.9 at 95 %. With fewer
    there is none, and none is made up.

    Parameters
    ----------
    samples : array_like of durations
        One or more, none of them cut off by a timeout; for such there is `KaplanMeier`.
    p : float
        Probability of a duration up to the quantile, such as 0.999.
    confidence_level : float
        Share of intervals that hold the truth, at least.

    Returns
    -------
    Estimate
        Seconds; `high` is infinite where no value of the sample bounds the quantile from above, `low`
        zero where none bounds it from below.

    Examples
    --------
    >>> import suspicion as sus
    >>> delays = sus.LogNormal(median="20ms", sigma=0.5).sample(1000, rng=1)
    >>> print(sus.estimate.quantile(delays, 0.9))
    38.3 ms (35.9 ms to 39.9 ms at 95 %)
    >>> print(sus.estimate.quantile(delays, 0.999))
    93 ms (at least 85.3 ms, no upper bound at 95 %)
    """
    values = durations("samples", samples)
    if not values.size:
        raise refuse("samples", [], "one duration or more")
    if values.min() < 0.0:
        raise refuse("samples", float(values.min()), "durations of zero or more")
    share, confidence = number("p", p), level(confidence_level)
    low, high = _core.rank_interval(values.size, share, confidence)
    exact = share * values.size
    nearest = round(exact)
    # A rank that is whole but for rounding is whole.
    rank = nearest if math.isclose(exact, nearest, rel_tol=1e-12) else math.ceil(exact)
    wanted = [max(rank, 1) - 1] + [place - 1 for place in (low, high) if place is not None]
    values = np.partition(values, sorted(set(wanted)))
    return Estimate(
        value=float(values[wanted[0]]),
        low=0.0 if low is None else float(values[low - 1]),
        high=math.inf if high is None else float(values[high - 1]),
        confidence_level=confidence,
        unit="s",
    )
