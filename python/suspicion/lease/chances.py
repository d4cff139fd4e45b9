"""Pauses as what a lease has to outlast: laws that are known, and samples that were counted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ..arguments import Floats, instance, refuse
from ..distribution import Constant, Distribution, Empirical, Gamma
from ..pause import Timeline
from ..pause.process import PauseProcess
from ..pause.union import Union

if TYPE_CHECKING:
    from ..traces import PauseLog

SIMULATED_FOR = 30 * 86_400.0
"""Pauses without a law are simulated for so many seconds, unless somebody says otherwise."""

if TYPE_CHECKING:
    pass

MOST_SIMULATED = 1_000_000
"""About so many pauses are simulated at most, unless somebody says for how long."""

Chance = Callable[[Distribution], float]


@dataclass(frozen=True)
class Source:
    """Pauses of one kind: how long they last, and how often they come."""

    lasting: Distribution
    rate: float
    """Pauses per second."""
    sample: Floats | None
    """Each of them, where they were counted and not given by a law."""
    watched: float
    """For how many seconds they were counted."""


@dataclass(frozen=True)
class Chances:
    """How often something happens, per second, with an interval."""

    value: float
    low: float
    high: float


def sources_of(
    pauses: PauseProcess | Timeline | PauseLog, duration: float | None, seed: int
) -> list[Source]:
    """Return each reason to pause as a law or as a sample."""
    from ..traces import PauseLog

    kinds = (PauseProcess, Timeline, PauseLog)
    instance("pauses", pauses, kinds, "a model of pauses, a Timeline or a PauseLog")
    if isinstance(pauses, PauseLog):
        begin, end = pauses.covered
        covered = end - begin if duration is None else duration
        if not covered > 0.0:
            raise refuse("duration", duration, "a time, as the log does not say what it covers")
        return _counted(pauses.counting.lasting, covered)
    if isinstance(pauses, Union):
        return [source for part in pauses.parts for source in sources_of(part, duration, seed)]
    if isinstance(pauses, PauseProcess) and {"every", "lasting"} <= set(pauses.parameters):
        every, lasting = pauses.parameters["every"], pauses.parameters["lasting"]
        return [Source(lasting, 1.0 / (every.mean() + lasting.mean()), None, math.inf)]
    if isinstance(pauses, Timeline):
        watched = pauses._until(duration)
        found = pauses
    else:
        watched = _enough(pauses, seed) if duration is None else duration
        found = pauses.simulate(watched, rng=seed)
    return _counted(found.lasting[found.starts < watched], watched)


def _enough(pauses: PauseProcess, seed: int) -> float:
    """Return for how many seconds to simulate, so that pauses are not too many."""
    in_an_hour = len(pauses.simulate(3600.0, rng=seed))
    return min(SIMULATED_FOR, 3600.0 * MOST_SIMULATED / max(in_an_hour, 1))


def _counted(sample: Floats, watched: float) -> list[Source]:
    if not len(sample):
        return []
    return [Source(Empirical(sample), len(sample) / watched, sample, watched)]


def expected(
    sources: list[Source], chance: Chance, least: float, confidence_level: float
) -> Chances:
    """Return how often something happens that a pause brings about with a probability that its length says.

    The interval of what was counted is Fay and Feuer's for a sum of Poisson counts of which each has a weight, here its
    probability; that of no pauses at all that could do it is the exact one. A law that is given has none. Pauses shorter than
    `least` bring nothing about.

    References
    ----------
    Fay & Feuer, "Confidence Intervals for Directly Standardized Rates", Statistics in Medicine 16, 1997.
    """
    known = sum(source.rate * chance(source.lasting) for source in sources if source.sample is None)
    value = low = high = known
    tail = 0.5 * (1.0 - confidence_level)
    for source in sources:
        if source.sample is None:
            continue
        value += source.rate * chance(source.lasting)
        lengths, counts = _distinct(source.sample[source.sample >= least])
        weights = [chance(Constant(length)) for length in lengths]
        total = sum(weight * count for weight, count in zip(weights, counts, strict=True))
        square = sum(weight**2 * count for weight, count in zip(weights, counts, strict=True))
        if total > 0.0:
            low += _gamma(tail, total, square) / source.watched
        high += _gamma(1.0 - tail, total + 1.0, square + 1.0) / source.watched
    return Chances(value, low, high)


NEARLY_NORMAL = 1e5
"""Quantiles of a gamma law of such a shape are those of a normal one to half a percent of their distance from the mean."""

MOST_DISTINCT = 300
"""Shorter pauses than the longest of these have a chance that is looked up together."""


def _distinct(sample: Floats) -> tuple[list[float], list[int]]:
    """Return lengths with how many pauses have about such a length; the longest ones are told apart."""
    ordered = np.sort(sample)
    if len(ordered) <= MOST_DISTINCT:
        return ordered.tolist(), [1] * len(ordered)
    parts = np.array_split(ordered[:-MOST_DISTINCT], MOST_DISTINCT)
    means = [float(part.mean()) for part in parts if len(part)]
    counts = [len(part) for part in parts if len(part)]
    longest = ordered[-MOST_DISTINCT:].tolist()
    return means + longest, counts + [1] * MOST_DISTINCT


def _gamma(probability: float, total: float, square: float) -> float:
    """Return the quantile of the gamma law with a mean and a variance."""
    shape = total**2 / square
    if shape > NEARLY_NORMAL:
        return total + NormalDist().inv_cdf(probability) * math.sqrt(square)
    return float(Gamma(shape=shape, scale=square / total).icdf(probability))
