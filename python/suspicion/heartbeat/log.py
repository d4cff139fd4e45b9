"""Heartbeats from files and data frames."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from .. import _core
from ..arguments import Duration, choice, instance, refuse, shown
from ..pause import Timeline
from .arrivals import Arrivals
from .stamps import DIGITS, MISSING, UNITS, numbers, stamps

if TYPE_CHECKING:
    from pathlib import Path

    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

Path_: TypeAlias = str | os.PathLike[str]
Integers: TypeAlias = "NDArray[np.int64]"


def read_heartbeats(
    source: Path_ | Mapping[str, Any] | IntoFrame,
    *,
    received: str,
    sent: str | None = None,
    number: str | None = None,
    unit: str | None = None,
    every: Duration | None = None,
    shared_clock: bool = False,
    monitor_pauses: Timeline | None = None,
    on_error: Literal["raise", "skip"] = "raise",
) -> Arrivals:
    """Read heartbeats from a file or a data frame.

    Parameters
    ----------
    source : path, data frame or mapping of columns
        A text file with one row a heartbeat and a header, separated by commas, semicolons, tabs or
        blanks, in UTF-8, maybe compressed by gzip or zstd; a Parquet file (with pandas, polars or pyarrow installed); any data
        frame that narwhals knows; or a mapping of names to arrays.
    received : str
        Name of the column that says when each heartbeat was received; empty for one never received.
    sent : str, optional
        Name of the column that says when each was sent.
    number : str, optional
        Name of the column with the number of each; see `Arrivals.from_arrays` for what is done
        without it.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of stamps that are numbers; dates and times need none, and are UTC where they say no zone.
    every : duration, optional
        Time between two heartbeats of the schedule; estimated without it.
    shared_clock : bool
        Whether `sent` was read on the clock that `received` was read on. Without it the quickest
        heartbeat is taken to have come at once, and detection times leave out its delay.
    monitor_pauses : Timeline, optional
        When the monitor itself stood still.
    on_error : {"raise", "skip"}
        What to do about a row of a text file that cannot be read: stop at the first, or leave it out
        and count it in ``census.unreadable``.

    Returns
    -------
    Arrivals
        With everything that was mended or left out counted in its `census`.

    Examples
    --------
    >>> import suspicion as sus
    >>> path = sus.examples.path("urban_n8_v0")
    >>> sus.read_heartbeats(path, sent="sent_ms", received="received_ms", unit="ms", shared_clock=True)
    Arrivals(<69.6 s, one heartbeat every 54.9 ms: 1,207 arrivals, 58 lost>)
    """
    from pathlib import Path

    if unit is not None:
        choice("unit", unit, tuple(UNITS))
    choice("on_error", on_error, ("raise", "skip"))
    names = {"received": received, "sent": sent, "number": number}
    for role, name in names.items():
        if name is not None or role == "received":
            instance(role, name, str, "the name of a column")
    wanted = {role: name for role, name in names.items() if name is not None}
    unreadable = 0
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        if path.suffix in (".parquet", ".pq"):
            columns = _from_frame(_read_parquet(path), wanted, unit, str(path))
        else:
            columns, unreadable = _from_text(path, wanted, unit, skip=on_error == "skip")
    elif isinstance(source, Mapping):
        columns = _from_mapping(source, wanted, unit)
    else:
        columns = _from_frame(source, wanted, unit, "source")
    return Arrivals._from_stamps(
        columns["received"],
        columns.get("sent"),
        columns.get("number"),
        every=every,
        shared_clock=shared_clock,
        monitor_pauses=monitor_pauses,
        unreadable=unreadable,
    )


def _from_mapping(
    source: Mapping[str, Any], wanted: Mapping[str, str], unit: str | None
) -> dict[str, Integers]:
    columns = {}
    for role, name in wanted.items():
        if name not in source:
            raise refuse(role, name, f"one of the columns {shown(list(source))}")
        columns[role] = (
            numbers(role, source[name]) if role == "number" else stamps(role, source[name], unit)
        )
    return columns


def _read_parquet(path: Path) -> Any:
    import narwhals as nw

    from ..frames import BACKENDS

    for backend in BACKENDS:
        try:
            return nw.read_parquet(str(path), backend=backend)
        except ModuleNotFoundError:
            continue
    raise ModuleNotFoundError(f"reading {path} needs {', '.join(BACKENDS[:-1])} or {BACKENDS[-1]}")


def _from_frame(
    source: Any, wanted: Mapping[str, str], unit: str | None, called: str
) -> dict[str, Integers]:
    import narwhals as nw

    try:
        frame = nw.from_native(source)
    except TypeError:
        expected = "a path, a data frame or a mapping of columns"
        raise refuse("source", source, expected, TypeError) from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.select(list(wanted.values())).collect()
    names = frame.columns
    columns = {}
    for role, name in wanted.items():
        if name not in names:
            raise refuse(role, name, f"one of the columns {shown(names)} of {called}")
        series = frame[name]
        if isinstance(series.dtype, nw.Datetime):
            series = series.dt.timestamp("ns")
            columns[role] = _whole(series)
        elif isinstance(series.dtype, nw.Duration):
            columns[role] = _whole(series.dt.total_nanoseconds())
        elif role == "number" or unit is None:
            values = series.to_numpy()
            columns[role] = (
                numbers(role, values) if role == "number" else stamps(role, values, unit)
            )
        elif series.dtype.is_integer() and series.null_count():
            # As floats, missing ones would cost the others their last digits.
            columns[role] = _whole(series, UNITS[unit])
        else:
            columns[role] = stamps(role, series.to_numpy(), unit)
    return columns


def _whole(series: Any, size: int = 1) -> Integers:
    """Return a column of whole numbers times `size`, with what is missing marked."""
    missing = series.is_null().to_numpy()
    values = series.fill_null(0).cast(_int64()).to_numpy()
    result = stamps("stamps", values, "ns") if size == 1 else values * size
    return np.where(missing, MISSING, result)


def _int64() -> Any:
    import narwhals as nw

    return nw.Int64


def _from_text(
    path: Path, wanted: Mapping[str, str], unit: str | None, *, skip: bool
) -> tuple[dict[str, Integers], int]:
    """Return the columns of a text file and the number of rows left out."""
    digits = None if unit is None else DIGITS[unit]
    roles = [
        (role, name, digits, role == "received", role == "number") for role, name in wanted.items()
    ]
    columns, unreadable = _core.read_columns(path, roles, skip)
    return dict(zip(wanted, columns, strict=True)), unreadable
