"""Families beside each other: the one that made the data wins, what does not fit is said, pictures show it."""

from __future__ import annotations

import math
import pickle

import matplotlib.pyplot as plt
import numpy as np
import pytest
import suspicion as sus
from laws_to_fit import TRUTH


def test_the_law_that_made_the_data_wins_and_fits() -> None:
    for family, truth in TRUTH.items():
        ranking = sus.fits(truth.sample(3000, rng=103))
        fitting = [fit.family for fit in ranking if fit.p_value >= 0.01]
        assert family in fitting, (family, str(ranking))
        assert ranking[family].aic - ranking.fits[0].aic < 8.0
        assert sum(ranking.weights) == pytest.approx(1.0)


def test_a_normal_is_not_taken_for_a_pareto() -> None:
    x = sus.Pareto(minimum="1ms", tail_index=1.5).sample(1000, rng=102)
    ranking = sus.fits(x)
    assert ranking.fits[0].family == "Pareto"
    assert ranking.best is ranking.fits[0]
    poor = sus.fits(x, ["TruncatedNormal", "Exponential", sus.Gamma])
    assert poor.best is None
    assert poor.verdict.startswith("None of these fits")


def test_goodness_has_the_level_it_says_and_sees_a_clipped_tail() -> None:
    seeds = 600
    p = [sus.fit(sus.LogNormal(median=1.0, sigma=1.0).sample(2000, rng=seed), "LogNormal").p_value
         for seed in range(seeds)]  # fmt: skip
    low = np.mean(np.array(p) < 0.05)
    # Bonferroni keeps it at or below 5 %; twice that and more would be a broken statistic.
    assert 0.005 < low < 0.075, low
    x = sus.Exponential(mean=1.0).sample(100_000, rng=1)
    clipped = sus.fit(np.minimum(x, np.quantile(x, 0.999)) - 1e-12, "Exponential")
    assert clipped.p_value < 1e-6
    cut = x > 3.0
    assert sus.fit(np.minimum(x, 3.0), "Exponential", censored=cut).p_value > 0.01
    assert sus.fit(np.minimum(x, 3.0), "LogNormal", censored=cut).p_value < 1e-6
    many = sus.Exponential(mean=2.0).sample(len(x), rng=2)
    assert sus.fit(np.minimum(x, many), "Exponential", censored=x > many).p_value > 0.01
    assert sus.fit(np.minimum(x, many), "Weibull", censored=x > many).p_value > 0.01
    assert sus.fit(np.minimum(x, many), "LogNormal", censored=x > many).p_value < 1e-6


def test_fits_are_frozen_readable_and_survive_pickle() -> None:
    x = sus.LogNormal(median=1.0, sigma=1.0).sample(200, rng=1)
    fitted = sus.fit(x, "LogNormal", censored=x > 3.0)
    other = pickle.loads(pickle.dumps(fitted))
    assert other.to_dict() == fitted.to_dict()
    assert other.law.identifiable_to == fitted.identifiable_to
    ranking = sus.fits(x)
    assert str(pickle.loads(pickle.dumps(ranking))) == str(ranking)
    for item in (fitted, ranking, fitted.observations):
        with pytest.raises(AttributeError):
            item.law = 1
    assert "<table>" in fitted._repr_html_()
    assert "<table>" in ranking._repr_html_()
    assert len(fitted.to_frame()) == 2
    assert len(ranking.to_frame("polars")) == len(ranking)
    with pytest.raises(ValueError, match="read-only"):
        fitted.covariance[0, 0] = 1.0


@pytest.mark.parametrize("kind", ["samples", "cut off", "buckets", "window"])
def test_pictures_stop_where_the_data_do(kind) -> None:
    x = sus.LogNormal(median=1.0, sigma=1.0).sample(500, rng=1)
    edges = [0.5, 1.0, 2.0, 5.0, math.inf]
    data, how = {
        "samples": (x, {}),
        "cut off": (np.minimum(x, 2.0), {"censored": x > 2.0}),
        "buckets": (sus.Observations.from_buckets(edges, np.histogram(x, [0.0, *edges])[0]), {}),
        "window": (x[x < 2.0], {"truncated": (0.0, 2.0)}),
    }[kind]
    fitted = sus.fit(data, "LogNormal", **how)
    ax = fitted.plot()
    solid = ax.get_lines()[1].get_xdata()
    dashed = ax.get_lines()[2]
    assert solid.max() == pytest.approx(fitted.identifiable_to.time)
    assert dashed.get_linestyle() == "--"
    assert dashed.get_xdata().min() == pytest.approx(fitted.identifiable_to.time)
    assert fitted.plot_quantiles().get_xlabel() == "quantile of LogNormal"
    plt.close("all")


def test_the_drawn_share_is_that_of_the_samples() -> None:
    from suspicion.plot.fit import survival

    x, share, low, high = survival(sus.fit([0.1, 0.2, 0.2, 0.7], "Exponential"))
    assert x.tolist() == [0.1, 0.2, 0.7]
    assert share.tolist() == pytest.approx([0.75, 0.25, 0.0])
    assert np.all((low <= share) & (share <= high))
