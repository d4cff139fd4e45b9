"""What an accrual detector claims against what is observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .axes import axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..qos.calibration import Calibration

LEAST = 1e-12
"""Claims below this are drawn at the edge of the picture."""


def draw_calibration(calibration: Calibration, ax: Axes | None) -> Axes:
    """Draw the observed share of gaps against the claimed one; a right claim lies on the diagonal."""
    ax = axes(ax)
    shown = (calibration.claimed >= LEAST) & ~np.isnan(calibration.observed)
    claimed = calibration.claimed[shown]
    observed, high = calibration.observed[shown], calibration.observed_high[shown]
    seen = observed > 0.0
    bottom = min(float(np.min(claimed)), float(np.min(observed[seen], initial=1.0))) / 3.0
    low = np.maximum(calibration.observed_low[shown], bottom)
    (line,) = ax.plot(claimed[seen], observed[seen], label=calibration.curve.name)
    colour = line.get_color()
    level = f"{calibration.curve.confidence_level * 100:g} % interval"
    ax.fill_between(
        claimed[seen], low[seen], high[seen], color=colour, alpha=0.2, linewidth=0.0, label=level
    )
    if not seen.all():
        ax.plot(
            claimed[~seen],
            high[~seen],
            color=colour,
            linestyle=(0, (4, 2)),
            linewidth=1.2,
            label="upper bound, no gap so long",
        )
    ends = np.array([bottom, 1.0])
    ax.plot(ends, ends, color="grey", linewidth=1.0, label="as claimed")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(bottom, 2.0)
    ax.invert_xaxis()
    name = calibration.curve.detector.threshold_name
    ax.set_xlabel(f"probability claimed by {name}: rarer to the right")
    ax.set_ylabel("share of gaps observed")
    ax.set_title(f"{calibration.curve.name}: claim and truth over {calibration.gaps:,} gaps")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax
