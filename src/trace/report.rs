use super::words::harmless;

/// So much of a line is quoted.
const QUOTED: usize = 80;

/// Why a line, or a part of it, was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in words that do not depend on the line.
    pub reason: &'static str,
    /// Where in the line, counted in bytes from zero.
    pub column: usize,
}

impl Fault {
    /// A fault at a place of a line.
    pub fn new(reason: &'static str, column: usize) -> Self {
        Self { reason, column }
    }
}

/// All lines with the same fault, and where the first of them stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// What is wrong.
    pub reason: &'static str,
    /// How often.
    pub count: u64,
    /// Number of the first such line, or of the first such record where there are no lines.
    pub line: u64,
    /// Column in it, counted from one.
    pub column: usize,
    /// Its beginning, made harmless.
    pub text: String,
}

/// What became of everything that was read.
///
/// Of text each line counts once, as a record, as something known that says nothing of what is
/// looked for, or as a fault. Of other formats it is packets, spans, values that count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Lines, or whatever the format is made of.
    pub lines: u64,
    /// Those that gave a record.
    pub records: u64,
    /// Those that belong to the format and have no record in them, such as headings.
    pub passed_over: u64,
    /// Those that were not understood, by reason, in order of first appearance.
    pub faults: Vec<Faults>,
    /// What else is worth knowing, such as duplicates, each with its number.
    pub notes: Vec<(&'static str, u64)>,
}

impl Report {
    /// Counts a line that was not understood.
    pub fn fault(&mut self, fault: Fault, line: u64, text: &[u8]) {
        match self
            .faults
            .iter_mut()
            .find(|known| known.reason == fault.reason)
        {
            Some(known) => known.count += 1,
            None => self.faults.push(Faults {
                reason: fault.reason,
                count: 1,
                line,
                column: fault.column + 1,
                text: harmless(text, QUOTED),
            }),
        }
    }

    /// How many lines were not understood.
    pub fn faulty(&self) -> u64 {
        self.faults.iter().map(|faults| faults.count).sum()
    }

    /// Adds to a number worth knowing.
    pub fn note(&mut self, what: &'static str, count: u64) {
        if count == 0 {
            return;
        }
        match self.notes.iter_mut().find(|known| known.0 == what) {
            // What a file claims may be as much as there are numbers.
            Some(known) => known.1 = known.1.saturating_add(count),
            None => self.notes.push((what, count)),
        }
    }
}
