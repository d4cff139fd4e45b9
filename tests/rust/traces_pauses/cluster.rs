//! What members of clusters say of each other, and histories of Upptime.

use suspicion::trace::{Clock, Events, MISSING, Reading, Trace};

use super::{MILLI, SECOND, words};
use crate::trace_files::{faults, reading, text};

fn events(reading: Reading) -> Events {
    match reading.trace {
        Trace::Events(events) => events,
        other => panic!("{}", other.kind()),
    }
}

/// How often each event happened, by name.
fn census(events: &Events) -> Vec<(&str, usize)> {
    let all = words(&events.event);
    let mut names = all.clone();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name, all.iter().filter(|found| **found == name).count()))
        .collect()
}

#[test]
fn given_clusters_have_the_events_that_grep_counts() {
    let whole = |name: &str, clock: Clock| {
        let reading = reading(&format!("given/cluster/{name}"));
        assert_eq!(reading.format.name(), "cluster", "{name}");
        assert_eq!(reading.report.faults, [], "{name}");
        assert_eq!(reading.report.notes, [], "{name}");
        let lines = reading.report.lines;
        let events = events(reading);
        assert_eq!(events.clock, clock, "{name}");
        assert!(events.at.iter().all(|at| *at != MISSING), "{name}");
        (lines, events)
    };
    let (lines, scylla) = whole("scylla_5677_flaps.txt", Clock::WallWithoutYear);
    assert_eq!((lines, census(&scylla)), (20, vec![("down", 19)]));
    assert_eq!(
        scylla.node.names(),
        ["10.6.18.12", "10.6.18.13", "10.6.18.11"]
    );
    assert_eq!(scylla.by.names(), ["scy-st-1-p1", "scy-st-1-p3"]);
    // The 28th of January, 15:42:20.
    assert_eq!(
        scylla.at[0],
        ((27 * 24 + 15) * 3600 + 42 * 60 + 20) * SECOND
    );

    let (lines, consul) = whole("consul_598_3141_flaps.txt", Clock::WallWithoutZone);
    let expected = vec![("down", 4), ("leave", 1), ("suspect", 6), ("up", 1)];
    assert_eq!((lines, census(&consul)), (22, expected));
    // `date -u -d '2015-01-21 21:54:36' +%s`; with syslog's stamp before it the one with a year counts.
    assert_eq!(consul.at[0], 1_421_877_276 * SECOND);
    assert_eq!(consul.at.last(), Some(&(1_497_264_909 * SECOND)));
    assert_eq!(words(&consul.by).last(), Some(&"docker-linux-1-dh"));

    let (lines, etcd) = whole(
        "etcd_7312_3466_12610_heartbeat_elections.txt",
        Clock::WallWithoutZone,
    );
    let expected = vec![
        ("candidate", 2),
        ("election", 2),
        ("follower", 1),
        ("late heartbeat", 5),
        ("no leader", 1),
        ("slow apply", 1),
    ];
    assert_eq!((lines, census(&etcd)), (29, expected));
    assert_eq!(etcd.length[0], 288_915_798);
    let slow = words(&etcd.event)
        .iter()
        .position(|event| *event == "slow apply")
        .unwrap();
    assert_eq!(etcd.length[slow], 9_999_583_896);
    // 5007 and 2194 ms instead of 2000 and 1000.
    let akka = &etcd.length[etcd.length.len() - 2..];
    assert_eq!(akka, [3_007 * MILLI, 1_194 * MILLI]);

    let (lines, phi) = whole("scylla_2833_phi_debug.txt", Clock::WallWithoutZone);
    assert_eq!((lines, census(&phi)), (21, vec![("phi", 9)]));
    assert_eq!(phi.length[0], 614_083_441);
}

#[test]
fn etcd_and_serf_have_the_events_that_grep_counts() {
    // Late heartbeats, slow disks, elections, candidates, leaders (became, elected, changed), followers, leaders lost.
    let known = [
        ("etcd/zap_m0.log", [2, 0, 1, 1, 4, 4, 1]),
        ("etcd/zap_m1.log", [6, 1, 4, 5, 8, 5, 4]),
        ("etcd/zap_m2.log", [0, 0, 0, 1, 6, 6, 4]),
        ("etcd/capnslog_m0.log", [0, 0, 1, 1, 4, 4, 1]),
        ("etcd/capnslog_m1.log", [2, 0, 1, 1, 4, 4, 1]),
        ("etcd/capnslog_m2.log", [6, 0, 1, 1, 4, 4, 2]),
    ];
    const NAMES: [&str; 7] = [
        "late heartbeat",
        "slow disk",
        "election",
        "candidate",
        "leader",
        "follower",
        "no leader",
    ];
    for (name, counts) in known {
        let reading = reading(name);
        assert_eq!(reading.report.faults, [], "{name}");
        let events = events(reading);
        let mut expected: Vec<_> = NAMES
            .into_iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .collect();
        expected.sort_unstable();
        assert_eq!(census(&events), expected, "{name}");
        assert!(events.at.iter().all(|at| *at != MISSING), "{name}");
    }
    let zap = events(reading("etcd/zap_m0.log"));
    assert_eq!(zap.clock, Clock::Unix);
    assert_eq!(zap.length.iter().max(), Some(&1_931_804_968));
    let capnslog = events(reading("etcd/capnslog_m1.log"));
    assert_eq!(capnslog.clock, Clock::WallWithoutZone);
    assert_eq!(capnslog.length.iter().max(), Some(&1_836_099_394));

    for (name, expected) in [
        (
            "serf/serf_node_1.log",
            vec![("down", 3), ("leave", 1), ("suspect", 3), ("up", 4)],
        ),
        (
            "serf/serf_node_2.log",
            vec![("down", 3), ("leave", 2), ("suspect", 4), ("up", 4)],
        ),
        (
            "serf/serf_node_3.log",
            vec![("leave", 2), ("refute", 3), ("up", 3)],
        ),
    ] {
        assert_eq!(census(&events(reading(name))), expected, "{name}");
    }
}

