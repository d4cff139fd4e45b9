"""Survival with cut off durations: another implementation, the textbook's product, and what is not known.

The reference values are lifelines 0.30.3's, which does not install beside pandas 3; in an environment of
its own: ``KaplanMeierFitter().fit(SAMPLE, SEEN)``, then its `survival_function_`,
`confidence_interval_survival_function_` and `_cumulative_sq_`.
"""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
import suspicion as sus
from suspicion.estimate import KaplanMeier

SAMPLE = [
    0.5, 1.0, 1.9, 0.6, 0.5, 1.0, 0.7, 6.4, 0.5, 1.0, 0.4, 1.2, 0.5, 1.0, 1.9, 6.5, 0.5, 1.0, 2.5, 0.9,
    0.3, 1.0, 0.8, 0.3, 0.5, 0.4, 0.2, 1.9, 0.5, 0.6, 2.8, 0.7, 0.5, 0.5, 3.0, 2.5, 0.5, 1.0, 0.2, 2.0,
]  # fmt: skip
SEEN = [
    0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1,
    0, 1, 0, 0, 1, 1,
]  # fmt: skip
LIFELINES = np.array(
    [
        (0.2, 40, 2, 0.95, 0.8145461201445269, 0.9872555238603086, 0.0013157894736842105),
        (0.3, 38, 2, 0.9, 0.7551410544979972, 0.9612451916402065, 0.0027777777777777775),
        (0.4, 36, 2, 0.8500000000000002, 0.6962362165791645, 0.9296481662866037, 0.004411764705882353),
        (0.5, 34, 1, 0.8250000000000001, 0.6676562263551091, 0.9124650822198503, 0.0053030303030303025),
        (0.6, 24, 2, 0.7562500000000001, 0.5796257193988893, 0.8666480445475521, 0.00909090909090909),
        (0.7, 22, 2, 0.6874999999999999, 0.5014902644283875, 0.8159347920316484, 0.013636363636363636),
        (0.8, 20, 1, 0.6531249999999998, 0.4648459739622326, 0.7890829038417023, 0.016267942583732056),
        (0.9, 19, 1, 0.6187499999999998, 0.42949488999584423, 0.7613385814146033, 0.01919191919191919),
        (1.2, 11, 1, 0.5624999999999999, 0.3604738370396625, 0.7229277459983896, 0.02828282828282828),
        (1.9, 10, 3, 0.3937499999999998, 0.1953165849984756, 0.5874757600510002, 0.07113997113997114),
        (2.0, 7, 1, 0.33749999999999986, 0.1504679376496248, 0.536377500089671, 0.09494949494949495),
        (2.5, 6, 2, 0.2249999999999999, 0.07443353866654219, 0.42464952004216056, 0.17828282828282827),
        (2.8, 4, 1, 0.16874999999999996, 0.04390763524448972, 0.36315825338729657, 0.2616161616161616),
        (6.4, 2, 1, 0.08437499999999999, 0.007166574663447566, 0.2899912598898924, 0.7616161616161616),
    ]
)  # fmt: skip
"""Time, at risk, events, survival, log-log band at 95 %, Greenwood's sum; the last step leaves none."""


