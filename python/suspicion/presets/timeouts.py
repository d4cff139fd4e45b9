"""Systems that wait for a fixed time: sessions, leases, probes."""

from __future__ import annotations

from ..arguments import Duration, choice, positive, refuse
from ..detector import BucketedTimeout, FailedProbes, FixedTimeout, Overdue
from ..pause import Guard
from ..units import duration
from .preset import Preset


def scylla_gossip() -> Preset:
    """ScyllaDB, by gossip: `failure_detector_timeout_in_ms` of 20 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.scylla_gossip().threshold
    20.0
    """
    return Preset(
        name="ScyllaDB gossip",
        detector=FixedTimeout(),
        threshold=20.0,
        every=1.0,
        effective=(20.0, 20.0),
        source="scylladb/scylladb, db/config.cc",
        note="The timeout can be exceeded more than twofold under load (PR #8036).",
    )


def scylla_raft() -> Preset:
    """ScyllaDB's direct failure detector for Raft: a listener waits 2 s, pings may take 600 ms.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.scylla_raft().threshold
    2.0
    """
    return Preset(
        name="ScyllaDB Raft",
        detector=FixedTimeout(),
        threshold=2.0,
        every=0.6,
        effective=(2.0, 2.0),
        source="scylladb/scylladb, PR #18443",
        unverified=("every",),
    )


def akka_cross_dc() -> Preset:
    """Akka between data centres: heartbeats every 3 s, an acceptable pause of 10 s, so 13 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.akka_cross_dc().effective
    (13.0, 13.0)
    """
    return Preset(
        name="Akka cross-DC",
        detector=Overdue(interval="3s"),
        threshold=10.0,
        every=3.0,
        check_every=1.0,
        effective=(13.0, 13.0),
        source="akka/akka, DeadlineFailureDetector.scala, reference.conf of the cluster module",
    )


def hazelcast_deadline() -> Preset:
    """Hazelcast's default: nothing for a minute, looked at with each heartbeat, every 5 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.hazelcast_deadline().threshold
    60.0
    """
    return Preset(
        name="Hazelcast deadline",
        detector=FixedTimeout(),
        threshold=60.0,
        every=5.0,
        check_every=5.0,
        effective=(60.0, 60.0),
        source="hazelcast/hazelcast, ClusterProperty.java, DeadlineClusterFailureDetector.java (5.x)",
    )


def zookeeper(*, session: Duration = 30.0, tick: Duration = 2.0) -> Preset:
    """A ZooKeeper session: pinged at a third of its timeout, expired at a tick of the server.

    The server keeps the timeout between 2 and 20 ticks; the client chooses it within that.

    Parameters
    ----------
    session : duration
        The session timeout that was agreed on.
    tick : duration
        `tickTime`: 2 s in the sample configuration, 3 s in the code.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.zookeeper(session="10s").effective
    (10.0, 12.0)
    """
    timeout, span = positive("session", session), positive("tick", tick)
    detector = BucketedTimeout(tick=span)
    if not 2.0 * span <= timeout <= 20.0 * span:
        between = f"a time from 2 to 20 ticks, {duration(2.0 * span)} to {duration(20.0 * span)}"
        raise refuse("session", session, between)
    return Preset(
        name="ZooKeeper session",
        detector=detector,
        threshold=timeout,
        every=timeout / 3.0,
        effective=(timeout, timeout + span),
        source="apache/zookeeper, ZooKeeperServer.java, ExpiryQueue.java, ClientCnxn.java",
    )


def zookeeper_follower() -> Preset:
    """A ZooKeeper leader and its followers: syncLimit of 5 ticks of 2 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.zookeeper_follower().threshold
    10.0
    """
    return Preset(
        name="ZooKeeper follower",
        detector=FixedTimeout(),
        threshold=10.0,
        every=1.0,
        effective=(10.0, 10.0),
        source="apache/zookeeper, QuorumPeerConfig.java, Leader.java, zoo_sample.cfg",
    )


