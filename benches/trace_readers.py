"""Ours and others' readers of each format; run with format, reader, path and runs it measures one of them.

Each is measured in a process of its own, on one thread: the least seconds of wall and CPU time of several runs, and for ours
by how much the first of them raised the peak of memory, and how large the columns are that it gave.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Reader = Callable[[str], Any]
OURS = "ours"


def heartbeats(sent: str, received: str) -> Reader:
    def read(path: str) -> Any:
        import suspicion as sus

        return sus.read_heartbeats(path, sent=sent, received=received, unit="ms", shared_clock=True)

    return read


def columns(sent: str, received: str) -> Reader:
    """Return what reads two columns and nothing more, as the readers of tables do."""

    def read(path: str) -> Any:
        from suspicion import _core

        roles = [("received", received, 6, True, False), ("sent", sent, 6, False, False)]
        return _core.read_columns(path, roles, False)

    return read


def trace(format: str) -> Reader:
    def read(path: str) -> Any:
        import suspicion as sus

        return sus.traces.read(path, format=format)

    return read


def table(by: str, *names: str) -> Reader:
    def read(path: str) -> Any:
        if by == "polars":
            import polars as pl

            return pl.read_csv(path, columns=list(names))
        import pandas as pd

        engine: Any = by.removeprefix("pandas ")
        return pd.read_csv(path, usecols=list(names), engine=engine)

    return read


def lines(pattern: bytes) -> Reader:
    """Return a loop over lines with an expression that is compiled once, floats of the first two groups."""
    match = re.compile(pattern).search

    def read(path: str) -> Any:
        found = []
        with Path(path).open("rb") as file:
            for line in file:
                if hit := match(line):
                    found.append((float(hit[1]), float(hit[2])))
        return found

    return read


def jc_ping(path: str) -> Any:
    import jc

    with Path(path).open() as file:
        return jc.parse("ping", file.read())


def dpkt_pcap(path: str) -> Any:
    import dpkt

    found = []
    with Path(path).open("rb") as file:
        for at, frame in dpkt.pcap.Reader(file):
            udp = dpkt.ethernet.Ethernet(frame).data.data
            found.append((at, udp.sport, udp.dport, len(udp.data)))
    return found


def hdrh_log(path: str) -> Any:
    from hdrh.histogram import HdrHistogram
    from hdrh.log import HistogramLogReader

    whole = HdrHistogram(1, 3_600_000_000_000, 3)
    log = HistogramLogReader(path, whole)
    while log.add_next_interval_histogram(whole):
        pass
    return whole


def json_load(path: str) -> Any:
    with Path(path).open("rb") as file:
        return json.load(file)


def orjson_loads(path: str) -> Any:
    import orjson

    with Path(path).open("rb") as file:
        return orjson.loads(file.read())


def json_lines(path: str) -> Any:
    with Path(path).open("rb") as file:
        return [json.loads(line) for line in file]


def orjson_lines(path: str) -> Any:
    import orjson

    with Path(path).open("rb") as file:
        return [orjson.loads(line) for line in file]


def tables(sent: str, received: str) -> dict[str, Reader]:
    return {
        OURS: columns(sent, received),
        "ours, to arrivals": heartbeats(sent, received),
        "pandas c": table("pandas c", sent, received),
        "pandas pyarrow": table("pandas pyarrow", sent, received),
        "polars": table("polars", sent, received),
    }


def logs(format: str, pattern: bytes) -> dict[str, Reader]:
    return {OURS: trace(format), "re": lines(pattern)}


READERS: dict[str, dict[str, Reader]] = {
    "heartbeats": tables("sent_ms", "received_ms"),
    "drive": tables("pub_time(ms)", "sub_time(ms)"),
    "ping": {
        **logs("ping", rb"^\[([\d.]+)\].* icmp_seq=(?:\d+) .*time=([\d.]+) ms"),
        "jc": jc_ping,
    },
    "fping": logs("fping", rb"^\[([\d.]+)\] .*bytes, ([\d.]+) ms"),
    "mtr": logs("mtr", rb"^p (\d+) (\d+)"),
    "chrony": logs("chrony_tracking", rb"^\S+ \S+ \S+ +\d+ +(\S+) +\S+ +(\S+)"),
    "ntp": logs("ntp_loopstats", rb"^\d+ ([\d.]+) (\S+)"),
    "ptp4l": logs("ptp4l", rb"^ptp4l\[([\d.]+)\]: .*offset +(-?\d+)"),
    "cyclictest": logs("cyclictest", rb"^ +\d+: +(\d+): +(\d+)"),
    "jvm": logs("jvm", rb"\[([\d.]+)s\].* ([\d.]+)ms"),
    "gctrace": logs("gctrace", rb"^gc \d+ @([\d.]+)s .*: ([\d.]+)\+"),
    "pcap": {OURS: trace("pcap"), "dpkt": dpkt_pcap},
    "hdr_log": {OURS: trace("hdr_log"), "hdrh": hdrh_log},
    "ghz": {OURS: trace("ghz"), "json": json_load, "orjson": orjson_loads},
    "otlp": {OURS: trace("otlp"), "json": json_lines, "orjson": orjson_lines},
    "prometheus_api": {OURS: trace("prometheus_api"), "json": json_load, "orjson": orjson_loads},
}
"""For each format who reads it."""

SLOW = ("jc", "dpkt", "hdrh")
"""Those that are given a hundredth of the file."""


def memory(line: str) -> int:
    """Return a figure of this process in bytes."""
    with Path("/proc/self/status").open() as file:
        return next(int(text.split()[1]) << 10 for text in file if text.startswith(line))


def weight(found: Any) -> int:
    """Return the bytes of all arrays of what we read."""
    if isinstance(found, tuple):
        return sum(column.nbytes for column in found[0])
    columns = dict.values(getattr(found, "_columns", {}))
    return sum(getattr(column, "places", column).nbytes for column in columns)


def main() -> None:
    format, reader, path, runs = sys.argv[1:]
    import numpy as np
    import suspicion as sus

    if reader == "pandas pyarrow":
        import pyarrow as pa

        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)
    read = READERS[format][reader]
    sus.traces.read(b"64 bytes from h: icmp_seq=1 ttl=64 time=0.5 ms\n")
    np.zeros(1).sum()
    before = memory("VmRSS:")
    wall, cpu, grown, kept = [], [], 0, 0
    for run in range(int(runs)):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        found = read(path)
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
        if run == 0:
            grown, kept = memory("VmHWM:") - before, weight(found)
        del found
    size = Path(path).stat().st_size
    print(
        json.dumps({"wall": min(wall), "cpu": min(cpu), "grown": grown, "kept": kept, "size": size})
    )


if __name__ == "__main__":
    main()
