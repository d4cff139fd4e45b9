"""Speed of the main job, each figure beside its peer's on the same work; prints the table of benches/README.md.

Every figure is the median of several runs, peers and we in turns, so that a busy moment hits both.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

THRESHOLDS = 256
MEDIAN, SIGMA, LOSS = 0.02, 0.8, 0.01
"""Delay of a heartbeat in seconds, and the share that is lost."""


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_turns(runs: int, *works: Callable[[], object]) -> list[float]:
    """Return the median seconds of each work, all of them run once a round."""
    for work in works:
        work()
    rounds = [[seconds(work) for work in works] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def replay(beats: int, runs: int) -> None:
    """Print heartbeats a second through 256 thresholds, on one core."""
    import numpy as np
    import suspicion as sus

    link = sus.Link(delay=sus.LogNormal(median=MEDIAN, sigma=SIGMA), loss=LOSS)
    run = sus.Heartbeats(every="1s", link=link).simulate(float(beats), rng=1)
    n, received, sent = len(run), np.array(run.received), np.array(run.sent)
    log = sus.Arrivals.from_arrays(received, run.sent, number=run.number, every="1s")
    timeouts = np.geomspace(0.5, 5.0, THRESHOLDS)

    def by_numpy() -> np.ndarray:
        gaps = np.sort(np.diff(received))
        return len(gaps) - np.searchsorted(gaps, timeouts, side="right")

    def by_numpy_in_full() -> list[np.ndarray]:
        """Counts and durations in 64 blocks for intervals, and detection times: what a curve has."""
        found = []
        for block in np.array_split(np.diff(received), 64):
            gaps = np.sort(block)
            first = np.searchsorted(gaps, timeouts, side="right")
            longer = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)[first]
            found += [len(gaps) - first, longer - (len(gaps) - first) * timeouts]
        delays = received - sent
        crash = delays - np.linspace(0.0, 1.0, len(delays))
        return [*found, np.quantile(crash, [0.5, 0.99]), delays.max()]

    def ours(detector: sus.Detector, thresholds: np.ndarray) -> Callable[[], sus.Curve]:
        return lambda: sus.sweep(log, detector, thresholds=thresholds)

    assert by_numpy().tolist() == ours(sus.FixedTimeout(), timeouts)().mistakes.tolist()
    works = {
        "FixedTimeout": ours(sus.FixedTimeout(), timeouts),
        "Chen": ours(sus.Chen(), timeouts - 0.4),
        "TwoWindow": ours(sus.TwoWindow(), timeouts - 0.4),
        "Bertier": ours(sus.Bertier(), np.geomspace(0.5, 100.0, THRESHOLDS)),
        "PhiAccrual": ours(sus.PhiAccrual(), np.geomspace(0.1, 100.0, THRESHOLDS)),
        "ExponentialAccrual": ours(sus.ExponentialAccrual(), np.geomspace(0.2, 2.2, THRESHOLDS)),
    }
    numpy_time, full_time, *times = in_turns(runs, by_numpy, by_numpy_in_full, *works.values())
    print(f"| replay, {n / 1e6:.0f} M heartbeats, 1 core | million a second | beside numpy |")
    print("|---|---|---|")
    print(f"| numpy: sort the gaps, searchsorted (counts only) | {n / numpy_time / 1e6:.1f} | 1 |")
    print(
        f"| numpy: the same with durations, 64 blocks, detection times | {n / full_time / 1e6:.1f} | {numpy_time / full_time:.1f} |"
    )
    for name, spent in zip(works, times, strict=True):
        print(f"| {name} | {n / spent / 1e6:.1f} | {numpy_time / spent:.1f} |")
    simpy_rate = by_simpy(20_000)
    fixed = n / times[0]
    print(f"| SimPy, the same monitor at one timeout | {simpy_rate / 1e6:.4f} | |")
    print(
        f"\nFixedTimeout at {THRESHOLDS} timeouts beside SimPy at one: {fixed / simpy_rate:,.0f} times as fast.\n"
    )


def vectors(beats: int, runs: int) -> None:
    """Print nanoseconds a heartbeat and threshold where each threshold is followed by itself."""
    import numpy as np
    import suspicion as sus

    link = sus.Link(delay=sus.LogNormal(median=MEDIAN, sigma=SIGMA), loss=LOSS)
    run = sus.Heartbeats(every="1s", link=link).simulate(float(beats), rng=1)
    timeouts = np.geomspace(0.5, 5.0, THRESHOLDS)
    phis = np.geomspace(0.5, 50.0, THRESHOLDS)
    shares = np.linspace(1.0 / THRESHOLDS, 1.0, THRESHOLDS)
    tuning = sus.SelfTuning(step="50ms", max_rate="1/h", max_detection="3s")
    detectors = {
        "AkkaPhi": (sus.AkkaPhi(acceptable_pause=0), phis),
        "Chitchat": (sus.Chitchat(), phis),
        "SelfTuning": (tuning, timeouts - 0.4),
        "EmpiricalAccrual": (sus.EmpiricalAccrual(), shares),
        "FailedProbes": (sus.FailedProbes(), timeouts),
        "PercentileTimeout": (sus.PercentileTimeout(), phis),
        "RetransmissionTimeout": (sus.RetransmissionTimeout(minimum="10ms"), phis),
        "BucketedTimeout": (sus.BucketedTimeout(tick="1s"), timeouts),
        "ElectionTimeout, in expectation": (sus.ElectionTimeout(rule="free"), timeouts),
        "ElectionTimeout, drawn": (sus.ElectionTimeout(rule="free", seed=1), timeouts),
    }

    def ours(detector: sus.Detector, thresholds: np.ndarray) -> Callable[[], sus.Curve]:
        return lambda: sus.sweep(run, detector, thresholds=thresholds)

    few = np.array(run.received[:20_000])
    python_time, *times = in_turns(
        runs, lambda: akka_in_python(few, 8.0), *(ours(*item) for item in detectors.values())
    )
    print(f"| a vector of {THRESHOLDS} states, 1 core | ns a heartbeat and threshold |")
    print("|---|---|")
    print(f"| Akka's phi in plain Python, at one threshold | {1e9 * python_time / len(few):,.0f} |")
    for name, spent in zip(detectors, times, strict=True):
        print(f"| {name} | {1e9 * spent / (len(run) * THRESHOLDS):.1f} |")
    print()


def akka_in_python(received, threshold: float) -> int:
    """Return the mistakes of Akka's detector at one threshold, with a window and running sums."""
    import math
    from collections import deque

    window, total, squares = deque([0.75, 1.25], maxlen=1000), 2.0, 2.125
    last, mistakes = None, 0
    for now in received:
        if last is not None:
            gap = now - last
            mean = total / len(window)
            std = max(math.sqrt(max(squares / len(window) - mean * mean, 0.0)), 0.1)
            y = (gap - mean) / std
            e = math.exp(-y * (1.5976 + 0.070566 * y * y))
            phi = -math.log10(e / (1.0 + e)) if y > 0.0 else -math.log10(1.0 - 1.0 / (1.0 + e))
            if phi < threshold:
                if len(window) == window.maxlen:
                    oldest = window.popleft()
                    total, squares = total - oldest, squares - oldest * oldest
                window.append(gap)
                total, squares = total + gap, squares + gap * gap
            else:
                mistakes += 1
        last = now
    return mistakes


