"""Good and bad values for what the public callables take, by name of the callable and the parameter."""

from __future__ import annotations

import inspect
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pause_values
import redlock_values
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
    sus.RedlockOutcome: sus.Redlock().simulate(1000, rng=1),
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

RECORDINGS = tempfile.TemporaryDirectory()
"""Where recordings go that are made on the way."""

GOOD: dict[str, Any] = {
    **{f"{name}.source": TRACES / file for name, file in FILES.items()},
    "jaeger.source": JAEGER,
    "table.source": b"a,b\n1,2\n",
    "table.unit": "ms",
    "matrix.source": b'{"a": {"b": 1}}',
    "netem.source": TRACES / "given/netem/pareto.dist",
    "netem.delay": "20ms",
    "netem.jitter": "5ms",
    "aws.origin": "eu-west-1",
    "aws.destination": "us-east-1",
    "Delays.only.target": str(MEMBERS[sus.traces.Delays].target[0]),
    "Events.only.event": "collection",
    "PauseLog.of.kind": "collection",
    "Capture.only.flow": next(iter(MEMBERS[sus.traces.Capture].flows)),
    "Histogram.ccdf.x": 1.0,
    "t": 0.001,
    "data": WAITS,
    "family": "LogNormal",
    "families": ["LogNormal"],
    "Observations.samples": [1.0, 2.0],
    "upper_bounds": [1.0, 2.0],
    "counts": [3, 4],
    "name": "sigma",
    "draws.n": 3,
    **{
        f"{own}.{name}": value
        for own in ("pauses", "rtt")
        for name, value in {
            "path": Path(RECORDINGS.name) / own,
            "duration": "3ms",
            "existing": "replace",
        }.items()
    },
    "rtt.target": "127.0.0.1:1",
    "Constant.value": "1s",
    "Empirical.sample": [1.0, 2.0],
    "Gamma.shape": 2.0,
    "GeneralizedPareto.shape": 0.5,
    "GilbertElliott.to_bad": 0.1,
    "GilbertElliott.to_good": 0.3,
    "Mixture.parts": [LAW, LAW],
    "TruncatedNormal.high": "1s",
    "TruncatedNormal.low": 0.0,
    "Uniform.high": "2s",
    "Uniform.low": "1s",
    "Weibull.shape": 2.0,
    "load.name": "urban_n8_v0",
    "path.name": "urban_n8_v0",
    "mean": "1s",
    "std": "100ms",
    "scale": "1s",
    "median": "1s",
    "sigma": 1.0,
    "minimum": "1s",
    "tail_index": 2.5,
    "parts": [LAW, LAW],
    "quantiles": {0.5: "1ms", 0.9: "2ms"},
    "x": [0.1, 0.2],
    "p": [0.1, 0.2],
    "q": [0.1, 0.2],
    "log_q": [-1.0, -2.0],
    "sample.shape": 3,
    "truncated.low": 0.0,
    "truncated.high": "1s",
    "ax": None,
    "rng": 7,
    "received": [0.1, 1.1, 2.1],
    "sent": [0.0, 1.0, 2.0],
    "number": [0, 1, 2],
    "read_heartbeats.source": sus.examples.path("urban_n8_v0"),
    "read_heartbeats.received": "received_ms",
    "read_heartbeats.sent": "sent_ms",
    "read_heartbeats.number": None,
    "read_heartbeats.unit": "ms",
    "unit": "s",
    "source": BEATS,
    "detector": sus.FixedTimeout(),
    "detectors": [sus.FixedTimeout()],
    "link": LINK,
    "delay": "1ms",
    "every": "1s",
    "simulate.duration": "1min",
    "stream.duration": "1min",
    "lasting": "1s",
    "Timeline.starts": [1.0, 3.0],
    "Timeline.lasting": [0.5, 0.5],
    **pause_values.GOOD,
    **redlock_values.GOOD,
    "threshold": 1.0,
    "timeout": None,
    "sweep.duration": None,
    "compare.duration": None,
    "sweep.rng": None,
    "compare.rng": None,
    "Curve.timeout_of.threshold": "1s",
    "timeout_of.threshold": 0.5,
    "threshold_of.timeout": "5s",
    "EmpiricalAccrual.threshold_of.timeout": "100ms",
    "with_confidence.confidence_level": 0.9,
    "merged.other": HALVES[1],
    "Curve.at.threshold": "1s",
    "Curve.at.timeout": None,
    "Pareto.truncated.high": "10s",
    "Uniform.truncated.high": "2s",
    "Sum.truncated.high": "3ms",
    "Empirical.from_quantiles.quantiles": {0.0: "1ms", 1.0: "2ms"},
    "recommend.max_rate": "1/min",
    "around": None,
    "Observers.arrivals": WORLD.observe("1h", observers=2, rng=1),
    "Observers.quorum": 1,
    "observe.duration": "1min",
    "observers": 2,
    "Custom.factory": Patient,
    "Overdue.interval": "50ms",
    "tick": "1s",
    "ElectionTimeout.tick": None,
    "step": "10ms",
    "SelfTuning.max_rate": "1/min",
    "SelfTuning.max_detection": "1s",
    "ElectionTimeout.mean_timeout.timeout": "1s",
    "mean_timeout.timeout": "1s",
    "timeout_quantile.timeout": "1s",
    "timeout_quantile.p": 0.5,
    "draw_timeouts.timeout": "1s",
    "draw_timeouts.size": 3,
    "arrivals": BEATS,
    "ticks": [0.0, 1.0, 5.0],
    "longer_than": "1s",
    "hold": "1s",
    "configure.delay": None,
    "max_detection": "30s",
    "min_recurrence": "1d",
    "max_duration": "1s",
    "configure.loss": 0.01,
    "configure.delay_variance": 0.1,
    "recommend.max_detection": None,
    "stages.threshold": "1s",
    "stages.duration": None,
    "stages.rng": None,
    "several": [sus.stages(BEATS, sus.FixedTimeout(), "1s")],
    "cluster": 5,
    "alive": 4,
    "latency": 0.1,
    "nodes": 10,
    "mult": 4,
    "suspicion_time.interval": "1s",
    "remaining_suspicion_time.confirmations": 1,
    "expected": 3,
    "elapsed": "1s",
    "shortest": "2s",
    "longest": "30s",
    "zookeeper.tick": "2s",
    "check.ttl": "30s",
    "quantile.samples": [0.1, 0.2, 0.3],
    "quantile.p": 0.5,
    "rate.count": 3,
    "rate.time": "1d",
    "proportion.count": 3,
    "proportion.trials": 1000,
    "tail.samples": DELAYS,
    "tail.threshold": None,
    "tail.share": 0.1,
    "extremal_index.samples": BEATS,
    "extremal_index.threshold": "30ms",
    "autocorrelation.samples": BEATS,
    "regimes.samples": BEATS,
    "regimes.sent": None,
}
"""Good values by name of the callable and the parameter, or by parameter alone; else its default."""

