"""What all pictures share: where to draw, and axes in units that people read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter

from ..arguments import choice
from ..units import duration, in_parts

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


TENS = tuple(digit * 10.0**power for power in range(-3, 7) for digit in (1.0, 2.0, 5.0))

SCALES = (
    (345_600.0, 86_400.0, "d", TENS),
    (7_200.0, 3_600.0, "h", (0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0)),
    (200.0, 60.0, "min", (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)),
    (0.5, 1.0, "s", TENS),
    (5e-4, 1e-3, "ms", TENS),
    (0.0, 1e-6, "us", TENS),
)
"""From which range on which unit, and the steps in which people count it."""

FAR = 1_000.0
"""From so many steps on ticks are counted from a rounder moment."""


def linear_durations(axis: Axis) -> None:
    """Give a linear axis of seconds round ticks that all have the unit that its range calls for.

    Far from zero they are counted from a rounder moment, which is written at the end of the axis.
    """
    low, high = sorted(axis.get_view_interval())
    span = high - low
    size, unit, steps = next(row[1:] for row in SCALES if span >= row[0])
    most = max(2, int(_room(axis)))
    step = size * next((step for step in steps if span <= most * step * size), steps[-1])
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    axis.set_major_locator(FixedLocator((step * np.arange(first, last + 1)).tolist()))
    origin = 0.0
    if low >= FAR * step:
        coarse = min((row[1] for row in SCALES if row[1] >= span), default=SCALES[0][1])
        origin = coarse * math.floor(low / coarse)
    axis.set_major_formatter(_Beyond(origin, size, unit))


class _Beyond(FuncFormatter):
    """Ticks as what they are beyond a moment, which is written once."""

    def __init__(self, origin: float, size: float, unit: str) -> None:
        sign = "+" if origin else ""
        super().__init__(lambda moment, _: f"{sign}{(moment - origin) / size:.6g} {unit}")
        self._origin = origin

    def get_offset(self) -> str:
        """Return that moment, unless it is zero."""
        return in_parts(self._origin) if self._origin else ""


def _room(axis: Axis) -> float:
    """Return how many labels fit side by side."""
    figure = axis.axes.figure
    return 1.4 * axis.axes.bbox.width / figure.dpi


def many(count: int, what: str) -> str:
    """Return how many there are of something."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
