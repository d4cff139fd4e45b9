"""Plain versions of detectors that are followed at each threshold by itself.

Each takes its settings and gives a rule for one threshold, which reads all accepted heartbeats from the
first on and says how long to wait after the last. Times are in milliseconds, what comes back in seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import machines
from machines import EVERY, Beat, Rule, expected_arrival
from scipy import optimize, stats

RuleAt = Callable[[float], Rule]

JUST_BEFORE = 5e-10
"""Seconds: what begins at a moment, and not after it, is past at the moment."""


def akka_phi(elapsed: float, mean: float, std: float, pause: float) -> float:
    """Phi as Akka's source computes it."""
    y = (elapsed - (mean + pause)) / std
    e = math.exp(min(-y * (1.5976 + 0.070566 * y * y), 700.0))
    return -math.log10(e / (1.0 + e)) if y > 0.0 else -math.log10(1.0 - 1.0 / (1.0 + e))


def normal_phi(elapsed: float, mean: float, std: float, pause: float) -> float:
    return -float(stats.norm.logsf(elapsed, mean + pause, std)) / math.log(10.0)


def akka(
    window: int, min_std: float, pause: float, *, filtered: bool, logistic: bool, whole: bool
) -> RuleAt:
    phi = akka_phi if logistic else normal_phi

    def at(threshold: float) -> Rule:
        y = optimize.brentq(lambda y: phi(y, 0.0, 1.0, 0.0) - threshold, -20.0, 15.0, xtol=1e-13)

        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            history, last, wait = [EVERY - EVERY // 4, EVERY + EVERY // 4], None, math.inf
            for received, _, _ in beats:
                if last is not None:
                    gap = received - last
                    if not filtered or not gap > wait:
                        history.append(gap)
                last, history = received, history[-window:]
                mean = sum(history) / len(history)
                variance = sum(gap * gap for gap in history) / len(history) - mean * mean
                std = max(math.sqrt(max(variance, 0.0)), min_std)
                wait = mean + pause + y * std
                if whole:
                    # The first whole millisecond at which phi has reached the threshold.
                    first = math.floor(wait)
                    while phi(first, mean, std, pause) < threshold:
                        first += 1
                    wait = first - 1e3 * JUST_BEFORE
            return wait / 1e3, 1.0

        return rule

    return at


def chitchat(window: int, longest: int, prior: int, weight: float) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            samples: list[int] = []
            last, wait = None, math.inf
            for received, _, _ in beats:
                if last is not None:
                    gap = received - last
                    if gap > wait:
                        samples = []
                    if gap <= longest:
                        samples = [*samples, gap][-window:]
                    mean = (
                        (sum(samples) + weight * prior) / (len(samples) + weight)
                        if samples
                        else 0.0
                    )
                    wait = threshold * mean
                last = received
            return wait / 1e3, 1.0

        return rule

    return at


def satzger(window: int, stretch: float, *, phi: bool) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            gaps = machines.gaps(beats)[-window:]
            if not gaps:
                return math.inf, 1.0
            for gap in sorted(gaps):
                outlasted = sum(other <= gap for other in gaps)
                left = len(gaps) - outlasted
                if phi:
                    suspected = left == 0 or -math.log10(left / len(gaps)) > threshold
                else:
                    suspected = outlasted / len(gaps) >= threshold
                if suspected:
                    return gap / stretch / 1e3 - JUST_BEFORE, 1.0
            raise AssertionError("the longest gap outlasts all")

        return rule

    return at


def failed_probes(failures: int, interval: int | None) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            suspected_at = -math.inf
            for index, (received, sent, _) in enumerate(beats):
                if index and received - sent > threshold * 1e3:
                    continue
                if interval is None:
                    moment = sent + failures * EVERY + threshold * 1e3
                else:
                    moment = received + failures * (interval + threshold * 1e3)
                suspected_at = max(suspected_at, moment)
            return (suspected_at - beats[-1][0]) / 1e3, 1.0

        return rule

    return at


def percentile(share: float, window: int, least: float, most: float) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            received, sent, _ = beats[-1]
            times = sorted(r - s for r, s, _ in beats if r >= received - window)
            high = times[max(math.ceil(share * len(times)), 1) - 1] / 1e3
            if len(times) < 3:
                high = 0.0
            return (sent + EVERY - received) / 1e3 + min(max(threshold * high, least), most), 1.0

        return rule

    return at


def retransmission(grain: float, least: float, most: float, *, backoff: bool) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            srtt = rttvar = None
            rto, last = max(min(1.0, most), least), None
            for received, sent, number in beats:
                response = (received - sent) / 1e3
                missing = 0 if last is None else number - last - 1
                last = number
                if backoff:
                    rto = min(rto * 2.0**missing, most)
                if srtt is None:
                    srtt, rttvar = response, response / 2.0
                elif not backoff or response <= rto:
                    rttvar = 0.75 * rttvar + 0.25 * abs(srtt - response)
                    srtt = 0.875 * srtt + 0.125 * response
                else:
                    waited = rto
                    while waited < response and rto < most:
                        rto = min(2.0 * rto, most)
                        waited += rto
                    continue
                rto = min(max(srtt + max(grain, threshold * rttvar), least), most)
            received, sent, _ = beats[-1]
            return (sent + EVERY - received) / 1e3 + rto, 1.0

        return rule

    return at


def bucketed(tick: int, phase: int, zero: Callable[[Sequence[Beat]], int]) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            since = beats[-1][0] - zero(beats) - phase
            end = (math.floor((since + round(threshold * 1e3)) / tick) + 1) * tick
            return (end - since) / 1e3, 1.0

        return rule

    return at


def self_tuning(
    window: int, slot: int, step: float, max_rate: float, max_detection: float
) -> RuleAt:
    def at(threshold: float) -> Rule:
        def rule(beats: Sequence[Beat]) -> tuple[float, float]:
            margin, wait, last, suspected = threshold, math.inf, None, False
            mistakes, watched, detection = 0, 0.0, 0.0
            for index, (received, sent, _) in enumerate(beats):
                if last is not None:
                    watched += (received - last) / 1e3
                    if not suspected and (received - last) / 1e3 > wait:
                        mistakes, suspected = mistakes + 1, True
                last = received
                expected = float(expected_arrival(beats[: index + 1], window) - received) / 1e3
                wait = expected + margin
                detection += (received - sent) / 1e3 + wait
                if (index + 1) % slot == 0:
                    inaccurate, slow = (
                        mistakes > max_rate * watched,
                        detection > max_detection * slot,
                    )
                    margin += step * (inaccurate and not slow) - step * (slow and not inaccurate)
                    mistakes, watched, detection = 0, 0.0, 0.0
                    wait = expected + margin
                mistakes += not suspected and wait <= 0.0
                suspected = wait <= 0.0
            return wait, 1.0

        return rule

    return at
