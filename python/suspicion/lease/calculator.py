"""How often pauses make two holders of a lease, and late writes, at each length; and what a crash costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Duration, Floats, durations, frozen, level, positive, refuse
from ..randomness import seed_of
from .chances import Chances, Source, expected, sources_of
from .lengths import LeaseLengths
from .writes import Writes

if TYPE_CHECKING:
    from ..distribution import Distribution
    from ..pause import Timeline
    from ..pause.process import PauseProcess
    from ..randomness import RNG
    from ..traces import PauseLog
    from .terms import Lease

COUNT = 60
LONGEST = 3600.0
"""Lengths that are looked at unless somebody says otherwise: so many, up to an hour."""


def lease_lengths(
    lease: Lease,
    lengths: Sequence[Any] | Floats | None,
    pauses: PauseProcess | Timeline | PauseLog,
    duration: Duration | None,
    writes: Writes | None,
    confidence_level: float,
    rng: RNG,
) -> LeaseLengths:
    """Return what pauses make of a lease at other lengths."""
    interval = lease.parameters["renew_every"]
    if lengths is None:
        chosen = np.geomspace(interval, max(LONGEST, 100 * interval), COUNT)
        chosen[0] = interval
    else:
        chosen = np.unique(durations("lengths", lengths))
        if not chosen.size or chosen[0] < interval:
            raise refuse("lengths", lengths, f"lengths of renew_every = {interval:g} s or more")
    if writes is not None and not isinstance(writes, Writes):
        raise refuse("writes", writes, "Writes or None", TypeError)
    confidence = level(confidence_level)
    watched = None if duration is None else positive("duration", duration)
    sources = sources_of(pauses, watched, seed_of(rng))
    rows = [_row(lease, float(length), sources, writes, confidence) for length in chosen]
    names = ("two_holders", "two_holders_low", "two_holders_high", "unsafe_writes", "with_tokens")
    columns: dict[str, Any] = {"length": chosen}
    columns |= {name: np.array([row[name] for row in rows]) for name in names}
    mean, most = _crash(lease, chosen)
    columns |= {"crash_mean": mean, "crash_most": most}
    columns["identifiable"] = np.array([_told(lease, length, sources) for length in chosen])
    watched_for = min((source.watched for source in sources), default=math.inf)
    return LeaseLengths(
        lease=lease,
        watched=watched_for,
        confidence_level=confidence,
        **{name: frozen(column) for name, column in columns.items()},
    )


def _row(
    lease: Lease, length: float, sources: list[Source], writes: Writes | None, confidence: float
) -> dict[str, float]:
    terms = lease._terms(length)
    known = lease.parameters
    free = length + known["grace"] + known["lock_delay"]
    often = sum(source.rate for source in sources)

    def two(lasting: Distribution) -> float:
        return float(terms.two_holders(lasting._core, often))

    found = expected(sources, two, free - known["renew_every"], confidence)
    stale = tokens = Chances(np.nan, np.nan, np.nan)
    if writes is not None:
        # A stale write arrives when the lease is another's; by then a storage may have seen a newer token.
        wait = 0.5 * known["poll_every"] * (1.0 + 0.5 * known["poll_jitter"])
        first = writes.parameters["first_after"] + writes.parameters["window"]
        first += writes.parameters["delay"].mean()
        window = writes.parameters["window"]
        # A pause begins half of the window after the look, about; who wakes up in time keeps the lease.
        later = lease._terms(free + wait + 0.5 * window), lease._terms(free + wait + first)

        def late(lasting: Distribution) -> float:
            return float(later[0].unsafe_write(window, lasting._core, often))

        def refused(lasting: Distribution) -> float:
            return float(later[1].unsafe_write(window, lasting._core, often))

        # Each pause meets a write under way with the probability that one is, once in `every`.
        share = 1.0 / (writes.parameters["every"] * often) if often else 0.0
        least = free - known["renew_every"] - window
        stale = expected(sources, late, least, confidence)
        seen = expected(sources, refused, least, confidence)
        stale = Chances(stale.value * share, 0.0, 0.0)
        tokens = Chances(stale.value - seen.value * share, 0.0, 0.0)
    return {
        "two_holders": found.value,
        "two_holders_low": found.low,
        "two_holders_high": found.high,
        "unsafe_writes": stale.value,
        "with_tokens": max(tokens.value, 0.0) if writes is not None else np.nan,
    }


def _crash(lease: Lease, lengths: Floats) -> tuple[Floats, Floats]:
    """Return how long a crash leaves everybody without a holder: on average, and at most."""
    known = lease.parameters
    shortest, jitter = known["poll_every"], known["poll_jitter"]
    longest = shortest * (1.0 + jitter)
    # What is left of an interval between two requests that is met at random.
    square = shortest**2 * (1.0 + jitter + jitter**2 / 3.0)
    wait = square / (shortest * (2.0 + jitter)) if shortest else 0.0
    waits = 2 if known["judged_by"] == "observers" else 1
    held = lengths + known["grace"] + known["lock_delay"]
    return held - 0.5 * known["renew_every"] + waits * wait, held + waits * longest


def _told(lease: Lease, length: float, sources: list[Source]) -> bool:
    """Whether the data behind the pauses say how many are as long as a lease of a length needs."""
    known = lease.parameters
    needed = length + known["grace"] + known["lock_delay"] - known["renew_every"]
    for source in sources:
        if source.sample is not None:
            if needed > source.sample.max():
                return False
        else:
            horizon = source.lasting.identifiable_to
            if horizon is not None and needed > horizon.time:
                return False
    return True
