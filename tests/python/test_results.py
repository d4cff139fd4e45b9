"""Results: frozen, readable, and the same after a trip through pickle, frames and Arrow."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas
import polars
import pyarrow
import pytest
import suspicion as sus

BEATS = sus.examples.load("south_n8_v10")
CURVE = sus.sweep(BEATS, sus.FixedTimeout())
WORLD = sus.Heartbeats(
    every="1s",
    link=sus.Link(delay=sus.LogNormal(median="20ms", sigma=0.8), loss=0.01),
    sender_pauses=sus.Pauses(every=sus.Exponential(mean="1h"), lasting="2s"),
)
MODEL = sus.sweep(WORLD, sus.Chen(window=100), duration="2d", rng=7)
COMPARISON = sus.compare(BEATS, {"<fixed>": sus.FixedTimeout(), "chen": sus.Chen(window=100)})


@pytest.mark.parametrize("curve", [CURVE, MODEL], ids=["log", "model"])
def test_a_curve_survives_pickle_and_can_still_be_asked(curve) -> None:
    other = pickle.loads(pickle.dumps(curve))
    for name, column in curve.to_dict().items():
        np.testing.assert_array_equal(column, other.to_dict()[name])
    between = curve.threshold[100:102].mean()
    assert other.at(between) == curve.at(between)
    assert (other.seed, other.census, repr(other)) == (curve.seed, curve.census, repr(curve))


@pytest.mark.parametrize(
    "item",
    [
        BEATS,
        WORLD,
        sus.Chen(window=5),
        sus.Timeline(starts=[1.0], lasting=[2.0]),
        sus.presets.cassandra(),
    ],
    ids=lambda item: type(item).__name__,
)
def test_inputs_survive_pickle_and_copies(item) -> None:
    for other in (pickle.loads(pickle.dumps(item)), copy.deepcopy(item)):
        assert repr(other) == repr(item)
        if not isinstance(item, sus.Arrivals):
            assert other == item
            assert hash(other) == hash(item)


def test_nothing_of_a_result_can_be_changed() -> None:
    for column in (*CURVE.to_dict().values(), BEATS.received, BEATS.gaps, BEATS.number):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
    with pytest.raises(AttributeError):
        CURVE.mistakes = 0
    with pytest.raises(AttributeError):
        CURVE.at("1s").mistakes = 0.0
    with pytest.raises(AttributeError):
        WORLD.link = None
    with pytest.raises(AttributeError):
        BEATS.census.lost = 0


def test_frames_of_all_libraries_hold_the_columns() -> None:
    for backend, kind in (
        ("pandas", pandas.DataFrame),
        ("polars", polars.DataFrame),
        ("pyarrow", pyarrow.Table),
    ):
        for result in (CURVE, COMPARISON, BEATS):
            frame = result.to_frame(backend)
            assert isinstance(frame, kind)
            columns = frame.column_names if backend == "pyarrow" else list(frame.columns)
            assert columns == list(result.to_dict())
    assert polars.DataFrame(CURVE)["mistakes"].to_list() == CURVE.mistakes.tolist()
    assert pyarrow.table(CURVE).num_rows == len(CURVE)


def test_columns_say_their_unit() -> None:
    assert {"timeout_s", "mistake_rate_per_s", "query_accuracy", "mistakes"} <= set(CURVE.to_dict())
    assert all(
        name.endswith(("_s", "_per_s"))
        or name in ("threshold", "mistakes", "dispersion", "query_accuracy")
        for name in CURVE.to_dict()
    )


def test_html_is_escaped() -> None:
    shown = COMPARISON._repr_html_()
    assert "&lt;fixed&gt;" in shown
    assert "<fixed>" not in shown
    for item in (BEATS, CURVE, WORLD, COMPARISON.recommend(max_rate="1/min")):
        assert "<Arr" not in item._repr_html_()
        assert item._repr_html_().startswith("<")


def test_a_repr_is_short_and_says_what_it_is() -> None:
    assert (
        repr(BEATS) == "Arrivals(<2.13 min, one heartbeat every 55.4 ms: 2,233 arrivals, 79 lost>)"
    )
    assert repr(CURVE) == (
        "Curve(<FixedTimeout on a log of 2.13 min: 256 thresholds, timeouts 27.7 ms to 14.2 s>)"
    )
    assert "seed 7" in repr(MODEL)
    assert eval(repr(WORLD), vars(sus)) == WORLD  # noqa: S307


def test_the_metrics_agree_with_each_other() -> None:
    seen = CURVE.mistakes > 1
    time = CURVE.exposure
    np.testing.assert_allclose(CURVE.mistake_rate[seen], CURVE.mistakes[seen] / time)
    np.testing.assert_allclose(CURVE.mistake_recurrence[seen], time / CURVE.mistakes[seen])
    wrong = CURVE.mistakes * CURVE.mistake_duration
    np.testing.assert_allclose(1.0 - CURVE.query_accuracy[seen], wrong[seen] / time, rtol=1e-9)
    np.testing.assert_allclose(
        CURVE.good_period[seen], CURVE.mistake_recurrence[seen] - CURVE.mistake_duration[seen]
    )
    assert np.all(CURVE.mistake_rate_low <= CURVE.mistake_rate)
    assert np.all(CURVE.mistake_rate <= CURVE.mistake_rate_high)
    assert np.all(np.diff(CURVE.detection_time) > 0.0)
    assert np.all(CURVE.detection_time <= CURVE.detection_time_worst)


def test_thresholds_and_timeouts_are_inverse_to_each_other() -> None:
    for detector in (
        sus.Chen(window=100),
        sus.PhiAccrual(window=100),
        sus.ExponentialAccrual(window=100),
    ):
        curve = sus.sweep(BEATS, detector)
        for timeout in (0.2, 1.0, 5.0):
            assert curve.timeout_of(curve.threshold_of(timeout)) == pytest.approx(timeout, rel=1e-6)
        assert curve.at(timeout="1s").timeout == pytest.approx(1.0, rel=1e-6)


def test_a_dwell_leaves_the_long_mistakes() -> None:
    curve = sus.sweep(BEATS, sus.FixedTimeout(), thresholds=["100ms"])
    starts, ends = curve.mistakes_at("100ms")
    for dwell in (0.05, 0.4, 3.0):
        dwelt = sus.sweep(BEATS, sus.FixedTimeout(), thresholds=["100ms"], dwell=dwell)
        assert dwelt.mistakes[0] == np.sum(ends - starts > dwell)
        assert dwelt.detection_time[0] == pytest.approx(curve.detection_time[0] + dwell)


def test_a_check_interval_overlooks_short_mistakes() -> None:
    curve = sus.sweep(BEATS, sus.FixedTimeout(), thresholds=["100ms"])
    starts, ends = curve.mistakes_at("100ms")
    looked = sus.sweep(BEATS, sus.FixedTimeout(), thresholds=["100ms"], check_every="1s")
    assert looked.mistakes[0] == pytest.approx(np.minimum(1.0, ends - starts).sum())
    assert looked.detection_time[0] == pytest.approx(curve.detection_time[0] + 0.5, abs=0.005)


def test_a_comparison_is_a_mapping_of_curves() -> None:
    assert list(COMPARISON) == ["<fixed>", "chen"]
    assert COMPARISON["chen"].name == "chen"
    with pytest.raises(KeyError, match="expected one of"):
        COMPARISON["phi"]
    several = sus.compare(BEATS, [sus.Chen(window=5), sus.Chen(window=50), sus.presets.cassandra()])
    assert list(several) == ["Chen(window=5)", "Chen(window=50)", "Cassandra"]
    assert several.defaults == {"Cassandra": 8.0}
    assert 8.0 in several["Cassandra"].threshold


def test_a_recommendation_keeps_to_what_was_asked_for() -> None:
    answer = COMPARISON.recommend(max_rate="5/min", max_detection="15s")
    assert answer.met
    assert answer.point.mistake_rate_high <= 5 / 60
    assert answer.point.detection_time_p99 <= 15.0
    quicker = [
        curve.detection_time_p99[curve.mistake_rate_high <= 5 / 60].min()
        for curve in COMPARISON.values()
    ]
    assert answer.point.detection_time_p99 == min(quicker)
    for part in ("notices 99 % of crashes within", "95 % interval", "seen in 2.13 min"):
        assert part in str(answer)


def test_a_recommendation_refuses_what_the_data_cannot_tell() -> None:
    answer = COMPARISON.recommend(max_rate="1/day")
    assert (answer.met, answer.verdict) == (False, "undecided")
    # No mistakes in 3.7 days bound the rate at one a day.
    assert answer.observation_needed == pytest.approx(86_400 * 3.69, rel=0.01)
    assert "cannot tell" in str(answer)
    out = COMPARISON.recommend(max_rate="1/h", max_detection="100ms")
    assert out.verdict == "out of reach"
    assert not out.met


def test_costs_choose_between_waiting_and_failing_over() -> None:
    crash = {"crash_rate": "1/d"}
    careful = CURVE.recommend(outage_cost=1.0, failover_cost=100.0, **crash)
    quick = CURVE.recommend(outage_cost=1e6, failover_cost=0.01, **crash)
    assert careful.timeout > quick.timeout
