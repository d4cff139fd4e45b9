"""A wait that grows longer, or shorter, the longer it has lasted."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, seconds
from .base import MomentFamily


class Weibull(MomentFamily):
    """Weibull law: Pr(X > x) = exp(-(x/scale)^shape).

    With shape below 1 the tail is heavier than exponential: the longer a stall has lasted, the
    longer it will still last. With shape above 1 it is lighter.

    Parameters
    ----------
    scale : duration
        The duration that one in e outlasts, above zero.
    shape : float
        Above zero.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Weibull(scale="10ms", shape=0.5).ccdf(0.04)
    0.135...
    """

    _durations = frozenset({"scale"})
    _names = ("scale", "shape")

    def __init__(self, *, scale: Duration, shape: float) -> None:
        found, shape = seconds("scale", scale), number("shape", shape)
        self._build(_core.Distribution.weibull(found, shape), scale=found, shape=shape)
