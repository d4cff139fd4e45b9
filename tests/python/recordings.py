"""Recordings that a command of its own makes, and a reader of them, written from docs/recordings.md."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

MS, S = 1_000_000, 1_000_000_000
LATE = 250 * MS
"""How much longer than said things may take on a machine that others use as well."""


@dataclass
class Recording:
    """One recording of a file, as docs/recordings.md says."""

    header: dict[str, str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)

    def of(self, word: str, place: int = 0) -> list[list[str]]:
        return [row for row in self.rows if row[place] == word]


def read(path) -> list[Recording]:
    """Return the recordings of a file; what is torn is left out, anything else that is wrong fails."""
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    found: list[Recording] = []
    columns = 0
    for line in lines[:-1]:
        if line.endswith("#torn"):
            continue
        if line == "# suspicion recording 1":
            found.append(Recording())
            columns = 0
        elif line.startswith("# "):
            key, colon, value = line[2:].partition(": ")
            assert colon
            found[-1].header[key] = value
        elif not columns:
            columns = line.count(",") + 1
        else:
            fields = line.split(",")
            assert len(fields) == columns, line
            numbers = [f for f in fields if f.isdigit() or not f]
            assert len(numbers) >= columns - 2, line
            found[-1].rows.append(fields)
    return found


@contextlib.contextmanager
def command(*arguments: str):
    """A command of its own process, with Python's own handling of Ctrl-C even in a background job."""
    process = subprocess.Popen(
        [sys.executable, "-m", "suspicion", "record", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def when(condition, within: float = 20.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)
