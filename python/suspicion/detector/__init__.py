"""Failure detectors: what they expect next, and when they begin to suspect.

A fixed time: `FixedTimeout`, `Overdue`, `BucketedTimeout` (sessions), `FailedProbes`,
`ElectionTimeout` (Raft). A margin after the next heartbeat is expected: `Chen` (NFD-E and NFD-S),
`TwoWindow`, `Bertier`, `SelfTuning` (SFD). A level of suspicion: `PhiAccrual`, `AkkaPhi`,
`ExponentialAccrual` (Cassandra's phi, ED-FD), `Chitchat`, `EmpiricalAccrual` (Satzger's). Over response
times: `RetransmissionTimeout` (RFC 6298), `PercentileTimeout`. And `Custom`, one of your own.

A detector here has all its settings but the threshold, which is what a sweep varies.
"""

from .akka_phi import AkkaPhi
from .base import Detector
from .bertier import Bertier
from .bucketed_timeout import BucketedTimeout
from .chen import Chen
from .chitchat import Chitchat
from .custom import Custom
from .election_timeout import ElectionTimeout, split_vote_probability
from .empirical_accrual import EmpiricalAccrual
from .exponential_accrual import ExponentialAccrual
from .failed_probes import FailedProbes
from .fixed_timeout import FixedTimeout
from .foreign import Heartbeat
from .overdue import Overdue
from .percentile_timeout import PercentileTimeout
from .phi_accrual import PhiAccrual
from .retransmission_timeout import RetransmissionTimeout
from .self_tuning import SelfTuning
from .two_window import TwoWindow

__all__ = [
    "AkkaPhi",
    "Bertier",
    "BucketedTimeout",
    "Chen",
    "Chitchat",
    "Custom",
    "Detector",
    "ElectionTimeout",
    "EmpiricalAccrual",
    "ExponentialAccrual",
    "FailedProbes",
    "FixedTimeout",
    "Heartbeat",
    "Overdue",
    "PercentileTimeout",
    "PhiAccrual",
    "RetransmissionTimeout",
    "SelfTuning",
    "TwoWindow",
    "split_vote_probability",
]
