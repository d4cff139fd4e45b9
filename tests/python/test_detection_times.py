"""Detection times are those of nodes that are crashed at random moments and watched until noticed."""

from __future__ import annotations

import numpy as np
import pytest
import suspicion as sus

CRASHES = 200_000
EVERY = 1.0
TIMEOUT = 1.8


def log(delay: sus.Distribution, *, loss: float = 0.0, n: int = 200_000):
    """Return send times, arrivals (nan for a loss) and the same as heartbeats."""
    sent = np.arange(n) * EVERY
    received = sent + delay.sample(n, rng=3)
    received[np.random.default_rng(4).random(n) < loss] = np.nan
    beats = sus.Arrivals.from_arrays(
        received, sent, number=np.arange(n), every=EVERY, shared_clock=True
    )
    return sent, received, beats


def crashed(
    sent: np.ndarray, received: np.ndarray, *, newest_only: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return moments of crashes, and of the last arrival that counts of what was sent before."""
    moments = np.random.default_rng(5).uniform(sent[10], sent[-3000], CRASHES)
    arrivals = np.where(np.isnan(received), -np.inf, received)
    if newest_only:
        newest = np.maximum.accumulate(np.where(np.isnan(received), -1, np.arange(len(sent))))
        last = arrivals[newest]
    else:
        last = np.maximum.accumulate(arrivals)
    return moments, last[np.searchsorted(sent, moments) - 1]


def assert_same(point: sus.Point, times: np.ndarray) -> None:
    error = times.std() / np.sqrt(len(times))
    assert point.detection_time == pytest.approx(times.mean(), abs=4 * error + 0.01 * times.mean())
    assert point.detection_time_p99 == pytest.approx(np.quantile(times, 0.99), rel=0.06)
    assert point.detection_time_worst >= 0.999 * times.max()


@pytest.mark.parametrize("newest_only", [False, True])
@pytest.mark.parametrize(
    ("delay", "loss"),
    [
        (sus.Constant("100ms"), 0.0),
        (sus.LogNormal(median="100ms", sigma=1.5), 0.0),
        (sus.Exponential(mean="800ms"), 0.2),
        (sus.Exponential(mean="10s"), 0.1),
    ],
    ids=["in order", "some overtaken", "many overtaken and lost", "most overtaken"],
)
def test_of_a_fixed_timeout_under_reordering(delay, loss, newest_only) -> None:
    sent, received, beats = log(delay, loss=loss)
    moments, last = crashed(sent, received, newest_only=newest_only)
    curve = sus.sweep(beats, sus.FixedTimeout(newest_only=newest_only), thresholds=[TIMEOUT])
    assert_same(curve.at(TIMEOUT), np.maximum(0.0, last + TIMEOUT - moments))


@pytest.mark.parametrize("timeout", [0.1, 0.9, 3.0])
def test_with_a_look_now_and_then_and_a_dwell(timeout) -> None:
    sent, received, beats = log(sus.Exponential(mean="50ms"), loss=0.05)
    moments, last = crashed(sent, received, newest_only=False)
    wait = np.random.default_rng(6).random(CRASHES) * 1.5 + 0.25
    curve = sus.sweep(
        beats, sus.FixedTimeout(), thresholds=[timeout], check_every="1.5s", dwell="250ms"
    )
    assert_same(curve.at(timeout), np.maximum(0.0, last + timeout + wait - moments))


@pytest.mark.parametrize("timeout", [0.5, 1.5, 4.0])
def test_with_pauses_of_the_monitor(timeout) -> None:
    rng = np.random.default_rng(7)
    starts = np.cumsum(rng.exponential(20.0, 3000) + 2.0)
    lasting = rng.uniform(0.5, 2.0, 3000)
    sent, received, _ = log(sus.Constant("3ms"), n=60_000)
    pauses = sus.Timeline(starts=starts, lasting=lasting)
    beats = sus.Arrivals.from_arrays(
        received - received[0], sent, number=np.arange(len(sent)), every=EVERY,
        shared_clock=False, monitor_pauses=pauses,
    )  # fmt: skip
    received, ends = received - received[0], starts + lasting

    def awake(moment: np.ndarray) -> np.ndarray:
        place = np.searchsorted(ends, moment, side="right")
        asleep = (place < len(starts)) & (starts[np.minimum(place, len(starts) - 1)] < moment)
        return np.where(asleep, ends[np.minimum(place, len(starts) - 1)], moment)

    moments, last = crashed(sent, awake(received), newest_only=False)
    times = awake(np.maximum(moments, last + timeout)) - moments
    point = sus.sweep(beats, sus.FixedTimeout(), thresholds=[timeout]).at(timeout)
    # A crash is noticed at once while it is suspected, but not while the monitor sleeps.
    assert point.detection_time == pytest.approx(times.mean(), rel=0.02)
    assert point.detection_time_p99 == pytest.approx(np.quantile(times, 0.99), rel=0.04)
    assert 0.95 * times.max() <= point.detection_time_worst <= timeout + 2.0 * lasting.max()


@pytest.mark.parametrize("detector", [sus.Chen(window=20), sus.PhiAccrual(window=20)])
def test_of_detectors_that_learn(detector) -> None:
    """The node is crashed after every heartbeat in turn, and what was sent later never arrives."""
    n, threshold = 400, 2.0
    sent = np.arange(n) * EVERY
    received = sent + sus.LogNormal(median="200ms", sigma=1.0).sample(n, rng=8)
    how = {"every": EVERY, "shared_clock": True}
    whole = sus.Arrivals.from_arrays(received, sent, number=np.arange(n), **how)
    warm_up = 60
    curve = sus.sweep(whole, detector, thresholds=[threshold], warm_up=warm_up)
    times = []
    for crash in range(warm_up + 10, n):
        beats = sus.Arrivals.from_arrays(
            np.append(received[:crash], 10_000.0), np.append(sent[:crash], 9_999.0),
            number=np.append(np.arange(crash), 9_999), **how,
        )  # fmt: skip
        starts, _ = sus.sweep(beats, detector, thresholds=[threshold], warm_up=40).mistakes_at(
            threshold
        )
        # Times count from the first arrival.
        times.append(starts[-1] + received[:crash].min() - sent[crash - 1])
    point = curve.at(threshold)
    assert point.detection_time_after_beat == pytest.approx(np.mean(times), rel=0.005)
    assert point.detection_time_after_beat_p99 == pytest.approx(np.quantile(times, 0.99), rel=0.05)
