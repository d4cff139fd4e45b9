"""How far data speak: what is fitted to them knows where they end, and what is made of it, too."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
import suspicion as sus


@pytest.mark.parametrize(("n", "expected"), [(3688, 0.999), (368, 0.99), (36887, 0.9999)])
def test_data_speak_as_far_as_a_quantile_has_an_upper_bound(n, expected) -> None:
    x = sus.Exponential(mean=1.0).sample(n, rng=81)
    fitted = sus.fit(x, "Exponential")
    assert fitted.identifiable_to.probability >= expected
    assert sus.fit(x[1:], "Exponential").identifiable_to.probability < expected
    assert fitted.quantile(expected).identifiable
    assert not fitted.quantile(1.0 - 0.5 * (1.0 - expected)).identifiable


def test_data_speak_no_further_than_they_were_let() -> None:
    x = sus.Exponential(mean=1.0).sample(10_000, rng=82)
    cut = sus.fit(np.minimum(x, 2.0), "Exponential", censored=x > 2.0)
    assert cut.identifiable_to.time == pytest.approx(2.0)
    assert cut.identifiable_to.probability == pytest.approx(float(cut.law.cdf(2.0)))
    edges = [0.5, 1.0, 3.0, math.inf]
    counts = np.histogram(x, [0.0, *edges])[0]
    assert (
        sus.fit(sus.Observations.from_buckets(edges, counts), "Exponential").identifiable_to.time
        == 3.0
    )
    seen = sus.fit(x[x < 1.5], "Exponential", truncated=(0.0, 1.5))
    assert 1.49 < seen.identifiable_to.time <= 1.5


def test_laws_made_of_fitted_ones_know_how_far_data_speak() -> None:
    law = sus.fit(sus.Exponential(mean=1.0).sample(368, rng=83), "Exponential").law
    known = law.identifiable_to
    moved = 2.0 * law + 1.0
    assert moved.identifiable_to.probability == pytest.approx(known.probability)
    assert moved.identifiable_to.time == pytest.approx(2.0 * known.time + 1.0)
    assert law.truncated(high=known.time).identifiable_to is None
    assert law.truncated(high=10.0 * known.time).identifiable_to.time == known.time
    by_hand = sus.Exponential(mean=1.0)
    assert by_hand.identifiable_to is None
    for made in (sus.Mixture([by_hand, law]), sus.Maximum([law, by_hand])):
        assert made.identifiable_to.probability == known.probability
    assert pickle.loads(pickle.dumps(moved)).identifiable_to == moved.identifiable_to
    assert copy.deepcopy(law).identifiable_to == known


def test_of_mixed_limits_those_that_outlast_one_bound_what_is_beyond_it() -> None:
    rng = np.random.default_rng(2)
    short, long = rng.exponential(1.0, 99_900), rng.exponential(1.0, 100)
    seen = np.concatenate([np.minimum(short, 0.1), long])
    fitted = sus.fit(seen, "Exponential", censored=np.append(short > 0.1, np.zeros(100, bool)))
    outlasting = int((long > 0.1).sum())
    expected = 1.0 - math.exp(-0.1) * (1.0 - 0.025 ** (1.0 / outlasting))
    assert fitted.identifiable_to.probability == pytest.approx(expected, abs=2e-3)


def test_no_horizon_lies_beyond_the_largest_sample_or_before_the_window() -> None:
    rng = np.random.default_rng(1)
    samples = rng.exponential(1.0, 100_000)
    assert sus.fit(samples, "Pareto").identifiable_to.time <= samples.max()
    late = 5.0 + rng.exponential(1.0, 100)
    fitted = sus.fit(late, "Exponential", truncated=(5.0, math.inf))
    assert 5.0 < fitted.identifiable_to.time <= late.max() * (1.0 + 1e-9)
