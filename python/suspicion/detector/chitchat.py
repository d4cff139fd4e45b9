"""Quickwit's chitchat: silence over a smoothed mean gap."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, flag, number, seconds, whole
from .base import Detector


class Chitchat(Detector):
    """Quickwit's chitchat: silence over a smoothed mean gap, forgotten when the node is suspected.

    mean = (sum of gaps + prior_weight * initial_interval) / (gaps + prior_weight) and
    phi(t) = t / mean, suspected above the threshold: unlike Cassandra's, this phi has no 1/ln 10, and 8
    means eight mean gaps. Suspicion empties the window; with an empty one the node stays suspected
    until a gap has been seen that is not too long.

    The threshold is phi, without unit. O(1) a heartbeat and threshold; the sum is exact.

    Parameters
    ----------
    window : int
        Gaps behind the mean.
    max_interval : duration
        Gaps above it do not enter the mean.
    initial_interval : duration
        The mean that is expected before anything is seen.
    prior_weight : float
        How many gaps that expectation counts for, for ever; versions before 0.6 knew no such weight.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    quickwit-oss/chitchat 0.13.0, `chitchat/src/failure_detector.rs`.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.Chitchat(initial_interval="55ms")
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[2.0, 4.0]).mistakes
    array([5., 4.])
    """

    threshold_name = "phi"
    _durations = frozenset({"max_interval", "initial_interval"})

    def __init__(
        self,
        *,
        window: int = 1000,
        max_interval: Duration = 10.0,
        initial_interval: Duration = 5.0,
        prior_weight: float = 5.0,
        newest_only: bool = False,
    ) -> None:
        window, longest = whole("window", window), seconds("max_interval", max_interval)
        prior = seconds("initial_interval", initial_interval)
        weight = number("prior_weight", prior_weight)
        newest_only = flag("newest_only", newest_only)
        core = _core.Detector.chitchat(window, longest, prior, weight, newest_only)
        self._build(
            core,
            window=window,
            max_interval=longest,
            initial_interval=prior,
            prior_weight=weight,
            newest_only=newest_only,
        )
