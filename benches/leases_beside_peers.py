"""Speed of simulated leases beside SimPy on the same lease; prints the table of benches/leases.md."""

from __future__ import annotations

import os
import platform
import random
import time

import suspicion as sus

LENGTH, RENEW, MINUTE, PAUSE = 10.0, 2.0, 60.0, 2.0
HOURS = 1_000_000
OF_PEER = 100


def simpy_lease(hours: int, seed: int) -> int:
    """Run two clients that pause and a service that gives a lease, as one writes it in SimPy."""
    import simpy

    draws, world = random.Random(seed), simpy.Environment()
    state = {"holder": 0, "expiry": LENGTH, "two": 0}
    until = [0.0, 0.0]  # until when each stands still
    believes = [LENGTH, 0.0]

    def pauses(who: int):
        while True:
            yield world.timeout(draws.expovariate(1 / MINUTE))
            until[who] = world.now + draws.expovariate(1 / PAUSE)
            yield world.timeout(until[who] - world.now)

    def holder(who: int):
        while True:
            if state["holder"] == who:
                if until[who] > world.now:
                    yield world.timeout(until[who] - world.now)
                if state["holder"] == who:
                    state["expiry"] = believes[who] = world.now + LENGTH
            yield world.timeout(RENEW)

    def service():
        while True:
            yield world.timeout(state["expiry"] - world.now)
            if world.now < state["expiry"]:
                continue
            other = 1 - state["holder"]
            if until[other] > world.now:
                yield world.timeout(until[other] - world.now)
            state["two"] += until[state["holder"]] > world.now
            state["holder"], state["expiry"] = other, world.now + LENGTH

    for who in (0, 1):
        world.process(pauses(who))
        world.process(holder(who))
    world.process(service())
    world.run(hours * 3600.0)
    return state["two"]


def took(work) -> tuple[float, object]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def main() -> None:
    pauses = sus.Pauses(every=sus.Exponential(mean=MINUTE), lasting=sus.Exponential(mean=PAUSE))
    client = sus.Client(pauses=pauses)
    lease = sus.Lease(length=LENGTH, renew_every=RENEW)
    writes = sus.Writes(every="1s", window="10ms")
    slow = sus.Client(pauses=pauses, delay=sus.LogNormal(median="2ms", sigma=0.5))
    cases = {
        "two clients": ([client, client], None, 1000),
        "with a write each second": ([client, client], writes, 1000),
        "every message with a delay of its own": ([slow, slow], None, 10),
    }
    print("# Speed of leases beside SimPy\n")
    print(
        f"Made by `make bench` on {platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}: a lease of {LENGTH:g} s,"
    )
    print(
        f"renewed every {RENEW:g} s, two clients that pause every minute for {PAUSE:g} s on average.\n"
    )
    print("| simulated | lease-hours | seconds | a million hours take |")
    print("|---|---|---|---|")
    for name, (clients, written, runs) in cases.items():
        spent, found = took(
            lambda clients=clients, written=written, runs=runs: lease.simulate(
                clients, duration="1000h", runs=runs, writes=written, rng=1
            )
        )
        hours = 1000 * runs
        per_million = f"{spent * HOURS / hours:,.1f} s"
        print(f"| {name} | {hours:,} | {spent:.2f} | {per_million} |", flush=True)
        if name == "two clients":
            ours = spent / hours, found.two_holders / hours
    spent, two = took(lambda: simpy_lease(OF_PEER, 1))
    print(f"| SimPy, two clients | {OF_PEER} | {spent:.2f} | {spent * HOURS / OF_PEER:,.0f} s |\n")
    print(f"Beside SimPy: {spent / OF_PEER / ours[0]:,.0f} times as fast.", end=" ")
    print(
        f"Two holders an hour: {ours[1]:.3f}, and {two / OF_PEER:.3f} in SimPy's {OF_PEER} hours."
    )


if __name__ == "__main__":
    main()
