"""Known rules of thumb and of the code, and which of them a setting breaks."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..arguments import Duration, positive, positive_number
from ..units import duration


@dataclass(frozen=True)
class Rule:
    """A rule that settings should keep.

    Attributes
    ----------
    text : str
        The rule.
    source : str
        Where it is from.
    settings : tuple of str
        The settings that it is about.
    """

    text: str
    source: str
    settings: tuple[str, ...]
    holds: Callable[..., bool]


@dataclass(frozen=True)
class Finding:
    """Whether settings keep one rule.

    Attributes
    ----------
    rule : str
        The rule.
    kept : bool
        Whether it is kept.
    settings : dict of str to float
        The settings that it is about; times in seconds.
    source : str
        Where the rule is from.
    """

    rule: str
    kept: bool
    settings: dict[str, float]
    source: str

    def __str__(self) -> str:
        given = ", ".join(
            f"{name} = {value:g}" if name in NUMBERS else f"{name} = {duration(value)}"
            for name, value in self.settings.items()
        )
        return f"{'kept' if self.kept else 'BROKEN'}: {self.rule} ({given}; {self.source})"


class Findings(tuple[Finding, ...]):
    """What became of the rules that settings are about: true when there are some and all are kept."""

    __slots__ = ()

    @property
    def broken(self) -> list[Finding]:
        """The rules that are broken."""
        return [finding for finding in self if not finding.kept]

    def __bool__(self) -> bool:
        return len(self) > 0 and not self.broken

    def __repr__(self) -> str:
        nothing = "no rule is about these settings alone; give those that go with them, too"
        return "\n".join(map(str, self)) or nothing

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(str(finding))}</li>" for finding in self)
        return f"<ul>{items}</ul>"


NUMBERS = frozenset({"raft_multiplier", "phi_convict_threshold"})
"""Settings that are not times."""

RULES: Sequence[Rule] = (
    Rule(
        "election_timeout >= 5 * heartbeat_interval",
        "etcd-io/etcd, server/embed/config.go",
        ("election_timeout", "heartbeat_interval"),
        lambda election, heartbeat: election >= 5.0 * heartbeat,
    ),
    Rule(
        "election_timeout <= 50 s",
        "etcd-io/etcd, server/embed/config.go",
        ("election_timeout",),
        lambda election: election <= 50.0,
    ),
    Rule(
        "election_timeout >= 10 * round_trip_time",
        "etcd tuning guide; etcd-io/etcd#868",
        ("election_timeout", "round_trip_time"),
        lambda election, rtt: election >= 10.0 * rtt,
    ),
    Rule(
        "heartbeat_interval >= 0.5 * round_trip_time",
        "etcd tuning guide",
        ("heartbeat_interval", "round_trip_time"),
        lambda heartbeat, rtt: heartbeat >= 0.5 * rtt,
    ),
    Rule(
        "ttl >= loop_wait + 2 * retry_timeout",
        "Patroni documentation; patroni/patroni#2869",
        ("ttl", "loop_wait", "retry_timeout"),
        lambda ttl, loop_wait, retry: ttl >= loop_wait + 2.0 * retry,
    ),
    Rule("ttl >= 20 s", "Patroni documentation", ("ttl",), lambda ttl: ttl >= 20.0),
    Rule(
        "retry_timeout >= 3 s",
        "Patroni documentation",
        ("retry_timeout",),
        lambda retry: retry >= 3.0,
    ),
    Rule(
        "2 * tick <= session_timeout <= 20 * tick",
        "apache/zookeeper, ZooKeeperServer.java; apache/pulsar#432",
        ("session_timeout", "tick"),
        lambda session, tick: 2.0 * tick <= session <= 20.0 * tick,
    ),
    Rule(
        "session_timeout >= 3 * heartbeat_interval",
        "Apache Kafka documentation of heartbeat.interval.ms",
        ("session_timeout", "heartbeat_interval"),
        lambda session, heartbeat: session >= 3.0 * heartbeat,
    ),
    Rule(
        "acceptable_pause > heartbeat_interval",
        "akka/akka-core#25253, #17567",
        ("acceptable_pause", "heartbeat_interval"),
        lambda pause, heartbeat: pause > heartbeat,
    ),
    Rule(
        "timeout > longest_pause",
        "akka/akka.net#4432; camunda/camunda#4827",
        ("timeout", "longest_pause"),
        lambda timeout, pause: timeout > pause,
    ),
    Rule(
        "5 <= phi_convict_threshold <= 16",
        "apache/cassandra, DatabaseDescriptor.java",
        ("phi_convict_threshold",),
        lambda phi: 5.0 <= phi <= 16.0,
    ),
    Rule(
        "1 <= raft_multiplier <= 10",
        "hashicorp/consul, agent/consul/config.go",
        ("raft_multiplier",),
        lambda times: 1.0 <= times <= 10.0,
    ),
    Rule(
        "leader_lease <= heartbeat_timeout",
        "hashicorp/raft, config.go",
        ("leader_lease", "heartbeat_timeout"),
        lambda lease, heartbeat: lease <= heartbeat,
    ),
    Rule(
        "election_timeout >= heartbeat_timeout",
        "hashicorp/raft, config.go",
        ("election_timeout", "heartbeat_timeout"),
        lambda election, heartbeat: election >= heartbeat,
    ),
    Rule(
        "probe_interval >= 3 * round_trip_time",
        "Das, Gupta, Motivala, SWIM, DSN 2002",
        ("probe_interval", "round_trip_time"),
        lambda probe, rtt: probe >= 3.0 * rtt,
    ),
    Rule(
        "probe_timeout < probe_interval",
        "hashicorp/memberlist, config.go",
        ("probe_timeout", "probe_interval"),
        lambda timeout, interval: timeout < interval,
    ),
    Rule(
        "grace_period > lease_renewal + monitor_period",
        "kubernetes/kubernetes#121793",
        ("grace_period", "lease_renewal", "monitor_period"),
        lambda grace, renewal, period: grace > renewal + period,
    ),
)


def check(
    *,
    heartbeat_interval: Duration | None = None,
    election_timeout: Duration | None = None,
    heartbeat_timeout: Duration | None = None,
    leader_lease: Duration | None = None,
    round_trip_time: Duration | None = None,
    ttl: Duration | None = None,
    loop_wait: Duration | None = None,
    retry_timeout: Duration | None = None,
    session_timeout: Duration | None = None,
    tick: Duration | None = None,
    acceptable_pause: Duration | None = None,
    timeout: Duration | None = None,
    longest_pause: Duration | None = None,
    probe_interval: Duration | None = None,
    probe_timeout: Duration | None = None,
    grace_period: Duration | None = None,
    lease_renewal: Duration | None = None,
    monitor_period: Duration | None = None,
    phi_convict_threshold: float | None = None,
    raft_multiplier: float | None = None,
) -> Findings:
    """Say which known rules settings keep and which they break.

    A rule is looked at when all the settings that it is about are given.

    Parameters
    ----------
    heartbeat_interval, election_timeout, round_trip_time : duration, optional
        Of etcd and other users of Raft.
    heartbeat_timeout, leader_lease : duration, optional
        Of hashicorp/raft.
    ttl, loop_wait, retry_timeout : duration, optional
        Of Patroni.
    session_timeout, tick : duration, optional
        Of ZooKeeper; the session timeout with `heartbeat_interval` of Kafka.
    acceptable_pause : duration, optional
        Of Akka, with `heartbeat_interval`.
    timeout, longest_pause : duration, optional
        Any timeout, and the longest pause of the process that is watched.
    probe_interval, probe_timeout : duration, optional
        Of SWIM and memberlist.
    grace_period, lease_renewal, monitor_period : duration, optional
        Of Kubernetes nodes.
    phi_convict_threshold : float, optional
        Of Cassandra.
    raft_multiplier : float, optional
        Of Consul.

    Returns
    -------
    Findings
        True when there is a rule about these settings and all such rules are kept.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.check(ttl="30s", loop_wait="10s", retry_timeout="15s")
    BROKEN: ttl >= loop_wait + 2 * retry_timeout (ttl = 30 s, loop_wait = 10 s, ...
    kept: ttl >= 20 s ...
    kept: retry_timeout >= 3 s ...
    """
    given = dict(locals())
    settings = {}
    for name, value in given.items():
        if value is None:
            continue
        settings[name] = positive_number(name, value) if name in NUMBERS else positive(name, value)
    found = []
    for rule in RULES:
        if all(name in settings for name in rule.settings):
            about = {name: settings[name] for name in rule.settings}
            found.append(Finding(rule.text, rule.holds(*about.values()), about, rule.source))
    return Findings(found)
