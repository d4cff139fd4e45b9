"""Speed and memory of readers beside peers on the same files; prints the table of benches/traces.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from trace_files import make
from trace_readers import OURS, READERS, SLOW

ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def measured(format: str, reader: str, path: Path, runs: int) -> dict[str, Any]:
    script = Path(__file__).parent / "trace_readers.py"
    command = [sys.executable, str(script), format, reader, str(path), str(runs)]
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def speed(found: dict[str, Any], clock: str) -> float:
    return float(found["size"]) / 1e6 / float(found[clock])


def shown(figure: float) -> str:
    return f"{figure:.2g}" if figure < 10 else f"{figure:,.0f}"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--megabytes", type=int, default=100)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--formats", nargs="*", choices=list(READERS), default=list(READERS))
    chosen = options.parse_args()
    size = chosen.megabytes * 1_000_000
    print("# Speed of readers beside others\n")
    print(
        f"Made by `make bench` on {platform.processor() or platform.machine()}, {os.cpu_count()} cores,"
    )
    print(
        f"Python {platform.python_version()}: files of {chosen.megabytes} MB ({', '.join(SLOW)}: a hundredth), everybody on one thread and in"
    )
    print(
        f"a process of its own, best of {chosen.runs}. MB/s by CPU time, and by the clock on the wall while others may run. Memory is by how"
    )
    print(
        "much the peak of the process grew beyond the columns that were returned, for a quarter of the file and for all of it.\n"
    )
    print(
        "| format | reader | MB/s (CPU) | MB/s (wall) | we are faster (CPU) | MB beyond columns | columns, MB |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for format in chosen.formats:
            compare(format, Path(folder), size, chosen.runs)


def compare(format: str, folder: Path, size: int, runs: int) -> None:
    """Print the rows of a format."""
    whole, part, little = (folder / f"{format}{share}" for share in (1, 4, 100))
    make(format, whole, size)
    make(format, part, size // 4)
    make(format, little, size // 100)
    ours = measured(format, OURS, whole, runs)
    quarter = measured(format, OURS, part, 1)
    for reader in READERS[format]:
        path = little if reader in SLOW else whole
        found = ours if reader == OURS else measured(format, reader, path, runs)
        beyond = columns = ""
        if reader == OURS:
            both = [(one["grown"] - one["kept"]) / 1e6 for one in (quarter, found)]
            beyond = " / ".join(f"{extra:.0f}" for extra in both)
            columns = " / ".join(f"{one['kept'] / 1e6:.0f}" for one in (quarter, found))
        ratio = "1" if reader == OURS else shown(speed(ours, "cpu") / speed(found, "cpu"))
        row = (reader, shown(speed(found, "cpu")), shown(speed(found, "wall")), ratio, beyond)
        print(f"| {format} | {' | '.join(row)} | {columns} |", flush=True)
    for path in (whole, part, little):
        path.unlink()


if __name__ == "__main__":
    main()
