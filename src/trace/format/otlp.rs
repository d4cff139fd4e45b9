//! Spans as the file exporter of the OpenTelemetry collector writes them: OTLP in JSON.
//!
//! ```json
//! {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "cart"}}]},
//!   "scopeSpans": [{"spans": [{"name": "GET /", "startTimeUnixNano": "1795429354000000000",
//!     "endTimeUnixNano": "1795429354001000000", "status": {"code": 2}}]}]}]}
//! ```
//!
//! Times are nanoseconds since 1970, as text or as numbers. One request of
//! `opentelemetry/proto/collector/trace/v1` on each line, or any number of documents.

use serde::Deserialize;

use super::spans::{Span, Spans};
use crate::trace::delays::Delays;
use crate::trace::input::Input;
use crate::trace::json::{Document, Documents, Elements, Scalar, Stop, read_documents};
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::trace::scan::has;
use crate::trace::table::Clock;
use crate::{Cancel, Error};

/// How sure the beginning of a file makes it that these are spans in OTLP.
pub fn sure(head: &[u8]) -> u8 {
    let object = head.trim_ascii_start().starts_with(b"{");
    if object && has(head, b"\"resourceSpans\"") {
        90
    } else {
        0
    }
}

/// Reads the spans: from start to end is the delay, the target is `service operation`, the outcome
/// `unset`, `ok` or `error`.
///
/// A span that has not ended, or ended before it began, is a fault.
///
/// # Errors
///
/// Those of [`read_documents`].
pub fn read(
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<(Trace, Report), Error> {
    let mut request = Request {
        delays: Delays::new(Clock::Unix, "ns"),
    };
    let report = read_documents(&mut request, input, options.strict, cancel)?;
    Ok((Trace::Delays(request.delays), report))
}

/// `{"resourceSpans": [...]}`
struct Request {
    delays: Delays,
}

impl Document for Request {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        if key != "resourceSpans" {
            return documents.skip();
        }
        let mut resource = Resource {
            delays: &mut self.delays,
            service: Vec::new(),
            spans: Spans::default(),
        };
        documents.objects(&mut resource)
    }
}

/// `{"resource": {...}, "scopeSpans": [...]}`, in any order
struct Resource<'a> {
    delays: &'a mut Delays,
    service: Vec<u8>,
    spans: Spans,
}

impl Document for Resource<'_> {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "resource" => {
                let mut described = Described {
                    service: &mut self.service,
                    key: Vec::new(),
                    value: Vec::new(),
                };
                documents.objects(&mut described)
            }
            // Before 1.0 of the protocol a scope was an instrumentation library.
            "scopeSpans" | "instrumentationLibrarySpans" => {
                let mut scope = Scope {
                    spans: &mut self.spans,
                };
                documents.objects(&mut scope)
            }
            _ => documents.skip(),
        }
    }

    fn end(&mut self) {
        let service = std::mem::take(&mut self.service);
        self.spans.give(self.delays, |_| &service);
    }
}

/// `{"spans": [...]}`
struct Scope<'a> {
    spans: &'a mut Spans,
}

impl Document for Scope<'_> {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "spans" => documents.elements(self),
            _ => documents.skip(),
        }
    }
}

impl Elements for Scope<'_> {
    type Element<'de> = Written<'de>;

    fn take(&mut self, span: Written<'_>) -> Result<(), Fault> {
        self.spans.push(span.span()?);
        Ok(())
    }
}

/// `{"attributes": [{"key": "service.name", "value": {...}}]}`
struct Described<'a> {
    service: &'a mut Vec<u8>,
    key: Vec<u8>,
    value: Vec<u8>,
}

impl Document for Described<'_> {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "attributes" => documents.objects(self),
            "key" => {
                self.key = documents.value::<Scalar>()?.text().to_vec();
                Ok(())
            }
            "value" => {
                self.value = documents.value::<Value>()?.text.text().to_vec();
                Ok(())
            }
            _ => documents.skip(),
        }
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.key) == b"service.name" {
            *self.service = std::mem::take(&mut self.value);
        }
    }
}

#[derive(Debug, Deserialize, Default)]
struct Value<'a> {
    #[serde(default, borrow, rename = "stringValue")]
    text: Scalar<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(default, borrow)]
    name: Scalar<'a>,
    #[serde(default, borrow)]
    start_time_unix_nano: Scalar<'a>,
    #[serde(default, borrow)]
    end_time_unix_nano: Scalar<'a>,
    #[serde(default, borrow)]
    status: Status<'a>,
}

#[derive(Debug, Deserialize, Default)]
struct Status<'a> {
    #[serde(default, borrow)]
    code: Scalar<'a>,
}

impl Written<'_> {
    fn span(&self) -> Result<Span<'_>, Fault> {
        let time = |written: &Scalar| written.whole().filter(|at| *at > 0);
        let start =
            time(&self.start_time_unix_nano).ok_or(Fault::new("a span without its start", 0))?;
        let end = time(&self.end_time_unix_nano).ok_or(Fault::new("a span without its end", 0))?;
        let outcome: &[u8] = match &self.status.code {
            Scalar::Whole(1) => b"ok",
            Scalar::Whole(2) => b"error",
            Scalar::Text(code) if code == "STATUS_CODE_OK" => b"ok",
            Scalar::Text(code) if code == "STATUS_CODE_ERROR" => b"error",
            _ => b"unset",
        };
        Ok(Span {
            operation: self.name.text(),
            of: b"",
            start,
            length: end
                .checked_sub(start)
                .filter(|length| *length >= 0)
                .ok_or(Fault::new("a span that ends before it starts", 0))?,
            outcome,
        })
    }
}
