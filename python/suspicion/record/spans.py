"""Many spans of time, counted in buckets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .. import _core
from ..arguments import frozen
from ..units import duration as shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHARES = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)


@dataclass(frozen=True, eq=False)
class Spans:
    """How many spans of time fell into each of some buckets.

    Attributes
    ----------
    low, high : ndarray of float64, shape (n,)
        Ends of the buckets that are not empty, in seconds and in order. None is wider than an eighth of
        its lower end, or than a nanosecond.
    counts : ndarray of int64, shape (n,)
        How many spans there are in each.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.counts.sum())

    def below(self, share: float) -> float:
        """Return a time in seconds that this share of the spans was shorter than: the end of a bucket."""
        reached = np.cumsum(self.counts) >= share * len(self)
        return float(self.high[np.argmax(reached)])

    def shares(self) -> str:
        """Return some shares and the times that they were shorter than, as long as ten spans lie above."""
        told = [s for s in _SHARES if len(self) * (1.0 - s) >= 10.0]
        return ", ".join(f"{s * 100:.6g} % less than {shown(self.below(s))}" for s in told)


def spans_of(buckets: _core.Buckets) -> Spans:
    """Return the spans that the core has counted."""
    low, width, counts = buckets.columns()
    return Spans(frozen(low / 1e9), frozen((low + width) / 1e9), frozen(counts))
