"""The rate of mistakes against the detection time, a line for each detector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .axes import axes, period
from .rate import ONE, draw_rate, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

    from ..qos.comparison import Comparison
    from ..qos.curve import Curve


MANY = 6
"""More lines than this are named beside the picture, not in it."""

DEFAULT: dict[str, Any] = {
    "marker": "o",
    "markersize": 8,
    "markeredgecolor": "white",
    "linestyle": "none",
}
"""How the default of a preset is marked."""


def draw_comparison(comparison: Comparison, ax: Axes | None, per: str, band: bool) -> Axes:
    """Draw all curves; better is further down and further left."""
    period(per)
    ax = axes(ax)
    for place, (name, curve) in enumerate(comparison.items()):
        # Lines that coincide stay visible under each other.
        line = {"label": name, "linewidth": max(1.2, 3.2 - 0.8 * place)}
        first = len(ax.lines)
        # Below the threshold with the most mistakes there are fewer only because they last so long.
        peak = int(np.argmax(curve.mistakes))
        x = np.where(np.arange(len(curve)) < peak, 0.0, curve.detection_time)
        draw_rate(ax, curve, x, per, line, band=band, explained=False)
        if name in comparison.defaults:
            colour = ax.lines[first].get_color()
            _mark(ax, curve, comparison.defaults[name], per, colour)
    ax.plot([], [], color="grey", linestyle=(0, (4, 2)), linewidth=1.2, label="upper bound")
    if comparison.defaults:
        ax.plot([], [], label="a preset's default", **DEFAULT, color="grey")
    across = "mean detection time (crash at a random moment)"
    title = f"{len(comparison)} detector{'s' if len(comparison) > 1 else ''}"
    dress(ax, next(iter(comparison.values())), per, title=title, across=across)
    if len(comparison) > MANY:
        columns = -(-len(comparison) // 24)
        ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize="x-small", ncols=columns)
    return ax


def _mark(ax: Axes, curve: Curve, default: float, per: str, colour: ColorType) -> None:
    """Mark the default threshold of a preset, which is one of the curve's."""
    rank = int(np.searchsorted(curve.threshold, default))
    seen = curve.mistakes[rank] > ONE
    rate = curve.mistake_rate[rank] if seen else curve.mistake_rate_high[rank]
    ax.plot(
        curve.detection_time[rank],
        rate * period(per),
        color=colour,
        **DEFAULT,
    )
