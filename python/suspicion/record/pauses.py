"""Recordings of how long this process stands still."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .. import _core
from ..arguments import Duration, choice, seconds
from ..units import duration as shown
from .place import EXISTING, is_there, lost, path_of, raise_unless_meant, span_of
from .spans import Spans, spans_of


@dataclass(frozen=True, eq=False)
class PauseRecording:
    """What a recording of pauses has seen.

    Attributes
    ----------
    path : str
        The file.
    watched : float
        From the start to the end, in seconds; time for which the machine was suspended is not in it.
    least : float
        Length from which on a pause has a row of its own, in seconds.
    pauses : int
        How many were so long.
    paused : float
        Their lengths together, in seconds.
    longest : float
        The longest of all, in seconds, whether so long or not.
    lateness : Spans
        How late the process woke up, each time.
    suspended : float
        For how long the machine was suspended, in seconds.
    dropped : int
        Rows that are not in the file because the disk could not keep up.
    """

    path: str
    watched: float
    least: float
    pauses: int
    paused: float
    longest: float
    lateness: Spans
    suspended: float
    dropped: int

    def __str__(self) -> str:
        looks = f"{len(self.lateness):,} samples in {shown(self.watched)}"
        many = f"{self.pauses:,} pauses of {shown(self.least)} or more"
        if self.pauses:
            many += f", {shown(self.paused)} in all"
        lines = [looks, f"{many}; the longest {shown(self.longest)}"]
        if shares := self.lateness.shares():
            lines.append(f"late by: {shares}")
        if self.suspended:
            lines.append(f"the machine was suspended for {shown(self.suspended)}")
        return "\n".join([*lines, *lost(self.dropped)])


def pauses(
    path: str | os.PathLike[str],
    *,
    duration: Duration | None = None,
    sleep: Duration = "1ms",
    least: Duration = "1ms",
    existing: str = "refuse",
) -> PauseRecording:
    """Record how long this process is kept from running, as jHiccup does.

    A thread sleeps for `sleep`, again and again; how much later than that it wakes up is how long the
    scheduler, the hypervisor, a full memory or whoever sent SIGSTOP kept it. A stall of length d is seen
    as d less up to one `sleep`. What Python does does not matter, its garbage collection neither.

    Parameters
    ----------
    path : path
        File to make.
    duration : duration, optional
        For how long; without it until Ctrl-C.
    sleep : duration
        From 10 us to 50 ms. The timer of the system adds some 60 us to it.
    least : duration
        Pauses of this length or longer have a row of their own; shorter ones are in the histogram that
        is written each second.
    existing : {'refuse', 'append', 'replace'}
        What to do with a file that is there.

    Returns
    -------
    PauseRecording
        What was seen.

    Raises
    ------
    FileExistsError
        If the file is there and was to be left alone.
    OSError
        If it cannot be written; what was written before is there.

    Examples
    --------
    >>> import suspicion as sus, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     seen = sus.record.pauses(folder + "/pauses.csv", duration="100ms")
    >>> 0.1 <= seen.watched, len(seen.lateness) > 0
    (True, True)
    """
    seen, raised = record_pauses(
        path_of(path), duration=duration, sleep=sleep, least=least, existing=existing
    )
    raise_unless_meant(raised, duration)
    return seen


def record_pauses(
    path: str | None, *, duration: object, sleep: object, least: object, existing: object
) -> tuple[PauseRecording, BaseException | None]:
    """Return what was seen and what ended it early; the path None is standard output."""
    span = span_of(duration)
    shortest = seconds("least", least)
    with_file = path, choice("existing", existing, EXISTING)
    try:
        seen, raised = _core.record_pauses(*with_file, span, seconds("sleep", sleep), shortest)
    except FileExistsError:
        raise is_there(path) from None
    return PauseRecording(
        path=path or "-", watched=seen.watched, least=shortest, pauses=seen.pauses, paused=seen.paused,
        longest=seen.longest, lateness=spans_of(seen.lateness), suspended=seen.suspended, dropped=seen.dropped,
    ), raised  # fmt: skip
