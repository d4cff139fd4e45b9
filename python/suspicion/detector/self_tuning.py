"""SFD: a margin that tunes itself to a required quality of service."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, Rate, rate, seconds, whole
from .base import Detector


class SelfTuning(Detector):
    """SFD: Chen's expected arrival and a margin that tunes itself to a required quality of service.

    After every `slot` heartbeats the mistakes of that slot are looked at: where their rate is above
    `max_rate` the margin grows by `step`; where the rate is met and the mean detection time, had the
    node crashed right after a heartbeat, is above `max_detection`, it shrinks by `step`; where both
    are missed the requirement is infeasible there, and the margin stays.

    The threshold is the margin it begins with. O(1) a heartbeat and threshold.

    Parameters
    ----------
    window : int
        Heartbeats behind the expected arrival.
    slot : int
        Heartbeats from one adjustment to the next.
    step : duration
        What an adjustment adds or takes.
    max_rate : rate
        Mistakes that are allowed.
    max_detection : duration
        Detection time that is allowed.

    References
    ----------
    Xiong and others, "A self-tuning failure detection scheme for cloud computing service", IPDPS 2012.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.SelfTuning(step="5ms", max_rate="1/min", max_detection="200ms")
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=["20ms"]).timeout
    array([0.20887609])
    """

    threshold_name = "margin"
    threshold_is_time = True
    _durations = frozenset({"step", "max_detection"})

    def __init__(
        self,
        *,
        step: Duration,
        max_rate: Rate,
        max_detection: Duration,
        window: int = 1000,
        slot: int = 100,
    ) -> None:
        window, slot = whole("window", window), whole("slot", slot)
        by, most = seconds("step", step), rate("max_rate", max_rate)
        latest = seconds("max_detection", max_detection)
        core = _core.Detector.self_tuning(window, slot, by, most, latest)
        self._build(core, step=by, max_rate=most, max_detection=latest, window=window, slot=slot)
