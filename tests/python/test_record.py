"""Recordings survive whatever ends them, and those of pauses hold the stalls that we make."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import suspicion as sus
from recordings import LATE, MS, S, command, read, when


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
