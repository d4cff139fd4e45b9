"""Fencing, held against another explorer, another reader of schedules, exact probabilities and closed forms."""

from __future__ import annotations

import copy
import math
import os
import pickle
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

import pytest
import suspicion as sus

SAFE = sus.FencedStorage()
UNSEALED = sus.FencedStorage(sealed=False)
WEAKNESSES = {
    "no fencing": (sus.FencedStorage(fenced=False), "overtaken"),
    "no seal": (UNSEALED, "stale write"),
    "shards": (sus.FencedStorage(shards=2), "stale write"),
    "check apart": (sus.FencedStorage(atomic=False), "overtaken"),
    "reused tokens": (sus.FencedStorage(tokens="reused"), "overtaken"),
    "random tokens": (sus.FencedStorage(tokens="random"), "overtaken"),
    "elsewhere": (sus.FencedStorage(unfenced_share=0.5), "stale side effect"),
    "reads": (sus.FencedStorage(read_share=0.5), "stale read"),
    "forged": (sus.FencedStorage(forged_share=0.5), "stale write"),
}
MIXED = [
    sus.FencedStorage(sealed=False, tokens="random", atomic=False),
    sus.FencedStorage(shards=2, seal_every_shard=True, tokens="reused"),
    sus.FencedStorage(shards=2, atomic=False, forged_share=0.5),
    sus.FencedStorage(fenced=False, shards=2, unfenced_share=0.3, read_share=0.3),
    sus.FencedStorage(sealed=False, shards=3, tokens="random", forged_share=0.2, read_share=0.2),
]


@dataclass(frozen=True)
class Lease:
    """A lease as plain values: what is left to send, and a client that is None once it has given it up."""

    client: int | None
    token: int
    phase: str
    left: int
    seals: frozenset = frozenset()


