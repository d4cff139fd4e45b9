"""Heartbeats as a monitor saw them: the one input of every detector."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from .. import _core
from ..arguments import Duration, Floats, choice, flag, frozen, optional_seconds, refuse
from ..pause import Timeline, pauses_core
from ..units import duration
from .stamps import UNITS, numbers, stamps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Census:
    """What became of heartbeats: everything that was not simply received once and in order."""

    rows: int
    """Heartbeats in the log, or sent by the model."""
    arrivals: int
    """Arrivals that detectors see, duplicates included."""
    lost: int
    """Heartbeats never received, by the gaps in their numbers."""
    skipped: int
    """Heartbeats that a paused sender left out, where the model knows; a log counts them as lost."""
    in_flight: int
    """Heartbeats still on their way when the observation ended, where the model knows."""
    duplicates: int
    """Arrivals of a heartbeat that had already come."""
    reordered: int
    """Arrivals after a heartbeat with a higher number."""
    resets: int
    """Times at which a clock went back or the numbers began anew; each begins a new session."""
    unreadable: int
    """Rows left out because a value they need is missing or cannot be read."""

    def __str__(self) -> str:
        worth_saying = [
            f"{getattr(self, field.name):,} {field.name.replace('_', ' ')}"
            for field in fields(self)
            if field.name in ("arrivals", "lost") or getattr(self, field.name)
        ]
        return ", ".join(word for word in worth_saying if not word.endswith(" rows"))


class Arrivals:
    """Heartbeats as a monitor saw them, in order of arrival; see `from_arrays` and `read_heartbeats`.

    Times are seconds from the first arrival; the gaps between them are exact to the
    nanosecond whatever the epoch. Where a clock was reset or the sender started anew, a new session
    begins, and nothing is concluded from the gap to it: where twenty rows or more stay ten intervals
    behind what the clock or the numbers had reached, for a single wild stamp is not a reset. Of two
    clocks the one that the rows are not in the order of must stay behind for a thousand rows, for that
    is what a long delay looks like, too.

    Attributes
    ----------
    census : Census
        Losses, duplicates, reordering and what was mended or left out.
    seed : int or None
        The seed of a simulation.
    """

    def __init__(self, core: _core.Arrivals, unreadable: int = 0, seed: int | None = None) -> None:
        if not isinstance(core, _core.Arrivals):
            raise TypeError("use Arrivals.from_arrays, read_heartbeats or Heartbeats.simulate")
        self._core = core
        self.seed = seed
        counts = dict(core.census())
        counts["rows"] += unreadable
        counts["unreadable"] += unreadable
        self.census = Census(**counts)

    @classmethod
    def from_arrays(
        cls,
        received: ArrayLike,
        sent: ArrayLike | None = None,
        *,
        number: ArrayLike | None = None,
        unit: str = "s",
        every: Duration | None = None,
        shared_clock: bool = False,
        monitor_pauses: Timeline | None = None,
    ) -> Self:
        """Put arrays of stamps in order of arrival and count what is found on the way.

        Parameters
        ----------
        received : array_like, shape (n,)
            When each heartbeat was received: numbers in `unit` or datetimes, of any origin; nan or
            NaT for one that never was.
        sent : array_like, shape (n,), optional
            When each was sent.
        number : array_like of int, shape (n,), optional
            The number of each. Without it numbers are inferred from the send times, each gap being
            as many heartbeats as the interval fits into it, or from the order of arrival, which
            hides losses.
        unit : {"s", "ms", "us", "ns"}
            Unit of numbers.
        every : duration, optional
            Time between two heartbeats of the schedule; estimated without it.
        shared_clock : bool
            Whether `sent` was read on the clock that `received` was read on.
        monitor_pauses : Timeline, optional
            When the monitor itself stood still, on the clock of `received` if its stamps are numbers
            from zero; what arrived during a pause is seen at its end.

        Examples
        --------
        >>> import suspicion as sus
        >>> beats = sus.Arrivals.from_arrays([0.105, 0.203, 0.31, 0.61], sent=[0.1, 0.2, 0.3, 0.6])
        >>> beats.census.lost, beats.gaps
        (2, array([0.098, 0.107, 0.3  ]))
        """
        choice("unit", unit, tuple(UNITS))
        return cls._from_stamps(
            stamps("received", received, unit),
            None if sent is None else stamps("sent", sent, unit),
            None if number is None else numbers("number", number),
            every=every,
            shared_clock=shared_clock,
            monitor_pauses=monitor_pauses,
        )

    @classmethod
    def _from_stamps(
        cls,
        received: NDArray[np.int64],
        sent: NDArray[np.int64] | None,
        number: NDArray[np.int64] | None,
        *,
        every: Duration | None,
        shared_clock: bool,
        monitor_pauses: Timeline | None,
        unreadable: int = 0,
    ) -> Self:
        if flag("shared_clock", shared_clock) and sent is None:
            raise refuse("shared_clock", shared_clock, "False for a log without send times")
        if monitor_pauses is not None and not isinstance(monitor_pauses, Timeline):
            raise refuse("monitor_pauses", monitor_pauses, "a Timeline or None", TypeError)
        core = _core.read_log(
            received,
            sent,
            number,
            optional_seconds("every", every),
            shared_clock,
            pauses_core("monitor_pauses", monitor_pauses),
        )
        return cls(core, unreadable)

    def __len__(self) -> int:
        return len(self._core)

    @cached_property
    def received(self) -> Floats:
        """When each was seen, in seconds, shape (n,)."""
        return frozen(self._core.received())

    @cached_property
    def sent(self) -> Floats:
        """When each was sent, in seconds, shape (n,).

        Equal to `received` where the log has no send times; where they are on the sender's own clock, the
        quickest heartbeat of a session is taken to have come at once.
        """
        return frozen(self._core.sent())

    @cached_property
    def number(self) -> NDArray[np.int64]:
        """The place of each in the schedule, shape (n,)."""
        return frozen(self._core.number())

    @cached_property
    def delays(self) -> Floats:
        """Time from send to sight of each, in seconds, shape (n,)."""
        return frozen(self._core.delays())

    @cached_property
    def gaps(self) -> Floats:
        """Time between neighbours within a session, in seconds, shape (n - sessions,)."""
        return frozen(self._core.gaps())

    @property
    def every(self) -> float:
        """Time between two heartbeats of the schedule, in seconds."""
        return self._core.every()

    @property
    def length(self) -> float:
        """Time from the first arrival to the end of the observation, in seconds."""
        return self._core.length()

    @property
    def send_times(self) -> str:
        """What is known of `sent`: nothing (``"unknown"``), or on which clock: ``"sender"``, ``"shared"``."""
        return self._core.send_times()

    @property
    def sessions(self) -> int:
        """How many stretches there are without a reset."""
        return len(self._core.sessions()[0])

    @cached_property
    def monitor_pauses(self) -> Timeline:
        """When the monitor itself stood still."""
        return _timeline(self._core.pauses())

    @cached_property
    def sender_pauses(self) -> Timeline:
        """When the sender stood still; empty for a log, which does not know."""
        return _timeline(self._core.sender_pauses())

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays, times in seconds."""
        return {"number": self.number, "sent_s": self.sent, "received_s": self.received}

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the columns as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw the share of gaps between arrivals that are at least as long, against their length.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.
        """
        from ..plot.distribution import draw_gaps

        return draw_gaps(self, ax, line)

    def __repr__(self) -> str:
        return (
            f"Arrivals(<{duration(self.length)}, one heartbeat every {duration(self.every)}: "
            f"{self.census}>)"
        )

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        core = self._core
        counts = self.census.unreadable - dict(core.census())["unreadable"]
        return _restore, (type(self), core.to_bytes(), counts, self.seed)


def _restore(kind: type[Arrivals], arrivals: bytes, unreadable: int, seed: int | None) -> Arrivals:
    return kind(_core.Arrivals.from_bytes(arrivals), unreadable, seed)


def _timeline(intervals: tuple[Floats, Floats]) -> Timeline:
    starts, lasting = intervals
    # What began before time zero is cut there.
    return Timeline(starts=np.maximum(starts, 0.0), lasting=lasting + np.minimum(starts, 0.0))
