"""Intervals hold the truth as often as they say, bursts or not; the plain Poisson interval does not.

A small version of interval_campaign.py, whose table is in docs/intervals.md. A share of 300 seeds is
refused when it lies outside what is asked for by more than 3.3 standard errors, which a right
interval does once in a thousand.
"""

from __future__ import annotations

import math

import interval_campaign as campaign
import numpy as np
import pytest
import suspicion as sus
from scipy import stats
from suspicion import _core

SEEDS = 300
ROWS = [
    campaign.single(3.2, "log"),
    campaign.single(50, "log"),
    campaign.single(20, "model"),
    campaign.spells(10, "log", spell=100.0),
    campaign.spells(30, "model", spell=20.0),
    campaign.compound(30, "100"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.group}, {row.name}")
def test_coverage_is_what_is_asked_for(row) -> None:
    held, naive = row.run(SEEDS)
    low, high = campaign.bounds(row)
    slack = 3.3 * math.sqrt(0.05 * 0.95 / SEEDS)
    assert low - slack <= held <= high + slack
    if row.group.startswith("clustered"):
        assert naive < low - slack


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_of_single_mistakes_the_interval_is_garwoods(level) -> None:
    for count in (0, 1, 2, 7, 400):
        # No block has more than its even share: nothing speaks of bursts.
        counts = np.bincount(np.arange(count) % 64, minlength=64).astype(float)
        _, low, high, dispersion = _core.rate_interval(counts, 64, False, 2.0, level)
        tail = (1.0 - level) / 2.0
        assert dispersion[0] == 1.0
        if count:
            assert low[0] == pytest.approx(stats.chi2.ppf(tail, 2 * count) / 4.0, rel=1e-9)
            assert high[0] == pytest.approx(stats.chi2.isf(tail, 2 * count + 2) / 4.0, rel=1e-9)
        else:
            assert low[0] == 0.0
            assert high[0] == pytest.approx(-math.log(tail) / 2.0, rel=1e-12)


def test_bursts_widen_the_interval_and_their_number_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    bursts = rng.poisson(2.0, 64).astype(float)
    widths = []
    for size in (1, 4, 16):
        rate, low, high, dispersion = _core.rate_interval(bursts * size, 64, True, 1.0, 0.95)
        widths.append((high[0] - low[0]) / rate[0])
        assert dispersion[0] >= 0.7 * size
    assert max(widths) < 1.35 * min(widths)


def test_no_mistakes_give_an_upper_bound_and_never_a_zero() -> None:
    beats = sus.Arrivals.from_arrays(np.arange(1001.0))
    point = sus.sweep(beats, sus.FixedTimeout(), thresholds=["5s"]).at("5s")
    assert (point.mistakes, point.mistake_rate_low) == (0.0, 0.0)
    assert point.mistake_rate_high == pytest.approx(-math.log(0.025) / 1000.0)
    assert "fewer than" in str(point)
    assert math.isnan(point.mistake_duration)
    assert math.isnan(point.mistake_recurrence)


def test_a_higher_confidence_level_is_a_wider_interval() -> None:
    curve = sus.sweep(sus.examples.load("south_n8_v10"), sus.FixedTimeout())
    wide = curve.with_confidence(0.999)
    assert np.all(wide.mistake_rate_high > curve.mistake_rate_high)
    assert np.all(wide.mistake_rate_low <= curve.mistake_rate_low)
    np.testing.assert_array_equal(wide.mistake_rate, curve.mistake_rate)
