"""A normal law cut to durations that can be."""

from __future__ import annotations

import math

from .. import _core
from ..arguments import Duration, seconds
from .base import Distribution
from .truncated import upper_bound


class TruncatedNormal(Distribution):
    """A normal law given that low <= x <= high.

    Parameters
    ----------
    mean, std : duration
        Of the normal before the cut; the bounds lie within 35 std of the mean.
    low, high : duration
        The bounds, 0 <= low < high; `high` may be infinite.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.TruncatedNormal(mean="10ms", std="10ms").median()
    0.0120...
    """

    _durations = frozenset({"mean", "std", "low", "high"})

    def __init__(
        self, *, mean: Duration, std: Duration, low: Duration = 0.0, high: Duration = math.inf
    ) -> None:
        centre, spread = seconds("mean", mean), seconds("std", std)
        ends = seconds("low", low), upper_bound(high)
        core = _core.Distribution.truncated_normal(centre, spread, *ends)
        self._build(core, mean=centre, std=spread, low=ends[0], high=ends[1])
