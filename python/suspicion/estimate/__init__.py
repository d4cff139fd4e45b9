"""What data say of a law, of a rate, of a tail and of a link, and how far they may be believed.

`fit` finds the likeliest law of a family, `fits` ranks families; both take samples, or `Observations` for
durations that were cut off, counted in buckets or seen through a window only. `KaplanMeier` and `quantile`
assume no law. `rate` and `proportion` are for events that are rare. `tail` looks beyond a threshold,
`extremal_index` and `autocorrelation` at what is not independent, `regimes` for stalls.
"""

from ..distribution.horizon import Horizon
from .clustering import Autocorrelation, ExtremalIndex, autocorrelation, extremal_index
from .fit import Fit, fit
from .interval import Estimate
from .kaplan_meier import KaplanMeier
from .observations import Observations
from .quantiles import quantile
from .ranking import Ranking, fits
from .rates import RareEvents, proportion, rate
from .regimes import Regimes, regimes
from .tail import Stability, Tail, tail

__all__ = [
    "Autocorrelation",
    "Estimate",
    "ExtremalIndex",
    "Fit",
    "Horizon",
    "KaplanMeier",
    "Observations",
    "Ranking",
    "RareEvents",
    "Regimes",
    "Stability",
    "Tail",
    "autocorrelation",
    "extremal_index",
    "fit",
    "fits",
    "proportion",
    "quantile",
    "rate",
    "regimes",
    "tail",
]
