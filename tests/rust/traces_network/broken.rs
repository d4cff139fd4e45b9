//! Whatever is done to a file, its reader ends soon, with a result or an error that says why.

use std::io::Read;
use std::time::{Duration, Instant};

use suspicion::trace::{Format, Input};

use super::{named, read_text, sample};

const SAMPLES: [(&str, &str); 14] = [
    ("ping", "ping/ping_D_loss_duplicates.txt"),
    ("ping", "ping/busybox_ping.txt"),
    (
        "fping",
        "fping/fping_D_C50_two_targets_one_unreachable.stdout.txt",
    ),
    ("fping", "fping/fping_D_C50.stderr.txt"),
    ("mtr", "mtr/mtr_raw_6.txt"),
    ("ghz", "given/network/ghz_pretty.json"),
    ("otlp", "otlp/otlp_spans.jsonl"),
    ("otlp", "otlp/otlp_spans_protobuf_json.jsonl"),
    ("pcap", "pcap/udp_echo.pcap"),
    ("pcap", "pcap/udp_heartbeats_two_interfaces.pcapng"),
    ("pcap", "pcap/tcp_echo_6.pcapng.gz"),
    ("pcap", "pcap/udp_heartbeats_sll2.pcap"),
    ("pcap", "pcap/udp_heartbeats_qinq.pcap"),
    ("pcap", "pcap/udp_heartbeats_6.pcap"),
];

fn unpacked(name: &str) -> Vec<u8> {
    let mut text = Vec::new();
    Input::open(&sample(name))
        .unwrap()
        .read_to_end(&mut text)
        .unwrap();
    text
}

/// Numbers without a pattern, the same each time.
fn scatter(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |most| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "how long it takes is what is tested"
)]
fn read_soon(text: &[u8], format: Option<Format>) {
    let begin = Instant::now();
    let _ = read_text(text, format);
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[test]
fn cut_and_flipped_files_end() {
    for (format, name) in SAMPLES {
        let text = unpacked(name);
        let text = &text[..text.len().min(1 << 16)];
        let mut any = scatter(7);
        for _ in 0..150 {
            let cut = any(text.len());
            read_soon(&text[..cut], Some(named(format)));
            read_soon(&text[cut..], Some(named(format)));
            let mut flipped = text.to_vec();
            for _ in 0..=any(20) {
                let place = any(flipped.len());
                flipped[place] ^= 1 << any(8);
            }
            read_soon(&flipped, Some(named(format)));
            // Lengths and numbers as large as they get.
            let place = any(flipped.len() - 8);
            flipped[place..place + 1 + any(8)].fill(0xff);
            read_soon(&flipped, Some(named(format)));
        }
    }
}

#[test]
fn each_format_bears_the_files_of_all_others() {
    for (_, name) in SAMPLES {
        let text = unpacked(name);
        let text = &text[..text.len().min(1 << 16)];
        for format in ["ping", "fping", "mtr", "ghz", "pcap", "otlp", "jaeger"] {
            read_soon(text, Some(named(format)));
        }
    }
}

#[test]
fn every_sample_is_recognised_and_no_other() {
    for (format, name) in SAMPLES {
        let text = unpacked(name);
        for length in [1 << 16, 1 << 12] {
            let found = Format::recognise(&text[..text.len().min(length)]);
            assert_eq!(found, Some(named(format)), "{name}");
        }
    }
    let ours = ["ping", "fping", "mtr", "ghz", "pcap", "otlp", "jaeger"];
    let root = sample("");
    for folder in std::fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap().path();
        let kind = folder.file_name().unwrap().to_string_lossy().into_owned();
        if ours.contains(&kind.as_str()) || !folder.is_dir() {
            continue;
        }
        for file in walk(&folder) {
            if file.to_string_lossy().contains("ghz_") || file.metadata().unwrap().len() == 0 {
                continue;
            }
            let mut head = Vec::new();
            let input = Input::open(&file).unwrap();
            input.take(1 << 16).read_to_end(&mut head).unwrap();
            let found = Format::recognise(&head).map_or("", Format::name);
            assert!(!ours.contains(&found), "{} is no {found}", file.display());
        }
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn nesting_and_endless_text_are_bounded() {
    for open in ["[", "{\"a\":", "[{\"spans\":"] {
        for key in ["details", "resourceSpans", "data", "other"] {
            let text = format!("{{\"{key}\":{}", open.repeat(8000));
            for format in ["ghz", "otlp", "jaeger"] {
                read_soon(text.as_bytes(), Some(named(format)));
            }
        }
    }
}
