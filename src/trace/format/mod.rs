//! The formats, one per file.

mod fping;
mod ghz;
mod jaeger;
mod mtr;
mod otlp;
mod pcap;
mod ping;
mod spans;

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
