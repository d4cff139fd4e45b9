"""So many failed probes in a row."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, optional_seconds, whole
from .base import Detector


class FailedProbes(Detector):
    """Suspects when so many probes in a row have failed; one fails that is not answered in time.

    A heartbeat is the answer to a probe: sent when the probe was, received when the answer came. An
    answer that took longer than the timeout counts as none. Where a probe is only sent once the one
    before it has ended and an interval has passed, suspicion comes failures * (interval + timeout)
    after the last answer in time. Without an interval probes go out by the schedule, and it comes
    failures * every + timeout after that answer's probe was sent.

    The threshold is the timeout of a probe. A recorded answer is as late as it was, whatever probes
    another timeout would have sent. O(1) a heartbeat and threshold. Needs send times on the
    monitor's clock.

    Parameters
    ----------
    failures : int
        Probes that must fail in a row.
    interval : duration, optional
        Time from the end of a probe to the next.

    References
    ----------
    elastic/elasticsearch, `FollowersChecker.java`.

    Examples
    --------
    >>> import suspicion as sus
    >>> beats = sus.examples.load("south_n8_v10")
    >>> sus.sweep(beats, sus.FailedProbes(failures=3), thresholds=["100ms", "1s"]).mistakes
    array([37.,  4.])
    """

    threshold_name = "timeout"
    threshold_is_time = True
    _durations = frozenset({"interval"})

    def __init__(self, *, failures: int = 3, interval: Duration | None = None) -> None:
        many, between = whole("failures", failures), optional_seconds("interval", interval)
        core = _core.Detector.failed_probes(many, between)
        self._build(core, failures=many, interval=between)
