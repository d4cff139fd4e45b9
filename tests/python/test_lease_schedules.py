"""Leases: schedules that can be followed by hand, and what becomes of a run at its ends."""

from __future__ import annotations

import numpy as np
import pytest
import suspicion as sus

FOREVER = "1000d"
LEASE = sus.Lease(length="10s", renew_every="1s")


def stands(start: str, lasting: str) -> sus.Timeline:
    return sus.Timeline(starts=[start], lasting=[lasting])


def cut_off(start: str, lasting: str = FOREVER, **rest) -> sus.Client:
    """Return one that is told by nobody, and never looks at a clock."""
    return sus.Client(looks=False, outages=stands(start, lasting), **rest)


def test_time_that_nobody_holds_it_is_counted_at_the_beginning_between_and_at_the_end() -> None:
    stuck = sus.Client(pauses=stands("4.5s", FOREVER))
    never = sus.Client(pauses=stands("0s", FOREVER))
    # The last renewal is at 4 s.
    found = LEASE.simulate([stuck, never], duration="100s", rng=1)
    assert (found.expired, found.handovers, found.two_holders) == (1, 0, 0)
    assert found.unheld_time == 100.0 - 14.0
    late = sus.Client(pauses=stands("0s", "20s"))
    found = LEASE.simulate([stuck, late], duration="100s", rng=1)
    assert (found.expired, found.handovers, found.two_holders) == (1, 1, 1)
    assert (found.unheld_time, found.two_holders_time, found.acting_time) == (6.0, 80.0, 0.0)
    found = LEASE.simulate([late, sus.Client()], duration="100s", rng=1)
    assert (found.expired, found.unheld_time) == (0, 20.0)
    assert LEASE.simulate([never, never], duration="100s", rng=1).unheld_time == 100.0


def test_one_that_is_cut_off_for_good_writes_on_until_the_run_ends() -> None:
    late = sus.Client(pauses=stands("0s", "20s"))
    found = LEASE.simulate(
        [cut_off("4.5s"), late], duration="100s", writes=sus.Writes(every="1s", window=0.0), rng=1
    )
    assert (found.expired, found.handovers, found.two_holders) == (1, 1, 1)
    assert (found.two_holders_time, found.acting_time) == (80.0, 80.0)
    # One of each second from 0 s, and of the other from 20 s; the lease holds at 14 s and is another's at 20 s.
    assert (found.writes, found.unsafe_writes, found.stale_writes) == (180, 85, 80)
    assert found.episode_columns()["stale_writes"].tolist() == [80]
    assert found.episode_columns()["cause"].tolist() == ["outage"]


def test_who_is_told_late_acts_until_then_and_asks_for_the_lease_no_sooner() -> None:
    told = cut_off("4.5s", "25.5s", delay="1s")
    brief = sus.Client(pauses=stands("16s", FOREVER))
    past = LEASE.history([told, brief], duration="100s", rng=1)
    # The last request arrives at 5 s; the next is sent at 30 s and answered at 32 s.
    assert past.outcome.episode_columns()["begin"].tolist() == [15.0, 33.0]
    assert past.outcome.episode_columns()["end"].tolist() == [32.0, 100.0]
    # The other renews at 15 s for the last time, so that the lease is free at 25 s.
    grants = past.messages["kind"] == "acquire"
    assert past.messages["client"][grants].tolist() == [0, 1, 0]
    assert past.messages["sent"][grants].tolist() == [0.0, 15.0, 32.0]


def test_the_cause_is_the_reason_that_lasted_longest() -> None:
    both = sus.Timeline(starts=["4.5s", "5s"], lasting=["2s", "60s"], causes=["gc", "suspend"])
    found = LEASE.simulate([sus.Client(pauses=both), sus.Client()], duration="100s", rng=1)
    assert found.episode_columns()["cause"].tolist() == ["suspend"]


def test_nobody_gets_the_lease_before_it_is_free() -> None:
    client = sus.Client(
        pauses=sus.Pauses(every=sus.Exponential(mean="20s"), lasting=sus.Exponential(mean="9s"))
    )
    lease = sus.Lease(length="5s", renew_every="1s", poll_every="5ms", lock_delay="700ms")
    past = lease.history([client] * 3, duration="5h", rng=1)
    sent, spans = past.messages, past.spans
    held = spans["state"] == "holds"
    ends = dict(zip(spans["token"][held], spans["end"][held], strict=True))
    grants = sent["kind"] == "acquire"
    holders = sent["client"][grants]
    changed = np.flatnonzero(np.diff(holders) != 0) + 1
    waits = [
        sent["arrived"][grants][place] - ends[sent["token"][grants][place - 1]] for place in changed
    ]
    assert len(waits) > 200
    # The first of two to ask every 5 ms.
    assert 0.7 <= min(waits) < 0.7001


