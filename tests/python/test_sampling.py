"""Samplers draw from the laws they are of: bodies by Kolmogorov and Smirnov, tails by exact counts.

The laws are SciPy's, written independently of ours. Significance 1e-6 a test, seeds fixed. The controls
at the end plant the faults that such tests are for, and see them fail.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import suspicion as sus
from scipy import stats

N = 1_000_000
SIGNIFICANCE = 1e-6
TAILS = (0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5)


def ks_fails(sample: np.ndarray, law: stats.rv_continuous) -> bool:
    """Return whether the largest distance between sample and law is too large by chance."""
    uniform = np.sort(law.cdf(sample))
    n = len(uniform)
    steps = np.arange(1, n + 1) / n
    distance = max(np.max(steps - uniform), np.max(uniform - steps + 1 / n))
    return bool(distance > math.sqrt(-math.log(SIGNIFICANCE / 2) / (2 * n)))


def tail_fails(sample: np.ndarray, law: stats.rv_continuous) -> bool:
    """Return whether a count beyond a quantile, in either tail, is too unlikely."""
    for q in TAILS:
        for beyond in (np.sum(sample > law.isf(q)), np.sum(sample < law.ppf(q))):
            if stats.binomtest(int(beyond), len(sample), q).pvalue < SIGNIFICANCE:
                return True
    return False


LAWS = [
    (sus.Exponential(mean=0.3), stats.expon(scale=0.3)),
    (sus.Uniform(low=0.1, high=0.4), stats.uniform(0.1, 0.3)),
    (sus.Gamma(shape=0.3, scale=0.02), stats.gamma(0.3, scale=0.02)),
    (sus.Gamma(shape=1.0, scale=0.02), stats.gamma(1.0, scale=0.02)),
    (sus.Gamma(shape=7.5, scale=0.02), stats.gamma(7.5, scale=0.02)),
    (sus.LogNormal(median=0.02, sigma=0.4), stats.lognorm(0.4, scale=0.02)),
    (sus.LogNormal(median=0.02, sigma=2.0), stats.lognorm(2.0, scale=0.02)),
    (sus.Weibull(scale=0.1, shape=0.5), stats.weibull_min(0.5, scale=0.1)),
    (sus.Weibull(scale=0.1, shape=3.0), stats.weibull_min(3.0, scale=0.1)),
    (sus.Pareto(minimum=0.1, tail_index=0.8), stats.pareto(0.8, scale=0.1)),
    (sus.Pareto(minimum=0.1, tail_index=2.5), stats.pareto(2.5, scale=0.1)),
    (sus.GeneralizedPareto(scale=0.1, shape=0.4), stats.genpareto(0.4, scale=0.1)),
    (sus.GeneralizedPareto(scale=0.1, shape=0.0), stats.expon(scale=0.1)),
    (sus.GeneralizedPareto(scale=0.1, shape=-0.3), stats.genpareto(-0.3, scale=0.1)),
    (sus.TruncatedNormal(mean=0.1, std=0.1), stats.truncnorm(-1, math.inf, 0.1, 0.1)),
    (sus.TruncatedNormal(mean=0.1, std=0.05, low=0.2, high=0.3), stats.truncnorm(2, 4, 0.1, 0.05)),
    (2 * sus.Exponential(mean=0.3) + 0.1, stats.expon(loc=0.1, scale=0.6)),
    (sus.Exponential(mean=1.0).truncated(high=2.0), stats.truncexpon(2.0)),
    (sus.Maximum([sus.Uniform(low=0.0, high=1.0)] * 3), stats.beta(3, 1)),
    (sus.Exponential(mean=1.0) + sus.Exponential(mean=1.0), stats.gamma(2.0)),
]


@pytest.mark.parametrize(("law", "peer"), LAWS, ids=[repr(law) for law, _ in LAWS])
def test_bodies_and_tails_are_those_of_the_law(law, peer) -> None:
    sample = law.sample(N, rng=20_261_123)
    assert np.all(np.isfinite(sample))
    low, high = law.support()
    assert low <= sample.min()
    assert sample.max() <= high
    assert not ks_fails(sample, peer)
    assert not tail_fails(sample, peer)


def test_mixture_draws_each_part_with_its_weight() -> None:
    parts = [sus.Uniform(low=k, high=k + 1) for k in range(3)]
    sample = sus.Mixture(parts, weights=[1, 2, 7]).sample(N, rng=5)
    for k, weight in enumerate((0.1, 0.2, 0.7)):
        inside = sample[(sample >= k) & (sample < k + 1)]
        assert stats.binomtest(len(inside), N, weight).pvalue > SIGNIFICANCE
        assert not ks_fails(inside, stats.uniform(k, 1))


def test_samples_of_a_sample_come_equally_often() -> None:
    sample = sus.Empirical([0.1, 0.2, 0.3, 0.4]).sample(N, rng=6)
    counts = np.unique(sample, return_counts=True)[1]
    assert stats.chisquare(counts).pvalue > SIGNIFICANCE


def test_neighbouring_draws_and_streams_do_not_know_of_each_other() -> None:
    law = sus.Uniform(low=0.0, high=1.0)
    one, other = law.sample(N, rng=1), law.sample(N, rng=2)
    limit = stats.norm.isf(SIGNIFICANCE / 2) / math.sqrt(N)
    for lag in (1, 2, 16_384):
        assert abs(np.corrcoef(one[:-lag], one[lag:])[0, 1]) < limit * 1.1
    assert abs(np.corrcoef(one, other)[0, 1]) < limit


def test_a_longer_sample_begins_with_the_shorter_one() -> None:
    law = sus.LogNormal(median=1.0, sigma=1.0)
    np.testing.assert_array_equal(law.sample(100, rng=3), law.sample(100_000, rng=3)[:100])


def test_every_way_to_pass_randomness_is_reproducible() -> None:
    law = sus.Exponential(mean=1.0)
    sequence = np.random.SeedSequence(7)
    assert law.sample(rng=7) == law.sample(rng=np.int64(7))
    assert law.sample(rng=sequence) == law.sample(rng=np.random.SeedSequence(7))
    assert law.sample(rng=sequence.spawn(1)[0]) != law.sample(rng=sequence)
    generator, twin = np.random.default_rng(7), np.random.default_rng(7)
    first, second = law.sample(rng=generator), law.sample(rng=generator)
    assert (first, second) == (law.sample(rng=twin), law.sample(rng=twin))
    assert first != second
    assert law.sample(rng=np.random.PCG64(7)) == first
    assert law.sample() != law.sample()
    assert law.sample(rng=2**200) == law.sample(rng=2**200)


class TestPlantedFaults:
    """What the tests above are worth: each of these faults fails one of them."""

    law, peer = LAWS[5]

    def test_a_clip_at_the_99_99th_percentile_is_seen_in_the_tail_and_there_only(self) -> None:
        sample = self.law.sample(N, rng=1)
        clipped = np.minimum(sample, self.peer.isf(1e-4))
        assert not ks_fails(clipped, self.peer)
        assert tail_fails(clipped, self.peer)

    def test_a_shape_that_is_off_by_a_hundredth_is_seen(self) -> None:
        sample = sus.LogNormal(median=0.02, sigma=0.404).sample(N, rng=1)
        assert ks_fails(sample, self.peer) or tail_fails(sample, self.peer)

    def test_a_scale_that_is_off_by_three_thousandths_is_seen(self) -> None:
        sample = self.law.sample(N, rng=1) * 1.003
        assert ks_fails(sample, self.peer)

    def test_uniforms_with_few_digits_are_seen_in_the_tail(self) -> None:
        # Inversion of numbers on a grid of 2^-12 never reaches beyond -ln 2^-12.
        grid = (np.random.default_rng(1).integers(1, 2**12, N) / 2**12).astype(float)
        assert tail_fails(-np.log(grid), stats.expon())
