"""Timelines and models of pauses, held against what was computed otherwise."""

from __future__ import annotations

import math
import pickle
import re

import numpy as np
import pytest
import suspicion as sus

KINDS = {
    "quota": sus.CpuQuota(quota="100ms", threads=10),
    "steal": sus.Steal(overcommit=1.5),
    "scheduling": sus.Scheduling(every=sus.Exponential(mean="1s"), competitors=4),
    "fsync": sus.Stalls.fsync(),
    "swapping": sus.Stalls.swapping(),
    "migration": sus.LiveMigration(every="1h", memory=8e9, bandwidth=1e9, dirty_rate=0.5e9),
    "suspend": sus.Suspend(every="8h", lasting="1h"),
    "stopped": sus.Stopped(every="1d", lasting="1min"),
    "parallel": sus.GarbageCollection.parallel(),
    "g1": sus.GarbageCollection.g1(),
    "cms": sus.GarbageCollection.cms(),
    "zgc": sus.GarbageCollection.zgc(),
    "shenandoah": sus.GarbageCollection.shenandoah(),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_pauses_a_sender_as_its_timeline_says(name) -> None:
    kind = KINDS[name]
    assert type(kind)(**kind.parameters) == kind
    assert pickle.loads(pickle.dumps(kind)) == kind
    world = sus.Heartbeats(every="1s", link=sus.Link(delay="1ms"), sender_pauses=kind)
    beats = world.simulate("1d", rng=5)
    timeline = kind.simulate("1d", rng=5)
    assert len(timeline)
    inner = slice(1, -1)
    assert np.array_equal(beats.sender_pauses.starts[inner], timeline.starts[inner])
    assert not timeline.paused(beats.sent).any()


COLLECTORS = ["parallel", "g1", "cms", "zgc", "shenandoah"]
"""Presets of heaps."""


@pytest.mark.parametrize("name", COLLECTORS)
def test_nine_in_ten_stops_of_a_preset_are_as_long_as_it_says(name) -> None:
    said = getattr(sus.GarbageCollection, name).__doc__.partition("Parameters")[0]
    kinds = {
        "minor": "minor collection",
        "major": "major collection",
        "phases": "collection phase",
        "stalls": "allocation stall",
        "full": "full collection",
    }
    form = r"(\w+)(?: collections)?(?: ones)?(?: take)? ([\d.]+) to ([\d.]+) (ms|s)\b"
    ranges = {
        kinds[kind.lower()]: np.array([float(low), float(high)]) / {"ms": 1e3, "s": 1.0}[unit]
        for kind, low, high, unit in re.findall(form, said)
    }
    _, lasting, causes = KINDS[name].simulate("30d", rng=1).spells
    assert set(ranges) == set(causes.tolist())
    for cause, stated in ranges.items():
        own = lasting[causes == cause]
        inside = np.mean((stated[0] <= own) & (own <= stated[1]))
        assert inside >= 0.9, (cause, inside)
        # What is stated is no wider than need be.
        assert np.all(np.abs(np.log(stated / np.quantile(own, [0.05, 0.95]))) < 0.25), cause


def test_a_quota_throttles_for_what_it_leaves_of_the_period() -> None:
    # One processor, ten threads: 10 ms of running, 90 ms of standing still.
    timeline = KINDS["quota"].simulate("10s", rng=1)
    assert np.allclose(timeline.lasting[1:], 0.09, atol=1e-8)
    assert np.allclose(np.diff(timeline.starts[1:]), 0.1, atol=1e-8)
    enough = sus.CpuQuota(quota="100ms", threads=1)
    assert enough.throttled == 0.0
    assert len(enough.simulate("10s", rng=1)) == 0


@pytest.mark.parametrize("ratio", [0.1, 0.5, 0.9])
def test_a_migration_copies_what_clarks_rounds_leave(ratio) -> None:
    move = sus.LiveMigration(every="1h", memory=16e9, bandwidth=1e9, dirty_rate=ratio * 1e9)
    left = 16.0
    rounds = 0
    while left > 0.3 and rounds < 29:
        left, rounds = left * ratio, rounds + 1
    assert move.rounds == rounds
    assert math.isclose(move.downtime, left, rel_tol=1e-12)
    assert move.converged is (left <= 0.3)


def test_reasons_combine_and_keep_their_names() -> None:
    both = (
        KINDS["g1"]
        | KINDS["fsync"]
        | sus.Timeline(starts=["1h"], lasting=["1min"], causes=["lunch"])
    )
    timeline = both.simulate("2h", rng=3)
    causes = set(timeline.spells[2].tolist())
    assert causes == {"minor collection", "collection phase", "disk stall", "lunch"}
    assert timeline.of("lunch").lasting.tolist() == [60.0]
    found = timeline.statistics("2h")
    assert set(found.causes) == causes
    assert found.count <= sum(part.count for part in found.causes.values())
    assert found.rate.low < found.rate.value < found.rate.high
    frame = found.to_frame("pandas")
    assert frame["cause"].tolist() == ["all", *sorted(causes)]
    assert "lunch" in repr(found)
    assert "<table" in found._repr_html_()


def test_a_reason_that_never_pauses_changes_nothing() -> None:
    enough = sus.CpuQuota(quota="100ms", threads=1)
    alone = KINDS["suspend"].simulate("7d", rng=4)
    assert (enough | KINDS["suspend"]).simulate("7d", rng=4) == alone
    assert len((enough | enough).simulate("7d", rng=4)) == 0


def test_a_cause_that_there_is_none_of_is_refused_with_those_that_there_are() -> None:
    disk = sus.Timeline(starts=[1.0], lasting=[1.0], causes=["disk"])
    unnamed = sus.Timeline(starts=[5.0], lasting=[1.0])
    with pytest.raises(ValueError, match=r"cause = 'x', expected one of \['disk'\]$"):
        (disk | unnamed).of("x")
    with pytest.raises(
        ValueError, match="cause = 'x', expected a timeline whose pauses have causes"
    ):
        unnamed.of("x")
    with pytest.raises(ValueError, match=r"expected as many names as there are starts, 1$"):
        sus.Timeline(starts=[1.0], lasting=[1.0], causes=["a", "b"])


def test_a_timeline_survives_pickling_scaling_and_union() -> None:
    timeline = sus.Timeline(starts=[1.0, 1.5], lasting=[1.0, 2.0], causes=["a", "b"])
    assert timeline.lasting.tolist() == [2.5]
    again = pickle.loads(pickle.dumps(timeline))
    assert again == timeline
    assert again.spells[2].tolist() == ["a", "b"]
    assert timeline.scaled(lasting=2.0, time=10.0).starts.tolist() == [10.0, 15.0]
    joined = timeline | sus.Timeline(starts=[9.0], lasting=[1.0])
    assert joined.lasting.tolist() == [2.5, 1.0]
    assert joined.running(0.0, "10s") == 6.5
    with pytest.raises(AttributeError, match="cannot be changed"):
        timeline.starts = np.zeros(1)


def test_statistics_are_those_of_numpy() -> None:
    rng = np.random.default_rng(4)
    starts = np.cumsum(rng.exponential(10.0, 500))
    timeline = sus.Timeline(starts=starts, lasting=rng.exponential(1.0, 500))
    found = timeline.statistics("2h")
    inside = timeline.starts < 7200.0
    lasting = timeline.lasting[inside]
    assert found.count == inside.sum()
    assert found.longest == lasting.max()
    assert math.isclose(found.p99, np.quantile(lasting, 0.99))
    assert math.isclose(found.share, timeline.lasting[inside].sum() / 7200.0, rel_tol=1e-3)
    assert math.isclose(found.rate.value, inside.sum() / 7200.0)


def test_a_timeline_without_pauses_has_bounds_and_no_zeros() -> None:
    found = KINDS["suspend"].simulate("1s", rng=1)
    if not len(found):
        quiet = found.statistics("1h")
        assert quiet.count == 0
        assert quiet.rate.high > 0.0
        assert math.isnan(quiet.longest)
        with pytest.raises(ValueError, match="duration = None"):
            found.statistics()


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_hiccups_have_the_buckets_and_percentiles_of_hdrhistogram(digits) -> None:
    hdrh = pytest.importorskip("hdrh.histogram")
    timeline = KINDS["g1"].simulate("10min", rng=2)
    ours = timeline.hiccups(every="5ms", duration="10min", corrected=False, digits=digits)
    theirs = hdrh.HdrHistogram(1, 3_600_000_000_000, digits)
    measured = []
    due = 5_000_000
    while due <= 600_000_000_000:
        measured.append(round(float(timeline.remaining(due / 1e9)[0]) * 1e9))
        due += measured[-1] + 5_000_000
    for late in measured:
        theirs.record_value(late)
    recorded = [
        (item.value_iterated_to / 1e9, item.count_at_value_iterated_to)
        for item in theirs.get_recorded_iterator()
    ]
    assert np.allclose(ours.upper, [value for value, _ in recorded], rtol=0.0, atol=2e-9)
    assert ours.counts.tolist() == [count for _, count in recorded]
    # Java's and Rust's percentile is the value of that rank, rounded up; the Python port rounds to the nearest.
    measured.sort()
    for percentile in (0.5, 0.9, 0.99, 0.999, 1.0):
        rank = math.ceil(percentile * len(measured)) - 1
        value = theirs.get_highest_equivalent_value(measured[rank]) / 1e9
        assert math.isclose(ours.quantile(percentile)[1], value, abs_tol=2e-9), percentile


def test_what_a_corrected_histogram_puts_in_is_what_was_left_out() -> None:
    # A stall of 100 s in 200 s, waited for with naps of 10 ms: half of the corrected naps are spread over 0 to 100 s.
    stall = sus.Timeline(starts=["100s"], lasting=["100s"])
    found = stall.hiccups(every="10ms")
    # 9,999 naps end before it; the next is late by 100 s, and stands for the 9,999 that would have been late by less.
    assert found.count == 9_999 + 1 + 9_999
    assert math.isclose(found.quantile(0.75)[1], 50.0, rel_tol=2e-3)
    assert math.isclose(found.quantile(0.9999)[1], 99.98, rel_tol=2e-3)
    assert stall.hiccups(every="10ms", corrected=False).count == 10_000


@pytest.mark.parametrize("zoom", [(0.0, "1h"), ("10min", "10min1s"), ("20min", "20min50ms")])
def test_a_picture_shows_each_cause_at_any_zoom(zoom) -> None:
    timeline = (KINDS["g1"] | KINDS["quota"]).simulate("1h", rng=1)
    ax = timeline.plot(begin=zoom[0], end=zoom[1])
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert "cpu quota" in names
    drawn = sum(len(bars.get_paths()) for bars in ax.collections)
    assert 0 < drawn < 5_000


def test_a_place_in_a_picture_is_as_dark_as_the_share_of_it_that_pauses_take() -> None:
    # 400 places of a second: one without a pause, then pauses that take ever more of theirs.
    shares = np.array([0.001, 0.2, 0.5, 0.9])
    places = np.array([10, 20, 21, 30])
    starts = (places[:, None] + np.linspace(0.0, 0.98, 50)).ravel()
    timeline = sus.Timeline(starts=starts, lasting=np.repeat(shares / 50, 50))
    ax = timeline.plot(begin=0.0, end=400.0)
    (cells,) = (bars for bars in ax.collections if len(bars.get_paths()))
    begins = np.array([path.get_extents().x0 for path in cells.get_paths()])
    np.testing.assert_allclose(begins, places)
    colours = cells.get_facecolor()
    assert np.all(colours[:, 3] == 1.0)
    dark = 1.0 - colours[:, :3]
    # Shades of one colour, and their darkness is a line in the share that starts above white.
    slopes = np.diff(dark[:, 1]) / np.diff(shares)
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-9)
    assert dark[0, 1] > 0.2


