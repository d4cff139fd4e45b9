"""The rate of mistakes against the timeout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..units import duration
from .axes import axes, log_durations, period

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..arguments import Floats
    from ..qos.curve import Curve


def draw_curve(curve: Curve, ax: Axes | None, per: str, line: dict[str, Any]) -> Axes:
    """Draw a curve; where no mistake was seen, its upper bound and not a rate of zero."""
    size = period(per)
    ax = axes(ax)
    shown = curve.timeout > 0.0
    draw_band(
        ax,
        curve.timeout[shown],
        (curve.mistake_rate * size)[shown],
        (curve.mistake_rate_low * size)[shown],
        (curve.mistake_rate_high * size)[shown],
        {"label": curve.name, **line},
        level=curve.confidence_level,
    )
    ax.set_xscale("log")
    log_durations(ax.xaxis)
    ax.set_xlabel("timeout (mean time from a heartbeat to suspicion)")
    ax.set_ylabel(f"{what_counts(curve)} per {per}")
    ax.set_title(f"{curve.name}, {observed(curve)}")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax


def what_counts(curve: Curve) -> str:
    """Return what a curve counts: suspicions, or failovers if they must last."""
    return "spurious failovers" if curve._terms.dwell > 0.0 else "mistakes"


def observed(curve: Curve) -> str:
    """Return how long a curve was watched."""
    where = "of heartbeats" if curve.seed is None else "simulated"
    return f"{duration(curve.exposure)} {where}"


def draw_band(
    ax: Axes,
    x: Floats,
    rate: Floats,
    low: Floats,
    high: Floats,
    line: dict[str, Any],
    *,
    level: float | None = None,
) -> None:
    """Draw a rate with its band on logarithmic axes, and the upper bound where nothing was seen."""
    seen = rate > 0.0
    (drawn,) = ax.plot(x[seen], rate[seen], **line)
    colour = drawn.get_color()
    floor = float(np.min(rate[seen], initial=float(np.min(high)))) / 30.0
    ax.fill_between(
        x[seen],
        np.maximum(low[seen], floor / 10.0),
        high[seen],
        color=colour,
        alpha=0.2,
        linewidth=0.0,
        label=None if level is None else f"{level * 100:g} % interval",
    )
    bound = ~seen
    if np.any(bound):
        ax.plot(
            x[bound],
            high[bound],
            color=colour,
            linestyle=(0, (4, 2)),
            linewidth=1.2,
            label=None if level is None else "upper bound, no mistake seen",
        )
        ax.fill_between(
            x[bound], floor / 10.0, high[bound], color=colour, alpha=0.08, linewidth=0.0
        )
    bottom = floor if ax.get_yscale() == "linear" else min(floor, ax.get_ylim()[0])
    ax.set_yscale("log")
    ax.set_ylim(bottom=bottom)