def test_tokens_refuse_from_the_first_write_of_the_new_holder_on() -> None:
    late = sus.Client(pauses=stands("0s", "20s"))
    writes = sus.Writes(every="1s", window=0.0, first_after="5s", fencing="tokens")
    found = LEASE.simulate([cut_off("4.5s"), late], duration="100s", writes=writes, rng=1)
    # From 20 to 24 s; at 25 s both write.
    assert (found.stale_writes, found.accepted) == (80, 5)


def test_a_seal_makes_stale_what_arrives_when_the_storage_has_seen_it() -> None:
    writes = sus.Writes(every="1s", window=0.0, delay="3s", fencing="sealed")
    past = LEASE.history([cut_off("4.5s"), sus.Client()], duration="100s", writes=writes, rng=1)
    # Got at 14 s and sealed at 17 s: what left from 14 s on is stale, and what left before is not.
    assert (past.outcome.stale_writes, past.outcome.accepted) == (86, 0)
    sent = past.messages
    of_the_former = (sent["kind"] == "write") & (sent["client"] == 0)
    np.testing.assert_array_equal(
        sent["taken"][of_the_former], sent["arrived"][of_the_former] < 17.0
    )
    assert not any("lost update" in text.get_text() for text in past.plot().texts)


def test_a_write_that_comes_when_the_run_has_ended_meets_the_first_one_of_the_new_holder() -> None:
    stuck = sus.Client(pauses=stands("4.5s", "60s"))
    writes = sus.Writes(every="1s", window="600ms", first_after="2s", fencing="tokens")
    found = LEASE.simulate([stuck, sus.Client()], duration="15s", writes=writes, rng=1)
    # Begun at 4 s and sent at 64.6 s; the first one of the new holder is sent at 16.6 s.
    assert (found.writes, found.stale_writes, found.accepted) == (3, 1, 0)


def test_a_write_is_stale_whose_holder_got_the_lease_again_before_it_lost_it_for_good() -> None:
    twice = sus.Timeline(starts=["4.2s", "31s"], lasting=["25.8s", FOREVER])
    other = sus.Client(pauses=stands("0s", "35s"))
    writes = sus.Writes(every="1h", window="500ms", first_after="4s", delay="20s")
    found = LEASE.simulate([sus.Client(pauses=twice), other], duration="100s", writes=writes, rng=1)
    # Sent at 30.3 s, when its sender had it again; it arrives at 50.3 s, and the other gets it at 40 s.
    assert (found.expired, found.handovers) == (2, 1)
    # That of the other itself is 20 s on its way, too, and outlasts what it looked at.
    assert (found.unsafe_writes, found.stale_writes) == (2, 1)


@pytest.mark.parametrize(("looks", "again"), [(True, 40.0), (False, 42.0)])
def test_whoever_reaches_the_service_within_the_grace_period_keeps_its_lease(looks, again) -> None:
    lost = sus.Client(looks=looks, outages=stands("10s", "30s"))
    found = sus.leases.chubby().simulate([lost, sus.Client()], duration="200s", rng=1)
    # Renewed every 7 s, last at 7 s, for 12 s; one that looks gives up and asks at once, the other when it is due.
    assert (found.handovers, found.two_holders, found.expired) == (0, 0, 1)
    assert found.unheld_time == again - 19.0


@pytest.mark.parametrize("counted_from", ["request", "reply"])
def test_every_pause_of_a_holder_is_counted_once(counted_from) -> None:
    starts = np.arange(0.3, 200.0, 0.5)
    often = sus.Client(
        pauses=sus.Timeline(starts=starts, lasting=np.full(len(starts), 0.1)), delay="1.3s"
    )
    lease = sus.Lease(length="50s", renew_every="5s", counted_from=counted_from)
    found = lease.simulate([often, often], duration="200s", rng=1)
    assert (found.handovers, found.pauses) == (0, len(starts))


