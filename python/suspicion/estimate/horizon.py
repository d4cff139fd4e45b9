"""How far into the tail observations speak."""

from __future__ import annotations

import math

import numpy as np

from ..distribution import Distribution, Horizon
from .observations import Observations


def horizon(seen: Observations, law: Distribution, confidence_level: float) -> Horizon:
    """Return how far into the tail data speak."""
    n, cap = len(seen), seen.truncated[1]
    if len(seen.censored):
        last = float(seen.censored.max())
        beyond = int((seen.samples > last).sum())
        if beyond:
            # Further out only those that were not cut off count.
            n = len(seen.samples)
        else:
            cap = min(cap, last)
    if len(seen.edges):
        filled = np.flatnonzero(seen.counts)
        finite = seen.edges[np.isfinite(seen.edges)]
        cap = min(cap, float(finite[-1]), float(max(seen.edges[filled[-1] + 1], finite[0])))
    probability = math.exp(math.log((1.0 - confidence_level) / 2.0) / n)
    time = float(law.icdf(probability))
    if time > cap:
        probability, time = float(law.cdf(cap)), cap
    return Horizon(probability, time)
