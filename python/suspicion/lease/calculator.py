"""How often pauses make two holders of a lease, and late writes, at each length; and what a crash costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Duration, Floats, durations, frozen, level, positive, refuse
from ..randomness import seed_of
from .chances import Chances, Counted, Known, expected, sources_of
from .lengths import LeaseLengths
from .writes import Writes

if TYPE_CHECKING:
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
    mean, most = _crash(lease, chosen)
    needed = _free_after(lease, chosen) - interval
    told = np.array([[source.tells_of(length) for length in needed] for source in sources])
    laws = np.array([isinstance(source, Known) for source in sources])
    columns: dict[str, Any] = {
        "length": chosen,
        **{name: np.array([row[name] for row in rows]) for name in rows[0]},
        "crash_mean": mean,
        "crash_most": most,
        "identifiable": told.all(axis=0),
        "form_only": ~told[laws].all(axis=0),
    }
    return LeaseLengths(
        lease=lease,
        watched=min(source.watched for source in sources),
        confidence_level=confidence,
        **{name: frozen(column) for name, column in columns.items()},
    )


def _row(
    lease: Lease,
    length: float,
    sources: Sequence[Known | Counted],
    writes: Writes | None,
    confidence: float,
) -> dict[str, float]:
    often = sum(source.rate for source in sources)
    least = float(_free_after(lease, length)) - lease.parameters["renew_every"]

    def two_holders(later: float) -> Chances:
        """Return how often the former holder wakes up so long after another got the lease, or later."""
        terms = lease._terms(length, later)
        return expected(
            sources,
            lambda lasting: float(terms.two_holders(lasting._core, often)),
            least + later,
            confidence,
        )

    found = two_holders(0.0)
    stale = past_tokens = math.nan
    if writes is not None:
        known = writes.parameters
        # A pause meets a write under way for such a share of the time, and on average in its middle.
        under_way = known["window"] / known["every"]
        first = known["first_after"] + 0.5 * known["window"]
        stale = under_way * found.value
        past_tokens = under_way * max(found.value - two_holders(first).value, 0.0)
    return {
        "two_holders": found.value,
        "two_holders_low": found.low,
        "two_holders_high": found.high,
        "stale_writes": stale,
        "with_tokens": past_tokens,
    }


def _free_after(lease: Lease, lengths: Any) -> Any:
    """Return how long after the last renewal anybody may have leases of such lengths, in seconds."""
    return lengths + lease.parameters["grace"] + lease.parameters["lock_delay"]


def _crash(lease: Lease, lengths: Floats) -> tuple[Floats, Floats]:
    """Return how long a crash leaves everybody without a holder: on average, and at most."""
    known = lease.parameters
    shortest, jitter = known["poll_every"], known["poll_jitter"]
    longest = shortest * (1.0 + jitter)
    # What is left of an interval between two requests that is met at random.
    square = shortest**2 * (1.0 + jitter + jitter**2 / 3.0)
    wait = square / (shortest * (2.0 + jitter)) if shortest else 0.0
    waits = 2 if known["judged_by"] == "observers" else 1
    held = _free_after(lease, lengths)
    return held - 0.5 * known["renew_every"] + waits * wait, held + waits * longest
