"""A monitor written plainly: pure Python, one detector, one threshold, one heartbeat after the other.

Nothing of the package is used here: detectors keep all heartbeats and compute from scratch in fractions.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction

Beat = tuple[int, int, int]
"""Received and sent, in milliseconds, and number."""

Rule = Callable[[Sequence[Beat]], tuple[float, float]]
"""From the accepted heartbeats to (seconds after the last at threshold 0, seconds per threshold)."""

EVERY = 100
"""Milliseconds between heartbeats."""


def fixed(beats: Sequence[Beat]) -> tuple[float, float]:
    return 0.0, 1.0


def expected_arrival(beats: Sequence[Beat], window: int) -> Fraction:
    """Return Chen's expected arrival of the next heartbeat, in milliseconds."""
    last = beats[-window:]
    late = sum(Fraction(received - EVERY * number) for received, _, number in last) / len(last)
    return late + EVERY * (beats[-1][2] + 1)


def chen(window: int) -> Rule:
    return lambda beats: (float(expected_arrival(beats, window) - beats[-1][0]) / 1e3, 1.0)


def chen_synchronized(beats: Sequence[Beat]) -> tuple[float, float]:
    return (beats[-1][1] + EVERY - beats[-1][0]) / 1e3, 1.0


def two_window(short: int, long: int) -> Rule:
    def rule(beats: Sequence[Beat]) -> tuple[float, float]:
        later = max(expected_arrival(beats, short), expected_arrival(beats, long))
        return float(later - beats[-1][0]) / 1e3, 1.0

    return rule


def bertier(window: int, beta: float, gamma: float) -> Rule:
    def rule(beats: Sequence[Beat]) -> tuple[float, float]:
        delay = var = 0.0
        for k in range(1, len(beats)):
            expected = float(expected_arrival(beats[:k], window))
            error = beats[k][0] - expected - delay
            delay += gamma * error
            var += gamma * (abs(error) - var)
        expected = float(expected_arrival(beats, window) - beats[-1][0])
        return (expected + beta * delay) / 1e3, var / 1e3

    return rule


def gaps(beats: Sequence[Beat]) -> list[int]:
    return [b[0] - a[0] for a, b in itertools.pairwise(beats)]


def phi(window: int, min_std: float) -> Rule:
    def rule(beats: Sequence[Beat]) -> tuple[float, float]:
        last = gaps(beats)[-window:]
        if len(last) < 2:
            return math.inf, 1.0
        exact = [Fraction(gap) for gap in last]
        deviation = math.sqrt(statistics.pvariance(exact)) / 1e3
        return float(statistics.mean(exact)) / 1e3, max(deviation, min_std)

    return rule


def exponential(window: int, initial: int | None, longest: float) -> Rule:
    def rule(beats: Sequence[Beat]) -> tuple[float, float]:
        kept = ([] if initial is None else [initial]) + [g for g in gaps(beats) if g <= longest]
        if not kept:
            return math.inf, 1.0
        return 0.0, statistics.fmean(kept[-window:]) / 1e3

    return rule


def mistakes(
    beats: Sequence[Beat], rule: Rule, h: float, *, newest_only: bool, warm_up: int
) -> list[tuple[float, float]]:
    """Return when each mistake began and ended, in seconds, at inner threshold `h`."""
    accepted: list[Beat] = []
    newest = -math.inf
    suspected_since: float | None = None
    found = []
    for index, beat in enumerate(beats):
        if newest_only and beat[2] <= newest:
            continue
        newest = max(newest, beat[2])
        now = beat[0] / 1e3
        if index >= warm_up:
            since = accepted[-1][0] / 1e3
            offset, scale = rule(accepted)
            late = (beat[0] - accepted[-1][0]) / 1e3 - offset
            if suspected_since is None and above(late, scale, h):
                suspected_since = max(since, since + offset + scale * h)
        accepted.append(beat)
        if index >= warm_up and suspected_since is not None:
            offset, scale = rule(accepted)
            if not (above(-offset, scale, h) or level(-offset, scale) == h):
                found.append((suspected_since, now))
                suspected_since = None
    end, since = beats[-1][0], accepted[-1][0]
    offset, scale = rule(accepted)
    if suspected_since is None and above((end - since) / 1e3 - offset, scale, h):
        suspected_since = max(since / 1e3, since / 1e3 + offset + scale * h)
    if suspected_since is not None:
        found.append((suspected_since, end / 1e3))
    return found


def level(late: float, scale: float) -> float:
    if scale == 0.0:
        return math.inf if late > 0.0 else -math.inf
    return late / scale


def above(late: float, scale: float, h: float) -> bool:
    return level(late, scale) > h
