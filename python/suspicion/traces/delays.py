"""Probes and requests, and how long each took."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..arguments import Duration, Floats, optional_seconds, positive, refuse, shown
from ..units import duration
from .record import MISSING, Record, seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from ..distribution import Empirical
    from ..estimate import Observations
    from ..heartbeat import Arrivals


class Delays(Record):
    """Probes or requests and how long each took, in the order of the file; see `suspicion.traces`.

    Examples
    --------
    >>> import suspicion as sus
    >>> text = b'''PING host (10.0.0.2) 56(84) bytes of data.
    ... [1795381181.646210] 64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.5 ms
    ... [1795381183.647210] 64 bytes from 10.0.0.2: icmp_seq=3 ttl=64 time=1.5 ms
    ... '''
    >>> delays = sus.traces.ping(text)
    >>> delays
    Delays(<2 answers, 1 lost, median 1 ms, longest 1.5 ms>)
    >>> delays.arrivals().census.lost
    1
    """

    _kind = "delays"
    _timed = "sent"
    _lost: int | None = None
    """How many were never answered, where the reader counted them."""

    @cached_property
    def delays(self) -> Floats:
        """How long each took, in seconds, shape (n,); nan for one that was never answered."""
        return seconds(self._columns["delay"])

    @cached_property
    def answered(self) -> Floats:
        """The delays of those that were answered, in seconds."""
        return self.delays[~np.isnan(self.delays)]

    @cached_property
    def sent(self) -> Floats:
        """When each was sent, in seconds from the first, shape (n,); nan where it is not known."""
        return seconds(self._columns["sent"], self.origin)

    @property
    def number(self) -> NDArray[np.int64]:
        """The number of each, shape (n,); the least of 64 bits where the format has none."""
        return self._columns["number"]

    @property
    def target(self) -> NDArray[np.str_]:
        """Whom each was sent to, or what it asked for, shape (n,)."""
        return self._columns["target"]

    @property
    def outcome(self) -> NDArray[np.str_]:
        """What became of each, in the words of the format, shape (n,)."""
        return self._columns["outcome"]

    @cached_property
    def lost(self) -> int:
        """How many were never answered, counting gaps in the numbers where there are numbers."""
        if self._lost is not None:
            return self._lost
        silent = np.isnan(self.delays)
        if np.any(self.number == MISSING):
            return int(silent.sum())
        total = int(silent.sum())
        for target in np.unique(self.target):
            found = np.unique(self.number[self.target == target])
            total += int(found[-1] - found[0] + 1 - found.size)
        return total

    def only(self, target: str) -> Self:
        """Return the rows of one target.

        Parameters
        ----------
        target : str
            One of `target`.
        """
        # What the reader counted is of all targets.
        whole = isinstance(target, str) and bool(np.all(self.target == target))
        return self._only("target", target, {} if whole else {"_lost": None})

    def arrivals(self, *, every: Duration | None = None) -> Arrivals:
        """Return the answers as heartbeats: sent when the probe was, received when its answer came.

        Parameters
        ----------
        every : duration, optional
            Time between two probes. Needed where the file does not say when they were sent; estimated
            otherwise.
        """
        from ..heartbeat import Arrivals

        delay, sent, number = (self._columns[name] for name in ("delay", "sent", "number"))
        numbered = not np.any(number == MISSING)
        there = delay != MISSING
        targets = np.unique(self.target[there])
        if targets.size > 1:
            expected = f"delays of one target; take one with `only`: {shown(targets.tolist())}"
            raise ValueError(f"{targets.size} targets, expected {expected}")
        if np.any(sent[there] == MISSING):
            gap = optional_seconds("every", every)
            if gap is None or not numbered:
                expected = "the time between two probes: the file does not say when they were sent"
                raise refuse("every", every, expected)
            sent = np.rint((number - number.min()) * gap * 1e9).astype(np.int64)
        order = np.argsort(sent[there] + delay[there], kind="stable")
        rows = np.flatnonzero(there)[order]
        return Arrivals._from_stamps(
            sent[rows] + delay[rows],
            sent[rows],
            number[rows] if numbered else None,
            every=every,
            shared_clock=True,
            monitor_pauses=None,
        )

    def observations(self, *, timeout: Duration | None = None) -> Observations:
        """Return the delays for `suspicion.fit`, which takes these `Delays` as they are, too.

        Parameters
        ----------
        timeout : duration, optional
            When the one who asked gave up. What was answered later or never is cut off there: it is
            only known to have taken longer, or to be lost. Without it what was never answered is no part,
            and belongs into the loss of a link.

        Examples
        --------
        >>> import suspicion as sus
        >>> pings = sus.traces.read(sus.examples.path("ping_stall"))
        >>> pings.observations(timeout="200ms")
        Observations(160 samples of 10.3 ms to 183 ms, 40 cut off at 200 ms)
        """
        from ..estimate import Observations

        found = self.answered
        if timeout is None:
            return Observations(found)
        limit = positive("timeout", timeout)
        ended = found[found < limit]
        cut = found.size - ended.size + self.lost
        return Observations(ended, censored=np.full(cut, limit))

    def law(self) -> Empirical:
        """Return the delays of what was answered as a law; what was lost is no part of it."""
        from ..distribution import Empirical

        return Empirical(self.answered)

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw the share of delays that are longer, against their length, on logarithmic axes.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.
        """
        from ..plot.trace import draw_durations

        return draw_durations(self.answered, "delay", ax, line)

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays, times in seconds."""
        return {
            "number": self.number,
            "sent_s": self.sent,
            "delay_s": self.delays,
            "target": self.target,
            "outcome": self.outcome,
        }

    def _summary(self) -> str:
        found = self.answered
        said = f"{found.size:,} answers, {self.lost:,} lost"
        if found.size:
            said += f", median {duration(float(np.median(found)))}, longest {duration(found.max())}"
        return said
