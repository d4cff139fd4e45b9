"""Whether what is said of tails, of rare events and of cut off durations is as often right as it says.

Prints a table; `make verify` keeps it as docs/tails.md. A small version of it is in test_tail_campaign.py.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import suspicion as sus
from suspicion import _core
from suspicion.estimate import KaplanMeier, extremal_index

PARETO_INDEX = 2.5
N, SHARE, RARE = 50_000, 0.02, 1e-5
SHARES = np.array([0.1, 0.05, 0.02, 0.01, 0.005, 0.0025])
LOGNORMAL = sus.LogNormal(median="1s", sigma=1.0)


@dataclass(frozen=True)
class Row:
    """A share of seeds in which something holds, or another figure, and what is asked for."""

    group: str
    name: str
    measured: float
    low: float
    """What is asked for, at least."""
    high: float
    """At most."""
    share: bool = True

    @property
    def good(self) -> bool:
        return self.low <= self.measured <= self.high

    def __str__(self) -> str:
        def shown(x: float) -> str:
            return f"{100 * x:.1f} %" if self.share else f"{x:.3g}"

        mark = "" if self.good else " **missed**"
        return f"| {self.group} | {self.name} | {shown(self.measured)}{mark} | {shown(self.low)} to {shown(self.high)} |"


def tails(
    name: str, draw: Callable[[np.random.Generator], np.ndarray], truth: float, seeds: int
) -> dict[str, np.ndarray]:
    """Return what the top 2 % say, seed by seed."""
    found: dict[str, list[float]] = {key: [] for key in ("shape", "far", "held", "inside", "drift")}
    for seed in range(seeds):
        sample = draw(np.random.default_rng([seed, len(name)]))
        ordered = np.partition(sample, N - round(SHARE * N) - 1)
        tail = _core.Tail(sample, float(ordered[N - round(SHARE * N) - 1]))
        log_likelihood = tail.fit()[6]
        low, high = tail.quantile_interval(RARE, 0.95)
        far = tail.quantile(RARE)
        forms = {"generalized Pareto": (log_likelihood, far)}
        forms |= {
            form: (value, float(q[0])) for form, value, q in tail.other_forms(np.array([RARE]))
        }
        best = max(value for value, _ in forms.values())
        kept = {form: q for form, (value, q) in forms.items() if value >= best - 2.0}
        p_values = _core.stability(sample, SHARES, 0.05)[5]
        found["shape"].append(tail.fit()[3])
        found["far"].append(far)
        found["held"].append(low <= truth <= high)
        found["inside"].append("lognormal" in kept and len(kept) > 1)
        found["drift"].append(p_values[0] < 0.05)
    return {key: np.array(values, float) for key, values in found.items()}


def tail_rows(seeds: int) -> Iterator[Row]:
    def pareto(rng: np.random.Generator) -> np.ndarray:
        return rng.uniform(size=N) ** (-1.0 / PARETO_INDEX)

    found = tails("Pareto", pareto, RARE ** (-1.0 / PARETO_INDEX), seeds)
    group = "Pareto 2.5, top 2 % of 50,000"
    first, middle, third = np.quantile(found["far"], [0.25, 0.5, 0.75])
    yield Row(group, "median p99.999, truth 100", middle, 97.0, 102.0, share=False)
    yield Row(group, "first quartile", first, 84.0, 92.0, share=False)
    yield Row(group, "third quartile", third, 110.0, 118.0, share=False)
    yield Row(
        group,
        "median shape, truth 0.4",
        float(np.median(found["shape"])),
        0.385,
        0.405,
        share=False,
    )
    yield Row(group, "95 % interval of p99.999 holds", found["held"].mean(), 0.93, 0.97)
    yield Row(group, "drift of the shape said, wrongly", found["drift"].mean(), 0.0, 0.1)

    found = tails(
        "lognormal", lambda rng: rng.lognormal(size=N), float(LOGNORMAL.iccdf(RARE)), seeds
    )
    group = "lognormal(0, 1), top 2 % of 50,000"
    yield Row(
        group, "median shape, truth 0", float(np.median(found["shape"])), 0.22, 0.255, share=False
    )
    yield Row(
        group, "median p99.999, truth 71.2", float(np.median(found["far"])), 73.5, 78.5, share=False
    )
    yield Row(
        group, "95 % interval of p99.999 holds, for all that", found["held"].mean(), 0.8, 0.97
    )
    yield Row(group, "flagged: not told from a lognormal tail", found["inside"].mean(), 0.9, 1.0)
    yield Row(group, "drift of the shape said, rightly", found["drift"].mean(), 0.05, 1.0)


def few_rows(seeds: int) -> Iterator[Row]:
    """Give how often each end of an interval is on the wrong side when few are above the threshold."""
    n = 1000
    for name, law, far in (
        ("exponential", lambda rng: rng.exponential(size=n), -math.log(RARE)),
        (
            "Pareto 2.5",
            lambda rng: rng.uniform(size=n) ** (-1.0 / PARETO_INDEX),
            RARE ** (-1.0 / PARETO_INDEX),
        ),
    ):
        # The likelihood of few is not yet a parabola in any coordinates: that costs the upper end most.
        for few, most in ((20, 0.1), (50, 0.06), (100, 0.05)):
            below = above = 0
            for seed in range(seeds):
                sample = law(np.random.default_rng([seed, few]))
                edge = float(np.partition(sample, n - few - 1)[n - few - 1])
                low, high = _core.Tail(sample, edge).quantile_interval(RARE, 0.95)
                below += high < far
                above += low > far
            group = f"{name}, {few} of {n:,} above the threshold"
            yield Row(group, "interval of p99.999 ends below it", below / seeds, 0.0, most)
            yield Row(group, "interval of p99.999 begins above it", above / seeds, 0.0, most)


def survival_rows(seeds: int) -> Iterator[Row]:
    n = 300
    limit = np.resize([0.5, 1.0, 3.0], n)
    moments = np.array([0.3, 0.9, 2.0])
    for band in ("log-log", "plain"):
        held = np.zeros(3)
        median = 0
        for seed in range(seeds):
            took = np.random.default_rng([seed, 7]).exponential(size=n)
            curve = KaplanMeier(took, timeout=limit, band=band)
            low, high = curve.interval(moments)
            held += (low <= np.exp(-moments)) & (np.exp(-moments) <= high)
            found = curve.quantile(0.5)
            median += found.low <= math.log(2.0) <= found.high
        group = f"Kaplan-Meier, 300 with timeouts 0.5, 1, 3, {band}"
        for moment, share in zip(moments, held / seeds, strict=True):
            yield Row(group, f"band at {moment:g} holds", share, 0.93, 0.97)
        yield Row(group, "interval of the median holds", median / seeds, 0.93, 0.97)


def rank_rows(seeds: int) -> Iterator[Row]:
    for n, p in ((30, 0.5), (1000, 0.99), (10_000, 0.999)):
        low, high = _core.rank_interval(n, p, 0.95)
        held = 0
        for seed in range(seeds):
            # Of uniform values the quantile is p, and any law's are a monotone function of them.
            below = np.random.default_rng([seed, n]).binomial(n, p)
            held += (low is None or low <= below) and (high is None or below < high)
        yield Row("ranks around a quantile", f"p{100 * p:g} of {n:,}", held / seeds, 0.94, 0.985)


def rare_rows(seeds: int) -> Iterator[Row]:
    @cache
    def garwood(count: int) -> tuple[float, float, float]:
        return _core.garwood(count, 1.0, 0.95)

    @cache
    def clopper_pearson(count: int) -> tuple[float, float, float]:
        return _core.clopper_pearson(count, 1000, 0.95)

    for expected in (0.5, 1.0, 3.0, 20.0):
        rng = np.random.default_rng(int(10 * expected))
        for name, draws, interval, truth in (
            ("Garwood", rng.poisson(expected, seeds), garwood, expected),
            (
                "Clopper-Pearson",
                rng.binomial(1000, expected / 1000, seeds),
                clopper_pearson,
                expected / 1000,
            ),
        ):
            ends = [interval(int(count)) for count in draws]
            held = np.mean([low <= truth <= high for low, high, _ in ends])
            yield Row(name, f"{expected:g} expected, two-sided", float(held), 0.94, 1.0)
            below = np.mean([truth <= bound for _, _, bound in ends])
            yield Row(name, f"{expected:g} expected, upper bound", float(below), 0.94, 1.0)


def index_rows(seeds: int) -> Iterator[Row]:
    n, batch = 20_000, 200
    for index in (0.25, 0.5, 0.9):
        held, values = 0, []
        for begin in range(0, seeds, batch):
            rng = np.random.default_rng([begin, int(100 * index)])
            width = min(batch, seeds - begin)
            z = -1.0 / np.log(rng.uniform(size=(n, width)))
            z[1:] *= index
            for place in range(1, n):
                np.maximum(z[place], (1.0 - index) * z[place - 1], out=z[place])
            for column in z.T:
                edge = float(np.partition(column, n - 401)[n - 401])
                found = extremal_index(column, edge, resamples=400, rng=begin)
                held += found.low <= index <= found.high
                values.append(found.value)
        group = "extremal index, top 2 % of 20,000 maxima"
        yield Row(
            group,
            f"{index:g}: median",
            float(np.median(values)),
            index - 0.03,
            index + 0.05,
            share=False,
        )
        yield Row(group, f"{index:g}: 95 % interval holds", held / seeds, 0.88, 0.99)


def rows(seeds: int) -> Iterator[Row]:
    """Give all rows of the table."""
    for part in (tail_rows, few_rows, survival_rows, rank_rows, rare_rows, index_rows):
        yield from part(seeds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4000)
    seeds = parser.parse_args().seeds
    print("# Tails, rare events and cut off durations: bias and coverage\n")
    print(
        f"Made by `make verify` (tests/python/tail_campaign.py, {seeds:,} seeds). Intervals are of 95 %; the"
    )
    print(f"standard error of such a share is {100 * math.sqrt(0.95 * 0.05 / seeds):.2f} points.\n")
    print("| what | figure | measured | asked for |")
    print("|---|---|---|---|")
    missed = 0
    for row in rows(seeds):
        missed += not row.good
        print(row, flush=True)
    print(f"\nRows that miss what is asked for: {missed}.")


if __name__ == "__main__":
    main()
