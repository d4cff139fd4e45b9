"""Messages as they passed one place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..arguments import Duration, Floats, shown
from ..units import duration
from .record import Record, seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..heartbeat import Arrivals


class Capture(Record):
    """Messages that nobody answered, such as heartbeats, as a capture has them; see `suspicion.traces`.

    When each was sent is not known, and one that was lost on the way has left no row. Where the capture
    was made at the receiver the times are those of arrival, at the sender those of sending.
    """

    _kind = "capture"
    _timed = "received"

    @cached_property
    def received(self) -> Floats:
        """When each passed, in seconds from the first, shape (n,)."""
        return seconds(self._columns["received"], self.origin)

    @property
    def flow(self) -> NDArray[np.str_]:
        """From whom to whom, shape (n,)."""
        return self._columns["flow"]

    @property
    def size(self) -> NDArray[np.int64]:
        """Bytes in each, shape (n,)."""
        return self._columns["size"]

    @property
    def flows(self) -> dict[str, int]:
        """How many messages each flow has, the busiest first."""
        names, counts = np.unique(self.flow, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return {str(names[place]): int(counts[place]) for place in order}

    def only(self, flow: str) -> Self:
        """Return the messages of one flow.

        Parameters
        ----------
        flow : str
            One of `flows`.
        """
        return self._only("flow", flow)

    def arrivals(self, *, every: Duration | None = None) -> Arrivals:
        """Return the messages of one flow as heartbeats that were received when they passed.

        Parameters
        ----------
        every : duration, optional
            Time between two heartbeats of the schedule; estimated without it.
        """
        from ..heartbeat import Arrivals

        if len(self.flows) > 1:
            raise ValueError(f"{len(self.flows)} flows; take one with `only`: {shown(self.flows)}")
        return Arrivals._from_stamps(
            np.sort(self._columns["received"]),
            None,
            None,
            every=every,
            shared_clock=False,
            monitor_pauses=None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays, times in seconds."""
        return {"received_s": self.received, "flow": self.flow, "size": self.size}

    def _summary(self) -> str:
        span = duration(float(self.received.max())) if len(self) else "no time"
        return f"{len(self):,} messages of {len(self.flows):,} flows in {span}"
