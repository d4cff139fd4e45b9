"""What data say of a law, of a rate, of a tail and of a link, and how far they may be believed.

`KaplanMeier` and `quantile` assume no law. `rate` and `proportion` are for events that are rare.
`tail` looks beyond a threshold, `extremal_index` and `autocorrelation` at what is not independent, `regimes` for
stalls.
"""

from .clustering import Autocorrelation, ExtremalIndex, autocorrelation, extremal_index
from .interval import Estimate, Identifiable
from .kaplan_meier import KaplanMeier
from .quantiles import quantile
from .rates import RareEvents, proportion, rate
from .regimes import Regimes, regimes
from .tail import Stability, Tail, tail

__all__ = [
    "Autocorrelation",
    "Estimate",
    "ExtremalIndex",
    "Identifiable",
    "KaplanMeier",
    "RareEvents",
    "Regimes",
    "Stability",
    "Tail",
    "autocorrelation",
    "extremal_index",
    "proportion",
    "quantile",
    "rate",
    "regimes",
    "tail",
]
