"""Redlock, held against a slow simulation of every message, written once more from its rules."""

from __future__ import annotations

import heapq
import itertools
import math
import pickle

import numpy as np
import pytest
import suspicion as sus


class Slow:
    """One trial, message by message."""

    def __init__(self, rng: np.random.Generator, given: dict) -> None:
        self.rng, self.given = rng, given
        self.nodes = [{"owner": None, "expiry": 0.0, "ahead": 0.0, "down": -1.0} for _ in range(given["nodes"])]  # fmt: skip
        self.events, self.order = [], itertools.count()
        self.held = {}
        self.sent_before = {}
        self.names = {"first": "first", "other": None}
        self.open = {}

    def at(self, moment, act, *what):
        heapq.heappush(self.events, (moment, next(self.order), act, what))

    def message(self, now, who, node):
        arrival = max(now + self.given["delay"](self.rng), self.sent_before.get((who, node), 0.0))
        self.sent_before[who, node] = arrival
        return arrival

    def run(self):
        self.begin(0.0, "first")
        self.at(self.given["asks_after"](self.rng), self.begin, "other")
        while self.events:
            now, _, act, what = heapq.heappop(self.events)
            if "first" in self.held and now >= self.held["first"][2]:
                break
            if act(now, *what) == "over":
                break
        if "first" not in self.held:
            return 0, 0, 0
        checked, begins, ends = self.held["first"]
        if "other" not in self.held:
            return 1, 0, 0
        got, _, leaves = self.held["other"]
        return 1, int(checked <= got < ends), int(got < ends and leaves > begins)

    def begin(self, now, who):
        self.names[who] = who if who == "first" else f"other at {now}"
        self.open[who] = {"begun": now, "votes": 0, "waiting": self.given["nodes"], "wakes": now}
        for node in range(1 if self.given["in_turn"] else self.given["nodes"]):
            self.ask(now, who, node)

    def ask(self, now, who, node):
        if who == "first" and node == self.given["nodes"] - 1 and self.given["pause_at"] == "before":  # fmt: skip
            self.open[who]["wakes"] = now + self.given["pause"](self.rng)
        ticket = {"answered": False}
        self.at(now + self.given["node_timeout"], self.answer, who, node, ticket, False)
        if who == "other" or node < self.given["reachable"]:
            self.at(self.message(now, who, node), self.request, who, self.names[who], node, ticket)

    def request(self, now, who, name, node, ticket):
        server = self.nodes[node]
        if now < server["down"]:
            return
        free = server["owner"] is None or now + server["ahead"] >= server["expiry"]
        if free:
            server.update(owner=name, expiry=now + server["ahead"] + self.given["ttl"])
        self.at(now + self.given["delay"](self.rng), self.answer, who, node, ticket, free)

    def answer(self, now, who, node, ticket, granted):
        if ticket["answered"]:
            return
        ticket["answered"] = True
        mine = self.open[who]
        mine["votes"] += granted
        mine["waiting"] -= 1
        if self.given["in_turn"] and node + 1 < self.given["nodes"]:
            self.ask(now, who, node + 1)
        if not mine["waiting"]:
            self.at(max(now, mine["wakes"]), self.check, who)

    def check(self, now, who):
        mine, ttl = self.open[who], self.given["ttl"]
        left = ttl - (now - mine["begun"]) - self.given["drift_factor"] * ttl - self.given["drift_margin"]  # fmt: skip
        if mine["votes"] <= self.given["nodes"] / 2 or left <= 0:
            if who == "first":
                return "over"
            self.release(now)
            self.at(now + self.given["retry"](self.rng), self.begin, "other")
            return None
        begins = now
        if who == "first" and self.given["pause_at"] == "after":
            begins += self.given["pause"](self.rng)
        ends = begins + min(self.given["work"](self.rng), left)
        self.held[who] = now, begins, ends
        if who == "other":
            self.at(ends, self.release)
            return None
        for act, many in ((self.jump, self.given["jumps"]), (self.crash, self.given["crashes"])):
            for node in self.rng.permutation(self.given["nodes"])[:many]:
                self.at(self.rng.uniform(now, ends), act, node)
        return None

    def release(self, now):
        for node in range(self.given["nodes"]):
            self.at(self.message(now, "other", node), self.forget, node, self.names["other"])

    def forget(self, now, node, name):
        if self.nodes[node]["owner"] == name and now >= self.nodes[node]["down"]:
            self.nodes[node]["owner"] = None

    def jump(self, now, node):
        self.nodes[node]["ahead"] += self.given["jump"]

    def crash(self, now, node):
        self.nodes[node].update(owner=None, down=now + self.given["restart_delay"])


def exponential(mean):
    return lambda rng: rng.exponential(mean)


PLAIN = {
    "nodes": 5, "reachable": 5, "ttl": 2.0, "delay": 0.01, "node_timeout": 0.05, "in_turn": False, "drift_factor": 0.01,
    "drift_margin": 0.002, "work": 0.5, "retry": 0.1, "pause": 1e-9, "pause_at": "after", "jumps": 0, "jump": 5.0,
    "crashes": 0, "restart_delay": 0.0,
}  # fmt: skip
"""Laws are exponential and given by their means."""

