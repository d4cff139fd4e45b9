"""Accrual with the gaps themselves as their law: Satzger's detector."""

from __future__ import annotations

from typing import Literal

from .. import _core
from ..arguments import choice, flag, number, whole
from .base import Detector


class EmpiricalAccrual(Detector):
    """Accrual with the gaps themselves as their law: the share of them that the silence has outlasted.

    P(t) = (number of the last gaps s with s <= stretch * t) / (number of them). Satzger's detector
    suspects when P reaches the threshold, in (0, 1]. Written as phi = -log10(1 - P) it suspects when
    phi is above the threshold. No law is assumed, and nothing rarer than one gap in the window can be
    expressed: from phi = log10(window) on, all thresholds mean the longest gap in it.

    O(window) a heartbeat to keep gaps in order, with a small constant, and O(1) a threshold.

    Parameters
    ----------
    window : int
        Gaps that are remembered, up to 100,000.
    stretch : float
        What the silence is multiplied by before it is compared: 0.9 puts suspicion off by a ninth.
    scale : {"suspicion", "phi"}
        How the threshold is written.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before.

    References
    ----------
    Satzger, Pietzowski, Trumler, Ungerer, "A new adaptive accrual failure detector for dependable
    distributed systems", SAC 2007; npm package adaptive-accrual-failure-detector.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.EmpiricalAccrual(window=100)
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[0.5, 1.0]).mistakes
    array([696.,  14.])
    """

    def __init__(
        self,
        *,
        window: int = 1000,
        stretch: float = 0.9,
        scale: Literal["suspicion", "phi"] = "suspicion",
        newest_only: bool = False,
    ) -> None:
        window, factor = whole("window", window), number("stretch", stretch)
        by_share = choice("scale", scale, ("suspicion", "phi")) == "suspicion"
        newest_only = flag("newest_only", newest_only)
        core = _core.Detector.empirical_accrual(window, factor, by_share, newest_only)
        self._build(core, window=window, stretch=factor, scale=scale, newest_only=newest_only)
        self._set("threshold_name", scale)
