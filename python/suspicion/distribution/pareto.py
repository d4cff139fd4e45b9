"""A power law."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, seconds
from .base import MomentFamily


class Pareto(MomentFamily):
    """Pareto law: Pr(X > x) = (minimum/x)^tail_index on x >= minimum.

    Ten times as long is always the same factor rarer. The mean is infinite for a tail index of 1 or
    less, the variance for 2 or less.

    Parameters
    ----------
    minimum : duration
        Above zero.
    tail_index : float
        Above zero.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Pareto(minimum="100ms", tail_index=1.5).ccdf([1.0, 10.0])
    array([0.0316..., 0.001     ])
    """

    _durations = frozenset({"minimum"})
    _names = ("minimum", "tail_index")

    def __init__(self, *, minimum: Duration, tail_index: float) -> None:
        found, tail_index = seconds("minimum", minimum), number("tail_index", tail_index)
        core = _core.Distribution.pareto(found, tail_index)
        self._build(core, minimum=found, tail_index=tail_index)