class Slow:
    """The rules once more: plain values, a message at a time, every successor made anew.

    A state is (leases, messages, highest token by shard, newest lease written by place, newest lease held, leases
    before the loss, what has gone wrong).
    """

    def __init__(self, storage, clients, grants, writes) -> None:
        self.of, self.clients, self.grants, self.writes = (
            storage.parameters,
            clients,
            grants,
            writes,
        )
        share = {
            "forged": self.of["forged_share"],
            "effect": self.of["unfenced_share"],
            "read": self.of["read_share"],
        }
        self.kinds = [kind for kind, part in share.items() if part] + ["write"] * (
            sum(share.values()) < 1
        )
        self.start = (
            (),
            (),
            (0,) * self.of["shards"],
            (0,) * (self.of["shards"] + 1),
            0,
            0,
            frozenset(),
        )

    def after(self, state):
        """Return all next states, one for each step."""
        leases, messages, seen, newest, held, lost, wrong = state
        found = []
        if len(leases) < self.grants:
            used = {lease.token for lease in leases}
            tokens = {
                "increasing": [len(leases) + 1],
                "reused": [len(leases) + 1 - lost],
                "random": [token for token in range(1, self.grants + 1) if token not in used],
            }[self.of["tokens"]]
            for client in range(self.clients):
                kept = tuple(over(x) if x.client == client else x for x in leases)
                for token in tokens:
                    new = Lease(client, token, "given", self.writes)
                    found.append(((*kept, new), messages, seen, newest, held, lost, wrong))
            if self.of["tokens"] == "reused" and leases and not lost:
                found.append((leases, messages, seen, newest, held, len(leases), wrong))
        for i, lease in enumerate(leases):

            def put(new, messages=messages, seen=seen, held=held, i=i):
                changed = (*leases[:i], new, *leases[i + 1 :])
                found.append((changed, messages, seen, newest, held, lost, wrong))

            if lease.phase == "acknowledged" or (lease.phase == "given" and not self.of["sealed"]):
                put(Lease(lease.client, lease.token, "held", lease.left), held=max(held, i + 1))
            elif lease.phase == "given":
                shards = range(self.of["shards"] if self.of["seal_every_shard"] else 1)
                put(Lease(lease.client, lease.token, "sealing", lease.left, frozenset(shards)))
            for shard in lease.seals:
                rest = lease.seals - {shard}
                if self.of["fenced"] and lease.token < seen[shard]:
                    put(over(Lease(lease.client, lease.token, "", 0, rest)))
                    continue
                phase = "acknowledged" if lease.phase == "sealing" and not rest else lease.phase
                put(
                    Lease(lease.client, lease.token, phase, lease.left, rest),
                    seen=self.raised(seen, shard, lease.token),
                )
            if lease.phase == "held" and lease.left:
                less = Lease(lease.client, lease.token, "held", lease.left - 1)
                for kind in self.kinds:
                    for shard in range(self.of["shards"] if kind in ("write", "forged") else 1):
                        token = 99 if kind == "forged" else lease.token
                        put(
                            less,
                            messages=tuple(
                                sorted((*messages, (i + 1, kind, shard, token, "sent")))
                            ),
                        )
        for j, (number, kind, shard, token, stage) in enumerate(messages):
            rest = (*messages[:j], *messages[j + 1 :])
            checked = self.of["fenced"] and kind in ("write", "forged") and stage == "sent"
            if checked and token < seen[shard]:
                found.append((leases, rest, seen, newest, held, lost, wrong))
            elif checked and not self.of["atomic"]:
                rest = tuple(sorted((*rest, (number, kind, shard, token, "checked"))))
                found.append((leases, rest, seen, newest, held, lost, wrong))
            else:
                place = shard if kind in ("write", "forged") else -1
                said = {"effect": "stale side effect", "read": "stale read"}.get(
                    kind, "stale write"
                )
                bad = {said} if number < held else set()
                if kind != "read":
                    bad |= {"overtaken"} if number < newest[place] else set()
                after = newest if kind == "read" else raised(newest, place, number)
                shown = self.raised(seen, shard, token) if place >= 0 else seen
                found.append((leases, rest, shown, after, held, lost, wrong | bad))
        return found

    def raised(self, seen, shard, token):
        return raised(seen, shard, token) if self.of["fenced"] else seen

    def all_states(self):
        """Return every state that can be reached, and how many steps there are."""
        states, steps = set(), 0

        def visit(state) -> None:
            nonlocal steps
            if state not in states:
                states.add(state)
                following = self.after(state)
                steps += len(following)
                for other in following:
                    visit(other)

        visit(self.start)
        return states, steps

    def probability_of_violation(self):
        """Return it for a walk in which all steps are equally probable."""

        @cache
        def from_here(state) -> float:
            following = self.after(state)
            if not following:
                return float(bool(state[-1]))
            return math.fsum(map(from_here, following)) / len(following)

        return from_here(self.start)


def over(lease):
    return Lease(None, lease.token, "over", 0, lease.seals)


def raised(marks, place, value):
    place %= len(marks)
    return (*marks[:place], max(marks[place], value), *marks[place + 1 :])


