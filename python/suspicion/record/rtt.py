"""Recordings of round trips to another machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from types import NoneType

import numpy as np

from .. import _core
from ..arguments import Duration, choice, instance, refuse, seconds
from ..units import duration as shown
from .place import EXISTING, is_there, lost, path_of, raise_unless_meant, span_of
from .spans import Spans, spans_of

TRANSPORTS = ("tcp", "udp")


@dataclass(frozen=True, eq=False)
class RttRecording:
    """What a recording of round trips has seen.

    Attributes
    ----------
    path : str
        The file.
    address : str
        Where the probes went.
    watched : float
        From the start to the end, in seconds.
    probes : int
        Probes that were due; each is one of the next seven but `duplicate`.
    ok, late, duplicate, timeout, refused, error, unsent, unknown : int
        Answers in time; answers after the timeout, which over UDP may follow upon a timeout of the same probe;
        further answers to one probe; probes given up; refused; failed; not sent because
        this process stood still; without an outcome when the recording was ended.
    strange : int
        Datagrams that answer nothing that was asked.
    rtt : Spans
        Times from a probe to its answer, late ones too.
    shortest, longest : float or None
        The extremes of these, in seconds.
    suspended : float
        For how long the machine was suspended, in seconds.
    dropped : int
        Rows that are not in the file because the disk could not keep up.
    failure : str or None
        What the system last said of a failure.
    """

    path: str
    address: str
    watched: float
    probes: int
    ok: int
    late: int
    duplicate: int
    timeout: int
    refused: int
    error: int
    unsent: int
    unknown: int
    strange: int
    rtt: Spans
    shortest: float | None
    longest: float | None
    suspended: float
    dropped: int
    failure: str | None

    def __str__(self) -> str:
        outcomes = {
            "answered": self.ok, "late": self.late, "timed out": self.timeout, "refused": self.refused,
            "failed": self.error, "not sent": self.unsent, "unknown": self.unknown,
            "answered twice": self.duplicate, "strange datagrams": self.strange,
        }  # fmt: skip
        told = ", ".join(f"{n:,} {what}" for what, n in outcomes.items() if n or what == "answered")
        lines = [f"{self.probes:,} probes of {self.address} in {shown(self.watched)}: {told}"]
        if self.shortest is not None and self.longest is not None:
            ends = f"{shown(self.shortest)} to {shown(self.longest)}"
            lines.append("; ".join(filter(None, (f"round trips {ends}", self.rtt.shares()))))
        if self.failure is not None:
            lines.append(f"the last failure: {self.failure}")
        return "\n".join([*lines, *lost(self.dropped)])


def rtt(
    path: str | os.PathLike[str],
    target: str,
    *,
    duration: Duration | None = None,
    transport: str = "tcp",
    family: int | None = None,
    every: Duration = "100ms",
    timeout: Duration = "2s",
    existing: str = "refuse",
) -> RttRecording:
    """Record the time it takes to open a TCP connection, or to have a UDP datagram sent back.

    Probes go out on a schedule that no answer holds up, so that slow times are seen as often as they are
    (there is no coordinated omission).

    Parameters
    ----------
    path : path
        File to make.
    target : str
        ``HOST:PORT``; the name is looked up once. An IPv6 address goes into brackets.
    duration : duration, optional
        For how long probes are sent; without it until Ctrl-C.
    transport : {'tcp', 'udp'}
        UDP needs an echo server at the target: `echo`, or any that sends back what it gets.
    family : {4, 6}, optional
        Version of IP; without it the first that the name has.
    every : duration
        Time from one probe to the next, from 1 ms to a day.
    timeout : duration
        A probe without an answer after this is lost. It has to be less than 512 times `every` for TCP
        and 32768 times for UDP, which bounds the probes under way.
    existing : {'refuse', 'append', 'replace'}
        What to do with a file that is there.

    Returns
    -------
    RttRecording
        What was seen.

    Raises
    ------
    FileExistsError
        If the file is there and was to be left alone.
    OSError
        If the name has no address, or the file cannot be written.

    Examples
    --------
    >>> import suspicion as sus, tempfile
    >>> with tempfile.TemporaryDirectory() as folder, sus.record.echo() as server:
    ...     seen = sus.record.rtt(
    ...         folder + "/rtt.csv", server.target, duration="100ms", every="20ms", transport="udp"
    ...     )
    >>> seen.probes, seen.timeout
    (5, 0)
    """
    seen, raised = record_rtt(
        path_of(path), target, duration=duration, transport=transport, family=family,
        every=every, timeout=timeout, existing=existing,
    )  # fmt: skip
    raise_unless_meant(raised, duration)
    return seen


def record_rtt(
    path: str | None,
    target: object,
    *,
    duration: object,
    transport: object,
    family: object,
    every: object,
    timeout: object,
    existing: object,
) -> tuple[RttRecording, BaseException | None]:
    """Return what was seen and what ended it early; the path None is standard output."""
    if isinstance(family, bool) or not isinstance(family, (int, np.integer, NoneType)):
        raise refuse("family", family, "4, 6 or None", TypeError)
    if family not in (None, 4, 6):
        raise refuse("family", family, "4, 6 or None")
    host = instance("target", target, str, "HOST:PORT, such as 'localhost:7'")
    try:
        seen, raised = _core.record_rtt(
            path, choice("existing", existing, EXISTING), host, span_of(duration),
            choice("transport", transport, TRANSPORTS), family,
            seconds("every", every), seconds("timeout", timeout),
        )  # fmt: skip
    except FileExistsError:
        raise is_there(path) from None
    counts = {
        name: getattr(seen, name)
        for name in RttRecording.__dataclass_fields__
        if name not in ("path", "rtt")
    }
    return RttRecording(path=path or "-", rtt=spans_of(seen.rtt), **counts), raised
