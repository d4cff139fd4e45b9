"""Failure detectors: what they expect next, and when they begin to suspect.

`FixedTimeout`, `Chen` (NFD-E and NFD-S), `TwoWindow`, `Bertier`, `PhiAccrual` and
`ExponentialAccrual`. A detector here has all its settings but the threshold, which is what a sweep
varies.
"""

from .base import Detector
from .bertier import Bertier
from .chen import Chen
from .exponential_accrual import ExponentialAccrual
from .fixed_timeout import FixedTimeout
from .phi_accrual import PhiAccrual
from .two_window import TwoWindow

__all__ = [
    "Bertier",
    "Chen",
    "Detector",
    "ExponentialAccrual",
    "FixedTimeout",
    "PhiAccrual",
    "TwoWindow",
]
