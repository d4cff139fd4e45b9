use std::borrow::Cow;

/// Why a computation has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument lies outside its domain.
    #[error("{name} = {value}, expected {expected}")]
    Argument {
        /// Name of the argument as the caller knows it.
        name: Cow<'static, str>,
        /// The value received, as text.
        value: String,
        /// What would have been right.
        expected: Cow<'static, str>,
    },

    /// The request needs more memory than there is.
    #[error("{name} = {value} needs {bytes} bytes of memory, {available} are available")]
    Memory {
        /// Name of the argument that asks for too much.
        name: Cow<'static, str>,
        /// The value received, as text.
        value: String,
        /// Bytes the request would take.
        bytes: u64,
        /// Bytes that may be taken.
        available: u64,
    },

    /// A file cannot be read or written.
    #[error("{name}: {reason}")]
    File {
        /// Its path.
        name: String,
        /// The system's number of what went wrong, if it came from the system.
        code: Option<i32>,
        /// What went wrong.
        reason: String,
    },

    /// A file does not hold what it should.
    #[error("{place}: {reason}")]
    Trace {
        /// Path, line and column, as far as they are known.
        place: String,
        /// What was found, or was expected.
        reason: String,
    },

    /// A detector from outside of this crate failed; it knows why.
    #[error("the detector failed")]
    Foreign,

    /// The caller asked for the work to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// An [`Error::File`] from what the system says.
    pub fn file(name: &str, error: &std::io::Error) -> Self {
        Self::File {
            name: name.to_owned(),
            code: error.raw_os_error(),
            reason: error.to_string(),
        }
    }

    /// An [`Error::Trace`] from its parts.
    pub fn trace(place: &str, reason: &str) -> Self {
        Self::Trace {
            place: place.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// An [`Error::Argument`] from its parts.
    pub fn argument(
        name: impl Into<Cow<'static, str>>,
        value: impl ToString,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Argument {
            name: name.into(),
            value: value.to_string(),
            expected: expected.into(),
        }
    }
}
