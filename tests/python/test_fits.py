"""Fits equal those of SciPy and of slow, obvious likelihoods; what has no maximum is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
import suspicion as sus
from estimate_campaign import Row, results
from laws_to_fit import TRUTH
from scipy import optimize, stats

EXACT = 1e-6

FROZEN = {
    "Exponential": lambda p: stats.expon(scale=p["mean"]),
    "LogNormal": lambda p: stats.lognorm(s=p["sigma"], scale=p["median"]),
    "Gamma": lambda p: stats.gamma(p["shape"], scale=p["scale"]),
    "Weibull": lambda p: stats.weibull_min(p["shape"], scale=p["scale"]),
    "GeneralizedPareto": lambda p: stats.genpareto(p["shape"], scale=p["scale"]),
    "Pareto": lambda p: stats.pareto(p["tail_index"], scale=p["minimum"]),
    "TruncatedNormal": lambda p: stats.truncnorm(
        -p["mean"] / p["std"], np.inf, loc=p["mean"], scale=p["std"]
    ),
}
FREE = [family for family in TRUTH if family != "Pareto"]
REAL = {("GeneralizedPareto", "shape"), ("TruncatedNormal", "mean")}


def scipys(family, fitted, log_likelihood):
    """Maximise a likelihood written with SciPy's laws, from near the fit; return it and parameters."""
    names = list(fitted.parameters)
    real = [(family, name) in REAL for name in names]

    def parameters(at):
        return {
            name: x if is_real else math.exp(x)
            for name, x, is_real in zip(names, at, real, strict=True)
        }

    def loss(at):
        with np.errstate(all="ignore"):
            value = -log_likelihood(FROZEN[family](parameters(at)))
        return value if math.isfinite(value) else 1e100

    start = [
        (x if is_real else math.log(x)) + 0.05
        for x, is_real in zip(fitted.parameters.values(), real, strict=True)
    ]
    tight = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000, "maxfev": 8000}
    found = optimize.minimize(loss, start, method="Nelder-Mead", options=tight)
    found = optimize.minimize(loss, found.x, method="Nelder-Mead", options=tight)
    return -found.fun, parameters(found.x)


def assert_likeliest(family, fitted, log_likelihood):
    best, parameters = scipys(family, fitted, log_likelihood)
    ours = log_likelihood(FROZEN[family](fitted.parameters))
    assert fitted.log_likelihood == pytest.approx(ours, rel=1e-9, abs=1e-7)
    assert ours >= best - 1e-8 * abs(best)
    for name, value in fitted.parameters.items():
        assert value == pytest.approx(parameters[name], rel=EXACT, abs=EXACT), name


@pytest.mark.parametrize("family", FREE)
@pytest.mark.parametrize("limits", ["none", "one", "many"])
def test_fits_of_cut_off_samples_equal_scipys(family, limits) -> None:
    x = TRUTH[family].sample(400, rng=11)
    ends = {
        "none": np.full(400, np.inf),
        "one": np.full(400, np.quantile(x, 0.8)),
        "many": sus.Exponential(mean=2.0).sample(400, rng=12) + 0.1,
    }[limits]
    cut = x > ends
    fitted = sus.fit(np.minimum(x, ends), family, censored=cut)
    data = stats.CensoredData(x[~cut], right=ends[cut])
    assert (fitted.exact, fitted.censored) == (int((~cut).sum()), int(cut.sum()))

    def log_likelihood(law):
        return law.logpdf(x[~cut]).sum() + law.logsf(ends[cut]).sum()

    assert_likeliest(family, fitted, log_likelihood)
    if family in ("LogNormal", "Weibull", "Gamma", "Exponential"):
        # SciPy's own fit stops early; ours must be at least as likely, and near it.
        law = getattr(stats, {"LogNormal": "lognorm", "Weibull": "weibull_min", "Gamma": "gamma",
                              "Exponential": "expon"}[family])  # fmt: skip
        *shapes, loc, scale = law.fit(data, floc=0.0)
        theirs = law(*shapes, loc, scale)
        assert log_likelihood(theirs) <= fitted.log_likelihood + 1e-7
        assert fitted.law.median() == pytest.approx(theirs.median(), rel=1e-3)


@pytest.mark.parametrize("family", FREE)
def test_fits_of_buckets_equal_a_plain_optimum(family) -> None:
    x = TRUTH[family].sample(2000, rng=21)
    edges = np.array([0.0, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, np.inf])
    counts = np.histogram(x, edges)[0]
    fitted = sus.fit(sus.Observations.from_buckets(edges[1:], counts), family)

    def log_likelihood(law):
        return float((counts * np.log(np.diff(law.cdf(edges))))[counts > 0].sum())

    assert_likeliest(family, fitted, log_likelihood)


