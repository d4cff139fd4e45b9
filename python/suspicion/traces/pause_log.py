"""Pauses as a process, its runtime or its machine wrote them down."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..arguments import Duration, Floats, choice
from ..units import duration
from .record import Record, seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from ..distribution import Empirical
    from ..estimate import Observations
    from ..heartbeat import Arrivals
    from ..network import Link
    from ..pause import Pauses, Timeline
    from ..randomness import RNG

KINDS = ("stop", "collection")

OUT_OF_ORDER = 1.0
"""Lines of a log may be this many seconds out of order before it is more than one log."""


class PauseLog(Record):
    """Pauses that a log tells of, in the order of the file; see `suspicion.traces`.

    A log may tell of *stops*, all that kept the process from running, and of *collections*, the part of
    a garbage collection that did. Where it has stops they are what counts, for a collection is within
    one, and there are stops without any.

    Attributes
    ----------
    covered : tuple of float
        First and last moment that the log covers, in seconds on the scale of `start`; nan where it
        does not say.
    """

    _kind = "pauses"
    _timed = "start"
    _covered: tuple[int, int] | None

    @cached_property
    def start(self) -> Floats:
        """When each began, in seconds from the start of the log, shape (n,); nan where it does not say."""
        return seconds(self._columns["start"], self.origin)

    @property
    def origin(self) -> int:
        """What `start` counts from: nanoseconds on the clock of the file (``source.clock``)."""
        begun = super().origin
        return begun if self._covered is None else min(begun, self._covered[0])

    @cached_property
    def lasting(self) -> Floats:
        """How long each lasted, in seconds, shape (n,)."""
        return seconds(self._columns["length"])

    @property
    def cause(self) -> NDArray[np.str_]:
        """Why, in the words of the log, shape (n,)."""
        return self._columns["cause"]

    @property
    def kind(self) -> NDArray[np.str_]:
        """What each figure measures, ``"stop"`` or ``"collection"``, shape (n,)."""
        return self._columns["kind"]

    @property
    def covered(self) -> tuple[float, float]:
        """First and last moment that the log covers, in seconds on the scale of `start`."""
        if self._covered is None:
            return (float("nan"), float("nan"))
        return tuple((moment - self.origin) / 1e9 for moment in self._covered)  # type: ignore[return-value]

    @property
    def stops(self) -> Self:
        """The stops among the pauses."""
        return self._where(self.kind == "stop")

    @property
    def collections(self) -> Self:
        """The collections among the pauses."""
        return self._where(self.kind == "collection")

    @property
    def counting(self) -> Self:
        """The stops, or the collections of a log that has no stops."""
        return self.stops if np.any(self.kind == "stop") else self.collections

    def of(self, kind: str) -> Self:
        """Return the pauses of one kind, ``"stop"`` or ``"collection"``."""
        return self._where(self.kind == choice("kind", kind, KINDS))

    def timeline(self) -> Timeline:
        """Return what counts as a timeline that a sender or a monitor can be given.

        Time zero is the start of the log. Pauses that overlap become one.
        """
        from ..pause import Timeline

        counting = self.counting
        if not len(counting):
            raise ValueError(f"{self!r} has no pause")
        if np.isnan(counting.start).any():
            raise ValueError(f"{self!r} does not say when its pauses began; use `model`")
        ends = counting.start + counting.lasting
        if np.any(np.maximum.accumulate(ends) - ends > OUT_OF_ORDER):
            raise ValueError(
                f"{self!r} has times that go back: several runs, or a clock that was set; read each by itself"
            )
        return Timeline(
            starts=np.maximum(counting.start, 0.0), lasting=counting.lasting, causes=counting.cause
        )

    def model(self) -> Pauses:
        """Return what counts as a renewal process with the gaps and lengths of the log.

        Gaps and lengths are drawn independently of each other, which a log whose pauses come in
        clusters is not like; `timeline` keeps it as it was.
        """
        return self.timeline().model()

    def replay(self, *, every: Duration, link: Link, rng: RNG = None, **others: Any) -> Arrivals:
        """Return heartbeats of a process that pauses as the log says, for as long as the log goes.

        Before and after the log nothing is known of pauses; a longer run of the same timeline would
        pretend that there were none. For longer ones see `model`.

        Parameters
        ----------
        every : duration
            Time from one heartbeat to the next.
        link : Link
            What the network does to them.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        **others
            Passed on to `Heartbeats`.

        Examples
        --------
        >>> import suspicion as sus
        >>> log = sus.traces.read(sus.examples.path("gc_shenandoah"))
        >>> beats = log.replay(every="1s", link=sus.Link(delay="1ms"))
        >>> sus.sweep(beats, sus.FixedTimeout()).at("10s").mistakes
        5.0
        """
        from ..heartbeat import Heartbeats

        begin, end = self.covered
        if not end > begin:
            raise ValueError(f"{self!r} does not say how long it covers; use `timeline`")
        world = Heartbeats(every=every, link=link, sender_pauses=self.timeline(), **others)
        return world.simulate(end, rng=rng)

    def observations(self) -> Observations:
        """Return the lengths of what counts for `suspicion.fit`, which takes a log as it is, too."""
        from ..estimate import Observations

        return Observations(self.counting.lasting)

    def law(self) -> Empirical:
        """Return the lengths of what counts as a law."""
        from ..distribution import Empirical

        return Empirical(self.counting.lasting)

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw the share of pauses that are longer, against their length, on logarithmic axes.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.
        """
        from ..plot.trace import draw_durations

        return draw_durations(self.counting.lasting, "pause", ax, line)

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays, times in seconds."""
        return {
            "start_s": self.start,
            "lasting_s": self.lasting,
            "cause": self.cause,
            "kind": self.kind,
        }

    def _summary(self) -> str:
        counting = self.counting
        if not len(counting):
            return "no pause"
        kinds = [(len(self.of(kind)), kind) for kind in KINDS]
        said = ", ".join(f"{count:,} {kind}s" for count, kind in kinds if count)
        total, longest = counting.lasting.sum(), counting.lasting.max()
        return f"{said}, {duration(total)} in all, longest {duration(longest)}"
