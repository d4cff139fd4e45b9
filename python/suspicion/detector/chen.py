"""Chen, Toueg and Aguilera: a safety margin after the next heartbeat is expected."""

from __future__ import annotations

from .. import _core
from ..arguments import flag, whole
from .base import Detector


class Chen(Detector):
    r"""Chen, Toueg and Aguilera: suspects a safety margin after the next heartbeat is expected.

    NFD-E expects heartbeat l+1 at EA = mean(A_i - eta s_i) + (l+1) eta, the mean over the last
    `window` received, where A_i is the arrival, s_i the number and eta the interval. NFD-S, for clocks
    that sender and receiver share, expects nothing: its deadline is the send time of l+1 plus the
    margin. Both ignore stale heartbeats.

    The threshold is the margin (alpha, or delta for NFD-S). O(1) a heartbeat; the sum runs over whole
    nanoseconds relative to the schedule, so it neither cancels nor drifts.

    Parameters
    ----------
    window : int
        Heartbeats behind the estimate.
    synchronized : bool
        NFD-S instead of NFD-E; needs send times on the receiver's clock.

    References
    ----------
    Chen, Toueg, Aguilera, "On the Quality of Service of Failure Detectors", IEEE Transactions on
    Computers 51(5), May 2002.

    Examples
    --------
    >>> import suspicion as sus
    >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), sus.Chen(window=100), thresholds=["100ms"])
    >>> curve.at("100ms").mistakes
    25.0
    """

    threshold_name = "margin"
    threshold_is_time = True

    def __init__(self, *, window: int = 1000, synchronized: bool = False) -> None:
        window, synchronized = whole("window", window), flag("synchronized", synchronized)
        core = _core.Detector.chen(window, synchronized)
        self._build(core, window=window, synchronized=synchronized)
