"""Traces of a network: probes, packets, requests."""

from __future__ import annotations

from .delays import Delays
from .read import Origin, read_as


def ping(source: Origin, *, strict: bool = False) -> Delays:
    """Read what `ping` printed: iputils with or without ``-D`` and ``-O``, BusyBox, BSD, macOS, Windows.

    Parameters
    ----------
    source : path or bytes
        The output, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.traces.ping(b"64 bytes from h: icmp_seq=1 ttl=64 time=0.5 ms").delays
    array([0.0005])
    """
    return read_as(Delays, source, "ping", strict=strict)
