//! Tables of percentiles and answers of Prometheus, read with exactly the counts and ends of buckets that awk and
//! subtraction find in them.

use suspicion::trace::{Clock, Options, Unit};

use crate::trace_files::{
    histograms, noted, percentile, reading, survives_damage, text, total, try_bytes,
};

#[test]
fn percentile_tables_are_buckets() {
    // Number of rows, total, and the value of the first row at or above a percentile, all by awk.
    let cases = [
        (
            1,
            97,
            475_109.0,
            [11.167, 40.671, 206.207, 1260.543],
            Some(25.048),
        ),
        (
            2,
            27,
            1_104_769.0,
            [1418.239, 1510.399, 1511.423, 1511.423],
            None,
        ),
        (
            3,
            103,
            1_091_324.0,
            [30.447, 505.087, 5881.855, 8073.215],
            Some(297.175),
        ),
    ];
    for (number, rows, count, percentiles, mean) in cases {
        let name = format!("given/pauses/hdr_GoogleCharts_example{number}.hgrm");
        let found = reading(&name);
        assert_eq!(found.report.records, rows);
        assert_eq!(
            noted(&found, "values, as the file says"),
            mean.map(|_| count as u64)
        );
        assert_eq!(
            noted(&found, "unit not written, milliseconds assumed"),
            Some(1)
        );
        let trace = histograms(found);
        let found = &trace.histograms[0];
        assert_eq!(total(found), count);
        for (percent, value) in std::iter::zip([50.0, 90.0, 99.0, 99.9], percentiles) {
            assert_eq!(percentile(found, percent), value / 1e3, "{name} {percent}");
        }
        assert_eq!(found.greatest, percentile(found, 100.0));
        match mean {
            Some(mean) => assert!((found.sum / count - mean / 1e3).abs() < 1e-12),
            None => assert!(found.sum.is_nan()),
        }
    }
}

#[test]
fn columns_and_csv_of_the_same_histogram_are_the_same() {
    for name in ["stalls", "tagged"] {
        let columns = histograms(reading(&format!("hdrhistogram/{name}.hgrm")));
        let csv = histograms(reading(&format!("hdrhistogram/{name}.csv")));
        let (columns, csv) = (&columns.histograms[0], &csv.histograms[0]);
        assert_eq!(columns.upper, csv.upper);
        assert_eq!(columns.count, csv.count);
        // The log of the same run, whose values the table has to two digits of a millisecond.
        let log = histograms(reading(&format!("hdrhistogram/{name}_v2.hlog")));
        let log = &log.histograms[0];
        assert_eq!(total(columns), total(log));
        for percent in [50.0, 75.0, 90.0, 99.0, 99.9] {
            let difference = percentile(columns, percent) - percentile(log, percent);
            assert!(
                (-6e-6..2e-3).contains(&difference),
                "{name} {percent} {difference}"
            );
        }
    }
}

#[test]
fn a_table_that_was_cut_says_what_is_missing() {
    let table = "Running 30s test\n  Value   Percentile   TotalCount 1/(1-Percentile)\n\n\
         0.00 0.0 5 1.00\n 1.50 0.5 8 2.00\n 1.50 0.6 9 2.50\n 2.00 0.9\n 2.00 x 10 1\n 1.00 0.7 10 3.3\n\
         #[Mean = 2.0, StdDeviation = 1.0]\n#[Max = 9.0, Total count = 12]\n#[Buckets = 27, SubBuckets = 2048]\n\
         ----------\nValue Percentile TotalCount 1/(1-Percentile)\n3.00 1.000000 4 inf\n";
    let options = Options {
        unit: Some(Unit::Seconds),
        ..Options::default()
    };
    let found = try_bytes("hgrm", table.as_bytes(), options).unwrap();
    assert_eq!((found.report.records, found.report.faulty()), (4, 3));
    assert_eq!(noted(&found, "values beyond the last row"), Some(3));
    assert_eq!(noted(&found, "tables without their last row"), Some(1));
    let found = histograms(found).histograms;
    assert_eq!(found[0].lower, [0.0, 1.5]);
    assert_eq!(found[0].upper, [1.5, f64::INFINITY]);
    assert_eq!(found[0].count, [9.0, 3.0]);
    assert_eq!(found[0].sum, 24.0);
    assert!(found[0].greatest.is_nan());
    assert_eq!(found[1].name, b"2");
    assert_eq!((found[1].greatest, &found[1].count[..]), (3.0, &[4.0][..]));
}

#[test]
fn damaged_percentile_tables_are_survived() {
    survives_damage("given/pauses/hdr_GoogleCharts_example1.hgrm");
    survives_damage("hdrhistogram/stalls.csv");
}

