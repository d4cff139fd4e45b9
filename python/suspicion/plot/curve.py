"""The rate of mistakes against the timeout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .axes import axes, period
from .rate import draw_rate, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..qos.curve import Curve


def draw_curve(curve: Curve, ax: Axes | None, per: str, line: dict[str, Any]) -> Axes:
    """Draw a curve; where no mistake was seen, its upper bound and not a rate of zero."""
    period(per)
    ax = axes(ax)
    named = {"label": curve.name, **line}
    draw_rate(ax, curve, curve.timeout, per, named, band=True, explained=True)
    across = "timeout (mean time from a heartbeat to suspicion)"
    dress(ax, curve, per, title=curve.name, across=across)
    return ax
