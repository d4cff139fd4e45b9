"""Two of Chen's estimates, one quick and one steady."""

from __future__ import annotations

from .. import _core
from ..arguments import whole
from .base import Detector


class TwoWindow(Detector):
    """Two of Chen's estimates, one quick and one steady; the later of the two is believed.

    deadline = max(EA over `short`, EA over `long`) + margin, with EA as in `Chen`. The short window
    follows a sudden slowdown at once, the long one keeps a single early heartbeat from drawing the
    deadline in.

    The threshold is the margin. O(1) a heartbeat. Stale heartbeats are ignored.

    Parameters
    ----------
    short, long : int
        Heartbeats behind each estimate, short <= long.

    References
    ----------
    Tomsic, Sens, Garcia, Arantes, Sopena, "2W-FD: A Failure Detector Algorithm with QoS", IPDPS 2015.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.TwoWindow(short=1, long=100)
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=["100ms"]).mistakes
    array([4.])
    """

    threshold_name = "margin"
    threshold_is_time = True

    def __init__(self, *, short: int = 1, long: int = 1000) -> None:
        short, long = whole("short", short), whole("long", long)
        self._build(_core.Detector.two_window(short, long), short=short, long=long)
