"""A rate with its confidence band, on logarithmic axes that know no zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..units import duration
from .axes import log_durations, period

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..arguments import Floats
    from ..qos.curve import Curve

ONE = 1.0 - 1e-9
"""Fewer mistakes than this, as there are with `check_every`, are the mere chance of having seen one."""


NONE_SEEN = "upper bound, no mistake seen"
UNTOLD = "beyond what the data behind the model tell"
"""Said once in a legend, however many curves there are."""


def draw_rate(
    ax: Axes,
    curve: Curve,
    x: Floats,
    per: str,
    line: dict[str, Any],
    *,
    band: bool,
    explained: bool,
) -> None:
    """Draw the rate of mistakes against `x`, and the upper bound where none was seen.

    The band and the bound are named in the legend if they are to be `explained`.
    """
    known = ax.get_legend_handles_labels()[1]
    order = np.argsort(x, kind="stable")
    order = order[x[order] > 0.0]
    x, size = x[order], period(per)
    rate, low, high = (
        column[order] * size
        for column in (curve.mistake_rate, curve.mistake_rate_low, curve.mistake_rate_high)
    )
    seen = curve.mistakes[order] > ONE
    told = rate >= curve.identifiable_rate * size
    (drawn,) = ax.plot(x[seen & told], rate[seen & told], **line)
    colour = drawn.get_color()
    if np.any(seen & ~told):
        # From the last point that is told on, lest the line break.
        joined = ~told | np.append(~told[1:], False)
        ax.plot(x[seen & joined], rate[seen & joined], color=colour, linestyle="--")
    floor = float(np.min(rate[seen], initial=float(np.min(high)))) / 30.0
    ax.plot(
        x[~seen],
        high[~seen],
        color=colour,
        linestyle=(0, (4, 2)),
        linewidth=1.2,
        label=NONE_SEEN if explained and not seen.all() and NONE_SEEN not in known else None,
    )
    if band:
        below = np.where(seen, np.maximum(low, floor / 10.0), floor / 10.0)
        for shown, alpha in ((seen, 0.2), (~seen, 0.08)):
            level = f"{curve.confidence_level * 100:g} % interval"
            ax.fill_between(
                x[shown],
                below[shown],
                high[shown],
                color=colour,
                alpha=alpha,
                linewidth=0.0,
                label=level if explained and shown is seen and level not in known else None,
            )
    bottom = floor if ax.get_yscale() == "linear" else min(floor, ax.get_ylim()[0])
    ax.set_yscale("log")
    ax.set_ylim(bottom=bottom)


def _shade_untold(ax: Axes, curve: Curve, per: str) -> None:
    """Shade the rates that the data behind a model cannot tell, if there are such: of several the highest."""
    rate = curve.identifiable_rate * period(per)
    if rate <= ax.get_ylim()[0]:
        return
    for drawn in [patch for patch in ax.patches if patch.get_label() == UNTOLD]:
        rate = max(rate, float(drawn.get_extents().transformed(ax.transData.inverted()).y1))
        drawn.remove()
    ax.axhspan(
        np.finfo(float).tiny,
        rate,
        color="0.5",
        alpha=0.12,
        linewidth=0.0,
        zorder=0,
        label=UNTOLD,
    )


def dress(ax: Axes, curve: Curve, per: str, *, title: str, across: str) -> None:
    """Give a picture of rates its axes, title, grid and legend."""
    ax.set_xscale("log")
    log_durations(ax.xaxis)
    ax.set_xlabel(across)
    ax.set_ylabel(f"{curve.counted} per {per}")
    observed = "of heartbeats" if curve.seed is None else "simulated"
    ax.set_title(f"{title}, {duration(curve.exposure)} {observed}")
    ax.grid(alpha=0.25, which="major")
    _shade_untold(ax, curve, per)
    ax.legend()