def by_simpy(beats: int) -> float:
    """Return heartbeats a second of a monitor with one timeout, simulated event by event."""
    import numpy as np
    import simpy

    rng = np.random.default_rng(1)
    delays = rng.lognormal(np.log(MEDIAN), SIGMA, beats)
    lost = rng.random(beats) < LOSS
    mistakes = []

    def sender(env: simpy.Environment, inbox: simpy.Store):
        for delay, gone in zip(delays, lost, strict=True):
            if not gone:
                env.process(message(env, inbox, delay))
            yield env.timeout(1.0)

    def message(env: simpy.Environment, inbox: simpy.Store, delay: float):
        yield env.timeout(delay)
        yield inbox.put(env.now)

    def monitor(env: simpy.Environment, inbox: simpy.Store):
        arrival = inbox.get()
        yield arrival
        while True:
            arrival = inbox.get()
            yield arrival | env.timeout(1.5)
            if not arrival.triggered:
                mistakes.append(env.now)
                yield arrival

    env = simpy.Environment()
    inbox = simpy.Store(env)
    env.process(sender(env, inbox))
    env.process(monitor(env, inbox))
    spent = seconds(lambda: env.run(until=float(beats)))
    assert mistakes
    return beats / spent


def simulate(beats: int, runs: int) -> None:
    """Print heartbeats a second from a model straight into a curve."""
    import suspicion as sus

    world = sus.Heartbeats(
        every="1s",
        link=sus.Link(delay=sus.LogNormal(median=MEDIAN, sigma=SIGMA), loss=LOSS),
        sender_pauses=sus.Pauses(
            every=sus.Exponential(mean="1h"), lasting=sus.LogNormal(median="80ms", sigma=1.2)
        ),
    )
    [spent] = in_turns(
        runs, lambda: sus.sweep(world, sus.FixedTimeout(), duration=float(beats), rng=1)
    )
    print(
        f"Simulation of a lognormal link with loss and pauses into {THRESHOLDS} timeouts, "
        f"{os.cpu_count()} cores: {beats / spent / 1e6:.1f} million heartbeats a second.\n"
    )


