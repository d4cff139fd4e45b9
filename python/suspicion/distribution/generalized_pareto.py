"""The law that excesses over a high threshold tend to."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, seconds
from .base import Family


class GeneralizedPareto(Family):
    """Generalised Pareto law: Pr(X > x) = (1 + shape x/scale)^(-1/shape).

    The law that excesses over a high threshold tend to. Shape 0 is the exponential, shape above 0
    has a power tail of index 1/shape, shape below 0 ends at -scale/shape.

    Parameters
    ----------
    scale : duration
        Above zero.
    shape : float
        Any finite number.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.GeneralizedPareto(scale="10ms", shape=-0.5).support()
    (0.0, 0.02)
    """

    _durations = frozenset({"scale"})
    _names = ("scale", "shape")

    def __init__(self, *, scale: Duration, shape: float) -> None:
        found, shape = seconds("scale", scale), number("shape", shape)
        self._build(_core.Distribution.generalized_pareto(found, shape), scale=found, shape=shape)
