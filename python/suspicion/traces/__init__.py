"""Traces: what people really have, read from files.

`read` recognises the format; there is a function for each, too. All take a path or bytes, plain or
compressed by gzip or zstd, and stream it. What they return has a `source` that says what became of
every line.
"""

from .clock_offsets import ClockOffsets
from .delays import Delays
from .events import Events
from .histogram import Histogram, Histograms
from .network import ping
from .pause_log import PauseLog
from .prometheus import prometheus
from .read import FORMATS, read
from .source import Fault, Source

__all__ = [
    "FORMATS",
    "ClockOffsets",
    "Delays",
    "Events",
    "Fault",
    "Histogram",
    "Histograms",
    "PauseLog",
    "Source",
    "ping",
    "prometheus",
    "read",
]
