"""Fencing: a storage that knows by a token whose turn it is, and each way in which that still goes wrong.

`FencedStorage` has the weaknesses as options. It looks at every schedule of a few clients, draws random ones, and races one late
write against the next holder's first.
"""

from .exploration import Exploration
from .race import Race
from .random_schedules import RandomSchedules
from .storage import FencedStorage

__all__ = ["Exploration", "FencedStorage", "Race", "RandomSchedules"]
