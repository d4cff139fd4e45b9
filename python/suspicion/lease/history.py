"""All that happened to a lease in a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Duration, frozen
from ..frames import to_frame
from ..pause.moments import between
from .outcome import LeaseOutcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False, eq=False)
class LeaseHistory:
    """What was sent to the lock service and to the storage, and who took the lease for its own when.

    Requests that were lost are not among it, nor those of who waited for a lease that was not free.
    """

    outcome: LeaseOutcome
    """What became of it."""
    messages: dict[str, Any]
    """Columns: ``kind`` (``"acquire"``, ``"renew"``, ``"write"``, ``"seal"``), ``client`` from 0 on, ``token``, ``sent`` and
    ``arrived`` in seconds, and whether it was ``taken``."""
    spans: dict[str, Any]
    """Columns: ``state`` (``"believes"``: the client takes the lease for its own, ``"holds"``: the service takes it for the client's,
    ``"stands still"``), ``client``, ``token``, ``begin`` and ``end`` in seconds."""
    dropped: int
    """How many messages and spans there was no room for beyond the first million of each."""

    @classmethod
    def _of(cls, core: _core.LeaseHistory, outcome: LeaseOutcome, first_token: int) -> LeaseHistory:
        kind, sent, arrived = core.messages()
        client, token, taken = core.message_facts()
        messages = {
            "kind": np.array(kind, dtype=np.str_),
            "client": client,
            "token": token + first_token - 1,
            "sent": sent,
            "arrived": arrived,
            "taken": taken.astype(bool),
        }
        state, begin, end = core.spans()
        who, which = core.span_facts()
        named = np.array(state, dtype=np.str_)
        spans = {
            "state": named,
            "client": who,
            "token": np.where(named == "stands still", 0, which + first_token - 1),
            "begin": begin,
            "end": end,
        }
        for column in (*messages.values(), *spans.values()):
            frozen(column)
        return cls(outcome, messages, spans, core.dropped())

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return self.outcome.clients

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the messages as a data frame.

        Parameters
        ----------
        backend : str, optional
            ``"pandas"``, ``"polars"`` or ``"pyarrow"``; the first that is installed without it.
        """
        return to_frame(self.messages, backend)

    def plot(
        self,
        ax: Axes | None = None,
        *,
        begin: Duration | None = None,
        end: Duration | None = None,
    ) -> Axes:
        """Draw the clients, the lock service and the storage as lines, with the messages between them.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        begin, end : duration, optional
            What to draw; everything without them.
        """
        from ..plot.lease import draw_history

        until = self.outcome.time if end is None else end
        first, last = between(0.0 if begin is None else begin, until, empty=False)
        return draw_history(self, first, last, ax)

    def __repr__(self) -> str:
        sent, tokens = len(self.messages["kind"]), self.messages["token"]
        shown = f"{tokens.min()} to {tokens.max()}" if len(tokens) else "none"
        dropped = f", {self.dropped:,} dropped" if self.dropped else ""
        return f"LeaseHistory(<{sent} messages, tokens {shown}{dropped}>)"
