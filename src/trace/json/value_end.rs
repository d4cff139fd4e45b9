use memchr::memchr2;

/// Finds where a JSON value ends that comes in pieces, by its quotes and brackets alone: whether it is one,
/// and which bracket closes which, has yet to be asked.
#[derive(Debug, Default)]
pub(super) struct ValueEnd {
    seen: usize,
    depth: usize,
    inside: Inside,
}

#[derive(Debug, Default, Clone, Copy)]
enum Inside {
    #[default]
    Nothing,
    Word,
    Text,
    Escape,
    Brackets,
}

impl ValueEnd {
    /// The length of the value, of which `text` is the beginning, or nothing until it has ended.
    ///
    /// What was seen by an earlier call is not looked at again.
    pub(super) fn within(&mut self, text: &[u8]) -> Option<usize> {
        while let Some(&byte) = text.get(self.seen) {
            match self.inside {
                Inside::Nothing => {
                    self.inside = match byte {
                        b'"' => Inside::Text,
                        b'{' | b'[' => Inside::Brackets,
                        _ => Inside::Word,
                    };
                    self.depth = usize::from(matches!(self.inside, Inside::Brackets));
                    self.seen += 1;
                }
                Inside::Word => {
                    if matches!(
                        byte,
                        b',' | b']' | b'}' | b':' | b' ' | b'\n' | b'\r' | b'\t'
                    ) {
                        return Some(self.seen);
                    }
                    self.seen += 1;
                }
                Inside::Escape => {
                    self.inside = Inside::Text;
                    self.seen += 1;
                }
                Inside::Text => self.text(text),
                Inside::Brackets => self.brackets(text),
            }
            if self.depth == 0 && matches!(self.inside, Inside::Brackets) {
                return Some(self.seen);
            }
        }
        None
    }

    /// Goes to what ends or interrupts a text.
    fn text(&mut self, text: &[u8]) {
        let rest = text.get(self.seen..).unwrap_or_default();
        match memchr2(b'"', b'\\', rest) {
            Some(place) => {
                self.inside = match rest.get(place) {
                    Some(b'\\') => Inside::Escape,
                    _ => Inside::Brackets,
                };
                self.seen += place + 1;
            }
            None => self.seen = text.len(),
        }
    }

    /// Goes to the next quote, or to the bracket that closes the value.
    fn brackets(&mut self, text: &[u8]) {
        for &byte in text.get(self.seen..).unwrap_or_default() {
            self.seen += 1;
            match byte {
                b'"' => {
                    self.inside = Inside::Text;
                    return;
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_do_however_they_are_cut() {
        for (value, rest) in [
            ("7", ",8"),
            ("null", "]"),
            ("-1.5e3", "\n"),
            (r#""a""#, ":1"),
            (r#""a\"]}\\""#, r#""b""#),
            (r#"{"a":[1,{"b":"}"}],"c":"\\"}"#, "}"),
            ("[]", "]"),
            (r#"[[],["]"]]"#, ","),
        ] {
            let text = format!("{value}{rest}");
            assert_eq!(
                ValueEnd::default().within(text.as_bytes()),
                Some(value.len()),
                "{text}"
            );
            let mut slowly = ValueEnd::default();
            let found = (0..=text.len()).find_map(|cut| slowly.within(&text.as_bytes()[..cut]));
            assert_eq!(found, Some(value.len()), "{text}");
        }
        for open in ["", "12", r#""a\""#, r#"{"a":[1}"#] {
            assert_eq!(ValueEnd::default().within(open.as_bytes()), None, "{open}");
        }
    }
}