@pytest.mark.parametrize("family", ["LogNormal", "Weibull", "Gamma", "GeneralizedPareto"])
def test_fits_through_a_window_equal_a_plain_optimum(family) -> None:
    x = TRUTH[family].sample(3000, rng=31)
    low, high = 0.1, float(np.quantile(x, 0.9))
    x = x[(x > low) & (x < high)]
    fitted = sus.fit(x, family, truncated=(low, high))

    def log_likelihood(law):
        return law.logpdf(x).sum() - len(x) * math.log(law.cdf(high) - law.cdf(low))

    assert_likeliest(family, fitted, log_likelihood)


def test_limits_within_a_window_lie_below_its_end() -> None:
    x = sus.LogNormal(median=1.0, sigma=0.7).sample(2000, rng=5)
    x = x[x < 4.0]
    cut = x > 1.5
    fitted = sus.fit(np.minimum(x, 1.5), "LogNormal", censored=cut, truncated=(0.0, 4.0))

    def log_likelihood(law):
        seen = law.logpdf(x[~cut]).sum() + cut.sum() * math.log(law.cdf(4.0) - law.cdf(1.5))
        return seen - len(x) * law.logcdf(4.0)

    assert_likeliest("LogNormal", fitted, log_likelihood)


@pytest.mark.parametrize("family", FREE)
def test_an_offset_moves_the_law_and_nothing_else(family) -> None:
    x = TRUTH[family].sample(500, rng=41)
    plain, moved = sus.fit(x, family), sus.fit(x + 3.0, family, offset="3s")
    for name, value in plain.parameters.items():
        assert moved.parameters[name] == pytest.approx(value, rel=1e-7, abs=1e-9)
    assert moved.law.median() == pytest.approx(plain.law.median() + 3.0, rel=1e-9)
    q, r = plain.quantile(0.9), moved.quantile(0.9)
    assert (r.low, r.value, r.high) == pytest.approx(
        (q.low + 3.0, q.value + 3.0, q.high + 3.0), rel=1e-6
    )


@pytest.mark.parametrize("family", FREE)
def test_a_unit_of_time_scales_the_fit(family) -> None:
    x = TRUTH[family].sample(500, rng=43)
    one, other = sus.fit(x, family), sus.fit(1e-6 * x, family)
    assert other.law.median() == pytest.approx(1e-6 * one.law.median(), rel=1e-7)
    assert other.quantile(0.99).high == pytest.approx(1e-6 * one.quantile(0.99).high, rel=1e-6)


@pytest.mark.parametrize("family", FREE)
@pytest.mark.parametrize("limits", ["none", "one", "many"])
def test_a_hundred_thousand_points_fit_as_their_plain_sum_does(family, limits) -> None:
    x = TRUTH[family].sample(100_000, rng=51)
    ends = {
        "none": np.full(len(x), np.inf),
        "one": np.full(len(x), np.quantile(x, 0.8)),
        "many": sus.Exponential(mean=2.0).sample(len(x), rng=52) + 0.1,
    }[limits]
    cut = x > ends
    fitted = sus.fit(np.minimum(x, ends), family, censored=cut)
    law = fitted.law
    plain = law.logpdf(x[~cut]).sum() + law.logccdf(ends[cut]).sum()
    assert fitted.log_likelihood == pytest.approx(plain, rel=1e-9)
    # The slope of the plain sum, in standard errors, is nothing.
    for name, error in fitted.standard_errors.items():
        step = 1e-2 * error
        sides = []
        for side in (-1.0, 1.0):
            other = type(law)(**{**fitted.parameters, name: fitted.parameters[name] + side * step})
            sides.append(other.logpdf(x[~cut]).sum() + other.logccdf(ends[cut]).sum())
        assert abs(sides[1] - sides[0]) / (2.0 * step) * error < 2e-4, name


