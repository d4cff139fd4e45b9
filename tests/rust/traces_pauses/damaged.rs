//! Logs that were cut or changed.

use suspicion::Cancel;
use suspicion::trace::{Format, Input, Options, read};

use super::recording::RECORDED_PAUSES;
use crate::trace_files::data;

/// Gives its bytes to a reader whatever they are; what matters is that it comes back.
fn survive(format: Format, bytes: &[u8]) {
    if let Ok(input) = Input::bytes(bytes) {
        let _ = read(input, Some(format), &Options::default(), &Cancel::default());
    }
    let _ = Format::recognise(bytes);
}

#[test]
fn no_cut_and_no_flipped_byte_stops_a_reader() {
    let samples = [
        ("jvm", "given/pauses/gct_unified_g1_jvm-gc-10Nov2022.log"),
        ("jvm", "jvm/g1_gc_safepoint_none.log"),
        ("jvm", "jvm/serial_full_timemillis_hostname_level_tags.log"),
        ("jvm_legacy", "given/pauses/gct_ps_long_pause.log"),
        (
            "jvm_legacy",
            "given/pauses/gct_corrupted_rollsbackclock.log",
        ),
        ("gctrace", "go/gctrace_schedtrace_scavtrace.txt"),
        (
            "cyclictest",
            "given/pauses/cyclictest_kvm_guest_untuned_vs_tuned.txt",
        ),
        ("cyclictest", "cyclictest/histofall.txt"),
        ("cluster", "given/cluster/consul_598_3141_flaps.txt"),
        (
            "cluster",
            "given/cluster/etcd_7312_3466_12610_heartbeat_elections.txt",
        ),
        ("cluster", "etcd/zap_m1.log"),
        ("upptime", "given/cluster/upptime_nextcloud_gitlog.txt"),
        ("recording", ""),
    ];
    for (format, name) in samples {
        let bytes = match name {
            "" => RECORDED_PAUSES.as_bytes().to_vec(),
            name => std::fs::read(data(name)).unwrap(),
        };
        let bytes = &bytes[..bytes.len().min(8000)];
        let format = Format::named(format).unwrap();
        for cut in (0..bytes.len()).step_by(37) {
            survive(format, &bytes[..cut]);
            survive(format, &bytes[cut..]);
        }
        // A linear congruential generator is random enough to spread what is put in.
        let mut random: u64 = 1;
        for _ in 0..300 {
            let mut broken = bytes.to_vec();
            for _ in 0..20 {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let place = (random >> 33) as usize % broken.len();
                broken[place] = b"[](){}:.,-9\0\xff GsT\n"[(random >> 20) as usize % 18];
            }
            survive(format, &broken);
        }
    }
}
