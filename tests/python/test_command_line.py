"""The command line: what it prints, what it writes, and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import suspicion as sus
from matplotlib import image

FILE = str(sus.examples.path("urban_n8_v20"))
PING = str(sus.examples.path("ping_stall"))
STOPS = str(sus.examples.path("gc_parallel"))
WORSE = str(sus.examples.path("gc_shenandoah"))
COLUMNS = ["--sent", "sent_ms", "--received", "received_ms", "--unit", "ms"]

MODEL = """
every = "1s"
duration = "3d"
seed = 7

[link]
delay = { law = "LogNormal", median = "20ms", sigma = 0.8 }
loss = { to_bad = "1/10min", to_good = "1/2s", bad_loss = 0.5, bad_delay = { law = "Exponential", mean = "300ms" } }

[sender_pauses]
every = { law = "Exponential", mean = "1h" }
lasting = { law = "Mixture", parts = [{ law = "Constant", value = "100ms" }, "3s"], weights = [9, 1] }

[[detector]]
name = "FixedTimeout"

[[detector]]
name = "Chen"
window = 1000
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "suspicion", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_sweep_prints_the_counts_of_the_file(tmp_path) -> None:
    picture = tmp_path / "curve.png"
    done = run("sweep", FILE, *COLUMNS, "--plot", str(picture))
    assert (done.returncode, done.stderr) == (0, "")
    assert "6,143 arrivals" in done.stdout
    assert image.imread(picture).std() > 0.05


def test_json_has_every_column_and_no_nan() -> None:
    done = run(
        "sweep", FILE, *COLUMNS, "--json", "--detector", "chen:window=100", "--dwell", "10ms"
    )
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    curve = answer["curves"]["Chen"]
    beats = sus.read_heartbeats(FILE, sent="sent_ms", received="received_ms", unit="ms")
    same = sus.sweep(beats, sus.Chen(window=100), dwell="10ms")
    assert curve["columns"]["mistakes"] == same.mistakes.tolist()
    assert curve["census"]["arrivals"] == 6143
    assert set(curve["columns"]) == set(same.to_dict())


def test_compare_shows_all_that_is_asked_for(tmp_path) -> None:
    picture = tmp_path / "compare.svg"
    several = ["--detector", "phi-accrual:window=100", "--detector", "cassandra"]
    done = run("compare", FILE, *COLUMNS, *several, "--plot", str(picture))
    assert done.returncode == 0, done.stderr
    assert "PhiAccrual" in done.stdout
    assert "Cassandra" in done.stdout
    assert picture.read_text(encoding="utf-8").count("<path") > 10


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        (["--max-rate", "1/min"], 0, "FixedTimeout with a timeout of"),
        (["--max-rate", "1/day", "--max-detection", "2s"], 1, "cannot tell"),
        (["--max-rate", "1/min", "--max-detection", "30ms"], 1, "Out of reach"),
    ],
)
def test_the_status_of_a_recommendation_says_whether_there_is_one(target, status, said) -> None:
    done = run("recommend", FILE, *COLUMNS, "--shared-clock", *target)
    assert (done.returncode, done.stderr) == (status, "")
    assert said in done.stdout
    answer = json.loads(
        run("recommend", FILE, *COLUMNS, "--shared-clock", *target, "--json").stdout
    )
    assert answer["met"] == (status == 0)


