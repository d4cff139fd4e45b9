"""What was read from files: durations and clock offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Floats
from .axes import axes
from .distribution import finish_tail

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..traces import ClockOffsets, Histogram


def draw_durations(values: Floats, what: str, ax: Axes | None, line: dict[str, Any]) -> Axes:
    """Draw the share of values that are at least as long, against their length."""
    ax = axes(ax)
    found = np.sort(values)
    share = np.arange(len(found), 0, -1) / max(len(found), 1)
    shown = found > 0.0
    label = {"label": f"{len(found):,} {what}s", "drawstyle": "steps-pre"}
    ax.plot(found[shown], share[shown], **{**label, **line})
    return finish_tail(ax, what, f"share of {what}s at least as long")


def draw_histogram(histogram: Histogram, ax: Axes | None, line: dict[str, Any]) -> Axes:
    """Draw the share of values above each end of a bucket."""
    ax = axes(ax)
    above = 1.0 - np.cumsum(histogram.counts) / histogram.count
    shown = np.isfinite(histogram.upper) & (above > 0.0) & (histogram.upper > 0.0)
    label = {"label": f"{histogram.count:,.0f} values", "marker": "."}
    ax.plot(histogram.upper[shown], above[shown], **{**label, **line})
    return finish_tail(ax, "duration x", "share above x")


def draw_offsets(offsets: ClockOffsets, ax: Axes | None, line: dict[str, Any]) -> Axes:
    """Draw the offset of a clock against time, one line a server."""
    ax = axes(ax)
    largest = np.nanmax(np.abs(offsets.offset), initial=0.0)
    size, unit = next(
        (pair for pair in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")) if largest >= pair[0]),
        (1e-9, "ns"),
    )
    for server in np.unique(offsets.server):
        rows = offsets.server == server
        label = {"label": str(server), "marker": "."}
        ax.plot(offsets.at[rows], offsets.offset[rows] / size, **{**label, **line})
    ax.axhline(0.0, color="0.7", linewidth=0.8, zorder=0)
    ax.set_xlabel("time / s")
    ax.set_ylabel(f"local clock ahead by / {unit}")
    ax.grid(alpha=0.25)
    if any(offsets.server):
        ax.legend()
    return ax
