"""A detector of one's own goes through the same sweep as those of the package, to the same numbers."""

from __future__ import annotations

import pickle
from collections import deque

import numpy as np
import pytest
import suspicion as sus

SOUTH = sus.examples.load("south_n8_v10")
URBAN = sus.examples.load("urban_n8_v0")
WORLD = sus.Heartbeats(
    every="1s", link=sus.Link(delay=sus.Exponential(mean="300ms"), loss=0.05, duplication=0.05)
)


class Fixed:
    def observe(self, heartbeat):
        return heartbeat.received, 1.0


class MyChen:
    """NFD-E, written anew; EVERY is the interval in seconds."""

    every = 1.0

    def __init__(self):
        self.late = deque(maxlen=50)

    def observe(self, heartbeat):
        self.late.append(heartbeat.received - self.every * heartbeat.number)
        return sum(self.late) / len(self.late) + self.every * (heartbeat.number + 1), 1.0


class Exponential:
    """ED-FD by its level."""

    def __init__(self):
        self.last, self.gaps = None, deque(maxlen=20)

    def observe(self, heartbeat):
        if self.last is not None:
            self.gaps.append(heartbeat.received - self.last)
        self.last = heartbeat.received

    def suspicion(self, elapsed):
        if not self.gaps:
            return np.zeros_like(elapsed)
        return -np.expm1(-elapsed / (sum(self.gaps) / len(self.gaps)))


def test_a_deadline_of_ones_own_gives_the_curve_of_the_one_built_in() -> None:
    own = sus.sweep(SOUTH, sus.Custom(Fixed, threshold_is_time=True))
    built_in = sus.sweep(SOUTH, sus.FixedTimeout())
    assert own.mistakes.tolist() == built_in.mistakes.tolist()
    np.testing.assert_allclose(own.mistake_duration, built_in.mistake_duration, rtol=1e-9)
    np.testing.assert_allclose(own.detection_time_p99, built_in.detection_time_p99, rtol=1e-9)
    assert own.name == "Fixed"


def test_it_watches_models_with_loss_reordering_and_pauses() -> None:
    terms = {"duration": "2h", "rng": 3, "thresholds": np.linspace(0.1, 3.0, 20), "replications": 3}
    own = sus.sweep(WORLD, sus.Custom(MyChen, newest_only=True, memory=50), **terms)
    built_in = sus.sweep(WORLD, sus.Chen(window=50), **terms)
    assert own.mistakes.tolist() == built_in.mistakes.tolist()
    np.testing.assert_allclose(own.detection_time, built_in.detection_time, rtol=1e-9)


def test_a_level_of_ones_own_gives_the_curve_of_the_one_built_in() -> None:
    thresholds = [0.5, 0.9, 0.99, 0.9999]
    own = sus.sweep(URBAN, sus.Custom(Exponential, needs=2), thresholds=thresholds)
    built_in = sus.sweep(
        URBAN, sus.ExponentialAccrual(window=20, scale="suspicion"), thresholds=thresholds
    )
    assert own.mistakes.tolist() == built_in.mistakes.tolist()
    np.testing.assert_allclose(own.timeout, built_in.timeout, atol=1e-9)
    np.testing.assert_allclose(own.mistake_duration, built_in.mistake_duration, rtol=1e-7)


def test_it_stands_in_comparisons_pictures_and_recommendations() -> None:
    mine = sus.Custom(Fixed, name="mine", threshold_name="timeout", threshold_is_time=True)
    curves = sus.compare(SOUTH, [sus.FixedTimeout(), mine])
    assert list(curves) == ["FixedTimeout", "mine"]
    assert curves["mine"].recommend(max_rate="1/10s").threshold == pytest.approx(
        curves["FixedTimeout"].recommend(max_rate="1/10s").threshold
    )
    assert "mine" in [text.get_text() for text in curves.plot().get_legend().get_texts()]
    assert curves["mine"].at("500ms").mistakes == 14.0
    again = pickle.loads(pickle.dumps(curves["mine"]))
    assert again.mistakes.tolist() == curves["mine"].mistakes.tolist()


def says(answer):
    class Detector:
        def observe(self, heartbeat):
            return answer

    return Detector


