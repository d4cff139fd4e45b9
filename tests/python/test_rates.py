"""Exact intervals for rare counts and for quantiles: published figures, SciPy, and mpmath."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
import suspicion as sus
from scipy import stats
from suspicion import _core
from suspicion.estimate import proportion, quantile, rate


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.02532, 5.5716), (3, 0.61867, 8.76727), (10, 4.79539, 18.39036)],
)
def test_rates_have_the_published_intervals_of_garwood(count, low, high) -> None:
    found = rate(count, 1.0)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.value == count


@pytest.mark.parametrize(
    ("count", "trials", "low", "high"),
    [(5, 1000, 0.0016254, 0.0116295), (0, 1000, 0.0, 0.0036821)],
)
def test_proportions_have_the_published_intervals_of_clopper_and_pearson(
    count, trials, low, high
) -> None:
    found = proportion(count, trials)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-8)


def test_of_nothing_seen_the_bound_is_the_rule_of_three() -> None:
    assert rate(0, 1.0).bound == pytest.approx(-math.log(0.05), rel=1e-9)
    assert proportion(0, 1000).bound == pytest.approx(1.0 - 0.05 ** (1 / 1000), rel=1e-12)
    assert proportion(0, 10**6).bound * 10**6 == pytest.approx(3.0, rel=2e-3)
    assert str(rate(0, "1d")).startswith("fewer than")
    assert str(proportion(0, 10)).startswith("less than")


def test_bounds_of_few_events_are_those_of_scipy() -> None:
    for count in (1, 2, 7, 100):
        expected = stats.chi2.ppf(0.95, 2 * count + 2) / 2
        assert rate(count, 1.0).bound == pytest.approx(expected, rel=1e-9)
        expected = stats.beta.ppf(0.95, count + 1, 1000 - count)
        assert proportion(count, 1000).bound == pytest.approx(expected, rel=1e-9)
    for level in (0.3, 0.5):
        expected = stats.chi2.ppf(level, 8) / 2
        assert rate(3, 1.0, confidence_level=level).bound == pytest.approx(expected, rel=1e-9)


def beta_tail(a: int, b: int, x: float) -> mp.mpf:
    """Return I_x(a, b) with forty digits, by a series that has no cancellation."""
    a, b, x = mp.mpf(a), mp.mpf(b), mp.mpf(x)
    weight = a * mp.log(x) + b * mp.log1p(-x) - mp.log(a)
    weight -= mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return mp.exp(weight) * mp.hyp2f1(1, a + b, a + 1, x)


def test_the_ends_leave_half_of_alpha_to_forty_digits() -> None:
    rng = np.random.default_rng(1)
    with mp.workdps(40):
        for _ in range(12):
            n = int(10 ** rng.uniform(0.5, 4.5))
            k = int(np.clip(n * rng.uniform() ** rng.integers(1, 9), 1, n - 1))
            low, high, _ = _core.clopper_pearson(k, n, 0.95)
            assert abs(beta_tail(k, n - k + 1, low) / 0.025 - 1) < 1e-11 * math.sqrt(n)
            # One less high, whose own rounding is amplified by the density.
            tail = 1 - beta_tail(k + 1, n - k, high)
            assert abs(tail / 0.025 - 1) < 1e-11 * math.sqrt(n)


def test_the_ends_are_those_of_scipy() -> None:
    rng = np.random.default_rng(2)
    for _ in range(300):
        n = int(10 ** rng.uniform(0, 6))
        k = int(np.clip(n * rng.uniform() ** rng.integers(1, 9), 1, n))
        found = proportion(k, n)
        assert found.low == pytest.approx(stats.beta.ppf(0.025, k, n - k + 1), rel=1e-12)
        if k < n:
            assert found.high == pytest.approx(stats.beta.isf(0.025, k + 1, n - k), rel=1e-12)
        else:
            assert found.high == 1.0


def test_around_one_expected_event_coverage_is_exact_and_wilsons_is_not() -> None:
    n, p = 1000, 0.001
    chance = stats.binom.pmf(np.arange(40), n, p)
    ours = [_core.clopper_pearson(k, n, 0.95) for k in range(40)]
    held = sum(c for c, (low, high, _) in zip(chance, ours, strict=True) if low <= p <= high)
    assert held == pytest.approx(0.981, abs=5e-4)
    wilson = [stats.binomtest(k, n).proportion_ci(method="wilson") for k in range(40)]
    held = sum(c for c, end in zip(chance, wilson, strict=True) if end.low <= p <= end.high)
    assert held == pytest.approx(0.920, abs=5e-4)


@pytest.mark.parametrize(
    ("n", "ranks"), [(1000, (997, None)), (10_000, (9983, 9997)), (100_000, (99_880, 99_920))]
)
def test_ranks_around_p999_are_the_published_ones(n, ranks) -> None:
    assert _core.rank_interval(n, 0.999, 0.95) == ranks
    found = quantile(np.arange(1.0, n + 1.0), 0.999)
    assert (found.value, found.low) == (n * 0.999, ranks[0])
    assert found.high == (math.inf if ranks[1] is None else ranks[1])


@pytest.mark.parametrize(("p", "least"), [(0.99, 368), (0.999, 3688), (0.9999, 36_887)])
def test_a_finite_upper_end_needs_so_many_values(p, least) -> None:
    assert _core.rank_interval(least, p, 0.95)[1] is not None
    assert _core.rank_interval(least - 1, p, 0.95)[1] is None


def test_ranks_are_the_first_that_the_binomial_law_allows() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        n, p, level = int(rng.integers(1, 400)), rng.uniform(0.01, 0.99), rng.uniform(0.5, 0.999)
        tail, ranks = (1 - level) / 2, np.arange(1, n + 1)
        low = ranks[stats.binom.cdf(ranks - 1, n, p) <= tail]
        high = ranks[stats.binom.sf(ranks - 1, n, p) <= tail]
        expected = (low.max() if low.size else None, high.min() if high.size else None)
        assert _core.rank_interval(n, p, level) == expected


def test_a_sample_too_small_for_its_quantile_has_no_upper_end() -> None:
    sample = sus.Exponential(mean="1s").sample(100, rng=1)
    found = quantile(sample, 0.99)
    assert found.high == math.inf
    assert "no upper bound" in str(found)
    assert quantile([3.0, 1.0, 2.0], 0.5).value == 2.0
    assert quantile([3.0, 1.0, 2.0], 0.5).low == 0.0
