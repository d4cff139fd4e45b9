"""A trace of delays with its stalls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .axes import PAUSE, SUSPECT, TRUST, axes, linear_durations, log_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..estimate import Regimes


def draw_regimes(found: Regimes, ax: Axes | None) -> Axes:
    """Draw delays against send times, coloured by state; lost messages lie along the top."""
    ax = axes(ax)
    came = ~np.isnan(found.delays)
    bad = found.bad > 0.5
    for state, colour, name in ((~bad, TRUST, "good"), (bad, SUSPECT, "bad")):
        shown = state & came & (found.delays > 0.0)
        ax.plot(found.sent[shown], found.delays[shown], ".", color=colour, markersize=3, label=name)
    ax.set_yscale("log")
    top = ax.get_ylim()[1]
    lost = found.sent[~came]
    ax.plot(lost, np.full(lost.size, top), "|", color="black", label=f"{lost.size:,} lost")
    origin = min(0.0, float(found.sent.min()))
    for start, lasting in zip(found.stalls.starts, found.stalls.lasting, strict=True):
        ax.axvspan(start + origin, start + lasting + origin, color=PAUSE, alpha=0.4, linewidth=0.0)
    linear_durations(ax.xaxis)
    log_durations(ax.yaxis)
    ax.set_xlabel("sent")
    ax.set_ylabel("delay")
    ax.set_title(
        f"{len(found.stalls)} stalls; {100 * bad.mean():.3g} % of messages in the bad state"
    )
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax
