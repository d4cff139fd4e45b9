"""SWIM and its kin: a probe that fails, and a time in which the suspected can object."""

from __future__ import annotations

import math

from ..arguments import Duration, positive, refuse, seconds, shown, whole
from ..detector import FailedProbes
from .preset import Preset

MOST = 10**9
"""Members of a cluster, at most."""


def _members(nodes: object) -> int:
    """Return how many members a cluster has."""
    return whole("nodes", nodes, least=1, most=MOST)


MEMBERLIST = "hashicorp/memberlist, config.go, suspicion.go, util.go"


def suspicion_time(
    *, nodes: int, mult: int, interval: Duration, max_mult: int = 6
) -> tuple[float, float]:
    """Return the shortest and longest time in seconds for which memberlist suspects before it declares dead.

    min = mult * max(1, log10(nodes)) * interval, the logarithm cut to three digits, and
    max = max_mult * min.

    Parameters
    ----------
    nodes : int
        Members of the cluster.
    mult : int
        `SuspicionMult`.
    interval : duration
        `ProbeInterval`.
    max_mult : int
        `SuspicionMaxTimeoutMult`.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.suspicion_time(nodes=1000, mult=4, interval="1s")
    (12.0, 72.0)
    """
    many, factor = _members(nodes), whole("mult", mult, least=1, most=1000)
    scale = math.trunc(max(1.0, math.log10(many)) * 1000.0)
    shortest = factor * scale * positive("interval", interval) / 1000.0
    return shortest, whole("max_mult", max_mult, least=1, most=1000) * shortest


def remaining_suspicion_time(
    confirmations: int,
    expected: int,
    *,
    elapsed: Duration,
    shortest: Duration,
    longest: Duration,
) -> float:
    """Return how much longer memberlist suspects after independent confirmations, in seconds.

    longest - ln(confirmations + 1)/ln(expected + 1) (longest - shortest), cut to milliseconds and at
    least the shortest, less what has elapsed.

    Parameters
    ----------
    confirmations : int
        Members that have confirmed the suspicion.
    expected : int
        Confirmations that bring the time down to the shortest; `SuspicionMult` - 2. Without any to
        expect it is the shortest from the beginning.
    elapsed, shortest, longest : duration
        Since the suspicion began, and the bounds of `suspicion_time`.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.remaining_suspicion_time(2, 3, elapsed="3s", shortest="2s", longest="30s")
    4.81
    """
    seen = whole("confirmations", confirmations, most=MOST)
    wanted = whole("expected", expected, most=MOST)
    least, most = seconds("shortest", shortest), seconds("longest", longest)
    if least < 0.0:
        raise refuse("shortest", shortest, "a time of zero or more")
    if most < least:
        raise refuse("longest", longest, f"a time of the shortest, {shown(shortest)}, or more")
    if wanted < 1:
        raw = least
    else:
        raw = most - math.log(seen + 1.0) / math.log(wanted + 1.0) * (most - least)
    total = max(least, math.floor(1000.0 * raw) / 1000.0)
    passed = seconds("elapsed", elapsed)
    if passed < 0.0:
        raise refuse("elapsed", elapsed, "a time of zero or more")
    return round(total - passed, 9)


def memberlist_lan(*, nodes: int = 10, confirmations: int | None = None) -> Preset:
    """Memberlist, and so Consul, Serf and Nomad, in one data centre.

    A probe every second, half of it for a direct answer and the rest for three indirect ones; then
    suspicion for 4 log10(N) s, up to six times that without confirmations.

    Parameters
    ----------
    nodes : int
        Members of the cluster.
    confirmations : int, optional
        Independent confirmations of a suspicion; as many as make a difference without it.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.memberlist_lan().dwell, sus.presets.memberlist_lan(confirmations=0).dwell
    (4.0, 24.0)
    """
    return _memberlist("memberlist LAN", 1.0, 4, nodes, confirmations, MEMBERLIST)


def memberlist_wan(*, nodes: int = 10, confirmations: int | None = None) -> Preset:
    """Memberlist between data centres: a probe every 5 s, then suspicion for 30 s and more.

    Parameters
    ----------
    nodes : int
        Members of the cluster.
    confirmations : int, optional
        Independent confirmations of a suspicion; as many as make a difference without it.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.memberlist_wan().dwell
    30.0
    """
    return _memberlist("memberlist WAN", 5.0, 6, nodes, confirmations, MEMBERLIST)


def memberlist_local(*, nodes: int = 10, confirmations: int | None = None) -> Preset:
    """Memberlist on one machine: a probe every second, then suspicion for 3 s and more.

    Parameters
    ----------
    nodes : int
        Members of the cluster.
    confirmations : int, optional
        Independent confirmations of a suspicion; as many as make a difference without it.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.memberlist_local().dwell
    3.0
    """
    return _memberlist("memberlist local", 1.0, 3, nodes, confirmations, MEMBERLIST)


def dskit_memberlist(*, nodes: int = 10, confirmations: int | None = None) -> Preset:
    """Memberlist as Grafana's dskit (Mimir, Loki, Tempo) sets it: a probe every 5 s, 2 s for the answer.

    Parameters
    ----------
    nodes : int
        Members of the cluster.
    confirmations : int, optional
        Independent confirmations of a suspicion; as many as make a difference without it.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.dskit_memberlist().every
    5.0
    """
    return _memberlist("dskit memberlist", 5.0, 4, nodes, confirmations, "grafana/dskit, PR #1034")


def _memberlist(
    name: str, interval: float, mult: int, nodes: int, confirmations: int | None, source: str
) -> Preset:
    shortest, longest = suspicion_time(nodes=nodes, mult=mult, interval=interval)
    # Where fewer members could confirm than are wanted, none is waited for.
    wanted = mult - 2 if nodes - 2 >= mult - 2 else 0
    seen = wanted if confirmations is None else whole("confirmations", confirmations, most=MOST)
    dwell = remaining_suspicion_time(seen, wanted, elapsed=0.0, shortest=shortest, longest=longest)
    return Preset(
        name=name,
        detector=FailedProbes(failures=1),
        threshold=interval,
        every=interval,
        dwell=dwell,
        effective=(interval, interval),
        counted_from="next heartbeat",
        source=source,
        note="A probe counts as answered until its interval is over: directly, indirectly or by TCP.",
    )


def swift_cluster_membership() -> Preset:
    """Swift Cluster Membership: a ping every second, then suspicion for up to 10 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.swift_cluster_membership().dwell
    10.0
    """
    return Preset(
        name="Swift Cluster Membership",
        detector=FailedProbes(failures=1),
        threshold=1.0,
        every=1.0,
        dwell=10.0,
        effective=(1.0, 1.0),
        counted_from="next heartbeat",
        source="apple/swift-cluster-membership, SWIM settings",
        note="Four independent suspicions make it shorter.",
    )


def swim_paper(*, nodes: int = 10) -> Preset:
    """The SWIM paper's experiments: a period of 2 s, suspicion for 3 ceil(log(N + 1)) of them.

    Parameters
    ----------
    nodes : int
        Members of the group.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.swim_paper(nodes=55).dwell
    30.0
    """
    periods = 3 * math.ceil(math.log(_members(nodes) + 1))
    return Preset(
        name="SWIM paper",
        detector=FailedProbes(failures=1),
        threshold=2.0,
        every=2.0,
        dwell=2.0 * periods,
        effective=(2.0, 2.0),
        counted_from="next heartbeat",
        source="Das, Gupta, Motivala, SWIM, DSN 2002, as quoted by others",
        unverified=("the base of the logarithm",),
    )
