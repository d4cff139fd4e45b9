"""The sweep equals a plain monitor, written in Python and in fractions, for every detector."""

from __future__ import annotations

import math

import machines
import numpy as np
import pytest
import suspicion as sus
import threshold_machines as machine
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

LN_10 = math.log(10.0)


def z_of_phi(phi: float) -> float:
    return float(stats.norm.isf(10.0**-phi))


DETECTORS = [
    (sus.FixedTimeout(), machines.fixed, False, 1, float),
    (sus.FixedTimeout(newest_only=True), machines.fixed, True, 1, float),
    (sus.Overdue(interval="70ms"), lambda beats: (0.07, 1.0), False, 1, float),
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


def first_arrival(beats) -> int:
    return beats[0][0]


PHI, SHARE, SECONDS = (0.05, 12.0), (0.05, 1.0), (0.005, 0.9)
"""Ranges of thresholds."""

BY_THRESHOLD = [
    (
        sus.AkkaPhi(window=6, min_std="5ms", acceptable_pause="50ms"),
        machine.akka(6, 5.0, 50.0, filtered=True, logistic=True, whole=False), False, 1, PHI,
    ),
    (
        sus.AkkaPhi(window=6, min_std="5ms", acceptable_pause=0, filter=False, law="normal"),
        machine.akka(6, 5.0, 0.0, filtered=False, logistic=False, whole=False), False, 1, PHI,
    ),
    (
        sus.AkkaPhi(window=6, min_std="5ms", acceptable_pause="20ms", milliseconds=True, newest_only=True),
        machine.akka(6, 5.0, 20.0, filtered=True, logistic=True, whole=True), True, 1, PHI,
    ),
    (
        sus.Chitchat(window=5, max_interval="300ms", initial_interval="200ms", prior_weight=2.0),
        machine.chitchat(5, 300, 200, 2.0), False, 2, PHI,
    ),
    (
        sus.Chitchat(window=5, max_interval="250ms", initial_interval="5s", prior_weight=0.0, newest_only=True),
        machine.chitchat(5, 250, 5000, 0.0), True, 2, PHI,
    ),
    (sus.EmpiricalAccrual(window=6, stretch=0.9), machine.satzger(6, 0.9, phi=False), False, 2, SHARE),
    (
        sus.EmpiricalAccrual(window=6, stretch=1.0, scale="phi", newest_only=True),
        machine.satzger(6, 1.0, phi=True), True, 2, (0.05, 1.5),
    ),
    (sus.FailedProbes(failures=3), machine.failed_probes(3, None), False, 1, SECONDS),
    (sus.FailedProbes(failures=2, interval="100ms"), machine.failed_probes(2, 100), False, 1, SECONDS),
    (
        sus.PercentileTimeout(quantile=0.9, window="1s", minimum="20ms", maximum="500ms"),
        machine.percentile(0.9, 1000, 0.02, 0.5), True, 1, PHI,
    ),
    (
        sus.RetransmissionTimeout(granularity="1ms", minimum="10ms", maximum="2s"),
        machine.retransmission(0.001, 0.01, 2.0, backoff=True), True, 1, PHI,
    ),
    (
        sus.RetransmissionTimeout(minimum=0, backoff=False),
        machine.retransmission(0.0, 0.0, 60.0, backoff=False), True, 1, PHI,
    ),
    (
        sus.BucketedTimeout(tick="250ms", phase="100ms"),
        machine.bucketed(250, 100, first_arrival), False, 1, SECONDS,
    ),
    (
        sus.SelfTuning(window=5, slot=4, step="30ms", max_rate="2/s", max_detection="250ms"),
        machine.self_tuning(5, 4, 0.03, 2.0, 0.25), True, 1, SECONDS,
    ),
]  # fmt: skip


def watch(detector, log, thresholds, warm_up) -> sus.Curve:
    columns = np.array(log).T
    beats = sus.Arrivals.from_arrays(
        columns[0], columns[1], number=columns[2], unit="ms", every="100ms", shared_clock=True
    )
    return sus.sweep(beats, detector, thresholds=thresholds, warm_up=warm_up)


def assert_equal_to_machine(curve, rank, log, rule, h, newest_only, warm_up) -> None:
    expected = machines.mistakes(log, rule, h, newest_only=newest_only, warm_up=warm_up)
    assert curve.mistakes[rank] == len(expected)
    suspected = sum(end - start for start, end in expected)
    found = (1.0 - curve.query_accuracy[rank]) * curve.exposure
    assert found == pytest.approx(suspected, abs=1e-8)
    starts, ends = curve.mistakes_at(curve.threshold[rank])
    np.testing.assert_allclose(ends - starts, [end - start for start, end in expected], atol=2e-9)


@pytest.mark.parametrize(
    ("detector", "rule_at", "newest_only", "needs", "between"),
    BY_THRESHOLD,
    ids=[repr(d[0]) for d in BY_THRESHOLD],
)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    log=logs(),
    extra=st.integers(0, 3),
    picks=st.lists(st.integers(0, 100), min_size=1, max_size=6, unique=True),
)
def test_vectors_of_states_equal_plain_machines_at_each_threshold(
    detector, rule_at, newest_only, needs, between, log, extra, picks
) -> None:
    warm_up = needs + extra
    if len(log) <= warm_up or log[-1][0] <= log[warm_up][0]:
        return
    low, high = between
    if detector.threshold_is_time:
        thresholds = np.round(low + np.array(sorted(picks)) * (high - low) / 100, 3)
    else:
        thresholds = low * (high / low) ** (np.array(sorted(picks)) / 100)
    curve = watch(detector, log, np.unique(thresholds), warm_up)
    for rank, threshold in enumerate(curve.threshold):
        rule = rule_at(threshold)
        if not _hangs_by_a_moment(log, rule, newest_only, warm_up):
            assert_equal_to_machine(curve, rank, log, rule, 0.0, newest_only, warm_up)


def _hangs_by_a_moment(log, rule, newest_only: bool, warm_up: int) -> bool:
    """Return whether a timeout is so close to a gap that two right roundings may disagree."""

    def moved(nudge: float):
        def later(beats):
            offset, scale = rule(beats)
            return offset + nudge, scale

        return machines.mistakes(log, later, 0.0, newest_only=newest_only, warm_up=warm_up)

    return len(moved(1e-10)) != len(moved(-1e-10))


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
    curve = watch(detector, log, thresholds, warm_up)
    for rank, threshold in enumerate(thresholds):
        h = inner(threshold)
        if detector.threshold_name != "timeout" and _hangs_by_a_rounding(
            log, rule, h, newest_only, warm_up
        ):
            continue
        assert_equal_to_machine(curve, rank, log, rule, h, newest_only, warm_up)


def _hangs_by_a_rounding(log, rule, h: float, newest_only: bool, warm_up: int) -> bool:
    """Return whether a level is so close to the threshold that two right roundings may disagree."""
    exact = machines.mistakes(log, rule, h, newest_only=newest_only, warm_up=warm_up)
    moved = [
        machines.mistakes(log, rule, h * (1 + nudge), newest_only=newest_only, warm_up=warm_up)
        for nudge in (-1e-12, 1e-12)
    ]
    return any(len(other) != len(exact) for other in moved)
