"""A quorum suspects when so many of its monitors do, and a guard holds suspicion back."""

from __future__ import annotations

import numpy as np
import pytest
import suspicion as sus

LINK = sus.Link(delay=sus.LogNormal(median="20ms", sigma=1.0), loss=0.05)
STALLS = sus.Pauses(
    every=sus.Exponential(mean="3min"), lasting=sus.LogNormal(median="2s", sigma=0.5)
)
OWN = sus.Pauses(every=sus.Exponential(mean="5min"), lasting=sus.LogNormal(median="1s", sigma=0.7))
WORLD = sus.Heartbeats(every="1s", link=LINK, sender_pauses=STALLS, receiver_pauses=OWN)
SEEN = WORLD.observe("6h", observers=3, rng=5)
DETECTORS = [sus.FixedTimeout(), sus.Chen(window=20), sus.AkkaPhi(acceptable_pause="500ms")]


def suspected(curve: sus.Curve, moments: np.ndarray) -> np.ndarray:
    starts, ends = curve.mistakes_at(curve.threshold[0])
    return np.searchsorted(starts, moments, side="right") > np.searchsorted(
        ends, moments, side="right"
    )


@pytest.mark.parametrize("detector", DETECTORS, ids=repr)
@pytest.mark.parametrize("quorum", [1, 2, 3])
def test_a_quorum_suspects_at_the_moments_at_which_so_many_monitors_do(detector, quorum) -> None:
    threshold = [1.0] if isinstance(detector, sus.AkkaPhi) else ["1.2s"]
    moments = np.random.default_rng(2).uniform(100.0, 21_000.0, 50_000)
    each = [sus.sweep(seen, detector, thresholds=threshold) for seen in SEEN]
    together = sus.sweep(sus.Observers(SEEN, quorum=quorum), detector, thresholds=threshold)
    expected = sum(suspected(curve, moments).astype(int) for curve in each) >= quorum
    assert suspected(together, moments).tolist() == expected.tolist()
    share = 1.0 - together.query_accuracy[0]
    assert share == pytest.approx(expected.mean(), abs=4.0 * np.sqrt(share / len(moments)) + 1e-3)
    starts, ends = together.mistakes_at(together.threshold[0])
    assert together.mistakes[0] == len(starts)
    assert np.all(starts <= ends)


def test_one_monitor_alone_is_a_quorum_of_one() -> None:
    alone = sus.sweep(SEEN[0], sus.FixedTimeout(), thresholds=["1.5s", "3s"])
    quorum = sus.sweep(
        sus.Observers(SEEN[:1], quorum=1), sus.FixedTimeout(), thresholds=["1.5s", "3s"]
    )
    assert quorum.mistakes.tolist() == alone.mistakes.tolist()
    np.testing.assert_allclose(quorum.query_accuracy, alone.query_accuracy, atol=1e-9)
    np.testing.assert_allclose(quorum.detection_time, alone.detection_time, rtol=0.02)
    np.testing.assert_allclose(quorum.detection_time_p99, alone.detection_time_p99, rtol=0.02)


def test_a_crash_is_noticed_when_the_quorum_notices_it() -> None:
    calm = sus.Heartbeats(every="1s", link=sus.Link(delay=sus.Exponential(mean="200ms"), loss=0.1))
    seen = calm.observe("2h", observers=3, rng=9)
    timeout, quorum = 2.5, 2
    curve = sus.sweep(sus.Observers(seen, quorum=quorum), sus.FixedTimeout(), thresholds=[timeout])
    rng = np.random.default_rng(4)
    waits = []
    for crash in rng.uniform(200.0, 7000.0, 3000):
        noticed = []
        for log in seen:
            # Of what was sent before the crash, the last arrival.
            last = log.received[log.sent <= crash].max()
            noticed.append(last + timeout)
        waits.append(max(np.sort(noticed)[quorum - 1] - crash, 0.0))
    assert curve.detection_time[0] == pytest.approx(np.mean(waits), rel=0.01)
    assert curve.detection_time_p99[0] == pytest.approx(np.quantile(waits, 0.99), rel=0.02)
    assert curve.detection_time_worst[0] >= np.max(waits) - 0.01


def test_independent_trouble_is_outvoted_and_shared_trouble_is_not() -> None:
    lossy = sus.Heartbeats(every="1s", link=sus.Link(delay="20ms", loss=0.1))
    apart = lossy.observe("1d", observers=3, rng=1)
    shared = lossy.observe("1d", observers=3, one_link=True, rng=1)
    counts = {
        name: [
            sus.sweep(
                sus.Observers(seen, quorum=q), sus.FixedTimeout(), thresholds=["1.5s"]
            ).mistakes[0]
            for q in (1, 2, 3)
        ]
        for name, seen in (("apart", apart), ("shared", shared))
    }
    assert counts["shared"][0] == counts["shared"][1] == counts["shared"][2]
    # Of three, each silent with probability 0.1 at a time: 3 p^2 (1 - p) + p^3 for two or more.
    heartbeats, p = 86_400, 0.1
    assert counts["apart"][1] == pytest.approx(heartbeats * 0.028, rel=0.15)
    assert counts["apart"][2] == pytest.approx(heartbeats * p**3, rel=0.2)
    # What the sender does all of them see.
    stalled = sus.Heartbeats(every="1s", link=sus.Link(delay="20ms"), sender_pauses=STALLS)
    seen = stalled.observe("6h", observers=3, rng=1)
    of_all = [
        sus.sweep(sus.Observers(seen, quorum=q), sus.FixedTimeout(), thresholds=["2s"]).mistakes[0]
        for q in (1, 3)
    ]
    assert of_all[0] == of_all[1] > 20


