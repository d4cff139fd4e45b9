"""Moments and causes as callers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arguments import Floats, durations, refuse, seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

CENTURY = 3.2e9
"""Seconds that a timeline may last."""


def begin_of(begin: object) -> float:
    """Return a moment that something may begin at, in seconds."""
    found = seconds("begin", begin)
    if found > CENTURY:
        raise refuse("begin", begin, "a moment within a century")
    return found


def between(begin: object, end: object, *, empty: bool = True) -> tuple[float, float]:
    """Return two moments of which the second is not before the first, or after it where nothing may be empty."""
    first, last = begin_of(begin), seconds("end", end)
    if not (last >= first if empty else last > first):
        after = "not before" if empty else "after"
        raise refuse("end", end, f"a moment {after} begin = {first:g}")
    return first, last


def moments_of(name: str, value: object) -> Floats:
    """Return one moment or several as an array of seconds."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return durations(name, value)
    return np.array([seconds(name, value)])


def names_of(causes: object, count: int) -> NDArray[np.str_]:
    """Return a cause for each of so many pauses."""
    try:
        found = np.asarray(causes)
    except ValueError:
        raise refuse("causes", causes, "a name for each pause", TypeError) from None
    if found.ndim != 1 or (found.size and found.dtype.kind != "U"):
        raise refuse("causes", causes, "a name for each pause", TypeError)
    if len(found) != count:
        raise refuse("causes", causes, f"as many names as there are starts, {count}")
    return found.astype(np.str_)