CASES = [
    *((storage, (2, 2, 1)) for storage, _ in WEAKNESSES.values()),
    *((storage, (2, 2, 1)) for storage in MIXED),
    (SAFE, (3, 3, 1)), (SAFE, (2, 2, 3)), (UNSEALED, (2, 3, 2)), (sus.FencedStorage(atomic=False), (2, 2, 2)),
    (sus.FencedStorage(tokens="reused"), (2, 3, 1)), (sus.FencedStorage(tokens="random"), (2, 3, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("storage", "scope"), CASES, ids=lambda x: str(x)[14:] or "safe")
def test_another_explorer_counts_the_same_states(storage, scope) -> None:
    clients, grants, writes = scope
    found = storage.explore(clients=clients, grants=grants, writes=writes)
    states, steps = Slow(storage, *scope).all_states()
    assert (found.states, found.steps) == (len(states), steps)
    assert found.violations == sum(bool(state[-1]) for state in states)
    for kind, count in found.by_kind.items():
        assert count == sum(kind in state[-1] for state in states), kind


@pytest.mark.parametrize("storage", [SAFE, *(x for x, _ in WEAKNESSES.values()), *MIXED], ids=str)
def test_random_schedules_go_wrong_as_often_as_the_walk_must(storage) -> None:
    n = 200_000
    found = storage.random_schedules(n, rng=11)
    exact = Slow(storage, 2, 2, 1).probability_of_violation()
    assert abs(found.violations.count - n * exact) <= 4 * math.sqrt(n * exact * (1 - exact))
    assert (exact == 0.0) == (storage is SAFE or storage == SAFE)


class Replay:
    """Reads a schedule line by line and finds by itself when a token should have kept something out.

    It knows the clients' side only: who was given what, who holds what, what is under way; and that nothing is done twice.
    """

    def __init__(self) -> None:
        self.token, self.owner = {}, {}
        self.newest_held, self.under_way, self.written, self.admitted = 0, [], {}, []

    def read(self, line: str) -> set[str]:
        line = line.split(":")[0]
        if found := re.fullmatch(
            r"the service gives lease (\d) to client (\w) with token (\d)", line
        ):
            lease = int(found[1])
            assert lease == len(self.token) + 1
            self.owner[lease], self.token[lease] = found[2], int(found[3])
        elif found := re.fullmatch(r"client (\w) (?:gets|learns).* holds lease (\d)", line):
            assert self.owner[int(found[2])] == found[1]
            self.newest_held = max(self.newest_held, int(found[2]))
        elif found := re.fullmatch(
            r"client (\w) sends a (.* of lease (\d).*?)(?: to (shard \d))?", line
        ):
            assert self.owner[int(found[3])] == found[1]
            self.under_way.append((found[2], found[4] or "the storage"))
        elif found := re.fullmatch(
            r"(.*?) (takes|does|answers|applies|checks and admits|refuses) the (.*of lease (\d).*)",
            line,
        ):
            return self.arrival(*found.groups())
        else:
            assert re.fullmatch(
                r"client \w gets token \d and sends its seal|the service loses.*", line
            )
        return set()

    def arrival(self, place, verb, what, lease) -> set[str]:
        number = int(lease)
        if what.startswith("seal"):
            assert int(what[-1]) == self.token[number]
            return set()
        if verb == "applies":
            self.admitted.remove((what, place))
        else:
            message = (what, place if what.startswith("write") else "the storage")
            self.under_way.remove(message)
        if verb == "checks and admits":
            self.admitted.append((what, place))
        if verb in ("checks and admits", "refuses"):
            return set()
        kind = {"w": "stale write", "s": "stale side effect", "r": "stale read"}[what[0]]
        wrong = {kind} if number < self.newest_held else set()
        if what[0] != "r":
            wrong |= {"overtaken"} if number < self.written.get(place, 0) else set()
            self.written[place] = max(number, self.written.get(place, 0))
        return wrong


@pytest.mark.parametrize("name", WEAKNESSES)
def test_a_counterexample_shows_what_it_says_and_is_the_shortest(name) -> None:
    storage, kind = WEAKNESSES[name]
    found = storage.explore()
    assert found.by_kind[kind] > 0
    for shown, story in found.counterexamples.items():
        replay = Replay()
        wrong = [replay.read(line) for line in story]
        assert shown in wrong[-1]
        assert not any(shown in earlier for earlier in wrong[:-1])
        slow, length = Slow(storage, 2, 2, 1), 0
        layer = {slow.start}
        while not any(shown in state[-1] for state in layer):
            assert layer, shown
            layer = {other for state in layer for other in slow.after(state)}
            length += 1
        assert len(story) == length
    assert found.counterexample == min(found.counterexamples.values(), key=len)


@pytest.mark.parametrize("scope", [(2, 3, 2), (3, 3, 1), (3, 4, 1)])
@pytest.mark.parametrize(
    "storage", [SAFE, sus.FencedStorage(shards=2, seal_every_shard=True)], ids=str
)
def test_nothing_gets_past_a_sealed_storage(storage, scope) -> None:
    clients, grants, writes = scope
    found = storage.explore(clients=clients, grants=grants, writes=writes)
    assert found.states > 2000
    assert (found.violations, found.counterexample, set(found.by_kind.values())) == (0, [], {0})


def test_nothing_gets_past_it_in_a_million_random_schedules() -> None:
    found = SAFE.random_schedules(1_000_000, clients=3, grants=3, writes=2, rng=12)
    assert found.violations.count == 0
    assert found.violations.bound == pytest.approx(-math.expm1(math.log(0.05) / 1e6))
    assert "less than" in repr(found)


@pytest.mark.parametrize("a", [0.3, 2.0])
@pytest.mark.parametrize("b", [0.7, 5.0])
def test_a_race_has_its_closed_form(a, b) -> None:
    laws = {"stale": sus.Exponential(mean=1 / a), "first_write": sus.Exponential(mean=1 / b)}
    gap = 0.4
    for storage, more, right in [
        (SAFE, {}, 0.0),
        (UNSEALED, {}, a / (a + b)),
        (sus.FencedStorage(sealed=False, shards=4), {}, a / (a + b / 4)),
        (sus.FencedStorage(atomic=False), {"gap": gap}, a / (a + b) * -math.expm1(-b * gap)),
        (sus.FencedStorage(sealed=False, unfenced_share=0.2), {}, 0.2 + 0.8 * a / (a + b)),
        (sus.FencedStorage(sealed=False, tokens="random"), {}, 0.5 + 0.5 * a / (a + b)),
        (sus.FencedStorage(tokens="reused"), {}, b / (a + b)),
    ]:
        found = storage.race(**laws, **more, n=200_000, rng=13, confidence_level=0.9999)
        assert found.closed_form == pytest.approx(right, abs=1e-12)
        assert found.harm.low <= right <= found.harm.high
        assert found.harm.count + found.refused.count <= found.races == 200_000
    other = UNSEALED.race(stale=sus.Uniform(low=0.0, high=1.0), first_write=0.25, n=100_000, rng=1)
    assert other.closed_form is None
    assert other.harm.low < 0.25 < other.harm.high


def test_threads_change_nothing() -> None:
    code = (
        "import suspicion as sus\n"
        "storage = sus.FencedStorage(tokens='random', shards=2, read_share=0.2)\n"
        "law = sus.Exponential(mean='1s')\n"
        "print(storage.random_schedules(100_000, rng=3).to_dict())\n"
        "print(storage.race(stale=law, first_write=law, n=100_000, rng=3).to_dict())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"RAYON_NUM_THREADS": threads},
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout
        for threads in ("1", "2", "5")
    }  # fmt: skip
    assert len(said) == 1
    assert "any" in said.pop()


def test_results_are_values_and_tables() -> None:
    law = sus.Exponential(mean="1s")
    for result in (
        UNSEALED.explore(),
        UNSEALED.random_schedules(1000, rng=1),
        UNSEALED.race(stale=law, first_write=law, n=1000, rng=1),
    ):
        assert pickle.loads(pickle.dumps(result)) == result == copy.deepcopy(result)
        assert result._repr_html_().startswith("<p>")
        assert len({len(column) for column in result.to_dict().values()}) == 1
        assert len(result.to_frame("polars")) == len(next(iter(result.to_dict().values())))
        with pytest.raises(AttributeError):
            result.storage = None
    assert eval(repr(UNSEALED), vars(sus)) == UNSEALED  # noqa: S307
    assert "<li>the service gives lease 1" in UNSEALED.explore()._repr_html_()
    assert UNSEALED.random_schedules(5, rng=1).to_dict()["violation"][0] == "any"


def test_progress_and_refusals() -> None:
    told = []
    SAFE.random_schedules(50_000, rng=1, progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (50_000, 50_000)
    with pytest.raises(ValueError, match=r"grants = 4, expected fewer grants"):
        sus.FencedStorage(tokens="random", shards=16).explore(clients=4, grants=4, writes=3)
    with pytest.raises(ValueError, match=r"gap = '1s', expected None"):
        SAFE.race(stale="1s", first_write="1s", gap="1s")
    with pytest.raises(ValueError, match=r"gap = None, expected a dist"):
        sus.FencedStorage(atomic=False).race(stale="1s", first_write="1s")
    with pytest.raises(ValueError, match=r"read_share = 0.6, expected no more than 0.5"):
        sus.FencedStorage(unfenced_share=0.5, read_share=0.6)