#[test]
fn classic_buckets_are_differences_between_bounds() {
    let found = reading("prometheus/query_classic_buckets.json");
    assert_eq!(found.report.records, 36);
    let trace = histograms(found);
    assert_eq!(
        (trace.unit, trace.clock, trace.histograms.len()),
        ("s", Clock::None, 3)
    );
    // The counts up to each bound in the answer, one less the other.
    let counts: [&[f64]; 3] = [
        &[248.0, 1322.0, 1985.0, 1508.0, 681.0, 52.0, 4.0],
        &[1.0, 29.0, 231.0, 872.0, 2421.0, 1560.0, 561.0, 122.0, 3.0],
        &[8.0, 65.0, 444.0, 1920.0, 1841.0, 1137.0, 368.0, 17.0],
    ];
    let ends = [(0.0, 0.1), (0.0, 0.5), (0.01, f64::INFINITY)];
    for (found, (counts, ends)) in std::iter::zip(&trace.histograms, std::iter::zip(counts, ends)) {
        assert_eq!(found.count, counts);
        assert_eq!(total(found), 5800.0);
        assert_eq!((found.lower[0], *found.upper.last().unwrap()), ends);
        assert_eq!(found.lower[1..], found.upper[..found.upper.len() - 1]);
    }
    let name = String::from_utf8_lossy(&trace.histograms[0].name).into_owned();
    assert!(
        name.starts_with(
            "heartbeat_rtt_seconds{instance=\"127.0.0.1:9464\",job=\"python\",peer=\"node-a\"}"
        ),
        "{name}"
    );
}

#[test]
fn ranges_are_what_was_added() {
    let found = reading("prometheus/query_range_classic.json");
    assert_eq!(found.report.records, 15);
    let trace = histograms(found);
    // The +Inf series goes from 76 to 270, that of 1 ms from 17 to 68, in 20 seconds.
    assert_eq!((trace.count[0], trace.length[0]), (194.0, 20_000_000_000));
    assert_eq!(trace.start[0], 1_795_429_967_000_000_000);
    let found = &trace.histograms[0];
    assert_eq!(total(found), 194.0);
    assert_eq!(
        (found.lower[0], found.upper[0], found.count[0]),
        (0.0, 0.001, 51.0)
    );
    let trace = histograms(reading("prometheus/query_matrix_range_vector.json"));
    assert_eq!((trace.count[0], trace.length[0]), (1540.0, 8_000_000_000));
}

#[test]
fn native_histograms_keep_every_value() {
    let trace = histograms(reading("prometheus/query_native_one.json"));
    let found = &trace.histograms[0];
    assert_eq!(total(found), 14850.0);
    assert_eq!(found.sum, 246.224_055_522_129_53);
    // The zero bucket, which reaches as far below zero, is what took no longer than a microsecond.
    assert_eq!(
        (found.lower[0], found.upper[0], found.count[0]),
        (0.0, 1e-6, 378.0)
    );
    let found = reading("prometheus/query_range_native.json");
    assert_eq!(noted(&found, "values that were counted no longer"), None);
    let trace = histograms(found);
    let found = &trace.histograms[0];
    assert_eq!(total(found), trace.count[0]);
    assert_eq!(trace.start[0], 1_795_429_967_000_000_000);
    // From 4750 to 14850 in 25 seconds.
    assert_eq!(
        (trace.count[0], trace.length[0]),
        (10_100.0, 25_000_000_000)
    );
    let found = reading("prometheus/query_native.json");
    assert_eq!(noted(&found, "series of quantiles"), Some(3));
    for found in histograms(found).histograms {
        assert_eq!(total(&found), 14850.0);
    }
}

fn answer(kind: &str, series: &[String]) -> String {
    format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"{kind}\",\"result\":[{}]}}}}",
        series.join(",")
    )
}

fn series(labels: &str, values: &str) -> String {
    format!("{{\"metric\":{{{labels}}},{values}}}")
}

#[test]
fn a_counter_that_falls_began_anew() {
    let of = |le: &str, values: [u32; 4]| {
        let samples: Vec<String> = (0..4)
            .map(|at| format!("[{},\"{}\"]", 100 + 10 * at, values[at]))
            .collect();
        let labels = format!("\"__name__\":\"x_milliseconds_bucket\",\"le\":\"{le}\"");
        series(&labels, &format!("\"values\":[{}]", samples.join(",")))
    };
    let found = text(
        "prometheus_api",
        &answer(
            "matrix",
            &[of("+Inf", [100, 110, 7, 9]), of("5", [50, 51, 3, 4])],
        ),
    );
    assert_eq!(noted(&found, "counters that began anew"), Some(2));
    let trace = histograms(found);
    // 10 + 7 + 2 in all, of which 1 + 3 + 1 up to 5 ms.
    assert_eq!(trace.histograms[0].upper, [5e-3, f64::INFINITY]);
    assert_eq!(trace.histograms[0].count, [5.0, 14.0]);
    assert_eq!((trace.unit, trace.length[0]), ("ms", 30_000_000_000));
}

