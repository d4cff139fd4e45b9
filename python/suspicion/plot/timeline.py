"""Heartbeats, pauses and suspicion around one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arguments import refuse
from ..heartbeat import Arrivals
from ..units import duration
from .axes import PAUSE, SUSPECT, TRUST, axes, linear_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from ..arguments import Floats
    from ..pause import Timeline
    from ..qos.curve import Curve

SENDER, MONITOR, OUTPUT = 2.0, 1.0, 0.35
"""Heights of the three lines, from top to bottom."""

MOST_BEATS = 400
"""More heartbeats than this in one picture are not told apart."""


def draw_timeline(
    curve: Curve, threshold: float, around: float | None, width: float | None, ax: Axes | None
) -> Axes:
    """Draw messages from the sender to the monitor, and below what the detector says."""
    beats = curve._terms.source
    if not isinstance(beats, Arrivals):
        raise ValueError("a timeline needs recorded heartbeats; see Heartbeats.simulate")
    starts, ends = curve.mistakes_at(threshold)
    begin, end = _stretch(beats, starts, ends, around, width)
    ax = axes(ax)
    sent_known = beats.send_times != "unknown"
    _draw_messages(ax, beats, begin, end, sent_known)
    for height, pauses in ((SENDER, beats.sender_pauses), (MONITOR, beats.monitor_pauses)):
        _draw_pauses(ax, pauses, begin, end, height)
    ax.broken_barh([(begin, end - begin)], (OUTPUT - 0.12, 0.24), color=TRUST, alpha=0.5)
    wrong = [
        (max(start, begin), min(stop, end) - max(start, begin))
        for start, stop in zip(starts, ends, strict=True)
        if stop > begin and start < end
    ]
    ax.broken_barh(wrong, (OUTPUT - 0.12, 0.24), color=SUSPECT)
    ax.set_xlim(begin, end)
    _label(ax, curve, threshold, sent_known)
    return ax


def _stretch(
    beats: Arrivals, starts: Floats, ends: Floats, around: float | None, width: float | None
) -> tuple[float, float]:
    """Return the time to draw: where nothing is asked for, around the longest mistake."""
    longest = int(np.argmax(ends - starts)) if len(starts) else None
    span = 20.0 * beats.every
    if around is None and longest is not None:
        around = float(starts[longest] + ends[longest]) / 2.0
        span = max(2.0 * float(ends[longest] - starts[longest]), 12.0 * beats.every)
    middle = float(beats.received[0]) if around is None else around
    if width is not None:
        span = width
    if not span > 0.0:
        raise refuse("width", width, "a time above zero")
    while (many := int(np.sum(_within(beats, middle - span / 2, middle + span / 2)))) > MOST_BEATS:
        if width is not None:
            raise refuse("width", width, f"a time with at most {MOST_BEATS} heartbeats, not {many}")
        span /= 2.0
    if middle + span / 2 < beats.received[0] or middle - span / 2 > beats.received[-1]:
        last = duration(float(beats.received[-1]))
        raise refuse("around", middle, f"a moment of the log, which ends at {last}")
    return middle - span / 2, middle + span / 2


def _within(beats: Arrivals, begin: float, end: float) -> NDArray[np.bool_]:
    return (beats.received >= begin) & (beats.sent <= end)


def _draw_messages(ax: Axes, beats: Arrivals, begin: float, end: float, sent_known: bool) -> None:
    shown = _within(beats, begin, end)
    received, sent = beats.received[shown], beats.sent[shown]
    if sent_known:
        ends = np.column_stack([sent, received])
        ax.plot(
            ends.T,
            np.tile([[SENDER], [MONITOR]], len(sent)),
            color="#34495e",
            linewidth=0.8,
            alpha=0.7,
        )
        ax.plot(sent, np.full(len(sent), SENDER), "|", color="#34495e", markersize=9)
        _draw_lost(ax, beats, begin, end)
    ax.plot(received, np.full(len(received), MONITOR), "|", color="#34495e", markersize=9)


def _draw_lost(ax: Axes, beats: Arrivals, begin: float, end: float) -> None:
    """Draw a stub for each heartbeat that is missing between two that were received."""
    order = np.argsort(beats.number, kind="stable")
    number, sent = beats.number[order], beats.sent[order]
    steps = np.diff(number)
    for place in np.flatnonzero((steps > 1) & (sent[1:] >= begin) & (sent[:-1] <= end)):
        missing = np.arange(1, steps[place]) / steps[place]
        moments = sent[place] + missing * (sent[place + 1] - sent[place])
        moments = moments[(moments >= begin) & (moments <= end)]
        ax.plot(moments, np.full(len(moments), SENDER - 0.12), "x", color=SUSPECT, markersize=6)


def _draw_pauses(ax: Axes, pauses: Timeline, begin: float, end: float, height: float) -> None:
    starts: Floats = pauses.starts
    shown = (starts < end) & (starts + pauses.lasting > begin)
    spans = list(zip(starts[shown], pauses.lasting[shown], strict=True))
    ax.broken_barh(spans, (height - 0.1, 0.2), color=PAUSE, zorder=0)


def _label(ax: Axes, curve: Curve, threshold: float, sent_known: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    lanes = [(MONITOR, "received"), (OUTPUT, "detector")]
    if sent_known:
        lanes.insert(0, (SENDER, "sent"))
    ax.set_yticks([height for height, _ in lanes], [name for _, name in lanes])
    ax.set_ylim(0.0, (SENDER if sent_known else MONITOR) + 0.3)
    linear_durations(ax.xaxis)
    ax.set_xlabel("time since the start of the log")
    name = curve.detector.threshold_name
    shown = duration(threshold) if curve.detector.threshold_is_time else f"{threshold:.4g}"
    ax.set_title(f"{curve.name} with a {name} of {shown}")
    keys: list[Patch | Line2D] = [
        Patch(color=TRUST, alpha=0.5, label="trusts"),
        Patch(color=SUSPECT, label="suspects"),
    ]
    source = curve._terms.source
    assert isinstance(source, Arrivals)
    if len(source.sender_pauses) or len(source.monitor_pauses):
        keys.append(Patch(color=PAUSE, label="paused"))
    if sent_known and source.census.lost:
        keys.append(Line2D([], [], color=SUSPECT, marker="x", linestyle="", label="lost"))
    ax.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=4, frameon=False)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0)
