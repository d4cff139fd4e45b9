"""Laws that are asked for by their quantiles or moments have them."""

from __future__ import annotations

import itertools
import math
import pickle

import numpy as np
import pytest
import suspicion as sus


def test_quantile_knots_are_met_and_the_ends_are_needed() -> None:
    law = sus.Empirical.from_quantiles({0: 0.001, 0.5: 0.002, 0.99: 0.02, 1: 1.0})
    assert law.icdf([0.0, 0.5, 0.99, 1.0]) == pytest.approx([0.001, 0.002, 0.02, 1.0])
    assert law.cdf([0.0015, 0.51]) == pytest.approx([0.25, 0.995])
    assert law.pdf(0.0015) == pytest.approx(500.0)
    sample = law.sample(200_000, rng=3)
    assert abs(sample.mean() - law.mean()) < 4 * law.std() / math.sqrt(len(sample))
    with pytest.raises(ValueError, match="from 0"):
        sus.Empirical.from_quantiles({0.5: 0.002, 1: 0.02})


@pytest.mark.parametrize(
    "family", [sus.LogNormal, sus.Weibull, sus.Pareto, sus.Gamma, sus.GeneralizedPareto]
)
def test_two_quantiles_are_met_exactly(family) -> None:
    law = family.from_quantiles({0.5: "10ms", 0.99: "90ms"})
    assert law.icdf([0.5, 0.99]) == pytest.approx([0.01, 0.09], rel=1e-11)
    assert law.residual is None


@pytest.mark.parametrize(
    "family", [sus.LogNormal, sus.Weibull, sus.Pareto, sus.Gamma, sus.GeneralizedPareto]
)
def test_more_quantiles_of_a_law_give_that_law_back(family) -> None:
    truth = family.from_quantiles({0.5: "10ms", 0.99: "90ms"})
    law = family.from_quantiles({p: float(truth.icdf(p)) for p in (0.5, 0.9, 0.99, 0.999)})
    assert law.residual < 1e-9
    assert list(law.parameters.values()) == pytest.approx(list(truth.parameters.values()), rel=1e-6)


def test_more_quantiles_than_a_law_can_meet_are_met_as_nearly_as_it_can() -> None:
    quantiles = {0.5: 0.01, 0.9: 0.05, 0.99: 0.06, 0.999: 2.0}
    law = sus.LogNormal.from_quantiles(quantiles)

    def residual(found: sus.Distribution) -> float:
        misses = [found.logccdf(x) - math.log1p(-p) for p, x in quantiles.items()]
        return math.sqrt(np.mean(np.square(misses)))

    assert law.residual == pytest.approx(residual(law))
    assert law.residual > 0.1
    for median, sigma in itertools.product((0.99, 1.0, 1.01), repeat=2):
        moved = sus.LogNormal(
            median=law.parameters["median"] * median, sigma=law.parameters["sigma"] * sigma
        )
        assert residual(moved) >= law.residual - 1e-12
    assert pickle.loads(pickle.dumps(law)).residual == law.residual
    assert sus.Exponential.from_quantiles({0.5: 1.0}).median() == pytest.approx(1.0)
    assert sus.Exponential.from_quantiles({0.5: 1.0, 0.9: 2.0}).residual > 0.1


@pytest.mark.parametrize("family", [sus.LogNormal, sus.Weibull, sus.Pareto, sus.Gamma])
@pytest.mark.parametrize("std", ["1ms", "30ms", "200ms"])
def test_mean_and_standard_deviation_are_met(family, std) -> None:
    law = family.from_mean_std("20ms", std)
    assert law.mean() == pytest.approx(0.02, rel=1e-9)
    assert law.std() == pytest.approx(float(std[:-2]) / 1e3, rel=1e-6)
