"""The slowest of several independent durations."""

from __future__ import annotations

from collections.abc import Sequence

from .. import _core
from ..arguments import Duration
from .base import Distribution, laws


class Maximum(Distribution):
    """The slowest of several independent durations, such as the answers to a fan-out.

    Mean and variance are integrated numerically, to some 1e-8.

    Parameters
    ----------
    parts : sequence of Distribution or duration
        The laws of the durations.

    Examples
    --------
    >>> import suspicion as sus
    >>> one = sus.Exponential(mean="1ms")
    >>> sus.Maximum([one] * 100).ccdf(one.iccdf(0.01))
    0.633...
    """

    def __init__(self, parts: Sequence[Distribution | Duration]) -> None:
        found = laws("parts", parts)
        core = _core.Distribution.maximum([part._core for part in found])
        self._build(core, parts=tuple(found))
