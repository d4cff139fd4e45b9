"""Every duration between two bounds equally likely."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, seconds
from .base import Distribution


class Uniform(Distribution):
    """Every duration between two bounds equally likely.

    Parameters
    ----------
    low, high : duration
        The bounds, 0 <= low < high.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Uniform(low="1ms", high="3ms").mean()
    0.002
    """

    _durations = frozenset({"low", "high"})

    def __init__(self, *, low: Duration, high: Duration) -> None:
        ends = seconds("low", low), seconds("high", high)
        self._build(_core.Distribution.uniform(*ends), low=ends[0], high=ends[1])
