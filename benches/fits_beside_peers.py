"""Speed of fits beside peers on the same million durations; prints the table of benches/fits.md."""

from __future__ import annotations

import os
import platform
import warnings

import numpy as np
import suspicion as sus
from beside_peers import in_turns, seconds
from scipy import stats

N = 1_000_000
LIMIT = 2.0


def main() -> None:
    from lifelines import ExponentialFitter, LogNormalFitter, WeibullFitter

    warnings.simplefilter("ignore")
    peers = {
        "LogNormal": (stats.lognorm, LogNormalFitter, sus.LogNormal(median=1.0, sigma=1.0)),
        "Weibull": (stats.weibull_min, WeibullFitter, sus.Weibull(scale=1.5, shape=1.3)),
        "Exponential": (stats.expon, ExponentialFitter, sus.Exponential(mean=1.5)),
        "Gamma": (stats.gamma, None, sus.Gamma(shape=2.0, scale=0.7)),
        "GeneralizedPareto": (stats.genpareto, None, sus.GeneralizedPareto(scale=1.0, shape=0.3)),
    }
    print("# Speed of fits beside others\n")
    print(
        f"Made by `make bench` on {platform.processor() or platform.machine()}, {os.cpu_count()} cores,"
    )
    print(
        f"Python {platform.python_version()}: {N:,} durations, those above {LIMIT:g} s cut off there, or in"
    )
    print(
        "sixty buckets, or cut off at a million different limits. Milliseconds; ours are medians of seven.\n"
    )
    print("| family | cut off | in buckets | at random limits | SciPy CensoredData | lifelines |")
    print("|---|---|---|---|---|---|")
    edges = np.append(np.geomspace(1e-3, 10.0, 60), np.inf)
    for family, (scipys, lifeline, law) in peers.items():
        x = law.sample(N, rng=1)
        y, cut = np.minimum(x, LIMIT), x > LIMIT
        limits = sus.Exponential(mean=3.0).sample(N, rng=2)
        z, late = np.minimum(x, limits), x > limits
        buckets = sus.Observations.from_buckets(edges, np.histogram(x, np.append(0.0, edges))[0])
        ours = in_turns(
            7,
            lambda y=y, cut=cut, family=family: sus.fit(y, family, censored=cut),
            lambda buckets=buckets, family=family: sus.fit(buckets, family),
            lambda z=z, late=late, family=family: sus.fit(z, family, censored=late),
        )
        data = stats.CensoredData(y[~cut], right=y[cut])
        by_scipy = seconds(lambda scipys=scipys, data=data: scipys.fit(data, floc=0.0))
        by_lifelines = ""
        if lifeline is not None:
            took = seconds(lambda lifeline=lifeline, y=y, cut=cut: lifeline().fit(y, ~cut))
            by_lifelines = f"{1e3 * took:,.0f}"
        shown = " | ".join(f"{1e3 * took:.1f}" for took in ours)
        print(f"| {family} | {shown} | {1e3 * by_scipy:,.0f} | {by_lifelines} |", flush=True)


if __name__ == "__main__":
    main()
