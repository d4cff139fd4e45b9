"""Always the same duration."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, refuse, seconds
from .base import Distribution


class Constant(Distribution):
    """Always the same duration.

    Parameters
    ----------
    value : duration
        Zero or more.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Constant("5ms").ccdf([0.004, 0.005])
    array([1., 0.])
    """

    _durations = frozenset({"value"})

    def __init__(self, value: Duration) -> None:
        found = seconds("value", value)
        self._build(_core.Distribution.constant(found), value=found)


def law_of(name: str, value: object) -> Distribution:
    """Return a distribution, or the constant that a duration stands for."""
    if isinstance(value, Distribution):
        return value
    span = seconds(name, value)
    if span < 0.0:
        raise refuse(name, value, "a distribution or a duration of zero or more")
    return Constant(span)
