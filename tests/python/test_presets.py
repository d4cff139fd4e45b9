"""Presets wait as long as the systems they are named after, and say where their figures are from."""

from __future__ import annotations

import pathlib
import re

import numpy as np
import pytest
import suspicion as sus
from suspicion import presets
from suspicion.presets import PRESETS


def regular(every: float, count: int = 3000) -> sus.Arrivals:
    """Return heartbeats that come perfectly regularly and take no time."""
    moments = np.arange(count) * round(every * 1e9)
    return sus.Arrivals.from_arrays(
        moments, moments, unit="ns", every=every, number=np.arange(count), shared_clock=True
    )


@pytest.mark.parametrize("name", PRESETS)
def test_a_node_that_stops_is_suspected_after_the_effective_time_of_its_row(name) -> None:
    preset = PRESETS[name]()
    beats = regular(preset.every)
    low, high = preset.effective
    # From a crash: a share of an interval is over already.
    if name == "patroni":
        times = sus.sweep(beats, preset.detector, thresholds=[preset.threshold])
        assert times.detection_time_worst[0] == pytest.approx(high)
        assert times.detection_time[0] == pytest.approx((low + high) / 2)
        return
    # Long after the beginning, which some remember for a thousand heartbeats.
    curve = sus.sweep(beats, preset.detector, thresholds=[preset.threshold], warm_up=1500)
    waited = curve.timeout[0]
    if preset.counted_from == "next heartbeat":
        waited -= preset.every
    if isinstance(preset.detector, sus.ElectionTimeout):
        law = preset.detector
        waits = [law.timeout_quantile(p, preset.threshold) for p in (0.0, 1.0)]
        np.testing.assert_allclose(waits, (low, high), rtol=1e-9)
        assert low <= waited <= high
        if law.parameters["rule"] != "term":
            assert waited == pytest.approx(law.mean_timeout(preset.threshold), rel=1e-9)
    else:
        assert low * 0.999 <= waited <= high * 1.001


ROWS = {
    "cassandra": 18.42, "scylla_gossip": 20.0, "scylla_raft": 2.0, "akka_cluster": 4.52,
    "akka_death_watch": 11.58, "akka_cross_dc": 13.0, "hazelcast_deadline": 60.0, "etcd": 1.0,
    "hashicorp_raft": 1.0, "consul_servers": 5.0, "kubernetes_node": 50.0, "redis_sentinel": 30.0,
    "redis_cluster": 15.0, "mongodb": 10.0, "kafka_consumer": 45.0, "kafka_kraft_broker": 9.0,
    "elasticsearch": 32.0, "zookeeper_follower": 10.0, "raft_paper": 0.15, "async_raft": 0.15,
    "memberlist_lan": 1.0, "chitchat": 8.0,
}  # fmt: skip
"""Effective times as published, in seconds."""


@pytest.mark.parametrize("name", ROWS)
def test_effective_times_are_those_of_the_published_rows(name) -> None:
    assert PRESETS[name]().effective[0] == pytest.approx(ROWS[name], rel=0.005)


def test_what_a_row_says_beside_its_time_is_in_the_preset() -> None:
    assert presets.hazelcast_phi(heartbeat="1s").effective[0] == pytest.approx(62, rel=0.01)
    assert presets.kubernetes_node(version="1.31").threshold == 40.0
    assert presets.kubernetes_node().dwell == 300.0
    assert presets.kubernetes_node().check_every == 5.0
    assert presets.akka_cluster().dwell == 20.0
    assert presets.consul_servers().detector.mean_timeout(5.0) == pytest.approx(8.9, rel=0.005)
    assert presets.hashicorp_raft().detector.mean_timeout(1.0) == pytest.approx(16 / 9)
    with pytest.raises(
        ValueError, match=r"session = '100s', expected a time from 2 to 20 ticks, 4 s to 40 s"
    ):
        presets.zookeeper(session="100s")


def test_sessions_end_more_than_the_timeout_and_at_most_a_tick_later() -> None:
    preset = presets.zookeeper(session="10s", tick="2s")
    sent = np.sort(np.random.default_rng(1).uniform(0.0, 5000.0, 2000))
    beats = sus.Arrivals.from_arrays(sent, every="2.5s")
    curve = sus.sweep(beats, preset.detector, thresholds=[10.0])
    assert 10.9 < curve.timeout[0] < 11.1
    alone = [
        sus.sweep(
            sus.Arrivals.from_arrays(sent[: n + 2], every="2.5s"),
            preset.detector,
            thresholds=[10.0],
        )
        for n in range(0, 60, 7)
    ]
    assert all(10.0 < one.timeout[0] <= 12.0 for one in alone)


