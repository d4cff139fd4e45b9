"""Bias and coverage of fits over many seeds; prints the table of docs/estimates.md.

Every row draws durations from a known law, hides some of them as an old timeout, a log or a histogram
would, and counts how often the 95 % profile interval holds the true parameter.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import suspicion as sus

LAWS = {
    "LogNormal": sus.LogNormal(median=1.0, sigma=1.0),
    "Weibull": sus.Weibull(scale=1.0, shape=1.5),
    "Exponential": sus.Exponential(mean=1.0),
    "Gamma": sus.Gamma(shape=2.0, scale=0.5),
    "GeneralizedPareto": sus.GeneralizedPareto(scale=1.0, shape=0.3),
}
EDGES = [0.25, 0.5, 1.0, 2.0, 4.0, math.inf]
"""Buckets that double, as those of a metrics library do."""

SIZES = (30, 100, 1000)


@dataclass(frozen=True)
class Row:
    """A law, how it is seen, and how many durations are."""

    family: str
    seen: str
    n: int

    def observations(self, seed: int) -> sus.Observations:
        """Return what is seen under a seed."""
        law, rng = LAWS[self.family], np.random.default_rng([seed, self.n])
        if self.seen == "through a window":
            window = float(law.icdf(0.05)), float(law.icdf(0.9))
            return sus.Observations(
                law.truncated(*window).sample(self.n, rng=rng), truncated=window
            )
        x = law.sample(self.n, rng=rng)
        if self.seen == "cut off at p70":
            limit = float(law.icdf(0.7))
            return sus.Observations(np.minimum(x, limit), censored=x > limit)
        if self.seen == "cut off at random":
            limits = sus.Exponential(mean=3.0 * law.median()).sample(self.n, rng=rng)
            return sus.Observations(np.minimum(x, limits), censored=x > limits)
        if self.seen == "in buckets":
            return sus.Observations.from_buckets(EDGES, np.histogram(x, [0.0, *EDGES])[0])
        return sus.Observations(x)

    def once(self, seed: int) -> list[tuple[float, float, float, float]] | None:
        """Return estimate, standard error and interval of each parameter, or None of a refusal."""
        try:
            fitted = sus.fit(self.observations(seed), self.family)
        except ValueError:
            return None
        return [
            (value, fitted.standard_errors[name], *fitted.confidence_interval(name))
            for name, value in fitted.parameters.items()
        ]

    def run(self, seeds: range) -> tuple[int, np.ndarray]:
        """Return refusals, and what `once` finds by seed, parameter and figure."""
        found = [self.once(seed) for seed in seeds]
        kept = [row for row in found if row is not None]
        return len(found) - len(kept), np.array(kept)


@dataclass(frozen=True)
class Result:
    """What a row comes to for one parameter."""

    parameter: str
    bias: float
    """Median of the estimates over the truth, less one."""
    spread: float
    """Standard deviation of the estimates over the mean standard error (medians of both)."""
    below: float
    """Share of intervals that lie below the truth."""
    above: float
    """Share of intervals that lie above it."""
    refused: float
    """Share of data sets for which there is no maximum."""

    @property
    def coverage(self) -> float:
        return 1.0 - self.below - self.above


def results(row: Row, refused: int, found: np.ndarray) -> Iterator[Result]:
    """Give the results of a row, one for each parameter."""
    for which, (name, truth) in enumerate(LAWS[row.family].parameters.items()):
        value, error, low, high = found[:, which].T
        quarters = np.quantile(value, [0.25, 0.75])
        yield Result(
            name,
            float(np.median(value) / truth - 1.0),
            float((quarters[1] - quarters[0]) / 1.349 / np.median(error)),
            float((high < truth).mean()),
            float((low > truth).mean()),
            refused / (refused + len(found)),
        )


def rows() -> Iterator[Row]:
    """Give all rows of the table."""
    ways = {
        "LogNormal": ("cut off at p70", "in buckets", "through a window"),
        "Weibull": ("in buckets", "cut off at random"),
        "Exponential": ("cut off at p70",),
        "GeneralizedPareto": ("whole",),
    }
    for family, seen in ways.items():
        for way in seen:
            for n in SIZES:
                yield Row(family, way, n)


def measured(row: Row, seeds: int, pool: ProcessPoolExecutor) -> list[Result]:
    """Run a row on all processes."""
    parts = [range(start, min(start + 250, seeds)) for start in range(0, seeds, 250)]
    done = list(pool.map(row.run, parts))
    found = np.concatenate([table for _, table in done if len(table)])
    return list(results(row, sum(refused for refused, _ in done), found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4000)
    seeds = parser.parse_args().seeds
    error = 100 * math.sqrt(0.95 * 0.05 / seeds)
    print("# Bias and coverage of fits\n")
    print(f"Made by `make verify` (tests/python/estimate_campaign.py, {seeds:,} seeds a row).")
    print("Bias is that of the median estimate. Spread is the standard deviation of the estimates")
    print("(by quartiles) over the median standard error. Coverage is the share of 95 % profile")
    print(
        f"intervals that hold the true parameter; its standard error is {error:.2f} points, and what"
    )
    print("is asked for is 93.7 to 96.3 %. Refused are data whose likelihood has no maximum.\n")
    print("| law | seen | n | parameter | bias | spread | below | above | coverage | refused |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    missed = 0
    with ProcessPoolExecutor() as pool:
        for row in rows():
            for found in measured(row, seeds, pool):
                good = 0.937 <= found.coverage <= 0.963
                missed += not good
                print(
                    f"| {row.family} | {row.seen} | {row.n} | {found.parameter} | {100 * found.bias:+.1f} % "
                    f"| {found.spread:.2f} | {100 * found.below:.1f} % | {100 * found.above:.1f} % "
                    f"| {100 * found.coverage:.1f} %{'' if good else ' **outside**'} "
                    f"| {100 * found.refused:.1f} % |",
                    flush=True,
                )
    print(f"\nRows outside of what is asked for: {missed}.")


if __name__ == "__main__":
    main()
