"""The stages from a crash to a failover, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .axes import axes, linear_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..qos.stages import Stages


def draw_stages(several: Sequence[Stages], ax: Axes | None) -> Axes:
    """Draw a bar for each, cut into its stages."""
    ax = axes(ax)
    named: set[str] = set()
    for place, stages in enumerate(several):
        begin = min(stages.interval, 0.0)
        for index, (name, span) in enumerate(stages._parts()):
            width = max(span, 0.0)
            if width > 0.0:
                label = None if name in named else name
                named.add(name)
                ax.barh(place, width, left=begin, color=f"C{index}", label=label, height=0.6)
            begin += width
    names = [f"{stages.name}\n{stages.threshold}" for stages in several]
    ax.set_yticks(range(len(several)), names)
    ax.invert_yaxis()
    ax.set_xlabel("mean time from a crash at a random moment")
    ax.set_title("from the crash to the failover")
    ax.grid(alpha=0.25, axis="x")
    linear_durations(ax.xaxis)
    ax.legend()
    return ax
