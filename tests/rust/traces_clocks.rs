//! Logs of time daemons, read with the counts, ends and sums that awk finds in them, and with the signs their manuals give.

use suspicion::trace::{Clock, ClockOffsets, Options};

use crate::trace_files::{noted, offsets, reading, survives_damage, text, try_bytes};

const SECOND: i64 = 1_000_000_000;

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs().max(1e-3),
        "{found} {expected}"
    );
}

fn greatest(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn least(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::INFINITY, f64::min)
}

#[test]
fn a_host_runs_764_parts_per_million_slow() {
    let found = reading("given/clocks/chrony_tracking_omnios_2576.log");
    assert_eq!(found.report.records, 15);
    let trace = offsets(found);
    assert_eq!((trace.clock, trace.unit), (Clock::Unix, "s"));
    close(least(&trace.frequency), -764.484);
    assert_eq!(trace.frequency[0], -764.442);
    assert_eq!(trace.skew[0], 0.010);
    assert_eq!(trace.source.names(), ["84.16.67.12", "81.94.123.17"]);
    close(trace.offset.iter().sum(), -1.184_15e-4);
    close(greatest(&trace.dispersion), 8.186e-3);
    close(trace.delay[0], 1.064e-2);
    // `date -u -d '2021-11-20 04:01:47' +%s`
    assert_eq!(trace.at[0], 1_637_380_907 * SECOND);
}

#[test]
fn the_logs_of_one_daemon_agree() {
    let tracking = reading("chrony/tracking.log.gz");
    assert_eq!(tracking.report.records, 493);
    assert_eq!(noted(&tracking, "updates while not synchronised"), Some(1));
    let tracking = offsets(tracking);
    close(greatest(&tracking.offset), 3.215e-3);
    close(least(&tracking.offset), -5.36e-3);
    let measured = reading("chrony/measurements.log.gz");
    assert_eq!(measured.report.records, 780);
    assert_eq!(
        noted(&measured, "measurements that failed a test"),
        Some(22)
    );
    let measured = offsets(measured);
    close(greatest(&measured.offset), 9.688e-3);
    close(least(&measured.offset), -1.404e-2);
    close(greatest(&measured.delay), 4.425e-2);
    let regressed = offsets(reading("chrony/statistics.log.gz"));
    assert_eq!(regressed.offset.len(), 776);
    close(greatest(&regressed.offset), 3.593e-3);
    // A measurement and the regression over it and its neighbours are on the same side: the signs are the same.
    let side: f64 = std::iter::zip(&regressed.at, &regressed.offset)
        .filter_map(|(at, offset)| {
            let place = measured.at.binary_search(at).ok()?;
            Some(measured.offset[place] * offset)
        })
        .sum();
    assert!(side > 0.0, "{side}");
}

#[test]
fn the_manual_of_chrony_is_followed() {
    // The sample lines of chrony.conf(5); what they mean is said there.
    let found = offsets(text(
        "chrony_measurements",
        "2016-11-09 05:40:50 203.0.113.15    N  2 111 111 1111  10 10 1.0 -4.966e-03  2.296e-01  1.577e-05  1.615e-01  7.446e-03 CB00717B 4B D K\n",
    ));
    assert_eq!(found.offset, [4.966e-3]);
    assert_eq!((found.delay[0], found.dispersion[0]), (2.296e-1, 1.577e-5));
    let found = offsets(text(
        "chrony_tracking",
        "2017-08-22 13:22:36 203.0.113.15     2     -3.541      0.075 -8.621e-06 N  2  2.940e-03 -2.084e-04  1.534e-02  3.472e-04  8.304e-03\n\
         2017-08-22 13:22:37 203.0.113.15     2      1.000      0.075  8.621e-06\n",
    ));
    assert_eq!(found.offset, [-8.621e-6, 8.621e-6]);
    assert_eq!(found.frequency, [-3.541, 1.0]);
    assert_eq!((found.delay[0], found.dispersion[0]), (1.534e-2, 8.304e-3));
    assert!(found.delay[1].is_nan());
    let found = offsets(text(
        "chrony_statistics",
        "2016-08-10 05:40:50 203.0.113.15     6.261e-03 -3.247e-03 2.220e-03  1.874e-06  1.080e-06 7.8e-02  16   0   8  0.00\n",
    ));
    assert_eq!(
        (found.offset[0], found.dispersion[0]),
        (-3.247e-3, 2.220e-3)
    );
}

#[test]
fn lines_of_chrony_that_are_cut_are_faults() {
    let line = "2017-08-22 13:22:36 203.0.113.15     2     -3.541      0.075 -8.621e-06 N  2  2.940e-03 -2.084e-04  1.534e-02  3.472e-04  8.304e-03";
    let lines = format!("{line}\n{}\n{}\nnonsense\n", &line[..80], &line[..30]);
    let found = text("chrony_tracking", &lines);
    assert_eq!((found.report.records, found.report.faulty()), (1, 3));
}

