"""Processes that may only use so much processor time."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, positive, whole
from ..distribution import Constant
from .process import PauseProcess


class CpuQuota(PauseProcess):
    """A container whose threads want more processor time than their control group gives them.

    In every period its threads together run for `quota`, which busy ones use up after ``quota / threads``; then
    all stand still for the rest of the period. It is as bad as it can be: threads that do not always have
    work are throttled less.

    Parameters
    ----------
    quota : duration
        Processor time for each period, of all threads together (``cpu.max``, ``cpu.cfs_quota_us``).
    period : duration
        Linux and Kubernetes have 100 ms.
    threads : int
        Threads that always have work.

    Attributes
    ----------
    throttled : float
        How long it stands still in each period, in seconds; zero if the quota suffices.

    Examples
    --------
    One processor for ten threads:

    >>> import suspicion as sus
    >>> round(sus.CpuQuota(quota="100ms", threads=10).throttled, 6)
    0.09
    """

    _durations = frozenset({"quota", "period"})
    cause = "cpu quota"
    throttled: float

    def __init__(self, *, quota: Duration, period: Duration = "100ms", threads: int = 1) -> None:
        share, span = positive("quota", quota), positive("period", period)
        many = whole("threads", threads, least=1)
        runs = min(share / many, span)
        self._set("throttled", span - runs)
        never = runs == span
        laws = Constant(runs)._core, Constant(span - runs)._core
        self._set("_core", _core.Pauses.never() if never else _core.Pauses.renewal(*laws))
        self._hold(quota=share, period=span, threads=many)

    def _causes(self) -> list[str]:
        return [self.cause] if self.throttled else []