#[test]
fn native_buckets_may_be_joined_between_samples() {
    let sample = |at: u32, count: u32, buckets: &str| {
        format!("[{at},{{\"count\":\"{count}\",\"sum\":\"{count}\",\"buckets\":[{buckets}]}}]")
    };
    let samples = [
        sample(0, 3, "[0,\"1\",\"2\",\"1\"],[0,\"2\",\"4\",\"2\"]"),
        sample(1, 5, "[0,\"1\",\"2\",\"2\"],[0,\"2\",\"4\",\"3\"]"),
        sample(2, 8, "[0,\"1\",\"4\",\"8\"]"),
        sample(3, 2, "[0,\"4\",\"16\",\"2\"]"),
    ];
    let values = format!("\"histograms\":[{}]", samples.join(","));
    let found = text(
        "prometheus_api",
        &answer("matrix", &[series("\"__name__\":\"x_seconds\"", &values)]),
    );
    assert_eq!(noted(&found, "counters that began anew"), Some(1));
    let found = &histograms(found).histograms[0];
    assert_eq!(
        (&found.lower[..], &found.upper[..]),
        (&[1.0, 4.0][..], &[4.0, 16.0][..])
    );
    assert_eq!((&found.count[..], found.sum), (&[5.0, 2.0][..], 7.0));
}

#[test]
fn answers_without_a_tail_are_refused() {
    let labels = "\"__name__\":\"x_seconds\",\"quantile\":\"0.99\"";
    let rate = "\"le\":\"1\"";
    let cases = [
        (
            answer("vector", &[series(labels, "\"value\":[1,\"0.5\"]")]),
            "quantiles only",
        ),
        (
            answer("matrix", &[series(rate, "\"values\":[[1,\"0.5\"]]")]),
            "results of an expression",
        ),
        (
            "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no\\u001b[2J\"}"
                .to_owned(),
            "is an error of Prometheus: no\\u{1b}[2J",
        ),
        (
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"met"
                .to_owned(),
            "JSON that ends in the middle",
        ),
        (answer("vector", &[]), "nothing of what prometheus_api has"),
    ];
    for (text, reason) in cases {
        let error = try_bytes("prometheus_api", text.as_bytes(), Options::default()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let found = reading("prometheus/query_classic_rate.json");
    assert_eq!(
        noted(
            &found,
            "histograms of rates or estimates, whose counts are no whole numbers"
        ),
        Some(1)
    );
    assert_eq!(
        noted(&found, "histograms without a unit, seconds assumed"),
        Some(1)
    );
    for name in [
        "query_scalar",
        "query_error",
        "query_exemplars",
        "query_quantile",
    ] {
        let bytes =
            std::fs::read(crate::trace_files::data(&format!("prometheus/{name}.json"))).unwrap();
        try_bytes("prometheus_api", &bytes, Options::default()).unwrap_err();
    }
}

#[test]
fn odd_series_are_counted() {
    let value = "\"value\":[1,\"4\"]";
    let all = [
        series(
            "\"__name__\":\"x_seconds_bucket\",\"le\":\"0\"",
            "\"value\":[1,\"1\"]",
        ),
        series("\"__name__\":\"x_seconds_bucket\",\"le\":\"2\"", value),
        series("\"__name__\":\"x_seconds_bucket\",\"le\":\"many\"", value),
        series(
            "\"__name__\":\"x_seconds_bucket\",\"le\":\"3\"",
            "\"value\":[1,\"NaN\"]",
        ),
        series("\"__name__\":\"x_seconds_sum\"", "\"value\":[1,\"2.5\"]"),
        series("\"__name__\":\"x_seconds_count\"", value),
        series("\"__name__\":\"x_bytes_bucket\",\"le\":\"3\"", value),
    ];
    let found = text("prometheus_api", &answer("vector", &all));
    let report = &found.report;
    assert_eq!(
        (report.records, report.passed_over, report.faulty()),
        (2, 3, 2)
    );
    assert_eq!(noted(&found, "values at or below zero"), Some(1));
    assert_eq!(
        noted(&found, "histograms without their last bucket"),
        Some(1)
    );
    let found = &histograms(found).histograms[0];
    assert_eq!(
        (found.lower[0], found.upper[0], found.count[0], found.sum),
        (0.0, 2.0, 4.0, 2.5)
    );
}

#[test]
fn damaged_answers_are_survived() {
    survives_damage("prometheus/query_range_classic.json");
    survives_damage("prometheus/query_range_native.json");
}
