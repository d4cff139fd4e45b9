"""Defaults of real systems, with their check interval and dwell stage.

`table` prints all of them; each is a function of its own name, some with the settings that its effect
depends on. `check` says which known rules settings break.

>>> import suspicion as sus
>>> sus.presets.cassandra()
<Preset Cassandra: phi 8, every 1 s, looked at every 1 s, guard against its own pauses>
"""

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
from .catalogue import DETECTORS, PRESETS, table
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
    remaining_suspicion_time,
    suspicion_time,
    swift_cluster_membership,
    swim_paper,
)
from .preset import Preset
from .rules import Finding, Findings, check
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

__all__ = [
    "DETECTORS",
    "PRESETS",
    "Finding",
    "Findings",
    "Preset",
    "Table",
    "akka_cluster",
    "akka_cross_dc",
    "akka_death_watch",
    "async_raft",
    "cassandra",
    "check",
    "chitchat",
    "consul_servers",
    "dskit_memberlist",
    "elasticsearch",
    "etcd",
    "hashicorp_raft",
    "hazelcast_deadline",
    "hazelcast_phi",
    "kafka_consumer",
    "kafka_kraft_broker",
    "kubernetes_node",
    "memberlist_lan",
    "memberlist_local",
    "memberlist_wan",
    "mongodb",
    "nomad_servers",
    "patroni",
    "rabbitmq_aten",
    "raft_paper",
    "rapid_swift",
    "redis_cluster",
    "redis_sentinel",
    "remaining_suspicion_time",
    "satzger_npm",
    "scylla_gossip",
    "scylla_raft",
    "suspicion_time",
    "swift_cluster_membership",
    "swim_paper",
    "table",
    "zookeeper",
    "zookeeper_follower",
]
