"""Suspects when the next heartbeat is overdue by a fixed time."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, flag, seconds
from .base import Detector


class Overdue(Detector):
    """Suspects when the next heartbeat, due an interval after the last, is overdue by a fixed time.

    deadline = last arrival + interval + pause. Akka's deadline detector counts so, and a monitor that
    sends a ping an interval after the last answer and allows so much time for the next, as Redis
    Sentinel does. The threshold is the pause. O(1) a heartbeat, and no memory.

    Parameters
    ----------
    interval : duration
        When the next heartbeat is due after the last.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    akka/akka, `DeadlineFailureDetector.scala`; redis/redis, `sentinel.c`.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.Overdue(interval="55ms")
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=["95ms"]).mistakes
    array([4.])
    """

    threshold_name = "pause"
    threshold_is_time = True
    _durations = frozenset({"interval"})

    def __init__(self, *, interval: Duration, newest_only: bool = False) -> None:
        span, newest_only = seconds("interval", interval), flag("newest_only", newest_only)
        core = _core.Detector.overdue(span, newest_only)
        self._build(core, interval=span, newest_only=newest_only)
