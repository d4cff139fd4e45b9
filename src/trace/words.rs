use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many different names are told apart in a column; further ones share [`OTHERS`].
const MOST: usize = 1 << 16;

/// A name is cut after so many characters.
const LONGEST: usize = 200;

/// What names beyond the ones that are told apart are called.
const OTHERS: &str = "(others)";

/// A column of names, each kept once.
///
/// Names come from files that anybody may have written. They are made [`harmless`] as they come in,
/// so that they can be printed wherever results are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Words {
    codes: Vec<u32>,
    names: Vec<String>,
    places: BTreeMap<Vec<u8>, u32>,
}

impl Words {
    /// Appends a name.
    pub fn push(&mut self, name: &[u8]) {
        let code = self.code(name);
        self.codes.push(code);
    }

    /// Appends a name so many times.
    pub fn push_many(&mut self, name: &[u8], count: usize) {
        if count > 0 {
            let code = self.code(name);
            self.codes.extend(std::iter::repeat_n(code, count));
        }
    }

    /// Puts another name where a row has one.
    pub fn replace(&mut self, row: usize, name: &[u8]) {
        let code = self.code(name);
        if let Some(place) = self.codes.get_mut(row) {
            *place = code;
        }
    }

    /// For each row the place of its name among [`names`](Self::names).
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The names, in order of first appearance.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    fn code(&mut self, name: &[u8]) -> u32 {
        // Neighbouring rows mostly have the same name.
        if let Some(code) = self.codes.last().copied()
            && self.names[code as usize].as_bytes() == name
        {
            return code;
        }
        if let Some(code) = self.places.get(name) {
            return *code;
        }
        let (key, shown) = if self.names.len() < MOST {
            (name, harmless(name, LONGEST))
        } else {
            (OTHERS.as_bytes(), OTHERS.to_owned())
        };
        *self.places.entry(key.to_vec()).or_insert_with(|| {
            self.names.push(shown);
            self.names.len() as u32 - 1
        })
    }
}

/// Text from a file as it may be shown: no more than `most` characters, and none that a terminal,
/// a table or a page would obey instead of showing.
///
/// Control characters, marks that change the direction of writing, and those that take no place
/// become escapes such as `\u{1b}`; bytes that are no UTF-8 become U+FFFD.
pub fn harmless(text: &[u8], most: usize) -> String {
    // Four bytes a character at most, so that a long line is not decoded whole.
    let text = &text[..text.len().min(most.saturating_mul(4).saturating_add(4))];
    let decoded: Cow<'_, str> = String::from_utf8_lossy(text);
    let mut shown = String::new();
    for (index, character) in decoded.chars().enumerate() {
        if index == most {
            shown.push('…');
            break;
        }
        if is_obeyed(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_obeyed_gets_through() {
        let hostile = "a\u{1b}[2J\u{9b}m\u{202e}b\u{200d}\u{7f}\n";
        let shown = harmless(hostile.as_bytes(), 80);
        assert!(shown.chars().all(|c| !is_obeyed(c)), "{shown}");
        assert!(shown.starts_with("a\\u{1b}[2J"));
        assert_eq!(harmless(&[b'x'; 100], 3), "xxx…");
    }

    #[test]
    fn each_name_is_kept_once() {
        let mut words = Words::default();
        for name in ["a", "b", "a", "a", "c\u{1b}", "c\u{1b}"] {
            words.push(name.as_bytes());
        }
        assert_eq!(words.codes(), [0, 1, 0, 0, 2, 2]);
        assert_eq!(words.names(), ["a", "b", "c\\u{1b}"]);
    }

    #[test]
    fn names_beyond_the_most_share_one() {
        let mut words = Words::default();
        for number in 0..MOST + 10 {
            words.push(format!("{number}").as_bytes());
        }
        assert_eq!(words.names().len(), MOST + 1);
        assert_eq!(words.codes()[MOST + 9] as usize, MOST);
    }
}
