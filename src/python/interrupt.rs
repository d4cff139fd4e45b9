use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use pyo3::prelude::*;

use super::pool::workers;
use crate::{Cancel, Error};

const POLL: Duration = Duration::from_millis(10);

/// Runs `work` on the worker threads, detached from the interpreter, and stops it when Python has
/// a signal to handle or `progress`, which is told how much is done, raises.
///
/// Python handles signals on its main thread only, so the calling thread waits and asks for them.
pub fn interruptible<T: Send>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Cancel) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let cancel = &Cancel::default();
    if rayon::current_thread_index().is_some() {
        // Asked for by a detector that is written in Python, on a worker that it would wait for.
        return py.detach(|| work(cancel)).map_err(PyErr::from);
    }
    let look_up = || {
        Python::attach(|py| {
            py.check_signals()?;
            match &progress {
                Some(progress) => progress.call1(py, (cancel.done(),)).map(drop),
                None => Ok(()),
            }
        })
    };
    py.detach(|| {
        let (done, outcome) = sync_channel(1);
        workers().in_place_scope(|scope| {
            scope.spawn(move |_| _ = done.send(work(cancel)));
            loop {
                match outcome.recv_timeout(POLL) {
                    Ok(result) => {
                        let result = result.map_err(PyErr::from)?;
                        if progress.is_some() {
                            look_up()?;
                        }
                        return Ok(result);
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        if let Err(signal) = look_up() {
                            cancel.request();
                            return Err(signal);
                        }
                    }
                    // `work` panicked; the scope raises that panic again as it ends.
                    Err(RecvTimeoutError::Disconnected) => return Err(Error::Cancelled.into()),
                }
            }
        })
    })
}
