"""Tails, clusters and correlation: SciPy, closed forms, published figures, and traps that must be flagged."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
import suspicion as sus
from scipy import optimize, stats
from suspicion import _core
from suspicion.estimate import autocorrelation, extremal_index, tail

PARETO = sus.Pareto(minimum="1s", tail_index=2.5)
LOGNORMAL = sus.LogNormal(median="1s", sigma=1.0)
PARETO_SAMPLE = PARETO.sample(50_000, rng=2)
LOGNORMAL_SAMPLE = LOGNORMAL.sample(50_000, rng=2)


@pytest.mark.parametrize("sample", [PARETO_SAMPLE, LOGNORMAL_SAMPLE], ids=["Pareto", "lognormal"])
def test_shape_and_scale_are_those_of_scipy(sample) -> None:
    found = tail(sample, share=0.02)
    excess = sample[sample > found.threshold] - found.threshold
    shape, _, scale = stats.genpareto.fit(excess, floc=0)
    assert found.exceeding == excess.size == 1000
    assert (found.shape, found.scale) == pytest.approx((shape, scale), abs=2e-3)
    ours = stats.genpareto.logpdf(excess, found.shape, scale=found.scale).sum()
    assert ours >= stats.genpareto.logpdf(excess, shape, scale=scale).sum() - 1e-6
    first, second = stats.lmoment(excess, order=[1, 2])
    ratio = first / second
    assert found.by_l_moments == pytest.approx((2 - ratio, first * (ratio - 1)), rel=1e-9)


def test_the_interval_of_the_shape_is_where_the_profile_falls_by_chi_square() -> None:
    found = tail(PARETO_SAMPLE, share=0.02)
    excess = PARETO_SAMPLE[found.threshold < PARETO_SAMPLE] - found.threshold

    def profile(shape: float) -> float:
        def cost(log_scale: float) -> float:
            return -stats.genpareto.logpdf(excess, shape, scale=math.exp(log_scale)).sum()

        return -optimize.minimize_scalar(cost, bounds=(-2, 3), method="bounded").fun

    top = stats.genpareto.logpdf(excess, found.shape, scale=found.scale).sum()
    for end in found.shape_interval:
        assert 2 * (top - profile(end)) == pytest.approx(stats.chi2.ppf(0.95, 1), abs=0.05)


def test_the_interval_of_a_quantile_is_where_the_joint_profile_falls_by_chi_square() -> None:
    found = tail(PARETO_SAMPLE, share=0.02)
    u, n, exceed = found.threshold, found.n, found.exceeding
    excess = PARETO_SAMPLE[u < PARETO_SAMPLE] - u

    def log_likelihood(shape: float, log_scale: float, share: float) -> float:
        if not 0 < share < 1:
            return -math.inf
        tails = stats.genpareto.logpdf(excess, shape, scale=math.exp(log_scale)).sum()
        return tails + stats.binom.logpmf(exceed, n, share)

    start = np.array([found.shape, math.log(found.scale)])
    top = log_likelihood(*start, found.share)
    q = 1e-5
    for x in found._core.quantile_interval(q, 0.95):

        def cost(point: np.ndarray, x: float = x) -> float:
            beyond = stats.genpareto.sf(x - u, point[0], scale=math.exp(point[1]))
            return -log_likelihood(*point, q / beyond) if beyond > 0 else math.inf

        best = optimize.minimize(
            cost, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6}
        )
        assert 2 * (top + best.fun) == pytest.approx(stats.chi2.ppf(0.95, 1), abs=0.05)


def test_the_tail_of_a_pareto_law_is_found_far_beyond_the_samples() -> None:
    found = tail(PARETO_SAMPLE, share=0.02)
    low, high = found.shape_interval
    assert low < 0.4 < high
    far = found.quantile(0.99999)
    assert far.low < 100.0 < far.high
    again = found.exceedance(far.value)
    assert again.value == pytest.approx(1e-5, rel=1e-9)
    assert again.low < 1e-5 < again.high
    assert found.exceedance(found.threshold).value == pytest.approx(0.02)
    assert not found.drifts


def test_the_lognormal_trap_is_flagged_and_the_range_holds_the_truth() -> None:
    """Of 50,000 lognormal samples the top 2 % look like a power of shape 0.23, which is none."""
    truth = float(LOGNORMAL.iccdf(1e-5))
    assert truth == pytest.approx(71.2, abs=0.05)
    shapes, held, flagged = [], 0, 0
    for seed in range(40):
        found = tail(LOGNORMAL.sample(50_000, rng=seed), share=0.02)
        shapes.append(found.shape)
        near, far = found.range(0.99999)
        held += near <= found.quantile(0.99999).value <= far
        flagged += "lognormal" in found.not_told_apart
    assert np.median(shapes) == pytest.approx(0.238, abs=0.02)
    assert held == 40
    assert flagged >= 36
    assert "do not tell it from a" in repr(found)
    assert "extrapolated" in str(found.quantile(0.99999))


def test_what_the_samples_bound_by_themselves_is_not_called_extrapolated() -> None:
    found = tail(PARETO_SAMPLE, share=0.02)
    q, time = found.identifiable_to.exceedance, found.identifiable_to.time
    assert q == pytest.approx(1 - 0.025 ** (1 / 50_000), rel=1e-9)
    assert time == pytest.approx(PARETO.iccdf(q), rel=0.3)
    assert found.quantile(0.999).note == ""


@pytest.mark.parametrize(
    ("law", "name"), [(LOGNORMAL, "lognormal"), (sus.Weibull(scale="1s", shape=0.5), "Weibull")]
)
def test_other_forms_fit_their_own_tail_and_give_its_quantiles(law, name) -> None:
    found = tail(law.sample(400_000, rng=3), share=0.1)
    values = {form: values for form, _, values in found._core.other_forms(np.array([1e-4, 1e-6]))}
    np.testing.assert_allclose(values[name], law.iccdf([1e-4, 1e-6]), rtol=0.25)
    assert name in found.not_told_apart


def test_the_law_has_the_body_of_the_samples_and_the_fitted_tail() -> None:
    found = tail(PARETO_SAMPLE, share=0.02)
    assert found.law.ccdf(2.0) == pytest.approx((PARETO_SAMPLE > 2.0).mean(), abs=1e-9)
    assert found.law.ccdf(50.0) == pytest.approx(found.exceedance(50.0).value, rel=1e-9)
    sus.Link(delay=found.law)


def test_a_threshold_is_chosen_below_which_the_shape_is_another() -> None:
    body = sus.Uniform(low=0.0, high=1.0).sample(45_000, rng=4)
    beyond = 1.0 + sus.GeneralizedPareto(scale="1s", shape=0.4).sample(5_000, rng=5)
    found = tail(np.concatenate([body, beyond]))
    assert found.threshold >= 0.99
    assert found.share > 0.03
    assert found.shape_interval[0] < 0.4 < found.shape_interval[1]


def test_the_picture_of_a_tail_is_dashed_where_it_extrapolates() -> None:
    found = tail(PARETO_SAMPLE, share=0.02)
    assert {"--", "-"} <= {line.get_linestyle() for line in found.plot().lines}
    found.stability.plot()
    assert pickle.loads(pickle.dumps(found)).shape == found.shape


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"threshold": "1h"}, "threshold = 3600, which 0 values exceed"),
        ({"threshold": 1.0, "share": 0.1}, "share = 0.1, expected None"),
        ({"share": 1e-5}, "share = 1e-05, expected one that 20 values or more"),
        ({"share": 1.5}, "share = 1.5, expected a number strictly between"),
    ],
)
def test_thresholds_that_leave_no_tail_are_refused(arguments, said) -> None:
    with pytest.raises(ValueError, match=said):
        tail(PARETO_SAMPLE, **arguments)
    with pytest.raises(ValueError, match=r"p = 0\.5, expected a probability above 0\.98"):
        tail(PARETO_SAMPLE, share=0.02).quantile(0.5)


def maxima(index: float, n: int, seed: int) -> np.ndarray:
    """Return max-autoregressive values, X_i = max((1 - index) X_(i-1), index Z_i), Z unit Fréchet."""
    z = -1.0 / np.log(np.random.default_rng(seed).uniform(size=n))
    x = np.empty(n)
    x[0] = z[0]
    for i in range(1, n):
        x[i] = max((1.0 - index) * x[i - 1], index * z[i])
    return x


@pytest.mark.parametrize("index", [0.25, 0.5, 0.8])
def test_the_extremal_index_of_maxima_is_found(index) -> None:
    x = maxima(index, 50_000, 3)
    found = extremal_index(x, float(np.quantile(x, 0.99)), rng=1)
    assert found.low < index < found.high
    assert found.value == pytest.approx(index, abs=0.08)
    assert found.clusters.sum() == found.exceeding
    assert found.exceeding / found.clusters.size == pytest.approx(1 / index, rel=0.25)


def test_independent_values_do_not_cluster() -> None:
    found = extremal_index(PARETO_SAMPLE, float(np.quantile(PARETO_SAMPLE, 0.99)), rng=1)
    assert found.value > 0.9
    assert found.high == pytest.approx(1.0, abs=0.05)


def test_runs_part_where_so_many_values_stay_below() -> None:
    series = np.zeros(40)
    series[[3, 4, 6, 20, 21, 35]] = 1.0
    assert extremal_index(series, 0.5, run=2, rng=1).clusters.tolist() == [3, 2, 1]
    # (1, 2, 14, 1, 14): 2 (27)^2/(5 (13*12*2)), by hand.
    expected = min(1.0, 2 * 27**2 / (5 * 2 * 13 * 12))
    assert extremal_index(series, 0.5, rng=1).value == pytest.approx(expected)


def test_correlation_leaves_out_pairs_with_what_is_missing() -> None:
    rng = np.random.default_rng(5)
    x = np.empty(20_000)
    x[0] = 0.0
    for i in range(1, x.size):
        x[i] = 0.8 * x[i - 1] + rng.normal()
    holes = x.copy()
    holes[rng.uniform(size=x.size) < 0.3] = np.nan
    for series in (x, holes):
        found = autocorrelation(series, lags=100)
        np.testing.assert_allclose(found.correlation[:5], 0.8 ** np.arange(1, 6), atol=0.05)
        # (1 - 0.8)/(1 + 0.8) of as many.
        assert found.effective_size == pytest.approx(found.n / 9, rel=0.3)
    a, b = holes[:-3], holes[3:]
    both = ~np.isnan(a) & ~np.isnan(b)
    centre = np.nanmean(holes)
    a, b = a[both] - centre, b[both] - centre
    assert autocorrelation(holes).correlation[2] == pytest.approx(
        (a @ b) / math.sqrt((a @ a) * (b @ b))
    )
    assert autocorrelation(holes).pairs[2] == both.sum()


def test_white_noise_stays_within_its_bands() -> None:
    found = autocorrelation(np.random.default_rng(6).normal(size=5000), lags=200)
    assert np.mean(np.abs(found.correlation) > 1.96 * found.error) < 0.1
    assert found.effective_size > 2500


def test_the_core_takes_places_in_order_only() -> None:
    with pytest.raises(ValueError, match="number = 3, expected numbers that ascend"):
        _core.extremal_index(np.array([1, 5, 3]), 100, 0.95, bytes(32), None)


@pytest.mark.parametrize(
    ("law", "n", "share", "p"), [("exponential", 2000, 0.05, 0.9999), ("pareto", 200, 0.25, 0.9999)]
)
def test_intervals_far_out_hold_the_truth_on_either_side(law, n, share, p) -> None:
    # Of 60 each, 2.5 % are due on a side; six or more have a chance of one in 600.
    truth = -math.log(1.0 - p) if law == "exponential" else 1.0 / (1.0 - p)
    above = below = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        samples = rng.exponential(1.0, n) if law == "exponential" else rng.pareto(1.0, n) + 1.0
        found = tail(samples, share=share).quantile(p)
        above, below = above + (found.low > truth), below + (found.high < truth)
    assert above <= 5
    assert below <= 5
