"""Answers how long to wait before believing that a node is dead.

Heartbeats, recorded or modelled, go through failure detectors at every threshold at once, and come out
as the rate of spurious failovers against the time it takes to notice a crash, with honest uncertainty,
as a table, a picture and a recommendation.

>>> import suspicion as sus
>>> beats = sus.examples.load("south_n8_v10")
>>> curve = sus.sweep(beats, sus.FixedTimeout())
>>> curve.at("500ms").mistakes
14.0

Heartbeats: `read_heartbeats`, `Arrivals`, `Heartbeats`, `Observers`, `Link`, `GilbertElliott`, `Pauses`,
`Timeline`, `Guard`, and reasons to pause such as `GarbageCollection`, `CpuQuota`, `Suspend`; `traces` reads them from files, `networks` has measured links, `record` measures stalls
and round trips here. Detectors: see `detector`; those of real systems are in `presets`. Quality of service:
`sweep`, `compare`, `stages`, `configure`, `Curve`, `Comparison`, `Recommendation`. Laws of a duration: `Constant`, `Uniform`, `Exponential`, `Gamma`, `LogNormal`,
`Weibull`, `Pareto`, `GeneralizedPareto`, `TruncatedNormal`, `Empirical`, `Mixture`, `Maximum`, `Sum`. From data to a
law: `fit`, `fits`, `Observations`; tails, survival and rare events are in `estimate`. Locks: `Redlock`.
"""

from . import estimate, examples, leases, networks, presets, record, traces
from .detector import (
    AkkaPhi,
    Bertier,
    BucketedTimeout,
    Chen,
    Chitchat,
    Custom,
    Detector,
    ElectionTimeout,
    EmpiricalAccrual,
    ExponentialAccrual,
    FailedProbes,
    FixedTimeout,
    Heartbeat,
    Overdue,
    PercentileTimeout,
    PhiAccrual,
    RetransmissionTimeout,
    SelfTuning,
    TwoWindow,
    split_vote_probability,
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
from .estimate import Fit, Observations, Ranking, fit, fits
from .fencing import FencedStorage
from .heartbeat import Arrivals, Census, Heartbeats, Observers, read_heartbeats
from .lease import Client, Clock, Lease, Writes
from .network import GilbertElliott, Link
from .pause import (
    CpuQuota,
    GarbageCollection,
    Guard,
    LiveMigration,
    Pauses,
    PauseStatistics,
    Scheduling,
    Stalls,
    Steal,
    Stopped,
    Suspend,
    Timeline,
)
from .presets import Preset
from .qos import (
    Calibration,
    Comparison,
    Configuration,
    Curve,
    Point,
    Recommendation,
    Stages,
    compare,
    configure,
    stages,
    sweep,
)
from .redlock import Redlock
from .redlock_outcome import RedlockOutcome

__version__ = "0.1.0"

__all__ = [
    "AkkaPhi",
    "Arrivals",
    "Bertier",
    "BucketedTimeout",
    "Calibration",
    "Census",
    "Chen",
    "Chitchat",
    "Client",
    "Clock",
    "Comparison",
    "Configuration",
    "Constant",
    "CpuQuota",
    "Curve",
    "Custom",
    "Detector",
    "Distribution",
    "ElectionTimeout",
    "Empirical",
    "EmpiricalAccrual",
    "Exponential",
    "ExponentialAccrual",
    "FailedProbes",
    "FencedStorage",
    "Fit",
    "FixedTimeout",
    "Gamma",
    "GarbageCollection",
    "GeneralizedPareto",
    "GilbertElliott",
    "Guard",
    "Heartbeat",
    "Heartbeats",
    "Lease",
    "Link",
    "LiveMigration",
    "LogNormal",
    "Maximum",
    "Mixture",
    "Observations",
    "Observers",
    "Overdue",
    "Pareto",
    "PauseStatistics",
    "Pauses",
    "PercentileTimeout",
    "PhiAccrual",
    "Point",
    "Preset",
    "Ranking",
    "Recommendation",
    "Redlock",
    "RedlockOutcome",
    "RetransmissionTimeout",
    "Scheduling",
    "SelfTuning",
    "Stages",
    "Stalls",
    "Steal",
    "Stopped",
    "Sum",
    "Suspend",
    "Timeline",
    "TruncatedNormal",
    "TwoWindow",
    "Uniform",
    "Weibull",
    "Writes",
    "compare",
    "configure",
    "estimate",
    "examples",
    "fit",
    "fits",
    "leases",
    "networks",
    "presets",
    "read_heartbeats",
    "record",
    "split_vote_probability",
    "stages",
    "sweep",
    "traces",
]
