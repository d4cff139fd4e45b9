use std::fmt::{Display, Write as _};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use super::clock::Clock;
use super::target::quoted;
use crate::Error;

/// First line of every recording.
const FIRST_LINE: &str = "# suspicion recording 1";
/// What the end of a line that a kill cut short is marked with when another recording follows it.
const TORN: &str = "#torn\n";
/// How long a row may wait for others before it is written.
const LONGEST_WAIT: Duration = Duration::from_millis(100);
/// Rows that may wait for a slow disk.
const MOST_WAITING: usize = 1 << 16;

/// What to do with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it alone and fail.
    Refuse,
    /// Add this recording to those in it.
    Append,
    /// Begin it anew.
    Replace,
}

impl FromStr for Existing {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "refuse" => Ok(Self::Refuse),
            "append" => Ok(Self::Append),
            "replace" => Ok(Self::Replace),
            _ => Err(Error::argument(
                "existing",
                quoted(word),
                "'refuse', 'append' or 'replace'",
            )),
        }
    }
}

/// Where a recording goes.
#[derive(Debug, Clone)]
pub struct Place {
    path: Option<PathBuf>,
    existing: Existing,
}

impl Place {
    /// A file.
    pub fn file(path: impl Into<PathBuf>, existing: Existing) -> Self {
        Self {
            path: Some(path.into()),
            existing,
        }
    }

    /// The standard output of the process.
    pub fn standard_output() -> Self {
        Self {
            path: None,
            existing: Existing::Append,
        }
    }

    fn name(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "standard output".into(),
        }
    }

    fn open(&self, kind: &str) -> Result<Sink, Error> {
        let name = self.name();
        let failed = |error: io::Error| Error::system(&name, &error);
        let Some(path) = &self.path else {
            return Ok(Sink {
                name,
                output: Output::Standard,
            });
        };
        let mut options = OpenOptions::new();
        match self.existing {
            Existing::Refuse => options.append(true).create_new(true),
            Existing::Append => options.read(true).append(true).create(true),
            Existing::Replace => options.append(true).create(true),
        };
        let mut file = options.open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Ok(Sink {
                name,
                output: Output::Device(file),
            });
        }
        // Some file systems have no locks; there a second recording is the user's to avoid.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let expected = "a file that no other recording is being written to";
            return Err(Error::argument("path", quoted(&name), expected));
        }
        let length = match self.existing {
            Existing::Append => continued(&mut file, kind, &name)?,
            Existing::Refuse | Existing::Replace => {
                file.set_len(0).map_err(failed)?;
                0
            }
        };
        Ok(Sink {
            name,
            output: Output::File { file, length },
        })
    }
}

/// Makes a file with recordings ready for another one and returns its length.
fn continued(file: &mut File, kind: &str, name: &str) -> Result<u64, Error> {
    let failed = |error: io::Error| Error::system(name, &error);
    let length = file.metadata().map_err(failed)?.len();
    if length == 0 {
        return Ok(0);
    }
    let mut head = String::new();
    let mut lines = BufReader::new(file.take(256));
    for _ in 0..2 {
        // What is no text is no recording either.
        if lines.read_line(&mut head).is_err() {
            head.clear();
        }
    }
    if head != format!("{FIRST_LINE}\n# kind: {kind}\n") {
        let expected = format!("a file that begins with a recording of {kind}, or none");
        return Err(Error::argument("path", quoted(name), expected));
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1)).map_err(failed)?;
    file.read_exact(&mut last).map_err(failed)?;
    if last == *b"\n" {
        return Ok(length);
    }
    file.write_all(TORN.as_bytes()).map_err(failed)?;
    Ok(length + TORN.len() as u64)
}

/// The lines before the rows of a recording.
#[derive(Debug)]
pub struct Header {
    kind: &'static str,
    text: String,
}

impl Header {
    pub fn new(kind: &'static str, started: i64) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let text = format!(
            "{FIRST_LINE}\n# kind: {kind}\n# version: {version}\n# clock: monotonic\n# started: {started}\n"
        );
        Self { kind, text }
    }

    /// Adds a line; control characters become question marks.
    pub fn with(mut self, key: &str, value: impl Display) -> Self {
        let shown: String = value
            .to_string()
            .chars()
            .map(|c| if c.is_control() { '?' } else { c })
            .collect();
        _ = writeln!(self.text, "# {key}: {shown}");
        self
    }
}

enum Output {
    File { file: File, length: u64 },
    Device(File),
    Standard,
}

struct Sink {
    name: String,
    output: Output,
}

impl Sink {
    /// Writes whole lines; of what cannot be written whole, a file keeps nothing.
    fn write(&mut self, lines: &str) -> Result<(), Error> {
        let done = match &mut self.output {
            Output::File { file, length } => match file.write_all(lines.as_bytes()) {
                Ok(()) => {
                    *length += lines.len() as u64;
                    Ok(())
                }
                Err(error) => {
                    _ = file.set_len(*length);
                    Err(error)
                }
            },
            Output::Device(file) => file.write_all(lines.as_bytes()),
            Output::Standard => {
                let mut standard = io::stdout().lock();
                standard
                    .write_all(lines.as_bytes())
                    .and_then(|()| standard.flush())
            }
        };
        done.map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Error::System {
                what: self.name.clone(),
                reason: "nobody reads it any more".into(),
                code: error.raw_os_error(),
            },
            _ => Error::system(&self.name, &error),
        })
    }

    /// Writes the rows that arrive, several at a time, until there will be no more.
    fn drain(&mut self, rows: &Receiver<String>) -> Result<(), Error> {
        let clock = Clock::start();
        let mut lines = String::new();
        while let Ok(first) = rows.recv() {
            lines.push_str(&first);
            let first_came = clock.now();
            while let Some(left) = LONGEST_WAIT.checked_sub(clock.since(first_came)) {
                match rows.recv_timeout(left) {
                    Ok(row) => lines.push_str(&row),
                    Err(_) => break,
                }
            }
            self.write(&lines)?;
            lines.clear();
        }
        Ok(())
    }
}

/// Where the rows of a recording go while it is made: to a thread that writes them, so that a slow disk
/// holds up nothing that is measured.
#[derive(Debug)]
pub struct Rows {
    queue: SyncSender<String>,
    dropped: u64,
}

impl Rows {
    /// Takes a row, given without the end of its line; false where too many wait already and it is lost.
    pub fn push(&mut self, mut row: String) -> Result<bool, Error> {
        row.push('\n');
        match self.queue.try_send(row) {
            Ok(()) => Ok(true),
            Err(TrySendError::Full(_)) => {
                self.dropped += 1;
                Ok(false)
            }
            // The writer has failed and will say why.
            Err(TrySendError::Disconnected(_)) => Err(Error::Cancelled),
        }
    }

    /// Rows that were lost so far.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

/// Opens a recording, writes its header and the line `columns`, and then what `work` gives it.
pub fn streamed<T>(
    place: &Place,
    header: Header,
    columns: &str,
    work: impl FnOnce(&mut Rows) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut sink = place.open(header.kind)?;
    sink.write(&format!("{}{columns}\n", header.text))?;
    let (queue, waiting) = sync_channel(MOST_WAITING);
    thread::scope(|scope| {
        let writer = scope.spawn(move || sink.drain(&waiting));
        let result = work(&mut Rows { queue, dropped: 0 });
        let written = writer.join().unwrap_or(Err(Error::Cancelled));
        written.and(result)
    })
}
