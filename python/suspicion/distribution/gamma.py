"""The time until several exponential stages have passed."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, seconds
from .base import MomentFamily


class Gamma(MomentFamily):
    """Gamma law, with density proportional to x^(shape-1) exp(-x/scale).

    With a whole `shape`, Erlang's law: the time until that many exponential stages have passed.
    Probabilities are right to a relative 1e-9.

    Parameters
    ----------
    shape : float
        Between 1e-3 and 1e6.
    scale : duration
        Above zero.

    Examples
    --------
    >>> import suspicion as sus
    >>> law = sus.Gamma(shape=2, scale="5ms")
    >>> law.mean(), law.std()
    (0.01, 0.00707...)
    """

    _durations = frozenset({"scale"})
    _names = ("shape", "scale")

    def __init__(self, *, shape: float, scale: Duration) -> None:
        shape, found = number("shape", shape), seconds("scale", scale)
        self._build(_core.Distribution.gamma(shape, found), shape=shape, scale=found)