def kubernetes_node(*, version: str = "1.32") -> Preset:
    """A Kubernetes node: lease renewed every 10 s, grace period, look every 5 s, toleration of 300 s.

    The grace period is 50 s since 1.32 and was 40 s before. It counts from when the controller saw the
    renewal, on its own clock; pods are evicted once the taint has been tolerated for 300 s.

    Parameters
    ----------
    version : {"1.32", "1.31"}
        Since 1.32, or before.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.kubernetes_node(version="1.31").threshold
    40.0
    """
    choice("version", version, ("1.32", "1.31"))
    grace = 50.0 if version == "1.32" else 40.0
    return Preset(
        name=f"Kubernetes node ({version})",
        detector=FixedTimeout(),
        threshold=grace,
        every=10.0,
        check_every=5.0,
        dwell=300.0,
        effective=(grace, grace),
        source=(
            "kubernetes/kubernetes, nodelifecycle/config/v1alpha1/defaults.go; PR #126287 for 50 s"
        ),
    )


def redis_sentinel() -> Preset:
    """Redis Sentinel: a ping is pending for more than 30 s; TILT for 30 s after a pause of 2 s.

    The time counts from the first ping that was not answered, which is sent a second after the last
    answer. `Observers` adds the quorum of Sentinels that makes a failover of it.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.redis_sentinel().guard
    Guard(longer_than='2s', hold='30s')
    """
    return Preset(
        name="Redis Sentinel",
        detector=Overdue(interval="1s"),
        threshold=30.0,
        every=1.0,
        check_every=0.1,
        guard=Guard(longer_than="2s", hold="30s"),
        effective=(30.0, 30.0),
        counted_from="next heartbeat",
        source="redis/redis, src/sentinel.c",
        note="The link is set up anew when a ping has been pending for half the time.",
    )


def redis_cluster() -> Preset:
    """Redis Cluster: pinged after half of `cluster-node-timeout`, failing after all of it, 15 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.redis_cluster().threshold
    15.0
    """
    return Preset(
        name="Redis Cluster",
        detector=Overdue(interval="7.5s"),
        threshold=15.0,
        every=7.5,
        check_every=0.1,
        effective=(15.0, 15.0),
        counted_from="next heartbeat",
        source="redis/redis, src/config.c, src/cluster_legacy.c",
        note="A majority of primaries must agree, within twice the timeout.",
    )


def mongodb() -> Preset:
    """A MongoDB secondary: 10 s without its primary, and up to 15 % more at random.

    The random part is that of looking at the deadline every 1.5 s, at an unknown phase.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.mongodb().check_every
    1.5
    """
    return Preset(
        name="MongoDB",
        detector=FixedTimeout(),
        threshold=10.0,
        every=2.0,
        check_every=1.5,
        effective=(10.0, 10.0),
        source="mongodb/mongo, src/mongo/db/repl/repl_set_config.cpp",
    )


def kafka_consumer() -> Preset:
    """A Kafka consumer: session of 45 s since 3.0 (10 s before), heartbeats every 3 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.kafka_consumer().threshold
    45.0
    """
    return Preset(
        name="Kafka consumer",
        detector=FixedTimeout(),
        threshold=45.0,
        every=3.0,
        effective=(45.0, 45.0),
        source="KIP-735; confluentinc/librdkafka#3372",
    )


def kafka_kraft_broker() -> Preset:
    """A Kafka broker under KRaft: session of 9 s, heartbeats every 2 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.kafka_kraft_broker().threshold
    9.0
    """
    return Preset(
        name="Kafka broker (KRaft)",
        detector=FixedTimeout(),
        threshold=9.0,
        every=2.0,
        effective=(9.0, 9.0),
        source="apache/kafka, KRaftConfigs.java, BrokerHeartbeatTracker.java",
    )


def patroni() -> Preset:
    """Patroni: the leader key has a ttl of 30 s and is renewed every loop_wait, 10 s.

    A crash is noticed 20 to 30 s later, depending on where in the loop it falls.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.patroni().threshold
    30.0
    """
    return Preset(
        name="Patroni",
        detector=FixedTimeout(),
        threshold=30.0,
        every=10.0,
        effective=(20.0, 30.0),
        counted_from="crash",
        source="Patroni documentation, patroni/patroni#2869",
        note="The ttl is halved where the store is Consul.",
    )


def elasticsearch() -> Preset:
    """An Elasticsearch follower check: three checks in a row of 10 s each, a second apart.

    A connection that breaks is believed at once, which is not modelled.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.elasticsearch().effective
    (32.0, 32.0)
    """
    return Preset(
        name="Elasticsearch",
        detector=FailedProbes(failures=3, interval="1s"),
        threshold=10.0,
        every=1.0,
        effective=(32.0, 32.0),
        counted_from="next heartbeat",
        source="elastic/elasticsearch, FollowersChecker.java",
        note="A connection that breaks is believed at once.",
    )
