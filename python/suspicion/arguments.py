"""What callers may pass: checked once, at the border, and named in every refusal."""

from __future__ import annotations

import datetime
import math
import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from . import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Number = TypeVar("Number", bound="np.generic")

Duration: TypeAlias = float | str | datetime.timedelta | np.timedelta64
"""A span of time: a number of seconds, text with a unit (``"150ms"``, ``"1h30m"``) or a timedelta."""

Rate: TypeAlias = float | str
"""Events per time: a number per second, or text (``"1/day"``, ``"1/30d"``)."""

# Written as text: `numpy.typing` takes longer to import than all of this package.
Floats: TypeAlias = "np.typing.NDArray[np.float64]"

A_DURATION = "a duration: text with a unit such as '150ms', a number of seconds, or a timedelta"
A_RATE = "a rate: a number per second, or text such as '1/day'"


def refuse(
    name: str, value: object, expected: str, error: type[Exception] = ValueError
) -> Exception:
    """Return the error that says which argument is wrong, and how."""
    return error(f"{name} = {shown(value)}, expected {expected}")


def shown(value: object) -> str:
    """Return the value as a short line without control characters."""
    if isinstance(value, np.ndarray):
        text = f"an array of {value.dtype} with shape {value.shape}"
    else:
        try:
            text = str(value) if isinstance(value, float) else repr(value)
        except ValueError:
            # Python refuses to write out whole numbers of thousands of digits.
            text = f"a {type(value).__name__} too long to show"
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= 80 else text[:77] + "..."


def harmless(text: str) -> str:
    """Return text from elsewhere with everything escaped that a terminal or a page would obey."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def number(name: str, value: object) -> float:
    """Return a real number as a float; whether it lies in its domain is the core's to say."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise refuse(name, value, "a number", TypeError)
    try:
        return float(value)
    except OverflowError:
        raise refuse(name, value, "a number below 1.8e308") from None


