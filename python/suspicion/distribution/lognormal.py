"""The usual body of a delay."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, seconds
from .base import MomentFamily


class LogNormal(MomentFamily):
    """Lognormal law: the logarithm of the duration is normal.

    The usual shape of the body of a delay. Its tail is lighter than that of real networks, which
    stall: model the stalls as pauses or as a bad state of the link rather than by a larger sigma.

    Parameters
    ----------
    median : duration
        Above zero.
    sigma : float
        Standard deviation of the logarithm, above zero.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.LogNormal(median="1ms", sigma=1.0).iccdf(0.01)
    0.0102...
    """

    _durations = frozenset({"median"})
    _names = ("median", "sigma")

    def __init__(self, *, median: Duration, sigma: float) -> None:
        found, sigma = seconds("median", median), number("sigma", sigma)
        self._build(_core.Distribution.lognormal(found, sigma), median=found, sigma=sigma)
