"""A survival curve with its band, as far as the data go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .axes import PAUSE, axes, log_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..estimate import KaplanMeier

MOST = 4096
"""Steps that are drawn; more would not be seen."""


def draw_survival(curve: KaplanMeier, ax: Axes | None, line: dict[str, Any]) -> Axes:
    """Draw Pr(X > t) on logarithmic axes; past the longest timeout the picture is shaded."""
    ax = axes(ax)
    shown = (curve.survival > 0.0) & (curve.times > 0.0)
    time, value = curve.times[shown], curve.survival[shown]
    low, high = curve.low[shown], curve.high[shown]
    if time.size > MOST:
        # Even steps of the logarithm of the survival keep every step of the tail.
        marks = np.geomspace(value[0], value[-1], MOST)
        picked = np.unique(np.searchsorted(-value, -marks))
        time, value, low, high = (column[picked] for column in (time, value, low, high))
    limit = curve.identifiable_to
    if not time.size:
        # Nothing ended: all is known up to where they were cut off.
        time, value, low, high = (
            np.array([end])
            for end in (curve.times[:1].min(initial=limit.time) / 10.0, 1.0, 1.0, 1.0)
        )
    if limit.exceedance:
        # The last step lasts until the longest timeout.
        time = np.append(time, limit.time)
        value, low, high = (np.append(column, column[-1:]) for column in (value, low, high))
    label = f"{curve.n:,} durations, {curve.censored:,} cut off"
    (drawn,) = ax.plot(time, value, **{"label": label, "drawstyle": "steps-post", **line})
    floor = float(value.min(initial=1.0)) / 30.0
    level = f"{curve.confidence_level * 100:g} % band"
    colour = drawn.get_color()
    ax.fill_between(
        time,
        np.maximum(low, floor),
        high,
        step="post",
        color=colour,
        alpha=0.2,
        linewidth=0.0,
        label=level,
    )
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(bottom=floor)
    if limit.exceedance:
        edge = ax.get_xlim()[1]
        ax.axvspan(limit.time, edge * 2.0, color=PAUSE, alpha=0.3, label="not identifiable")
        ax.set_xlim(right=edge * 2.0)
    log_durations(ax.xaxis)
    ax.set_xlabel("duration t")
    ax.set_ylabel("Pr(X > t)")
    ax.set_title("Kaplan-Meier")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax
