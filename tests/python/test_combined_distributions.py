"""Laws made of other laws or of data, against their parts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import suspicion as sus


def test_mixture_mixes_tails_and_inverts_them() -> None:
    light, heavy = sus.LogNormal(median=0.005, sigma=0.5), sus.Pareto(minimum=1.0, tail_index=1.5)
    law = sus.Mixture([light, heavy], weights=[99.0, 1.0])
    x = np.array([0.001, 0.01, 0.5, 1.0, 30.0, 1e6])
    np.testing.assert_allclose(law.ccdf(x), 0.99 * light.ccdf(x) + 0.01 * heavy.ccdf(x), rtol=1e-13)
    np.testing.assert_allclose(law.cdf(x), 0.99 * light.cdf(x) + 0.01 * heavy.cdf(x), rtol=1e-13)
    np.testing.assert_allclose(law.pdf(x), 0.99 * light.pdf(x) + 0.01 * heavy.pdf(x), rtol=1e-12)
    for q in (0.7, 0.02, 1e-3, 1e-12):
        assert law.ccdf(law.iccdf(q)) == pytest.approx(q, rel=1e-12)
        assert law.cdf(law.icdf(q)) == pytest.approx(q, rel=1e-12)
    assert law.mean() == pytest.approx(0.99 * light.mean() + 0.01 * heavy.mean())
    assert law.variance() == math.inf


def test_maximum_is_the_product_of_cdfs() -> None:
    one = sus.Exponential(mean=1.0)
    law = sus.Maximum([one] * 5)
    x = np.array([0.01, 1.0, 10.0, 500.0])
    np.testing.assert_allclose(law.cdf(x), one.cdf(x) ** 5, rtol=1e-13)
    np.testing.assert_allclose(law.ccdf([40.0, 600.0]), 5 * one.ccdf([40.0, 600.0]), rtol=1e-12)
    # The slowest of n exponentials takes the n-th harmonic number on average.
    assert law.mean() == pytest.approx(sum(1 / k for k in range(1, 6)), rel=1e-8)
    assert law.variance() == pytest.approx(sum(1 / k**2 for k in range(1, 6)), rel=1e-7)
    assert law.ccdf(law.iccdf(1e-15)) == pytest.approx(1e-15, rel=1e-12)
    assert sus.Maximum([one] * 100).ccdf(one.iccdf(0.01)) == pytest.approx(0.6340, abs=1e-4)


def test_truncation_is_conditioning() -> None:
    base = sus.LogNormal(median=0.1, sigma=1.0)
    law = base.truncated("50ms", "400ms")
    x = np.array([0.06, 0.1, 0.39])
    mass = base.cdf(0.4) - base.cdf(0.05)
    np.testing.assert_allclose(law.cdf(x), (base.cdf(x) - base.cdf(0.05)) / mass, rtol=1e-11)
    np.testing.assert_allclose(law.cdf(x) + law.ccdf(x), 1.0, rtol=1e-13)
    np.testing.assert_allclose(law.icdf(law.cdf(x)), x, rtol=1e-12)
    tail = base.truncated(low=100.0)
    np.testing.assert_allclose(
        tail.ccdf([200.0, 1e4]), base.ccdf([200.0, 1e4]) / base.ccdf(100.0), rtol=1e-12
    )
    exponential = sus.Exponential(mean=1.0).truncated(high=2.0)
    assert exponential.mean() == pytest.approx(
        1.0 - 2.0 * math.exp(-2.0) / -math.expm1(-2.0), rel=1e-8
    )


def test_shift_and_scale_move_everything() -> None:
    law = 2 * sus.Exponential(mean="1ms") + "5ms"
    assert law.mean() == pytest.approx(0.007)
    assert law.std() == pytest.approx(0.002)
    assert law.support() == (0.005, math.inf)
    assert law.ccdf(0.007) == pytest.approx(math.exp(-1.0))
    assert law.iccdf(math.exp(-3.0)) == pytest.approx(0.011)
    assert "1ms" + sus.Constant("1ms") == sus.Constant("1ms") + "1ms"
    with pytest.raises(ValueError, match=r"offset = -0\.01"):
        sus.Exponential(mean=1.0) - 0.01


def test_sum_is_simulated_and_says_where_it_knows_nothing() -> None:
    hop = sus.Exponential(mean=1.0)
    law = hop + hop
    exact = sus.Gamma(shape=2.0, scale=1.0)
    assert law.mean() == 2.0
    assert law.variance() == 2.0
    x = np.linspace(0.2, 8.0, 40)
    assert np.max(np.abs(law.cdf(x) - exact.cdf(x))) < 1.63 / math.sqrt(2**18)
    assert math.isnan(law.ccdf(1e3))
    assert math.isnan(law.iccdf(1e-9))
    assert math.isnan(law.cdf(1e-9))


def test_empirical_is_the_sample() -> None:
    law = sus.Empirical([0.4, 0.1, 0.2, 0.2])
    assert law.cdf([0.05, 0.1, 0.15, 0.2, 0.4]).tolist() == [0.0, 0.25, 0.25, 0.75, 1.0]
    assert law.icdf([0.0, 0.25, 0.26, 0.75, 0.76, 1.0]).tolist() == [0.1, 0.1, 0.2, 0.2, 0.4, 0.4]
    assert law.iccdf([1.0, 0.75, 0.74, 0.25, 0.24, 0.0]).tolist() == [0.1, 0.1, 0.2, 0.2, 0.4, 0.4]
    assert law.mean() == pytest.approx(0.225)
    assert law.variance() == pytest.approx(np.var([0.4, 0.1, 0.2, 0.2]))
    assert set(law.sample(1000, rng=1)) == {0.1, 0.2, 0.4}
    with pytest.raises(ValueError, match="no density"):
        law.pdf(0.2)


def test_laws_nested_without_end_are_refused() -> None:
    def nest(depth: int) -> sus.Distribution:
        return sus.Constant(1.0) if depth == 0 else sus.Mixture([nest(depth - 1)])

    with pytest.raises(ValueError, match="laws deep"):
        nest(100)
