"""How far into the tail observations speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arguments import Floats
from ..distribution import Distribution, Horizon
from ..distribution.horizon import of_count
from .observations import Observations

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 500
"""So many limits are looked at from either side where there are very many."""


AT_ONCE = 8
"""Up to so many limits it is quicker to count than to sort."""


def horizon(seen: Observations, law: Distribution, confidence_level: float) -> Horizon:
    """Return how far into the tail data speak.

    Those that outlast a limit, and they alone, bound what lies beyond it.
    """
    cap = seen.truncated[1]
    if len(seen.edges):
        filled = np.flatnonzero(seen.counts)
        finite = seen.edges[np.isfinite(seen.edges)]
        cap = min(cap, float(finite[-1]), float(max(seen.edges[filled[-1] + 1], finite[0])))
        told = of_count(len(seen), confidence_level)
    else:
        cap = min(cap, float(max(seen.samples.max(initial=0.0), seen.censored.max(initial=0.0))))
        told = told_by(seen.samples, seen.censored, law, confidence_level)
    window = float(law.cdf(seen.truncated[0])), float(law.cdf(seen.truncated[1]))
    told = window[0] + (window[1] - window[0]) * told
    time = float(law.icdf(told))
    if time > cap:
        told, time = float(law.cdf(cap)), cap
    return Horizon(told, time)


def told_by(ended: Floats, cut_off: Floats, law: Distribution, confidence_level: float) -> float:
    """Return the largest quantile that durations bound from above, some of them cut off.

    Of n that outlast a limit c all lie below the quantile q of what is beyond it with probability q^n,
    which is 1 - Pr(X > c) (1 - q) of all durations. That holds up to the next limit, where some of
    the n are cut off. The limit that tells most counts.
    """
    limits = np.sort(cut_off)
    limits = limits[np.flatnonzero(np.diff(limits, prepend=-1.0))]
    starts, ends = np.append(0.0, limits), np.append(limits, np.inf)
    if starts.size > 2 * FEW:
        # The last limits tell most; of the others some do for all.
        kept = np.unique(
            np.append(
                np.linspace(0, starts.size - 1, FEW, dtype=int), np.arange(-FEW, 0) + starts.size
            )
        )
        starts, ends = starts[kept], ends[kept]
    outlasting = _beyond(ended, starts) + _beyond(cut_off, starts)
    outlasting[0] = ended.size + cut_off.size
    quantile = (0.5 * (1.0 - confidence_level)) ** (1.0 / np.maximum(outlasting, 1))
    told = 1.0 - np.asarray(law.ccdf(starts)) * (1.0 - quantile)
    told = np.minimum(told, np.asarray(law.cdf(ends)))
    return float(np.max(told[outlasting > 0], initial=0.0))


def _beyond(durations: Floats, starts: Floats) -> NDArray[np.int64]:
    """Return how many durations are longer than each start."""
    if starts.size <= AT_ONCE:
        return np.array([np.count_nonzero(durations > start) for start in starts])
    return durations.size - np.searchsorted(np.sort(durations), starts, side="right")
