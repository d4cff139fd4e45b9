"""Suspects when nothing has come for a fixed time."""

from __future__ import annotations

from .. import _core
from ..arguments import flag
from .base import Detector


class FixedTimeout(Detector):
    """Suspects when nothing has come for a fixed time: deadline = last arrival + timeout.

    The threshold is that timeout. Sessions, leases counted from receipt, deadline detectors and "m
    heartbeats missed" are this one. O(1) a heartbeat, and no memory.

    Parameters
    ----------
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before; otherwise every arrival
        restarts the clock, duplicates and latecomers too.

    Examples
    --------
    >>> import suspicion as sus
    >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), sus.FixedTimeout())
    >>> curve.at("150ms").mistakes
    4.0
    """

    threshold_name = "timeout"
    threshold_is_time = True

    def __init__(self, *, newest_only: bool = False) -> None:
        newest_only = flag("newest_only", newest_only)
        self._build(_core.Detector.fixed_timeout(newest_only), newest_only=newest_only)
