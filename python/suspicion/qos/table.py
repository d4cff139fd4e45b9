"""Curves as tables that people read, in text and in HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..frames import Row
from ..units import duration, rate_interval

if TYPE_CHECKING:
    from .comparison import Comparison
    from .curve import Curve

ROWS = 16
"""About how many thresholds of a curve a table shows."""


def curve_table(curve: Curve) -> tuple[Row, list[Row]]:
    """Return the head and the rows of one curve, at telling thresholds."""
    rows = [_row(curve, rank) for rank in _telling_ranks(curve)]
    head = _head(curve.confidence_level, curve.detector.threshold_name)
    if head[0] == head[1]:
        return head[1:], [row[1:] for row in rows]
    return head, rows


def comparison_table(comparison: Comparison) -> tuple[Row, list[Row]]:
    """Return the head and the rows of several curves, at the same detection times if there are any."""
    curves = list(comparison.values())
    times = _common_times(curves)
    rows = []
    for name, curve in comparison.items():
        reached = np.searchsorted(curve.detection_time, times).tolist()
        ranks = reached or _telling_ranks(curve)[:: ROWS // 4]
        if name in comparison.defaults:
            default = int(np.searchsorted(curve.threshold, comparison.defaults[name]))
            ranks = [*ranks, default]
            called = {default: f"{name} (default)"}
        else:
            called = {}
        rows += [(called.get(rank, name), *_row(curve, rank)) for rank in sorted(set(ranks))]
    return ("detector", *_head(curves[0].confidence_level, "threshold")), rows


def shown_rate(curve: Curve, rank: int, what: str = "") -> str:
    """Return the rate at one threshold with its interval."""
    return rate_interval(
        curve.mistake_rate[rank], curve.mistake_rate_low[rank], curve.mistake_rate_high[rank], what
    )


def _head(confidence_level: float, threshold: str) -> Row:
    rate = f"rate ({confidence_level * 100:g} %)"
    return threshold, "timeout", "mistakes", rate, "lasting", "noticed within (99 %)"


def _row(curve: Curve, rank: int) -> Row:
    threshold, mistakes = curve.threshold[rank], curve.mistakes[rank]
    return (
        duration(threshold) if curve.detector.threshold_is_time else f"{threshold:.4g}",
        duration(curve.timeout[rank]),
        f"{mistakes:,.0f}" if mistakes == round(mistakes) else f"{mistakes:,.2f}",
        shown_rate(curve, rank),
        duration(curve.mistake_duration[rank]) if mistakes else "",
        duration(curve.detection_time_p99[rank]),
    )


def _telling_ranks(curve: Curve) -> list[int]:
    """Return ranks that are spread over the curve, from where it begins to fall."""
    falling = int((curve.mistakes >= 0.99 * curve.mistakes.max()).sum())
    seen = int((curve.mistakes > 0.0).sum())
    first, last = min(falling, len(curve) - 1), min(seen, len(curve) - 1)
    return sorted({first + (last - first) * step // (ROWS - 1) for step in range(ROWS)})


def _common_times(curves: Sequence[Curve]) -> list[float]:
    """Return four mean detection times that all curves tell of, if there are any."""
    lowest, highest = 0.0, math.inf
    for curve in curves:
        ranks = _telling_ranks(curve)
        lowest = max(lowest, float(curve.detection_time[ranks[0]]))
        highest = min(highest, float(curve.detection_time[ranks[-1]]))
    if not 0.0 < lowest < highest < math.inf:
        return []
    return [float(time) for time in np.geomspace(lowest, highest, 6)[1:5]]
