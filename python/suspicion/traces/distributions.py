"""Distributions of which only counts in buckets were kept."""

from __future__ import annotations

from .histograms import Histograms
from .read import Origin, read_as


def hdr_log(source: Origin, *, strict: bool = False) -> Histograms:
    """Read an interval log of HdrHistogram, versions 0 to 2, as jHiccup and YCSB write them.

    One histogram a tag, and the intervals it was added up from. Values are taken to be nanoseconds.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Histograms, source, "hdr_log", strict=strict)


def hgrm(source: Origin, *, unit: str | None = None, strict: bool = False) -> Histograms:
    """Read a table of percentiles of HdrHistogram, in text or in CSV.

    Parameters
    ----------
    source : path or bytes
        The table, maybe compressed.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of the values where the file does not name it.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Histograms, source, "hgrm", unit=unit, strict=strict)


def prometheus_api(source: Origin, *, unit: str | None = None, strict: bool = False) -> Histograms:
    """Read a saved answer of Prometheus' HTTP API: classic buckets and native histograms.

    Of a range the increase from its first sample to its last counts.

    Parameters
    ----------
    source : path or bytes
        The JSON, maybe compressed.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of the values where the file does not name it.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Histograms, source, "prometheus_api", unit=unit, strict=strict)