def mixed(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return exponential durations of mean one and old timeouts of 0.5, 1 and 3 s."""
    return sus.Exponential(mean="1s").sample(n, rng=seed), np.resize([0.5, 1.0, 3.0], n)


def test_it_is_the_curve_of_lifelines() -> None:
    curve = KaplanMeier(SAMPLE, np.array(SEEN, bool))
    table = curve.to_dict()
    assert curve.survival[-1] == 0.0
    for column, expected in zip(table.values(), LIFELINES.T, strict=False):
        np.testing.assert_allclose(column[:-1], expected, rtol=1e-12, atol=1e-12)
    variance = LIFELINES[:, 3] ** 2 * LIFELINES[:, 6]
    np.testing.assert_allclose(curve.variance[:-1], variance, rtol=1e-12)
    assert curve.quantile(0.5).value == 1.9


def test_the_plain_band_is_the_estimate_and_its_standard_errors() -> None:
    curve = KaplanMeier(SAMPLE, np.array(SEEN, bool), band="plain")
    spread = 1.959963984540054 * LIFELINES[:, 3] * np.sqrt(LIFELINES[:, 6])
    np.testing.assert_allclose(curve.low[:-1], np.maximum(LIFELINES[:, 3] - spread, 0), atol=1e-12)
    np.testing.assert_allclose(curve.high[:-1], np.minimum(LIFELINES[:, 3] + spread, 1), atol=1e-12)


def test_the_curve_is_the_product_of_the_textbook() -> None:
    took, limit = mixed(999, 3)
    took = np.round(took, 2)
    curve = KaplanMeier(took, timeout=limit)
    seen, lasted = took < limit, np.minimum(took, limit)
    survival = 1.0
    for t, value in zip(curve.times, curve.survival, strict=True):
        survival *= 1.0 - np.sum(seen & (lasted == t)) / np.sum(lasted >= t)
        assert value == pytest.approx(survival, rel=1e-12)
    assert curve.censored == np.sum(~seen)


def test_without_timeouts_it_is_the_share_that_is_longer() -> None:
    took, _ = mixed(1000, 4)
    curve = KaplanMeier(took)
    t = np.linspace(0.0, 8.0, 50)
    np.testing.assert_allclose(curve.ccdf(t), [(took > moment).mean() for moment in t], atol=1e-12)


def test_mixed_timeouts_leave_no_bias_where_dropping_what_they_cut_off_does() -> None:
    took, limit = mixed(300_000, 5)
    curve = KaplanMeier(took, timeout=limit)
    truth = math.exp(-0.9)
    assert curve.ccdf(0.9) == pytest.approx(truth, abs=0.004)
    low, high = curve.interval(0.9)
    assert low < truth < high
    ended = took[took < limit]
    assert (ended > 0.9).mean() == pytest.approx(0.199, abs=0.01)


def test_nothing_is_said_past_the_longest_timeout() -> None:
    took, limit = mixed(3000, 6)
    curve = KaplanMeier(took, timeout=limit)
    probability, time = curve.identifiable_to.exceedance, curve.identifiable_to.time
    assert time == 3.0
    assert 0.03 < probability < 0.07
    assert not math.isnan(curve.ccdf(3.0))
    assert np.isnan(curve.ccdf([3.0001, 100.0])).all()
    assert np.isnan(curve.interval(3.5)).all()
    p999 = curve.quantile(0.999)
    assert not p999.identifiable
    assert "not identifiable" in str(p999)
    # The band tells more than nothing: it is longer than this.
    assert p999.low == 3.0
    assert p999.high == math.inf


def test_before_the_first_event_the_band_is_what_no_event_shows() -> None:
    curve = KaplanMeier([1.0] * 100, timeout=1.0)
    assert curve.ccdf(0.5) == 1.0
    assert curve.interval(0.5)[0] == pytest.approx(0.025 ** (1 / 100), rel=1e-12)


def test_the_law_of_the_curve_has_its_tail_and_says_nothing_it_does_not_know() -> None:
    took, limit = mixed(30_000, 7)
    curve = KaplanMeier(took, timeout=limit)
    with pytest.raises(
        ValueError, match=r"beyond = None, expected where the .* go that exceed 3 s"
    ):
        curve.law()
    law = curve.law(beyond="at the limit")
    np.testing.assert_allclose(law.ccdf(curve.times), curve.survival, atol=1e-9)
    assert law.ccdf(3.0) == 0.0
    memoryless = curve.law(beyond=sus.Exponential(mean="1s"))
    assert memoryless.ccdf(5.0) == pytest.approx(math.exp(-5.0), rel=0.05)
    sus.Link(delay=memoryless)
    whole = KaplanMeier([0.0, 0.1, 0.1, 0.4]).law()
    np.testing.assert_allclose(whole.ccdf([0.01, 0.1, 0.4]), [0.75, 0.25, 0.0], atol=0.3)
    assert whole.ccdf(0.1) == pytest.approx(0.25)


def test_lost_answers_may_be_nan_and_ties_with_the_timeout_are_cut_off() -> None:
    curve = KaplanMeier([0.1, math.nan, math.inf, 0.5, 0.7], timeout="500ms")
    assert curve.times.tolist() == [0.1]
    assert curve.censored == 4
    assert (curve.identifiable_to.probability, curve.identifiable_to.time) == (
        pytest.approx(0.2),
        0.5,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"sample": []}, r"sample = \[\], expected one duration or more"),
        ({"sample": [1.0, -1.0]}, r"sample = -1.0, expected durations of zero or more"),
        ({"sample": [1.0, math.nan]}, r"sample\[1\] = nan, expected a finite number"),
        ({"sample": [1.0], "observed": [True, False]}, "observed = .*expected 1 of them"),
        ({"sample": [1.0], "observed": [1]}, "observed = .*expected True or False for each"),
        ({"sample": [1.0], "timeout": 0.0}, r"timeout = 0.0, expected durations above zero"),
        ({"sample": [1.0], "timeout": [1.0, 2.0]}, "timeout = .*, expected 1 of them"),
        ({"sample": [1.0], "timeout": 2.0, "observed": [True]}, "observed = .*, expected None"),
        ({"sample": [1.0], "band": "logit"}, "band = 'logit', expected 'log-log' or 'plain'"),
        ({"sample": [1.0], "confidence_level": 1.0}, "confidence_level = 1.0, expected"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(arguments, said) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        KaplanMeier(**arguments)


def test_copies_and_frames_hold_the_same_curve() -> None:
    curve = KaplanMeier(SAMPLE, np.array(SEEN, bool), confidence_level=0.9, band="plain")
    for other in (pickle.loads(pickle.dumps(curve)), copy.deepcopy(curve)):
        assert repr(other) == repr(curve)
        np.testing.assert_array_equal(other.low, curve.low)
    assert list(curve.to_frame("polars")["at_risk"]) == curve.at_risk.tolist()
    assert not curve.survival.flags.writeable


def test_the_picture_ends_where_the_data_do() -> None:
    took, limit = mixed(30_000, 8)
    ax = KaplanMeier(took, timeout=limit).plot()
    time, value = ax.lines[0].get_data()
    assert time.max() == 3.0
    assert (value > 0.0).all()
    assert "not identifiable" in [text.get_text() for text in ax.get_legend().get_texts()]
