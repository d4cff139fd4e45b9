"""What members of a cluster wrote about each other."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..arguments import Floats
from .pause_log import PauseLog
from .record import MISSING, Record, seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAUSES = {"pause": "stop", "collection": "collection"}
"""Events that tell of a pause, and the kind of pause."""


class Events(Record):
    """Suspicions, failures, elections and the like, in the order of the file; see `suspicion.traces`."""

    _kind = "events"
    _timed = "at"

    @cached_property
    def at(self) -> Floats:
        """When, in seconds from the first, shape (n,); nan where a line does not say."""
        return seconds(self._columns["at"], self.origin)

    @property
    def event(self) -> NDArray[np.str_]:
        """What happened, shape (n,)."""
        return self._columns["event"]

    @property
    def node(self) -> NDArray[np.str_]:
        """Whom it happened to, shape (n,)."""
        return self._columns["node"]

    @property
    def by(self) -> NDArray[np.str_]:
        """Who wrote it, shape (n,)."""
        return self._columns["by"]

    @cached_property
    def lasting(self) -> Floats:
        """How long it took, in seconds, shape (n,); nan where a line does not say."""
        return seconds(self._columns["length"])

    @property
    def counts(self) -> dict[str, int]:
        """How often each event happened, the most frequent first."""
        return dict(Counter(self.event.tolist()).most_common())

    def only(self, event: str) -> Self:
        """Return the rows of one event.

        Parameters
        ----------
        event : str
            One of `event`.
        """
        return self._only("event", event)

    def pauses(self) -> PauseLog:
        """Return the events that tell of a pause; such a line is written when the pause is over."""
        told = np.isin(self.event, list(PAUSES)) & (self._columns["length"] != MISSING)
        if not told.any():
            raise ValueError(f"{self!r} tells of no pause")
        at, length = self._columns["at"][told], self._columns["length"][told]
        start = np.where(at == MISSING, MISSING, at - length)
        known = self._columns["at"][self._columns["at"] != MISSING]
        return PauseLog(
            {
                "start": start,
                "length": length,
                "cause": self.event[told],
                "kind": np.array([PAUSES[event] for event in self.event[told]], dtype=np.str_),
            },
            self.source,
            _covered=(int(known.min()), int(known.max())) if known.size else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays, times in seconds."""
        return {
            "at_s": self.at,
            "event": self.event,
            "node": self.node,
            "by": self.by,
            "lasting_s": self.lasting,
        }

    def _summary(self) -> str:
        return ", ".join(f"{count:,} {event}" for event, count in self.counts.items())
