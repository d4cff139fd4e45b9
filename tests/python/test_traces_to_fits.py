"""Traces go into fits, tails, survival and heartbeats as they are, and what they do not tell stays untold."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import suspicion as sus

TRACES = Path(__file__).parents[1] / "data" / "traces"
PINGS = sus.traces.read(sus.examples.path("ping_stall"))
STOPS = sus.traces.read(sus.examples.path("gc_parallel"))
SHENANDOAH = sus.traces.read(sus.examples.path("gc_shenandoah"))
METRICS = sus.traces.read(sus.examples.path("etcd_metrics"))
FSYNC = METRICS["etcd_disk_wal_fsync_duration_seconds"]
GEOMETRIC = [500, 240, 130, 60, 33, 15, 9, 2, 0, 1]
"""Counts in buckets of 100 ms."""


def rate_of(counts) -> float:
    """Return the likeliest rate of an exponential law behind counts in buckets of 100 ms, in closed form.

    The number of the bucket is geometric with p = 1 - exp(-rate w), whose likeliest value is n/(n + sum i k).
    """
    n, total = sum(counts), sum(i * count for i, count in enumerate(counts))
    return -math.log(1.0 - n / (n + total)) / 0.1


def geometric() -> sus.traces.Histogram:
    edges = np.arange(len(GEOMETRIC) + 1) / 10.0
    return sus.traces.Histogram(edges[:-1], edges[1:], GEOMETRIC)


def test_a_histogram_is_fitted_as_its_buckets_say() -> None:
    found = sus.fit(geometric(), "Exponential")
    assert 1.0 / found.parameters["mean"] == pytest.approx(rate_of(GEOMETRIC), rel=1e-7)


@pytest.mark.parametrize("first", [1, 3, 5])
def test_a_tail_in_buckets_is_fitted_as_the_buckets_above_say(first) -> None:
    above = first / 10.0
    found = sus.fit(geometric().observations(above=above), "Exponential", offset=above)
    assert 1.0 / found.parameters["mean"] == pytest.approx(rate_of(GEOMETRIC[first:]), rel=1e-7)


def test_a_gap_between_buckets_is_an_empty_bucket() -> None:
    kept = np.flatnonzero(GEOMETRIC)
    edges = np.arange(len(GEOMETRIC) + 1) / 10.0
    sparse = sus.traces.Histogram(edges[kept], edges[kept + 1], np.array(GEOMETRIC)[kept])
    seen = sparse.observations()
    assert seen.counts.tolist() == GEOMETRIC
    assert sus.fit(sparse, "Gamma").law == sus.fit(geometric(), "Gamma").law


def test_a_value_without_width_ends_what_is_below_it() -> None:
    seen = sus.traces.Histogram([0.0, 1.0, 3.0], [0.0, 1.0, 3.0], [2, 5, 1]).observations()
    assert (seen.edges.tolist(), seen.counts.tolist()) == ([0.0, 1.0, 3.0], [7, 1])


def test_all_of_a_page_is_in_the_buckets_of_its_fit() -> None:
    # Of tests/data/traces/README.md.
    assert len(FSYNC.observations()) == 3_745_994
    assert len(FSYNC.observations(above="256ms")) == 5_367
    assert len(FSYNC.observations(above="1.024s")) == 188


def test_a_tail_takes_over_where_it_begins_and_keeps_its_share() -> None:
    tail = sus.fit(FSYNC.observations(above="256ms"), "GeneralizedPareto", offset="256ms").law
    law = FSYNC.law(tail=tail)
    for edge in (0.002, 0.004, 0.032, 0.128, 0.256):
        assert law.ccdf(edge) == pytest.approx(FSYNC.ccdf(edge), rel=1e-9)
    share = 5_367 / 3_745_994
    x = np.array([0.3, 1.0, 5.0, 60.0])
    assert law.ccdf(x) == pytest.approx(share * tail.ccdf(x), rel=1e-9)
    # Half of 5 % of samples of this size have no value beyond, whatever the law.
    untold = 1.0 - 0.025 ** (1.0 / 5_367)
    assert law.identifiable_to.exceedance == pytest.approx(share * untold, rel=1e-6)
    world = sus.Heartbeats(every="100ms", link=sus.Link(delay=law))
    assert world.identifiable_rate == pytest.approx(10.0 * share * untold, rel=1e-6)


def test_the_law_of_a_histogram_knows_how_many_are_behind_it() -> None:
    law = geometric().law()
    assert law.identifiable_to.exceedance == pytest.approx(1.0 - 0.025 ** (1.0 / 990))
    open_ended = sus.traces.Histogram([0.0, 1.0], [1.0, math.inf], [900, 100])
    assert open_ended.law(longest="9s").identifiable_to.probability == pytest.approx(0.9)


def test_answered_and_cut_off_are_all_that_were_sent() -> None:
    for timeout in ("20ms", "200ms", "2s"):
        seen = PINGS.observations(timeout=timeout)
        assert len(seen) == 200
        assert np.all(seen.samples < seen.censored[0])
    assert len(PINGS.observations()) == 188
    assert len(PINGS.observations(timeout="2s").censored) == 12


def test_survival_of_delays_counts_what_was_lost_as_longer() -> None:
    curve = sus.estimate.KaplanMeier(PINGS, timeout="200ms")
    for t in (0.015, 0.022, 0.1):
        # None is cut off before the one timeout, so the estimate is a plain share.
        assert curve.ccdf(t) == pytest.approx(1.0 - np.sum(PINGS.answered <= t) / 200)
    assert math.isnan(curve.ccdf(0.3))
    again = sus.estimate.KaplanMeier(PINGS.observations(timeout="200ms"))
    assert np.array_equal(curve.survival, again.survival)
    assert sus.estimate.KaplanMeier(PINGS).n == 188


def test_a_log_of_pauses_is_its_stops() -> None:
    lengths = STOPS.lasting[STOPS.kind == "stop"]
    assert sus.fit(STOPS, "LogNormal").law == sus.fit(lengths, "LogNormal").law
    assert sus.fits(STOPS, ["Weibull"])["Weibull"].law == sus.fit(lengths, "Weibull").law
    assert sus.estimate.tail(STOPS).shape == sus.estimate.tail(lengths).shape
    assert sus.estimate.KaplanMeier(STOPS).n == 579


@pytest.mark.parametrize("log", [STOPS, SHENANDOAH], ids=["parallel", "shenandoah"])
def test_a_replay_is_silent_as_long_as_the_log_says(log) -> None:
    beats = log.replay(every="1s", link=sus.Link(delay="1ms"))
    due = np.arange(0.0, log.covered[1])
    timeline = log.timeline()
    sent = due.copy()
    for start, lasting in zip(timeline.starts, timeline.lasting, strict=True):
        sent[(due >= start) & (due < start + lasting)] = start + lasting
    silences = np.diff(sent[sent < log.covered[1] - 0.001])
    curve = sus.sweep(beats, sus.FixedTimeout(), thresholds=[1.5, 3.0, 5.0, 10.0, 30.0])
    for timeout, mistakes in zip(curve.threshold, curve.mistakes, strict=True):
        assert mistakes == np.sum(silences > timeout)
    assert curve.exposure == pytest.approx(log.covered[1], abs=2.0)


def test_pauses_drawn_from_a_timeline_are_its_own() -> None:
    timeline = sus.Timeline(starts=[1.0, 10.0, 30.0], lasting=[1.0, 2.0, 1.0])
    drawn = timeline.model().parameters
    assert drawn["every"] == sus.Empirical([8.0, 18.0])
    assert drawn["lasting"] == sus.Empirical([1.0, 1.0, 2.0])
    with pytest.raises(ValueError, match="expected two pauses or more"):
        sus.Timeline(starts=[1.0], lasting=[1.0]).model()


def test_a_link_of_two_states_is_as_untold_as_its_states_are_often() -> None:
    good, bad = sus.Empirical(np.linspace(0.01, 0.02, 1000)), sus.Empirical([1.0, 2.0, 3.0])
    loss = sus.GilbertElliott("1/9s", "1/s", bad_delay=bad)
    untold = 0.9 * (1.0 - 0.025 ** (1 / 1000)) + 0.1 * (1.0 - 0.025 ** (1 / 3))
    assert sus.Link(delay=good, loss=loss).untold == pytest.approx(untold)


def test_laws_of_survival_and_of_regimes_know_how_far_they_are_told() -> None:
    survival = sus.estimate.KaplanMeier(PINGS, timeout="200ms")
    law = survival.law("at the limit")
    assert law.identifiable_to.exceedance == pytest.approx(0.2)
    regimes = sus.estimate.regimes(sus.examples.load("south_n8_v10"))
    # Together the states have all of the 2,233 delays, and 2 ln 40 of them are untold, one ln 40 each.
    assert regimes.link().untold == pytest.approx(2 * math.log(40.0) / 2_233, rel=0.05)


def test_a_histogram_that_never_counted_is_left_out_and_counted() -> None:
    page = (
        b"# TYPE never_seconds histogram\n"
        b'never_seconds_bucket{le="1"} 0\nnever_seconds_bucket{le="+Inf"} 0\n'
        b"# TYPE once_seconds histogram\n"
        b'once_seconds_bucket{le="1"} 1\nonce_seconds_bucket{le="+Inf"} 1\n'
    )
    found = sus.traces.read(page)
    assert list(found) == ["once_seconds"]
    assert found.source.notes == {"histograms without a value": 1}
    real = sus.traces.read(TRACES / "etcd" / "metrics.prom.gz")
    assert all(histogram.count > 0 for histogram in real.values())


def test_a_legend_says_a_thing_once_and_no_line_breaks_where_it_is_dashed() -> None:
    pauses = sus.Heartbeats(
        every="1s", link=sus.Link(delay="1ms"), sender_pauses=STOPS.model()
    )
    thresholds = np.geomspace(1.05, 20.0, 40)
    drawn = sus.sweep(pauses, sus.FixedTimeout(), thresholds=thresholds, duration="10d", rng=1)
    ax = drawn.plot(label="first")
    drawn.plot(ax, label="second")
    labels = ax.get_legend_handles_labels()[1]
    assert len(set(labels)) == len(labels)
    assert {"first", "second"} <= set(labels)
    solid, dashed = ax.lines[0].get_xydata(), ax.lines[1].get_xydata()
    assert tuple(solid[-1]) == tuple(dashed[0])


def test_what_is_no_trace_of_durations_is_refused_by_name() -> None:
    for refused, kind, said in (
        (lambda: sus.fit(METRICS, "Gamma"), TypeError, "expected durations, or one histogram"),
        (lambda: sus.fit(PINGS, "Gamma", censored=[1.0]), ValueError, "expected None with a trace"),
        (lambda: sus.fit(STOPS, "Gamma", truncated=(0.0, 1.0)), ValueError, "None with a trace"),
        (lambda: FSYNC.observations(above="300ms"), ValueError, "above = 300ms|above = '300ms'"),
        (lambda: FSYNC.law(tail=sus.Exponential(mean="1s") + 0.3), ValueError, "where a bucket"),
        (lambda: FSYNC.law(tail=1.0), TypeError, "tail = 1.0, expected a law"),
        (lambda: sus.estimate.tail(FSYNC), ValueError, "seen to their ends"),
        (lambda: sus.estimate.KaplanMeier(FSYNC), ValueError, "not in buckets"),
        (lambda: PINGS.observations(timeout=0.0), ValueError, "a duration above zero"),
        (lambda: sus.examples.load("ping_stall"), ValueError, "name = 'ping_stall'"),
    ):
        with pytest.raises(kind, match=said):
            refused()


def test_a_log_that_covers_no_time_is_not_replayed() -> None:
    bare = sus.traces.jvm(b"[gc] GC(0) Pause Young (Normal) 24M->11M(256M) 7.965ms\n")
    with pytest.raises(ValueError, match="does not say how long it covers"):
        bare.replay(every="1s", link=sus.Link(delay="1ms"))
