"""Names in files are anybody's: none of what a terminal or a page would obey gets through as it is."""

from __future__ import annotations

import base64
import contextlib
import json
import struct
import subprocess
import sys
import unicodedata
import zlib

import numpy as np
import pytest
import suspicion as sus

NASTY = "a\x1b]0;x\x07\x9b31mb\u202ec\u2066d\u200be\ufeff"
"""ESC and a title, C1's CSI and a colour, right to left, an isolate, no width, a mark."""

HTML = "<img src=x onerror=alert(1)>"
OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def obeyed(text: str) -> list[str]:
    return [c for c in text if c != "\n" and unicodedata.category(c) in OBEYED]


def payload() -> bytes:
    """A histogram of HdrHistogram with one count, version 2."""
    counts = b"\x02"
    heading = struct.pack(">IIIIqqd", 0x1C849303, len(counts), 0, 3, 1, 3_600_000, 1.0)
    packed = zlib.compress(heading + counts)
    return base64.b64encode(struct.pack(">II", 0x1C849304, len(packed)) + packed)


def bucket(metric: dict[str, str], bound: str, count: int) -> dict[str, object]:
    labels = {"__name__": "r_seconds_bucket", "le": bound}
    return {"metric": metric | labels, "value": [1, str(count)]}


def prometheus_api(name: str) -> str:
    result = [bucket({"job": name, name: "x"}, bound, 5) for bound in ("0.1", "+Inf")]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}})


def otlp(name: str) -> str:
    span = {"name": name, "startTimeUnixNano": "5", "endTimeUnixNano": "9"}
    service = {"key": "service.name", "value": {"stringValue": name}}
    spans = {"resource": {"attributes": [service]}, "scopeSpans": [{"spans": [span]}]}
    return json.dumps({"resourceSpans": [spans]}, ensure_ascii=False)


def jaeger(name: str) -> str:
    span = {"operationName": name, "startTime": 5, "duration": 9, "processID": "p"}
    trace = {"traceID": "1", "spans": [span], "processes": {"p": {"serviceName": name}}}
    return json.dumps({"data": [trace]})


def ghz(name: str) -> str:
    call = {"timestamp": "2026-11-23T10:24:10Z", "latency": 5, "status": name}
    return json.dumps({"count": 1, "options": {"call": name}, "details": [call]})


ZAP = '{"level":"warn","ts":"2026-11-23T10:31:11.056Z","msg":"lost leader: NAME elected leader X at term 2"}'

FILES = {
    "ping": "PING NAME (10.0.0.2) 56(84) bytes of data.\n"
    "64 bytes from NAME (10.0.0.2): icmp_seq=1 ttl=64 time=0.5 ms\n",
    "fping": "[1795429354.89525] NAME : [0], 64 bytes, 17.9 ms (17.9 avg, 0% loss)\n"
    "NAME : 20.3 - 18.1\n",
    "mtr": "x 0 33000\nh 0 NAME\nd 0 NAME\np 0 17 33000\n",
    "jvm": "[0.1s][info][gc] GC(0) Pause Young (NAME) 17M->15M(61M) 16.006ms\n",
    "jvm_legacy": "2013-10-19T01:02:03.456+0000: 1.5: [Full GC (NAME) 17M->15M(61M), 0.1234560 secs]\n",
    "cluster": "2015/01/21 21:54:36 [INFO] memberlist: Suspect NAME has failed, no acks received\n"
    "2015/01/21 21:54:36 [INFO] serf: EventMemberFailed: NAME 10.0.0.1\n"
    "Jan 28 15:42:20 NAME consul[1]: memberlist: Suspect NAME has failed, no acks received\n",
    "upptime": "0123abcd 2025-12-16T11:51:46Z x NAME is up (200 in 1449 ms) [skip ci] [upptime]\n",
    "chrony_tracking": "2017-08-22 13:22:36 NAME     2     -3.541      0.075 -8.621e-06 N  2"
    "  2.940e-03 -2.084e-04  1.534e-02  3.472e-04  8.304e-03\n",
    "ntp_peerstats": "48773 10847.650 NAME 9714 -0.001605376 0.0 0.001424877 0.000958674\n",
    "ptp4l": "NAME ptp4l[24.634]: [24.634] master offset -10931 s2 freq  +16451 path delay 154478\n",
    "hdr_log": f"Tag=NAME,0.127,1.007,2.769,{payload().decode()}\n",
    "prometheus": '# TYPE r_seconds histogram\nr_seconds_bucket{job="NAME",le="0.1"} 5\n'
    'r_seconds_bucket{job="NAME",le="+Inf"} 5\n',
    "prometheus_api": prometheus_api,
    "otlp": otlp,
    "jaeger": jaeger,
    "ghz": ghz,
    "recording": "# suspicion recording 1\n# kind: rtt\n# started: 1000\n# address: NAME\n"
    "number,sent_ns,rtt_ns,outcome\n0,5,100,ok\n1,5,100,NAME\n",
}
"""A file of each format that has names in it, with NAME in all places where one could stand."""