SETTINGS = {
    "a pause after the check": {"pause": 1.0},
    "a pause before it": {"pause": 1.0, "pause_at": "before", "in_turn": True},
    "slow messages": {"pause": 1.0, "delay": 0.03, "node_timeout": 0.06},
    "one after the other": {"pause": 2.0, "in_turn": True, "nodes": 4, "reachable": 4, "delay": 0.1, "node_timeout": 0.5},
    "jumps": {"jumps": 3, "jump": 0.7, "work": 3.0},
    "a majority alone": {"reachable": 3, "jumps": 1, "work": 3.0, "in_turn": True},
    "crashes": {"crashes": 4, "restart_delay": 0.3, "work": 2.0},
    "all at once": {"pause": 0.5, "jumps": 2, "jump": 1.0, "crashes": 2, "restart_delay": 0.2, "work": 1.0},
    "a crowd": {"nodes": 8, "reachable": 6, "delay": 0.02, "jumps": 4, "work": 2.0, "asks_after": 0.01},
}  # fmt: skip
LAWS = ("delay", "work", "retry", "pause")


@pytest.mark.parametrize("name", SETTINGS)
def test_trials_end_as_often_as_those_followed_message_by_message(name) -> None:
    given = PLAIN | SETTINGS[name]
    begins = given.pop("asks_after", None)
    rng = np.random.default_rng(41)
    slow = given | {law: exponential(given[law]) for law in LAWS}
    slow["asks_after"] = (lambda rng: rng.uniform(0.0, given["ttl"])) if begins is None else exponential(begins)  # fmt: skip
    many = 4000
    theirs = np.sum([Slow(rng, slow).run() for _ in range(many)], axis=0)
    lock = sus.Redlock(
        **given | {law: sus.Exponential(mean=given[law]) for law in LAWS},
        asks_after=begins and sus.Exponential(mean=begins),
    )
    n = 50 * many
    found = lock.simulate(n, rng=5)
    ours = found.acquired, found.stale, found.violations
    for what, here, there in zip(("acquired", "stale", "violations"), ours, theirs, strict=True):
        p = (here + there) / (n + many)
        error = math.sqrt(p * (1.0 - p) * (1.0 / n + 1.0 / many))
        assert abs(here / n - there / many) <= 4.0 * error, (what, here / n, there / many)
    assert found.acquired + found.too_late + found.outvoted == found.trials == n
    assert found.acquired < n or name in ("crashes", "jumps", "a pause after the check")


def test_nothing_seen_is_a_bound_and_not_a_zero() -> None:
    lock = sus.Redlock(pause=sus.Exponential(mean="5s"), pause_at="before")
    found = lock.simulate(200_000, rng=3)
    assert found.violations == found.stale == 0
    assert found.too_late > 10_000
    share = found.share
    assert share.low == 0.0
    # The rule of three.
    assert share.bound == pytest.approx(3.0 / found.acquired, rel=1e-2)
    row = next(line for line in str(found).splitlines() if line.startswith("two holders"))
    assert "less than" in row


def test_shares_have_the_interval_of_their_count() -> None:
    found = sus.Redlock(pause=sus.Exponential(mean="5s")).simulate(50_000, rng=3, confidence_level=0.9)  # fmt: skip
    alone = sus.estimate.proportion(found.violations, found.acquired, confidence_level=0.9)
    assert found.share == alone
    assert alone.low < found.share.value < alone.high
    columns = found.to_dict()
    place = columns["outcome"].index("two holders")
    assert columns["share_high"][place] == alone.high
    assert found.to_frame("pandas")["trials"].tolist() == columns["trials"]
    assert "two holders after a pause" in found._repr_html_()


def test_a_client_that_reaches_no_majority_gets_nothing_to_share() -> None:
    found = sus.Redlock(reachable=2).simulate(1000, rng=1)
    assert (found.acquired, found.outvoted) == (0, 1000)
    assert found.share is None
    assert str(found).splitlines()[-1].split()[-1] == "-"


def test_a_lock_is_what_it_was_built_from() -> None:
    lock = sus.Redlock(nodes=7, pause=sus.Pareto(minimum="10ms", tail_index=1.5), jumps=2, asks_after="1s")  # fmt: skip
    assert pickle.loads(pickle.dumps(lock)) == lock == sus.Redlock(**lock.parameters)
    assert lock != sus.Redlock(**{**lock.parameters, "jumps": 3})
    assert lock.simulate(5000, rng=8) == lock.simulate(5000, rng=8)
    assert "nodes=7" in repr(lock)
    assert "asks_after=Constant(value='1s')" in repr(lock)


def test_progress_is_told_up_to_the_last_trial() -> None:
    told = []
    sus.Redlock().simulate(100_000, rng=1, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (100_000, 100_000)
