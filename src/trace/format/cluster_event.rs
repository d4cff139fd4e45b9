use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::etcd_event::{heartbeat, slow_apply, slow_disk, term};
use super::hashicorp_event::{contact, election, serf, state};
use crate::trace::report::Fault;
use crate::trace::scan::{Scan, has};

/// Nanoseconds in a millisecond.
const MILLI: i64 = 1_000_000;

/// What a line says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Found<'a> {
    /// What happened.
    pub event: &'static str,
    /// Whom it happened to.
    pub node: &'a [u8],
    /// Who wrote it, where the message itself says.
    pub by: &'a [u8],
    /// How long it took, in nanoseconds.
    pub length: Option<i64>,
    /// Where in the line the words stand by which it was recognised.
    pub place: usize,
}

/// What the text after the words of a [`Mark`] means; the line as a whole is given too, and where the words begin.
type Rule = for<'a> fn(&'a [u8], usize, Scan<'a>) -> Result<Option<Found<'a>>, Fault>;

/// Words by which a line is recognised.
struct Mark {
    words: Finder<'static>,
    rule: Rule,
}

/// Marks that have some words in common, which are looked for first.
struct Group {
    common: Finder<'static>,
    marks: Vec<Mark>,
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    vec![
        group(
            " now ",
            vec![
                (" is now DOWN", |line, place, _| {
                    Ok(inet(line, place, "down"))
                }),
                (" is now UP", |line, place, _| Ok(inet(line, place, "up"))),
                (" has restarted, now UP", |line, place, _| {
                    Ok(inet(line, place, "up"))
                }),
            ],
        ),
        group(
            "failure_detector",
            vec![
                ("failure_detector_loop: Mark node ", |_, _, mut after| {
                    Ok(Some(of("suspect", after.word())))
                }),
                (", phi=", phi),
            ],
        ),
        group(
            " pause of ",
            vec![
                ("local pause of ", local_pause),
                ("pause of approximately ", |_, _, after| {
                    millis("pause", after, b"ms")
                }),
            ],
        ),
        group(
            "Reactor stalled for ",
            vec![("Reactor stalled for ", |_, _, after| {
                millis("pause", after, b" ms")
            })],
        ),
        group(
            " GC ",
            vec![
                (" GC in ", |_, _, after| millis("collection", after, b"ms")),
                (" GC for ", |_, _, mut after| {
                    after.past(b": ");
                    millis("collection", after, b" ms")
                }),
            ],
        ),
        group(
            "ember",
            vec![
                ("memberlist: Suspect ", |_, _, mut after| {
                    named("suspect", after.word(), after, b" has failed")
                }),
                ("memberlist: Marking ", |_, _, mut after| {
                    named("down", after.word(), after, b" as failed")
                }),
                ("memberlist: Refuting a", |_, _, after| {
                    let doubted =
                        after.rest().starts_with(b" suspect") || after.rest().starts_with(b" dead");
                    Ok(doubted.then(|| of("refute", b"")))
                }),
                ("serf: EventMember", serf),
            ],
        ),
        group("lection", vec![("lection", election)]),
        group("ntering ", vec![("ntering ", state)]),
        group(
            "ailed to ",
            vec![
                ("ailed to contact ", contact),
                ("failed to send out heartbeat on time", heartbeat),
            ],
        ),
        group(" at term ", vec![(" at term ", term)]),
        group("took too long", vec![("took too long", slow_apply)]),
        group("sync", vec![("sync", slow_disk)]),
        group(
            "heartbeat was delayed",
            vec![(
                "heartbeat was delayed. Previous heartbeat was sent [",
                akka_heartbeat,
            )],
        ),
        group(
            "Marking node",
            vec![("Marking node(s) as ", akka_reachable)],
        ),
    ]
});

fn group(common: &'static str, rules: Vec<(&'static str, Rule)>) -> Group {
    let marks = rules.into_iter().map(|(words, rule)| Mark {
        words: Finder::new(words),
        rule,
    });
    Group {
        common: Finder::new(common),
        marks: marks.collect(),
    }
}

