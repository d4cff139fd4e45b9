"""The same seed gives the same bits: on any number of threads, with or without FMA, and as ever.

A change of the fingerprints in same_bits.txt is a change of every seeded result out there: it needs a
line in the CHANGELOG.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import suspicion as sus

HERE = Path(__file__).parent
KNOWN = (HERE / "same_bits.txt").read_text(encoding="utf-8")
WITHOUT_FMA = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable,-AVX512F",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4",
}


def run(code: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *code],
        env=os.environ | environment, capture_output=True, text=True, check=True, timeout=240,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    "environment",
    [
        {"RAYON_NUM_THREADS": "1"},
        {"RAYON_NUM_THREADS": "2"},
        {"RAYON_NUM_THREADS": "7"},
        WITHOUT_FMA,
    ],
    ids=["1 thread", "2 threads", "7 threads", "without FMA"],
)
def test_fingerprints_are_those_of_old(environment) -> None:
    assert run([str(HERE / "same_bits.py")], environment) == KNOWN


def test_the_platform_would_give_other_bits_without_fma() -> None:
    """Control: the environment above does change what does not go through the core."""
    script = "import math; print([math.exp(i / 997.0) for i in range(100_000)])"
    cpu = Path("/proc/cpuinfo")
    with_fma = cpu.exists() and " fma " in cpu.read_text(encoding="utf-8")
    assert (run(["-c", script], WITHOUT_FMA) != run(["-c", script], {})) == with_fma


def test_a_sweep_alone_is_that_of_a_comparison() -> None:
    link = sus.Link(delay=sus.Exponential(mean="20ms"), loss=0.01)
    world = sus.Heartbeats(every="100ms", link=link)
    detectors = [sus.FixedTimeout(), sus.Chen(window=100), sus.PhiAccrual(window=100)]
    together = sus.compare(world, detectors, duration="5h", rng=3)
    for detector in detectors:
        alone = sus.sweep(world, detector, duration="5h", rng=3)
        same = together[type(detector).__name__]
        for name, column in alone.to_dict().items():
            np.testing.assert_array_equal(column, same.to_dict()[name])


def test_parts_merge_into_the_bits_of_the_whole() -> None:
    world = sus.Heartbeats(every="1s", link=sus.Link(delay="10ms", loss=0.01))
    watch = {"thresholds": ["1.5s", "2.5s"], "duration": "3d", "rng": 3, "replications": 10}
    whole = sus.sweep(world, sus.FixedTimeout(), **watch)
    parts = [
        sus.sweep(world, sus.FixedTimeout(), part=part, **watch)
        for part in ((0, 3), (3, 8), (8, 10))
    ]
    with pytest.raises(ValueError, match="replications next to these"):
        parts[2].merged(parts[0])
    merged = parts[2].merged(parts[1]).merged(parts[0])
    for name, column in whole.to_dict().items():
        np.testing.assert_array_equal(column, merged.to_dict()[name])


def test_a_stream_is_the_simulation_in_blocks() -> None:
    world = sus.Heartbeats(
        every="100ms", link=sus.Link(delay=sus.Exponential(mean="200ms"), loss=0.1)
    )
    held = world.simulate("10min", rng=5)
    for block in (1, 7, 1000, 10**6):
        parts = list(world.stream("10min", block=block, rng=5))
        for name, column in held.to_dict().items():
            np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), column)


@pytest.mark.parametrize(
    "make", [lambda: 7, lambda: np.random.SeedSequence(7), lambda: np.random.default_rng(7)]
)
def test_what_rng_may_be_gives_the_same_run_twice(make) -> None:
    law = sus.Exponential(mean="1s")
    assert law.sample(rng=make()) == law.sample(rng=make())


def test_a_generator_moves_on_and_none_is_fresh() -> None:
    law, generator = sus.Exponential(mean="1s"), np.random.default_rng(7)
    assert law.sample(rng=generator) != law.sample(rng=generator)
    assert law.sample() != law.sample()
    world = sus.Heartbeats(every="1s", link=sus.Link(delay=law))
    drawn = world.simulate("1h")
    again = world.simulate("1h", rng=drawn.seed)
    np.testing.assert_array_equal(drawn.received, again.received)