def test_a_picture_of_a_day_has_few_parts_however_many_pauses() -> None:
    ax = (KINDS["g1"] | KINDS["quota"]).simulate("1d", rng=1).plot(end="1d")
    assert len(ax.collections) <= 2 * len(ax.get_yticklabels())


def test_a_cause_has_the_same_colour_beside_other_causes() -> None:
    def colours(causes: list[str]) -> dict[str, tuple]:
        timeline = sus.Timeline(
            starts=np.arange(len(causes)), lasting=np.full(len(causes), 0.5), causes=causes
        )
        ax = timeline.plot(end=float(len(causes)))
        drawn = [bars for bars in ax.collections if len(bars.get_paths())]
        heights = {round(bars.get_paths()[0].get_extents().y0 + 0.25): bars for bars in drawn}
        names = [label.get_text() for label in ax.get_yticklabels()]
        return {name: tuple(heights[at].get_facecolor()[0]) for at, name in enumerate(names)}

    few = colours(["suspend", "minor collection"])
    many = colours(["cpu quota", "minor collection", "suspend", "allocation stall"])
    assert {name: many[name] for name in few} == few
    assert len(set(many.values())) == len(many)


def test_a_model_file_names_reasons_to_pause(tmp_path) -> None:
    from suspicion.model_file import read_model

    path = tmp_path / "model.toml"
    path.write_text(
        """
        every = "1s"
        duration = "1h"
        [link]
        delay = "1ms"
        [[sender_pauses]]
        kind = "GarbageCollection.g1"
        heap = 8e9
        [[sender_pauses]]
        kind = "CpuQuota"
        quota = "200ms"
        threads = 4
        [receiver_pauses]
        kind = "Suspend"
        every = "8h"
        lasting = { law = "LogNormal", median = "1h", sigma = 1.0 }
        """
    )
    model = read_model(path).heartbeats.parameters
    quota = sus.CpuQuota(quota="200ms", threads=4)
    assert model["sender_pauses"] == sus.GarbageCollection.g1(heap=8e9) | quota
    assert model["receiver_pauses"].cause == "suspend"
    path.write_text(
        'every = "1s"\n[link]\ndelay = "1ms"\n[sender_pauses]\nkind = "GarbageCollection.g2"\n'
    )
    with pytest.raises(
        ValueError, match=r"sender_pauses\.kind = 'GarbageCollection\.g2', expected one of"
    ):
        read_model(path)