def test_standard_errors_are_those_of_closed_forms() -> None:
    x = sus.LogNormal(median=2.0, sigma=0.5).sample(1000, rng=61)
    fitted, logs = sus.fit(x, "LogNormal"), np.log(x)
    sigma = logs.std()
    assert fitted.parameters["median"] == pytest.approx(math.exp(logs.mean()), rel=1e-9)
    assert fitted.parameters["sigma"] == pytest.approx(sigma, rel=1e-9)
    median = fitted.parameters["median"]
    assert fitted.standard_errors["median"] == pytest.approx(median * sigma / 1000**0.5, rel=1e-6)
    assert fitted.standard_errors["sigma"] == pytest.approx(sigma / 2000**0.5, rel=1e-6)
    assert abs(fitted.covariance[0, 1]) < 1e-9
    waits = sus.Exponential(mean=3.0).sample(1000, rng=62)
    cut = waits > 2.0
    found = sus.fit(np.minimum(waits, 2.0), "Exponential", censored=cut)
    mean = np.minimum(waits, 2.0).sum() / (~cut).sum()
    assert found.parameters["mean"] == pytest.approx(mean, rel=1e-9)
    assert found.standard_errors["mean"] == pytest.approx(mean / (~cut).sum() ** 0.5, rel=1e-6)


def test_profile_intervals_are_where_the_likelihood_ratio_is_the_quantile_of_chi_square() -> None:
    x = sus.Weibull(scale=1.0, shape=1.5).sample(40, rng=71)
    cut = x > 1.2
    end = np.minimum(x, 1.2)
    fitted = sus.fit(end, "Weibull", censored=cut)

    def profile(shape):
        # For a given shape the likeliest scale is known.
        scale = (np.sum(end**shape) / (~cut).sum()) ** (1.0 / shape)
        law = stats.weibull_min(shape, scale=scale)
        return law.logpdf(end[~cut]).sum() + law.logsf(end[cut]).sum()

    for shape in fitted.confidence_interval("shape"):
        ratio = 2.0 * (fitted.log_likelihood - profile(shape))
        assert ratio == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-6)
    q = fitted.quantile(0.9)

    def held(shape, value):
        law = stats.weibull_min(shape, scale=value / stats.weibull_min(shape).ppf(0.9))
        return law.logpdf(end[~cut]).sum() + law.logsf(end[cut]).sum()

    for value in (q.low, q.high):
        best = optimize.minimize_scalar(
            lambda shape, value=value: -held(shape, value), bounds=(0.3, 6.0), method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        ratio = 2.0 * (fitted.log_likelihood + best.fun)
        assert ratio == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-6)


def test_the_interval_of_an_exponential_rate_needs_no_second_parameter() -> None:
    x = sus.Exponential(mean=1.0).sample(30, rng=72)
    fitted = sus.fit(x, "Exponential")
    for mean in fitted.confidence_interval("mean"):
        ratio = 2.0 * (fitted.log_likelihood - stats.expon(scale=mean).logpdf(x).sum())
        assert ratio == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-6)


def test_what_lies_on_an_edge_has_an_exact_interval_and_no_standard_error() -> None:
    n, seeds = 20, 4000
    held = np.zeros(5)
    for seed in range(seeds):
        x = sus.Uniform(low=1.0, high=2.0).sample(n, rng=seed)
        uniform = sus.fit(x, "Uniform")
        (low, from_), (to, high) = map(uniform.confidence_interval, ("low", "high"))
        assert (from_, to) == (x.min(), x.max())
        held[:2] += low <= 1.0, high >= 2.0
        y = sus.Pareto(minimum=0.5, tail_index=2.0).sample(n, rng=seed)
        pareto = sus.fit(y, "Pareto")
        low, from_ = pareto.confidence_interval("minimum")
        assert from_ == pytest.approx(y.min(), rel=1e-12)
        index = pareto.confidence_interval("tail_index")
        held[2:] += low <= 0.5, index[0] <= 2.0, index[1] >= 2.0
    assert math.isnan(uniform.standard_errors["low"])
    assert math.isnan(pareto.standard_errors["minimum"])
    # Five standard errors of a share among 4,000.
    expected = np.array([0.95, 0.95, 0.95, 0.975, 0.975])
    assert np.all(np.abs(held / seeds - expected) < 5 * np.sqrt(expected * (1 - expected) / seeds))


def test_uniform_ends_beyond_samples_where_limits_say_so() -> None:
    # 6 of 10 lasted longer than 1: the likeliest width is 10/4 of the way to the limit.
    fitted = sus.fit([0.1, 0.4, 0.6, 0.9], "Uniform", censored=np.full(6, 1.0))
    assert fitted.parameters["low"] == 0.1
    assert fitted.parameters["high"] == pytest.approx(0.1 + 0.9 * 10 / 4, rel=1e-8)


HOSTILE = {
    "all alike": ([0.5, 0.5, 0.5], {}),
    "one": ([0.5], {}),
    "all cut off": ([0.5, 0.7], {"censored": [True, True]}),
}