def levels(answer):
    class Detector:
        def observe(self, heartbeat):
            pass

        def suspicion(self, elapsed):
            return answer(elapsed)

    return Detector


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (
            None,
            TypeError,
            r"Detector.observe\(heartbeat\) after 1 heartbeats = None, expected a pair",
        ),
        (1.0, TypeError, "expected a pair"),
        ((1.0,), TypeError, "expected a pair"),
        (("1s", 1.0), TypeError, "expected a pair"),
        ((float("nan"), 1.0), ValueError, "expected a base that is a moment"),
        ((1.0, -1.0), ValueError, "expected a scale of zero or more"),
        ((1.0, float("inf")), ValueError, "expected a scale of zero or more"),
    ],
)
def test_a_deadline_of_the_wrong_shape_is_refused(answer, error, message) -> None:
    with pytest.raises(error, match=message):
        sus.sweep(URBAN, sus.Custom(says(answer)), thresholds=[1.0])


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (lambda elapsed: 1.0, TypeError, "expected an array of shape"),
        (lambda elapsed: None, TypeError, "expected an array of shape"),
        (lambda elapsed: elapsed[:-1], TypeError, "expected an array of shape"),
        (lambda elapsed: -elapsed, ValueError, "expected levels that never fall"),
        (lambda elapsed: elapsed * np.nan, ValueError, "expected levels that never fall"),
    ],
)
def test_a_level_of_the_wrong_shape_is_refused(answer, error, message) -> None:
    with pytest.raises(error, match=message):
        sus.sweep(URBAN, sus.Custom(levels(answer)), thresholds=[1.0])


def test_what_it_raises_comes_out_and_the_next_sweep_is_as_good_as_new() -> None:
    class Fragile:
        broken = True

        def observe(self, heartbeat):
            if self.broken:
                raise LookupError("I lost my way")
            return heartbeat.received, 1.0

    detector = sus.Custom(Fragile)
    for source, terms in ((URBAN, {}), (WORLD, {"duration": "1h", "rng": 1})):
        with pytest.raises(LookupError, match="I lost my way"):
            sus.sweep(source, detector, thresholds=[1.0], **terms)
    Fragile.broken = False
    assert sus.sweep(URBAN, detector, thresholds=[0.3]).mistakes[0] == 1.0


def test_what_has_no_observe_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"expected what makes an object with a method observe"):
        sus.Custom(object)
    with pytest.raises(TypeError, match="expected a class, or a function that makes a detector"):
        sus.Custom(3)


class Asking:
    """Asks the package itself, from inside of a sweep."""

    def observe(self, heartbeat):
        pass

    def suspicion(self, elapsed):
        return sus.Exponential(mean="100ms").cdf(elapsed)


def test_it_may_ask_the_package_itself() -> None:
    curve = sus.sweep(URBAN, sus.Custom(Asking), thresholds=[0.5, 0.99])
    np.testing.assert_allclose(curve.timeout, -0.1 * np.log([0.5, 0.01]), atol=1e-9)
    found = sus.sweep(WORLD, sus.Custom(Asking), thresholds=[0.5], duration="10min", rng=1)
    assert found.mistakes[0] > 0


class Slow:
    def observe(self, heartbeat):
        pass

    def suspicion(self, elapsed):
        return np.asarray(elapsed)


def test_levels_that_are_reached_after_months_are_found() -> None:
    thresholds = [0.1, 4.5e6, 1e8]
    curve = sus.sweep(URBAN, sus.Custom(Slow), thresholds=thresholds)
    np.testing.assert_allclose(curve.timeout, thresholds, rtol=1e-12, atol=1e-9)


class Saturating:
    def __init__(self):
        self.seen = 0

    def observe(self, heartbeat):
        self.seen += 1

    def suspicion(self, elapsed):
        return 1.0 - np.exp(-elapsed)


def test_all_thresholds_are_watched_from_the_same_heartbeat_on() -> None:
    for number in ([5, 3, 4, 6, 7], [5, 1, 2, 3, 6, 7, 8]):
        beats = sus.Arrivals.from_arrays(
            np.arange(len(number), dtype=float), number=np.array(number), every="1s"
        )
        detector = sus.Custom(Saturating, needs=2, newest_only=True)
        curve = sus.sweep(beats, detector, thresholds=[0.3, 2.0])
        alone = sus.sweep(beats, detector, thresholds=[0.3])
        assert curve.exposure == alone.exposure
        assert curve.mistakes[0] == alone.mistakes[0]


def test_parts_that_were_computed_elsewhere_are_merged() -> None:
    terms = {"thresholds": [0.5, 1.0], "duration": "1h", "rng": 3, "replications": 4}
    detector = sus.Custom(MyChen, newest_only=True)
    whole = sus.sweep(WORLD, detector, **terms)
    parts = [
        pickle.loads(pickle.dumps(sus.sweep(WORLD, detector, **terms, part=part)))
        for part in ((0, 2), (2, 4))
    ]
    assert parts[0].merged(parts[1]).mistakes.tolist() == whole.mistakes.tolist()


def test_an_exception_is_not_kept_for_a_later_sweep() -> None:
    class Fragile(Fixed):
        broken = True

        def observe(self, heartbeat):
            if Fragile.broken:
                raise LookupError("lost")
            return super().observe(heartbeat)

    one, other = sus.Custom(Fragile), sus.Custom(Fragile)
    Fragile.broken = True
    with pytest.raises(LookupError):
        sus.compare(URBAN, {"one": one, "other": other})
    Fragile.broken = False
    assert sus.sweep(URBAN, other, thresholds=[0.3]).mistakes[0] == 1.0
