"""All presets by name, and the detectors beside them."""

import re
from collections.abc import Callable, Mapping

from .. import detector
from ..detector import Detector
from .accrual import (
    akka_cluster,
    akka_death_watch,
    cassandra,
    chitchat,
    hazelcast_phi,
    rabbitmq_aten,
    rapid_swift,
    satzger_npm,
)
from .elections import (
    async_raft,
    consul_servers,
    etcd,
    hashicorp_raft,
    nomad_servers,
    raft_paper,
)
from .membership import (
    dskit_memberlist,
    memberlist_lan,
    memberlist_local,
    memberlist_wan,
    swift_cluster_membership,
    swim_paper,
)
from .preset import Preset
from .table import Table
from .timeouts import (
    akka_cross_dc,
    elasticsearch,
    hazelcast_deadline,
    kafka_consumer,
    kafka_kraft_broker,
    kubernetes_node,
    mongodb,
    patroni,
    redis_cluster,
    redis_sentinel,
    scylla_gossip,
    scylla_raft,
    zookeeper,
    zookeeper_follower,
)

PRESETS: Mapping[str, Callable[..., Preset]] = {
    preset.__name__: preset
    for preset in (
        cassandra,
        scylla_gossip,
        scylla_raft,
        akka_cluster,
        akka_death_watch,
        akka_cross_dc,
        hazelcast_phi,
        hazelcast_deadline,
        chitchat,
        memberlist_lan,
        memberlist_wan,
        memberlist_local,
        dskit_memberlist,
        swift_cluster_membership,
        swim_paper,
        zookeeper,
        zookeeper_follower,
        etcd,
        hashicorp_raft,
        consul_servers,
        nomad_servers,
        raft_paper,
        async_raft,
        kubernetes_node,
        redis_sentinel,
        redis_cluster,
        mongodb,
        kafka_consumer,
        kafka_kraft_broker,
        patroni,
        elasticsearch,
        satzger_npm,
        rapid_swift,
        rabbitmq_aten,
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
    "chitchat-preset": chitchat,
}
"""Detectors and presets by the names that the command line and model files have for them."""