@pytest.mark.parametrize(
    ("confirmations", "elapsed", "left"),
    [(0, 0, 30.0), (1, 2, 14.0), (2, 3, 4.810), (3, 4, -2.0), (4, 5, -3.0), (5, 10, -8.0)],
)
def test_memberlists_own_test_values_of_remaining_suspicion(confirmations, elapsed, left) -> None:
    found = presets.remaining_suspicion_time(
        confirmations, 3, elapsed=elapsed, shortest="2s", longest="30s"
    )
    assert found == left


@pytest.mark.parametrize(
    ("nodes", "mult", "interval", "bounds"),
    [
        (1, 4, "1s", (4, 24)), (10, 4, "1s", (4, 24)), (30, 4, "1s", (5.908, 35.448)),
        (100, 4, "1s", (8, 48)), (1000, 4, "1s", (12, 72)), (10_000, 4, "1s", (16, 96)),
        (10, 6, "5s", (30, 180)), (100, 6, "5s", (60, 360)),
    ],
)  # fmt: skip
def test_memberlists_suspicion_grows_with_the_logarithm_of_its_size(
    nodes, mult, interval, bounds
) -> None:
    found = presets.suspicion_time(nodes=nodes, mult=mult, interval=interval)
    assert found == pytest.approx(bounds, rel=1e-12)


def test_unverified_figures_say_so() -> None:
    for preset in presets.table():
        assert ("unverified" in repr(preset)) == bool(preset.unverified)
    assert "unverified" in repr(presets.swim_paper())
    assert "unverified" not in repr(presets.cassandra())


def test_the_table_has_a_row_for_each_preset_and_prints_it() -> None:
    table = presets.table()
    text = repr(table)
    assert len(table) == len(PRESETS) >= 33
    assert len(text.splitlines()) == len(table) + 1
    for preset in table:
        assert preset.name in text
        assert preset.source.split(",")[0] in text
        assert preset.source in text
    assert table._repr_html_().count("<tr>") == len(table) + 1
    assert list(table.to_frame("pandas").columns) == list(table.to_dict())


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_tells_of_itself(name) -> None:
    preset = PRESETS[name]
    assert re.search(r">>> .*presets", preset.__doc__)
    assert preset() == preset()


def test_all_presets_go_onto_one_plot() -> None:
    beats = sus.examples.load("south_n8_v10")
    curves = sus.compare(beats, list(presets.table()))
    assert len(curves) == len(presets.table())
    for preset in presets.table():
        curve = curves[preset.name]
        assert preset.threshold in curve.threshold
        # What learns from its own suspicion need not wait longer at a higher threshold.
        if not isinstance(preset.detector, (sus.AkkaPhi, sus.Chitchat)):
            assert np.all(np.diff(curve.timeout) >= 0.0), preset.name


def test_broken_rules_are_told_with_their_source() -> None:
    found = presets.check(election_timeout="400ms", heartbeat_interval="100ms")
    assert not found
    (broken,) = found.broken
    assert broken.rule == "election_timeout >= 5 * heartbeat_interval"
    assert "embed/config.go" in broken.source
    assert presets.check(election_timeout="1s", heartbeat_interval="100ms")
    assert not presets.check(ttl="30s", loop_wait="10s", retry_timeout="15s")
    assert presets.check(ttl="30s", loop_wait="10s", retry_timeout="10s")
    assert not presets.check(session_timeout="100s", tick="2s")
    assert not presets.check(acceptable_pause="500ms", heartbeat_interval="1s")
    assert presets.check() == ()
    assert all(finding.source for finding in found)


def test_real_evaluations_of_scylla_are_the_silence_over_the_mean() -> None:
    path = pathlib.Path(__file__).parents[1] / "data" / "scylla_2833_phi_debug.txt"
    pattern = r"now=(\d+), tlast=(\d+), t=(\d+), mean=([\d.e+]+), phi=([\d.]+)"
    rows = re.findall(pattern, path.read_text())
    assert len(rows) == 9
    # chitchat's phi is the same: the silence over the mean, and no 1/ln 10.
    detector = sus.Chitchat(window=1, max_interval="10s", prior_weight=0.0)
    for now, last, silence, mean, phi in rows:
        assert int(now) - int(last) == int(silence)
        # The log rounds the mean to six digits, and phi; a mean within that rounding gives that phi.
        gap = np.clip(int(silence) / float(phi), float(mean) - 5e3, float(mean) + 5e3)
        beats = sus.Arrivals.from_arrays(
            np.array([0, round(gap), 2 * round(gap)]), unit="ns", every=round(gap) / 1e9
        )
        waited = detector.timeout_of(float(phi), beats)
        assert waited * 1e9 / gap == pytest.approx(int(silence) / gap, abs=1e-6)
        assert int(silence) / gap == pytest.approx(float(phi), abs=1e-6)
