"""Delays in tables: a column a target, or a matrix of places."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import choice, flag, harmless, refuse, shown
from ..heartbeat.stamps import DIGITS, MISSING, UNITS
from .delays import Delays
from .read import Origin, where
from .source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 256 << 20
"""A matrix is no larger than this many bytes."""


def table(
    source: Origin, *, unit: str, leave_out: Sequence[str] = (), strict: bool = False
) -> Delays:
    r"""Read a text table with a column of delays for each target and a row for each time.

    Parameters
    ----------
    source : path or bytes
        A table separated by commas, semicolons, tabs or blanks, with the targets in its first line; maybe
        compressed. A blank field is a delay that is not known.
    unit : {"s", "ms", "us", "ns"}
        Unit of the delays.
    leave_out : sequence of str
        Names of columns that are no delays, such as the number of the row.
    strict : bool
        Whether to stop at the first row that cannot be read.

    Returns
    -------
    Delays
        Target by target; the number of each is that of its row.

    Examples
    --------
    >>> import suspicion as sus
    >>> delays = sus.traces.table(b"slice,a->b,b->a\n1,0.17,0.12\n2,0.18,\n", unit="s", leave_out=["slice"])
    >>> delays.only("a->b").delays, delays.lost
    (array([0.17, 0.18]), 1)
    """
    choice("unit", unit, tuple(UNITS))
    place, skip = where(source), not flag("strict", strict)
    known = isinstance(leave_out, Sequence) and not isinstance(leave_out, (str, bytes))
    if not known or not all(isinstance(name, str) for name in leave_out):
        raise refuse("leave_out", leave_out, "a sequence of names of columns", TypeError)
    names = _core.column_names(place)
    unknown = [name for name in leave_out if name not in names]
    if unknown:
        raise refuse("leave_out", unknown[0], f"one of the columns {shown(names)}")
    targets = [name for name in names if name not in leave_out]
    twice = sorted({name for name in targets if targets.count(name) > 1})
    if twice:
        raise ValueError(f"{_called(source)}: the column {shown(twice[0])} is there twice")
    if not targets:
        raise refuse("leave_out", leave_out, "at least one column that is left")
    wanted = [(name, name, DIGITS[unit], True, False) for name in targets]
    columns, unreadable = _core.read_columns(place, wanted, skip)
    rows = len(columns[0])
    if not rows:
        raise ValueError(f"{_called(source)}: no row can be read, of {unreadable} there are")
    for name, column in zip(targets, columns, strict=True):
        if np.any((column < 0) & (column != MISSING)):
            raise ValueError(f"{_called(source)}: {shown(name)} has delays below zero")
    found: dict[str, NDArray[Any]] = {
        "number": np.tile(np.arange(rows), len(targets)),
        "sent": np.full(rows * len(targets), MISSING),
        "delay": np.concatenate(columns),
        "target": np.repeat(
            np.array([harmless(name)[:200] for name in targets], dtype=np.str_), rows
        ),
    }
    found["outcome"] = np.where(found["delay"] == MISSING, "missing", "ok")
    report = Source(
        path=_called(source),
        format="table",
        unit=unit,
        clock="none",
        lines=rows + unreadable + 1,
        records=rows,
        passed_over=1,
        notes={"rows that cannot be read": unreadable} if unreadable else {},
    )
    return Delays(found, report)


def matrix(source: Origin, *, unit: str = "ms") -> dict[tuple[str, str], float]:
    """Read a matrix of delays between places, in JSON: an object of objects, maybe within ``data``.

    Such a matrix has one figure for a pair, a median or another quantile. It says nothing of the tail.

    Parameters
    ----------
    source : path or bytes
        The JSON, maybe compressed.
    unit : {"s", "ms", "us", "ns"}
        Unit of the figures.

    Returns
    -------
    dict
        Seconds by origin and destination.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.traces.matrix(b'{"data": {"a": {"a": 0.5, "b": 70}, "b": {"a": 71, "b": 0.5}}}')["a", "b"]
    0.07
    """
    size = UNITS[choice("unit", unit, tuple(UNITS))] / 1e9
    place = where(source)
    called = _called(source)
    try:
        found = json.loads(_core.unpacked(place, LARGEST), parse_int=float)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{called}: no JSON: {shown(str(error))[1:-1]}") from None
    if isinstance(found, Mapping) and isinstance(found.get("data"), Mapping):
        found = found["data"]
    result = {}
    for origin, destination, value in _cells(found, called):
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not 0 <= value < np.inf
        ):
            pair = f"{harmless(origin)[:200]} to {harmless(destination)[:200]}"
            raise ValueError(f"{called}: {pair}: {shown(value)}, expected a delay of zero or more")
        result[harmless(origin)[:200], harmless(destination)[:200]] = float(value) * size
    return result


def _cells(found: object, called: str) -> Iterator[tuple[str, str, Any]]:
    if not isinstance(found, Mapping) or not all(
        isinstance(row, Mapping) for row in found.values()
    ):
        raise ValueError(f"{called}: no matrix: expected an object of objects of delays")
    for origin, row in found.items():
        for destination, value in row.items():
            yield origin, destination, value


def _called(source: Origin) -> str:
    return "bytes" if isinstance(source, bytes) else shown(os.fspath(source))[1:-1]
