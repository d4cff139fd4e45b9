"""Columns of stamps and numbers, as whole nanoseconds and whole numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ..arguments import refuse

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

UNITS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
"""Nanoseconds in each unit."""

DIGITS = {"s": 9, "ms": 6, "us": 3, "ns": 0}
"""Decimal places from each unit to a nanosecond."""

MISSING = np.iinfo(np.int64).min
"""Stands where a row has no value; what NaT is, too."""

FARTHEST = 2**62
"""No stamp is this many nanoseconds from its epoch, which is 146 years."""


def stamps(name: str, value: ArrayLike, unit: str | None) -> NDArray[np.int64]:
    """Return stamps in nanoseconds, exactly where they are whole numbers or datetimes."""
    found = _column(name, _dates(name, value))
    if found.dtype.kind in "mM":
        if found.dtype.str[4:] in ("", "[Y]", "[M]"):
            raise refuse(name, value, "datetimes or numbers")
        to = "datetime64[ns]" if found.dtype.kind == "M" else "timedelta64[ns]"
        return found.astype(to).astype(np.int64)
    if unit is None:
        raise refuse(
            "unit", unit, f"the unit of the numbers in {name}: " + ", ".join(map(repr, UNITS))
        )
    size = UNITS[unit]
    if found.dtype.kind in "iu":
        if (
            found.size
            and not -FARTHEST // size <= int(found.min()) <= int(found.max()) <= FARTHEST // size
        ):
            raise refuse(name, value, f"stamps in {unit} within 146 years of their epoch")
        return np.ascontiguousarray(found.astype(np.int64) * size)
    return _from_floats(name, found.astype(np.float64), size)


def _from_floats(name: str, found: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    known = ~np.isnan(found)
    if not np.all(np.abs(found[known]) <= FARTHEST / size):
        raise refuse(name, found, "finite stamps within 146 years of their epoch")
    # The origin is taken off before the scaling, lest an epoch eat the digits.
    origin = np.floor(found[known].min()) if known.any() else 0.0
    result = np.full(found.shape, MISSING, dtype=np.int64)
    result[known] = np.rint((found[known] - origin) * size).astype(np.int64) + int(origin) * size
    return result


def numbers(name: str, value: ArrayLike) -> NDArray[np.int64]:
    """Return heartbeat numbers; nan for a missing one."""
    found = _column(name, value)
    if found.dtype.kind in "iu":
        if found.size and int(found.max()) > np.iinfo(np.int64).max:
            raise refuse(name, value, "numbers that fit into 64 bits")
        return np.ascontiguousarray(found.astype(np.int64))
    if found.dtype.kind != "f":
        raise refuse(name, value, "whole numbers", TypeError)
    known = ~np.isnan(found)
    if not np.all((np.abs(found[known]) < 2**53) & (found[known] == np.rint(found[known]))):
        raise refuse(name, value, "whole numbers")
    result = np.full(found.shape, MISSING, dtype=np.int64)
    result[known] = found[known].astype(np.int64)
    return result


def _column(name: str, value: ArrayLike) -> NDArray[np.generic]:
    if isinstance(value, np.ma.MaskedArray):
        raise refuse(name, value, "an array without a mask", TypeError)
    if isinstance(value, (str, bytes)):
        raise refuse(name, value, "a sequence of stamps", TypeError)
    try:
        found = np.asarray(value)
    except (ValueError, OverflowError):
        raise refuse(name, value, "a sequence of stamps") from None
    if found.dtype.kind not in "iufmM":
        raise refuse(name, value, "a sequence of stamps", TypeError)
    if found.ndim != 1:
        raise refuse(name, value, "a sequence of stamps, with one axis")
    return found.astype(found.dtype.newbyteorder("="), copy=False)


def _dates(name: str, value: ArrayLike) -> ArrayLike:
    """Return dates and times, as text or as objects, as an array of datetimes; all else as it is."""
    import datetime

    items = value.tolist() if isinstance(value, np.ndarray) and value.dtype.kind in "OU" else value
    if not isinstance(items, list) or not items:
        return value
    if not all(item is None or isinstance(item, (str, datetime.datetime)) for item in items):
        return value
    instants = np.full(len(items), MISSING)
    for index, item in enumerate(items):
        if item is not None:
            try:
                instants[index] = instant(str(item))
            except (ValueError, OverflowError):
                raise refuse(f"{name}[{index}]", item, "a date and time", TypeError) from None
    return instants.view("datetime64[ns]")


def instant(text: str) -> int:
    """Return an ISO date and time in nanoseconds since 1970, in UTC where it says no zone."""
    # NumPy reads nanoseconds, which datetime does not, but no zones.
    match = re.fullmatch(r"(.*\d)\s*(?:Z|([+-])(\d\d):?(\d\d))", text)
    bare, sign, hours, minutes = match.groups() if match else (text, None, "0", "0")
    if sign and ":" not in bare:
        # A date with nothing behind it but its day is no zone.
        bare, sign = text, None
    found = np.datetime64(bare.replace(",", "."), "ns")
    if np.isnat(found):
        raise ValueError(text)
    ahead = (int(hours) * 60 + int(minutes)) * 60 * 10**9 if sign else 0
    return int(found.astype(np.int64)) + (ahead if sign == "-" else -ahead)
