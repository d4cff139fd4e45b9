"""Recordings survive whatever ends them, and hold what happened: stalls that we make, answers that we lose.

Files are read here by a reader of our own, written from docs/recordings.md.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import suspicion as sus

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


def has_ticks(path: Path, many: int):
    return lambda: path.exists() and path.read_bytes().count(b"\ntick,") >= many


def test_a_stopped_process_finds_the_stop_in_its_recording(tmp_path) -> None:
    path = tmp_path / "pauses.csv"
    with command("pauses", "--to", str(path)) as process:
        when(lambda: path.exists() and path.stat().st_size > 0)
        time.sleep(0.1)
        clock = time.monotonic_ns
        asked = clock()
        os.kill(process.pid, signal.SIGSTOP)
        when(lambda: " T " in Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8"))
        stopped = clock()
        time.sleep(0.3)
        before, continued_at = clock(), time.time_ns()
        os.kill(process.pid, signal.SIGCONT)
        after = clock()
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0, said
    (recording,) = read(path)
    started = int(recording.header["started"])
    longest = max(recording.of("pause"), key=lambda row: int(row[2]))
    at, length = int(longest[1]), int(longest[2])
    # The stop lasted from within [asked, stopped] to within [before, after]; a sleep may have begun before it.
    assert before - stopped - MS <= length <= after - asked + LATE
    assert abs(started + at + length - continued_at) < LATE
    assert sum(int(row[2]) >= length for row in recording.of("tick") + recording.of("end")) == 1
    assert f"the longest {length / MS:.0f}" in said


def test_kill_9_leaves_all_that_was_watched(tmp_path) -> None:
    path = tmp_path / "pauses.csv"
    with command("pauses", "--to", str(path), "--least", "0") as process:
        when(has_ticks(path, 1))
        time.sleep(0.6)
        killed = time.time_ns()
        process.kill()
        assert process.wait(20) == -signal.SIGKILL
    (recording,) = read(path)
    assert not recording.of("end")
    pauses = np.array([row[1:3] for row in recording.of("pause")], dtype=np.int64)
    reached = int(recording.header["started"]) + pauses[-1].sum()
    # Each awakening has a row, and rows reach the file within 100 ms.
    assert killed - 100 * MS - LATE < reached < killed + LATE
    ends = pauses.sum(axis=1)
    np.testing.assert_array_equal(pauses[1:, 0], ends[:-1] + MS)
    tick = recording.of("tick")[0]
    upto = pauses[ends <= int(tick[1]), 1]
    assert int(tick[3]) == len(upto)
    assert int(tick[2]) == upto.max()
    counted = dict(tuple(map(int, pair.split(":"))) for pair in tick[4].split())
    lows = np.array(sorted(counted))
    inside = np.searchsorted(lows, upto, side="right") - 1
    np.testing.assert_array_equal(np.bincount(inside), [counted[low] for low in lows])


@pytest.mark.parametrize(
    ("number", "limit", "status"),
    [(signal.SIGINT, (), 0), (signal.SIGTERM, (), 0), (signal.SIGINT, ("--for", "1h"), 130),
     (signal.SIGTERM, ("--for", "1h"), 143)],
)  # fmt: skip
def test_signals_end_a_recording_at_once_and_whole(tmp_path, number, limit, status) -> None:
    path = tmp_path / "pauses.csv"
    with command("pauses", "--to", str(path), *limit) as process:
        when(lambda: path.exists() and path.stat().st_size > 0)
        time.sleep(0.1)
        began = time.time_ns()
        process.send_signal(number)
        said, complained = process.communicate(timeout=20)
    assert process.returncode == status, complained
    (recording,) = read(path)
    (end,) = recording.of("end")
    assert recording.rows[-1] == end
    ended = int(recording.header["started"]) + int(end[1])
    assert ended - began < 100 * MS + LATE
    assert f"{int(end[3]):,} samples" in said


def test_a_summary_is_what_its_file_says(tmp_path) -> None:
    path = tmp_path / "pauses.csv"
    seen = [
        sus.record.pauses(path, duration="150ms", least="100us", existing="append") for _ in "12"
    ]
    recordings = read(path)
    assert len(recordings) == 2
    for told, recording in zip(seen, recordings, strict=True):
        rows = recording.of("pause")
        (end,) = recording.of("end")
        assert told.pauses == len(rows)
        assert told.paused == pytest.approx(sum(int(row[2]) for row in rows) / S)
        assert told.watched == int(end[1]) / S
        assert told.longest == int(end[2]) / S
        assert len(told.lateness) == int(end[3])
        lows = [int(pair.split(":")[0]) / S for pair in end[4].split()]
        np.testing.assert_allclose(told.lateness.low, lows)
        assert told.lateness.below(1.0) == told.lateness.high[-1] > told.longest


def test_an_interrupt_ends_one_without_a_duration_as_meant_and_is_raised_by_one_with(
    tmp_path,
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    ident = threading.main_thread().ident
    try:
        threading.Timer(0.1, signal.pthread_kill, (ident, signal.SIGINT)).start()
        seen = sus.record.pauses(tmp_path / "open")
        assert seen.watched > 0.0
        threading.Timer(0.1, signal.pthread_kill, (ident, signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            sus.record.pauses(tmp_path / "limited", duration="1h")
    finally:
        signal.signal(signal.SIGINT, before)
    assert read(tmp_path / "limited")[0].of("end")


class Faulty(threading.Thread):
    """A UDP echo server that loses, delays and doubles answers by the number in the probe."""

    def __init__(self, *, lost=(), late=(), twice=(), by: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.target = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.lost, self.late, self.twice, self.by = set(lost), set(late), set(twice), by
        self.heard: list[int] = []
        self.timers: list[threading.Timer] = []

    def run(self) -> None:
        while True:
            probe, caller = self.socket.recvfrom(2048)
            if probe == b"stop":
                return
            number = struct.unpack("<8sQQ", probe)[2]
            self.heard.append(number)
            if number in self.late:
                timer = threading.Timer(self.by, self.socket.sendto, (probe, caller))
                timer.start()
                self.timers.append(timer)
            elif number not in self.lost:
                self.socket.sendto(probe, caller)
                if number in self.twice:
                    self.socket.sendto(probe, caller)
                    self.socket.sendto(b"suspect?" + bytes(16), caller)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.socket.sendto(b"stop", self.socket.getsockname())
        self.join()
        for timer in self.timers:
            timer.join()
        self.socket.close()


def numbers(recording: Recording, outcome: str) -> list[int]:
    return sorted(int(row[0]) for row in recording.of(outcome, 3))


def test_answers_that_a_server_loses_delays_and_doubles_are_told_apart(tmp_path) -> None:
    path = tmp_path / "rtt.csv"
    # The last one is waited for until after the late ones are there.
    lost, late, twice = (*range(0, 40, 5), 39), (3, 7), (8, 21)
    with Faulty(lost=lost, late=late, twice=twice, by=0.6) as server:
        seen = sus.record.rtt(
            path, server.target, duration="800ms", every="20ms", timeout="300ms", transport="udp"
        )
    (recording,) = read(path)
    # A busy machine may have kept the recorder from sending some.
    unsent = {*numbers(recording, "unsent")}
    kept = {*range(40)} - unsent
    # What comes after the timeout is lost at first, and late then.
    assert {*numbers(recording, "timeout")} == {*lost, *late} - unsent
    assert {*numbers(recording, "late")} == {*late} - unsent
    assert {*numbers(recording, "duplicate")} == {*twice} - unsent
    assert {*numbers(recording, "ok")} == kept - {*lost} - {*late}
    assert (seen.probes, seen.unknown, seen.strange) == (40, 0, seen.duplicate)
    counted = (seen.ok, seen.timeout, seen.late, seen.duplicate, seen.unsent)
    words = ("ok", "timeout", "late", "duplicate", "unsent")
    assert counted == tuple(len(recording.of(word, 3)) for word in words)
    assert len(unsent) < 20
    for row in recording.of("late", 3):
        assert 600 * MS <= int(row[2]) < 600 * MS + LATE
    assert max(int(row[2]) for row in recording.of("ok", 3)) < 300 * MS


def test_the_schedule_is_held_while_answers_are_slow(tmp_path) -> None:
    path = tmp_path / "rtt.csv"
    with Faulty(late=range(100), by=0.5) as server:
        seen = sus.record.rtt(
            path, server.target, duration="500ms", every="10ms", timeout="2s", transport="udp"
        )
    (recording,) = read(path)
    # One after another, fifty answers of half a second would have taken 25 s.
    assert seen.watched < 1.0 + 2 * LATE / S
    assert seen.ok + seen.unsent == 50
    # One after another, there would have been time for two.
    assert seen.ok > 5
    assert seen.shortest >= 0.5
    for number, sent, rtt, _ in recording.of("ok", 3):
        due = int(number) * 10 * MS
        assert due <= int(sent) <= due + 10 * MS + LATE
        assert 500 * MS <= int(rtt) < 500 * MS + 2 * LATE


def test_what_the_recorder_itself_missed_is_not_charged_to_the_network(tmp_path) -> None:
    path = tmp_path / "rtt.csv"
    with (
        Faulty() as server,
        command("rtt", server.target, "--udp", "--to", str(path), "--every", "20ms") as process,
    ):
        when(lambda: path.exists() and path.read_bytes().count(b",ok\n") >= 3)
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(0.4)
        os.kill(process.pid, signal.SIGCONT)
        so_far = len(server.heard)
        when(lambda: len(server.heard) >= so_far + 3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        (recording,) = read(path)
        assert process.returncode == 0
        assert len(numbers(recording, "unsent")) >= 15
        assert not set(numbers(recording, "unsent")) & set(server.heard)
        assert not recording.of("timeout", 3)


def test_kill_9_leaves_the_outcomes_that_were_known(tmp_path) -> None:
    path = tmp_path / "rtt.csv"
    with (
        Faulty(lost=range(0, 1000, 3)) as server,
        command("rtt", server.target, "--udp", "--to", str(path), "--every", "10ms", "--timeout", "100ms") as process,
    ):  # fmt: skip
        when(lambda: path.exists() and path.read_bytes().count(b",timeout\n") >= 3)
        process.kill()
        process.wait(20)
    (recording,) = read(path)
    assert not recording.of("end", 3)
    known = {int(row[0]): int(row[1]) for row in recording.rows if row[3] in ("ok", "timeout")}
    assert all((number % 3 == 0) == (number in numbers(recording, "timeout")) for number in known)
    newest = max(known.values())
    sure = range(int((newest - 100 * MS - LATE) // (10 * MS)))
    assert set(sure) <= set(known) | set(numbers(recording, "unsent"))


def test_tcp_tells_open_from_refused_from_silent(tmp_path) -> None:
    with sus.record.echo() as server:
        seen = sus.record.rtt(tmp_path / "open", server.target, duration="100ms", every="20ms")
        assert (seen.ok + seen.unsent, seen.probes) == (5, 5)
        with socket.create_connection(("127.0.0.1", server.port)) as caller:
            caller.sendall(b"hello")
            assert caller.recv(5) == b"hello"
    seen = sus.record.rtt(tmp_path / "refused", server.target, duration="100ms", every="20ms")
    assert seen.refused + seen.unsent == 5
    rows = read(tmp_path / "refused")[0].of("refused", 3)
    assert all(0 < int(row[2]) < 2 * S for row in rows)
    seen = sus.record.rtt(
        tmp_path / "udp",
        server.target,
        duration="100ms",
        every="20ms",
        transport="udp",
        timeout="1s",
    )
    assert seen.refused + seen.unsent == 5
    # A queue of connections that nobody takes is full before long: the kernel then drops what comes.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
        time.sleep(0.05)
        target = f"localhost:{silent.getsockname()[1]}"
        seen = sus.record.rtt(
            tmp_path / "silent", target, duration="100ms", every="20ms", timeout="200ms", family=4
        )
        for filler in fillers:
            filler.close()
    assert (seen.ok, seen.timeout + seen.unsent) == (0, 5)


def test_the_echo_command_answers_until_it_is_told_to_stop(tmp_path) -> None:
    with command("echo", "0") as process:
        said = process.stdout.readline()
        target = re.search(r"127\.0\.0\.1:\d+", said).group()
        seen = sus.record.rtt(
            tmp_path / "rtt", target, duration="50ms", every="10ms", transport="udp"
        )
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert f"{seen.ok} probes answered" in said


def test_two_recordings_hold_up_nothing_else(tmp_path) -> None:
    threads = [
        threading.Thread(
            target=sus.record.pauses, args=(tmp_path / str(i),), kwargs={"duration": "1s"}
        )
        for i in range(os.cpu_count() + 1)
    ]
    for thread in threads:
        thread.start()
    sus.sweep(sus.examples.load("urban_n8_v0"), sus.FixedTimeout())
    assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pauses", "--to", "{there}"], "expected a file that is not there yet, or --append or --force"),
        (["pauses", "--to", "{there}", "--append"], "expected a file that begins with a recording of pauses"),
        (["pauses", "--to", "no/such/folder"], "no/such/folder"),
        (["pauses", "--to", "/dev/full", "--append"], "No space left on device"),
        (["pauses", "--for", "60"], "duration = '60', expected a duration"),
        (["pauses", "--sleep", "1h"], "sleep = 3600, expected"),
        (["pauses", "--append", "--force"], "exclude each other"),
        (["rtt", "localhost"], "target = 'localhost', expected HOST:PORT"),
        (["rtt", "a\x1b[31mb:7"], "target = 'a?[31mb:7', expected HOST:PORT"),
        (["rtt", "name.invalid:7"], "name.invalid"),
        (["rtt", "127.0.0.1:7", "-6"], "an address of IPv6"),
        (["rtt", "localhost:7", "--every", "1ms", "--timeout", "1s"], "expected less than 512 times every"),
        (["echo", "70000"], "port = 70000"),
        (["echo", "7", "--bind", "here"], "bind = 'here', expected an address"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_one_clear_line_and_status_2(
    tmp_path, monkeypatch, capsys, arguments, said
) -> None:
    from suspicion import cli

    there = tmp_path / "there"
    there.write_text("precious", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys, "argv", ["suspicion", "record", *(a.format(there=there) for a in arguments)]
    )
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert said in lines[-1]
    assert all(line.isprintable() for line in lines)
    assert len(lines) <= 2
    assert there.read_text(encoding="utf-8") == "precious"


def test_a_closed_pipe_ends_it_with_a_word() -> None:
    with command("pauses", "--to", "-", "--least", "0") as process:
        assert process.stdout.readline() == "# suspicion recording 1\n"
        process.stdout.close()
        process.wait(20)
        complained = process.stderr.read()
        process.stdout = None
    assert process.returncode == 2
    assert "standard output" in complained
    assert "Traceback" not in complained
