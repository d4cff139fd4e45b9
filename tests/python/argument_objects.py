"""Objects whose methods are called with good and bad values, and what they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lease_values
import pause_values
import suspicion as sus

LINK = sus.Link(delay=sus.Exponential(mean="10ms"), loss=0.01)
WORLD = sus.Heartbeats(every="1s", link=LINK)
BEATS = sus.examples.load("urban_n8_v0")
CURVE = sus.sweep(BEATS, sus.FixedTimeout())
LAW = sus.LogNormal(median="1ms", sigma=1.0)

DELAYS = LAW.sample(5000, rng=1)

PHI = sus.sweep(BEATS, sus.ExponentialAccrual(), thresholds=[1.0, 2.0])

WAITS = LAW.sample(200, rng=1)
FIT = sus.fit(WAITS, "LogNormal")


class Patient:
    """The smallest detector of one's own."""

    def observe(self, heartbeat):
        return heartbeat.received, 1.0


INSTANCES: dict[type, Any] = {
    sus.Timeline: pause_values.PAUSES,
    **lease_values.OBJECTS,
    sus.RedlockOutcome: sus.Redlock().simulate(1000, rng=1),
    sus.Arrivals: BEATS,
    sus.Calibration: PHI.calibration(),
    sus.Configuration: sus.configure(
        max_detection="30s", min_recurrence="1d", max_duration="1s", loss=0.01, delay_variance=0.1
    ),
    sus.Fit: FIT,
    sus.Observations: FIT.observations,
    sus.Ranking: sus.fits(WAITS, ["LogNormal", "Weibull"]),
    sus.Heartbeat: sus.Heartbeat(received=1.0, sent=0.9, number=1),
    sus.PauseStatistics: pause_values.PAUSES.statistics(),
    sus.Stages: sus.stages(BEATS, sus.FixedTimeout(), "1s"),
    sus.Census: BEATS.census,
    sus.Comparison: sus.compare(BEATS, [sus.FixedTimeout()]),
    sus.Curve: CURVE,
    sus.Heartbeats: WORLD,
    sus.Link: LINK,
    sus.Point: CURVE.at("1s"),
    sus.Preset: sus.presets.cassandra(),
    sus.Recommendation: CURVE.recommend(max_rate="1/min"),
}
"""An object of each class whose methods are called; distributions and detectors are made below."""

TRACES = Path(__file__).parents[1] / "data" / "traces"
FILES = {
    "read": "ping/ping_n.txt",
    "ping": "ping/ping_n.txt",
    "fping": "fping/fping_D_C50.stdout.txt",
    "mtr": "mtr/mtr_raw_n.txt",
    "pcap": "pcap/udp_echo.pcap",
    "ghz": "given/network/ghz_pretty.json",
    "otlp": "otlp/otlp_spans.jsonl",
    "jvm": "jvm/g1_gc_only_default.log",
    "jvm_legacy": "given/pauses/gct_ps_long_pause.log",
    "gctrace": "go/gctrace.txt",
    "cyclictest": "cyclictest/hist_q_two_threads.txt",
    "cluster": "serf/serf_node_1.log",
    "upptime": "given/cluster/upptime_nextcloud_gitlog.txt",
    "hdr_log": "hdrhistogram/tagged_v2.hlog",
    "hgrm": "hdrhistogram/tagged.hgrm",
    "prometheus": "given/cluster/etcd_metrics_histograms.prom",
    "prometheus_api": "prometheus/query_native_one.json",
    "chrony_tracking": "chrony/tracking.log.gz",
    "chrony_measurements": "chrony/measurements.log.gz",
    "chrony_statistics": "chrony/statistics.log.gz",
    "ntp_loopstats": "ntpd/loopstats",
    "ntp_peerstats": "ntpd/peerstats",
    "ptp4l": "ptp4l/ptp4l_offsets.txt",
}
"""A file for each reader."""

JAEGER = b"""{"data": [{"traceID": "a", "spans": [{"spanID": "b", "operationName": "get", "startTime": 1,
"duration": 5, "processID": "p"}], "processes": {"p": {"serviceName": "shop"}}}]}"""

MEMBERS: dict[type, Any] = {
    type(found): found
    for found in (
        sus.traces.read(TRACES / FILES[name])
        for name in ("fping", "jvm", "hgrm", "chrony_tracking")
    )
} | {
    sus.traces.Events: sus.traces.cluster(
        b"INFO  [Service Thread] 2015-01-21 21:54:36,123 GCInspector.java:258 - G1 Young Generation GC in 235ms."
    ),
    sus.traces.Capture: sus.traces.read(TRACES / "pcap/udp_heartbeats_us.pcap"),
    sus.traces.Histogram: sus.traces.Histogram([0.0, 1.0], [1.0, 2.0], [3, 4]),
    sus.estimate.KaplanMeier: sus.estimate.KaplanMeier(WAITS),
}
"""An object of each class of the modules whose methods are called."""

HALVES = [
    sus.sweep(
        WORLD,
        sus.FixedTimeout(),
        thresholds=["2s"],
        duration="6h",
        rng=1,
        replications=2,
        part=part,
    )
    for part in ((0, 1), (1, 2))
]
OF_OTHERS = {"Curve.merged": HALVES[0].merged, "Curve.calibration": PHI.calibration}
"""Methods that another object is needed for."""

BUILT_BY_OTHERS = {
    sus.PauseStatistics,
    sus.Arrivals, sus.Calibration, sus.Census, sus.Comparison, sus.Configuration, sus.Curve, sus.Detector, sus.Distribution, sus.Fit, sus.Point,
    sus.Heartbeat, sus.Preset, sus.Ranking, sus.Recommendation, sus.RedlockOutcome, sus.Stages,
}  # fmt: skip
"""Classes that people do not construct."""