/// What a line of a log says about members of a cluster, by its words:
///
/// | event | line | source |
/// |---|---|---|
/// | `suspect` | `memberlist: Suspect X has failed, no acks received` | hashicorp/memberlist |
/// | `suspect` | `raft: Failed to contact X in 515.9ms`, which is the length | hashicorp/raft |
/// | `suspect` | `failure_detector_loop: Mark node X as DOWN` | Scylla |
/// | `down`, `up` | `InetAddress X is now DOWN`, `... is now UP`, `Node X has restarted, now UP` | Cassandra, Scylla |
/// | `down` | `memberlist: Marking X as failed, suspect timeout reached` | hashicorp/memberlist |
/// | `down`, `up`, `leave` | `serf: EventMemberFailed: X`, `EventMemberJoin`, `EventMemberLeave` | hashicorp/serf |
/// | `down`, `up` | `Marking node(s) as UNREACHABLE [Member(address = X`, `REACHABLE` | Akka |
/// | `refute` | `memberlist: Refuting a suspect message`, `a dead message` | hashicorp/memberlist |
/// | `late heartbeat` | `failed to send out heartbeat on time (exceeded the 100ms timeout for 288.9ms, to X)`, also as JSON; the length is what it exceeded | etcd |
/// | `late heartbeat` | `Previous heartbeat was sent [5007] ms ago, expected interval is [2000] ms`; the length is their difference | Akka |
/// | `slow apply` | `request ... took too long (9.99s) to execute`, `apply request took too long` | etcd |
/// | `slow disk` | `slow fdatasync`, `sync duration of 1.2s, expected less than 1s` | etcd |
/// | `slow disk` | `fsync-ing the write ahead log in SyncThread:1 took 1234ms` | ZooKeeper |
/// | `election` | `X is starting a new election at term 2` | etcd/raft |
/// | `election` | `Heartbeat timeout reached, starting election`, `Election timeout reached, restarting election` | hashicorp/raft |
/// | `candidate`, `leader`, `follower` | `X became candidate at term 3` | etcd/raft |
/// | `candidate`, `follower`, `leader` | `entering Candidate state`, `entering Follower state`, `Election won` | hashicorp/raft |
/// | `leader` | `raft.node: X elected leader Y at term 3`, `changed leader from Z to Y` | etcd |
/// | `no leader` | `raft.node: X lost leader Y at term 3` | etcd |
/// | `no leader` | `Failed to contact quorum of nodes, stepping down` | hashicorp/raft |
/// | `pause` | `Not marking nodes down due to local pause of 5238120339ns > 5000000000ns` (older: without ns; Scylla: `(milliseconds)`) | Cassandra, Scylla |
/// | `pause` | `Reactor stalled for 845 ms on shard 0`: of one shard only | Seastar |
/// | `pause` | `Detected pause in JVM or host machine (eg GC): pause of approximately 1234ms` | Hadoop's JvmPauseMonitor |
/// | `collection` | `ParNew GC in 235ms`, `GC for ParNew: 235 ms for 1 collections` | Cassandra's GCInspector |
/// | `phi` | `failure_detector: now=..., t=614083441, mean=..., phi=0.606564`: it was evaluated `t` ns after the last heartbeat | Scylla |
///
/// One incident often has several lines: memberlist, serf and the one who asks them each write theirs.
///
/// # Errors
///
/// A [`Fault`] if the words are there but not what should follow them.
pub fn recognise(line: &[u8]) -> Result<Option<Found<'_>>, Fault> {
    let groups = GROUPS.iter();
    let marks = groups
        .filter(|group| group.common.find(line).is_some())
        .flat_map(|group| &group.marks);
    for mark in marks {
        if let Some(place) = mark.words.find(line) {
            let mut after = Scan::new(line);
            after.skip(place + mark.words.needle().len());
            if let Some(found) = (mark.rule)(line, place, after)? {
                return Ok(Some(Found { place, ..found }));
            }
        }
    }
    Ok(None)
}

/// What a line says, or nothing, or that it is torn.
pub type Answer<'a> = Result<Option<Found<'a>>, Fault>;

pub fn of<'a>(event: &'static str, node: &'a [u8]) -> Found<'a> {
    Found {
        event,
        node,
        ..Found::default()
    }
}

