"""Every given trace gives exactly what is known of it; files of real tools give what the tools say."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import threading
import tomllib
from pathlib import Path

import numpy as np
import pytest
import suspicion as sus
from click.testing import CliRunner
from suspicion.cli import cli

TRACES = Path(__file__).parents[1] / "data" / "traces"
GIVEN = TRACES / "given"
FACTS = tomllib.loads((TRACES / "facts.toml").read_text(encoding="utf-8"))


def given(name: str) -> Path:
    """Return a given file, which may be compressed."""
    found = [path for path in (GIVEN / name, GIVEN / f"{name}.gz") if path.exists()]
    assert found, name
    return found[0]


@pytest.mark.parametrize(
    ("name", "n", "length", "longer", "longest"),
    [
        (
            "south_n8_v10_02", 2233, 127.906,
            {100: 114, 150: 44, 200: 44, 300: 39, 500: 14, 1000: 3, 3000: 1, 10000: 1}, 11.329,
        ),
        ("urban_n8_v20_run01", 6143, 355.748, {100: 93, 150: 4, 200: 4, 300: 3, 500: 0}, 0.363),
        ("urban_n78_v30_run01", 4296, 244.306, {100: 59, 150: 1}, 0.156),
        ("urban_n8_v0_run01", 1207, 69.567, {100: 47, 150: 2, 300: 1}, 0.310),
        ("arterial_n78_v80_run01", 979, 53.91, {100: 6, 300: 3}, 0.310),
    ],
)  # fmt: skip
def test_heartbeats_of_cars_have_the_gaps_that_are_known(name, n, length, longer, longest) -> None:
    beats = sus.read_heartbeats(
        given(f"network/cicv5g_{name}.txt"),
        sent="pub_time(ms)",
        received="sub_time(ms)",
        unit="ms",
        shared_clock=True,
    )
    assert len(beats) == n
    assert beats.length == pytest.approx(length, abs=0.02)
    for span, count in longer.items():
        assert int((beats.gaps > span / 1000).sum()) == count, span
    assert beats.gaps.max() == longest


def test_requests_of_a_service_are_counted() -> None:
    path = given("network/azure_LLMInferenceTrace_conv.csv")
    beats = sus.read_heartbeats(path, received="TIMESTAMP")
    assert beats.census.rows == 19366
    assert beats.length == pytest.approx(3502, abs=1.0)


def test_a_table_of_round_trips_is_read_pair_by_pair() -> None:
    path = given("network/seattle_60pairs_688slices.csv")
    delays = sus.traces.table(path, unit="s", leave_out=["slice"])
    assert delays.answered.size == 41280
    quantiles = np.quantile(delays.answered, [0.5, 0.99, 0.999])
    assert quantiles == pytest.approx([0.21, 1.87, 12.4], rel=0.01)
    assert delays.answered.max() == 48.3
    pairs = np.unique(delays.target)
    found = [sus.estimate.autocorrelation(delays.only(p).answered, lags=1) for p in pairs]
    assert np.median(
        [float(each.correlation[each.lag == 1][0]) for each in found]
    ) == pytest.approx(0.81, abs=0.02)


def test_regions_have_the_medians_that_are_known() -> None:
    matrix = sus.traces.matrix(given("network/commonware_aws_p50.json"))
    assert len({origin for origin, _ in matrix}) == 33
    assert (min(matrix.values()), max(matrix.values())) == pytest.approx(
        (1.48e-3, 420.7e-3), rel=1e-3
    )
    median = matrix["eu-west-1", "us-east-1"]
    link = sus.networks.aws("eu-west-1", "us-east-1")
    assert 2.0 * link.parameters["delay"].median() == pytest.approx(median, rel=1e-6)
    assert link.untold == pytest.approx(0.1)


def test_calls_of_a_load_test_are_those_of_its_details() -> None:
    calls = sus.traces.ghz(given("network/ghz_pretty.json"))
    assert len(calls) == 191
    assert np.median(calls.answered) == pytest.approx(31.9e-3, abs=1e-4)
    assert calls.answered.max() == pytest.approx(63.0e-3, abs=1e-4)
    assert 200 in calls.source.notes.values()


@pytest.mark.parametrize(
    ("name", "kind", "n", "total", "longest", "over"),
    [
        ("gct_unified_g1_minimal.log", "collection", 3435, 6.11, 0.134764, {0.01: 2, 0.05: 1}),
        ("gct_unified_g1_jvm-gc-10Nov2022.log", "collection", 10, None, 0.428033, {}),
        ("gct_unified_parallel.log", "collection", 2307, None, 0.030954, {}),
        ("gct_unified_shenandoah_2.log", "collection", 137, 192.44, 54.623, {5.0: 6}),
        ("gct_ps_gc_ccpcc01_late.log", "stop", 579, 104.6, 6.973, {1.0: 14}),
        ("gct_ps_long_pause.log", "stop", 614, 25.4, 22.831, {}),
        ("gct_jdk8_g1_neo4j-gc.log.20140625", "stop", 3589, None, 3.6125, {1.0: 4}),
        ("gct_jdk7_cms_www1_2013_10_19.log", "collection", 11689, None, 1.877068, {1.0: 5}),
    ],
)
def test_logs_of_virtual_machines_have_the_pauses_that_are_known(
    name, kind, n, total, longest, over
) -> None:
    log = sus.traces.read(given(f"pauses/{name}"))
    assert log.source.faults == ()
    lasting = log.of(kind).lasting
    assert len(lasting) == len(log.counting) == n
    assert total is None or lasting.sum() == pytest.approx(total, abs=0.06)
    assert lasting.max() == pytest.approx(longest, abs=6e-4)
    for span, count in over.items():
        assert int((lasting > span).sum()) == count
    timeline = log.timeline()
    assert timeline.lasting.sum() == pytest.approx(lasting.sum(), rel=0.02)


def test_stops_that_are_no_collections_matter() -> None:
    log = sus.traces.read(given("pauses/gct_jdk8_g1_neo4j-gc.log.20140625"))
    g1 = log.collections.lasting[np.char.find(log.collections.cause, "pause") >= 0]
    assert len(g1) == 817
    assert g1.max() == pytest.approx(0.6568, abs=1e-4)
    long = sus.traces.read(given("pauses/gct_ps_long_pause.log"))
    assert long.collections.lasting.max() == pytest.approx(22.785, abs=6e-4)


def test_what_is_corrupt_is_counted_and_strict_readers_stop_at_it() -> None:
    path = given("pauses/gct_corrupted_rollsbackclock.log")
    log = sus.traces.read(path)
    assert log.source.lines == 6
    assert len(log) == 2
    assert log.lasting.tolist() == [0.001021, 0.001133]
    assert sum(log.source.dropped.values()) == 1
    assert log.source.notes["clock steps back"] == 1
    with pytest.raises(ValueError, match=r"rollsbackclock\.log:4:\d+: "):
        sus.traces.read(path, strict=True)


@pytest.mark.parametrize(
    ("name", "intervals", "values"),
    [
        ("hdr_jHiccup-2.0.7S.logV2.hlog", 62, 48761),
        ("hdr_jHiccup-2.0.1.logV0.hlog", 81, 61256),
        ("hdr_ycsb.logV1.hlog", 602, 300056),
    ],
)
def test_interval_histograms_add_up(name, intervals, values) -> None:
    found = sus.traces.read(given(f"pauses/{name}"))
    assert len(found.intervals["count"]) == intervals
    assert found.only.count == values == found.intervals["count"].sum()


def test_quantiles_of_merged_intervals_bound_the_known_ones() -> None:
    merged = sus.traces.hdr_log(given("pauses/hdr_jHiccup-2.0.7S.logV2.hlog")).only
    # The published figures come from adding each bucket at its lower end into a finer histogram.
    low, high = merged.quantile(0.999)
    assert low < 1.745879039 <= high
    low, high = merged.quantile(1.0)
    assert low < 1.796210687 <= high


def test_tags_keep_histograms_apart() -> None:
    found = sus.traces.hdr_log(given("pauses/hdr_tagged-Log.logV2.hlog"))
    first, second = found.values()
    assert len(found) == 2
    assert first.counts.tolist() == second.counts.tolist()


def test_latencies_of_threads_have_the_known_maxima() -> None:
    guest = sus.traces.read(given("pauses/cyclictest_kvm_guest_untuned_vs_tuned.txt"))
    greatest = [histogram.greatest for histogram in guest.values()]
    assert greatest == pytest.approx([1475e-6, 12e-6], abs=1.1e-6)
    board = sus.traces.read(given("pauses/cyclictest_rpi2_rt_kernel_10M.txt"))
    assert board.only.count == 10_000_000


def test_clocks_run_as_they_are_known_to() -> None:
    chrony = sus.traces.read(given("clocks/chrony_tracking_omnios_2576.log"))
    assert np.median(chrony.frequency) == pytest.approx(-764.44, abs=0.05)
    ptp = sus.traces.read(given("clocks/ptp4l_shepherd_two_switches.log"))
    assert np.abs(ptp.offset).max() == pytest.approx(73e-6, abs=1e-6)
    assert np.abs(ptp.offset[-8:]).max() == pytest.approx(0.17e-6, abs=1e-8)


def test_a_page_of_metrics_has_the_counts_that_are_known() -> None:
    page = sus.traces.read(given("cluster/etcd_metrics_histograms.prom"))
    fsync = page["etcd_disk_wal_fsync_duration_seconds"]
    assert fsync.count == 3745994
    assert fsync.ccdf("256ms") * fsync.count == pytest.approx(5367)
    assert fsync.ccdf("1.024s") * fsync.count == pytest.approx(188)


def test_members_of_clusters_say_what_is_known() -> None:
    checks = sus.traces.read(given("cluster/upptime_nextcloud_gitlog.txt"))
    own = checks.event[checks.node == "My Nextcloud"]
    assert own.size == 201
    assert int((own[1:] != own[:-1]).sum()) == 13
    scylla = sus.traces.read(given("cluster/scylla_5677_flaps.txt"))
    assert scylla.counts == {"down": 19}
    consul = sus.traces.read(given("cluster/consul_598_3141_flaps.txt"))
    assert consul.counts["suspect"] == 6
    etcd = sus.traces.read(given("cluster/etcd_7312_3466_12610_heartbeat_elections.txt"))
    late = etcd.only("late heartbeat")
    assert late.lasting[0] == pytest.approx(0.288915798)
    assert sus.traces.read(given("cluster/scylla_2833_phi_debug.txt")).counts == {"phi": 9}


def test_tables_of_netem_understate_tails() -> None:
    for name in ("pareto", "normal", "paretonormal", "experimental"):
        law = sus.networks.netem(given(f"netem/{name}.dist"), delay="1s", jitter="100ms")
        assert law.support()[1] <= 1.0 + 4.0 * 0.1 + 1e-3
        spread = {"normal": 0.1}.get(name, 0.085)
        assert law.std() == pytest.approx(spread, abs=0.0035)
    pings = given("netem/iproute2_experimental.dat").read_text().split()
    assert len([word for word in pings if not word.startswith("#")]) >= 13448


@pytest.mark.parametrize("name", [name for name in FACTS if name.startswith("ping/ping_D")])
def test_a_ping_log_has_what_ping_counted(name) -> None:
    facts = FACTS[name]
    if name.endswith("no_time.txt"):
        return
    delays = sus.traces.ping(TRACES / name)
    assert delays.answered.size == facts.get("received", delays.answered.size)
    if "sum_ms" in facts:
        assert delays.answered.sum() * 1e3 == pytest.approx(facts["sum_ms"], rel=1e-9)


@pytest.mark.parametrize("name", [name for name in FACTS if name.startswith("pcap/udp_heart")])
def test_a_capture_of_heartbeats_has_the_packets_that_tshark_sees(name) -> None:
    capture = sus.traces.pcap(TRACES / name)
    assert isinstance(capture, sus.traces.Capture)
    beats = capture.only(next(iter(capture.flows))).arrivals(every="20ms")
    assert len(beats) == next(iter(capture.flows.values()))
    assert beats.every == 0.02


def test_a_compressed_file_and_its_bytes_are_the_same_as_the_plain_one(tmp_path) -> None:
    plain = given("pauses/gct_ps_long_pause.log")
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    logs = [sus.traces.read(source) for source in (plain, packed, plain.read_bytes())]
    assert logs[1].source.compression == "gzip"
    for log in logs[1:]:
        assert log.lasting.tolist() == logs[0].lasting.tolist()
        assert log.source.passed_over == logs[0].source.passed_over


@pytest.mark.parametrize(
    "name",
    ["ping/ping_n.txt", "go/gctrace.txt", "hdrhistogram/tagged_v2.hlog", "ntpd/loopstats",
     "serf/serf_node_1.log", "pcap/udp_heartbeats_us.pcap"],
)  # fmt: skip
def test_what_is_read_survives_pickling_and_goes_to_frames(name) -> None:
    found = sus.traces.read(TRACES / name)
    again = pickle.loads(pickle.dumps(found))
    assert repr(again) == repr(found)
    assert again.source == found.source
    for column, values in found.to_dict().items():
        np.testing.assert_array_equal(again.to_dict()[column], values)
    assert len(found.to_frame("pandas")) == len(next(iter(found.to_dict().values())))
    with pytest.raises(AttributeError, match="cannot be changed"):
        found.source = None


def test_averages_are_refused_with_what_to_use_instead() -> None:
    for name, instead in (
        ("mtr/mtr.json", "mtr --raw"),
        ("ping/ping_q_summary_only.txt", "ping -D"),
    ):
        with pytest.raises(ValueError, match=f"no tail to learn from; use {instead}"):
            sus.traces.read(TRACES / name)


def test_what_is_no_trace_is_said_to_be_none(tmp_path) -> None:
    with pytest.raises(ValueError, match="none of the formats that are known"):
        sus.traces.read(b"hello\n")
    with pytest.raises(FileNotFoundError):
        sus.traces.read(tmp_path / "missing.log")
    with pytest.raises(ValueError, match="format = 'png', expected"):
        sus.traces.read(b"", format="png")


def test_a_bomb_is_stopped_before_it_fills_the_memory(tmp_path) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(200 << 20)))
    with pytest.raises(ValueError, match="compressed ones"):
        sus.traces.ping(bomb)


def test_the_command_line_says_what_a_file_holds(tmp_path) -> None:
    run = CliRunner().invoke
    said = run(
        cli,
        [
            "read",
            str(given("pauses/gct_unified_shenandoah_2.log")),
            "--plot",
            str(tmp_path / "a.png"),
        ],
    )
    assert said.exit_code == 0, said.output
    assert "137 collections" in said.output
    assert "no upper bound at 95 %" in said.output
    assert (tmp_path / "a.png").stat().st_size > 5_000
    columns = json.loads(
        run(cli, ["read", str(TRACES / "ping/ping_O_all_lost.txt"), "--json"]).output
    )
    assert columns["delay_s"] == [None] * 5
    page = run(cli, ["read", str(given("cluster/etcd_metrics_histograms.prom"))])
    assert "3,745,994 values, p50" in page.output


def test_probes_that_a_tool_counted_before_and_after_the_answers_are_lost() -> None:
    answers = "".join(
        f"64 bytes from 10.0.0.2: icmp_seq={n} ttl=64 time=1.5 ms\n" for n in (4, 5, 7)
    )
    log = f"PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.\n{answers}\n--- 10.0.0.2 ping statistics ---\n"
    assert sus.traces.ping(log.encode()).lost == 1
    log += "9 packets transmitted, 3 received, 66% packet loss, time 9000ms\n"
    found = sus.traces.ping(log.encode())
    assert (found.lost, found.only("10.0.0.2").lost, pickle.loads(pickle.dumps(found)).lost) == (
        6,
        6,
        6,
    )


def test_runs_of_ping_to_several_targets_lose_what_none_of_them_answered() -> None:
    def run(target: str, answered: list[int]) -> str:
        lines = (f"64 bytes from {target}: icmp_seq={n} ttl=64 time=1.5 ms\n" for n in answered)
        return f"PING {target} ({target}) 56(84) bytes of data.\n{''.join(lines)}"

    # Numbers go on from run to run: to the first target again, no more is lost than its own two.
    log = run("10.0.0.2", [1, 2, 4]) + run("10.0.0.3", [1, 2, 3]) + run("10.0.0.2", [1, 3])
    found = sus.traces.ping(log.encode())
    assert (found.lost, found.only("10.0.0.3").lost) == (2, 0)
    # Without a heading what was not answered has no target, and yet is lost once.
    bare = run("10.0.0.2", [1, 3]).partition("\n")[2] + "no answer yet for icmp_seq=4\n"
    assert sus.traces.ping(bare.encode()).lost == 2


def test_a_dead_target_is_lost_beside_others_that_answer_and_streams_are_not_mixed() -> None:
    lines = "".join(
        f"a : [{n}], 64 bytes, 1.0 ms (1.0 avg, 0% loss)\nb : [{n}], 64 bytes, 2.0 ms (2.0 avg, 0% loss)\n"
        f"c : [{n}], timed out (NaN avg, 100% loss)\n"
        for n in range(10)
    )
    delays = sus.traces.fping(lines.encode())
    assert (delays.answered.size, delays.lost, delays.only("c").lost) == (20, 10, 10)
    with pytest.raises(ValueError, match="2 targets"):
        delays.arrivals(every="1s")


def test_two_runs_in_one_log_are_not_laid_over_each_other() -> None:
    run = b"".join(
        b"[%d.000s][info][gc] GC(%d) Pause Young (Normal) 1M->1M(9M) 5.000ms\n" % (n + 1, n)
        for n in range(5)
    )
    assert len(sus.traces.jvm(run).timeline()) == 5
    with pytest.raises(ValueError, match="several runs"):
        sus.traces.jvm(run + run).timeline()


def test_a_page_scraped_twice_is_said_to_be() -> None:
    page = (
        b'# TYPE a_seconds histogram\na_seconds_bucket{le="1"} 1\na_seconds_bucket{le="+Inf"} 2\n'
    )
    with pytest.raises(ValueError, match="is there twice"):
        sus.traces.prometheus(page + page)


def test_a_pipe_loses_nothing(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = (TRACES / "ping/ping_n.txt").read_bytes()
    writer = threading.Thread(target=pipe.write_bytes, args=(text * 50,))
    writer.start()
    assert sus.traces.read(pipe).answered.size == 50 * sus.traces.ping(text).answered.size
    writer.join()
