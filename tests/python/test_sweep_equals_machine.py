"""The sweep equals a plain monitor, written in Python and in fractions, for every detector."""

from __future__ import annotations

import math

import machines
import numpy as np
import pytest
import suspicion as sus
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

LN_10 = math.log(10.0)


def z_of_phi(phi: float) -> float:
    return float(stats.norm.isf(10.0**-phi))


DETECTORS = [
    (sus.FixedTimeout(), machines.fixed, False, 1, float),
    (sus.FixedTimeout(newest_only=True), machines.fixed, True, 1, float),
    (sus.Chen(window=5), machines.chen(5), True, 1, float),
    (sus.Chen(synchronized=True), machines.chen_synchronized, True, 1, float),
    (sus.TwoWindow(short=1, long=6), machines.two_window(1, 6), True, 1, float),
    (sus.Bertier(window=5), machines.bertier(5, 1.0, 0.1), True, 1, float),
    (sus.PhiAccrual(window=6, min_std="1ms"), machines.phi(6, 0.001), False, 3, z_of_phi),
    (sus.PhiAccrual(window=6, newest_only=True), machines.phi(6, 0.0), True, 3, z_of_phi),
    (sus.ExponentialAccrual(window=6), machines.exponential(6, None, math.inf), False, 2, lambda h: h * LN_10),
    (
        sus.ExponentialAccrual(window=6, initial="200ms", max_interval="250ms", scale="suspicion"),
        machines.exponential(6, 200, 250), False, 1, lambda e: -math.log1p(-e),
    ),
]  # fmt: skip

beat = st.tuples(
    st.one_of(st.integers(0, 5), st.integers(0, 60), st.integers(0, 700)),
    st.sampled_from([False] * 9 + [True]),
    st.one_of(st.none(), st.none(), st.none(), st.integers(0, 300)),
    st.sampled_from([0] * 11 + [137, 480]),
)
"""Delay, loss, delay of a copy, and length of a stall that begins with the heartbeat; milliseconds."""


@st.composite
def logs(draw: st.DrawFn) -> list[machines.Beat]:
    """Return received, sent and number of heartbeats with bursts, losses, copies and reordering."""
    rows, held_until = [], 0
    for number, (delay, lost, copy, stall) in enumerate(
        draw(st.lists(beat, min_size=8, max_size=60))
    ):
        sent = number * machines.EVERY
        held_until = max(held_until, sent + stall if stall else 0)
        for way in [] if lost else [delay] if copy is None else [delay, copy]:
            rows.append((max(sent + way, held_until), sent, number))
    return sorted(rows)


@pytest.mark.parametrize(
    ("detector", "rule", "newest_only", "needs", "inner"),
    DETECTORS,
    ids=[repr(d[0]) for d in DETECTORS],
)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    log=logs(),
    extra=st.integers(0, 3),
    picks=st.lists(st.integers(5, 900), min_size=1, max_size=12, unique=True),
)
def test_counts_are_equal_and_durations_to_a_nanosecond(
    detector, rule, newest_only, needs, inner, log, extra, picks
) -> None:
    warm_up = needs + extra
    if len(log) <= warm_up or log[-1][0] <= log[warm_up][0]:
        return
    # Whole milliseconds as timeouts: ties with the gaps between heartbeats are common.
    thresholds = np.array(sorted(picks)) / 1e3
    if detector.threshold_name == "phi":
        thresholds = thresholds * 9.7
    columns = np.array(log).T
    beats = sus.Arrivals.from_arrays(
        columns[0], columns[1], number=columns[2], unit="ms", every="100ms", shared_clock=True
    )
    curve = sus.sweep(beats, detector, thresholds=thresholds, warm_up=warm_up)
    for rank, threshold in enumerate(thresholds):
        h = inner(threshold)
        expected = machines.mistakes(log, rule, h, newest_only=newest_only, warm_up=warm_up)
        if detector.threshold_name != "timeout" and _hangs_by_a_rounding(
            log, rule, h, newest_only, warm_up
        ):
            continue
        assert curve.mistakes[rank] == len(expected)
        suspected = sum(end - start for start, end in expected)
        assert (1.0 - curve.query_accuracy[rank]) * curve.exposure == pytest.approx(
            suspected, abs=1e-9
        )
        starts, ends = curve.mistakes_at(threshold)
        np.testing.assert_allclose(
            ends - starts, [end - start for start, end in expected], atol=2e-9
        )


def _hangs_by_a_rounding(log, rule, h: float, newest_only: bool, warm_up: int) -> bool:
    """Return whether a level is so close to the threshold that two right roundings may disagree."""
    exact = machines.mistakes(log, rule, h, newest_only=newest_only, warm_up=warm_up)
    moved = [
        machines.mistakes(log, rule, h * (1 + nudge), newest_only=newest_only, warm_up=warm_up)
        for nudge in (-1e-12, 1e-12)
    ]
    return any(len(other) != len(exact) for other in moved)
