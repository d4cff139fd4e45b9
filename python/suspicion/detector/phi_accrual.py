"""Phi accrual with a normal law of the gaps, as in the paper."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, flag, seconds, whole
from .base import Detector


class PhiAccrual(Detector):
    """Phi accrual: suspicion grows with how unlikely the silence is for a normal law of the gaps.

    With mean mu and deviation sigma of the last gaps between arrivals,
    phi(t) = -log10 Pr(N(mu, sigma) > t), t after the last arrival. It suspects when phi is above the
    threshold, that is, after mu + z sigma, with z the normal quantile of 1 - 10^-phi: 8 means
    mu + 5.61 sigma. phi = 8 does not mean that one suspicion in 10^8 is wrong: gaps are not normal.

    The threshold is phi, without unit. O(1) a heartbeat; sums run over whole nanoseconds, so their
    difference loses nothing. Needs neither numbers nor send times.

    Parameters
    ----------
    window : int
        Gaps behind mean and deviation.
    min_std : duration
        Smallest deviation that is believed; the paper has none. Perfectly regular heartbeats have a
        deviation of zero, and then any delay at all is suspected at every threshold.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    Hayashibara, Defago, Yared, Katayama, "The phi accrual failure detector", SRDS 2004.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.PhiAccrual(window=100)
    >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[1.0, 8.0])
    >>> curve.mistakes
    array([524.,  12.])
    """

    threshold_name = "phi"
    _durations = frozenset({"min_std"})

    def __init__(
        self, *, window: int = 1000, min_std: Duration = 0.0, newest_only: bool = False
    ) -> None:
        window, least = whole("window", window), seconds("min_std", min_std)
        newest_only = flag("newest_only", newest_only)
        core = _core.Detector.phi_accrual(window, least, newest_only)
        self._build(core, window=window, min_std=least, newest_only=newest_only)
