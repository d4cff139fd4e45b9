"""How the core talks to a detector that is written in Python."""

from __future__ import annotations

import copy
import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from ..arguments import Floats, refuse, shown


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One heartbeat as a detector sees it.

    Times are in seconds since the first arrival of a log, or since the start of a model.
    """

    received: float
    """When it was received."""
    sent: float
    """When it was sent; when it was received where the log does not say."""
    number: int
    """Its place in the schedule."""


def made(factory: Callable[[], Any]) -> Any:
    """Return a new detector with the methods that one needs."""
    detector = factory()
    if not callable(getattr(detector, "observe", None)):
        expected = f"what makes an object with a method observe(heartbeat), not {shown(detector)}"
        raise refuse("factory", factory, expected, TypeError)
    if hasattr(detector, "suspicion") and not callable(detector.suspicion):
        expected = (
            f"what makes an object whose suspicion is a method, not {shown(detector.suspicion)}"
        )
        raise refuse("factory", factory, expected, TypeError)
    return detector


@dataclass(frozen=True)
class Rule:
    """What the core asks for a detector that has seen nothing."""

    factory: Callable[[], Any]
    name: str
    by_level: bool

    def begin(self, every: int, replication: int) -> _AtWork:
        """Begin to watch a session of a log or a replication of a model."""
        return _AtWork(made(self.factory), self.name, self.by_level)


@dataclass
class _AtWork:
    """A detector at work, as the core talks to it: times are in whole nanoseconds."""

    detector: Any
    name: str
    by_level: bool
    seen: int = 0

    def copied(self) -> Self:
        return copy.deepcopy(self)

    def deadlines(self, received: Any, sent: Any, number: Any) -> tuple[Floats, Floats]:
        offsets, scales = np.empty(len(number)), np.empty(len(number))
        for index, heartbeat in enumerate(_heartbeats(received, sent, number)):
            base, scale = self._pair(heartbeat)
            offsets[index], scales[index] = base - heartbeat.received, scale
        return offsets, scales

    def timeouts(self, received: Any, sent: Any, number: Any, thresholds: Floats) -> Floats:
        rows = np.empty((len(thresholds), len(number)))
        for index, heartbeat in enumerate(_heartbeats(received, sent, number)):
            self.seen += 1
            answer = self.detector.observe(heartbeat)
            if answer is not None:
                expected = "None, for suspicion(elapsed) says how suspicious a silence is"
                raise refuse(self._call("observe"), answer, expected, TypeError)
            rows[:, index] = _reached(self._levels, thresholds)
        return rows.ravel()

    def _pair(self, heartbeat: Heartbeat) -> tuple[float, float]:
        self.seen += 1
        answer = self.detector.observe(heartbeat)
        expected = "a pair (base, scale) of numbers: suspicion begins at base + scale * threshold"
        if not isinstance(answer, (tuple, list, np.ndarray)) or len(answer) != 2:
            raise refuse(self._call("observe"), answer, expected, TypeError)
        for value in answer:
            if isinstance(value, bool) or not isinstance(value, numbers.Real):
                raise refuse(self._call("observe"), answer, expected, TypeError)
        base, scale = float(answer[0]), float(answer[1])
        if math.isnan(base) or base == -math.inf:
            raise refuse(self._call("observe"), answer, "a base that is a moment, or inf for never")
        if not 0.0 <= scale < math.inf:
            raise refuse(self._call("observe"), answer, "a scale of zero or more seconds")
        return base, scale

    def _levels(self, elapsed: Floats) -> Floats:
        answer = self.detector.suspicion(elapsed.copy())
        try:
            levels = np.asarray(answer, dtype=np.float64)
        except (TypeError, ValueError):
            levels = np.empty(0)
        if levels.shape != elapsed.shape:
            expected = f"an array of shape {elapsed.shape}, a level for each elapsed time"
            raise refuse(self._call("suspicion"), answer, expected, TypeError)
        order = np.argsort(elapsed, kind="stable")
        falls = np.flatnonzero(~(np.diff(levels[order]) >= 0.0))
        if np.isnan(levels).any() or falls.size:
            place = int(order[falls[0]]) if falls.size else int(np.flatnonzero(np.isnan(levels))[0])
            after = int(order[falls[0] + 1]) if falls.size else place
            raise ValueError(
                f"{self._call('suspicion')} goes from {shown(float(levels[place]))} at "
                f"{elapsed[place]:.9g} s to {shown(float(levels[after]))} at {elapsed[after]:.9g} s, "
                "expected levels that never fall as time goes on"
            )
        return levels

    def _call(self, method: str) -> str:
        argument = "heartbeat" if method == "observe" else "elapsed"
        return f"{self.name}.{method}({argument}) after {self.seen} heartbeats"


def _heartbeats(received: Any, sent: Any, number: Any) -> list[Heartbeat]:
    columns = (received / 1e9).tolist(), (sent / 1e9).tolist(), number.tolist()
    return [Heartbeat(*row) for row in zip(*columns, strict=True)]


LATEST = 3.2e9
"""Silences longer than this, a century in seconds, are not asked about."""


def _reached(levels: Callable[[Floats], Floats], thresholds: Floats) -> Floats:
    """Return how long each threshold is not exceeded, to a nanosecond or the float next to it."""
    asked = np.concatenate([[0.0], np.geomspace(1e-6, LATEST, 160)])
    known = levels(asked)
    place = np.searchsorted(known, thresholds, side="right")
    found = np.full(len(thresholds), math.inf)
    found[place == 0] = 0.0
    open_ = np.flatnonzero((place > 0) & (place < len(asked)))
    low, high = asked[place[open_] - 1], asked[place[open_]]
    while True:
        wide = high - low > np.maximum(0.5e-9, 2.0 * np.spacing(high))
        if not wide.any():
            break
        middle = 0.5 * (low + high)
        above = levels(middle) > thresholds[open_]
        high = np.where(wide & above, middle, high)
        low = np.where(wide & ~above, middle, low)
    found[open_] = low
    return found
