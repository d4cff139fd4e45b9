"""Pauses as what a lease has to outlast: laws that are known, and samples that were counted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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

MOST_SIMULATED = 1_000_000
"""About so many pauses are simulated at most, unless somebody says for how long."""

Chance = Callable[[Distribution], float]
"""The probability that a pause brings something about, by the law of its length."""


@dataclass(frozen=True)
class Chances:
    """How often something happens, per second, with an interval."""

    value: float
    low: float
    high: float

    def __add__(self, other: Chances) -> Chances:
        return Chances(self.value + other.value, self.low + other.low, self.high + other.high)


@dataclass(frozen=True)
class Known:
    """Pauses of which a law is known."""

    lasting: Distribution
    rate: float
    """Pauses per second."""
    watched: float = math.inf

    def brings(self, chance: Chance, least: float, confidence_level: float) -> Chances:
        """Return how often such pauses bring something about; a law that is given has no interval."""
        value = self.rate * chance(self.lasting)
        return Chances(value, value, value)

    def tells_of(self, length: float) -> bool:
        """Whether the data behind the law reach to pauses of a length."""
        horizon = self.lasting.identifiable_to
        return horizon is None or length <= horizon.time


@dataclass(frozen=True)
class Counted:
    """Pauses that were counted."""

    sample: Floats
    """How long each lasted."""
    watched: float
    """For how many seconds they were counted."""

    @property
    def rate(self) -> float:
        """Pauses per second."""
        return len(self.sample) / self.watched

    def brings(self, chance: Chance, least: float, confidence_level: float) -> Chances:
        """Return how often such pauses bring something about, which those shorter than `least` do not.

        The interval is Fay and Feuer's for a sum of Poisson counts of which each has a weight, here its probability; that of no
        pauses at all that could do it is the exact one.

        References
        ----------
        Fay & Feuer, "Confidence Intervals for Directly Standardized Rates", Statistics in Medicine 16, 1997.
        """
        value = self.rate * chance(Empirical(self.sample)) if len(self.sample) else 0.0
        lengths, counts = _distinct(self.sample[self.sample >= least])
        weights = np.array([chance(Constant(length)) for length in lengths])
        total, square = float(weights @ counts), float(weights**2 @ counts)
        tail = 0.5 * (1.0 - confidence_level)
        low = _gamma(tail, total, square) if total > 0.0 else 0.0
        high = _gamma(1.0 - tail, total + 1.0, square + 1.0)
        return Chances(value, low / self.watched, high / self.watched)

    def tells_of(self, length: float) -> bool:
        """Whether there was a pause of a length, or a longer one."""
        return bool(np.any(self.sample >= length))


def sources_of(
    pauses: PauseProcess | Timeline | PauseLog, duration: float | None, seed: int
) -> list[Known | Counted]:
    """Return each reason to pause as a law or as a sample."""
    from ..traces import PauseLog

    kinds = (PauseProcess, Timeline, PauseLog)
    instance("pauses", pauses, kinds, "a model of pauses, a Timeline or a PauseLog")
    if isinstance(pauses, PauseLog):
        begin, end = pauses.covered
        covered = end - begin if duration is None else duration
        if not covered > 0.0:
            raise refuse("duration", duration, "a time, as the log does not say what it covers")
        return [Counted(pauses.counting.lasting, covered)]
    if isinstance(pauses, Union):
        return [source for part in pauses.parts for source in sources_of(part, duration, seed)]
    if isinstance(pauses, PauseProcess) and {"every", "lasting"} <= set(pauses.parameters):
        every, lasting = pauses.parameters["every"], pauses.parameters["lasting"]
        return [Known(lasting, 1.0 / (every.mean() + lasting.mean()))]
    if isinstance(pauses, Timeline):
        watched, found = pauses._until(duration), pauses
    else:
        watched = _enough(pauses, seed) if duration is None else duration
        found = pauses.simulate(watched, rng=seed)
    return [Counted(found.lasting[found.starts < watched], watched)]


def _enough(pauses: PauseProcess, seed: int) -> float:
    """Return for how many seconds to simulate, so that pauses are not too many."""
    in_an_hour = len(pauses.simulate(3600.0, rng=seed))
    return min(SIMULATED_FOR, 3600.0 * MOST_SIMULATED / max(in_an_hour, 1))


def expected(
    sources: Sequence[Known | Counted], chance: Chance, least: float, confidence_level: float
) -> Chances:
    """Return how often something happens that pauses of several kinds bring about.

    Ends of intervals are added, which is on the safe side where more than one kind was counted.
    """
    parts = (source.brings(chance, least, confidence_level) for source in sources)
    return sum(parts, Chances(0.0, 0.0, 0.0))


NEARLY_NORMAL = 1e5
"""Quantiles of a gamma law of such a shape are those of a normal one to half a percent of their distance from the mean."""

MOST_DISTINCT = 300
"""Shorter pauses than the longest of these have a chance that is looked up together."""


def _distinct(sample: Floats) -> tuple[Floats, Floats]:
    """Return lengths with how many pauses have about such a length; the longest ones are told apart."""
    ordered = np.sort(sample)
    longest = ordered[-MOST_DISTINCT:]
    parts = np.array_split(ordered[:-MOST_DISTINCT], MOST_DISTINCT)
    together = [part for part in parts if len(part)]
    lengths = [part.mean() for part in together]
    counts = [len(part) for part in together]
    return np.append(lengths, longest), np.append(counts, np.ones(len(longest)))


def _gamma(probability: float, total: float, square: float) -> float:
    """Return the quantile of the gamma law with a mean and a variance."""
    shape = total**2 / square
    if shape > NEARLY_NORMAL:
        return total + NormalDist().inv_cdf(probability) * math.sqrt(square)
    return float(Gamma(shape=shape, scale=square / total).icdf(probability))
