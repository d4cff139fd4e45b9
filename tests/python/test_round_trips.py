"""Recordings of round trips hold what became of each probe: answers that we lose, delay and double."""

from __future__ import annotations

import os
import re
import signal
import socket
import struct
import threading
import time

import suspicion as sus
from recordings import LATE, MS, Recording, S, command, read, when


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
