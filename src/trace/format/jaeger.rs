//! Traces as Jaeger's query service and its UI give them in JSON.
//!
//! ```json
//! {"data": [{"traceID": "1", "spans": [{"operationName": "GET /", "startTime": 1795429354000000, "duration": 1000,
//!   "processID": "p1", "tags": [{"key": "error", "value": true}]}], "processes": {"p1": {"serviceName": "cart"}}}]}
//! ```
//!
//! Times are microseconds, since 1970. The layout is that of `model/json/model.go` in Jaeger's source.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::spans::{Span, Spans};
use crate::trace::delays::Delays;
use crate::trace::input::Input;
use crate::trace::json::{Document, Documents, Elements, Scalar, Stop, read_documents};
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::trace::scan::has;
use crate::trace::table::Clock;
use crate::{Cancel, Error};

/// So many processes are told apart in a trace; spans of further ones have no service.
const PROCESSES: usize = 1 << 16;

/// How sure the beginning of a file makes it that these are traces of Jaeger.
pub fn sure(head: &[u8]) -> u8 {
    let object = head.trim_ascii_start().starts_with(b"{");
    let marks: [&[u8]; 3] = [b"\"data\"", b"\"spans\"", b"\"traceID\""];
    if object && marks.iter().all(|mark| has(head, mark)) {
        90
    } else {
        0
    }
}

/// Reads the spans: the duration is the delay, the target is `service operation`, the outcome `error`
/// where the tags say so and `ok` otherwise.
///
/// # Errors
///
/// Those of [`read_documents`].
pub fn read(
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<(Trace, Report), Error> {
    let mut answer = Answer {
        delays: Delays::new(Clock::Unix, "us"),
    };
    let report = read_documents(&mut answer, input, options.strict, cancel)?;
    Ok((Trace::Delays(answer.delays), report))
}

/// `{"data": [...]}`
struct Answer {
    delays: Delays,
}

impl Document for Answer {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        if key != "data" {
            return documents.skip();
        }
        let mut one = OneTrace {
            delays: &mut self.delays,
            spans: Spans::default(),
            services: BTreeMap::new(),
        };
        documents.objects(&mut one)
    }
}

/// `{"spans": [...], "processes": {...}}`, in any order
struct OneTrace<'a> {
    delays: &'a mut Delays,
    spans: Spans,
    services: BTreeMap<String, Vec<u8>>,
}

impl Document for OneTrace<'_> {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "spans" => documents.elements(self),
            "processes" => {
                let mut processes = Processes {
                    services: &mut self.services,
                };
                documents.objects(&mut processes)
            }
            _ => documents.skip(),
        }
    }

    fn end(&mut self) {
        let services = std::mem::take(&mut self.services);
        self.spans.give(self.delays, |process| {
            services.get(process).map_or(b"", Vec::as_slice)
        });
    }
}

impl Elements for OneTrace<'_> {
    type Element<'de> = Written<'de>;

    fn take(&mut self, span: Written<'_>) -> Result<(), Fault> {
        self.spans.push(span.span()?);
        Ok(())
    }
}

/// `{"p1": {"serviceName": "cart"}}`
struct Processes<'a> {
    services: &'a mut BTreeMap<String, Vec<u8>>,
}

impl Document for Processes<'_> {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        let process: Process = documents.value()?;
        if self.services.len() < PROCESSES {
            let service = process.service_name.text().to_vec();
            self.services.insert(key.to_owned(), service);
        }
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process<'a> {
    #[serde(default, borrow)]
    service_name: Scalar<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(default, borrow)]
    operation_name: Scalar<'a>,
    #[serde(default, borrow)]
    start_time: Scalar<'a>,
    #[serde(default, borrow)]
    duration: Scalar<'a>,
    #[serde(default, borrow, rename = "processID")]
    process: Scalar<'a>,
    #[serde(default)]
    tags: Tags,
}

impl Written<'_> {
    fn span(&self) -> Result<Span<'_>, Fault> {
        let nanos = |written: &Scalar| {
            let micros = written.whole().filter(|micros| *micros >= 0)?;
            micros.checked_mul(1000)
        };
        Ok(Span {
            operation: self.operation_name.text(),
            of: self.process.text(),
            start: nanos(&self.start_time).ok_or(Fault::new("a span without its start", 0))?,
            length: nanos(&self.duration).ok_or(Fault::new("a span without its duration", 0))?,
            outcome: if self.tags.error { b"error" } else { b"ok" },
        })
    }
}

/// What the tags of a span say of how it ended.
#[derive(Debug, Default)]
struct Tags {
    error: bool,
}

#[derive(Debug, Deserialize)]
struct Tag<'a> {
    #[serde(default, borrow)]
    key: Scalar<'a>,
    #[serde(default, borrow)]
    value: Scalar<'a>,
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<S: Deserializer<'de>>(source: S) -> Result<Self, S::Error> {
        source.deserialize_any(AnyTags)
    }
}

struct AnyTags;

impl<'de> Visitor<'de> for AnyTags {
    type Value = Tags;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("tags")
    }

    fn visit_unit<E>(self) -> Result<Tags, E> {
        Ok(Tags::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tags, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Tags::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Tags, A::Error> {
        let mut tags = Tags::default();
        while let Some(tag) = elements.next_element::<Tag>()? {
            let said = matches!(&tag.value, Scalar::Truth(true))
                || tag.value.text() == b"true"
                || tag.value.text() == b"ERROR";
            tags.error |= said && matches!(tag.key.text(), b"error" | b"otel.status_code");
        }
        Ok(tags)
    }
}