FITTED = {"samples": DELAYS, "share": None}
COSTS = {"outage_cost": 1.0, "failover_cost": 5.0, "crash_rate": "1/30d", "max_rate": None}
MODELLED = {"source": WORLD, "duration": "3h"}
TOGETHER: dict[str, dict[str, Any]] = {
    "recommend.outage_cost": COSTS,
    "recommend.failover_cost": COSTS,
    "recommend.crash_rate": COSTS,
    **{f"{own}.{name}": MODELLED for own in ("sweep", "compare", "stages")
       for name in ("duration", "rng", "replications", "part")},
    "Curve.at.timeout": {"threshold": None},
    **pause_values.TOGETHER,
    "tail.threshold": FITTED,
}  # fmt: skip
"""What goes with a parameter when it is given."""

BAD: dict[str, Any] = {
    "None": None,
    "nan": math.nan,
    "inf": math.inf,
    "-1": -1,
    "-1.0": -1.0,
    "0": 0,
    "2**63": 2**63,
    "10**5000": 10**5000,
    "empty text": "",
    "text without unit": "150",
    "bytes": b"1s",
    "True": True,
    "complex": 1j,
    "object": object(),
    "empty list": [],
    "empty array": np.zeros(0),
    "2-D": np.zeros((2, 2)),
    "3-D nan": np.full((2, 1, 2), np.nan),
    "array of objects": np.array([object(), object(), object()]),
    "array of text": np.array(["1s", "2s", "3s"]),
    "array of bool": np.array([True, False, True]),
    "masked": np.ma.masked_array([1.0, 2.0, 3.0], [False, True, False]),
    "nan inside": np.array([1.0, math.nan, 3.0]),
    "inf inside": np.array([1.0, math.inf, 3.0]),
    "ragged": [[1.0], [1.0, 2.0]],
    "huge inside": [1.0, 10**400],
    "dict": {},
    "nested": {0.5: {0.5: 1.0}},
    "function": lambda: None,
}


OTHER_WORDS = {
    "data": ("samples",),
    "threshold": ("timeout", "margin", "gain", "phi", "suspicion", "pause", "safety"),
}
"""What a parameter is called in the literature, and in messages."""

WITHOUT_DENSITY = {
    f"{law}.{method}" for law in ("Constant", "Empirical", "Sum") for method in ("pdf", "logpdf")
}

SPAN = {"2**63"}
COUNT = {"0"}
FACTOR = {"-1", "-1.0", "0", "2**63"}
SHAPES = {"empty list", "empty array", "2-D"}

