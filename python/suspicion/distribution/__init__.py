"""Laws of a duration: delays, pauses and the times between them.

Plain laws: `Constant`, `Uniform`, `Exponential`, `Gamma`, `LogNormal`, `Weibull`, `Pareto`,
`GeneralizedPareto`, `TruncatedNormal`. From data: `Empirical`. Made of others: `Mixture`,
`Maximum`, `Sum`, and what ``2 * law + "1ms"`` and ``law.truncated(...)`` give.
"""

from .affine import Affine
from .base import Distribution
from .constant import Constant
from .empirical import Empirical
from .exponential import Exponential
from .gamma import Gamma
from .generalized_pareto import GeneralizedPareto
from .horizon import Horizon
from .lognormal import LogNormal
from .maximum import Maximum
from .mixture import Mixture
from .pareto import Pareto
from .sum import Sum
from .truncated import Truncated
from .truncated_normal import TruncatedNormal
from .uniform import Uniform
from .weibull import Weibull

__all__ = [
    "Affine",
    "Constant",
    "Distribution",
    "Empirical",
    "Exponential",
    "Gamma",
    "GeneralizedPareto",
    "Horizon",
    "LogNormal",
    "Maximum",
    "Mixture",
    "Pareto",
    "Sum",
    "Truncated",
    "TruncatedNormal",
    "Uniform",
    "Weibull",
]
