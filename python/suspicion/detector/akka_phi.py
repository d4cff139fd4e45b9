"""Phi accrual as Akka, Pekko and Hazelcast ship it."""

from __future__ import annotations

from typing import Literal

from .. import _core
from ..arguments import Duration, choice, flag, optional_seconds, seconds, whole
from .base import Detector


class AkkaPhi(Detector):
    """Phi accrual as Akka and Pekko ship it, and, without the filter, Hazelcast.

    With mean and population deviation of the last gaps,
    y = (t - (mean + acceptable_pause)) / max(deviation, min_std) and
    phi = -log10(e/(1 + e)), e = exp(-y (1.5976 + 0.070566 y^2)): a logistic curve in place of the normal
    law, with a heavier tail (phi 8 is y = 5.226, not 5.612). It suspects when phi reaches the threshold.
    Before the first gap stand two, `first_estimate` less and plus a quarter of it.

    With the filter a gap is learned from only if the node was not suspected when it ended: what is
    learned depends on the threshold, and gaps that grow are suspected ever more easily. Hazelcast's copy
    of the filter asks after it has noted the arrival, and so rejects nothing.

    The threshold is phi, without unit. O(1) a heartbeat and threshold; sums are exact. Phi is infinite
    beyond y = 21.6, where the exponential underflows.

    Parameters
    ----------
    window : int
        Gaps behind mean and deviation, two or more.
    min_std : duration
        Smallest deviation that is believed.
    acceptable_pause : duration
        Added to the mean.
    first_estimate : duration, optional
        The gap expected before the first one is seen; the sender's interval without it.
    filter : bool
        Whether gaps that ended in suspicion are left out.
    law : {"logistic", "normal"}
        The curve that is shipped, or the one that it stands for.
    milliseconds : bool
        Whether moments are cut to whole milliseconds before anything else, as on the JVM.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    apache/pekko, `PhiAccrualFailureDetector.scala`; hazelcast/hazelcast,
    `PhiAccrualFailureDetector.java`.

    Examples
    --------
    >>> import suspicion as sus
    >>> beats = sus.examples.load("south_n8_v10")
    >>> shipped = sus.AkkaPhi(min_std="10ms", acceptable_pause="100ms")
    >>> plain = sus.AkkaPhi(min_std="10ms", acceptable_pause="100ms", filter=False)
    >>> [float(sus.sweep(beats, d, thresholds=[8.0]).mistakes[0]) for d in (shipped, plain)]
    [39.0, 12.0]
    """

    threshold_name = "phi"
    _durations = frozenset({"min_std", "acceptable_pause", "first_estimate"})

    def __init__(
        self,
        *,
        window: int = 1000,
        min_std: Duration = 0.1,
        acceptable_pause: Duration = 3.0,
        first_estimate: Duration | None = None,
        filter: bool = True,
        law: Literal["logistic", "normal"] = "logistic",
        milliseconds: bool = False,
        newest_only: bool = False,
    ) -> None:
        window, least = whole("window", window), seconds("min_std", min_std)
        pause = seconds("acceptable_pause", acceptable_pause)
        first = optional_seconds("first_estimate", first_estimate)
        filtered, cut = flag("filter", filter), flag("milliseconds", milliseconds)
        logistic = choice("law", law, ("logistic", "normal")) == "logistic"
        newest_only = flag("newest_only", newest_only)
        core = _core.Detector.akka_phi(
            window, least, pause, first, filtered, logistic, cut, newest_only
        )
        self._build(
            core,
            window=window,
            min_std=least,
            acceptable_pause=pause,
            first_estimate=first,
            filter=filtered,
            law=law,
            milliseconds=cut,
            newest_only=newest_only,
        )
