"""How far into the tail data speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ..units import duration

if TYPE_CHECKING:
    from .base import Distribution

Law = TypeVar("Law", bound="Distribution")


@dataclass(frozen=True)
class Horizon:
    """The farthest point of a tail about which data speak; what is beyond comes from the law assumed.

    The probability is the largest quantile with a finite upper bound that assumes no law: the largest of
    n durations lies above the quantile q with probability 1 - q^n, which at 95 % two-sided asks for 3688
    durations for q = 0.999. Where durations were cut off, the last limit, window or bucket edge is the end.
    """

    probability: float
    """Share of durations up to the time."""
    time: float
    """Seconds."""

    @property
    def exceedance(self) -> float:
        """Share of durations beyond the time, of which the data do not speak."""
        return 1.0 - self.probability

    def __str__(self) -> str:
        return f"p{100 * self.probability:.6g} ({duration(self.time)})"


def of_count(count: float, confidence_level: float = 0.95) -> float:
    """Return the largest quantile that so many durations bound from above, whatever their law.

    All of them lie below the quantile q with probability q^n, which may be no more than half of what the
    confidence level leaves.
    """
    return float((0.5 * (1.0 - confidence_level)) ** (1.0 / max(count, 1.0)))


def learnt(law: Law, count: float, most: float = 1.0) -> Law:
    """Note on a law, and return it, that so many durations are behind it, and nothing beyond the quantile `most`."""
    told = min(of_count(count), most)
    law._set("_horizon", Horizon(told, float(law.icdf(told))))
    return law


def untold(law: Distribution) -> float:
    """Return the share of durations that the data behind a law say nothing of; zero without such data."""
    horizon = law.identifiable_to
    return 0.0 if horizon is None else 1.0 - horizon.probability
