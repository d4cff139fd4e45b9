"""All presets by name, and the detectors beside them."""

import re
from collections.abc import Callable, Mapping

from .. import detector
from ..detector import Detector
from . import accrual, elections, membership, timeouts
from .preset import Preset
from .table import Table

PRESETS: Mapping[str, Callable[..., Preset]] = {
    preset.__name__: preset
    for preset in (
        accrual.cassandra,
        timeouts.scylla_gossip,
        timeouts.scylla_raft,
        accrual.akka_cluster,
        accrual.akka_death_watch,
        timeouts.akka_cross_dc,
        accrual.hazelcast_phi,
        timeouts.hazelcast_deadline,
        accrual.chitchat,
        membership.memberlist_lan,
        membership.memberlist_wan,
        membership.memberlist_local,
        membership.dskit_memberlist,
        membership.swift_cluster_membership,
        membership.swim_paper,
        timeouts.zookeeper,
        timeouts.zookeeper_follower,
        elections.etcd,
        elections.hashicorp_raft,
        elections.consul_servers,
        elections.nomad_servers,
        elections.raft_paper,
        elections.async_raft,
        timeouts.kubernetes_node,
        timeouts.redis_sentinel,
        timeouts.redis_cluster,
        timeouts.mongodb,
        timeouts.kafka_consumer,
        timeouts.kafka_kraft_broker,
        timeouts.patroni,
        timeouts.elasticsearch,
        accrual.satzger_npm,
        accrual.rapid_swift,
        accrual.rabbitmq_aten,
    )
}
"""All presets by the names of their functions."""


def table() -> Table:
    """Return all presets, with their defaults, as a table that prints itself.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.table()[0].name
    'Cassandra'
    """
    return Table([preset() for preset in PRESETS.values()])


def _hyphenated(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).replace("_", "-").lower()


DETECTORS: Mapping[str, Callable[..., Detector | Preset]] = {
    **{
        _hyphenated(name): getattr(detector, name)
        for name in detector.__all__
        if name[0].isupper() and name not in ("Custom", "Detector", "Heartbeat")
    },
    **{_hyphenated(name): preset for name, preset in PRESETS.items() if name != "chitchat"},
    "chitchat-preset": PRESETS["chitchat"],
}
"""Detectors and presets by the names that the command line and model files have for them."""
