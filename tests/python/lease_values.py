"""Good values for what leases and fenced storages take, and what of the grid is good for them, too."""

from __future__ import annotations

from typing import Any

import suspicion as sus

CLIENTS = [
    sus.Client(pauses=sus.Pauses(every="1min", lasting=sus.Exponential(mean="3s"))),
    sus.Client(),
]

LEASE = sus.Lease(length="10s", renew_every="2s")

OBJECTS: dict[type, Any] = {
    sus.FencedStorage: sus.FencedStorage(atomic=False),
    sus.Lease: LEASE,
    sus.Client: CLIENTS[0],
    sus.Clock: sus.Clock(),
    sus.Writes: sus.Writes(),
}

GOOD: dict[str, Any] = {
    "random_schedules.n": 100,
    "race.n": 100,
    "race.stale": "1s",
    "race.first_write": sus.LogNormal(median="1ms", sigma=1.0),
    "race.gap": "1ms",
    "Lease.length": "10s",
    "Lease.renew_every": "2s",
    "clients": CLIENTS,
    **dict.fromkeys(["Lease.simulate.duration", "history.duration"], "5min"),
    **dict.fromkeys(["Lease.takeover.runs"], 20),
    "lengths.pauses": CLIENTS[0].parameters["pauses"],
    "lengths.lengths": ["3s", "10s"],
    "unsafe_write.rate": "1/min",
    "drift": 1e-4,
    "language": "go",
    "Clock.elapsed.begin": 0.0,
    "Clock.elapsed.end": "4s",
}

TOGETHER: dict[str, dict[str, Any]] = {
    "Clock.step_by": {"step_every": "1h"},
    "wall.step_by": {"step_every": "1h"},
    "redis.step_by": {"step_every": "1h"},
    "Lease.service_clock": {"judged_by": "service"},
}

ZERO, CENTURY, NEGATIVE = {"0"}, {"2**63"}, {"-1", "-1.0"}

FINE: dict[str, set[str]] = {
    **dict.fromkeys(["race.stale", "race.first_write", "race.gap"], ZERO | CENTURY),
    **dict.fromkeys(["unfenced_share", "read_share", "forged_share"], ZERO),
    **dict.fromkeys(["Lease.length", "Lease.believed_for"], CENTURY),
    **dict.fromkeys(["poll_every", "poll_jitter", "grace", "lock_delay"], ZERO | CENTURY),
    **dict.fromkeys(["two_holders.lasting", "unsafe_write.lasting"], ZERO | CENTURY),
    **dict.fromkeys(["two_holders.rate", "unsafe_write.rate"], ZERO | CENTURY),
    **dict.fromkeys(["unsafe_write.window", "first_after"], ZERO | CENTURY),
    **dict.fromkeys(["Client.delay", "Writes.delay"], ZERO | CENTURY),
    **dict.fromkeys(["drift"], ZERO),
    **dict.fromkeys(["Writes.every"], CENTURY),
    "Writes.window": ZERO,
    **dict.fromkeys(["Clock.step_every", "wall.step_every", "redis.step_every"], CENTURY),
    **dict.fromkeys(["Clock.step_by", "wall.step_by", "redis.step_by"], ZERO | NEGATIVE),
    "Clock.elapsed.begin": ZERO | NEGATIVE,
    "Clock.elapsed.end": ZERO | CENTURY,
    **dict.fromkeys(["chubby.length", "consul.length", "redis.length"], CENTURY),
    **dict.fromkeys(["lengths.lengths", "lengths.duration"], CENTURY),
}
