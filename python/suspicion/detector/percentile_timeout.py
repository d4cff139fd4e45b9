"""A multiple of a high percentile of the latest response times."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, seconds
from .base import Detector


class PercentileTimeout(Detector):
    """A request is given up after a multiple of a high percentile of the latest response times.

    timeout = safety * quantile of the response times of the last `window`, kept between `minimum` and
    `maximum`; it is the minimum while fewer than three are remembered. A heartbeat is a response: sent when the request was, received when it came. The next
    request goes out an interval after the last, and suspicion comes at its send time plus the timeout.

    The threshold is the safety factor, without unit. Response times are kept in order, O(window) a
    heartbeat with a small constant, and O(1) a threshold. Needs send times on the monitor's clock.

    Parameters
    ----------
    quantile : float
        Share of the response times that the percentile is not exceeded by.
    window : duration
        How long a response time is remembered.
    minimum, maximum : duration
        Bounds of the timeout.

    References
    ----------
    The Rust crate adaptive-timeout, used by restatedev/restate.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.PercentileTimeout(minimum="20ms", maximum="2s")
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[0.5, 2.0]).mistakes
    array([731.,   4.])
    """

    threshold_name = "safety"
    _durations = frozenset({"window", "minimum", "maximum"})

    def __init__(
        self,
        *,
        quantile: float = 0.9999,
        window: Duration = 60.0,
        minimum: Duration = 0.25,
        maximum: Duration = 60.0,
    ) -> None:
        share, memory = number("quantile", quantile), seconds("window", window)
        least, most = seconds("minimum", minimum), seconds("maximum", maximum)
        core = _core.Detector.percentile_timeout(share, memory, least, most)
        self._build(core, quantile=share, window=memory, minimum=least, maximum=most)