def whole(name: str, value: object, *, least: int = 0, most: int = 2**62) -> int:
    """Return a whole number between two bounds."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        raise refuse(name, value, "a whole number", TypeError)
    found = int(value)
    if found < least:
        raise refuse(name, value, f"a whole number of {least} or more")
    if found > most:
        raise refuse(name, value, f"a whole number up to {most}")
    return found


def flag(name: str, value: object) -> bool:
    """Return a truth value."""
    if not isinstance(value, (bool, np.bool_)):
        raise refuse(name, value, "True or False", TypeError)
    return bool(value)


def choice(name: str, value: object, options: Sequence[str]) -> str:
    """Return one of several words."""
    expected = ", ".join(map(repr, options[:-1])) + f" or {options[-1]!r}"
    if not isinstance(value, str):
        raise refuse(name, value, expected, TypeError)
    if value not in options:
        raise refuse(name, value, expected)
    return value


def instance(name: str, value: object, kind: type | tuple[type, ...], expected: str) -> Any:
    """Return an object of the right kind."""
    if not isinstance(value, kind):
        raise refuse(name, value, expected, TypeError)
    return value


def seconds(name: str, value: object) -> float:
    """Return a duration in seconds."""
    if isinstance(value, str):
        try:
            return _core.parse_duration(value)
        except ValueError:
            raise refuse(name, value, A_DURATION) from None
    if isinstance(value, datetime.timedelta):
        span = value.total_seconds()
    elif isinstance(value, np.timedelta64):
        span = _timedelta(name, value)
    elif isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise refuse(name, value, A_DURATION, TypeError)
    else:
        span = number(name, value)
    if not math.isfinite(span):
        raise refuse(name, value, "a finite duration")
    return span


def positive(name: str, value: object) -> float:
    """Return a duration above zero in seconds."""
    span = seconds(name, value)
    if span <= 0.0:
        raise refuse(name, value, "a duration above zero")
    return span


def positive_number(name: str, value: object) -> float:
    """Return a finite number above zero."""
    found = number(name, value)
    if not 0.0 < found < math.inf:
        raise refuse(name, value, "a number above zero")
    return found


def optional_seconds(name: str, value: object) -> float | None:
    """Return a duration in seconds, or none."""
    return None if value is None else seconds(name, value)


def _timedelta(name: str, value: np.timedelta64) -> float:
    if np.isnat(value) or np.datetime_data(value.dtype)[0] in ("generic", "Y", "M"):
        raise refuse(name, value, A_DURATION)
    return float(value / np.timedelta64(1, "s"))


def rate(name: str, value: object) -> float:
    """Return a rate in events per second."""
    if isinstance(value, str):
        try:
            return _core.parse_rate(value)
        except ValueError:
            raise refuse(name, value, A_RATE) from None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise refuse(name, value, A_RATE, TypeError)
    found = number(name, value)
    if not 0.0 <= found < math.inf:
        raise refuse(name, value, A_RATE)
    return found


def array(name: str, value: ArrayLike) -> Floats:
    """Return numbers of any shape as contiguous native floats.

    Masked arrays are refused, for what is masked would come through, and so are objects, text,
    truth values and complex numbers.
    """
    if isinstance(value, np.ma.MaskedArray):
        raise refuse(name, value, "an array without a mask", TypeError)
    try:
        found = np.asarray(value)
    except (ValueError, OverflowError):
        raise refuse(name, value, "an array of numbers") from None
    if found.dtype.kind not in "iuf":
        if found.dtype.kind == "O" and found.size and all(map(_is_number, found.flat)):
            raise refuse(name, value, "numbers that fit into 64 bits")
        raise refuse(name, value, "an array of numbers", TypeError)
    # `ascontiguousarray` would make a scalar one-dimensional.
    return np.asarray(found, dtype=np.float64, order="C")


def _is_number(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def vector(name: str, value: ArrayLike) -> Floats:
    """Return a sequence of numbers as a contiguous native array with one axis."""
    found = array(name, value)
    if found.ndim != 1:
        raise refuse(name, value, "a sequence, with one axis")
    return found


def durations(name: str, value: object) -> Floats:
    """Return a sequence of durations in seconds."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "m":
        unit = np.datetime_data(value.dtype)[0]
        if value.ndim != 1 or np.isnat(value).any() or unit in ("generic", "Y", "M"):
            raise refuse(name, value, "a sequence of durations")
        return np.ascontiguousarray(value / np.timedelta64(1, "s"), dtype=np.float64)
    if isinstance(value, (str, bytes)):
        raise refuse(name, value, "a sequence of durations", TypeError)
    if isinstance(value, Sequence) and not all(map(_is_number, value)):
        return np.array([seconds(f"{name}[{i}]", span) for i, span in enumerate(value)])
    return finite(name, vector(name, value))  # type: ignore[arg-type]


def finite(name: str, values: Floats) -> Floats:
    """Return numbers all of which are finite."""
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise refuse(f"{name}[{bad[0]}]", float(values.flat[bad[0]]), "a finite number")
    return values


def known(name: str, value: ArrayLike) -> Floats:
    """Return numbers of any shape none of which is nan."""
    values = array(name, value)
    missing = np.flatnonzero(np.isnan(values))
    if missing.size:
        if values.ndim > 1:
            raise refuse(name, value, "numbers, none of them nan")
        raise refuse(f"{name}[{missing[0]}]" if values.ndim else name, math.nan, "a number")
    return values


def frozen(column: NDArray[Number]) -> NDArray[Number]:
    """Return a column that nobody can write to, which is what results are made of."""
    column.flags.writeable = False
    return column


def level(value: object) -> float:
    """Return a confidence level."""
    found = number("confidence_level", value)
    if not 0.0 < found < 1.0:
        raise refuse("confidence_level", value, "a number strictly between 0 and 1")
    return found
