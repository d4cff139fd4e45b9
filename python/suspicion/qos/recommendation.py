"""Which threshold to choose, in a few sentences."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..units import duration, rate, rate_interval
from .curve import Curve
from .point import Point
from .table import shown_rate


@dataclass(frozen=True)
class Target:
    """What was asked for, in seconds and events per second."""

    max_rate: float | None
    asked_rate: str
    max_detection: float | None
    outage_cost: float | None
    failover_cost: float | None
    crash_rate: float | None


class Recommendation:
    """The answer to what was asked of one or more curves; see `Comparison.recommend`.

    Its text, ``str(recommendation)``, is the answer in a few sentences.

    Attributes
    ----------
    met : bool
        Whether the data show that the threshold meets what was asked: never at a rate that only the form
        of fitted laws gives.
    verdict : str
        ``"choose"``, ``"out of reach"`` (no threshold meets it) or ``"undecided"`` (the data do not
        tell).
    curve : Curve
        The curve chosen from.
    point : Point
        The quality of service at the threshold chosen, or at the nearest candidate.
    observation_needed : float
        Where the data do not tell: about how many seconds like these would, if they show the same rate;
        nan otherwise.
    """

    def __init__(
        self, verdict: str, curve: Curve, rank: int, target: Target, observation_needed: float
    ) -> None:
        self.verdict = verdict
        self.curve = curve
        self.point: Point = curve.at(curve.threshold[rank])
        # A rate that is the form of a fitted law is no evidence.
        self.met = verdict == "choose" and self.identifiable
        self.observation_needed = observation_needed
        self._target = target
        self._rank = rank

    @property
    def detector(self) -> Any:
        """The detector chosen."""
        return self.curve.detector

    @property
    def threshold(self) -> float:
        """The threshold chosen, as the detector's users write it."""
        return self.point.threshold

    @property
    def timeout(self) -> float:
        """Mean time in seconds from a heartbeat to suspicion."""
        return self.point.timeout

    def __str__(self) -> str:
        if self.verdict == "choose":
            return " ".join([self._choice(), *self._beyond_data(), *self._either_side()])
        why = self._undecided() if self.verdict == "undecided" else self._out_of_reach()
        return " ".join([why, self._choice(), *self._beyond_data()])

    def _choice(self) -> str:
        point, detector = self.point, self.curve.detector
        threshold = f"{point.threshold:.4g}"
        if detector.threshold_is_time:
            threshold = duration(point.threshold)
        text = f"{self.curve.name} with a {detector.threshold_name} of {threshold}"
        if not detector.threshold_is_time or abs(point.timeout - point.threshold) > 1e-9:
            text += f" (suspects {duration(point.timeout)} after a heartbeat on average)"
        return (
            f"{text} notices 99 % of crashes within {duration(point.detection_time_p99)}. "
            f"Expect {self._expected()}."
        )

    def _expected(self) -> str:
        point, level = self.point, f"{self.curve.confidence_level * 100:g} %"
        watched = duration(self.curve.exposure)
        rates = point.mistake_rate, point.mistake_rate_low, point.mistake_rate_high
        if point.mistakes == 0.0:
            bound = rate_interval(*rates, self.curve.counted)
            return f"{bound} ({level} upper bound; none seen in {watched})"
        middle, ends = rate_interval(*rates, self.curve.counted).split(" (")
        return f"{middle} ({level} interval {ends[:-1]}; {point.mistakes:.4g} seen in {watched})"

    @property
    def identifiable(self) -> bool:
        """Whether the rate expected is one that the data behind a model can tell."""
        return self.point.mistake_rate_high >= self.curve.identifiable_rate

    def _beyond_data(self) -> list[str]:
        if self.identifiable:
            return []
        least = rate(self.curve.identifiable_rate)
        return [
            f"Not identifiable: the data behind the model tell rates down to {least}; lower ones rest on "
            "the form of the laws that were fitted."
        ]

    def _either_side(self) -> list[str]:
        """Return what half and twice the timeout would give, where the curve reaches there."""
        curve, timeout = self.curve, self.point.timeout
        said = []
        for factor, side in ((0.5, "Half the timeout"), (2.0, "Twice the timeout")):
            if timeout <= 0.0:
                break
            apart = np.abs(np.log(np.maximum(curve.timeout, 1e-12) / (factor * timeout)))
            rank = int(np.argmin(apart))
            if apart[rank] < 0.1:
                expected = shown_rate(curve, rank, curve.counted)
                late = duration(curve.detection_time_p99[rank])
                said.append(f"{side}: {expected}, noticed within {late}.")
        return said

    def _undecided(self) -> str:
        seen = shown_rate(self.curve, self._rank, self.curve.counted)
        more = "More of the same would not: what was seen is above that."
        if np.isfinite(self.observation_needed):
            needed = duration(self.observation_needed)
            more = f"About {needed} of observation that goes on like this would do."
        return (
            f"These data cannot tell: {duration(self.curve.exposure)} show at best {seen}, and at most "
            f"{self._target.asked_rate} is asked for. {more} The nearest candidate:"
        )

    def _out_of_reach(self) -> str:
        target, within = self._target, ""
        if target.max_detection is not None:
            within = f" that notices 99 % of crashes within {duration(target.max_detection)}"
            if self.point.detection_time_p99 > target.max_detection:
                return f"Out of reach: there is no threshold{within}. The quickest:"
        return (
            f"Out of reach: no threshold{within} keeps to {target.asked_rate}. "
            "The one with the lowest rate:"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data; times are in seconds, rates per second."""
        point = self.point
        return {
            "verdict": self.verdict,
            "met": self.met,
            "detector": repr(self.curve.detector),
            "name": self.curve.name,
            "threshold": point.threshold,
            "timeout_s": point.timeout,
            "mistakes": point.mistakes,
            "mistake_rate_per_s": point.mistake_rate,
            "mistake_rate_low_per_s": point.mistake_rate_low,
            "mistake_rate_high_per_s": point.mistake_rate_high,
            "detection_time_s": point.detection_time,
            "detection_time_p99_s": point.detection_time_p99,
            "observation_s": self.curve.exposure,
            "observation_needed_s": self.observation_needed,
            "identifiable": self.identifiable,
            "identifiable_rate_per_s": self.curve.identifiable_rate,
            "text": str(self),
        }

    def __repr__(self) -> str:
        chosen = self.curve.detector._show_threshold(self.point.threshold)
        return f"Recommendation({self.verdict}: {self.curve.name}, {chosen})"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(str(self))}</p>"
