"""What all pictures share: where to draw, and axes in units that people read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from ..arguments import choice
from ..units import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PERIODS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3_600.0,
    "day": 86_400.0,
    "year": 365.25 * 86_400.0,
}
"""Seconds in the times that rates are counted over."""

SUSPECT = "#c0392b"
TRUST = "#2e8b57"
PAUSE = "#b9b9b9"
"""Colours that mean the same in every picture."""


def axes(ax: Axes | None) -> Axes:
    """Return the axes to draw on: those given, or those of a new figure."""
    if ax is not None:
        from matplotlib.axes import Axes as Kind

        from ..arguments import instance

        instance("ax", ax, Kind, "matplotlib Axes or None")
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(layout="constrained")[1]


def period(per: object) -> float:
    """Return the seconds in the time that rates are counted over."""
    return PERIODS[choice("per", per, tuple(PERIODS))]


def log_durations(axis: Axis) -> None:
    """Give a logarithmic axis ticks such as 50 ms, 1 s and 10 s, few enough to read."""
    low, high = sorted(axis.get_view_interval())
    decades = math.log10(high / max(low, 1e-300))
    finest = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
    subs = next((subs for subs in finest if len(subs) * decades <= _room(axis)), (1.0,))
    axis.set_major_locator(DurationLocator(subs))
    axis.set_major_formatter(FuncFormatter(lambda span, _: duration(span)))
    axis.set_minor_formatter(NullFormatter())


class DurationLocator(LogLocator):
    """Ticks at round seconds, and from a minute on at round minutes, hours and days."""

    def __init__(self, subs: tuple[float, ...]) -> None:
        super().__init__(base=10, subs=subs)
        self._rounds = [sub * 10.0**power for power in range(12) for sub in subs]

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the ticks around a range; matplotlib takes those within."""
        found = [tick for tick in super().tick_values(vmin, vmax) if tick < LAST * 60.0]
        for unit, following in ((60.0, 3_600.0), (3_600.0, 86_400.0), (86_400.0, math.inf)):
            spans = (unit * count for count in self._rounds)
            found += [span for span in spans if span < LAST * following and span <= 10.0 * vmax]
        return np.array(found)


LAST = 0.35
"""The last tick of a unit is below this share of the next."""


def linear_durations(axis: Axis) -> None:
    """Give a linear axis of seconds ticks that all have the unit that its range calls for."""
    low, high = sorted(axis.get_view_interval())
    steps = ((7_200.0, 3_600.0, "h"), (200.0, 60.0, "min"), (0.5, 1.0, "s"), (5e-4, 1e-3, "ms"))
    size, unit = next(
        ((size, unit) for least, size, unit in steps if high - low >= least), (1e-6, "us")
    )
    # Round numbers of that unit.
    locator = MaxNLocator(nbins=max(2, int(_room(axis))))
    ticks = [tick * size for tick in np.asarray(locator.tick_values(low / size, high / size))]
    axis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    axis.set_major_formatter(FuncFormatter(lambda moment, _: f"{moment / size:.10g} {unit}"))


def _room(axis: Axis) -> float:
    """Return how many labels fit side by side."""
    figure = axis.axes.figure
    return 1.4 * axis.axes.bbox.width / figure.dpi
