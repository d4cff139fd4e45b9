"""Pauses on a line for each cause, at any zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb

from ..units import duration
from .axes import axes, linear_durations, many

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..arguments import Floats
    from ..pause import Timeline

POINTS = 400
"""A line is told apart into so many points."""

FAINTEST = 0.35
"""Darkness of a point in which there is any pause at all."""

NAMED = 3
"""So many of the longest pauses are named by their length."""

COLOURS = {
    "minor collection": "#2471a3",
    "major collection": "#c0392b",
    "full collection": "#c0392b",
    "collection phase": "#148f77",
    "allocation stall": "#b7950b",
    "cpu quota": "#7d3c98",
    "steal": "#5d6d7e",
    "scheduling": "#1f618d",
    "disk stall": "#873600",
    "live migration": "#d35400",
    "suspend": "#1b2631",
    "stopped": "#76448a",
}
"""A cause that models know has its colour in every picture."""

OTHERS = ("#c0392b", "#2471a3", "#b7950b", "#7d3c98", "#148f77", "#873600", "#5d6d7e")


def draw_pauses(timeline: Timeline, begin: float, end: float, ax: Axes | None) -> Axes:
    """Draw a line for each cause, and name the longest pauses."""
    ax = axes(ax)
    starts, lasting, causes = timeline.spells
    shown = (starts < end) & (starts + lasting > begin)
    known = sorted(set(causes.tolist()))
    starts, lasting, causes = starts[shown], lasting[shown], causes[shown]
    names = sorted(set(causes.tolist()))
    edges = np.linspace(begin, end, POINTS + 1)
    for height, name in enumerate(reversed(names)):
        own = causes == name
        # The others have theirs at any zoom.
        colour = COLOURS.get(name, OTHERS[known.index(name) % len(OTHERS)])
        ax.axhline(height, color="#dddddd", linewidth=0.8, zorder=0)
        _draw_line(ax, starts[own], lasting[own], edges, height, colour)
    _name_longest(ax, starts, lasting, causes, names, begin, end)
    ax.set_yticks(range(len(names)), [name or "pauses" for name in reversed(names)])
    ax.set_ylim(-0.6, max(len(names), 1) - 0.1)
    ax.set_xlim(begin, end)
    linear_durations(ax.xaxis)
    ax.set_xlabel("time")
    count = int(np.sum((timeline.starts < end) & (timeline.starts + timeline.lasting > begin)))
    stood = duration(end - begin - timeline.running(begin, end))
    ax.set_title(f"{many(count, 'pause')}, {stood} in all" if count else "no pause")
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def _draw_line(
    ax: Axes, starts: Floats, lasting: Floats, edges: Floats, height: float, colour: str
) -> None:
    """Draw what is wider than a point as it is, and the rest by how dark it makes each point."""
    point = edges[1] - edges[0]
    wide = lasting >= point
    places = np.clip(((starts[~wide] - edges[0]) / point).astype(int), 0, POINTS - 1)
    filled = np.bincount(places, weights=lasting[~wide], minlength=POINTS) / point
    any_there = np.bincount(places, minlength=POINTS) > 0
    dark = FAINTEST + (1.0 - FAINTEST) * np.minimum(filled, 1.0)[any_there, None]
    # Light rather than transparent, so that nothing shows through; half under the next, so that no seam shows.
    shades = 1.0 - dark * (1.0 - np.array(to_rgb(colour)))
    wider = np.where(np.append(any_there[1:], False), 1.5, 1.0)[any_there]
    for begins, spans, colours in (
        (edges[:-1][any_there], point * wider, shades),
        (starts[wide], lasting[wide], colour),
    ):
        ax.broken_barh(
            list(zip(begins, spans, strict=True)),
            (height - 0.25, 0.5),
            facecolors=colours,
            linewidth=0,
        )


def _name_longest(
    ax: Axes,
    starts: Floats,
    lasting: Floats,
    causes: np.ndarray,
    names: list[str],
    begin: float,
    end: float,
) -> None:
    """Write the lengths of the longest pauses above them, unless they are too near to each other."""
    taken: list[tuple[int, float]] = []
    for place in np.argsort(-lasting)[: 4 * NAMED]:
        height = len(names) - 1 - names.index(str(causes[place]))
        middle = float(np.clip(starts[place] + lasting[place] / 2, begin, end))
        near = 0.12 * (end - begin)
        if any(h == height and abs(at - middle) < near for h, at in taken):
            continue
        taken.append((height, middle))
        ax.annotate(
            duration(float(lasting[place])),
            (middle, height + 0.27),
            ha="center",
            va="bottom",
            fontsize="small",
            annotation_clip=True,
        )
        if len(taken) == NAMED:
            return
