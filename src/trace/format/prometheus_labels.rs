use std::borrow::Cow;
use std::fmt::{self, Write};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A metric and its labels, in order of their names.
#[derive(Debug, Default)]
pub struct Labels<'a>(Vec<(Text<'a>, Text<'a>)>);

impl Labels<'_> {
    /// The value of a label.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(label, _)| label.0 == name);
        found.map(|(_, value)| value.0.as_ref())
    }

    /// Appends a metric with the labels, as PromQL writes them, without those that tell buckets apart.
    pub fn title(&self, metric: &str, title: &mut String) {
        title.push_str(metric);
        let mut before = '{';
        for (label, value) in &self.0 {
            if matches!(label.0.as_ref(), "__name__" | "le") {
                continue;
            }
            title.push(before);
            title.push_str(&label.0);
            title.push('=');
            quote(&value.0, title);
            before = ',';
        }
        if before == ',' {
            title.push('}');
        }
    }
}

fn quote(value: &str, title: &mut String) {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if value.bytes().all(plain) {
        title.push('"');
        title.push_str(value);
        title.push('"');
    } else {
        // To write to text cannot fail.
        let _ = write!(title, "{value:?}");
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Labels<'a> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(All)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = Labels<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("labels")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels<'de>, A::Error> {
        let mut labels: Vec<(Text<'de>, Text<'de>)> = Vec::new();
        while let Some(label) = map.next_entry()? {
            labels.push(label);
        }
        // A label that is there twice has its last value.
        labels.reverse();
        labels.sort_by(|one, other| one.0.0.cmp(&other.0.0));
        labels.dedup_by(|later, first| later.0.0 == first.0.0);
        Ok(Labels(labels))
    }
}

/// Text that is borrowed where it has no escapes.
#[derive(Debug)]
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_str(AnyText)
    }
}

struct AnyText;

impl<'de> Visitor<'de> for AnyText {
    type Value = Text<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}
