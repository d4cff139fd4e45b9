"""Real heartbeats of a car over 5G: what is known of them from the files themselves."""

from __future__ import annotations

import numpy as np
import pytest
import suspicion as sus

KNOWN = {
    "south_n8_v10": (
        2233,
        127.906,
        {100: 114, 150: 44, 200: 44, 300: 39, 500: 14, 1000: 3, 3000: 1, 10000: 1},
        11.329,
    ),
    "urban_n8_v20": (6143, 355.748, {100: 93, 150: 4, 200: 4, 300: 3, 500: 0}, 0.363),
    "urban_n78_v30": (4296, 244.306, {100: 59, 150: 1}, 0.156),
    "urban_n8_v0": (1207, 69.567, {100: 47, 150: 2, 300: 1}, 0.310),
    "arterial_n78_v80": (979, 53.91, {100: 6, 300: 3}, 0.310),
}
"""Heartbeats, length in seconds, gaps longer than so many milliseconds, and the longest gap."""


@pytest.mark.parametrize("name", KNOWN)
def test_gaps_over_each_timeout_are_those_of_the_file(name) -> None:
    n, length, over, longest = KNOWN[name]
    beats = sus.examples.load(name)
    assert len(beats) == n
    assert beats.length == pytest.approx(length, abs=1e-9)
    assert beats.gaps.max() == longest
    curve = sus.sweep(beats, sus.FixedTimeout())
    assert {ms: curve.at(f"{ms}ms").mistakes for ms in over} == over
    given = sus.sweep(beats, sus.FixedTimeout(), thresholds=[f"{ms}ms" for ms in over])
    assert given.mistakes.tolist() == list(over.values())


def test_a_stall_ends_in_a_burst() -> None:
    beats = sus.examples.load("south_n8_v10")
    assert np.sum(beats.gaps == 0.0) == 408
    assert np.median(beats.delays) == 0.028
    assert beats.delays.max() == pytest.approx(12.07, abs=0.005)
    assert np.percentile(beats.delays, 99) == pytest.approx(10.9, abs=0.05)


def test_the_curve_is_exact_between_its_thresholds_too() -> None:
    beats = sus.examples.load("south_n8_v10")
    curve = sus.sweep(beats, sus.FixedTimeout())
    for timeout in np.geomspace(0.03, 12.0, 40):
        assert curve.at(float(timeout)).mistakes == np.sum(beats.gaps > timeout)
