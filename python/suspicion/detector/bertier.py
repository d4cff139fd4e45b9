"""Bertier, Marin and Sens: Chen's expectation with a margin that adapts."""

from __future__ import annotations

from .. import _core
from ..arguments import number, whole
from .base import Detector


class Bertier(Detector):
    """Bertier, Marin and Sens: Chen's expectation with a margin that adapts as TCP's timeout does.

    error = A - EA - delay; delay += gamma error; var += gamma (abs(error) - var);
    deadline = EA + beta delay + gain var, with EA as in `Chen`, for the heartbeat that was expected
    next, and delay = var = 0 at the start.

    The threshold is the gain, without unit; 4 in the paper, which has no free threshold. O(1) a
    heartbeat. Stale heartbeats are ignored.

    Parameters
    ----------
    window : int
        Heartbeats behind the expected arrival.
    beta : float
        Weight of the mean error in the margin.
    gamma : float
        Weight of the newest error, between 0 and 1.

    References
    ----------
    Bertier, Marin, Sens, "Implementation and performance evaluation of an adaptable failure
    detector", DSN 2002.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.Bertier(window=100)
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[4.0]).mistakes
    array([56.])
    """

    threshold_name = "gain"

    def __init__(self, *, window: int = 1000, beta: float = 1.0, gamma: float = 0.1) -> None:
        window = whole("window", window)
        beta, gamma = number("beta", beta), number("gamma", gamma)
        core = _core.Detector.bertier(window, beta, gamma)
        self._build(core, window=window, beta=beta, gamma=gamma)
