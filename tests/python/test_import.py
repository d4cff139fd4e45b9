"""Importing the package is quick and brings in nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("matplotlib", "pandas", "polars", "scipy", "pyarrow", "narwhals", "click", "numpy.random")


def modules_after(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("heavy", HEAVY)
def test_importing_loads_nothing_heavy(heavy) -> None:
    assert heavy not in modules_after("import suspicion")


def test_reading_and_sweeping_loads_nothing_heavy() -> None:
    code = (
        "import suspicion as sus\n"
        "curve = sus.sweep(sus.examples.load('urban_n8_v0'), sus.FixedTimeout())\n"
        "repr(curve), str(curve.at('1s')), str(curve.recommend(max_rate='1/min'))"
    )
    assert not modules_after(code) & {"matplotlib", "pandas", "polars", "scipy", "pyarrow"}
