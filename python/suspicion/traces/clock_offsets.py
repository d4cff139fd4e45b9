"""How far a clock was off, as a time daemon wrote it down."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Floats
from ..units import duration
from .record import Record, seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


class ClockOffsets(Record):
    """What a time daemon wrote about its clock, in the order of the file; see `suspicion.traces`.

    Figures that a format does not have are nan.
    """

    _kind = "clock offsets"
    _timed = "at"

    @cached_property
    def at(self) -> Floats:
        """When, in seconds from the first, shape (n,)."""
        return seconds(self._columns["at"], self.origin)

    @property
    def server(self) -> NDArray[np.str_]:
        """Which server or port, shape (n,)."""
        return self._columns["source"]

    @property
    def offset(self) -> Floats:
        """How far the local clock was ahead of the server, in seconds, shape (n,)."""
        return self._columns["offset"]

    @property
    def frequency(self) -> Floats:
        """How much too fast the local clock runs by itself, in parts per million, shape (n,)."""
        return self._columns["frequency"]

    @property
    def skew(self) -> Floats:
        """How well the frequency is known, in parts per million, shape (n,)."""
        return self._columns["skew"]

    @property
    def delay(self) -> Floats:
        """Round trip or path to the server, in seconds, shape (n,)."""
        return self._columns["delay"]

    @property
    def dispersion(self) -> Floats:
        """How well the offset is known, in seconds, shape (n,)."""
        return self._columns["dispersion"]

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw the offset against time.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.
        """
        from ..plot.trace import draw_offsets

        return draw_offsets(self, ax, line)

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays, times in seconds."""
        return {
            "at_s": self.at,
            "server": self.server,
            "offset_s": self.offset,
            "frequency_ppm": self.frequency,
            "skew_ppm": self.skew,
            "delay_s": self.delay,
            "dispersion_s": self.dispersion,
        }

    def _summary(self) -> str:
        said = f"{len(self):,} readings"
        known = self.offset[~np.isnan(self.offset)]
        if known.size:
            said += f", offset within {duration(float(np.abs(known).max()))}"
        rates = self.frequency[~np.isnan(self.frequency)]
        if rates.size:
            said += f", frequency {np.median(rates):+.3f} ppm"
        return said