def memory(beats: int) -> None:
    """Print the memory of a simulation that is never held."""
    script = f"""
import resource, time
import suspicion as sus
world = sus.Heartbeats(every="1s", link=sus.Link(
    delay=sus.LogNormal(median={MEDIAN}, sigma={SIGMA}), loss={LOSS}))
begin = time.perf_counter()
sus.sweep(world, sus.FixedTimeout(), duration={float(beats)}, rng=1)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{{time.perf_counter() - begin:.0f}} s, {{peak:.0f}} MB")
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    print(f"{beats:,} simulated heartbeats: {said.stdout.strip()} at the peak, Python included.\n")


def importing(runs: int) -> None:
    """Print the time of an import, in a process of its own."""
    script = "import time; b = time.perf_counter(); import {}; print(time.perf_counter() - b)"
    medians = {}
    for name in ("numpy", "suspicion", "scipy.stats", "pandas"):
        command = [sys.executable, "-c", script.format(name)]
        times = [
            float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            for _ in range(runs)
        ]
        medians[name] = statistics.median(times)
    print(
        "`import`: " + ", ".join(f"{name} {spent:.2f} s" for name, spent in medians.items()) + "."
    )


def processor() -> str:
    cpu = Path("/proc/cpuinfo")
    if not cpu.exists():
        return platform.processor()
    lines = cpu.read_text(encoding="utf-8").splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beats", type=int, default=10_000_000)
    parser.add_argument("--held", type=int, default=1_000_000_000, help="for the memory")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--part", choices=["replay"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part == "replay":
        replay(asked.beats, asked.runs)
        vectors(asked.beats // 25, max(asked.runs // 3, 1))
        return
    print("# Speed beside others\n")
    print(
        f"Made by `make bench` on {processor()}, {os.cpu_count()} cores, Python {platform.python_version()}."
    )
    print("Medians; every row of a table ran in turns with the others.\n", flush=True)
    # The number of threads is read once, when the first of them is made.
    command = [sys.executable, __file__, "--part", "replay", "--beats", str(asked.beats)]
    one_core = os.environ | {"RAYON_NUM_THREADS": "1"}
    subprocess.run([*command, "--runs", str(asked.runs)], env=one_core, check=True)
    simulate(5 * asked.beats, asked.runs)
    memory(asked.held)
    importing(asked.runs)


if __name__ == "__main__":
    main()
