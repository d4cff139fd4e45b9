"""Good values for what models of pauses take, and what of the grid is good for them, too."""

from __future__ import annotations

from typing import Any

import suspicion as sus

HEAP = {
    "allocation_rate": 1e9,
    "live": 1e9,
    "limit": 2e9,
    "eden": 1e8,
    "survival": 0.1,
    "minor_per_byte": 1e-9,
    "major_per_byte": 1e-9,
    "headroom": 1e9,
    "full_per_byte": 1e-9,
}

PAUSES = sus.Timeline(starts=[1.0, 3.0], lasting=[0.5, 0.5], causes=["disk", "heap"])

GOOD: dict[str, Any] = {
    **{f"GarbageCollection.{name}": value for name, value in HEAP.items()},
    "heap": 4e9,
    "quota": "50ms",
    "overcommit": 2.0,
    "competitors": 3,
    "memory": 8e9,
    "bandwidth": 1e9,
    "dirty_rate": 1e8,
    "Stalls.typical": "10ms",
    "Stalls.giant": "1s",
    "Stalls.giant_share": 0.1,
    "Timeline.causes": ["disk", "heap"],
    "Timeline.of.cause": "disk",
    "moments": [0.5, 1.0],
    "running": [0.5, 1.0],
    "Timeline.running.begin": 0.0,
    "Timeline.running.end": "4s",
    "Timeline.hiccups.duration": "10s",
}

TOGETHER: dict[str, dict[str, Any]] = {
    f"GarbageCollection.{name}": {"major_per_byte": None, "concurrent": "1s"}
    for name in ("concurrent", "phase", "headroom", "full_per_byte")
}
"""What goes with a parameter of a collector that does not stop the program."""

ZERO, CENTURY, NEGATIVE = {"0"}, {"2**63"}, {"-1", "-1.0"}
EMPTY = {"empty list", "empty array"}

FINE: dict[str, set[str]] = {
    **dict.fromkeys(["slice", "quota", "period", "overcommit", "memory", "bandwidth"], CENTURY),
    **dict.fromkeys(["Stalls.every", "Scheduling.every", "Timeline.statistics.duration"], CENTURY),
    **dict.fromkeys(["GarbageCollection.eden", "GarbageCollection.concurrent"], CENTURY),
    **dict.fromkeys(["LiveMigration.downtime_limit", "LiveMigration.every"], CENTURY),
    **dict.fromkeys(["Suspend.every", "Stopped.every", "fsync.every", "swapping.every"], CENTURY),
    **dict.fromkeys(["Stalls.typical", "Stalls.giant"], ZERO | CENTURY),
    **dict.fromkeys(["minor_base", "phase"], ZERO | CENTURY),
    **dict.fromkeys(
        ["minor_per_byte", "major_per_byte", "full_per_byte", "headroom"], ZERO | CENTURY
    ),
    **dict.fromkeys(["GarbageCollection.live", "dirty_rate"], ZERO | CENTURY),
    **dict.fromkeys(["variation", "spread"], ZERO),
    **dict.fromkeys(["GarbageCollection.limit", "allocation_rate", "heap"], CENTURY),
    **dict.fromkeys(["giant_share", "most_rounds", "digits"], ZERO),
    "moments": ZERO | NEGATIVE | CENTURY | EMPTY,
    "running": ZERO | CENTURY | EMPTY,
    **dict.fromkeys(["Timeline.running.begin", "Timeline.plot.begin"], ZERO | NEGATIVE),
    **dict.fromkeys(["Timeline.running.end", "Timeline.plot.end"], ZERO | CENTURY),
}
"""Values of the grid that mean something."""
