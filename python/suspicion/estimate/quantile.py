"""A quantile of a fitted law."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..units import duration


@dataclass(frozen=True)
class Quantile:
    """A quantile of a fitted law, with its confidence interval under that law."""

    probability: float
    """Share of durations up to it."""
    value: float
    """Seconds."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end."""
    identifiable: bool
    """Whether the data speak about it; else it is what the law assumed says, and so is the interval."""

    def __str__(self) -> str:
        text = f"{duration(self.value)} ({duration(self.low)} to {_shown(self.high)})"
        return text if self.identifiable else f"{text}, beyond what the data tell"


def _shown(span: float) -> str:
    return duration(span) if math.isfinite(span) else "any length"
