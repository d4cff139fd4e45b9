"""Laws against mpmath, in both tails; laws as values."""

from __future__ import annotations

import itertools
import math
import pickle
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
import suspicion as sus

mpmath.mp.dps = 60
M = mpmath.mpf

CLOSED = 1e-12
"""Relative error allowed to a law with a closed form, and to one with an incomplete gamma function."""
INCOMPLETE = 1e-9


def normal_ccdf(z: mpmath.mpf) -> mpmath.mpf:
    return mpmath.erfc(z / mpmath.sqrt(2)) / 2


def normal_cdf(z: mpmath.mpf) -> mpmath.mpf:
    return mpmath.erfc(-z / mpmath.sqrt(2)) / 2


def truncated_normal(mean: float, std: float, low: float, high: float):
    def between(a: mpmath.mpf, b: mpmath.mpf) -> mpmath.mpf:
        # On the side where the tails are small, and with enough digits for their difference.
        with mpmath.workdps(400):
            za, zb = (a - M(mean)) / M(std), (b - M(mean)) / M(std)
            upper = normal_ccdf(za) - (0 if mpmath.isinf(b) else normal_ccdf(zb))
            return +upper

    mass = between(M(low), M(high))
    return (
        lambda x: between(M(low), x) / mass,
        lambda x: between(x, M(high)) / mass,
    )


def gamma_law(shape: float, scale: float):
    def tails(x: mpmath.mpf, which: int) -> mpmath.mpf:
        with mpmath.workdps(400):
            ends = (0, x / M(scale)) if which == 0 else (x / M(scale), mpmath.inf)
            return mpmath.gammainc(M(shape), *ends, regularized=True)

    return lambda x: tails(x, 0), lambda x: tails(x, 1)


def cases() -> list[tuple[str, sus.Distribution, Callable, Callable, float]]:
    """Return name, law, cdf and ccdf in mpmath, and the error allowed."""
    found = []
    for mean in (1e-6, 0.3, 7e4):
        law = sus.Exponential(mean=mean)
        found.append(
            (
                f"exponential {mean}",
                law,
                lambda x, m=mean: -mpmath.expm1(-x / M(m)),
                lambda x, m=mean: mpmath.exp(-x / M(m)),
                CLOSED,
            )
        )
    for scale, shape in itertools.product((1e-3, 40.0), (0.2, 0.9, 1.0, 3.3, 25.0)):
        law = sus.Weibull(scale=scale, shape=shape)
        hazard = lambda x, s=scale, k=shape: (x / M(s)) ** M(k)  # noqa: E731
        found.append(
            (
                f"weibull {scale} {shape}",
                law,
                lambda x, h=hazard: -mpmath.expm1(-h(x)),
                lambda x, h=hazard: mpmath.exp(-h(x)),
                CLOSED,
            )
        )
    for minimum, tail in itertools.product((1e-3, 5.0), (0.3, 1.5, 8.0)):
        law = sus.Pareto(minimum=minimum, tail_index=tail)
        ccdf = lambda x, m=minimum, a=tail: (M(m) / x) ** M(a) if x > m else M(1)  # noqa: E731
        found.append((f"pareto {minimum} {tail}", law, lambda x, c=ccdf: 1 - c(x), ccdf, CLOSED))
    for scale, shape in itertools.product((0.01, 3.0), (-0.7, -1e-9, 0.0, 1e-9, 0.2, 1.7)):
        law = sus.GeneralizedPareto(scale=scale, shape=shape)
        if shape == 0.0:
            hazard = lambda x, s=scale: x / M(s)  # noqa: E731
        else:
            hazard = lambda x, s=scale, k=shape: mpmath.log1p(M(k) * x / M(s)) / M(k)  # noqa: E731
        found.append(
            (
                f"gpd {scale} {shape}",
                law,
                lambda x, h=hazard: -mpmath.expm1(-h(x)),
                lambda x, h=hazard: mpmath.exp(-h(x)),
                CLOSED,
            )
        )
    for median, sigma in itertools.product((1e-3, 2.0), (0.05, 0.8, 2.5)):
        law = sus.LogNormal(median=median, sigma=sigma)
        z = lambda x, m=median, s=sigma: mpmath.log(x / M(m)) / M(s)  # noqa: E731
        found.append(
            (
                f"lognormal {median} {sigma}",
                law,
                lambda x, z=z: normal_cdf(z(x)),
                lambda x, z=z: normal_ccdf(z(x)),
                CLOSED,
            )
        )
    for low, high in ((0.0, 1.0), (3.0, 3.5)):
        law = sus.Uniform(low=low, high=high)
        found.append(
            (
                f"uniform {low}",
                law,
                lambda x, a=low, b=high: (x - M(a)) / (M(b) - M(a)),
                lambda x, a=low, b=high: (M(b) - x) / (M(b) - M(a)),
                CLOSED,
            )
        )
    for ends in (
        (0.01, 0.004, 0.0, math.inf),
        (1.0, 2.0, 0.0, 5.0),
        (0.0, 1.0, 3.0, math.inf),
        (9.0, 1.0, 0.0, 4.0),
        (1.0, 0.3, 0.9, 1.1),
    ):
        law = sus.TruncatedNormal(mean=ends[0], std=ends[1], low=ends[2], high=ends[3])
        found.append((f"truncated normal {ends}", law, *truncated_normal(*ends), CLOSED))
    for shape, scale in itertools.product((0.02, 0.5, 1.0, 4.0, 150.0, 3e4), (0.002,)):
        law = sus.Gamma(shape=shape, scale=scale)
        found.append((f"gamma {shape}", law, *gamma_law(shape, scale), INCOMPLETE))
    return found


