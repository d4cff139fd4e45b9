"""How often 95 % intervals hold the true rate, over many seeds; prints the table of docs/intervals.md.

Every row simulates heartbeats with a known rate of mistakes, replays or sweeps them as a user would,
and counts how often the interval of the curve holds that rate. The plain Poisson interval
(Garwood's, from SciPy) stands beside it.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import suspicion as sus
from scipy import stats
from suspicion import _core

TIMEOUT = "1.5s"
"""With a heartbeat a second and no delay, every run of losses is one mistake."""


@dataclass(frozen=True)
class Row:
    """One line of the table: something whose true rate is known, observed once for each seed."""

    group: str
    name: str
    expected: float
    """Mistakes, or bursts of them, to expect in one observation."""
    rate: float
    """True rate per second."""
    observe: Callable[[int], tuple[float, float, float, float]]
    """From a seed to count, seconds, lower and upper end."""

    def run(self, seeds: int) -> tuple[float, float]:
        """Return the coverage of the interval and that of the plain Poisson interval."""
        count, span, low, high = np.array([self.observe(seed) for seed in range(seeds)]).T
        naive_low, naive_high = poisson_interval(count)
        held = (low <= self.rate) & (self.rate <= high)
        naive = (naive_low / span <= self.rate) & (self.rate <= naive_high / span)
        return float(held.mean()), float(naive.mean())


def poisson_interval(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Garwood's exact 95 % interval for the mean of a Poisson count."""
    low = np.where(count > 0, stats.chi2.ppf(0.025, 2 * np.maximum(count, 1)) / 2, 0.0)
    return low, stats.chi2.ppf(0.975, 2 * count + 2) / 2


def losses(loss: float | sus.GilbertElliott) -> sus.Heartbeats:
    return sus.Heartbeats(every="1s", link=sus.Link(delay=0.0, loss=loss))


def of_curve(curve: sus.Curve) -> tuple[float, float, float, float]:
    count, low, high = curve.mistakes[0], curve.mistake_rate_low[0], curve.mistake_rate_high[0]
    return float(count), curve.exposure, float(low), float(high)


def on_a_log(
    world: sus.Heartbeats, span: float
) -> Callable[[int], tuple[float, float, float, float]]:
    def observe(seed: int) -> tuple[float, float, float, float]:
        beats = world.simulate(span, rng=seed)
        return of_curve(sus.sweep(beats, sus.FixedTimeout(), thresholds=[TIMEOUT]))

    return observe


def on_a_model(
    world: sus.Heartbeats, span: float
) -> Callable[[int], tuple[float, float, float, float]]:
    def observe(seed: int) -> tuple[float, float, float, float]:
        how = {"thresholds": [TIMEOUT], "duration": span, "rng": seed, "warm_up": 1}
        return of_curve(sus.sweep(world, sus.FixedTimeout(), **how))

    return observe


def single(expected: float, on: str) -> Row:
    """Return a row of independent losses: mistakes come one by one."""
    span = max(20_000.0, 50.0 * expected)
    loss = (1.0 - math.sqrt(1.0 - 4.0 * expected / span)) / 2.0
    observe = (on_a_log if on == "log" else on_a_model)(losses(loss), span)
    return Row(f"Poisson, {on}", f"{expected:g} mistakes", expected, expected / span, observe)


def spells(expected: float, on: str, *, spell: float, between: float = 2_000.0) -> Row:
    """Return a row of a link with bad spells in which half of all heartbeats are lost."""
    to_bad, to_good, lost = 1.0 / between, 1.0 / spell, 0.5
    bad = to_bad / (to_bad + to_good)
    stays = math.exp(-(to_bad + to_good))
    good_to_bad, bad_to_bad = bad * (1.0 - stays), bad + (1.0 - bad) * stays
    rate = lost * ((1.0 - bad) * good_to_bad + bad * (1.0 - lost) * bad_to_bad)
    bursts = (1.0 - bad) * to_bad
    world = losses(sus.GilbertElliott(to_bad, to_good, bad_loss=lost))
    span = expected / bursts
    observe = (on_a_log if on == "log" else on_a_model)(world, span)
    name = f"{expected:g} spells of {rate / bursts:.1f} mistakes"
    return Row(f"clustered, {on}", name, expected, rate, observe)


def compound(expected: float, sizes: str, blocks: int = 64) -> Row:
    """Return a row of bursts of random sizes at random times, straight into the interval."""
    draw: Callable[[np.random.Generator, int], np.ndarray]
    mean, draw = {
        "3": (3.0, lambda rng, n: rng.geometric(1 / 3, n)),
        "10": (10.0, lambda rng, n: rng.geometric(1 / 10, n)),
        "100": (100.0, lambda rng, n: rng.geometric(1 / 100, n)),
        "10 each": (10.0, lambda rng, n: np.full(n, 10)),
    }[sizes]

    def observe(seed: int) -> tuple[float, float, float, float]:
        rng = np.random.default_rng([seed, blocks, int(expected * 100), int(mean)])
        n = rng.poisson(expected)
        counts = np.bincount(
            rng.integers(0, blocks, n), weights=draw(rng, n), minlength=blocks
        ).astype(float)
        _, low, high, _ = _core.rate_interval(counts, blocks, True, 1.0, 0.95)
        return float(counts.sum()), 1.0, float(low[0]), float(high[0])

    return Row(
        "clustered, compound", f"{expected:g} bursts of {sizes}", expected, expected * mean, observe
    )


def rows() -> Iterator[Row]:
    """Give all rows of the table."""
    for on in ("log", "model"):
        for expected in (0.5, 1, 2, 3, 3.2, 5, 10, 20, 50, 100, 200, 500, 1000):
            yield single(expected, on)
    for on in ("log", "model"):
        for expected in (5, 10, 30, 100):
            yield spells(expected, on, spell=20.0)
            yield spells(expected, on, spell=100.0)
    for sizes in ("3", "10", "100", "10 each"):
        for expected in (5, 10, 30, 100, 1000):
            yield compound(expected, sizes)


def bounds(row: Row) -> tuple[float, float]:
    """Return the coverage that is asked for."""
    if row.group.startswith("Poisson"):
        return 0.94, 0.97 if row.expected >= 20 else 1.0
    return 0.92, 0.98


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4000)
    seeds = parser.parse_args().seeds
    print("# Coverage of the 95 % intervals\n")
    print(
        f"Made by `make verify` (tests/python/interval_campaign.py, {seeds:,} seeds a row). The share"
    )
    print(
        "of observations whose interval holds the true rate; the standard error of a share of 95 % is"
    )
    print(
        f"{100 * math.sqrt(0.95 * 0.05 / seeds):.2f} points. What is asked for: Poisson mistakes at least 94 %, and at most 97 % from 20"
    )
    print(
        "expected mistakes up; clustered mistakes 92 to 98 %. The last column is the plain Poisson"
    )
    print("interval (Garwood), which takes every mistake of a burst for independent news.\n")
    print("| mistakes | expected | coverage | asked for | plain Poisson |")
    print("|---|---|---|---|---|")
    missed = 0
    for row in rows():
        held, naive = row.run(seeds)
        low, high = bounds(row)
        good = low <= held <= high
        missed += not good
        mark = "" if good else " **missed**"
        asked = f"{100 * low:.0f} to {100 * high:.0f} %"
        print(
            f"| {row.group} | {row.name} | {100 * held:.1f} %{mark} | {asked} | {100 * naive:.1f} % |",
            flush=True,
        )
    print(f"\nRows that miss what is asked for: {missed}.")


if __name__ == "__main__":
    main()
