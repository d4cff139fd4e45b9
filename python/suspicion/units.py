"""Seconds and rates, written for people."""

from __future__ import annotations

import math
import re

from . import _core

_UNITS = (
    (86_400.0, "d"),
    (3_600.0, "h"),
    (60.0, "min"),
    (1.0, "s"),
    (1e-3, "ms"),
    (1e-6, "us"),
    (1e-9, "ns"),
)


def rounded(text: str) -> str:
    """Return text in which numbers with many decimals have four digits, to be read and not computed with."""
    return re.sub(r"\d+\.\d{4,}(e[-+]?\d+)?", lambda found: f"{float(found[0]):.4g}", text)


def show(span: float | None) -> str:
    """Return code for a duration: text with a unit where that is exact, else the number."""
    if span is None or not isinstance(span, float) or not math.isfinite(span) or span <= 0.0:
        return repr(span)
    for size, unit in _UNITS:
        text = f"{span / size:.6g}"
        if span >= size and "e" not in text and _reads_as(text + unit, span):
            return repr(text + unit)
    return repr(span)


def _reads_as(text: str, span: float) -> bool:
    try:
        return _core.parse_duration(text) == span
    except ValueError:
        # Parts of a nanosecond cannot be written.
        return False


def duration(span: float) -> str:
    """Return a span of seconds with three digits and the unit a person would choose."""
    return _core.format_duration(span)


def in_parts(span: float) -> str:
    """Return a span of seconds to the microsecond, as days, hours, minutes and seconds."""
    left, parts = round(span, 6), []
    for size, unit in _UNITS[:3]:
        whole, left = divmod(left, size)
        if whole:
            parts.append(f"{whole:.0f} {unit}")
    left = round(left, 6)
    if left or not parts:
        parts.append(f"{left:.8g} s")
    return " ".join(parts)


def rate(events: float, what: str = "") -> str:
    """Return events per second with three digits, per the time a person would choose."""
    many, per = _core.format_rate(events).split(" ", 1)
    return f"{many} {what} {per}" if what else f"{many} {per}"


def rate_interval(middle: float, low: float, high: float, what: str = "") -> str:
    """Return a rate and its interval; of nothing seen, the upper bound alone."""
    if middle == 0.0:
        return f"fewer than {rate(high, what)}"
    size = _core.parse_rate("1/" + rate(middle).split(" per ")[1])
    return f"{rate(middle, what)} ({low / size:.3g} to {high / size:.3g})"
