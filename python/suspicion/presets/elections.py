"""Raft followers that wait for their leader."""

from __future__ import annotations

from ..arguments import whole
from ..detector import ElectionTimeout
from .preset import Preset

HASHICORP = "hashicorp/raft, config.go, raft.go"


def etcd() -> Preset:
    """An etcd follower: 10 to 19 ticks of 100 ms.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.etcd().effective
    (1.0, 1.9)
    """
    return Preset(
        name="etcd",
        detector=ElectionTimeout(rule="term", tick="100ms"),
        threshold=1.0,
        every=0.1,
        effective=(1.0, 1.9),
        source="etcd-io/raft, raft.go; etcd-io/etcd, server/embed/config.go",
    )


def hashicorp_raft() -> Preset:
    """hashicorp/raft: timers of 1 to 2 s that heartbeats do not reset, so 1 to 3 s, 1.78 s on average.

    Heartbeats are sent every T/10 to T/5.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.hashicorp_raft().effective
    (1.0, 3.0)
    """
    return _hashicorp("hashicorp/raft", 1.0, HASHICORP)


def consul_servers(*, raft_multiplier: int = 5) -> Preset:
    """Consul servers: hashicorp/raft with all times multiplied by `raft_multiplier`.

    Parameters
    ----------
    raft_multiplier : int
        From 1 to 10; the default is 5, and 1 is advised for production.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.consul_servers().effective
    (5.0, 15.0)
    """
    times = whole("raft_multiplier", raft_multiplier, least=1, most=10)
    source = "hashicorp/consul, agent/consul/config.go; " + HASHICORP
    return _hashicorp("Consul servers", float(times), source)


def nomad_servers(*, raft_multiplier: int = 1) -> Preset:
    """Nomad servers: hashicorp/raft with all times multiplied by `raft_multiplier`, 1 by default.

    Parameters
    ----------
    raft_multiplier : int
        From 1 to 10.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.nomad_servers().effective
    (1.0, 3.0)
    """
    times = whole("raft_multiplier", raft_multiplier, least=1, most=10)
    return _hashicorp("Nomad servers", float(times), "hashicorp/nomad, command/agent; " + HASHICORP)


def _hashicorp(name: str, timeout: float, source: str) -> Preset:
    return Preset(
        name=name,
        detector=ElectionTimeout(rule="free"),
        threshold=timeout,
        every=0.15 * timeout,
        effective=(timeout, 3.0 * timeout),
        source=source,
    )


def raft_paper() -> Preset:
    """The Raft dissertation: 150 to 300 ms, heartbeats at half the least of them.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.raft_paper().effective
    (0.15, 0.3)
    """
    source = "Ongaro, Consensus: Bridging Theory and Practice, 2014, chapter 9"
    return _reset("Raft dissertation", 0.075, source)


def async_raft() -> Preset:
    """async-raft: 150 to 300 ms, heartbeats every 50 ms.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.async_raft().every
    0.05
    """
    return _reset("async-raft", 0.05, "async-raft, configuration")


def _reset(name: str, every: float, source: str) -> Preset:
    return Preset(
        name=name,
        detector=ElectionTimeout(rule="reset"),
        threshold=0.15,
        every=every,
        effective=(0.15, 0.3),
        source=source,
    )
