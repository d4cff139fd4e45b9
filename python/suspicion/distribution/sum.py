"""The sum of several independent durations."""

from __future__ import annotations

from collections.abc import Sequence

from .. import _core
from ..arguments import Duration
from .base import Distribution, laws


class Sum(Distribution):
    """The sum of several independent durations, such as the hops of a route.

    Draws, mean, variance and support are exact. Probabilities come from a simulation of 262,144
    draws under a fixed seed: their standard error is below 0.001, and they are nan past the smallest
    and the largest draw, where the simulation says nothing.

    Parameters
    ----------
    parts : sequence of Distribution or duration
        The laws of the durations.

    Examples
    --------
    >>> import suspicion as sus
    >>> hop = sus.Exponential(mean="1ms")
    >>> (hop + hop + hop).mean()
    0.003
    """

    def __init__(self, parts: Sequence[Distribution | Duration]) -> None:
        found = laws("parts", parts)
        core = _core.Distribution.sum([part._core for part in found])
        self._build(core, parts=tuple(found))