def file(format: str, name: str) -> bytes:
    made = FILES[format]
    return (made(name) if callable(made) else made.replace("NAME", name)).encode()


def texts(trace: object) -> list[str]:
    """Everything that is ever shown of what was read."""
    found = [repr(trace), str(trace), trace._repr_html_(), str(trace.source), repr(trace.source)]
    found += [
        text for fault in trace.source.faults for text in (str(fault), repr(fault), fault.text)
    ]
    found += [*trace.source.notes, *trace.source.dropped]
    for key, column in trace.to_dict().items():
        found.append(str(key))
        found += [str(value) for value in np.ravel(np.asarray(column)).tolist()]
    if isinstance(trace, sus.traces.Histograms):
        for name in trace:
            one = trace[name]
            found += [name, one.name, repr(one), one._repr_html_()]
            found += [str(value) for value in one.to_dict().values()]
        found += refusals(lambda: trace[NASTY], lambda: trace.only)
    if isinstance(trace, sus.traces.Delays | sus.traces.Events | sus.traces.Capture):
        found += refusals(lambda: trace.only(NASTY))
    if isinstance(trace, sus.traces.PauseLog):
        found += refusals(lambda: trace.of(NASTY), trace.timeline, trace.model)
    return found


def refusals(*attempts) -> list[str]:
    """What an interpreter prints of the errors of attempts, their causes included."""
    found = []
    for attempt in attempts:
        try:
            attempt()
        except (ValueError, KeyError, OSError) as error:
            cause: BaseException | None = error
            while cause is not None:
                found.append(str(cause))
                cause = cause.__cause__
    return found


def said(data: bytes, **how) -> list[str]:
    """Everything that is ever shown of an input, be it read or refused."""
    shown: list[str] = []
    refused = refusals(lambda: shown.extend(texts(sus.traces.read(data, **how))))
    return shown + refused


@pytest.mark.parametrize("format", FILES)
def test_the_files_are_read_and_names_come_through(format) -> None:
    plain = sus.traces.read(file(format, "plain"), format=format)
    assert plain.source.records > 0
    if format not in {"jvm_legacy", "ptp4l", "jvm"}:
        assert any("plain" in text for text in texts(plain)), "the name is shown nowhere"


@pytest.mark.parametrize("nasty", [*NASTY, NASTY, HTML], ids=ascii)
@pytest.mark.parametrize("format", FILES)
def test_nothing_in_a_file_reaches_the_terminal_as_it_is(format, nasty) -> None:
    shown = said(file(format, f"x{nasty}y"), format=format)
    assert shown
    for text in shown:
        assert not obeyed(text), ascii(text)
        assert not text.startswith("<code>") or "<img" not in text


@pytest.mark.parametrize("format", [*sus.traces.FORMATS, None])
def test_no_error_shows_a_hostile_line_as_it_is(format) -> None:
    for data in (
        NASTY.encode(),
        f"{{{NASTY}:\n{NASTY}\n".encode(),
        f'"{NASTY}",{NASTY}\n'.encode() * 3,
    ):
        for strict in (False, True):
            for text in refusals(lambda data=data, strict=strict: sus.traces.read(data, format=format, strict=strict)):  # fmt: skip
                assert not obeyed(text), ascii(text)


