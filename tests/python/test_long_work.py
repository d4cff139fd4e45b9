"""Long work stops at once when asked to, says how far it has come, and works after a fork."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import suspicion as sus

WORLD = sus.Heartbeats(
    every="1s",
    link=sus.Link(delay=sus.LogNormal(median="20ms", sigma=0.8), loss=0.01),
    sender_pauses=sus.Pauses(every=sus.Exponential(mean="1h"), lasting="2s"),
)
LOG = sus.Arrivals.from_arrays(np.arange(20_000_000, dtype=np.int64), unit="ms")

PROBABILITIES = np.linspace(0.0, 1.0, 5_000_000)

FOREVER = {
    "sweep": lambda: sus.sweep(WORLD, sus.FixedTimeout(), duration="9000d", rng=1),
    "compare": lambda: sus.compare(WORLD, [sus.PhiAccrual(), sus.Chen()], duration="9000d", rng=1),
    "replay": lambda: [sus.sweep(LOG, sus.Bertier()) for _ in range(100)],
    "simulate": lambda: WORLD.simulate("400d", rng=1),
    "stream": lambda: [block for block in WORLD.stream("9000d", rng=1) if len(block) == 0],
    "sample": lambda: [sus.Gamma(shape=0.5, scale=1.0).sample(50_000_000, rng=1) for _ in range(9)],
    "redlock": lambda: sus.Redlock().simulate(10**9, rng=1),
    "icdf": lambda: sus.Gamma(shape=0.5, scale=1.0).icdf(PROBABILITIES),
    "sum": lambda: [
        sus.Sum([sus.Gamma(shape=k / 1e3, scale=1.0)] * 50).cdf(1.0) for k in range(1, 200)
    ],
}


@pytest.fixture
def interruptible():
    """Python's own handler, which is not there in a job that runs in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("name", FOREVER)
def test_an_interrupt_stops_it_within_a_tenth_of_a_second(name) -> None:
    sent = []

    def interrupt() -> None:
        sent.append(time.perf_counter())
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    timer = threading.Timer(0.3, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        FOREVER[name]()
    stopped = time.perf_counter()
    timer.join()
    # On a busy machine the thread that is told to stop may itself have to wait for its turn.
    assert stopped - sent[0] < 0.1 + 0.15


def test_the_next_call_after_an_interrupt_works() -> None:
    assert sus.sweep(WORLD, sus.FixedTimeout(), thresholds=["2s"], duration="1d", rng=1).exposure


def test_a_call_after_a_fork_works() -> None:
    def count() -> float:
        return sus.sweep(WORLD, sus.FixedTimeout(), duration="10d", rng=1).mistakes.sum()

    before = count()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, pickle.dumps(count()))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert pickle.loads(os.read(reading, 1 << 16)) == before
    os.close(reading)
    os.close(writing)


def test_a_fork_while_another_thread_computes_works() -> None:
    script = """
import os, threading, time
import suspicion as sus
world = sus.Heartbeats(every="1s", link=sus.Link(delay="10ms", loss=0.1))
run = lambda: sus.sweep(world, sus.FixedTimeout(), duration="100d", rng=1).mistakes.sum()
thread = threading.Thread(target=run); thread.start(); time.sleep(0.05)
child = os.fork()
if child == 0:
    os._exit(0 if run() > 0 else 1)
print(os.waitpid(child, 0)[1])
thread.join()
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "0", done.stderr


def test_progress_rises_to_the_whole() -> None:
    told = []
    sus.sweep(
        WORLD, sus.FixedTimeout(), duration="300d", rng=1, progress=lambda *at: told.append(at)
    )
    done, whole = zip(*told, strict=True)
    assert sorted(done) == list(done)
    assert set(whole) == {300 * 86_400}
    assert done[-1] >= 0.9 * whole[-1]


def test_an_error_in_the_progress_callable_comes_out() -> None:
    def fails(done, whole):
        raise ZeroDivisionError("as asked")

    with pytest.raises(ZeroDivisionError, match="as asked"):
        sus.sweep(WORLD, sus.FixedTimeout(), duration="9000d", rng=1, progress=fails)


def test_what_cannot_fit_is_refused_before_it_begins() -> None:
    begun = time.perf_counter()
    with pytest.raises(MemoryError, match=r"duration = .* needs .* bytes"):
        sus.Heartbeats(every="1ms", link=sus.Link(delay="1ms")).simulate("36500d", rng=1)
    with pytest.raises(MemoryError):
        sus.Constant("1s").sample(2**45)
    assert time.perf_counter() - begun < 1.0


def test_a_model_is_watched_without_being_held() -> None:
    script = """
import resource
import suspicion as sus
world = sus.Heartbeats(every="1s", link=sus.Link(delay=sus.LogNormal(median="20ms", sigma=0.8)))
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sus.sweep(world, sus.FixedTimeout(), duration="600d", rng=1)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    # 52 million heartbeats would be 1.2 GB.
    assert float(done.stdout) < 60.0
