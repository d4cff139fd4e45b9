"""The quality of service at one threshold."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..detector import Detector
from ..units import duration, rate_interval


@dataclass(frozen=True)
class Point:
    """The quality of service at one threshold.

    Times are in seconds, rates per second; what the data cannot tell is nan.
    """

    threshold: float
    """The threshold, as the detector's users write it."""
    timeout: float
    """Mean time from a heartbeat to suspicion."""
    mistakes: float
    """Mistakes seen; not whole where the deadline is only looked at now and then."""
    mistake_rate: float
    """Mistakes per second."""
    mistake_rate_low: float
    """Lower end of the confidence interval of the rate."""
    mistake_rate_high: float
    """Upper end; where no mistake was seen, the upper bound."""
    dispersion: float
    """Variance over mean of the counts, for which the interval allows: 1 when mistakes come singly."""
    mistake_recurrence: float
    """Mean time from one mistake to the next, E(T_MR)."""
    mistake_recurrence_p50: float
    """Median of that time."""
    mistake_recurrence_p99: float
    """Its 99th percentile."""
    mistake_duration: float
    """Mean duration of a mistake, E(T_M)."""
    mistake_duration_p50: float
    """Median duration."""
    mistake_duration_p99: float
    """Its 99th percentile."""
    query_accuracy: float
    """Share of the time at which the node is rightly trusted, P_A."""
    good_period: float
    """Mean time from the end of a mistake to the next one, E(T_G)."""
    forward_good_period: float
    """Mean time from a random moment of trust to the next mistake, E(T_FG)."""
    detection_time: float
    """Mean time from a crash at a random moment to its being noticed."""
    detection_time_p99: float
    """The time that 99 % of such crashes are noticed within."""
    detection_time_after_beat: float
    """Mean for a crash right after a heartbeat that arrives."""
    detection_time_after_beat_p99: float
    """The time that 99 % of such crashes are noticed within."""
    detection_time_worst: float
    """The longest."""
    _detector: Detector = field(repr=False)

    def __str__(self) -> str:
        rate = rate_interval(self.mistake_rate, self.mistake_rate_low, self.mistake_rate_high)
        lines = [
            f"{self._detector._show_threshold(self.threshold)}: suspects after {duration(self.timeout)}",
            f"mistakes   {self.mistakes:g}, {rate}",
            f"lasting    {duration(self.mistake_duration)} on average, "
            f"half of them {duration(self.mistake_duration_p50)} or less",
            f"accuracy   {self.query_accuracy:.6f} of the time rightly trusted",
            f"detection  {duration(self.detection_time)} on average, 99 % within "
            f"{duration(self.detection_time_p99)}, worst {duration(self.detection_time_worst)}",
        ]
        return "\n".join(lines if self.mistakes else lines[:2] + lines[3:])