@pytest.mark.parametrize("family", ["LogNormal", "Gamma", "Weibull", "GeneralizedPareto",
                                    "TruncatedNormal", "Uniform", "Pareto"])  # fmt: skip
@pytest.mark.parametrize("case", HOSTILE)
def test_a_likelihood_without_a_maximum_is_refused(family, case) -> None:
    x, how = HOSTILE[case]
    with pytest.raises(ValueError, match="expected"):
        sus.fit(x, family, **how)


def test_all_cut_off_say_nothing_of_a_mean() -> None:
    with pytest.raises(ValueError, match="seen to its end"):
        sus.fit([0.5, 0.7], "Exponential", censored=[True, True])
    assert sus.fit([0.5], "Exponential").parameters["mean"] == pytest.approx(0.5, rel=1e-9)


def test_two_buckets_do_not_tell_two_parameters_apart() -> None:
    seen = sus.Observations.from_buckets([1.0, math.inf], [5, 5])
    with pytest.raises(ValueError, match="expected a maximum"):
        sus.fit(seen, "LogNormal")
    mean = sus.fit(seen, "Exponential").parameters["mean"]
    assert mean == pytest.approx(1.0 / math.log(2.0), rel=1e-9)


def test_zeros_are_for_families_that_hold_them() -> None:
    x = [0.0, 0.1, 0.3, 0.9]
    for family in ("LogNormal", "Gamma", "Weibull", "Pareto"):
        with pytest.raises(ValueError, match="buckets"):
            sus.fit(x, family)
    assert sus.fit(x, "Exponential").parameters["mean"] == pytest.approx(0.325, rel=1e-9)
    assert sus.fit(x, "Uniform").parameters == {"low": 0.0, "high": 0.9}


def test_an_upper_end_that_data_do_not_set_is_open() -> None:
    # One event among many cut off: a lower bound for the mean, and hardly an upper one for the shape.
    fitted = sus.fit([0.9], "Exponential", censored=np.full(9, 1.0))
    low, high = fitted.confidence_interval("mean")
    assert low < 9.9 < high < math.inf
    x = sus.TruncatedNormal(mean=1.0, std=2.0).sample(12, rng=3)
    found = sus.fit(x, "TruncatedNormal")
    assert found.confidence_interval("std")[1] > 5.0


def test_draws_have_the_covariance_of_the_fit() -> None:
    x = sus.Weibull(scale=1.0, shape=1.5).sample(400, rng=91)
    fitted = sus.fit(x, "Weibull")
    laws = fitted.draws(4000, rng=1)
    table = np.array([[law.parameters["scale"], law.parameters["shape"]] for law in laws])
    np.testing.assert_allclose(np.cov(table.T), fitted.covariance, rtol=0.15)
    np.testing.assert_allclose(table.mean(axis=0), list(fitted.parameters.values()), rtol=0.01)
    assert repr(fitted.draws(3, rng=1)) == repr(laws[:3])
    assert laws[0].identifiable_to == fitted.identifiable_to
    ends = np.array(
        [
            law.parameters["high"]
            for law in sus.fit(sus.Uniform(low=1.0, high=2.0).sample(50, rng=1), "Uniform").draws(
                2000, rng=1
            )
        ]
    )
    assert ends.min() >= ends.mean() - 0.05
    assert 0.005 < ends.std() < 0.05


@pytest.mark.parametrize(
    "row",
    [
        Row("LogNormal", "cut off at p70", 100),
        Row("LogNormal", "in buckets", 100),
        Row("Weibull", "cut off at random", 100),
        Row("Exponential", "cut off at p70", 30),
    ],
    ids=lambda row: f"{row.family}-{row.seen}",
)
def test_intervals_hold_the_truth_as_often_as_they_say(row) -> None:
    """Four standard errors of a share among 500 around 95 %; the full table is docs/estimates.md."""
    for found in results(row, *row.run(range(500))):
        assert 0.95 - 4 * 0.00975 < found.coverage < 0.95 + 4 * 0.00975, found
        assert abs(found.bias) < 0.05
        assert 0.88 < found.spread < 1.12
        assert found.refused == 0.0


def test_standard_errors_are_numbers_wherever_there_is_a_maximum() -> None:
    row, refused = Row("LogNormal", "through a window", 30), 0
    for seed in range(400):
        found = row.once(seed)
        refused += found is None
        for value, error, low, high in found or ():
            assert 0.0 < error < math.inf, seed
            assert low <= value <= high
            assert high < 1e14 or high == math.inf
    assert 0 < refused < 40
