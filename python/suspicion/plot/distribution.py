"""Laws and gaps: the share of durations that are longer, against their length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .axes import axes, log_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..distribution import Distribution
    from ..heartbeat import Arrivals

RAREST = 1e-6
"""How far into the tail a law is drawn."""


def draw_ccdf(law: Distribution, ax: Axes | None, line: dict[str, Any]) -> Axes:
    """Draw Pr(X > x) of a law on logarithmic axes."""
    ax = axes(ax)
    ends = np.asarray(law.icdf(1e-3)), np.asarray(law.iccdf(RAREST))
    low, high = (float(end) if np.isfinite(end) else law.median() for end in ends)
    low = max(low, high * 1e-9, 1e-12)
    x = np.geomspace(low, max(high, low * 1.001) * 1.05, 512)
    q = law.ccdf(x)
    ax.plot(x[q > 0.0], q[q > 0.0], **{"label": repr(law), **line})
    return finish_tail(ax, "duration x", "Pr(X > x)")


def draw_gaps(beats: Arrivals, ax: Axes | None, line: dict[str, Any]) -> Axes:
    """Draw the share of gaps between arrivals that are at least as long."""
    ax = axes(ax)
    gaps = np.sort(beats.gaps)
    share = np.arange(len(gaps), 0, -1) / len(gaps)
    shown = gaps > 0.0
    label = {"label": f"{len(gaps):,} gaps", "drawstyle": "steps-pre"}
    ax.plot(gaps[shown], share[shown], **{**label, **line})
    return finish_tail(ax, "gap between arrivals", "share of gaps at least as long")


def finish_tail(ax: Axes, x: str, y: str) -> Axes:
    """Give a picture of a tail its logarithmic axes and their names."""
    ax.set_xscale("log")
    ax.set_yscale("log")
    log_durations(ax.xaxis)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax
