"""Traces: what people really have, read from files.

`read` recognises the format; there is a function for each, too. All take a path or bytes, plain or
compressed by gzip or zstd, and stream it. What they return has a `source` that says what became of
every line.
"""

from .capture import Capture
from .clock_offsets import ClockOffsets
from .clocks import (
    chrony_measurements,
    chrony_statistics,
    chrony_tracking,
    ntp_loopstats,
    ntp_peerstats,
    ptp4l,
)
from .delays import Delays
from .distributions import hdr_log, hgrm, prometheus_api
from .events import Events
from .histogram import Histogram
from .histograms import Histograms
from .network import fping, ghz, jaeger, mtr, otlp, pcap, ping
from .pause_log import PauseLog
from .pauses import cluster, cyclictest, gctrace, jvm, jvm_legacy, upptime
from .prometheus import prometheus
from .read import FORMATS, read
from .source import Fault, Source
from .tables import matrix, table

__all__ = [
    "FORMATS",
    "Capture",
    "ClockOffsets",
    "Delays",
    "Events",
    "Fault",
    "Histogram",
    "Histograms",
    "PauseLog",
    "Source",
    "chrony_measurements",
    "chrony_statistics",
    "chrony_tracking",
    "cluster",
    "cyclictest",
    "fping",
    "gctrace",
    "ghz",
    "hdr_log",
    "hgrm",
    "jaeger",
    "jvm",
    "jvm_legacy",
    "matrix",
    "mtr",
    "ntp_loopstats",
    "ntp_peerstats",
    "otlp",
    "pcap",
    "ping",
    "prometheus",
    "prometheus_api",
    "ptp4l",
    "read",
    "table",
    "upptime",
]
