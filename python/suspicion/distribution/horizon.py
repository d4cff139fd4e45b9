"""How far into the tail data speak."""

from __future__ import annotations

from dataclasses import dataclass

from ..units import duration


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

    def __str__(self) -> str:
        return f"p{100 * self.probability:.6g} ({duration(self.time)})"
