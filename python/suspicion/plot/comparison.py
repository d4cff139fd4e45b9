"""The rate of mistakes against the detection time, a line for each detector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .axes import axes, log_durations, period
from .curve import draw_band, observed, what_counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..qos.comparison import Comparison


def draw_comparison(comparison: Comparison, ax: Axes | None, per: str, band: bool) -> Axes:
    """Draw all curves; better is further down and further left."""
    size = period(per)
    ax = axes(ax)
    for place, (name, curve) in enumerate(comparison.items()):
        order = np.argsort(curve.detection_time, kind="stable")
        order = order[curve.detection_time[order] > 0.0]
        x = curve.detection_time[order]
        rate = curve.mistake_rate[order] * size
        low, high = curve.mistake_rate_low[order] * size, curve.mistake_rate_high[order] * size
        # Lines that coincide stay visible under each other.
        width = max(1.2, 3.2 - 0.8 * place)
        if not band:
            low = high = np.where(rate > 0.0, rate, high)
        draw_band(ax, x, rate, low, high, {"label": name, "linewidth": width})
        if name in comparison.defaults:
            default = int(np.searchsorted(curve.threshold, comparison.defaults[name]))
            ax.plot(
                curve.detection_time[default],
                (curve.mistake_rate[default] or curve.mistake_rate_high[default]) * size,
                marker="o",
                markersize=8,
                color=ax.lines[-1].get_color(),
                markeredgecolor="white",
                linestyle="none",
                label="its default",
            )
    ax.set_xscale("log")
    log_durations(ax.xaxis)
    first = next(iter(comparison.values()))
    ax.set_xlabel("mean detection time (crash at a random moment)")
    ax.set_ylabel(f"{what_counts(first)} per {per}")
    ax.set_title(f"{len(comparison)} detectors, {observed(first)}")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax
