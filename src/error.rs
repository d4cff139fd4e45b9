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

    /// The system refused what is needed: a file, a socket, a name.
    #[error("{what}: {reason}")]
    System {
        /// The file or the address, as text.
        what: String,
        /// What the system said.
        reason: String,
        /// The system's number for it.
        code: Option<i32>,
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
    /// What went wrong in reading a file: the system's refusal, or that it is no valid stream.
    pub fn file(name: &str, error: &std::io::Error) -> Self {
        if error.raw_os_error().is_some() {
            Self::system(name, error)
        } else {
            Self::trace(name, &error.to_string())
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

    /// An [`Error::System`] about a file or an address.
    pub(crate) fn system(what: impl ToString, error: &std::io::Error) -> Self {
        let said = error.to_string();
        Self::System {
            what: what.to_string(),
            reason: said.split(" (os error").next().unwrap_or_default().into(),
            code: error.raw_os_error(),
        }
    }
}
