"""Another law given that the duration lies between two bounds."""

from __future__ import annotations

import math

from .. import _core
from ..arguments import Duration, instance, seconds
from .base import Distribution
from .horizon import Horizon


class Truncated(Distribution):
    """Another law given that low <= x <= high.

    Mean and variance are integrated numerically, to some 1e-8. Within a relative 1e-6 of a bound the
    tail on that side loses digits.

    Parameters
    ----------
    base : Distribution
        The law before the cut.
    low, high : duration
        The bounds, 0 <= low < high; `high` may be infinite.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Exponential(mean="1s").truncated(high="2s").mean()
    0.686...
    """

    _durations = frozenset({"low", "high"})

    def __init__(
        self, base: Distribution, *, low: Duration = 0.0, high: Duration = math.inf
    ) -> None:
        instance("base", base, Distribution, "a distribution")
        ends = seconds("low", low), upper_bound(high)
        core = _core.Distribution.truncated(base._core, *ends)
        self._build(core, base=base, low=ends[0], high=ends[1])

    def _horizon_of(self, parts: list[Horizon | None]) -> Horizon | None:
        # Nothing is left beyond what the data tell where the cut comes first.
        [base] = parts
        if base is None or base.time >= self.support()[1]:
            return None
        return Horizon(float(self.cdf(base.time)), base.time)


def upper_bound(high: Duration) -> float:
    """Return an upper bound in seconds, which may be infinite."""
    return math.inf if isinstance(high, float) and high == math.inf else seconds("high", high)
