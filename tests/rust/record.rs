//! Recordings: histograms and pauses against the slow and obvious, files as docs/recordings.md says.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;
use suspicion::record::{
    Echo, Existing, Family, Histogram, PauseMeter, Place, RttMeter, Taker, Transport, Watch,
};
use suspicion::{Cancel, Error};

/// A file of its own for each test, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let own = format!("suspicion-{}-{name}.csv", std::process::id());
        Self(std::env::temp_dir().join(own))
    }

    fn place(&self, existing: Existing) -> Place {
        Place::file(&self.0, existing)
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.0);
    }
}

/// Keeps rows, all but those whose turn it is to be lost.
#[derive(Default)]
struct Kept {
    rows: Vec<String>,
    turn: usize,
    lose_every: Option<usize>,
}

impl Taker for Kept {
    fn take(&mut self, row: String) -> Result<bool, Error> {
        self.turn += 1;
        let lost = self.lose_every.is_some_and(|n| self.turn.is_multiple_of(n));
        if !lost {
            self.rows.push(row);
        }
        Ok(!lost)
    }
}

fn meter() -> PauseMeter {
    PauseMeter::new(1e-3, 5e-3).unwrap()
}

/// Latenesses by their definition.
fn late_by(awakenings: &[i64]) -> Vec<(i64, i64)> {
    let mut before = 0;
    awakenings
        .iter()
        .map(|now| {
            let due = before + 1_000_000;
            before = *now;
            (due, (now - due).max(0))
        })
        .collect()
}

fn spans() -> impl Strategy<Value = i64> {
    prop_oneof![0..20_i64, 0..10_000_000_i64, 0..=i64::MAX]
}

proptest! {
    #[test]
    fn a_bucket_holds_what_lies_between_its_ends_as_the_page_says(span in spans()) {
        let mut one = Histogram::default();
        one.add(span);
        let found: Vec<_> = one.buckets().collect();
        prop_assert_eq!(found.len(), 1);
        let (low, width, count) = found[0];
        let span = span as u64;
        let by_page = if low < 8 { 1 } else { 1 << (low.ilog2() - 3) };
        prop_assert_eq!((width, count), (by_page, 1));
        prop_assert!(low <= span && span - low < width, "{} {} {}", low, width, span);
        prop_assert!(width == 1 || width * 8 <= low);
    }

    #[test]
    fn neighbouring_buckets_touch(span in 0..i64::MAX / 2) {
        let mut both = Histogram::default();
        both.add(span);
        let (low, width, _) = both.buckets().next().unwrap();
        both.add((low + width) as i64);
        prop_assert_eq!(both.buckets().nth(1).unwrap().0, low + width);
    }

    #[test]
    fn rows_say_what_the_awakenings_were_even_where_some_are_lost(
        gaps in prop::collection::vec(
            prop_oneof![900_000..1_200_000_i64, 1_000_000..40_000_000_i64, 500_000_000..3_000_000_000_i64], 1..400
        ),
        lose_every in prop::option::of(2..9_usize),
    ) {
        let awakenings: Vec<i64> = gaps.iter().scan(0, |now, gap| { *now += gap; Some(*now) }).collect();
        let mut kept = Kept { lose_every, ..Kept::default() };
        let mut watch = Watch::new(&meter());
        for now in &awakenings {
            watch.woke(*now, &mut kept).unwrap();
        }
        kept.lose_every = None;
        watch.end(&mut kept).unwrap();

        let late = late_by(&awakenings);
        let long: Vec<_> = late.iter().filter(|(_, length)| *length >= 5_000_000).collect();
        let mut all = Histogram::default();
        late.iter().for_each(|(_, length)| all.add(*length));
        prop_assert_eq!(&watch.summary.lateness, &all);
        prop_assert_eq!(watch.summary.pauses, long.len() as u64);
        prop_assert_eq!(watch.summary.paused, long.iter().map(|(_, length)| length).sum::<i64>());

        let of = |event: &str| -> Vec<Vec<String>> {
            kept.rows.iter().map(|row| row.split(',').map(String::from).collect::<Vec<_>>())
                .filter(|fields| fields[0] == event).collect()
        };
        let number = |text: &String| text.parse::<u64>().unwrap();
        let dropped: u64 = of("dropped").iter().map(|row| number(&row[3])).sum();
        prop_assert_eq!(of("pause").len() as u64 + dropped, long.len() as u64);
        if lose_every.is_none() {
            let rows: Vec<_> = of("pause").iter().map(|row| (number(&row[1]) as i64, number(&row[2]) as i64)).collect();
            prop_assert_eq!(rows, long.iter().map(|pair| **pair).collect::<Vec<_>>());
        }
        let ticks = [of("tick"), of("end")].concat();
        prop_assert_eq!(ticks.iter().map(|row| number(&row[3])).sum::<u64>(), late.len() as u64);
        prop_assert_eq!(
            ticks.iter().map(|row| number(&row[2])).max().unwrap() as i64,
            late.iter().map(|(_, length)| *length).max().unwrap()
        );
        prop_assert_eq!(number(&ticks.last().unwrap()[1]) as i64, *awakenings.last().unwrap());
        let written: u64 = ticks.iter().flat_map(|row| row[4].split_whitespace())
            .map(|pair| pair.split_once(':').unwrap().1.parse::<u64>().unwrap()).sum();
        prop_assert_eq!(written, late.len() as u64);
    }
}

