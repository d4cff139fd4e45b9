"""A session that expires at the tick of a clock."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, flag, seconds
from .base import Detector


class BucketedTimeout(Detector):
    """A session that expires at the tick of a clock: the timeout is rounded up to the next whole tick.

    A heartbeat at time t moves the end of the session to
    (floor((t + timeout - phase)/tick) + 1) tick + phase: suspicion comes more than the timeout, and at
    most a tick more than it, after the heartbeat. The threshold is the timeout. O(1), and no memory.

    Parameters
    ----------
    tick : duration
        Time from one tick to the next.
    phase : duration
        When the first tick is, from the start of the heartbeats.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    apache/zookeeper, `ExpiryQueue.java`.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.BucketedTimeout(tick="100ms")
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=["100ms"]).timeout
    array([0.15...])
    """

    threshold_name = "timeout"
    threshold_is_time = True
    _durations = frozenset({"tick", "phase"})

    def __init__(self, *, tick: Duration, phase: Duration = 0.0, newest_only: bool = False) -> None:
        span, first = seconds("tick", tick), seconds("phase", phase)
        newest_only = flag("newest_only", newest_only)
        core = _core.Detector.bucketed_timeout(span, first, newest_only)
        self._build(core, tick=span, phase=first, newest_only=newest_only)
