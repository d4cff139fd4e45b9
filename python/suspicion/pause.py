"""Pauses: intervals in which a process stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from .arguments import Duration, Floats, durations, frozen, positive, refuse, seconds
from .distribution import Distribution
from .distribution.constant import law_of
from .distribution.horizon import untold
from .value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pauses(Value):
    """Pauses that come now and then: an alternating renewal process.

    The process runs for a draw of `every`, pauses for a draw of `lasting`, and so on; it is in
    equilibrium when the observation begins.

    Parameters
    ----------
    every : Distribution or duration
        Time from the end of a pause to the start of the next, with a finite mean.
    lasting : Distribution or duration
        Length of a pause, with a finite mean.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Pauses(every=sus.Exponential(mean="1h"), lasting=sus.LogNormal(median="80ms", sigma=1.2))
    Pauses(every=Exponential(mean='1h'), lasting=LogNormal(median='80ms', sigma=1.2))
    """

    _core: _core.Pauses

    def __init__(
        self, *, every: Distribution | float | str, lasting: Distribution | float | str
    ) -> None:
        laws = law_of("every", every), law_of("lasting", lasting)
        self._set("_core", _core.Pauses.renewal(laws[0]._core, laws[1]._core))
        self._hold(every=laws[0], lasting=laws[1])

    @property
    def identifiable_rate(self) -> float:
        """Pauses per second of which the data behind the laws say nothing; zero for laws given by hand."""
        every, lasting = self.parameters["every"], self.parameters["lasting"]
        return float((untold(every) + untold(lasting)) / (every.mean() + lasting.mean()))


class Guard(Value):
    """What a monitor does that finds that it has stood still itself: for a while it suspects nobody.

    After a pause of its own longer than `longer_than` it looks at no deadline for `hold` more, though
    it takes in what arrives meanwhile. Cassandra and Redis Sentinel (TILT) do so.

    Parameters
    ----------
    longer_than : duration
        Pauses up to this length do not matter.
    hold : duration
        How long it holds back after a longer one.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Guard(longer_than="5s", hold="5s")
    Guard(longer_than='5s', hold='5s')
    """

    _durations = frozenset({"longer_than", "hold"})

    def __init__(self, *, longer_than: Duration, hold: Duration) -> None:
        spans = seconds("longer_than", longer_than), seconds("hold", hold)
        for name, span in zip(("longer_than", "hold"), spans, strict=True):
            if span < 0.0:
                raise refuse(name, span, "a time of zero or more")
        self._hold(longer_than=spans[0], hold=spans[1])

    @property
    def _pair(self) -> tuple[float, float]:
        return self.parameters["longer_than"], self.parameters["hold"]


class Timeline(Value):
    """Pauses at given times.

    Parameters
    ----------
    starts : sequence of durations
        When each pause begins, since the start of the observation; in any order.
    lasting : sequence of durations
        How long each lasts. Pauses that overlap or touch become one.

    Attributes
    ----------
    starts, lasting : ndarray of float64, shape (n,)
        The pauses in order and apart from each other, in seconds.

    Examples
    --------
    >>> import suspicion as sus
    >>> pauses = sus.Timeline(starts=["1s", "10s", "10.5s"], lasting=["200ms", "1s", "1s"])
    >>> pauses.lasting
    array([0.2, 1.5])
    """

    _core: _core.Pauses
    starts: Floats
    lasting: Floats

    def __init__(self, *, starts: Sequence[Any] | Floats, lasting: Sequence[Any] | Floats) -> None:
        core = _core.Pauses.timeline(durations("starts", starts), durations("lasting", lasting))
        found = map(frozen, core.intervals())
        self._set("_core", core)
        self._hold(**dict(zip(("starts", "lasting"), found, strict=True)))
        for name, column in self.parameters.items():
            self._set(name, column)

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
        from .distribution import Empirical

        gaps = self.starts[1:] - (self.starts[:-1] + self.lasting[:-1])
        if not gaps.size:
            raise refuse("pauses", self, "two pauses or more")
        return Pauses(every=Empirical(gaps), lasting=Empirical(self.lasting))

    def __len__(self) -> int:
        return len(self.starts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self._core == other._core

    def __hash__(self) -> int:
        return hash((self.starts.tobytes(), self.lasting.tobytes()))

    def __repr__(self) -> str:
        return f"Timeline(<{len(self)} pauses, {float(np.sum(self.lasting)):.4g} s in all>)"


def pauses_core(name: str, value: object) -> _core.Pauses:
    """Return what the core calls the pauses, or never pausing for None."""
    from .arguments import instance

    if value is None:
        return _core.Pauses.never()
    found = instance(name, value, (Pauses, Timeline), "Pauses, a Timeline or None")
    return found._core  # type: ignore[no-any-return]
