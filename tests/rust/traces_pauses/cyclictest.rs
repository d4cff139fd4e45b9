//! Latencies of threads.

use suspicion::Cancel;
use suspicion::trace::{Histograms, Input, Options, read};

use crate::trace_files::{data, histograms, reading, text};

/// For each histogram its name, how many values it has, and the least and greatest in microseconds.
fn contents(histograms: &Histograms) -> Vec<(String, f64, f64, f64)> {
    histograms
        .histograms
        .iter()
        .map(|histogram| {
            assert!(histogram.lower.is_sorted());
            let bounds = histogram.lower.iter().zip(&histogram.upper);
            assert!(bounds.into_iter().all(|(lower, upper)| lower < upper));
            (
                String::from_utf8(histogram.name.clone()).unwrap(),
                histogram.count.iter().sum(),
                (histogram.least * 1e6).round(),
                (histogram.greatest * 1e6).round(),
            )
        })
        .collect()
}

#[test]
fn cyclictest_has_the_known_counts_and_maxima() {
    let row = |name: &str, count, least, greatest| (name.to_owned(), count, least, greatest);
    // Totals, overflows, minima and maxima as cyclictest itself says below each histogram.
    let guest = reading("given/pauses/cyclictest_kvm_guest_untuned_vs_tuned.txt");
    assert_eq!(guest.format.name(), "cyclictest");
    assert_eq!(guest.report.faults, []);
    assert_eq!(
        guest.report.notes,
        [
            ("in the histogram, as cyclictest says", 5_998_821),
            ("beyond the histogram", 604)
        ]
    );
    let guest = histograms(guest);
    assert_eq!(
        contents(&guest),
        [
            row("run 1, thread 0", 2_998_821.0 + 604.0, 5.0, 1475.0),
            row("run 2, thread 0", 3_000_000.0, 6.0, 12.0),
        ]
    );
    // What is beyond the last row, 59 us, ends a microsecond above the longest.
    let untuned = &guest.histograms[0];
    assert_eq!(untuned.count.last(), Some(&604.0));
    assert_eq!(untuned.lower.last(), Some(&60e-6));
    assert_eq!(untuned.upper.last(), Some(&1476e-6));

    let known = [
        (
            "given/pauses/cyclictest_rpi2_rt_kernel_10M.txt",
            vec![row("thread 0", 10_000_000.0, 14.0, 76.0)],
        ),
        (
            "cyclictest/hist_q_two_threads.txt",
            vec![
                row("thread 0", 3000.0, 18.0, 9026.0),
                row("thread 1", 3000.0, 16.0, 3068.0),
            ],
        ),
        (
            "cyclictest/histfile.txt",
            vec![row("thread 0", 5000.0, 66.0, 3986.0)],
        ),
        // The third column, of all threads, is left out.
        (
            "cyclictest/histofall.txt",
            vec![
                row("thread 0", 1000.0, 18.0, 504.0),
                row("thread 1", 1000.0, 18.0, 220.0),
            ],
        ),
    ];
    for (name, expected) in known {
        let reading = reading(name);
        assert_eq!(reading.report.faults, [], "{name}");
        assert_eq!(contents(&histograms(reading)), expected, "{name}");
    }
    // By awk: 1200 cycles of thread 0, 795 of thread 1, the longest 146 and 9044 us.
    let verbose = contents(&histograms(text(
        "cyclictest",
        &std::fs::read_to_string(data("cyclictest/verbose_two_threads.txt")).unwrap(),
    )));
    let counts: Vec<_> = verbose.iter().map(|row| (row.1, row.3)).collect();
    assert_eq!(counts, [(1200.0, 146.0), (795.0, 9044.0)]);
}

#[test]
fn averages_of_cyclictest_are_refused() {
    for name in ["quiet_summary.txt", "live_terminal.txt"] {
        let input = Input::open(&data(&format!("cyclictest/{name}"))).unwrap();
        let error = read(input, None, &Options::default(), &Cancel::default()).unwrap_err();
        assert!(error.to_string().contains("averages only"), "{error}");
    }
}
