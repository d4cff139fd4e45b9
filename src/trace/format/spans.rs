use crate::trace::delays::{Delays, Probe};
use crate::trace::words::Words;

/// Spans whose services may only be named after them.
#[derive(Debug, Default)]
pub struct Spans {
    operation: Words,
    of: Words,
    outcome: Words,
    start: Vec<i64>,
    length: Vec<i64>,
}

/// One span.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    /// What was done.
    pub operation: &'a [u8],
    /// What stands for who did it.
    pub of: &'a [u8],
    /// When it began, in nanoseconds since 1970.
    pub start: i64,
    /// How long it took, in nanoseconds.
    pub length: i64,
    /// How it ended.
    pub outcome: &'a [u8],
}

impl Spans {
    /// Appends a span.
    pub fn push(&mut self, span: Span<'_>) {
        self.operation.push(span.operation);
        self.of.push(span.of);
        self.outcome.push(span.outcome);
        self.start.push(span.start);
        self.length.push(span.length);
    }

    /// Moves all spans to where they belong, now that `service` is known for what stands for it.
    pub fn give<'a>(&mut self, delays: &mut Delays, service: impl Fn(&str) -> &'a [u8]) {
        let spans = std::mem::take(self);
        let mut target = Vec::new();
        for (row, (start, length)) in spans.start.into_iter().zip(spans.length).enumerate() {
            target.clear();
            target.extend(service(word(&spans.of, row)));
            if !target.is_empty() {
                target.push(b' ');
            }
            target.extend(word(&spans.operation, row).as_bytes());
            delays.push(Probe {
                number: None,
                sent: Some(start),
                delay: Some(length),
                target: &target,
                outcome: word(&spans.outcome, row).as_bytes(),
            });
        }
    }
}

fn word(words: &Words, row: usize) -> &str {
    let code = words.codes().get(row).copied().unwrap_or_default();
    words.names().get(code as usize).map_or("", String::as_str)
}