def test_a_crash_is_of_a_holder_that_ran_and_at_any_age_of_its_lease() -> None:
    asleep = sus.Client(pauses=stands("0s", "1h"))
    found = LEASE.takeover([asleep, sus.Client()], runs=100, rng=1)
    assert 9.0 <= found.times[0] <= found.times[-1] <= 10.0
    slow = sus.Client(clock=sus.Clock(drift=-0.5))
    found = LEASE.takeover([slow, sus.Client()], runs=20_000, rng=1)
    # It renews every 2 s.
    assert found.times[0] >= 8.0
    assert abs(found.mean - 9.0) < 4.0 * found.standard_error


def test_takeovers_that_no_run_can_see_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^length = .*100 years"):
        sus.Lease(length="200y", renew_every="1y").takeover(runs=10)


def test_observers_look_now_and_then() -> None:
    with pytest.raises(ValueError, match=r"^poll_every = 0"):
        sus.Lease(length="10s", judged_by="observers")


def test_a_history_says_what_it_had_no_room_for() -> None:
    past = sus.Lease(length="10s", renew_every="1ms").history(
        [sus.Client(), sus.Client()], duration="1100s", rng=1
    )
    assert len(past.messages["kind"]) == 1_000_000
    assert past.dropped == pytest.approx(100_000, abs=2)
    assert f"{past.dropped:,} dropped" in repr(past)
    few = LEASE.history([sus.Client(), sus.Client()], duration="10s", rng=1)
    assert few.dropped == 0
    assert "dropped" not in repr(few)


PLAIN = sus.Client()
LONG = 2.0**62
HUGE = {
    "length": (sus.Lease(length=LONG, renew_every="1s"), PLAIN, None),
    "renew_every": (sus.Lease(length=LONG, renew_every=LONG), PLAIN, None),
    "believed_for": (sus.Lease(length=10.0, believed_for=LONG), PLAIN, None),
    "poll_every": (sus.Lease(length=10.0, poll_every=LONG), PLAIN, None),
    "poll_jitter": (sus.Lease(length=10.0, poll_every=1.0, poll_jitter=1e300), PLAIN, None),
    "grace": (sus.Lease(length=10.0, grace=LONG), PLAIN, None),
    "lock_delay": (sus.Lease(length=10.0, lock_delay=LONG), PLAIN, None),
    "delay": (LEASE, sus.Client(delay=LONG), None),
    "delay of a lifetime": (LEASE, sus.Client(delay=5e9), None),
    "first_after": (LEASE, PLAIN, sus.Writes(first_after=LONG)),
    "every": (LEASE, PLAIN, sus.Writes(every=LONG, window=LONG)),
    "window": (sus.Lease(length=LONG, renew_every="1s"), PLAIN, sus.Writes(every=9e9, window=9e9)),
    "way": (LEASE, PLAIN, sus.Writes(delay=LONG)),
    "step": (LEASE, sus.Client(clock=sus.Clock(step_every=LONG, step_by=LONG / 4)), None),
    "set": (LEASE, sus.Client(delay=LONG, clock=sus.Clock(step_every="1s", step_by=0.5)), None),
}


@pytest.mark.parametrize("which", HUGE)
def test_what_takes_longer_than_any_run_just_never_ends(which) -> None:
    lease, client, writes = HUGE[which]
    other = sus.Client(
        pauses=sus.Pauses(every="1s", lasting=sus.Exponential(mean="5s")),
        outages=sus.Pauses(every="7s", lasting=sus.Exponential(mean="9s")),
    )
    for group in ([client, other], [other, client]):
        found = lease.simulate(group, duration="1h", writes=writes, rng=1)
        past = lease.history(group, duration="1h", writes=writes, rng=1)
        assert (
            found.episode_columns()["begin"].tolist()
            == past.outcome.episode_columns()["begin"].tolist()
        )


def test_requests_that_overtake_each_other_leave_no_more_time_unheld_than_there_is() -> None:
    slow = sus.Client(
        delay=sus.Pareto(minimum="20ms", tail_index=1.5),
        outages=sus.Pauses(every=sus.Exponential(mean="3s"), lasting="20s"),
    )
    lease = sus.Lease(length="60ms", renew_every="3ms", believed_for="15ms", grace="2s")
    asleep = sus.Client(pauses=stands("0s", FOREVER))
    found = lease.simulate([slow, asleep], duration="1h", rng=1)
    assert found.expired > 100
    assert found.unheld_time < found.time
    past = lease.history([slow, asleep], duration="10min", rng=1)
    held = past.spans["state"] == "holds"
    time = np.sum(past.spans["end"][held] - past.spans["begin"][held])
    assert past.outcome.unheld_time + time == pytest.approx(600.0, abs=2.5)
