"""Times an echo over loopback UDP with sleeps, as classic histograms (with a label) and a summary; text and OpenMetrics with exemplars."""
import random, sys, time
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Summary, generate_latest, start_http_server
from prometheus_client.openmetrics import exposition
registry = CollectorRegistry()
rtt = Histogram("heartbeat_rtt_seconds", "Round trip of a heartbeat, by peer", ["peer"], registry=registry, buckets=(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5))
fsync = Histogram("wal_fsync_duration_seconds", "Time of an fsync", registry=registry, buckets=[.001 * 2**i for i in range(14)])
summary = Summary("apply_seconds", "Time of an apply", registry=registry)
beats = Counter("heartbeats", "Heartbeats received", ["peer"], registry=registry)
rng = random.Random(1)
start_http_server(9464, addr="127.0.0.1", registry=registry)
end = time.time() + float(sys.argv[1])
n = 0
sums = {}
while time.time() < end:
    for peer, scale in (("node-a", .004), ("node-b", .02), ('odd "name"\\\n', .3)):
        for _ in range(20):
            v = rng.lognormvariate(0, .8) * scale
            n += 1
            sums.setdefault(peer, []).append(v)
            rtt.labels(peer).observe(v, {"trace_id": f"{n:016x}"})
            beats.labels(peer).inc()
    v = rng.paretovariate(1.6) * .0008
    sums.setdefault("fsync", []).append(v)
    fsync.observe(v); summary.observe(v)
    time.sleep(.1)
open("python_client.prom", "wb").write(generate_latest(registry))
open("python_client.openmetrics.txt", "wb").write(exposition.generate_latest(registry))
with open("python_true.txt", "w") as out:
    for key, values in sums.items():
        values.sort()
        out.write(f"{key!r} count {len(values)} sum {sum(values)!r} max {values[-1]!r} p50 {values[int(.5*len(values))]!r} p99 {values[int(.99*len(values))]!r} over0.25 {sum(v > .25 for v in values)}\n")
