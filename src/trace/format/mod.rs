//! The formats, one per file.

mod chrony;
mod cluster;
mod cluster_event;
mod cyclictest;
mod etcd_event;
mod fping;
mod fping_summary;
mod gctrace;
mod ghz;
mod hashicorp_event;
mod hdr_log;
mod hdr_payload;
mod hdr_tally;
mod hgrm;
mod jaeger;
mod jvm;
mod jvm_legacy;
mod jvm_log;
mod mtr;
mod ntp;
mod otlp;
mod pcap;
mod ping;
mod prometheus_api;
mod prometheus_group;
mod prometheus_labels;
mod prometheus_series;
mod ptp4l;
mod recording;
mod spans;
mod upptime;

use self::chrony::{Chrony, Log};
use super::input::Input;
use super::line_format::read_lines;
use super::read::{Options, Trace};
use super::report::Report;
use crate::{Cancel, Error};

/// Each line: the variant, its name in Python and on the command line, how it is read, and how
/// sure the first bytes of a file make it that it is one. The most sure is taken, of equals the first.
macro_rules! formats {
    ($($format:ident = $name:literal: $read:expr, $sure:expr;)+) => {
        /// The format of a file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is described where it is read")]
        pub enum Format {
            $($format,)+
        }

        impl Format {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$format,)+];

            /// Its name in Python and on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$format => $name,)+
                }
            }

            /// How sure the first bytes of a file make it that it is one, from 0 to 100.
            fn sure(self, head: &[u8]) -> u8 {
                match self {
                    $(Self::$format => $sure(head),)+
                }
            }

            pub(super) fn read(
                self,
                input: Input<'_>,
                options: &Options,
                cancel: &Cancel,
            ) -> Result<(Trace, Report), Error> {
                match self {
                    $(Self::$format => $read(input, options, cancel),)+
                }
            }
        }
    };
}

formats! {
    Cluster = "cluster":
        |input, options, cancel| read_lines(cluster::Cluster::default(), input, options, cancel), cluster::sure;
    Cyclictest = "cyclictest":
        |input, options, cancel| read_lines(cyclictest::Cyclictest::default(), input, options, cancel), cyclictest::sure;
    GcTrace = "gctrace":
        |input, options, cancel| read_lines(gctrace::GcTrace::default(), input, options, cancel), gctrace::sure;
    Recording = "recording":
        |input, options, cancel| read_lines(recording::Recording::default(), input, options, cancel), recording::sure;
    Upptime = "upptime":
        |input, options, cancel| read_lines(upptime::Upptime::default(), input, options, cancel), upptime::sure;
    Jvm = "jvm":
        |input, options, cancel| read_lines(jvm::Jvm::default(), input, options, cancel), jvm::sure;
    JvmLegacy = "jvm_legacy":
        |input, options, cancel| read_lines(jvm_legacy::JvmLegacy::default(), input, options, cancel), jvm_legacy::sure;
    HdrLog = "hdr_log":
        |input: Input<'_>, options, cancel| read_lines(hdr_log::HdrLog::new(options, input.taken()), input, options, cancel), hdr_log::sure;
    Hgrm = "hgrm":
        |input, options, cancel| read_lines(hgrm::Hgrm::new(options), input, options, cancel), hgrm::sure;
    PrometheusApi = "prometheus_api":
        prometheus_api::read, prometheus_api::sure;
    ChronyTracking = "chrony_tracking":
        |input, options, cancel| read_lines(Chrony::new(Log::Tracking), input, options, cancel),
        |head| chrony::sure(Log::Tracking, head);
    ChronyMeasurements = "chrony_measurements":
        |input, options, cancel| read_lines(Chrony::new(Log::Measurements), input, options, cancel),
        |head| chrony::sure(Log::Measurements, head);
    ChronyStatistics = "chrony_statistics":
        |input, options, cancel| read_lines(Chrony::new(Log::Statistics), input, options, cancel),
        |head| chrony::sure(Log::Statistics, head);
    Ptp4l = "ptp4l":
        |input, options, cancel| read_lines(ptp4l::Ptp4l::default(), input, options, cancel), ptp4l::sure;
    NtpLoopstats = "ntp_loopstats":
        |input, options, cancel| read_lines(ntp::Ntp::new(false), input, options, cancel),
        |head| ntp::sure(false, head);
    NtpPeerstats = "ntp_peerstats":
        |input, options, cancel| read_lines(ntp::Ntp::new(true), input, options, cancel),
        |head| ntp::sure(true, head);
    Ping = "ping":
        |input, options, cancel| read_lines(ping::Ping::default(), input, options, cancel), ping::sure;
    Fping = "fping":
        |input, options, cancel| read_lines(fping::Fping::default(), input, options, cancel), fping::sure;
    Mtr = "mtr":
        |input, options, cancel| read_lines(mtr::Mtr::default(), input, options, cancel), mtr::sure;
    Ghz = "ghz": ghz::read, ghz::sure;
    Pcap = "pcap": pcap::read, pcap::sure;
    Otlp = "otlp": otlp::read, otlp::sure;
    Jaeger = "jaeger": jaeger::read, jaeger::sure;
}

impl Format {
    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }

    /// The format that the beginning of a file looks like.
    pub fn recognise(head: &[u8]) -> Option<Self> {
        let mut found = None;
        let mut most = 0;
        for format in Self::ALL {
            let sure = format.sure(head);
            if sure > most {
                (found, most) = (Some(*format), sure);
            }
        }
        found
    }
}
