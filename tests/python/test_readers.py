"""Heartbeats from files, frames and arrays: exact, and with everything odd counted."""

from __future__ import annotations

import datetime
import gzip
import time

import numpy as np
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest
import suspicion as sus

RECEIVED = np.array([1_000_000_105, 1_000_001_103, 1_000_002_110, 1_000_005_104])
SENT = np.array([1_000_000_100, 1_000_001_100, 1_000_002_100, 1_000_005_100])
TEXT = "sent,got\n" + "".join(f"{s},{r}\n" for s, r in zip(SENT, RECEIVED, strict=True))
HOW = {"sent": "sent", "received": "got", "unit": "ms", "shared_clock": True}


def columns() -> dict[str, np.ndarray]:
    return {"sent": SENT, "got": RECEIVED}


def stamps() -> dict[str, np.ndarray]:
    return {name: column.astype("datetime64[ms]") for name, column in columns().items()}


def arrow(data: dict[str, np.ndarray]) -> pyarrow.Table:
    return pyarrow.table({name: pyarrow.array(column) for name, column in data.items()})


def written(tmp_path, name: str, text: str, opened=open):
    with opened(tmp_path / name, "wt", encoding="utf-8") as file:
        file.write(text)
    return tmp_path / name


SOURCES = {
    "CSV": lambda path: written(path, "a.csv", TEXT),
    "CSV with a mark": lambda path: written(path, "a.csv", "\ufeff" + TEXT),
    "CSV with CRLF": lambda path: written(path, "a.csv", TEXT.replace("\n", "\r\n")),
    "CSV in quotes": lambda path: written(path, "a.csv", '"sent","got"\n' + TEXT[9:]),
    "text path": lambda path: str(written(path, "a.csv", TEXT)),
    "semicolons": lambda path: written(path, "a.csv", TEXT.replace(",", ";")),
    "tabs": lambda path: written(path, "a.tsv", TEXT.replace(",", "\t")),
    "blanks": lambda path: written(path, "a.log", TEXT.replace(",", "   ")),
    "gzip": lambda path: written(path, "a.csv.gz", TEXT, gzip.open),
    "mapping": lambda path: columns(),
    "mapping of datetimes": lambda path: stamps(),
    "pandas": lambda path: pandas.DataFrame(columns()),
    "pandas datetimes": lambda path: pandas.DataFrame(stamps()),
    "polars": lambda path: polars.DataFrame(columns()),
    "polars lazy": lambda path: polars.DataFrame(columns()).lazy(),
    "polars datetimes": lambda path: polars.DataFrame(stamps()),
    "polars durations": lambda path: polars.DataFrame(columns()).select(
        polars.duration(milliseconds=polars.all())
    ) if False else polars.DataFrame({n: c.astype("timedelta64[ms]") for n, c in columns().items()}),
    "pyarrow": lambda path: arrow(columns()),
    "pyarrow datetimes": lambda path: arrow(stamps()),
    "floats": lambda path: {name: column.astype(float) for name, column in columns().items()},
    "ISO text": lambda path: written(
        path, "a.csv", "sent,got\n" + "".join(
            f"{s}Z,{r}+00:00\n" for s, r in zip(*(c.astype("datetime64[ms]") for c in columns().values()), strict=True)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_gives_the_same_heartbeats(name, tmp_path) -> None:
    beats = sus.read_heartbeats(SOURCES[name](tmp_path), **HOW)
    assert beats.gaps.tolist() == [0.998, 1.007, 2.994]
    assert beats.delays.tolist() == pytest.approx([0.005, 0.003, 0.010, 0.004], abs=1e-12)
    assert beats.number.tolist() == [0, 1, 2, 5]
    assert (beats.census.rows, beats.census.arrivals, beats.census.lost) == (4, 4, 2)
    assert beats.send_times == "shared"


@pytest.mark.parametrize("engine", ["pandas", "polars", "pyarrow"])
def test_parquet_is_read(engine, tmp_path) -> None:
    path = tmp_path / "a.parquet"
    if engine == "pandas":
        pandas.DataFrame(stamps()).to_parquet(path)
    elif engine == "polars":
        polars.DataFrame(columns()).write_parquet(path)
    else:
        pyarrow.parquet.write_table(arrow(columns()), path)
    assert sus.read_heartbeats(path, **HOW).gaps.tolist() == [0.998, 1.007, 2.994]


def test_nanoseconds_of_an_epoch_lose_nothing() -> None:
    received = np.array([1_795_381_181_000_000_001, 1_795_381_181_000_000_004])
    for column in (received, received.astype("datetime64[ns]"), polars.Series(received)):
        beats = sus.Arrivals.from_arrays(np.asarray(column), unit="ns")
        assert beats.gaps.tolist() == [3e-9]
    text = ["1795381181.000000001", "1795381181.000000004"]
    assert [float(word) for word in text] == [1795381181.0, 1795381181.0]


def test_decimals_in_a_file_are_taken_as_written(tmp_path) -> None:
    path = written(tmp_path, "a.csv", "t\n1795381181.000000001\n1795381181.000000004\n")
    assert sus.read_heartbeats(path, received="t", unit="s").gaps.tolist() == [3e-9]


def test_a_heartbeat_without_arrival_is_lost_and_not_forgotten() -> None:
    received = np.array([0.1, np.nan, 2.1, 3.1])
    frame = {"r": received, "s": np.arange(4.0)}
    beats = sus.read_heartbeats(frame, received="r", sent="s", unit="s")
    assert (beats.census.rows, beats.census.arrivals, beats.census.lost) == (4, 3, 1)
    nulls = polars.DataFrame({"r": [100, None, 2100, 3100], "s": [0, 1000, 2000, 3000]})
    same = sus.read_heartbeats(nulls, received="r", sent="s", unit="ms")
    assert same.census == beats.census
    assert same.gaps.tolist() == beats.gaps.tolist()


def test_duplicates_and_latecomers_are_kept_and_counted() -> None:
    beats = sus.Arrivals.from_arrays(
        [0.1, 1.1, 1.2, 3.1, 3.2, 4.1], number=[0, 1, 1, 3, 2, 4], unit="s", every="1s"
    )
    census = beats.census
    assert (census.arrivals, census.duplicates, census.reordered, census.lost) == (6, 1, 1, 0)
    assert str(census) == "6 arrivals, 0 lost, 1 duplicates, 1 reordered"
    every = sus.sweep(beats, sus.FixedTimeout(), thresholds=["950ms"])
    newest = sus.sweep(beats, sus.FixedTimeout(newest_only=True), thresholds=["950ms"])
    assert (every.mistakes.tolist(), newest.mistakes.tolist()) == ([2.0], [3.0])


def test_a_clock_that_goes_back_begins_a_session() -> None:
    received = np.concatenate([np.arange(100.0, 160.0), np.arange(5.0, 65.0)])
    beats = sus.Arrivals.from_arrays(received, sent=received - 0.1, every="1s")
    assert (beats.census.resets, beats.sessions, len(beats)) == (1, 2, 120)
    assert len(beats.gaps) == 118
    assert sus.sweep(beats, sus.FixedTimeout(), thresholds=["1.5s"]).mistakes.tolist() == [0.0]


def test_a_wild_stamp_is_no_reset() -> None:
    received = np.arange(200.0)
    received[100] = 3.25
    beats = sus.Arrivals.from_arrays(received, sent=np.arange(200.0) - 0.1)
    assert (beats.census.resets, beats.sessions) == (0, 1)


def test_numbers_that_begin_anew_begin_a_session() -> None:
    beats = sus.Arrivals.from_arrays(np.arange(100.0), number=[*range(900, 950), *range(50)])
    assert (beats.census.resets, beats.sessions, beats.census.lost) == (1, 2, 0)


def test_without_send_times_losses_are_not_guessed() -> None:
    beats = sus.Arrivals.from_arrays([0.0, 1.0, 2.0, 5.0])
    assert (beats.census.lost, beats.send_times) == (0, "unknown")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.csv:1: an empty line, expected the names of the columns"),
        ("got,sent\n1,2\nx,3\n", "a.csv:3: column 1 (received): 'x', expected a number or a date"),
        ("got,sent\n1,2\n5\n", "a.csv:3: column 2 (sent) is missing"),
        ("got,sent\n1,\n", "a.csv:2: column 2 (sent) is empty"),
        ("got,sent\n1,1e40\n", "a.csv:2: column 2 (sent): '1e40' is out of range"),
        ("got,sent\n1,2\n", "received = 1 heartbeats received, expected two or more"),
        ("a,b\n1,2\n", "received = 'got', expected one of the columns ['a', 'b'] of"),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_line_and_column(text, said, tmp_path) -> None:
    path = written(tmp_path, "a.csv", text)
    with pytest.raises(ValueError) as refusal:
        sus.read_heartbeats(path, received="got", sent="sent", unit="ms")
    assert said in str(refusal.value)


def test_rows_that_cannot_be_read_are_left_out_only_when_asked_for(tmp_path) -> None:
    path = written(tmp_path, "a.csv", "t\n1\n2\noops\n4\n")
    with pytest.raises(ValueError, match=r"a\.csv:4: "):
        sus.read_heartbeats(path, received="t", unit="s")
    beats = sus.read_heartbeats(path, received="t", unit="s", on_error="skip")
    assert (beats.census.unreadable, beats.census.rows, len(beats)) == (1, 4, 3)
    assert "1 unreadable" in repr(beats)


def test_what_cannot_be_a_column_is_refused_by_name() -> None:
    for frame in (pandas.DataFrame({"t": ["a", "b"]}), polars.DataFrame({"t": ["a", "b"]})):
        with pytest.raises(TypeError, match=r"received\[0\] = 'a', expected a date and time"):
            sus.read_heartbeats(frame, received="t", unit="s")
    with pytest.raises(ValueError, match="received = 't', expected one of the columns"):
        sus.read_heartbeats(polars.DataFrame({"u": [1, 2]}), received="t", unit="s")
    with pytest.raises(TypeError, match="source = 3, expected a path"):
        sus.read_heartbeats(3, received="t", unit="s")


def test_the_monitors_own_pauses_hide_what_arrives_in_them() -> None:
    pauses = sus.Timeline(starts=["1.5s"], lasting=["2s"])
    beats = sus.Arrivals.from_arrays(np.arange(6.0), monitor_pauses=pauses)
    assert beats.received.tolist() == [0.0, 1.0, 3.5, 3.5, 4.0, 5.0]
    assert beats.monitor_pauses == pauses


@pytest.mark.parametrize(
    "stamps",
    [
        ["2024-01-01T00:00:00.5Z", "2024-01-01T00:00:01.75Z"],
        ["2024-01-01 02:00:00,500+02:00", "2024-01-01 02:00:01,750+02:00"],
        ["2023-12-31T19:00:00.5-0500", "2024-01-01T00:00:01.75"],
        [
            datetime.datetime(2024, 1, 1, 0, 0, 0, 500_000),
            datetime.datetime(2024, 1, 1, 0, 0, 1, 750_000),
        ],
        pandas.Series(["2024-01-01 00:00:00.500", "2024-01-01 00:00:01.750"]).to_numpy(),
        pandas.to_datetime(["2024-01-01 00:00:00.500Z", "2024-01-01 00:00:01.750Z"]).to_numpy(),
    ],
    ids=["Z", "comma and zone", "zones that differ", "datetime", "text in pandas", "pandas"],
)
def test_dates_and_times_are_read_in_all_their_ways(stamps, tmp_path) -> None:
    beats = sus.Arrivals.from_arrays(stamps)
    assert beats.gaps.tolist() == [1.25]
    if isinstance(stamps, list):
        text = "event;t\n" + "".join(f"beat;{stamp}\n" for stamp in stamps)
        path = written(tmp_path, "a.csv", text)
        assert sus.read_heartbeats(path, received="t").gaps.tolist() == [1.25]


def test_a_row_with_more_fields_than_names_is_a_fault(tmp_path) -> None:
    path = written(tmp_path, "a.csv", "time,event\n2024-01-01 00:00:00,500,beat\n")
    with pytest.raises(ValueError, match=r"a\.csv:2: 3 fields, expected 2"):
        sus.read_heartbeats(path, received="time")


def test_a_file_in_another_encoding_is_named(tmp_path) -> None:
    (tmp_path / "a.csv").write_bytes("t\n1\n2\n".encode("utf-16"))
    with pytest.raises(ValueError, match=r"a\.csv', expected text in UTF-8"):
        sus.read_heartbeats(tmp_path / "a.csv", received="t", unit="s")


def test_a_stall_is_not_taken_for_a_slower_schedule() -> None:
    number = np.arange(86_400)
    received = number + np.where(number >= 40_000, 600.0, 0.0)
    received += np.random.default_rng(1).exponential(0.1, number.size)
    for given in (None, number):
        assert sus.Arrivals.from_arrays(received, number=given).every == pytest.approx(
            1.0, abs=1e-5
        )


def test_a_burst_that_catches_up_hides_no_losses() -> None:
    sent = [0, 1, 2, 3, 8, 8.001, 8.002, 8.003, 8.004, 9, 10, 11]
    beats = sus.Arrivals.from_arrays(np.add(sent, 0.1), sent, every="1s")
    assert beats.number.tolist() == list(range(12))
    assert beats.census.lost == 0


def test_many_resets_are_found_in_one_pass() -> None:
    begun = time.perf_counter()
    beats = sus.Arrivals.from_arrays(np.arange(1_000_000) % 500 + 0.25)
    assert beats.sessions == 2000
    assert time.perf_counter() - begun < 5.0
