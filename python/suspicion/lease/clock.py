"""By what time is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core
from ..arguments import Duration, choice, flag, number, positive, refuse, seconds
from ..pause.moments import between
from ..value import Value

if TYPE_CHECKING:
    from ..pause import Timeline

SUSPEND = "suspend"
"""The cause of pauses in which the machine is suspended, and with it some clocks."""

READ_BY = {
    "c++": "libstdc++ src/c++11/chrono.cc: steady_clock is CLOCK_MONOTONIC",
    "go": "runtime/sys_linux_*.s: nanotime1 is CLOCK_MONOTONIC",
    "java": "HotSpot os_posix.cpp: System.nanoTime is CLOCK_MONOTONIC",
    "python": "time.monotonic is clock_gettime(CLOCK_MONOTONIC) (CPython's documentation, PEP 418)",
    "rust": "std::time::Instant is CLOCK_MONOTONIC (the standard library's documentation)",
}
"""The clock by which programs of a language measure time on Linux, and where that is written."""


def drift_of(drift: float) -> float:
    """Return how much a clock may be wrong in a second, either way."""
    wrong = number("drift", drift)
    if not 0.0 <= wrong < 1.0:
        raise refuse("drift", drift, "a number from 0 to 1")
    return wrong


def margin_of(length: float, drift: float) -> float:
    """Return for how long a holder may believe in a lease if no clock is wrong by more than a drift."""
    wrong = drift_of(drift)
    return length * (1.0 - wrong) / (1.0 + wrong)


class Clock(Value):
    """A clock: how fast it runs, what it leaves out, and how it is set.

    Parameters
    ----------
    drift : float
        Seconds that it gains in a second; 50e-6 is 50 ppm, and below zero it is slow.
    stops_in_suspend : bool
        Whether it stands still while the machine is suspended.
    step_every : duration, optional
        Mean time from one setting to the next, which come at random; without it the clock is never set.
    step_by : duration
        By how much it is set forward; below zero, such as ``"-5s"``, it is set back.

    Examples
    --------
    What a process that was suspended for an hour makes of a lease of ten seconds:

    >>> import suspicion as sus
    >>> night = sus.Timeline(starts=["5s"], lasting=["1h"], causes=["suspend"])
    >>> sus.Clock.monotonic().elapsed("0s", "3610s", pauses=night)
    10.0
    >>> sus.Clock.boottime().elapsed("0s", "3610s", pauses=night)
    3610.0
    """

    _durations = frozenset({"step_every"})

    def __init__(
        self,
        *,
        drift: float = 0.0,
        stops_in_suspend: bool = False,
        step_every: Duration | None = None,
        step_by: Duration = 0.0,
    ) -> None:
        gained, stops = number("drift", drift), flag("stops_in_suspend", stops_in_suspend)
        every = None if step_every is None else positive("step_every", step_every)
        by = _signed(step_by)
        steps = None if every is None else (every, by)
        self._set("_core", _core.LeaseClock(gained, stops, steps))
        self._hold(drift=gained, stops_in_suspend=stops, step_every=every, step_by=by)

    _core: _core.LeaseClock

    @classmethod
    def monotonic(cls, *, drift: float = 0.0) -> Clock:
        """Return Linux's ``CLOCK_MONOTONIC``: never set, slewed by NTP, and it stops in suspend.

        Parameters
        ----------
        drift : float
            Seconds gained in a second: of the oscillator, and of whoever slews it, which may be much more.
        """
        return cls(drift=drift, stops_in_suspend=True)

    @classmethod
    def boottime(cls, *, drift: float = 0.0) -> Clock:
        """Return Linux's ``CLOCK_BOOTTIME``: the monotonic clock that counts suspended time, too.

        Parameters
        ----------
        drift : float
            Seconds gained in a second.
        """
        return cls(drift=drift)

    @classmethod
    def wall(
        cls, *, drift: float = 0.0, step_every: Duration | None = None, step_by: Duration = 0.0
    ) -> Clock:
        """Return the wall clock: it counts suspended time, and is set.

        Parameters
        ----------
        drift : float
            Seconds gained in a second.
        step_every : duration, optional
            Mean time from one setting to the next.
        step_by : duration
            By how much it is set forward; below zero it is set back.
        """
        return cls(drift=drift, step_every=step_every, step_by=step_by)

    @classmethod
    def of(cls, language: str, *, drift: float = 0.0) -> Clock:
        """Return the clock by which programs of a language measure how much time has passed, on Linux.

        All of them read ``CLOCK_MONOTONIC``, which knows nothing of the time in suspend. On macOS Rust, Python and
        others read a clock that stops as well; on Windows the performance counter goes on.

        Parameters
        ----------
        language : str
            ``"c++"``, ``"go"``, ``"java"``, ``"python"`` or ``"rust"``.
        drift : float
            Seconds gained in a second.
        """
        choice("language", language, tuple(READ_BY))
        return cls.monotonic(drift=drift)

    def elapsed(self, begin: Duration, end: Duration, *, pauses: Timeline | None = None) -> float:
        """Return how much time it shows between two moments, in seconds, without being set.

        Parameters
        ----------
        begin, end : duration
            Since time zero.
        pauses : Timeline, optional
            Pauses, of which those with the cause ``"suspend"`` suspend the machine.
        """
        from ..arguments import instance
        from ..pause import Timeline

        first, last = between(begin, end)
        passed = last - first
        if pauses is not None:
            given = instance("pauses", pauses, Timeline, "a Timeline or None")
            if self.parameters["stops_in_suspend"] and SUSPEND in given.spells[2]:
                passed = given.of(SUSPEND).running(first, last)
        return float(passed * (1.0 + self.parameters["drift"]))


def _signed(step_by: Duration) -> float:
    """Return a duration in seconds that may be below zero, as text, too."""
    if isinstance(step_by, str) and step_by.startswith("-"):
        return -seconds("step_by", step_by.removeprefix("-"))
    return seconds("step_by", step_by)
