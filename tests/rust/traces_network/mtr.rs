use suspicion::trace::{MISSING, Options, Trace};

use super::{delays, named, note, outcomes, read_sample, read_text, summary};
use crate::trace_files::faults;

type Fact = (&'static str, [(usize, usize, i64, i64); 2], &'static str);

/// Name; probes, answers, sum and maximum in microseconds of the first two hops; the second hop.
#[rustfmt::skip]
const FACTS: [Fact; 5] = [
    ("mtr_raw_6.txt", [(30, 27, 653_614, 89_368), (30, 29, 592_588, 37_690)], "2 2001:db8:1::3"),
    ("mtr_raw_n.txt", [(50, 45, 970_865, 27_282), (50, 48, 996_239, 29_568)], "2 203.0.113.3"),
    ("mtr_raw_names.txt", [(30, 28, 673_957, 35_569), (30, 28, 628_360, 38_072)], "2 203.0.113.3"),
    ("mtr_raw_udp.txt", [(20, 19, 434_843, 29_689), (20, 17, 375_057, 28_465)], "2 203.0.113.3"),
    ("mtr_raw_unanswered.txt", [(10, 0, 0, 0), (10, 0, 0, 0)], "2"),
];

#[test]
fn real_runs_have_the_probes_and_answers_of_each_hop() {
    for (name, hops, second) in FACTS {
        let reading = read_sample(&format!("mtr/{name}"), Options::default()).unwrap();
        let (delays, report) = delays(reading, "mtr");
        assert_eq!(report.records as usize, delays.delay.len());
        assert_eq!(delays.target.names()[1], second, "{name}");
        for (hop, (probes, answers, sum, most)) in (0_u32..).zip(hops) {
            let mut own = delays.clone();
            let keep: Vec<bool> = own.target.codes().iter().map(|code| *code == hop).collect();
            let mut kept = keep.iter();
            own.delay.retain(|_| *kept.next().unwrap());
            assert_eq!(own.delay.len(), probes, "{name}");
            assert_eq!(summary(&own), (answers, sum * 1000, most * 1000), "{name}");
            let mut kept = keep.iter();
            own.number.retain(|_| *kept.next().unwrap());
            assert_eq!(own.number, Vec::from_iter(0..probes as i64), "{name}");
        }
    }
}

#[test]
fn averages_are_refused_by_their_reason() {
    for name in [
        "mtr.csv",
        "mtr.json",
        "mtr.xml",
        "mtr_report.txt",
        "mtr_report_wide_names.txt",
    ] {
        let error = read_sample(&format!("mtr/{name}"), Options::default()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("averages only") && text.contains(name),
            "{text}"
        );
    }
}

#[test]
fn numbers_begin_anew_and_second_answers_do_not_count() {
    let text = b"x 0 65535\nh 0 10.0.0.1\nd 0 node\nm 0 1048575 7 1 255\np 0 10 65535\n\
        x 0 33000\nx 0 33001\np 0 30 33001\np 0 31 33001\nh 0 10.0.0.2\n\
        x 0 33000\np 0 40 33000\nt 0 1 2\n";
    let (delays, report) = delays(read_text(text, None).unwrap(), "mtr");
    assert_eq!(delays.delay, [10_000, MISSING, 30_000, 40_000]);
    assert_eq!(delays.number, [0, 1, 2, 3]);
    assert_eq!(delays.target.names(), ["1 10.0.0.1"]);
    assert_eq!(outcomes(&delays, "timeout"), 1);
    assert_eq!(note(&report, "duplicates"), 1);
    assert_eq!(
        note(&report, "hops that answered from several addresses"),
        1
    );
}

#[test]
fn old_versions_write_answers_only() {
    let (delays, report) = delays(
        read_text(b"h 0 10.0.0.1\np 0 25\np 0 26\n", None).unwrap(),
        "mtr",
    );
    assert_eq!(delays.delay, [25_000, 26_000]);
    assert_eq!(note(&report, "answers without a number"), 2);
}

#[test]
fn every_fault_has_its_reason() {
    let text = b"x 0 1\nx 0\np 0 x\np 0 5 9\np 0 5\nh 0 \nx 999 1\nq 0 1\nx 0 1x\np 1\n";
    let reading = read_text(text, Some(named("mtr"))).unwrap();
    assert_eq!(
        faults(&reading.report),
        [
            ("no number of a probe", 2, 2),
            ("no time in microseconds", 2, 3),
            ("an answer to no probe", 1, 4),
            ("an answer without its number", 1, 5),
            ("a hop without its address", 1, 6),
            ("not a line of mtr --raw", 2, 7),
        ]
    );
    let Trace::Delays(delays) = reading.trace else {
        panic!();
    };
    assert_eq!(delays.delay, [MISSING]);
}
