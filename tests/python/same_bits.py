"""Prints a fingerprint of everything that randomness or arithmetic goes into, one line each."""

from __future__ import annotations

import hashlib

import numpy as np
import suspicion as sus

MS = sus.LogNormal(median="5ms", sigma=1.0)

LAWS = {
    "Constant": sus.Constant("5ms"),
    "Uniform": sus.Uniform(low="1ms", high="5ms"),
    "Exponential": sus.Exponential(mean="5ms"),
    "Gamma below one": sus.Gamma(shape=0.5, scale="5ms"),
    "Gamma above one": sus.Gamma(shape=3.5, scale="5ms"),
    "LogNormal": MS,
    "Weibull": sus.Weibull(scale="5ms", shape=0.7),
    "Pareto": sus.Pareto(minimum="1ms", tail_index=2.2),
    "GeneralizedPareto": sus.GeneralizedPareto(scale="5ms", shape=0.2),
    "TruncatedNormal": sus.TruncatedNormal(mean="5ms", std="3ms"),
    "Empirical": sus.Empirical([0.001, 0.002, 0.005]),
    "quantiles": sus.Empirical.from_quantiles({0.0: "1ms", 0.5: "2ms", 1.0: "9ms"}),
    "Mixture": sus.Mixture([MS, MS * 100.0 + "1ms"], weights=[9, 1]),
    "Truncated": MS.truncated(low="1ms", high="1s"),
    "Maximum": sus.Maximum([MS, MS]),
    "Sum": MS + MS,
}

WORLD = sus.Heartbeats(
    every="100ms",
    link=sus.Link(
        delay=MS,
        loss=sus.GilbertElliott("1/10s", "1/1s", bad_loss=0.5, bad_delay=MS * 20.0),
        duplication=0.01,
    ),
    sender_pauses=sus.Pauses(every=sus.Exponential(mean="30s"), lasting=sus.Gamma(shape=2.0, scale=0.2)),
    receiver_pauses=sus.Pauses(every=sus.Exponential(mean="40s"), lasting=sus.Weibull(scale=0.2, shape=0.8)),
    catch_up="skip",
)  # fmt: skip

DETECTORS = [
    sus.FixedTimeout(),
    sus.Chen(window=50),
    sus.TwoWindow(short=1, long=50),
    sus.Bertier(window=50),
    sus.PhiAccrual(window=50),
    sus.ExponentialAccrual(window=50),
    sus.AkkaPhi(window=50, acceptable_pause="100ms"),
    sus.Chitchat(window=50),
    sus.EmpiricalAccrual(window=50),
    sus.SelfTuning(step="5ms", max_rate="1/min", max_detection="300ms", window=50),
    sus.FailedProbes(failures=2),
    sus.RetransmissionTimeout(minimum="10ms"),
    sus.PercentileTimeout(minimum="10ms"),
]
TIMEOUTS = np.geomspace(0.05, 2.0, 20)


def fingerprint(*arrays: object) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        # The sign of a nan has no meaning and differs between processors.
        digest.update(np.where(np.isnan(array), np.nan, array).tobytes())
    return digest.hexdigest()[:16]


def main() -> None:
    for name, law in LAWS.items():
        draws = law.sample(20_000, rng=7)
        x = np.quantile(draws, [0.01, 0.3, 0.5, 0.9, 0.999])
        print(f"{name}: draws", fingerprint(draws))
        tails = law.logcdf(x), law.logccdf(x), law.cdf(x), law.ccdf(x)
        q = np.array([0.001, 0.1, 0.5, 0.9])
        print(f"{name}: tails", fingerprint(*tails, law.icdf(q), law.iccdf(q), law.mean()))
    beats = WORLD.simulate("10min", rng=7)
    print("arrivals", fingerprint(beats.received, beats.sent, beats.number))
    curves = sus.compare(WORLD, DETECTORS, duration="3h", rng=7, warm_up=100, check_every="30ms")
    for name, curve in curves.items():
        print(f"{name}: curve", fingerprint(curve.threshold, *curve.to_dict().values()))
    drawn = [sus.ElectionTimeout(rule=rule, seed=3) for rule in ("reset", "term", "free")]
    expected = [sus.ElectionTimeout(rule=rule, followers=3) for rule in ("reset", "free")]
    for detector in (*drawn, *expected):
        curve = sus.sweep(WORLD, detector, thresholds=TIMEOUTS, duration="1h", rng=7, warm_up=100)
        print(f"{detector}: curve", fingerprint(*curve.to_dict().values()))
    seen = sus.Observers(WORLD.observe("20min", observers=3, rng=7), quorum=2)
    curve = sus.sweep(seen, sus.FixedTimeout(), thresholds=TIMEOUTS)
    print("quorum: curve", fingerprint(*curve.to_dict().values()))
    sleeper = sus.Client(
        pauses=sus.Pauses(every=sus.Exponential(mean="1min"), lasting=MS * 400.0)
        | sus.Suspend(every="1h", lasting=sus.Exponential(mean="1min")),
        clock=sus.Clock(drift=1e-4, stops_in_suspend=True, step_every="1h", step_by=-2.0),
        delay=MS,
        outages=sus.Pauses(every="20min", lasting="10s"),
    )
    hasty = sus.Writes(every="500ms", window="20ms", delay=MS, fencing="tokens")
    lease = sus.Lease(length="10s", poll_every="1s", poll_jitter=0.5, grace="1s", lock_delay="2s")
    held = lease.simulate([sleeper] * 3, duration="100h", runs=3, writes=hasty, rng=7)
    columns = [held.episode_columns()[name] for name in ("begin", "end", "acting", "stale_writes")]
    print("lease", fingerprint(*columns), held.writes, held.stale_writes)
    print("takeover", fingerprint(lease.takeover([sleeper] * 3, runs=500, rng=7).times))
    rows = lease.lengths(pauses=sleeper.parameters["pauses"], writes=hasty)
    print("lengths", fingerprint(rows.two_holders, rows.stale_writes, rows.with_tokens))
    storage = sus.FencedStorage(sealed=False, shards=3)
    walks = storage.random_schedules(20_000, clients=3, grants=3, writes=2, rng=7)
    raced = storage.race(stale=MS, first_write=MS, n=20_000, rng=7)
    print("fencing", fingerprint(walks.to_dict()["schedules"], raced.to_dict()["races"]))
    lock = sus.Redlock(delay=MS, pause=MS * 200.0, jumps=2, jump="4s", crashes=1, work=MS * 500.0)
    print("redlock", fingerprint(lock.simulate(20_000, rng=7).to_dict()["trials"]))


if __name__ == "__main__":
    main()
