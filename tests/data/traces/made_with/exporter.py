"""Times an echo over loopback UDP with sleeps, as classic histograms (with a label) and a summary; text and OpenMetrics with exemplars."""

import random
import sys
import time
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Summary,
    generate_latest,
    start_http_server,
)
from prometheus_client.openmetrics import exposition

registry = CollectorRegistry()
rtt = Histogram(
    "heartbeat_rtt_seconds",
    "Round trip of a heartbeat, by peer",
    ["peer"],
    registry=registry,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
fsync = Histogram(
    "wal_fsync_duration_seconds",
    "Time of an fsync",
    registry=registry,
    buckets=[0.001 * 2**i for i in range(14)],
)
summary = Summary("apply_seconds", "Time of an apply", registry=registry)
beats = Counter("heartbeats", "Heartbeats received", ["peer"], registry=registry)
rng = random.Random(1)
start_http_server(9464, addr="127.0.0.1", registry=registry)
end = time.time() + float(sys.argv[1])
n = 0
sums = {}
while time.time() < end:
    for peer, scale in (("node-a", 0.004), ("node-b", 0.02), ('odd "name"\\\n', 0.3)):
        for _ in range(20):
            v = rng.lognormvariate(0, 0.8) * scale
            n += 1
            sums.setdefault(peer, []).append(v)
            rtt.labels(peer).observe(v, {"trace_id": f"{n:016x}"})
            beats.labels(peer).inc()
    v = rng.paretovariate(1.6) * 0.0008
    sums.setdefault("fsync", []).append(v)
    fsync.observe(v)
    summary.observe(v)
    time.sleep(0.1)
Path("python_client.prom").write_bytes(generate_latest(registry))
Path("python_client.openmetrics.txt").write_bytes(exposition.generate_latest(registry))
with Path("python_true.txt").open("w") as out:
    for key, values in sums.items():
        values.sort()
        out.write(
            f"{key!r} count {len(values)} sum {sum(values)!r} max {values[-1]!r} p50 {values[int(0.5 * len(values))]!r} p99 {values[int(0.99 * len(values))]!r} over0.25 {sum(v > 0.25 for v in values)}\n"
        )