/// An event of a node whose name has to be followed by certain words.
pub fn named<'a>(event: &'static str, node: &'a [u8], after: Scan<'a>, words: &[u8]) -> Answer<'a> {
    if node.is_empty() || !after.rest().starts_with(words) {
        return Err(after.fault("an event without its end"));
    }
    Ok(Some(of(event, node)))
}

/// An event whose length in milliseconds comes next.
pub fn millis<'a>(event: &'static str, mut after: Scan<'a>, unit: &[u8]) -> Answer<'a> {
    let Some(length) = after.whole().filter(|_| after.tag(unit)) else {
        return Err(after.fault("no duration in milliseconds"));
    };
    Ok(Some(Found {
        length: Some(length.saturating_mul(MILLI)),
        ..of(event, b"")
    }))
}

/// `InetAddress /10.0.0.1:7000`, `Node host/10.0.0.1`
fn inet<'a>(line: &'a [u8], end: usize, event: &'static str) -> Option<Found<'a>> {
    let (before, node) = last_word(&line[..end]);
    let (_, kind) = last_word(before);
    let known: [&[u8]; 3] = [b"InetAddress", b"Node", b"Endpoint"];
    let node = match memchr::memrchr(b'/', node) {
        Some(slash) => &node[slash + 1..],
        None => node,
    };
    known.contains(&kind).then(|| of(event, node))
}

fn local_pause<'a>(line: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    let Some(length) = after.whole() else {
        return Err(after.fault("a pause without its duration"));
    };
    after.tag(b"ns");
    if !after.tag(b" > ") {
        return Err(after.fault("a pause without its limit"));
    }
    let unit = if has(line, b"(milliseconds)") {
        MILLI
    } else {
        1
    };
    Ok(Some(Found {
        length: Some(length.saturating_mul(unit)),
        ..of("pause", b"")
    }))
}

fn phi<'a>(line: &'a [u8], _: usize, _: Scan<'a>) -> Answer<'a> {
    let mut scan = Scan::new(line);
    if !scan.past(b"failure_detector: now=") {
        return Ok(None);
    }
    let length = scan.past(b", t=").then(|| scan.whole()).flatten();
    if length.is_none() {
        return Err(scan.fault("an evaluation without its time"));
    }
    Ok(Some(Found {
        length,
        ..of("phi", b"")
    }))
}

/// `5007] ms ago, expected interval is [2000] ms`
fn akka_heartbeat<'a>(line: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    let sent = after.whole();
    let expected = after
        .past(b"expected interval is [")
        .then(|| after.whole())
        .flatten();
    let (Some(sent), Some(expected)) = (sent, expected) else {
        return Err(after.fault("a late heartbeat without its duration"));
    };
    let by = field(line, b"Cluster Node [").and_then(|mut scan| scan.until(b']'));
    Ok(Some(Found {
        length: Some(sent.saturating_sub(expected).saturating_mul(MILLI)),
        by: by.unwrap_or(b""),
        ..of("late heartbeat", b"")
    }))
}

/// `UNREACHABLE [Member(address = akka://system@10.0.0.1:25520, status = Up)]`
fn akka_reachable<'a>(line: &'a [u8], _: usize, mut after: Scan<'a>) -> Answer<'a> {
    let event = if after.tag(b"UNREACHABLE [") {
        "down"
    } else if after.tag(b"REACHABLE [") {
        "up"
    } else {
        return Ok(None);
    };
    if !after.past(b"address = ") {
        return Err(after.fault("an event of nobody"));
    }
    let by = field(line, b"Cluster Node [").and_then(|mut scan| scan.until(b']'));
    Ok(Some(Found {
        by: by.unwrap_or(b""),
        ..of(event, after.until(b',').unwrap_or(b""))
    }))
}

/// What follows `name` in a line.
pub fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<Scan<'a>> {
    let mut scan = Scan::new(line);
    scan.past(name).then_some(scan)
}

pub fn last_word(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memrchr(b' ', text) {
        Some(blank) => (&text[..blank], &text[blank + 1..]),
        None => (&[], text),
    }
}
