"""Accrual with an exponential law of the gaps: Cassandra's phi, and ED-FD."""

from __future__ import annotations

from typing import Literal

from .. import _core
from ..arguments import Duration, choice, flag, optional_seconds, whole
from .base import Detector


class ExponentialAccrual(Detector):
    """Accrual with an exponential law of the gaps: suspicion is the silence over the mean gap.

    Two scales for the same thing. Cassandra's phi(t) = (t/mean)/ln 10, suspected above the threshold:
    8 means 18.4 mean gaps. ED-FD's suspicion 1 - exp(-t/mean), suspected above a threshold in (0, 1);
    it is 1 - 10^-phi.

    O(1) a heartbeat; the sum runs over whole nanoseconds. Needs neither numbers nor send times.

    Parameters
    ----------
    window : int
        Gaps behind the mean.
    initial : duration, optional
        Stands in the window from the first heartbeat on, as if it had been a gap.
    max_interval : duration, optional
        Gaps above it do not enter the mean.
    scale : {"phi", "suspicion"}
        How the threshold is written.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    apache/cassandra, `gms/FailureDetector.java`; Xiong, Defago, "ED FD: Improving the Phi Accrual
    Failure Detector", 2007.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.ExponentialAccrual(window=100)
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[1.0]).mistakes
    array([4.])
    """

    _durations = frozenset({"initial", "max_interval"})

    def __init__(
        self,
        *,
        window: int = 1000,
        initial: Duration | None = None,
        max_interval: Duration | None = None,
        scale: Literal["phi", "suspicion"] = "phi",
        newest_only: bool = False,
    ) -> None:
        window = whole("window", window)
        first = optional_seconds("initial", initial)
        longest = optional_seconds("max_interval", max_interval)
        choice("scale", scale, ("phi", "suspicion"))
        newest_only = flag("newest_only", newest_only)
        probability = scale == "suspicion"
        core = _core.Detector.exponential_accrual(window, first, longest, probability, newest_only)
        self._build(
            core,
            window=window,
            initial=first,
            max_interval=longest,
            scale=scale,
            newest_only=newest_only,
        )
        self._set("threshold_name", scale)
