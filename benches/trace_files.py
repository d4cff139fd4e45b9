"""Large files of many formats, made by repeating the samples of the tests or by writing what the programs write."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np

SAMPLES = Path(__file__).parent.parent / "tests" / "data" / "traces"
ROWS = 20_000
"""So many made rows are written at a time."""


def sample(name: str) -> bytes:
    """Return a sample of the tests, unpacked."""
    text = (SAMPLES / name).read_bytes()
    return gzip.decompress(text) if name.endswith(".gz") else text


def make(name: str, path: Path, size: int) -> None:
    """Write a file of a format of at least so many bytes."""
    head, parts, foot = FILES[name]()
    written = 0
    with path.open("wb") as file:
        written += file.write(head)
        while written < size:
            for part in parts:
                written += file.write(part)
                if written >= size:
                    break
        file.write(foot)


def made_rows(line: str, *columns: np.ndarray) -> Iterable[bytes]:
    """Return blocks of lines with the columns filled in."""
    for start in range(0, len(columns[0]), ROWS):
        rows = zip(*(column[start : start + ROWS].tolist() for column in columns), strict=True)
        yield "".join([line % row for row in rows]).encode()


def heartbeats() -> tuple[bytes, Iterable[bytes], bytes]:
    sent = 1_722_584_771_162 + 50 * np.arange(4_000_000)
    received = sent + np.random.default_rng(1).integers(15, 60, len(sent))
    return b"sent_ms,received_ms\n", made_rows("%d,%d\n", sent, received), b""


def drive() -> tuple[bytes, Iterable[bytes], bytes]:
    """Rows of a drive through a 5G cell in thirteen columns."""
    sent = 1_722_584_771_162 + 50 * np.arange(1_000_000)
    rng = np.random.default_rng(2)
    delay = rng.integers(15, 60, len(sent))
    east, north = rng.uniform(328_000, 329_000, len(sent)), rng.uniform(3.46e6, 3.47e6, len(sent))
    head = (
        b"pub_time(ms),sub_time(ms),delay(ms),utmX(m),utmY(m),heading(rad),velocity(m/s),"
        b"cellid(db),sinr(db),rsrp(db),number,size,lost\n"
    )
    line = "%d,%d,%d,%f,%f,2.553853,13.720000,5C4225714,6,-71,%d,512,0\n"
    return head, made_rows(line, sent, sent + delay, delay, east, north, np.arange(len(sent))), b""


def ping() -> tuple[bytes, Iterable[bytes], bytes]:
    n = 1_200_000
    rng = np.random.default_rng(3)
    lost = rng.random(n) < 0.01
    number, at = np.arange(1, n + 1)[~lost], 1_795_429_354.0 + 0.2 * np.arange(n)[~lost]
    delay = 20.0 * rng.lognormal(0.0, 0.3, len(number))
    line = "[%.6f] 64 bytes from 203.0.113.7: icmp_seq=%d ttl=63 time=%.3g ms\n"
    head = b"PING 203.0.113.7 (203.0.113.7) 56(84) bytes of data.\n"
    return head, made_rows(line, at, number % 65536, delay), b""


def fping() -> tuple[bytes, Iterable[bytes], bytes]:
    n = 2_000_000
    at = 1_795_429_354.0 + 0.1 * np.arange(n)
    delay = 20.0 * np.random.default_rng(6).lognormal(0.0, 0.3, n)
    line = "[%.5f] 192.0.2.2   : [%d], 64 bytes, %.3g ms (20.3 avg, 0%% loss)\n"
    return b"", made_rows(line, at, np.arange(n), delay), b""


def pcap() -> tuple[bytes, Iterable[bytes], bytes]:
    """Heartbeats of 24 bytes over UDP, one every 10 ms."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    udp = struct.pack(">HHHH", 40000, 9999, 8 + 24, 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp) + 24, 1, 0, 64, 17, 0)
    frame = bytes(12) + b"\x08\x00" + ip + bytes([192, 0, 2, 1, 192, 0, 2, 2]) + udp

    def packets() -> Iterable[bytes]:
        late = np.random.default_rng(4).integers(0, 2_000, 2_000_000).tolist()
        for start in range(0, len(late), ROWS):
            block = []
            for number in range(start, start + ROWS):
                micros = 10_000 * number + late[number]
                size = len(frame) + 24
                stamp = (1_795_429_354 + micros // 1_000_000, micros % 1_000_000)
                block.append(struct.pack("<IIII", *stamp, size, size) + frame)
                block.append(struct.pack(">QQQ", number, micros, 0))
            yield b"".join(block)

    return head, packets(), b""


def hdr_log() -> tuple[bytes, Iterable[bytes], bytes]:
    """A thousand intervals of a hundred values each, over and over."""
    from hdrh.histogram import HdrHistogram

    rng = np.random.default_rng(5)
    lines = []
    for second in range(1000):
        histogram = HdrHistogram(1, 3_600_000_000_000, 3)
        for value in (1e6 * rng.lognormal(0.0, 1.0, 100)).astype(int).tolist():
            histogram.record_value(value)
        longest = histogram.get_max_value() / 1e6
        lines.append(b"%d.000,1.000,%.3f,%s\n" % (second, longest, histogram.encode()))
    head = (
        b"#[Histogram log format version 1.3]\n#[StartTime: 1441812279.474 (seconds since epoch)]\n"
        b'"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n'
    )
    return head, over_and_over(b"".join(lines)), b""


def over_and_over(text: bytes, least: int = 1 << 20) -> list[bytes]:
    """Return one part that repeats a text; `make` writes it until there is enough."""
    return [text * max(1, -(-least // len(text)))]


def ghz() -> tuple[bytes, Iterable[bytes], bytes]:
    report = json.loads(sample("given/network/ghz_SayHellos_report4.json"))
    details = report.pop("details")
    text = ",".join(json.dumps(call, separators=(",", ":")) for call in details).encode()
    head = json.dumps(report, separators=(",", ":")).encode()[:-1] + b',"details":[' + text
    return head, over_and_over(b"," + text), b"]}\n"


def prometheus_api() -> tuple[bytes, Iterable[bytes], bytes]:
    """Ranges of the buckets of many targets."""
    answer = json.loads(sample("prometheus/query_range_classic.json"))
    series = answer["data"].pop("result")
    head = b'{"status":"success","data":{"resultType":"matrix","result":['

    def targets() -> Iterable[bytes]:
        for target in range(100_000):
            for place, one in enumerate(series):
                one["metric"]["instance"] = f"10.0.{target // 256}.{target % 256}:9100"
                text = json.dumps(one, separators=(",", ":")).encode()
                yield text if target + place == 0 else b"," + text

    return head, targets(), b"]}}\n"


def repeated(name: str) -> tuple[bytes, Iterable[bytes], bytes]:
    return b"", over_and_over(sample(name)), b""


FILES = {
    "heartbeats": heartbeats,
    "drive": drive,
    "ping": ping,
    "fping": fping,
    "mtr": lambda: repeated("mtr/mtr_raw_n.txt"),
    "pcap": pcap,
    "hdr_log": hdr_log,
    "ghz": ghz,
    "otlp": lambda: repeated("otlp/otlp_spans.jsonl"),
    "prometheus_api": prometheus_api,
    "chrony": lambda: repeated("chrony/tracking.log.gz"),
    "ntp": lambda: repeated("ntpd/loopstats"),
    "ptp4l": lambda: repeated("ptp4l/ptp4l_offsets.txt"),
    "cyclictest": lambda: repeated("cyclictest/verbose_two_threads.txt"),
    "jvm": lambda: repeated("given/pauses/gct_unified_parallel.log.gz"),
    "gctrace": lambda: repeated("go/gctrace.txt"),
}
"""How each begins, what is repeated, and how it ends."""