def test_the_first_observer_sees_what_a_simulation_gives() -> None:
    assert WORLD.simulate("6h", rng=5).received.tolist() == SEEN[0].received.tolist()
    assert SEEN[0].received.tolist() != SEEN[1].received.tolist()


def test_logs_that_cannot_be_put_together_are_refused() -> None:
    unknown = sus.Arrivals.from_arrays([0.0, 1.0, 2.0])
    with pytest.raises(ValueError, match=r"arrivals\[0\] = a log without send times"):
        sus.Observers([unknown], quorum=1)
    with pytest.raises(ValueError, match="quorum = 4, expected a whole number from 1 to 3"):
        sus.Observers(SEEN, quorum=4)


def test_a_guard_lets_nothing_be_suspected_for_a_while_after_a_long_pause() -> None:
    # The monitor stands still from 10 s to 20 s, and what came meanwhile it reads afterwards, late.
    received = np.concatenate([np.arange(11.0), [21.5, 23.0, 24.0, 40.0, 41.0]])
    pauses = sus.Timeline(starts=[10.2], lasting=[9.8])
    beats = sus.Arrivals.from_arrays(received, every="1s", monitor_pauses=pauses)

    def mistakes(guard):
        curve = sus.sweep(beats, sus.FixedTimeout(), thresholds=["1.2s"], guard=guard)
        return [tuple(np.round(pair, 9)) for pair in zip(*curve.mistakes_at("1.2s"), strict=True)]

    assert mistakes(None) == [(20.0, 21.5), (22.7, 23.0), (25.2, 40.0)]
    # Held back until 25 s: the silences before are over by then, the last is suspected in time.
    assert mistakes(sus.Guard(longer_than="5s", hold="5s")) == [(25.2, 40.0)]
    # Held back until 30 s: it is suspected then, when the silence goes on.
    assert mistakes(sus.Guard(longer_than="5s", hold="10s")) == [(30.0, 40.0)]
    assert mistakes(sus.Guard(longer_than="5s", hold="30s")) == []
    # A pause that is not longer does not matter.
    assert mistakes(sus.Guard(longer_than="10s", hold="30s")) == mistakes(None)


def test_ticks_that_come_late_are_pauses() -> None:
    ticks = np.array([0.0, 1.0, 2.0, 3.1, 11.1, 12.1])
    pauses = sus.Timeline.from_ticks(ticks, every="1s")
    np.testing.assert_allclose(pauses.starts, [4.1])
    np.testing.assert_allclose(pauses.lasting, [7.0])
    assert len(sus.Timeline.from_ticks(ticks, every="1s", longer_than="50ms")) == 2


def test_each_of_many_observers_has_pauses_of_its_own() -> None:
    short = sus.Heartbeats(every="1s", link=sus.Link(delay="1ms"), receiver_pauses=OWN)
    starts = [
        tuple(seen.monitor_pauses.starts[:3])
        for seen in short.observe("30min", observers=520, rng=1)
    ]
    assert len(set(starts)) == 520


def test_a_guard_over_chained_pauses_puts_detection_off_until_it_is_over() -> None:
    pauses = sus.Timeline(
        starts=[100.0, 110.0, 300.0, 320.0, 326.0], lasting=[6.0, 2.0, 6.0, 6.0, 7.0]
    )
    world = sus.Heartbeats(every="1s", link=sus.Link(delay="1ms"), receiver_pauses=pauses)
    guard = sus.Guard(longer_than="5s", hold="30s")
    beats = world.simulate("10min", rng=1)
    curve = sus.sweep(beats, sus.FixedTimeout(), thresholds=["1.5s"], guard=guard)
    # From 100 s to 136 s it looks at nothing, and from 300 s to 363 s.
    assert curve.detection_time_worst[0] == pytest.approx(63.0 + 1.5 - 1.0, abs=1.01)
    blind = (36.0, 63.0)
    extra = sum(length**2 / 2.0 for length in blind) / 600.0
    assert curve.detection_time[0] == pytest.approx(1.0 + extra, rel=0.05)
    modelled = sus.sweep(
        world, sus.FixedTimeout(), thresholds=["1.5s"], guard=guard, duration="10min", rng=1,
        replications=1, warm_up=1,
    )  # fmt: skip
    assert modelled.detection_time[0] == pytest.approx(curve.detection_time[0], rel=0.02)