RULED = [
    f"check.{name}" for name in inspect.signature(sus.presets.check).parameters
]  # fmt: skip
"""What rules are asked about: any time and any number above zero."""

FINE: dict[str, set[str]] = {
    **pause_values.FINE,
    **redlock_values.FINE,
    "fit.high": {"inf"},
    "table.leave_out": {"empty list", "empty array"},
    "t": {"0", "inf", "inf inside", "2**63", "-1", "-1.0", *SHAPES},
    **dict.fromkeys(["netem.delay", "netem.jitter"], COUNT | SPAN),
    "netem.delay": FACTOR | {"-1.0"},
    "offset": COUNT,
    "Histogram.observations.above": {"0"},
    "lowest": COUNT,
    "Observations.censored": {"empty list", "empty array"},
    "fit.censored": {"empty list", "empty array"},
    "fits.censored": {"empty list", "empty array"},
    "draws.n": COUNT,
    **{f"{own}.path": {"text without unit"} for own in ("pauses", "rtt")},
    **dict.fromkeys(["pauses.least", "echo.port"], COUNT),
    "TruncatedNormal.mean": FACTOR,
    "GeneralizedPareto.shape": FACTOR,
    "sample.shape": COUNT,
    "log_q": {"-1", "-1.0", "0", *SHAPES},
    "x": {*FACTOR, "inf", "inf inside", *SHAPES},
    "p": {"0", *SHAPES},
    "q": {"0", *SHAPES},
    "rng": {"0", "2**63", "10**5000"},
    "around": COUNT,
    "bad_loss": COUNT,
    "good_loss": COUNT,
    "loss": COUNT,
    "duplication": COUNT,
    "low": COUNT,
    "parts": {"array of text"},
    "truncated.high": {"inf", "2**63"},
    "Sum.truncated.high": {"inf"},
    "TruncatedNormal.high": {"inf", "2**63"},
    "band": {"True"},
    "progress": {"True"},
    "Custom.name": {"empty text", "text without unit"},
    "Custom.threshold_name": {"empty text", "text without unit"},
    "Custom.memory": COUNT,
    **dict.fromkeys(
        [f"{own}.timeout_of.threshold" for own in ("Chen", "Custom", "SelfTuning", "TwoWindow")],
        FACTOR,
    ),
    "ElectionTimeout.seed": {"0", "2**63"},
    "SelfTuning.max_rate": COUNT | SPAN,
    **dict.fromkeys(
        [f"{own}.threshold_of.timeout" for own in ("Chen", "Custom", "TwoWindow")], FACTOR
    ),
    "draw_timeouts.size": COUNT,
    "latency": COUNT,
    "timeout_quantile.p": COUNT,
    "from_ticks.ticks": {"empty list", "empty array"},
    **dict.fromkeys(["confirmations", "expected", "configure.loss"], COUNT),
    **dict.fromkeys(
        ["acceptable_pause", "phase", "prior_weight", "longer_than", "hold"], COUNT | SPAN
    ),
    **dict.fromkeys(["granularity", "elapsed", "shortest"], COUNT | SPAN),
    **dict.fromkeys(["PercentileTimeout.minimum", "RetransmissionTimeout.minimum"], COUNT),
    **dict.fromkeys(["stretch", "maximum", "step", "from_ticks.every", "longest"], SPAN),
    **dict.fromkeys(["min_recurrence", "max_duration", "mean_delay", "delay_variance"], SPAN),
    **dict.fromkeys(["suspicion_time.interval", *RULED], SPAN),
    "received": {"nan inside"},
    **dict.fromkeys(["rate.count", "proportion.count"], COUNT),
    "rate.time": SPAN,
    "extremal_index.run": COUNT,
    "autocorrelation.lags": {"2**63"},
    "autocorrelation.samples": {"nan inside"},
    "sent": {"nan inside"},
    "number": {"nan inside"},
    **dict.fromkeys(["beta", "check_every", "delay", "dwell", "lasting", "min_std"], COUNT | SPAN),
    **dict.fromkeys(["Curve.at.threshold", "Constant.value", "timeout", "threshold"], COUNT | SPAN),
    **dict.fromkeys(["high", "mean", "median", "minimum", "scale", "std", "Pauses.every"], SPAN),
    **dict.fromkeys(["Weibull.shape", "sigma", "tail_index", "to_bad", "to_good"], SPAN),
    **dict.fromkeys(["max_rate", "max_detection"], SPAN),
    **dict.fromkeys(["outage_cost", "failover_cost", "crash_rate"], COUNT | SPAN),
}
"""Values of the grid that mean something, by name of the callable and the parameter, or of this alone."""