def test_a_name_of_a_metric_or_label_in_quotes_is_escaped() -> None:
    page = f'# TYPE "{NASTY}_seconds" histogram\n' + "".join(
        f'{{"{NASTY}_seconds_bucket","{NASTY}"="{NASTY}",le="{bound}"}} {count}\n'
        for bound, count in [("0.1", 5), ("+Inf", 9)]
    )
    for data in (page, page.replace(" 9", " 3"), page + "{" + NASTY):
        assert not [text for text in said(data.encode(), format="prometheus") if obeyed(text)]


NATIVE = (
    "# TYPE n_seconds histogram\nn_seconds {count:24,sum:100,schema:0,zero_threshold:0.001,zero_count:4,"
    "positive_spans:[SPAN,1:2],negative_spans:[0:2,1:2],positive_deltas:[2,1,-3,3],"
    "negative_deltas:[2,1,-2,3]}\n# EOF\n"
)


@pytest.mark.parametrize(
    "page",
    [
        NATIVE.replace("positive_spans", "positive_spa{ns").replace("SPAN", "0:2"),
        NATIVE.replace("SPAN", "99999:2"),
        NATIVE.replace("SPAN", "-99999:2"),
        '# TYPE r_seconds histogram\n{"r_seconds_bucket"} x\n{\n',
        '# TYPE r_seconds histogram\nr_seconds_bucket{le="1"} +Inf\nr_seconds_bucket{le="+Inf"} +Inf\n',
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_broken_page_of_metrics_is_read_or_refused_as_a_value(page) -> None:
    for strict in (False, True):
        with contextlib.suppress(ValueError):
            sus.traces.prometheus(page.encode(), strict=strict)


def test_labels_tell_series_apart_however_long_they_are() -> None:
    long = "x" * 200
    page = "# TYPE r_seconds histogram\n" + "".join(
        f'r_seconds_bucket{{job="{long}{which}",le="{bound}"}} {count}\n'
        for which, count in (("a", 5), ("b", 7))
        for bound in ("0.1", "+Inf")
    )
    found = sus.traces.prometheus(page.encode())
    assert sorted(one.count for one in found.values()) == [5.0, 7.0]


@pytest.mark.parametrize("format", [*sus.traces.FORMATS, None])
def test_the_name_of_a_file_is_escaped(format, tmp_path) -> None:
    path = tmp_path / NASTY.replace("/", "")
    attempts = [lambda: sus.traces.read(path, format=format)]
    for data in (
        b"",
        b"junk\n",
        b"\x1f\x8bjunk",
        b"\x28\xb5\x2f\xfdjunk",
        file("prometheus", "a")[:-60],
    ):
        for text in refusals(*attempts):
            assert not obeyed(text), ascii(text)
        path.write_bytes(data)
        attempts = [
            lambda strict=strict: sus.traces.read(path, format=format, strict=strict)
            for strict in (False, True)
        ]
    for text in refusals(*attempts):
        assert not obeyed(text), ascii(text)
    if format in FILES:
        path.write_bytes(file(format, "plain"))
        trace = sus.traces.read(path, format=format)
        assert trace.source.path == str(path)
        assert not [text for text in texts(trace) if obeyed(text)]


def test_a_table_shows_no_hostile_names(tmp_path) -> None:
    path = tmp_path / f"{NASTY}.csv"
    path.write_text(f"{NASTY},got\n{NASTY},{NASTY}\n", encoding="utf-8")
    attempts = [
        lambda: sus.read_heartbeats(path, received="no", unit="s"),
        lambda: sus.read_heartbeats(path, received=NASTY, unit="s"),
        lambda: sus.read_heartbeats(path, received="got", unit="s"),
    ]
    found = refusals(*attempts)
    assert len(found) == 3
    assert not [text for text in found if obeyed(text)]


def test_the_command_line_shows_no_hostile_names(tmp_path) -> None:
    path = tmp_path / f"{NASTY}.csv"
    path.write_text(f"{NASTY},got\n{NASTY},{NASTY}\n", encoding="utf-8")
    for received in ("no", "got"):
        done = subprocess.run(
            [sys.executable, "-m", "suspicion", "sweep", str(path), "--received", received, "--unit", "s"],
            capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert not obeyed((done.stdout + done.stderr).decode())
