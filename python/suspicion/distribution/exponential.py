"""The time between events that do not know of each other."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, seconds
from .base import Family


class Exponential(Family):
    """The time between events that do not know of each other: Pr(X > x) = exp(-x/mean).

    The only law without memory: having waited says nothing about the wait still to come.

    Parameters
    ----------
    mean : duration
        Above zero.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Exponential(mean="1h").median() / 60
    41.58...
    """

    _durations = frozenset({"mean"})
    _names = ("mean",)

    def __init__(self, *, mean: Duration) -> None:
        found = seconds("mean", mean)
        self._build(_core.Distribution.exponential(found), mean=found)