#[test]
fn a_file_that_is_there_is_left_alone_unless_told_otherwise() {
    let scratch = Scratch::new("existing");
    fs::write(&scratch.0, "precious").unwrap();
    let record = |existing| {
        meter().record(
            &scratch.place(existing),
            Some(5_000_000),
            &Cancel::default(),
        )
    };
    assert!(matches!(
        record(Existing::Refuse),
        Err(Error::System { code: Some(17), .. })
    ));
    let refused = record(Existing::Append).unwrap_err().to_string();
    assert!(refused.contains("expected a file that begins with a recording of pauses"));
    assert_eq!(scratch.text(), "precious");
    record(Existing::Replace).unwrap();
    assert!(
        scratch
            .text()
            .starts_with("# suspicion recording 1\n# kind: pauses\n")
    );
    let once = scratch.text();
    record(Existing::Append).unwrap();
    assert!(scratch.text().starts_with(&once));
    assert_eq!(
        scratch.text().matches("# suspicion recording 1\n").count(),
        2
    );
}

#[test]
fn a_torn_line_is_marked_when_another_recording_follows() {
    let scratch = Scratch::new("torn");
    let head = "# suspicion recording 1\n# kind: pauses\nevent,at_ns\npause,1234567,300";
    fs::write(&scratch.0, head).unwrap();
    meter()
        .record(
            &scratch.place(Existing::Append),
            Some(5_000_000),
            &Cancel::default(),
        )
        .unwrap();
    let expected = format!("{head}#torn\n# suspicion recording 1\n");
    assert!(scratch.text().starts_with(&expected));
    assert!(scratch.text().ends_with('\n'));
}

#[test]
fn two_recordings_never_write_to_one_file_at_once() {
    let scratch = Scratch::new("locked");
    let (cancel, held) = (Cancel::default(), Cancel::default());
    std::thread::scope(|scope| {
        scope.spawn(|| meter().record(&scratch.place(Existing::Refuse), None, &held));
        while !scratch.0.exists() || scratch.text().is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        for existing in [Existing::Append, Existing::Replace] {
            let refused = meter()
                .record(&scratch.place(existing), Some(1), &cancel)
                .unwrap_err();
            assert!(
                refused.to_string().contains("no other recording"),
                "{refused}"
            );
        }
        held.request();
    });
    assert!(scratch.text().starts_with("# suspicion recording 1\n"));
}

#[test]
fn a_full_disk_is_an_error_that_names_it() {
    let error = meter()
        .record(
            &Place::file("/dev/full", Existing::Append),
            None,
            &Cancel::default(),
        )
        .unwrap_err();
    assert_eq!(error.to_string(), "/dev/full: No space left on device");
}

#[test]
fn every_probe_of_our_own_server_is_answered_on_both_transports_and_versions() {
    for (version, address) in [
        (Family::V4, IpAddr::V4(Ipv4Addr::LOCALHOST)),
        (Family::V6, IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ] {
        let echo = Echo::start(address, 0).unwrap();
        let target = echo.address().to_string();
        for transport in [Transport::Udp, Transport::Tcp] {
            let scratch = Scratch::new(&format!("{version:?}{transport:?}"));
            let meter =
                RttMeter::new(target.parse().unwrap(), version, transport, 0.01, 2.0).unwrap();
            let seen = meter
                .record(
                    &scratch.place(Existing::Refuse),
                    Some(200_000_000),
                    &Cancel::default(),
                )
                .unwrap();
            assert_eq!((seen.probes, seen.ok + seen.unsent), (20, 20), "{seen:?}");
            let text = scratch.text();
            assert_eq!(text.matches(",ok\n").count() as u64, seen.ok);
            assert!(text.contains(&format!("# address: {target}\n")));
            assert!(text.lines().last().unwrap().starts_with("20,"));
        }
        assert!(echo.counts().answered > 0 && echo.counts().connections > 0);
    }
}

#[test]
fn the_server_answers_probes_alone_and_never_its_like() {
    let echo = Echo::start(IpAddr::V4(Ipv4Addr::LOCALHOST), 0).unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(echo.address()).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let question = *b"suspect?recorder\x07\0\0\0\0\0\0\0";
    let answer = *b"suspect!recorder\x07\0\0\0\0\0\0\0";
    let longer = [question.as_slice(), b"x"].concat();
    for strange in [&answer[..], &question[..23], &longer, b"", b"hello"] {
        socket.send(strange).unwrap();
    }
    socket.send(&question).unwrap();
    let mut heard = [0; 64];
    // The first to come back is the answer to what was sent last.
    assert_eq!(socket.recv(&mut heard).unwrap(), 24);
    assert_eq!(heard[..24], answer);
    assert_eq!((echo.counts().answered, echo.counts().ignored), (1, 5));
}

#[test]
fn a_target_is_a_host_and_a_port() {
    for good in [
        "localhost:7",
        "10.0.0.1:65535",
        "[::1]:7",
        "a.b-c.example:443",
        "fünf.example:1",
    ] {
        assert!(good.parse::<suspicion::record::Target>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "localhost",
        "localhost:",
        ":7",
        "::1:7",
        "[::1:7",
        "h:0",
        "h:65536",
        "h:+7",
        "h:-1",
        "a b:7",
        "a\n:7",
        "http://h:7",
        "u@h:7",
        "[]:7",
        "h#:7",
    ] {
        let error = bad
            .parse::<suspicion::record::Target>()
            .unwrap_err()
            .to_string();
        assert!(error.contains("expected HOST:PORT"), "{bad}");
    }
}
