"""Pauses at given times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import (
    Duration,
    Floats,
    durations,
    frozen,
    instance,
    positive,
    positive_number,
    refuse,
    seconds,
    shown,
    whole,
)
from ..value import Value
from .moments import CENTURY, between, moments_of, names_of
from .renewal import Pauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from .._core import Timeline as Core
    from ..traces import Histogram
    from .process import PauseProcess
    from .statistics import PauseStatistics
    from .union import Union


class Timeline(Value):
    """Pauses at given times.

    Parameters
    ----------
    starts : sequence of durations
        When each pause begins, since the start of the observation; in any order.
    lasting : sequence of durations
        How long each lasts. Pauses that overlap or touch become one.
    causes : sequence of str, optional
        What each is due to.

    Attributes
    ----------
    starts, lasting : ndarray of float64, shape (n,)
        The pauses in order and apart from each other, in seconds.
    spells : tuple of ndarray
        Start, length and cause of what they are made of, which may overlap, in order of the starts.

    Examples
    --------
    >>> import suspicion as sus
    >>> pauses = sus.Timeline(starts=["1s", "10s", "10.5s"], lasting=["200ms", "1s", "1s"])
    >>> pauses.lasting
    array([0.2, 1.5])
    """

    _core: Core
    starts: Floats
    lasting: Floats
    spells: tuple[Floats, Floats, NDArray[np.str_]]

    def __init__(
        self,
        *,
        starts: Sequence[Any] | Floats,
        lasting: Sequence[Any] | Floats,
        causes: Sequence[str] | NDArray[np.str_] | None = None,
    ) -> None:
        begun, took = durations("starts", starts), durations("lasting", lasting)
        if causes is None:
            core = _core.Timeline(begun, took, None, [])
        else:
            names, codes = np.unique(names_of(causes, len(begun)), return_inverse=True)
            core = _core.Timeline(begun, took, codes.astype(np.int64), names.tolist())
        self._take(core)

    def _take(self, core: Core) -> None:
        self._set("_core", core)
        starts, lasting = map(frozen, core.intervals())
        begun, took, codes = map(frozen, core.spells())
        names = np.array(core.causes() or [""], dtype=np.str_)[codes]
        self._set("starts", starts)
        self._set("lasting", lasting)
        self._set("spells", (begun, took, frozen(names)))
        known = {"causes": names} if any(core.causes()) else {}
        self._hold(starts=begun, lasting=took, **known)

    @classmethod
    def _of(cls, core: Core) -> Timeline:
        timeline = cls.__new__(cls)
        timeline._take(core)
        return timeline

    @classmethod
    def from_ticks(
        cls, ticks: Sequence[Any] | Floats, *, every: Duration, longer_than: Duration | None = None
    ) -> Timeline:
        """Return the pauses of a process that noted when it did what it does every so often.

        Where a tick came late by more than `longer_than`, the process is taken to have paused from when
        it was due until it came. This is how a monitor finds its own pauses.

        Parameters
        ----------
        ticks : sequence of durations
            When the process ticked, in ascending order, since the start of the observation.
        every : duration
            How often it meant to.
        longer_than : duration, optional
            Lateness that is no pause; `every` without it.

        Examples
        --------
        >>> import suspicion as sus
        >>> pauses = sus.Timeline.from_ticks([0.0, 1.0, 2.0, 9.0, 10.0], every="1s")
        >>> pauses.starts, pauses.lasting
        (array([3.]), array([6.]))
        """
        moments, span = durations("ticks", ticks), positive("every", every)
        late = span if longer_than is None else seconds("longer_than", longer_than)
        if late < 0.0:
            raise refuse("longer_than", longer_than, "a time of zero or more")
        gaps = np.diff(moments)
        if np.any(gaps < 0.0):
            raise refuse("ticks", ticks, "moments in ascending order")
        slow = np.flatnonzero(gaps - span > late)
        return cls(starts=moments[slow] + span, lasting=gaps[slow] - span)

    def model(self) -> Pauses:
        """Return a renewal process with the gaps and lengths of these pauses, for runs of any length.

        Gaps and lengths are drawn independently of each other, which pauses that come in clusters are
        not like, and none is longer than the longest here.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Timeline(starts=["1s", "10s", "30s"], lasting=["1s", "2s", "1s"]).model().parameters["every"]
        Empirical(<2 values from 8 to 18 s>)
        """
        from ..distribution import Empirical

        gaps = self.starts[1:] - (self.starts[:-1] + self.lasting[:-1])
        if not gaps.size:
            raise refuse("pauses", self, "two pauses or more")
        return Pauses(every=Empirical(gaps), lasting=Empirical(self.lasting))

    def paused(self, moments: Duration | Sequence[Any] | Floats) -> NDArray[np.bool_]:
        """Return whether the process stands still at each moment, shape (n,).

        It does from the start of a pause until, but not at, its end.

        Parameters
        ----------
        moments : durations
            Since time zero.
        """
        return self.remaining(moments) > 0.0

    def remaining(self, moments: Duration | Sequence[Any] | Floats) -> Floats:
        """Return for how much longer the process stands still, in seconds, shape (n,); zero where it runs.

        Parameters
        ----------
        moments : durations
            Since time zero.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Timeline(starts=["1s"], lasting=["2s"]).remaining([0.5, 1.0, 2.5, 3.0])
        array([0. , 2. , 0.5, 0. ])
        """
        return self._core.remaining(moments_of("moments", moments))

    def running(self, begin: Duration, end: Duration) -> float:
        """Return how long the process really runs between two moments, in seconds.

        Parameters
        ----------
        begin, end : duration
            Since time zero.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Timeline(starts=["1s"], lasting=["2s"]).running("0.5s", "4s")
        1.5
        """
        first, last = between(begin, end)
        stood = self._core.stood(np.array([first, last]))
        return float((last - first) - (stood[1] - stood[0]))

    def when_run(self, running: Duration | Sequence[Any] | Floats) -> Floats:
        """Return when the process has run for so long since time zero: the first such moments, in seconds.

        Parameters
        ----------
        running : durations
            Time that the process itself has run.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Timeline(starts=["1s"], lasting=["2s"]).when_run([1.0, 1.5])
        array([1. , 3.5])
        """
        found = moments_of("running", running)
        if np.any(found < 0.0):
            raise refuse("running", running, "times of zero or more")
        return self._core.when_run(found)

    def scaled(self, *, lasting: float = 1.0, time: float = 1.0) -> Timeline:
        """Return pauses that last so many times as long, and begin so many times as late.

        Parameters
        ----------
        lasting : float
            Factor of the lengths.
        time : float
            Factor of the starts; below 1 pauses come more often.
        """
        starts, took, causes = self.spells
        named = causes if "causes" in self.parameters else None
        longer, later = positive_number("lasting", lasting), positive_number("time", time)
        for name, factor, spans in (("lasting", longer, took), ("time", later, starts)):
            if spans.size and spans.max() * factor > CENTURY / 2:
                raise refuse(name, factor, "a factor that leaves the pauses within half a century")
        return Timeline(starts=starts * later, lasting=took * longer, causes=named)

    def of(self, cause: str) -> Timeline:
        """Return the pauses that are due to one cause.

        Parameters
        ----------
        cause : str
            Its name in `spells`.
        """
        starts, took, causes = self.spells
        chosen = causes == instance("cause", cause, str, "the name of a cause")
        if not chosen.any():
            known = sorted({*causes.tolist()} - {""})
            expected = f"one of {shown(known)}" if known else "a timeline whose pauses have causes"
            raise refuse("cause", cause, expected)
        return Timeline(starts=starts[chosen], lasting=took[chosen], causes=causes[chosen])

    def statistics(
        self, duration: Duration | None = None, *, confidence_level: float = 0.95
    ) -> PauseStatistics:
        """Return how often, how long and what share of the time the process stands still, by cause.

        Parameters
        ----------
        duration : duration, optional
            How long it was watched; until the last pause ends without it.
        confidence_level : float
            Of the intervals of the rates.

        Examples
        --------
        >>> import suspicion as sus
        >>> pauses = sus.Timeline(starts=["1s", "9s"], lasting=["1s", "2s"])
        >>> pauses.statistics("1h").longest
        2.0
        """
        from .statistics import statistics

        return statistics(self, duration, confidence_level)

    def hiccups(
        self,
        *,
        every: Duration = "1ms",
        duration: Duration | None = None,
        corrected: bool = True,
        digits: int = 3,
    ) -> Histogram:
        """Return how late a thread wakes up that sleeps for `every` again and again, as jHiccup measures it.

        A thread that sleeps through a pause notices it once. With `corrected` each lateness v stands for
        v - every, v - 2 every, ... as well, as long as they are `every` or more: what would have been measured
        had the thread not waited (coordinated omission). Counts and ends of buckets are those of an
        HdrHistogram of nanoseconds with so many digits and `every` as its expected interval.

        Parameters
        ----------
        every : duration
            For how long it sleeps.
        duration : duration, optional
            How long it measures; until the last pause ends without it.
        corrected : bool
            Whether to put in what was left out.
        digits : int
            Significant digits, 0 to 5.

        Examples
        --------
        A pause of 100 s after 100 s without any, seen by a thread that sleeps for 10 ms:

        >>> import suspicion as sus
        >>> stall = sus.Timeline(starts=["100s"], lasting=["100s"])
        >>> f"{stall.hiccups(every='10ms').quantile(0.75)[1]:.0f} s"
        '50 s'
        >>> stall.hiccups(every="10ms", corrected=False).quantile(0.99)[1]
        0.0
        """
        from ..arguments import flag
        from ..traces import Histogram

        until = self._until(duration)
        figures = whole("digits", digits, most=5)
        nap, put_in = positive("every", every), flag("corrected", corrected)
        lower, upper, counts = self._core.hiccups(nap, until, figures, put_in)
        return Histogram(lower, upper, counts, name="hiccups")

    def plot(
        self,
        ax: Axes | None = None,
        *,
        begin: Duration | None = None,
        end: Duration | None = None,
    ) -> Axes:
        """Draw the pauses on a line for each cause.

        Pauses that are shorter than a point of the picture are drawn as a point that is as dark as the
        share of the time that they take, so that neither a year nor a second is empty or black.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        begin, end : duration, optional
            What to draw; everything without them.
        """
        from ..plot.pauses import draw_pauses

        until = self._until(None) if end is None else end
        first, last = between(0.0 if begin is None else begin, until, empty=False)
        return draw_pauses(self, first, last, ax)

    def _until(self, duration: Duration | None) -> float:
        if duration is not None:
            return positive("duration", duration)
        if not len(self):
            raise refuse("duration", duration, "a time, as there is no pause to end it")
        return float(self.starts[-1] + self.lasting[-1])

    def __or__(self, other: Timeline | PauseProcess) -> Timeline | Union:
        if isinstance(other, Timeline):
            return Timeline._of(self._core.union(other._core))
        from .process import PauseProcess
        from .union import Union

        if not isinstance(other, PauseProcess):
            return NotImplemented
        return Union(self, other)

    def __len__(self) -> int:
        return len(self.starts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self._core == other._core

    def __hash__(self) -> int:
        return hash((self.starts.tobytes(), self.lasting.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (dict(self.parameters),)

    def __repr__(self) -> str:
        return f"Timeline(<{len(self)} pauses, {float(np.sum(self.lasting)):.4g} s in all>)"


def _rebuilt(parameters: dict[str, Any]) -> Timeline:
    return Timeline(**parameters)
