"""Leases: what holds for a while only, and what a holder does that stood still while it ran out."""

from .client import Client
from .clock import Clock
from .history import LeaseHistory
from .length_choice import LengthChoice
from .lengths import LeaseLengths
from .outcome import LeaseOutcome
from .takeover import Takeover
from .terms import Lease
from .writes import Writes

__all__ = [
    "Client",
    "Clock",
    "Lease",
    "LeaseHistory",
    "LeaseLengths",
    "LeaseOutcome",
    "LengthChoice",
    "Takeover",
    "Writes",
]
