use pyo3::PyErr;
use pyo3::exceptions::{
    PyKeyboardInterrupt, PyMemoryError, PyOSError, PyRuntimeError, PyValueError,
};

use crate::Error;

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        match error {
            Error::Cancelled => PyKeyboardInterrupt::new_err(()),
            Error::Memory { .. } => PyMemoryError::new_err(error.to_string()),
            // With its number Python raises the kind of error that it stands for.
            Error::System {
                what,
                reason,
                code: Some(code),
            } => PyOSError::new_err((code, reason, what)),
            Error::System { .. } => PyOSError::new_err(error.to_string()),
            Error::Foreign => PyRuntimeError::new_err(error.to_string()),
            Error::Argument { .. } | Error::Trace { .. } => {
                PyValueError::new_err(error.to_string())
            }
        }
    }
}