#[test]
fn an_upptime_history_has_its_checks_and_transitions() {
    let reading = reading("given/cluster/upptime_nextcloud_gitlog.txt");
    assert_eq!(reading.format.name(), "upptime");
    assert_eq!((reading.report.lines, reading.report.records), (815, 215));
    assert_eq!(reading.report.faults, []);
    let events = events(reading);
    let own: Vec<&str> = words(&events.node)
        .into_iter()
        .zip(words(&events.event))
        .filter(|(node, _)| *node == "My Nextcloud")
        .map(|(_, event)| event)
        .collect();
    assert_eq!(own.len(), 201);
    assert_eq!(own.windows(2).filter(|pair| pair[0] != pair[1]).count(), 13);
    let lengths = events.length.iter().filter(|length| **length != MISSING);
    assert_eq!(lengths.clone().max(), Some(&(1449 * MILLI)));
    assert_eq!(lengths.sum::<i64>(), 11_726 * MILLI);
    assert_eq!(events.clock, Clock::Unix);
}

#[test]
fn other_clusters_say_it_in_their_words() {
    let reading = text(
        "cluster",
        "WARN  [GossipTasks:1] 2017-03-21 17:11:05,462 FailureDetector.java:249 - Not marking nodes down due to local pause of 9594745097 > 5000000000\n\
         INFO  [GossipTasks:1] 2017-03-21 17:11:05,462 Gossiper.java:968 - InetAddress /10.161.26.248 is now DOWN\n\
         INFO  [Service Thread] 2017-03-21 17:11:05,463 GCInspector.java:252 - ConcurrentMarkSweep GC in 9487ms.  CMS Old Gen: 1 -> 2\n\
         INFO  [main] 2017-03-21 17:11:06,000 Gossiper.java:968 - Node /10.161.26.248:7000 has restarted, now UP\n\
         WARN  2017-03-21 17:11:07,000 [shard 0] failure_detector - Not marking nodes down due to local pause of 7085 > 5000 (milliseconds)\n\
         INFO  2017-03-21 17:11:08,254 [shard 0] gossip - failure_detector_loop: Mark node 127.0.99.2 as DOWN\n    \
         2017/03/21 17:11:09 [WARN] raft: Failed to contact 10.185.80.227:8300 in 500.172734ms\n    \
         2017/03/21 17:11:09 [WARN] raft: Failed to contact quorum of nodes, stepping down\n    \
         2017/03/21 17:11:09 [INFO] raft: Node at 10.185.3.3:8300 [Follower] entering Follower state\n    \
         2017/03/21 17:11:10 [WARN] raft: Heartbeat timeout reached, starting election\n    \
         2017/03/21 17:11:10 [INFO] raft: Node at 10.185.3.3:8300 [Candidate] entering Candidate state\n    \
         2017/03/21 17:11:10 [INFO] raft: Election won. Tally: 2\n    \
         2017/03/21 17:11:10 [INFO] raft: Node at 10.185.3.3:8300 [Leader] entering Leader state\n\
         2017-03-21 17:11:11,000 [myid:1] - WARN  [SyncThread:1:FileTxnLog@334] - fsync-ing the write ahead log in SyncThread:1 took 1234ms which will adversely effect operation latency.\n\
         2017-03-21 17:11:12,000 WARN akka.cluster.Cluster - Cluster Node [akka://s@h1:1] - Marking node(s) as UNREACHABLE [Member(address = akka://s@h2:1, status = Up)].\n\
         2017-03-21 17:11:13,000 [1] etcdserver: failed to send out heartbeat on time (exceeded the 100ms timeout\n\
         2017-03-21T17:11:14Z [WARN] memberlist: Suspect a has failed, no acks received\n",
    );
    assert_eq!(
        faults(&reading.report),
        [("a late heartbeat without its duration", 1, 16)]
    );
    assert_eq!(
        reading.report.notes,
        [("times of another clock than the first", 1)]
    );
    let events = events(reading);
    assert_eq!(
        words(&events.event),
        [
            "pause",
            "down",
            "collection",
            "up",
            "pause",
            "suspect",
            "suspect",
            "no leader",
            "follower",
            "election",
            "candidate",
            "leader",
            "slow disk",
            "down",
            "suspect"
        ]
    );
    let known = events.length.iter().filter(|length| **length != MISSING);
    assert_eq!(
        known.copied().collect::<Vec<_>>(),
        [
            9_594_745_097,
            9487 * MILLI,
            7085 * MILLI,
            500_172_734,
            1234 * MILLI
        ]
    );
    assert_eq!(words(&events.node)[1], "10.161.26.248");
    assert_eq!(words(&events.node)[13], "akka://s@h2:1");
}
