"""Leases: against closed forms, a plain simulation that looks at every millisecond, and what is known of real logs."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
import suspicion as sus
from matplotlib import pyplot


def exponential(mean: float) -> sus.Exponential:
    return sus.Exponential(mean=mean)


def pausing(every: float, mean: float, **rest) -> sus.Client:
    return sus.Client(
        pauses=sus.Pauses(every=exponential(every), lasting=exponential(mean)), **rest
    )


def assert_count(count: int, trials: float, probability: float) -> None:
    error = np.sqrt(trials * probability * (1.0 - probability))
    assert abs(count - trials * probability) < 4.0 * error, (count, trials * probability, error)


def spans(draws: np.random.Generator, until: int, every: float, mean: float):
    """Return pauses at whole milliseconds."""
    starts, lasting, now = [], [], 0
    while now < until:
        now += 1 + int(draws.exponential(every))
        length = 1 + int(draws.exponential(mean))
        starts.append(now)
        lasting.append(length)
        now += length
    return np.array(starts), np.array(lasting)


def plain(pauses, until: int, length: int, renew: int, every: int, window: int) -> dict[str, int]:
    """Follow two clients millisecond by millisecond; a write looks, runs for `window` and takes effect."""
    runs = np.ones((2, until), dtype=bool)
    for who, (starts, lasting) in enumerate(pauses):
        for start, took in zip(starts, lasting, strict=True):
            runs[who, start : start + took] = False
    found = dict.fromkeys(
        ("expired", "two_holders", "two_holders_time", "stale_writes", "writes"), 0
    )
    holder, renewed, token = 0, 0, 0
    believes, ran, began = [True, False], [0, 0], [0, 0]
    flights: list[tuple[int, int, int]] = []
    for now in range(until):
        running = [who for who in (0, 1) if runs[who, now]]
        for who in running:
            believes[who] &= who == holder and now < renewed + length
            if believes[who] and now >= renewed + renew:
                renewed = now
        takers = [who for who in running if who != holder or not believes[who]]
        if now >= renewed + length and takers:
            found["expired"] += 1
            found["two_holders"] += takers[0] != holder and believes[holder]
            if takers[0] == holder:
                flights = [flight for flight in flights if flight[0] != holder]
            holder, renewed, token = takers[0], now, token + 1
            believes[holder], began[holder] = True, ran[holder]
        found["two_holders_time"] += believes[0] and believes[1]
        for who in running:
            landed = [flight for flight in flights if flight[0] == who and flight[1] == ran[who]]
            found["stale_writes"] += sum(flight[2] < token for flight in landed)
            flights = [flight for flight in flights if flight not in landed]
            if believes[who] and (ran[who] - began[who]) % every == 0:
                flights.append((who, ran[who] + window, token))
                found["writes"] += 1
            ran[who] += 1
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_happens_is_what_a_look_at_every_millisecond_shows(seed) -> None:
    draws = np.random.default_rng(seed)
    renew = int(draws.integers(200, 1500))
    length = renew + int(draws.integers(100, 2000))
    every = int(draws.integers(50, 400))
    window = int(draws.integers(1, every))
    until = 300_000
    pauses = [spans(draws, until, 4000.0, 900.0) for _ in range(2)]
    right = plain(pauses, until, length, renew, every, window)
    clients = [
        sus.Client(pauses=sus.Timeline(starts=starts / 1e3, lasting=lasting / 1e3))
        for starts, lasting in pauses
    ]
    found = sus.Lease(length=length / 1e3, renew_every=renew / 1e3).simulate(
        clients,
        duration=until / 1e3,
        writes=sus.Writes(every=every / 1e3, window=window / 1e3),
        rng=seed,
    )
    assert right["two_holders"] > 0
    assert (found.expired, found.two_holders) == (right["expired"], right["two_holders"])
    assert found.two_holders_time * 1e3 == pytest.approx(right["two_holders_time"], abs=0.5)
    assert found.writes == right["writes"]
    assert found.stale_writes == right["stale_writes"]


@pytest.mark.parametrize("seed", range(6))
def test_requests_at_jittered_intervals_meet_the_closed_form(seed) -> None:
    draws = np.random.default_rng(100 + seed)
    mean, renew = draws.uniform(0.5, 2.0), draws.uniform(0.3, 2.0)
    every = draws.uniform(3.0, 30.0)
    lease = sus.Lease(
        length=renew + mean * draws.uniform(0.3, 2.0),
        renew_every=renew,
        renews_on_waking=True,
        poll_every=draws.uniform(0.2, 2.0),
        poll_jitter=draws.uniform(0.0, 1.5),
        grace=draws.uniform(0.0, 0.5),
        lock_delay=draws.uniform(0.0, 0.5),
    )
    # The second keeps what it gets, so that each run has one success at most.
    found = lease.simulate(
        [pausing(every, mean), sus.Client()], duration=20.0 * every, runs=20_000, rng=seed
    )
    right = lease.two_holders(exponential(mean), rate=1.0 / every)
    assert_count(found.two_holders, found.pauses, right)


@pytest.mark.parametrize("drift", [0.083333, 200e-6, 50e-6])
def test_clocks_that_drift_leave_the_margin_and_not_a_moment_more(drift) -> None:
    slow = sus.Client(
        clock=sus.Clock(drift=-drift),
        outages=sus.Pauses(every=exponential(60.0), lasting=exponential(30.0)),
    )
    fast = sus.Clock(drift=drift)

    def found(share: float) -> sus.lease.LeaseOutcome:
        bare = sus.Lease(length="10s", renew_every="1s")
        lease = sus.Lease(
            length="10s",
            renew_every="1s",
            believed_for=bare.margin(drift) * share,
            service_clock=fast,
        )
        return lease.simulate([slow, slow], duration="2d", rng=1)

    # Within a nanosecond of the margin rounding decides.
    assert found(1.0 - 1e-9).two_holders == 0
    more = found(1.0 + drift / 10.0)
    assert more.two_holders > 100
    assert set(more.episode_columns()["cause"]) == {"outage"}


def test_what_is_counted_from_the_reply_is_believed_for_too_long() -> None:
    lost = sus.Pauses(every=exponential(60.0), lasting=exponential(30.0))
    client = sus.Client(delay="100ms", outages=lost)
    both = [client, client]
    right = sus.Lease(length="10s", renew_every="1s").simulate(both, duration="2d", rng=1)
    wrong = sus.Lease(length="10s", renew_every="1s", counted_from="reply")
    assert right.two_holders == 0
    found = wrong.simulate(both, duration="2d", rng=1).episode_columns()
    # The notice and the request of the next one take longer than the reply did.
    assert len(found["begin"]) == 0
    quick = wrong.simulate(
        [client, sus.Client(outages=lost)], duration="2d", rng=1
    ).episode_columns()
    late = quick["from"] == 0
    assert late.any()
    np.testing.assert_allclose(quick["end"][late] - quick["begin"][late], 0.1, atol=1e-6)


@pytest.mark.parametrize(
    ("clock", "acts"),
    [(sus.Clock.monotonic(), True), (sus.Clock.boottime(), False), (sus.Clock.wall(), False)],
    ids=["monotonic", "boottime", "wall"],
)
def test_a_sleeper_acts_on_its_lease_by_a_clock_that_slept_as_well(clock, acts) -> None:
    sleeper = sus.Client(
        pauses=sus.Suspend(every=exponential(600.0), lasting=exponential(600.0)), clock=clock
    )
    found = sus.Lease(length="10s", renew_every="3s").simulate(
        [sleeper, sleeper], duration="10d", writes=sus.Writes(every="170ms", window="1ms"), rng=1
    )
    assert found.two_holders > 100
    assert (found.acting_time > 0.0) == acts
    episodes = found.episode_columns()
    # It is told when it next asks, which is when its timer says that 3 s have passed.
    assert np.max(episodes["acting"]) <= 3.0
    assert set(episodes["cause"]) == {"suspend"}
    if acts:
        assert found.stale_writes == pytest.approx(found.acting_time / 0.17, rel=0.1)


def test_a_wall_clock_that_is_set_back_makes_two_holders() -> None:
    def found(by: float) -> int:
        clock = sus.Clock.wall(step_every="5min", step_by=by)
        lost = sus.Pauses(every=exponential(60.0), lasting=exponential(30.0))
        client = sus.Client(clock=clock, outages=lost)
        lease = sus.Lease(length="10s", renew_every="1s")
        return lease.simulate([client, client], duration="10d", rng=1).two_holders

    assert found(-5.0) > 100
    assert found(5.0) == 0


def test_a_clock_is_set_back_by_text_as_by_a_number() -> None:
    assert sus.Clock(step_every="1h", step_by="-1min") == sus.Clock(step_every="1h", step_by=-60.0)
    for wrong in ("-", "--1s", "-1parsec"):
        with pytest.raises(ValueError, match="step_by"):
            sus.Clock(step_every="1h", step_by=wrong)


def kubernetes_by_hand(draws: np.random.Generator, runs: int):
    """Follow a candidate of client-go: it sees the last renewal, and waits for 15 s from when it did."""
    taken = np.empty(runs)
    for run in range(runs):
        crash = draws.uniform(0.0, 2.0)
        now = -100.0 + draws.uniform(0.0, 4.4)
        seen = None
        while True:
            if now >= 0.0 and seen is None:
                seen = now
            if seen is not None and now >= seen + 15.0:
                break
            now += draws.uniform(2.0, 4.4)
        taken[run] = now - crash
    return taken


def test_kubernetes_takes_over_in_17_seconds() -> None:
    found = sus.leases.kubernetes().takeover(runs=100_000, rng=1)
    by_hand = kubernetes_by_hand(np.random.default_rng(1), 20_000)
    error = np.hypot(found.standard_error, by_hand.std() / np.sqrt(len(by_hand)))
    assert abs(found.mean - by_hand.mean()) < 4.0 * error
    assert found.mean == pytest.approx(17.4, abs=0.06)
    np.testing.assert_allclose(found.quantile([0.05, 0.95]), [14.8, 20.1], atol=0.06)
    assert found.times[0] >= 13.0
    assert found.times[-1] <= 23.8


@pytest.mark.parametrize("fencing", ["none", "tokens", "sealed"])
def test_the_storage_takes_what_arrives_before_the_new_holders_first(fencing) -> None:
    mean, first = 3.0, 2.0
    writes = sus.Writes(every="20ms", window="2ms", first_after=first, fencing=fencing)
    lease = sus.Lease(length="4s", renew_every="1s")
    found = lease.simulate(
        [pausing(20.0, mean), sus.Client()], duration="1h", runs=20_000, writes=writes, rng=1
    )
    assert found.stale_writes > 1000
    right = {"none": 1.0, "tokens": 1.0 - np.exp(-(first + 0.002) / mean), "sealed": 0.0}[fencing]
    assert_count(found.accepted, found.stale_writes, right) if fencing == "tokens" else None
    assert found.accepted == pytest.approx(right * found.stale_writes, rel=0.2)


def classic(fencing: str) -> sus.lease.LeaseHistory:
    """Client 1 gets the lease, stops for 15 s with a write under way, and client 2 gets it."""
    stuck = sus.Client(pauses=sus.Timeline(starts=["4.3s"], lasting=["15s"]), delay="100ms")
    writes = sus.Writes(every="2s", window="500ms", delay="300ms", fencing=fencing)
    return sus.Lease(length="10s", renew_every="3s").history(
        [stuck, sus.Client(delay="100ms")], duration="25s", first_token=33, writes=writes
    )


@pytest.mark.parametrize(("fencing", "taken"), [("none", 1), ("tokens", 0)])
def test_the_classic_schedule_corrupts_without_a_token_and_not_with_one(fencing, taken) -> None:
    past = classic(fencing)
    assert (past.outcome.stale_writes, past.outcome.accepted) == (1, taken)
    sent = past.messages
    assert sent["token"][sent["kind"] == "acquire"].tolist() == [33, 34]
    late = (sent["kind"] == "write") & (sent["token"] == 33) & (sent["sent"] > 19.0)
    # Half of the write was done at 4.1 + 0.2 s; the rest follows the pause.
    np.testing.assert_allclose(sent["sent"][late], 19.3 + 0.3, atol=1e-6)
    assert sent["taken"][late].tolist() == [bool(taken)]
    pyplot.close("all")
    ax = past.plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "lock service", "client 1", "client 2", "storage",
    ]  # fmt: skip
    words = {text.get_text() for text in ax.texts}
    assert {"token 33", "token 34", "stands still for 15 s"} <= words
    assert ("token 33 taken: lost update" if taken else "token 33 refused") in words
    pyplot.close("all")


def test_a_history_is_in_order_and_of_one_holder_at_a_time() -> None:
    client = pausing(20.0, 6.0, delay="20ms")
    past = sus.Lease(length="5s", renew_every="1s").history([client] * 3, duration="1h", rng=1)
    spans = past.spans
    holds = spans["state"] == "holds"
    order = np.argsort(spans["begin"][holds])
    begin, end = spans["begin"][holds][order], spans["end"][holds][order]
    assert len(begin) > 50
    assert np.all(begin[1:] >= end[:-1])
    tokens = spans["token"][holds][order]
    assert np.all(np.diff(tokens) == 1)
    for first, second in itertools.pairwise(tokens):
        assert second > first


def test_results_are_frozen_and_survive_pickling() -> None:
    client, lease = pausing(20.0, 3.0), sus.Lease(length="5s")
    pauses = client.parameters["pauses"]
    past = lease.history([client, client], duration="10min", rng=1)
    for found in (past.outcome, past, lease.takeover(runs=10, rng=1), lease.lengths(pauses=pauses)):
        assert repr(pickle.loads(pickle.dumps(found))) == repr(found)
        with pytest.raises(AttributeError):
            found.times = None
    with pytest.raises(ValueError, match="read-only"):
        past.messages["sent"][0] = 1.0


def test_a_run_can_be_watched_and_a_result_shows_itself() -> None:
    told: list[int] = []
    client = pausing(60.0, 3.0)
    found = sus.Lease(length="8s").simulate(
        [client, client],
        duration="1000h",
        runs=20,
        rng=1,
        progress=lambda done, _: told.append(done),
        writes=sus.Writes(),
    )
    assert told == sorted(told)
    assert "two holders" in str(found)
    assert "<table>" in found._repr_html_()
    assert len(found.episodes()) == min(found.two_holders, 10_000)
    assert found.two_holders_rate.low < found.two_holders / found.time < found.two_holders_rate.high
    assert found.two_holders_probability.value == found.two_holders / found.pauses
    assert "<table>" in sus.leases.etcd().takeover(runs=10, rng=1)._repr_html_()
