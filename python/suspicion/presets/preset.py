"""What a preset is."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..detector import Detector
from ..pause import Guard
from ..units import duration

if TYPE_CHECKING:
    from ..heartbeat import Arrivals


@dataclass(frozen=True, repr=False)
class Preset:
    """A detector as a real system ships it, with all that stands between it and a failover.

    Times are in seconds.

    Attributes
    ----------
    name : str
        The system.
    detector : Detector
        Its detector.
    threshold : float
        Its default threshold, as its users write it.
    every : float
        Its default heartbeat or probe interval.
    check_every : float
        How often it looks at the deadline; 0 for at once.
    dwell : float
        How long a suspicion must last before it acts.
    guard : Guard, optional
        For how long it suspects nobody after a pause of its own.
    source : str
        Where the figures are from.
    effective : tuple of float
        From where to where the time to suspect reaches, in seconds, for heartbeats that come regularly
        and stop; without check and dwell.
    counted_from : {"last heartbeat", "next heartbeat", "crash"}
        Where `effective` is counted from: the last heartbeat; when the next would have been sent, as
        for a probe that is not answered any more; or the crash, at any moment between two.
    unverified : tuple of str
        Figures that nobody here has seen in the system's source or documentation.
    note : str
        What is not modelled.
    """

    name: str
    detector: Detector
    threshold: float
    every: float
    effective: tuple[float, float]
    source: str
    check_every: float = 0.0
    dwell: float = 0.0
    guard: Guard | None = None
    counted_from: Literal["last heartbeat", "next heartbeat", "crash"] = "last heartbeat"
    unverified: tuple[str, ...] = field(default=())
    note: str = ""

    def timeout_of(self, arrivals: Arrivals) -> float:
        """Return its default in seconds: the mean time from a heartbeat to suspicion on `arrivals`.

        Examples
        --------
        >>> import suspicion as sus
        >>> beats = sus.examples.load("urban_n8_v20")
        >>> round(sus.presets.cassandra().timeout_of(beats), 2)
        1.1
        """
        return self.detector.timeout_of(self.threshold, arrivals)

    def __repr__(self) -> str:
        parts = [
            f"{self.name}: {self.detector._show_threshold(self.threshold)}",
            f"every {duration(self.every)}",
        ]
        if self.check_every:
            parts.append(f"looked at every {duration(self.check_every)}")
        if self.dwell:
            parts.append(f"dwell {duration(self.dwell)}")
        if self.guard is not None:
            parts.append("guard against its own pauses")
        if self.unverified:
            parts.append(f"unverified: {', '.join(self.unverified)}")
        return f"<Preset {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"
