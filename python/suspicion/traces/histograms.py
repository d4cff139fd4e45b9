"""The histograms of one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import shown
from .histogram import Histogram
from .record import Record, seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Histograms(Record, Mapping[str, Histogram]):
    """The histograms of a file by name, and the intervals they were taken over where the file says.

    Attributes
    ----------
    intervals : dict of arrays
        ``of`` (name), ``start_s``, ``length_s``, ``count`` and ``greatest_s`` of each interval.
    """

    _kind = "histograms"
    _timed = "start"
    _histograms: Mapping[str, Histogram]

    def __getitem__(self, name: str) -> Histogram:
        if name not in self._histograms:
            raise KeyError(f"{shown(name)}, expected one of {shown(list(self._histograms))}")
        return self._histograms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._histograms)

    def __len__(self) -> int:
        return len(self._histograms)

    def __contains__(self, name: object) -> bool:
        return name in self._histograms

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    @property
    def only(self) -> Histogram:
        """The one histogram of a file that has just one."""
        if len(self) != 1:
            raise ValueError(f"{len(self)} histograms, expected one: {shown(list(self))}")
        return next(iter(self._histograms.values()))

    @property
    def intervals(self) -> dict[str, NDArray[Any]]:
        """What each interval has: name, start and length in seconds, count, greatest value."""
        start = self._columns["start"]
        return {
            "of": self._columns["of"],
            "start_s": seconds(start, self.origin),
            "length_s": seconds(self._columns["length"]),
            "count": self._columns["count"],
            "greatest_s": self._columns["greatest"],
        }

    def to_dict(self) -> dict[str, Any]:
        """Return all buckets as a dictionary of arrays, in seconds."""
        return {
            "name": np.repeat(list(self), [len(histogram) for histogram in self.values()]),
            "lower_s": np.concatenate([histogram.lower for histogram in self.values()]),
            "upper_s": np.concatenate([histogram.upper for histogram in self.values()]),
            "count": np.concatenate([histogram.counts for histogram in self.values()]),
        }

    def _summary(self) -> str:
        total = sum(histogram.count for histogram in self.values())
        said = f"{len(self)} of {total:,.0f} values"
        if len(self._columns["of"]):
            said += f" in {len(self._columns['of']):,} intervals"
        return said
