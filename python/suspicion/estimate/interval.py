"""A number that was estimated, with its interval and how far it may be believed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..units import duration, rate


@dataclass(frozen=True)
class Estimate:
    """An estimate with its confidence interval.

    A value of nan is one that cannot be identified; `note` says why. An infinite `high` says that the
    data give no upper bound.
    """

    value: float
    """The estimate, in seconds, events per second or as a probability, as `unit` says."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    confidence_level: float
    """Share of intervals like this that hold the truth."""
    unit: str = ""
    """``"s"``, ``"/s"`` or nothing."""
    note: str = ""
    """What else there is to know."""

    @property
    def identifiable(self) -> bool:
        """Whether the data give a value at all."""
        return not math.isnan(self.value)

    def __str__(self) -> str:
        if not self.identifiable:
            return self.note or "not identifiable"
        low, value, high = (self._shown(x) for x in (self.low, self.value, self.high))
        level = f"{self.confidence_level * 100:g} %"
        if math.isinf(self.high):
            text = f"{value} (at least {low}, no upper bound at {level})"
        else:
            text = f"{value} ({low} to {high} at {level})"
        return f"{text}; {self.note}" if self.note else text

    def _shown(self, x: float) -> str:
        if not math.isfinite(x):
            return f"{x}"
        if self.unit == "s":
            return duration(x)
        return rate(x) if self.unit == "/s" and x > 0.0 else f"{x:.4g}"
