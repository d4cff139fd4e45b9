"""Answers how long to wait before believing that a node is dead.

Heartbeats, recorded or modelled, go through failure detectors at every threshold at once, and come out
as the rate of spurious failovers against the time it takes to notice a crash, with honest uncertainty,
as a table, a picture and a recommendation.

>>> import suspicion as sus
>>> beats = sus.examples.load("south_n8_v10")
>>> curve = sus.sweep(beats, sus.FixedTimeout())
>>> curve.at("500ms").mistakes
14.0

Heartbeats: `read_heartbeats`, `Arrivals`, `Heartbeats`, `Link`, `GilbertElliott`, `Pauses`, `Timeline`.
Detectors: `FixedTimeout`, `Chen`, `TwoWindow`, `Bertier`, `PhiAccrual`, `ExponentialAccrual`, and those of
real systems in `presets`. Quality of service: `sweep`, `compare`, `Curve`, `Comparison`,
`Recommendation`. Laws of a duration: `Constant`, `Uniform`, `Exponential`, `Gamma`, `LogNormal`,
`Weibull`, `Pareto`, `GeneralizedPareto`, `TruncatedNormal`, `Empirical`, `Mixture`, `Maximum`, `Sum`.
"""

from . import examples, presets
from .detector import (
    Bertier,
    Chen,
    Detector,
    ExponentialAccrual,
    FixedTimeout,
    PhiAccrual,
    TwoWindow,
)
from .distribution import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    GeneralizedPareto,
    LogNormal,
    Maximum,
    Mixture,
    Pareto,
    Sum,
    TruncatedNormal,
    Uniform,
    Weibull,
)
from .heartbeat import Arrivals, Census, Heartbeats, read_heartbeats
from .network import GilbertElliott, Link
from .pause import Pauses, Timeline
from .presets import Preset
from .qos import Comparison, Curve, Point, Recommendation, compare, sweep

__version__ = "0.1.0"

__all__ = [
    "Arrivals",
    "Bertier",
    "Census",
    "Chen",
    "Comparison",
    "Constant",
    "Curve",
    "Detector",
    "Distribution",
    "Empirical",
    "Exponential",
    "ExponentialAccrual",
    "FixedTimeout",
    "Gamma",
    "GeneralizedPareto",
    "GilbertElliott",
    "Heartbeats",
    "Link",
    "LogNormal",
    "Maximum",
    "Mixture",
    "Pareto",
    "Pauses",
    "PhiAccrual",
    "Point",
    "Preset",
    "Recommendation",
    "Sum",
    "Timeline",
    "TruncatedNormal",
    "TwoWindow",
    "Uniform",
    "Weibull",
    "compare",
    "examples",
    "presets",
    "read_heartbeats",
    "sweep",
]
