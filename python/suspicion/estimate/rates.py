"""Rates and probabilities of what was rarely seen, or never."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .. import _core
from ..arguments import Duration, level, positive, refuse, whole
from ..units import rate_interval

MOST = 10**12
"""Events and trials are counted up to this."""


@dataclass(frozen=True)
class RareEvents:
    """A rate per second or a probability, from a count, with its exact interval."""

    count: int
    """Events seen."""
    value: float
    """The rate per second, or the share of trials."""
    low: float
    """Lower end of the two-sided interval."""
    high: float
    """Upper end of the two-sided interval."""
    bound: float
    """What the truth is below with the confidence level, one-sided: for no events and 95 % the rule
    of three, 3 over the time or the trials."""
    confidence_level: float
    """Share of intervals like this that hold the truth, at least."""
    per_trial: bool
    """Whether it is a probability rather than a rate."""

    def __str__(self) -> str:
        if not self.per_trial:
            return rate_interval(self.value, self.low, self.high)
        if not self.count:
            return f"less than {self.high:.4g}"
        return f"{self.value:.4g} ({self.low:.4g} to {self.high:.4g})"


def rate(count: int, time: Duration, *, confidence_level: float = 0.95) -> RareEvents:
    """Return the rate behind a count of single events, with Garwood's exact interval.

    The ends are the chi-square quantiles at alpha/2 with 2 k and at 1 - alpha/2 with 2 k + 2 degrees of
    freedom, over twice the time. Events that come in bursts say less than this interval takes them to say; for
    mistakes of a detector `sus.sweep` allows for that.

    Parameters
    ----------
    count : int
        Events seen.
    time : duration
        How long it was watched.
    confidence_level : float
        Share of intervals that hold the truth, at least.

    Returns
    -------
    RareEvents
        The rate in events per second with its interval; of no events an upper bound and never a zero
        alone.

    References
    ----------
    Garwood, "Fiducial Limits for the Poisson Distribution", Biometrika 28, 1936.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.estimate.rate(3, "30d")
    >>> print(found)
    0.1 per day (0.0206 to 0.292)
    >>> print(sus.estimate.rate(0, "30d"))
    fewer than 0.123 per day
    """
    events, length = whole("count", count, most=MOST), positive("time", time)
    confidence = level(confidence_level)
    low, high, bound = _core.garwood(events, length, confidence)
    return RareEvents(
        count=events,
        value=events / length,
        low=low,
        high=high,
        bound=bound,
        confidence_level=confidence,
        per_trial=False,
    )


def proportion(count: int, trials: int, *, confidence_level: float = 0.95) -> RareEvents:
    """Return the probability behind a count of independent trials, with Clopper and Pearson's interval.

    The ends are quantiles of beta laws. It holds the truth at least as often as it says. Wilson's is
    shorter and does not: where one event is expected it holds the truth 92 times of 100, not 95.

    Parameters
    ----------
    count : int
        Trials that came true.
    trials : int
        All trials, one or more.
    confidence_level : float
        Share of intervals that hold the truth, at least.

    References
    ----------
    Clopper & Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the
    Binomial", Biometrika 26(4), 1934.

    Examples
    --------
    Nothing in a thousand is less than three in a thousand, at 95 %:

    >>> import suspicion as sus
    >>> found = sus.estimate.proportion(0, 1000)
    >>> print(found, found.bound)
    less than 0.003682 0.00299...
    """
    of = whole("trials", trials, least=1, most=MOST)
    events = whole("count", count, most=MOST)
    if events > of:
        raise refuse("count", count, f"no more than the {of} trials")
    confidence = level(confidence_level)
    low, high, bound = _core.clopper_pearson(events, of, confidence)
    return RareEvents(
        count=events,
        value=events / of,
        low=low,
        high=high,
        bound=bound,
        confidence_level=confidence,
        per_trial=True,
    )


def interval_columns(name: str, rows: Iterable[RareEvents | None]) -> dict[str, list[float]]:
    """Return columns of values and of both ends of their intervals; nan where there is none."""
    found = list(rows)
    return {
        column: [math.nan if row is None else getattr(row, end) for row in found]
        for column, end in ((name, "value"), (f"{name}_low", "low"), (f"{name}_high", "high"))
    }
