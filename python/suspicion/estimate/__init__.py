"""What data say of a law, of a rate, of a tail and of a link, and how far they may be believed.

`KaplanMeier` and `quantile` assume no law. `rate` and `proportion` are for events that are rare.
"""

from .interval import Estimate, Identifiable
from .kaplan_meier import KaplanMeier
from .quantiles import quantile
from .rates import RareEvents, proportion, rate

__all__ = [
    "Estimate",
    "Identifiable",
    "KaplanMeier",
    "RareEvents",
    "proportion",
    "quantile",
    "rate",
]
