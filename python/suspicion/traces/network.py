"""Traces of a network: probes, packets, requests."""

from __future__ import annotations

from .capture import Capture
from .delays import Delays
from .read import Origin, read, read_as


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


def fping(source: Origin, *, strict: bool = False) -> Delays:
    """Read what ``fping`` printed with ``-C``, ``-c`` or ``-l``, with ``-D`` or without.

    Parameters
    ----------
    source : path or bytes
        The output, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Delays, source, "fping", strict=strict)


def mtr(source: Origin, *, strict: bool = False) -> Delays:
    """Read what ``mtr --raw`` printed: every probe of every hop.

    Its reports, in text, CSV or JSON, have averages only and are refused.

    Parameters
    ----------
    source : path or bytes
        The output, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Delays, source, "mtr", strict=strict)


def ghz(source: Origin, *, strict: bool = False) -> Delays:
    """Read the JSON report of ghz, a load generator for gRPC.

    Parameters
    ----------
    source : path or bytes
        The report, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Delays, source, "ghz", strict=strict)


def otlp(source: Origin, *, strict: bool = False) -> Delays:
    """Read spans of OpenTelemetry as the collector's file exporter writes them, in JSON.

    Parameters
    ----------
    source : path or bytes
        The file, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Delays, source, "otlp", strict=strict)


def jaeger(source: Origin, *, strict: bool = False) -> Delays:
    """Read spans that were exported from Jaeger, in JSON.

    Parameters
    ----------
    source : path or bytes
        The file, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Delays, source, "jaeger", strict=strict)


def pcap(source: Origin, *, port: int | None = None, strict: bool = False) -> Delays | Capture:
    """Read a capture of heartbeats or of requests and their answers: pcap or pcapng, UDP or TCP.

    Packets to the port are heartbeats or requests, packets from it answers. Where hardly any is
    answered they are heartbeats.

    Parameters
    ----------
    source : path or bytes
        The capture, maybe compressed.
    port : int, optional
        Port of the service; the one with most packets to it without it, which the notes name.
    strict : bool
        Whether to stop at the first packet that is not understood.

    Returns
    -------
    Delays or Capture
        Requests and how long their answers took, or messages that nobody answered.
    """
    found = read(source, format="pcap", port=port, strict=strict)
    assert isinstance(found, (Delays, Capture)), found
    return found
