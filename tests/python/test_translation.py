"""Thresholds in seconds and back, stages that add up, claims held against gaps, Chen's procedures."""

from __future__ import annotations

import math

import numpy as np
import pytest
import suspicion as sus
from scipy import optimize

BEATS = sus.examples.load("urban_n8_v20")
SOUTH = sus.examples.load("south_n8_v10")
WORLD = sus.Heartbeats(
    every="1s",
    link=sus.Link(delay=sus.Exponential(mean="50ms"), loss=0.02),
    sender_pauses=sus.Pauses(every=sus.Exponential(mean="5min"), lasting="2s"),
)


def test_phi_8_means_four_different_times() -> None:
    gaps = np.diff(BEATS.received)
    mean, std = gaps[-1000:].mean(), gaps[-1000:].std()
    last = {"warm_up": len(BEATS) - 2}

    def timeout(detector) -> float:
        return sus.sweep(BEATS, detector, thresholds=[8.0], **last).timeout[0]

    assert timeout(sus.PhiAccrual()) == pytest.approx(mean + 5.6120 * std, rel=1e-3)
    akka = sus.AkkaPhi(min_std="1us", acceptable_pause="100ms", filter=False)
    assert timeout(akka) == pytest.approx(mean + 0.1 + 5.2260 * std, rel=1e-3)
    assert timeout(sus.ExponentialAccrual()) == pytest.approx(8.0 * math.log(10.0) * mean, rel=1e-3)
    assert timeout(sus.Chitchat(prior_weight=0.0)) == pytest.approx(8.0 * mean, rel=1e-3)


@pytest.mark.parametrize(
    ("detector", "threshold"),
    [
        (sus.FixedTimeout(), "150ms"), (sus.Chen(window=50), "80ms"), (sus.PhiAccrual(), 3.0),
        (sus.ExponentialAccrual(), 8.0), (sus.AkkaPhi(acceptable_pause="50ms"), 8.0),
        (sus.Chitchat(initial_interval="55ms"), 8.0), (sus.Overdue(interval="55ms"), "100ms"),
        (sus.FailedProbes(failures=2), "100ms"), (sus.ElectionTimeout(rule="free"), "300ms"),
        (sus.PercentileTimeout(minimum=0.0), 1.5), (sus.RetransmissionTimeout(minimum=0.0), 4.0),
    ],
    ids=lambda value: repr(value),
)  # fmt: skip
def test_a_threshold_in_seconds_goes_back_to_the_threshold(detector, threshold) -> None:
    timeout = detector.timeout_of(threshold, BEATS)
    assert timeout == pytest.approx(sus.sweep(BEATS, detector, thresholds=[threshold]).timeout[0])
    back = detector.threshold_of(timeout, BEATS)
    assert detector.timeout_of(back, BEATS) == pytest.approx(timeout, rel=1e-4)


@pytest.mark.parametrize(
    ("source", "terms"), [(BEATS, {}), (SOUTH, {}), (WORLD, {"duration": "6h", "rng": 2})]
)
@pytest.mark.parametrize(
    "detector", [sus.FixedTimeout(), sus.presets.cassandra(), sus.presets.etcd()]
)
def test_stages_add_up_to_the_mean_detection_time(source, terms, detector) -> None:
    threshold = "1s" if isinstance(detector, sus.FixedTimeout) else None
    more = {"check_every": "200ms", "dwell": "3s"} if threshold else {}
    found = sus.stages(source, detector, threshold, **terms, **more)
    parts = [
        found.interval,
        found.delay,
        found.deadline,
        found.check,
        found.confirmation,
        found.dwell,
    ]
    assert sum(parts) == pytest.approx(found.total, rel=1e-12)
    if threshold:
        curve = sus.sweep(source, detector, thresholds=[threshold], **terms, **more)
        assert found.total == pytest.approx(curve.detection_time[0])
        assert (found.check, found.dwell) == (0.1, 3.0)
    else:
        preset = detector
        curve = sus.compare(source, [preset], **terms)[preset.name]
        rank = int(np.searchsorted(curve.threshold, preset.threshold))
        assert found.total == pytest.approx(curve.detection_time[rank], rel=1e-6)
    assert found.delay > 0.0
    assert "total" in str(found)


