"""Files of any known format."""

from __future__ import annotations

import os
from typing import Any, TypeAlias, TypeVar

import numpy as np

from .. import _core
from ..arguments import choice, finite, flag, refuse, whole
from ..heartbeat.stamps import UNITS
from ..progress import Progress, reporter
from .capture import Capture
from .clock_offsets import ClockOffsets
from .delays import Delays
from .events import Events
from .histogram import Histogram
from .histograms import Histograms
from .pause_log import PauseLog
from .record import Columns, Names
from .source import Fault, Source

Origin: TypeAlias = str | os.PathLike[str] | bytes
"""A path, or the contents of a file."""

Trace: TypeAlias = Delays | Capture | PauseLog | Histograms | ClockOffsets | Events
"""What a file may hold."""

Kind = TypeVar("Kind", Delays, Capture, PauseLog, Histograms, ClockOffsets, Events)

FORMATS = (*_core.trace_formats(), "prometheus")
"""Names of the formats that `read` knows."""

LARGEST_PIPE = 1 << 30
"""No more bytes than this are taken from a pipe, which has to be held in memory."""

HEAD = 1 << 16
"""So many bytes are looked at to recognise a format."""


def read(
    source: Origin,
    *,
    format: str | None = None,
    strict: bool = False,
    port: int | None = None,
    unit: str | None = None,
    progress: Progress = None,
) -> Trace:
    r"""Read a file of any known format.

    Parameters
    ----------
    source : path or bytes
        A file, plain or compressed by gzip or zstd, of any size; or the contents of one.
    format : str, optional
        Name of the format; found out by the first lines without it.
    strict : bool
        Whether to stop at the first line that is not understood. Without it such lines are counted,
        by reason, in ``source.faults`` of what is returned.
    port : int, optional
        Port of the service whose packets are looked for in a capture; the busiest without it.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of the figures in files that do not name theirs: percentile tables, metrics.
    progress : bool or callable, optional
        A bar, or what to call with the lines read.

    Returns
    -------
    Delays, Capture, PauseLog, Histograms, ClockOffsets or Events
        With `source`: the file, the unit it uses, and what became of every line.

    Raises
    ------
    ValueError
        If no format is recognised, nothing is found, or `strict` and a line is not understood; the text
        names file, line and column.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.traces.read(b"PING h (10.0.0.2)\n64 bytes from h: icmp_seq=1 ttl=64 time=0.5 ms\n").source.format
    'ping'
    """
    if format is not None:
        choice("format", format, FORMATS)
    if port is not None:
        whole("port", port, least=1, most=65535)
    if unit is not None:
        choice("unit", unit, tuple(UNITS))
    place = where(source)
    if format is None and _is_metrics(place):
        format = "prometheus"
    if format == "prometheus":
        from .prometheus import prometheus

        return prometheus(source, unit=unit, strict=strict)
    with reporter(progress, 1) as tell:
        found = _core.read_trace(place, format, flag("strict", strict), port, unit, tell)
    return _wrapped(found, "bytes" if isinstance(source, bytes) else str(place))


def where(source: Origin) -> str | bytes:
    """Return what the core reads: a path as text, or bytes."""
    if not isinstance(source, (str, os.PathLike, bytes)):
        raise refuse("source", source, "a path, or bytes", TypeError)
    place = source if isinstance(source, bytes) else os.fspath(source)
    if isinstance(place, str) and "\0" in place:
        raise refuse("source", place, "a path")
    if isinstance(place, str) and os.path.exists(place) and not _can_be_opened_again(place):  # noqa: PTH110
        with open(place, "rb") as pipe:  # noqa: PTH123
            return pipe.read(LARGEST_PIPE)
    return place


def _can_be_opened_again(path: str) -> bool:
    """Return whether the beginning of what is read stays there; of a pipe it does not."""
    return os.path.isfile(path) or os.path.isdir(path)  # noqa: PTH112, PTH113


def _is_metrics(place: str | bytes) -> bool:
    from .prometheus import looks_so

    return looks_so(_core.unpacked(place, HEAD, True))


def read_as(kind: type[Kind], source: Origin, format: str, **how: Any) -> Kind:
    """Read a file of a format that gives one kind of trace."""
    found = read(source, format=format, **how)
    assert isinstance(found, kind), found
    return found


def _wrapped(found: _core.Trace, path: str) -> Trace:
    lines, records, passed_over = found.lines()
    source = Source(
        path=path,
        format=found.format(),
        unit=found.unit(),
        clock=found.clock(),
        compression=found.compression(),
        lines=lines,
        records=records,
        passed_over=passed_over,
        faults=tuple(Fault(*fault) for fault in found.faults()),
        notes=found.notes(),
    )
    tables = {name: _columns(table) for name, table in found.tables().items()}
    if found.kind() == "histograms":
        return Histograms(
            tables["intervals"],
            source,
            _histograms=_histograms(tables["series"], tables["buckets"], source),
        )
    if found.kind() == "pauses":
        return PauseLog(tables["rows"], source, _covered=found.covered())
    if found.kind() == "delays":
        return Delays(tables["rows"], source, _lost=found.lost())
    kinds: tuple[type[Capture | ClockOffsets | Events], ...]
    kinds = (Capture, ClockOffsets, Events)
    kind = next(kind for kind in kinds if kind._kind == found.kind())
    return kind(tables["rows"], source)


def _columns(table: Any) -> Columns:
    return Columns(
        {
            name: Names(*column) if isinstance(column, tuple) else column
            for name, column in table.items()
        }
    )


def _histograms(series: Any, buckets: Any, source: Source) -> dict[str, Histogram]:
    result = {}
    names = series["name"].tolist()
    finite("counts", buckets["count"])
    ends = np.searchsorted(buckets["histogram"], np.arange(len(names) + 1)).tolist()
    known = [_known(series[fact]) for fact in ("sum", "least", "greatest")]
    for name, start, end, *facts in zip(names, ends, ends[1:], *known, strict=False):
        parts = [buckets[part][start:end].copy() for part in ("lower", "upper", "count")]
        # A tag all of whose intervals are empty has nothing to tell.
        if parts[2].any():
            result[name] = Histogram._read(parts, facts, name, source)
    return result


def _known(column: Any) -> list[float | None]:
    return [None if fact != fact else fact for fact in column.tolist()]
