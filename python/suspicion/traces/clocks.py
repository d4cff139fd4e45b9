"""Logs of time daemons."""

from __future__ import annotations

from .clock_offsets import ClockOffsets
from .read import Origin, read_as


def chrony_tracking(source: Origin, *, strict: bool = False) -> ClockOffsets:
    """Read chrony's ``tracking.log``.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(ClockOffsets, source, "chrony_tracking", strict=strict)


def chrony_measurements(source: Origin, *, strict: bool = False) -> ClockOffsets:
    """Read chrony's ``measurements.log``, a line a packet.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(ClockOffsets, source, "chrony_measurements", strict=strict)


def chrony_statistics(source: Origin, *, strict: bool = False) -> ClockOffsets:
    """Read chrony's ``statistics.log``.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(ClockOffsets, source, "chrony_statistics", strict=strict)


def ntp_loopstats(source: Origin, *, strict: bool = False) -> ClockOffsets:
    """Read ntpd's ``loopstats``.

    Parameters
    ----------
    source : path or bytes
        The file, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(ClockOffsets, source, "ntp_loopstats", strict=strict)


def ntp_peerstats(source: Origin, *, strict: bool = False) -> ClockOffsets:
    """Read ntpd's ``peerstats``.

    Parameters
    ----------
    source : path or bytes
        The file, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(ClockOffsets, source, "ntp_peerstats", strict=strict)


def ptp4l(source: Origin, *, strict: bool = False) -> ClockOffsets:
    """Read what linuxptp's ``ptp4l`` and ``phc2sys`` print.

    Parameters
    ----------
    source : path or bytes
        The output, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(ClockOffsets, source, "ptp4l", strict=strict)
