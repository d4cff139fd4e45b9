"""What counts as watched, and what the times between mistakes are."""

from __future__ import annotations

import math

import numpy as np
import pytest
import suspicion as sus


def losses(loss: float) -> sus.Heartbeats:
    return sus.Heartbeats(every="1s", link=sus.Link(delay="1ms", loss=loss))


@pytest.mark.parametrize("loss", [0.0, 0.3, 0.55, 0.9])
def test_a_model_is_watched_for_as_long_as_asked(loss) -> None:
    curve = sus.sweep(
        losses(loss),
        sus.FixedTimeout(),
        thresholds=["1.5s"],
        duration=64_000.0,
        rng=1,
        replications=64,
    )
    # Each replication begins with its first arrival.
    assert curve.exposure == pytest.approx(64_000.0 - 64 * loss / (1.0 - loss), rel=0.004)


def test_a_timeline_of_pauses_runs_through_the_replications() -> None:
    starts = np.arange(64) * 1000.0 + 100.0
    for loss in (0.0, 0.3):
        world = sus.Heartbeats(
            every="1s", link=sus.Link(delay="1ms", loss=loss),
            sender_pauses=sus.Timeline(starts=starts, lasting=np.full(64, 60.0)),
        )  # fmt: skip
        for replications in (1, 64):
            curve = sus.sweep(
                world, sus.FixedTimeout(), thresholds=["50s"], duration=64_000.0, rng=1,
                replications=replications,
            )  # fmt: skip
            assert curve.mistakes.tolist() == [64.0]


def test_nothing_is_watched_before_there_is_a_deadline() -> None:
    beats = sus.Arrivals.from_arrays(np.cumsum([0.0, 2.0, 2.0] + [0.5] * 100))
    curve = sus.sweep(beats, sus.ExponentialAccrual(max_interval="1s"))
    assert np.all(np.isfinite(curve.timeout))
    assert np.all(np.isfinite(curve.detection_time))
    doubled = sus.Arrivals.from_arrays(
        [0.0, 0.01, 0.02, *np.arange(1.0, 60.0)], number=[0, 0, 0, *range(1, 60)]
    )
    curve = sus.sweep(doubled, sus.PhiAccrual(newest_only=True, min_std="10ms"), thresholds=[8.0])
    assert np.isfinite(curve.detection_time[0])


def test_short_quiet_sessions_do_not_look_like_bursts() -> None:
    rng = np.random.default_rng(5)
    number = np.sort(rng.choice(67_000, 66_900, replace=False))
    received = [number.astype(float)]
    one = sus.sweep(
        sus.Arrivals.from_arrays(received[0], number=number),
        sus.FixedTimeout(),
        thresholds=["1.5s"],
    )
    # Restarts of the sender, each followed by some quiet heartbeats.
    for _ in range(200):
        received.append(np.arange(30.0))
        number = np.append(number, np.arange(30))
    many = sus.sweep(
        sus.Arrivals.from_arrays(np.concatenate(received), number=number, every="1s"),
        sus.FixedTimeout(),
        thresholds=["1.5s"],
    )
    assert many.mistakes[0] == pytest.approx(one.mistakes[0], abs=1)
    assert many.dispersion[0] < 2.5
    assert many.mistake_rate_high[0] < 1.6 * many.mistake_rate[0]


@pytest.mark.parametrize("duration", ["3d", "30d"])
def test_times_between_mistakes_are_those_of_a_renewal_process(duration) -> None:
    # A pause of four seconds after an exponential time of one hour on average: one mistake each.
    world = sus.Heartbeats(
        every="1s", link=sus.Link(delay="10ms"), catch_up="skip",
        sender_pauses=sus.Pauses(every=sus.Exponential(mean="1h"), lasting="4s"),
    )  # fmt: skip
    point = sus.sweep(world, sus.FixedTimeout(), thresholds=["1.5s"], duration=duration, rng=1).at(
        "1.5s"
    )
    slack = 4.0 / math.sqrt(point.mistakes)
    assert point.mistake_recurrence == pytest.approx(3604.0, rel=slack)
    assert point.mistake_recurrence_p50 == pytest.approx(
        3600.0 * math.log(2.0) + 4.0, rel=1.5 * slack
    )
    assert point.mistake_recurrence_p99 == pytest.approx(3600.0 * math.log(100.0), rel=3 * slack)
    assert point.forward_good_period == pytest.approx(3600.0, rel=2 * slack)
    assert point.forward_good_period >= point.good_period / 2.0


def test_suspecting_all_the_time_is_not_recommended() -> None:
    beats = sus.examples.load("south_n8_v10")
    for detector in (sus.TwoWindow(), sus.Chen(window=100)):
        curve = sus.sweep(beats, detector, thresholds=np.linspace(-5.0, 3.0, 200))
        answer = curve.recommend(max_rate="5/min")
        assert answer.met
        assert answer.timeout > 0.0
        assert answer.point.query_accuracy > 0.9
        assert "mistakes" in str(answer)


def test_too_little_data_is_not_out_of_reach() -> None:
    received = np.cumsum(np.where(np.arange(6500) % 1300 == 1299, 2.0, 1.0))
    curve = sus.sweep(sus.Arrivals.from_arrays(received), sus.FixedTimeout(), thresholds=["1.5s"])
    low, high = curve.mistake_rate_low[0], curve.mistake_rate_high[0]
    rate = curve.mistake_rate[0]
    below = curve.recommend(max_rate=(low + rate) / 2.0)
    assert (below.verdict, below.observation_needed) == ("undecided", math.inf)
    assert "would not" in str(below)
    above = curve.recommend(max_rate=(rate + high) / 2.0)
    assert above.verdict == "undecided"
    assert curve.exposure < above.observation_needed < math.inf
    assert curve.recommend(max_rate=low / 2.0).verdict == "out of reach"