def test_each_stage_is_what_it_says() -> None:
    calm = sus.Heartbeats(every="1s", link=sus.Link(delay=sus.Exponential(mean="50ms")))
    found = sus.stages(
        calm, sus.FixedTimeout(), "2.5s", check_every="1s", dwell="4s", duration="1d", rng=1
    )
    assert found.interval == pytest.approx(0.5, abs=1e-3)
    assert found.delay == pytest.approx(0.05, rel=0.02)
    assert found.deadline == pytest.approx(1.5)
    assert (found.check, found.confirmation, found.dwell) == (0.5, pytest.approx(0.0), 4.0)
    free = sus.stages(calm, sus.ElectionTimeout(rule="free"), "1s", duration="1d", rng=1)
    assert free.confirmation == pytest.approx(7.0 / 9.0)
    assert free.deadline == pytest.approx(0.0, abs=1e-9)
    seen = calm.observe("1d", observers=3, rng=1)
    few = sus.stages(sus.Observers(seen, quorum=1), sus.FixedTimeout(), "2.5s")
    all_ = sus.stages(sus.Observers(seen, quorum=3), sus.FixedTimeout(), "2.5s")
    assert few.confirmation < 0.0 < all_.confirmation
    # The first and the last of three exponential delays.
    assert few.confirmation == pytest.approx(0.05 * (1 / 3 - 1), abs=5e-3)
    assert all_.confirmation == pytest.approx(0.05 * (1 + 1 / 2 + 1 / 3 - 1), abs=5e-3)


def test_a_detector_without_threshold_is_refused() -> None:
    with pytest.raises(ValueError, match="threshold = None, expected a threshold"):
        sus.stages(BEATS, sus.FixedTimeout())


def arrivals_with(gaps: np.ndarray) -> sus.Arrivals:
    return sus.Arrivals.from_arrays(np.concatenate([[0.0], np.cumsum(gaps)]), every="1s")


def test_claims_hold_where_gaps_follow_the_law_that_is_claimed() -> None:
    rng = np.random.default_rng(6)
    phis = np.array([0.4, 0.5, 1.0, 1.5, 2.0, 2.5])
    cases = [
        (sus.ExponentialAccrual(window=100_000), rng.exponential(1.0, 100_000)),
        (sus.PhiAccrual(window=100_000), rng.normal(1.0, 0.1, 100_000)),
    ]
    for detector, gaps in cases:
        found = sus.sweep(
            arrivals_with(gaps), detector, thresholds=phis, warm_up=5000
        ).calibration()
        np.testing.assert_allclose(found.claimed, 10.0**-phis)
        # The average of an estimate over 95,000 gaps, of which the rarest claim is held by 300.
        np.testing.assert_allclose(found.observed, found.claimed, rtol=0.15)
        assert np.all(found.observed_low < found.observed)
        assert np.all(found.observed < found.observed_high)
        assert abs(found.gaps - 95_000) < 5


def test_a_claim_that_is_wrong_shows() -> None:
    curve = sus.sweep(SOUTH, sus.PhiAccrual(window=100), thresholds=[1.0, 4.0, 8.0])
    found = curve.calibration()
    gaps = np.diff(SOUTH.received)
    assert found.gaps == len(gaps) - curve.warm_up + 1
    assert found.observed[2] > 1e4 * found.claimed[2]
    late = curve.mistakes_at(8.0)[0]
    assert found.observed[2] == pytest.approx(len(late) / found.gaps, rel=0.01)
    assert "times the claim" in repr(found)


def test_only_levels_that_claim_something_can_be_held_to_it() -> None:
    with pytest.raises(
        ValueError, match="expected a detector whose threshold is a phi or a suspicion"
    ):
        sus.sweep(BEATS, sus.FixedTimeout()).calibration()


def recurrence(interval: float, limit: float, loss: float, late) -> float:
    """Return Chen's bound of the time between mistakes, written plainly."""
    arrives = (1.0 - loss) * (1.0 - late(limit))
    product = 1.0
    for j in range(1, math.ceil(limit / interval)):
        product *= loss + (1.0 - loss) * late(limit - j * interval)
    return interval / (arrives * product)


