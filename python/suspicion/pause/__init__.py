"""Pauses: intervals in which a process stands still.

`Timeline` has them at given times, models draw them: `Pauses` now and then, `GarbageCollection` when a heap has filled,
`CpuQuota`, `Steal` and `Scheduling` for want of a processor, `Stalls` for want of a disk, `LiveMigration`, `Suspend` and `Stopped`
from outside. Reasons combine: ``one | other``.
"""

from .cpu_quota import CpuQuota
from .garbage_collection import GarbageCollection
from .guard import Guard
from .live_migration import LiveMigration
from .process import PauseProcess, pauses_core
from .renewal import Pauses
from .scheduling import Scheduling
from .stalls import Stalls
from .statistics import PauseStatistics
from .steal import Steal
from .stopped import Stopped
from .suspend import Suspend
from .timeline import Timeline
from .union import Union

__all__ = [
    "CpuQuota",
    "GarbageCollection",
    "Guard",
    "LiveMigration",
    "PauseProcess",
    "PauseStatistics",
    "Pauses",
    "Scheduling",
    "Stalls",
    "Steal",
    "Stopped",
    "Suspend",
    "Timeline",
    "Union",
    "pauses_core",
]