def test_simulate_gives_what_the_library_gives(tmp_path) -> None:
    path = tmp_path / "model.toml"
    path.write_text(MODEL, encoding="utf-8")
    done = run("simulate", str(path), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    pauses = sus.Mixture([sus.Constant("100ms"), sus.Constant("3s")], weights=[9, 1])
    bad = sus.Exponential(mean="300ms")
    world = sus.Heartbeats(
        every="1s",
        link=sus.Link(
            delay=sus.LogNormal(median="20ms", sigma=0.8),
            loss=sus.GilbertElliott("1/10min", "1/2s", bad_loss=0.5, bad_delay=bad),
        ),
        sender_pauses=sus.Pauses(every=sus.Exponential(mean="1h"), lasting=pauses),
    )
    curve = sus.compare(world, [sus.FixedTimeout(), sus.Chen()], duration="3d", rng=7)["Chen"]
    columns = json.loads(done.stdout)["curves"]["Chen"]["columns"]
    assert columns["mistakes"] == curve.mistakes.tolist()
    other = json.loads(run("simulate", str(path), "--json", "--seed", "8").stdout)
    assert other["curves"]["Chen"]["columns"]["mistakes"] != curve.mistakes.tolist()


def test_demo_ends_well_and_writes_a_picture(tmp_path) -> None:
    picture = tmp_path / "demo.png"
    done = run("demo", "--plot", str(picture))
    assert done.returncode == 0, done.stderr
    assert str(picture) in done.stdout
    assert "notices 99 % of crashes" in done.stdout
    assert image.imread(picture).std() > 0.05


def test_a_lease_is_chosen_for_a_log_of_collections(tmp_path) -> None:
    picture = tmp_path / "lease.png"
    done = run("lease", STOPS, "--max-rate", "1/h", "--plot", str(picture))
    assert (done.returncode, done.stderr) == (0, "")
    assert "A lease of" in done.stdout
    assert image.imread(picture).std() > 0.05
    done = run(
        "lease", WORSE, "--length", "10s", "--length", "50s", "--max-rate", "1/day", "--json"
    )
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    assert (done.returncode, answer["answer"]["met"]) == (1, False)
    log = sus.traces.read(WORSE)
    found = sus.Lease(length="10s", renew_every="2s").lengths(["10s", "50s"], pauses=log)
    assert answer["lengths"]["two_holders"] == found.two_holders.tolist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep"], "Missing argument 'FILE'"),
        (["sweep", FILE], "Missing option '--received'"),
        (["sweep", "nowhere.csv", *COLUMNS], "nowhere.csv"),
        (["sweep", FILE, "--received", "arrived", "--unit", "ms"], "received = 'arrived', expected one of"),
        (["sweep", FILE, "--received", "received_ms"], "unit = None, expected the unit"),
        (["sweep", FILE, *COLUMNS, "--detector", "oracle"], "detector = 'oracle', expected one of"),
        (["sweep", FILE, *COLUMNS, "--detector", "chen:window=x"], "window = 'x', expected"),
        (["sweep", FILE, *COLUMNS, "--detector", "chen:w=1"], "expected only the settings window, synchronized"),
        (["sweep", FILE, *COLUMNS, "--dwell", "150"], "dwell = '150', expected a duration"),
        (["sweep", FILE, *COLUMNS, "--confidence-level", "95"], "confidence_level = 95"),
        (["sweep", FILE, *COLUMNS, "--plot", "no/such/folder.png"], "no/such/folder.png"),
        (["sweep", FILE, *COLUMNS, "--plot", "curve.docx"], "docx"),
        (["recommend", FILE, *COLUMNS], "expected max_rate, max_detection or costs"),
        (["recommend", FILE, *COLUMNS, "--max-rate", "daily"], "max_rate = 'daily', expected a rate"),
        (["simulate", "nowhere.toml"], "nowhere.toml"),
        (["lease", FILE], "looks like none of the formats"),
        (["lease", PING], "holds no pauses"),
        (["lease", STOPS, "--max-rate", "daily"], "max_rate = 'daily', expected a rate"),
        (["lease", STOPS, "--length", "1s"], "renew_every = 2, expected no more than length = 1"),
        (["guess"], "No such command 'guess'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line_and_status_2(arguments, said) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('law = "LogNormal"', 'law = "Lognormal"', "link.delay.law = 'Lognormal', expected one of"),
        ("sigma = 0.8", "sigma = -0.8", "sigma = -0.8, expected"),
        ("sigma = 0.8", "s = 0.8", "link.delay.s = 0.8, expected no such key"),
        ('name = "Chen"', 'name = "Chan"', "detector.name = 'Chan', expected one of"),
        ("bad_loss = 0.5", "bad_loss = 1.5", "bad_loss = 1.5, expected a probability"),
        ("[link]", "[lnk]", "lnk"),
        ("seed = 7", "seed = 'x'", "rng = 'x', expected a whole number"),
        ("seed = 7", "seed = ", "model.toml: "),
        ('duration = "3d"', "", "duration = None, expected"),
    ],
)
def test_a_fault_in_a_model_file_is_named(tmp_path, old, new, said) -> None:
    path = tmp_path / "model.toml"
    path.write_text(MODEL.replace(old, new, 1), encoding="utf-8")
    done = run("simulate", str(path))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
