"""Systems whose suspicion grows with the silence."""

from __future__ import annotations

from ..arguments import Duration, positive, refuse
from ..detector import AkkaPhi, Chitchat, EmpiricalAccrual, ExponentialAccrual
from ..pause import Guard
from .preset import Preset

AKKA_SOURCE = "apache/pekko and akka/akka, PhiAccrualFailureDetector.scala, reference.conf"
DEVIATIONS_AT_8, DEVIATIONS_AT_10 = 5.2260, 5.7827


def cassandra() -> Preset:
    """Apache Cassandra: exponential accrual, phi above 8, looked at on each gossip tick of a second.

    A window of 1000 gaps that starts with one of two seconds; longer gaps do not enter it. 8 means
    18.4 mean gaps. For 5 s after a pause of more than 5 s of its own it convicts nobody. Versions about
    5.0 take no gap for too long (CASSANDRA-21025).

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.cassandra().threshold
    8.0
    """
    return Preset(
        name="Cassandra",
        detector=ExponentialAccrual(window=1000, initial="2s", max_interval="2s"),
        threshold=8.0,
        every=1.0,
        check_every=1.0,
        guard=Guard(longer_than="5s", hold="5s"),
        effective=(18.42, 18.45),
        source="apache/cassandra, gms/FailureDetector.java (3.x, 4.x)",
    )


def akka_cluster() -> Preset:
    """Akka and Pekko cluster membership: phi 8 with the filter, a second's look, 20 s until downing.

    4.52 s after the last of regular heartbeats: mean 1 s, acceptable pause 3 s and 5.226 deviations of
    at least 100 ms. The split brain resolver acts once membership has been stable for 20 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.akka_cluster().dwell
    20.0
    """
    return Preset(
        name="Akka cluster",
        detector=AkkaPhi(window=1000, min_std="100ms", acceptable_pause="3s", milliseconds=True),
        threshold=8.0,
        every=1.0,
        check_every=1.0,
        dwell=20.0,
        effective=(4.52, 4.53),
        source=AKKA_SOURCE + " of the cluster module",
    )


def akka_death_watch() -> Preset:
    """Akka and Pekko remote DeathWatch: phi 10 with an acceptable pause of 10 s.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.akka_death_watch().effective
    (11.58, 11.58)
    """
    return Preset(
        name="Akka DeathWatch",
        detector=AkkaPhi(window=200, min_std="100ms", acceptable_pause="10s", milliseconds=True),
        threshold=10.0,
        every=1.0,
        check_every=1.0,
        effective=(11.58, 11.58),
        source=AKKA_SOURCE + " of the remote module",
    )


def hazelcast_phi(*, heartbeat: Duration = 5.0) -> Preset:
    """Hazelcast with the phi-accrual detector: an acceptable pause of a minute dominates all else.

    A port of Akka's whose filter asks after the arrival was noted, and so never rejects a gap.

    Parameters
    ----------
    heartbeat : duration
        `hazelcast.heartbeat.interval.seconds`, which is also how often the detector is asked.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.hazelcast_phi(heartbeat="1s").effective
    (61.58, 61.58)
    """
    every = positive("heartbeat", heartbeat)
    if every > 3600.0:
        raise refuse("heartbeat", heartbeat, "a duration up to an hour")
    waited = round(60.0 + every + 0.1 * DEVIATIONS_AT_10, 2)
    return Preset(
        name="Hazelcast phi",
        detector=AkkaPhi(
            window=200,
            min_std="100ms",
            acceptable_pause="60s",
            first_estimate=every,
            filter=False,
            milliseconds=True,
        ),
        threshold=10.0,
        every=every,
        check_every=every,
        effective=(waited, waited),
        source="hazelcast/hazelcast, PhiAccrualFailureDetector.java, ClusterProperty.java (5.x)",
    )


def chitchat() -> Preset:
    """Quickwit's chitchat: phi 8 without the 1/ln 10, so eight smoothed mean gaps.

    A thousand gaps of a second and a prior of five of 5 s make a mean of 1.02 s. A dead node is
    forgotten after 24 h.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.chitchat().effective
    (8.0, 8.16)
    """
    return Preset(
        name="chitchat",
        detector=Chitchat(window=1000, max_interval="10s", initial_interval="5s"),
        threshold=8.0,
        every=1.0,
        check_every=1.0,
        effective=(8.0, 8.16),
        source="quickwit-oss/chitchat 0.13.0, chitchat/src/failure_detector.rs",
        unverified=("every", "check_every"),
        note="The interval is what its users set; Quickwit's own is not known here.",
    )


def satzger_npm() -> Preset:
    """The npm package adaptive-accrual-failure-detector: half of the gaps outlasted, stretch 0.9.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.satzger_npm().threshold
    0.5
    """
    return _satzger(
        "Satzger (npm)", 0.5, "npm adaptive-accrual-failure-detector 1.0.0, src/index.ts"
    )


def rapid_swift() -> Preset:
    """Rapid in Swift: a fifth of the gaps outlasted, stretch 0.9, probes every second.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.rapid_swift().threshold
    0.2
    """
    source = "manuelbernhardt/swift-rapid, AdaptiveAccrualFailureDetectorProvider.swift"
    return _satzger("Rapid (Swift)", 0.2, source)


def _satzger(name: str, threshold: float, source: str) -> Preset:
    return Preset(
        name=name,
        detector=EmpiricalAccrual(window=1000, stretch=0.9),
        threshold=threshold,
        every=1.0,
        effective=(1.11, 1.12),
        source=source,
        unverified=("every",) if "npm" in name else (),
    )


def rabbitmq_aten() -> Preset:
    """Aten, of RabbitMQ's quorum queues: 0.99 of the gaps outlasted one and a half times.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.rabbitmq_aten().effective
    (1.5, 1.5)
    """
    return Preset(
        name="RabbitMQ Aten",
        detector=EmpiricalAccrual(window=1000, stretch=1.0 / 1.5),
        threshold=0.99,
        every=1.0,
        check_every=1.0,
        effective=(1.5, 1.5),
        source="rabbitmq/aten, src/aten_detect.erl, src/aten_detector.erl",
        unverified=("every",),
    )