CASES = cases()
PROBABILITIES = [0.5, 0.1, 0.01, 1e-4, 1e-8, 1e-16, 1e-40, 1e-100, 1e-200, 1e-300]


@pytest.mark.parametrize(
    ("law", "cdf", "ccdf", "allowed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_probabilities_equal_mpmath_down_to_1e_300_in_both_tails(law, cdf, ccdf, allowed) -> None:
    low, high = law.support()
    # Points at which one tail has just these probabilities; mpmath says what they are exactly there.
    upper, lower = law.iccdf(PROBABILITIES), law.icdf(PROBABILITIES)
    points = np.unique(np.concatenate([upper, lower]))
    points = points[(points > low) & (points < high) & np.isfinite(points) & (points > 1e-305)]
    assert len(points) >= 4
    for x in points.tolist():
        for name, exact in (("cdf", cdf(M(x))), ("ccdf", ccdf(M(x)))):
            if exact < M("1e-300"):
                continue
            found = M(getattr(law, name)(x))
            assert abs(found / exact - 1) <= allowed, (
                name,
                x,
                float(exact),
                float(found / exact - 1),
            )
            log = M(getattr(law, "log" + name)(x))
            assert abs(log - mpmath.log(exact)) <= allowed * max(1, abs(mpmath.log(exact))), (
                name,
                x,
            )


@pytest.mark.parametrize(
    ("law", "cdf", "ccdf", "allowed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_quantiles_have_the_probability_they_were_asked_for(law, cdf, ccdf, allowed) -> None:
    low, high = law.support()
    for inverse, tail in ((law.iccdf, ccdf), (law.icdf, cdf)):
        for q in PROBABILITIES[:8]:
            x = float(inverse(q))
            if not low < x < high or x < 1e-290:
                continue
            # The next float may be the better answer: what one unit in the last place changes is allowed.
            slack = abs(tail(M(x) * (1 + M(2) ** -51)) - tail(M(x) * (1 - M(2) ** -51)))
            assert abs(tail(M(x)) - M(q)) <= 4 * slack + 10 * allowed * M(q), (q, x)


@pytest.mark.parametrize(("law", "cdf"), [c[1:3] for c in CASES], ids=[c[0] for c in CASES])
def test_density_is_the_slope_of_the_cdf(law, cdf) -> None:
    low, high = law.support()
    for p in (0.01, 0.3, 0.5, 0.9, 0.999):
        x = float(law.icdf(p))
        if not low < x < high or x < 1e-290:
            continue
        with mpmath.workdps(60):
            step = M(x) * M("1e-18")
            slope = (cdf(M(x) + step) - cdf(M(x) - step)) / (2 * step)
        assert law.pdf(x) == pytest.approx(float(slope), rel=1e-9), (p, x)
        assert law.logpdf(x) == pytest.approx(float(mpmath.log(slope)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("name", "law"), [c[:2] for c in CASES], ids=[c[0] for c in CASES])
def test_mean_and_variance_are_integrals_over_the_quantiles(name, law) -> None:
    # Midpoints of a million equal steps of probability, refined in both tails.
    edges = np.concatenate([np.geomspace(1e-14, 0.5, 40_001)])
    widths, middle = np.diff(edges), np.sqrt(edges[1:] * edges[:-1])
    x = np.concatenate([law.icdf(middle), law.iccdf(middle)])
    weights = np.concatenate([widths, widths])
    if math.isfinite(law.variance()) and law.variance() < 100 * law.mean() ** 2:
        mean = float(np.sum(weights * x))
        assert law.mean() == pytest.approx(mean, rel=2e-4)
        spread = float(np.sum(weights * (x - mean) ** 2))
        assert law.std() == pytest.approx(math.sqrt(spread), rel=5e-3)


def test_logccdf_goes_on_where_ccdf_has_underflowed() -> None:
    law = sus.LogNormal(median=1.0, sigma=1.0)
    for x in (1e20, 1e60, 1e300):
        assert law.ccdf(x) == 0.0 or x == 1e20
        exact = mpmath.log(normal_ccdf(mpmath.log(M(x))))
        assert law.logccdf(x) == pytest.approx(float(exact), rel=1e-13)
    assert law.ilogccdf(-1000.0) == pytest.approx(
        float(mpmath.exp(mpmath.findroot(lambda z: mpmath.log(normal_ccdf(z)) + 1000, 44))),
        rel=1e-12,
    )


def test_arguments_broadcast_and_numbers_give_numbers() -> None:
    law = sus.Exponential(mean=1.0)
    assert isinstance(law.ccdf(1), float)
    assert law.ccdf(np.ones((2, 3))).shape == (2, 3)
    assert law.ccdf(np.ones((2, 0))).shape == (2, 0)
    assert law.sample(rng=1) == law.sample((1,), rng=1)[0]
    assert law.sample((4, 5), rng=1).shape == (4, 5)
    with pytest.raises(ValueError, match=r"x\[1\] = nan, expected a number"):
        law.ccdf([0.1, math.nan])
    assert law.ccdf([-1.0, math.inf]).tolist() == [1.0, 0.0]
    big_endian = np.array([0.5, 1.0], dtype=">f8")
    np.testing.assert_array_equal(law.ccdf(big_endian), law.ccdf([0.5, 1.0]))
    strided = np.arange(10.0)[::-3]
    np.testing.assert_array_equal(law.ccdf(strided), law.ccdf(strided.tolist()))


def test_laws_are_values() -> None:
    law = sus.LogNormal(median="1ms", sigma=1.2)
    assert law == sus.LogNormal(median=0.001, sigma=1.2)
    assert hash(law) == hash(sus.LogNormal(median=0.001, sigma=1.2))
    assert law != sus.LogNormal(median=0.001, sigma=1.3)
    assert law != sus.Weibull(scale=0.001, shape=1.2)
    assert repr(law) == "LogNormal(median='1ms', sigma=1.2)"
    assert eval(repr(law), vars(sus)) == law  # noqa: S307
    assert pickle.loads(pickle.dumps(law)) == law
    with pytest.raises(AttributeError, match="cannot be changed"):
        law.sigma = 2.0  # type: ignore[attr-defined]
    nested = sus.Mixture([law.truncated(high="1s"), sus.Constant("1s") + "1ms"], weights=[1, 2])
    assert pickle.loads(pickle.dumps(nested)) == nested