def test_configurations_are_the_longest_interval_that_meets_the_requirement() -> None:
    rng = np.random.default_rng(7)
    for _ in range(12):
        limit, mean, loss = rng.uniform(1.0, 20.0), rng.uniform(0.01, 0.3), rng.uniform(0.0, 0.2)
        wanted, longest = 10.0 ** rng.uniform(2.0, 7.0), rng.uniform(0.5, 5.0)
        found = sus.configure(
            max_detection=limit, min_recurrence=wanted, max_duration=longest, loss=loss,
            delay=sus.Exponential(mean=mean),
        )  # fmt: skip
        late = lambda span, mean=mean: math.exp(-span / mean)  # noqa: E731
        top = (1.0 - loss) * (1.0 - late(limit)) * longest
        assert found
        assert found.margin == pytest.approx(limit - found.interval)
        assert found.interval <= top * (1.0 + 1e-12)
        assert recurrence(found.interval, limit, loss, late) >= wanted * (1.0 - 1e-6)
        assert found.recurrence == pytest.approx(
            recurrence(found.interval, limit, loss, late), rel=1e-6
        )
        if found.interval < top * (1.0 - 1e-9):
            longer = np.linspace(found.interval * (1.0 + 1e-6), top, 4000)
            assert all(recurrence(eta, limit, loss, late) < wanted for eta in longer)


def test_published_configurations_and_the_impossible_case() -> None:
    requirement = {
        "max_detection": "30s",
        "min_recurrence": "30d",
        "max_duration": "60s",
        "loss": 0.01,
    }
    known = sus.configure(**requirement, delay=sus.Exponential(mean="20ms"))
    assert (round(known.interval, 4), round(known.margin, 4)) == (9.9764, 20.0236)
    unknown = sus.configure(**requirement, mean_delay="20ms", delay_variance=0.02)
    assert (round(unknown.interval, 4), round(unknown.margin, 4)) == (9.7098, 20.2902)
    relative = sus.configure(**requirement, delay_variance=0.02)
    assert (round(relative.interval, 4), round(relative.margin, 4)) == (9.7166, 20.2834)
    assert known.detector.parameters["synchronized"]
    assert not relative.detector.parameters["synchronized"]
    late = sus.configure(
        **requirement | {"max_detection": "10ms"}, mean_delay="20ms", delay_variance=0.02
    )
    assert not late
    assert str(late).startswith("Impossible")
    assert "every 9.98 s" in str(known)


def test_a_configured_detector_keeps_what_it_promised() -> None:
    loss, mean = 0.05, 0.1
    found = sus.configure(
        max_detection="4s", min_recurrence="20min", max_duration="2s", loss=loss,
        delay=sus.Exponential(mean=mean),
    )  # fmt: skip
    world = sus.Heartbeats(
        every=found.interval, link=sus.Link(delay=sus.Exponential(mean=mean), loss=loss)
    )
    curve = sus.sweep(world, found.detector, thresholds=[found.margin], duration="60d", rng=3)
    assert curve.mistake_recurrence[0] == pytest.approx(found.recurrence, rel=0.1)
    assert curve.mistake_recurrence[0] > 0.95 * 1200.0
    assert curve.mistake_duration[0] < 2.0
    assert curve.detection_time_worst[0] <= 4.0 + 20 * mean


def test_the_filter_of_akka_makes_more_mistakes_on_bursty_heartbeats() -> None:
    stalls = sus.Pauses(
        every=sus.Exponential(mean="20s"), lasting=sus.LogNormal(median="300ms", sigma=1.0)
    )
    link = sus.Link(delay=sus.LogNormal(median="20ms", sigma=1.0), loss=0.01)
    bursty = sus.Heartbeats(every="100ms", link=link, sender_pauses=stalls).simulate("5h", rng=1)
    phis = np.array([1.0, 3.0, 8.0])
    terms = {"min_std": "1ms", "acceptable_pause": 0.0}
    shipped = sus.sweep(bursty, sus.AkkaPhi(**terms), thresholds=phis).mistakes
    plain = sus.sweep(bursty, sus.AkkaPhi(**terms, filter=False), thresholds=phis).mistakes
    assert np.all(shipped > 1.2 * plain)
    assert shipped[0] > 2.0 * plain[0]


def test_akkas_quantile_is_that_of_its_own_curve() -> None:
    def phi(y: float) -> float:
        e = math.exp(-y * (1.5976 + 0.070566 * y * y))
        return -math.log10(e / (1.0 + e))

    steady = arrivals_with(np.full(300, 1.0))
    for threshold in (0.5, 1.0, 8.0, 12.0):
        y = optimize.brentq(lambda y, level=threshold: phi(y) - level, 0.0, 15.0)
        detector = sus.AkkaPhi(window=100, min_std="100ms", acceptable_pause="3s")
        found = sus.sweep(steady, detector, thresholds=[threshold], warm_up=150).timeout[0]
        assert found == pytest.approx(4.0 + 0.1 * y, rel=1e-9)
