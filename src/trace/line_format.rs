use super::input::Input;
use super::lines::{LONGEST, Lines};
use super::read::{Options, Trace};
use super::report::{Fault, Report};
use crate::{Cancel, Error, memory};

/// A format of which each line stands for itself.
pub trait LineFormat {
    /// Takes a line, without its end.
    ///
    /// # Errors
    ///
    /// A [`Fault`] if the line should have a record, or belongs to no line of the format, and cannot
    /// be understood.
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault>;

    /// Takes the last line of an input that ended before the line did: as any other, unless a format always ends
    /// its lines, so that this one must be torn.
    ///
    /// # Errors
    ///
    /// As for [`line`](Self::line).
    fn torn_line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        self.line(line)
    }

    /// What all lines together say; notes go into the report.
    ///
    /// # Errors
    ///
    /// [`refused`] if they are of a kind that no curve can be made of, such as averages alone.
    fn finish(self, report: &mut Report) -> Result<Trace, Error>;
}

/// The error of a format that has nothing to learn from, whose input has yet to be named.
pub fn refused(reason: &str) -> Error {
    Error::trace("", reason)
}

/// What became of a line that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It gave a record.
    Record,
    /// It belongs to the format and says nothing of what is looked for.
    PassedOver,
}

/// So many lines are read between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 4096;

/// A record takes no more memory than this, in bytes, also while its columns grow.
const RECORD: u64 = 96;

/// Reads an input line by line.
///
/// # Errors
///
/// [`Error::Trace`] at the first line that is not understood if `options` are strict, and where the
/// format itself says so; [`Error::System`] if the input cannot be read; [`Error::Memory`];
/// [`Error::Cancelled`].
pub fn read_lines(
    mut format: impl LineFormat,
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<(Trace, Report), Error> {
    let name = input.name().to_owned();
    let mut report = Report::default();
    let mut lines = Lines::new(input);
    loop {
        let number = lines.number() + 1;
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => return Err(Error::file(&name, &error)),
        };
        let taken = if line.cut {
            Err(Fault::new("a line longer than 1 MiB", LONGEST))
        } else if line.torn {
            format.torn_line(line.text)
        } else {
            format.line(line.text)
        };
        match taken {
            Ok(Taken::Record) => report.records += 1,
            Ok(Taken::PassedOver) => report.passed_over += 1,
            Err(fault) => {
                report.fault(fault, number, line.text);
                if options.strict {
                    return Err(first_fault(&name, &report));
                }
            }
        }
        if number.is_multiple_of(BETWEEN_LOOKS) {
            cancel.advance(BETWEEN_LOOKS)?;
            if number.is_power_of_two() {
                memory::admit("source", &name, report.records * RECORD)?;
            }
        }
    }
    report.lines = lines.number();
    match format.finish(&mut report) {
        Ok(trace) => Ok((trace, report)),
        Err(Error::Trace { place, reason }) if place.is_empty() => {
            Err(Error::trace(&name, &reason))
        }
        Err(error) => Err(error),
    }
}

/// The error that a fault is to those who want none.
pub(super) fn first_fault(name: &str, report: &Report) -> Error {
    let Some(first) = report.faults.first() else {
        return Error::trace(name, "not understood");
    };
    let place = format!("{name}:{}:{}", first.line, first.column);
    if first.text.is_empty() {
        Error::trace(&place, first.reason)
    } else {
        Error::trace(&place, &format!("{}: {:?}", first.reason, first.text))
    }
}