#[test]
fn two_switches_are_told_apart() {
    let found = reading("given/clocks/ptp4l_shepherd_two_switches.log");
    assert_eq!((found.report.records, found.report.faulty()), (25, 0));
    let ClockOffsets {
        at,
        offset,
        frequency,
        delay,
        source,
        clock,
        ..
    } = offsets(found);
    assert_eq!(
        (clock, source.names()),
        (Clock::Start, &["master".to_owned()][..])
    );
    let span = |rows: std::ops::Range<usize>| {
        offset[rows]
            .iter()
            .fold(0.0_f64, |most, offset| most.max(offset.abs()))
    };
    close(span(0..17), 73_210e-9);
    close(span(17..25), 173e-9);
    assert_eq!(at[0], 24_634_000_000);
    assert_eq!(at[24], 2_949_861_000_000);
    close(offset[0], -10_931e-9);
    close(frequency[0], 16.451);
    close(delay[0], 154_478e-9);
}

#[test]
fn programs_of_linuxptp_are_read() {
    let found = reading("ptp4l/ptp4l_offsets.txt");
    assert_eq!((found.report.records, found.report.passed_over), (17, 7));
    assert_eq!(
        noted(&found, "readings while the servo was not locked"),
        Some(17)
    );
    let lines = "phc2sys[4.500]: CLOCK_REALTIME phc offset       -47 s2 freq   +7195 delay   1262\n\
         Nov 23 10:00:00 host ptp4l[383]: [5.5:1] [ptp4l.0.config:6] master offset 12 s1 freq -5 path delay 7\n\
         ts2phc[82674.465]: /dev/ptp0 master offset          3 s2 freq      -1\n\
         phc2sys[6.000]: CLOCK_REALTIME rms   11 max   31 freq  +7190 +/-  12 delay  1262 +/-   9\n\
         ptp4l[7.0]: updating UTC offset to 37\nptp4l[8.0]: master offset 1\nptp4l[8.0]: master offset 1 s2 freq +\nno\n";
    let found = text("ptp4l", lines);
    assert_eq!(
        (
            found.report.records,
            found.report.passed_over,
            found.report.faulty()
        ),
        (3, 2, 3)
    );
    assert_eq!(noted(&found, "summaries of several readings"), Some(1));
    assert_eq!(
        noted(&found, "readings while the servo was not locked"),
        Some(1)
    );
    let found = offsets(found);
    assert_eq!(
        found.source.names(),
        ["CLOCK_REALTIME phc", "master", "/dev/ptp0 master"]
    );
    assert_eq!(found.at, [4_500_000_000, 5_500_000_000, 82_674_465_000_000]);
    assert_eq!(found.offset, [-47e-9, 12e-9, 3e-9]);
    assert_eq!(found.frequency, [7.195, -0.005, -0.001]);
    assert!(found.delay[2].is_nan());
}

#[test]
fn summaries_alone_are_refused() {
    let bytes = std::fs::read(crate::trace_files::data("ptp4l/ptp4l_rms.txt")).unwrap();
    let error = try_bytes("ptp4l", &bytes, Options::default()).unwrap_err();
    assert!(error.to_string().contains("summaries"), "{error}");
}

#[test]
fn statistics_of_ntpd_are_turned_around() {
    let trace = offsets(reading("ntpd/loopstats"));
    assert_eq!(trace.offset.len(), 69);
    close(trace.offset.iter().sum(), -0.011_305_93);
    // The modified Julian day 61367 is the 23rd of November 2026.
    assert_eq!(trace.at[0], (1_795_392_000 + 37_534) * SECOND + 829_000_000);
    let found = reading("ntpd/peerstats");
    assert_eq!(found.format.name(), "ntp_peerstats");
    let trace = offsets(found);
    assert_eq!(trace.offset.len(), 140);
    close(trace.offset.iter().sum(), -0.072_214_746);
    close(trace.delay[0], 0.022_825_265);
    assert_eq!(trace.source.names(), ["203.0.113.3", "192.0.2.2"]);
    // The sample lines of monopt.html.
    let found = offsets(text(
        "ntp_loopstats",
        "50935 75440.031 0.000006019 13.778190 0.000351733 0.013380 6\n50935 x\n",
    ));
    assert_eq!(
        (found.offset[0], found.frequency[0]),
        (-0.000_006_019, -13.778_190)
    );
    assert_eq!(
        (found.dispersion[0], found.skew[0]),
        (0.000_351_733, 0.013_380)
    );
    let found = offsets(text(
        "ntp_peerstats",
        "48773 10847.650 127.127.4.1 9714 -0.001605 0.00000 0.00142\n",
    ));
    assert_eq!(
        (found.offset[0], found.dispersion[0]),
        (0.001_605, 0.001_42)
    );
}

#[test]
fn damaged_logs_of_clocks_are_survived() {
    for name in [
        "given/clocks/chrony_tracking_omnios_2576.log",
        "given/clocks/ptp4l_shepherd_two_switches.log",
        "chrony/measurements.log.gz",
        "chrony/statistics.log.gz",
        "ntpd/loopstats",
        "ntpd/peerstats",
    ] {
        survives_damage(name);
    }
}
