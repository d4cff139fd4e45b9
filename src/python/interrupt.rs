use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
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
    py.detach(|| {
        let (done, outcome) = sync_channel(1);
        workers().in_place_scope(|scope| {
            scope.spawn(move |_| _ = done.send(work(cancel)));
            waited_for(&outcome, cancel, progress.as_ref())?.map_err(PyErr::from)
        })
    })
}

/// Runs `work`, which mostly sleeps and so gets a thread of its own, until it is done or Python has a
/// signal to handle; returns what it has come to, and what the signal raised.
pub fn attended<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&Cancel) -> Result<T, Error> + Send,
) -> PyResult<(T, Option<PyErr>)> {
    let cancel = &Cancel::default();
    py.detach(|| {
        let (done, outcome) = sync_channel(1);
        thread::scope(|scope| {
            scope.spawn(move || _ = done.send(work(cancel)));
            match waited_for(&outcome, cancel, None) {
                Ok(result) => Ok((result?, None)),
                Err(raised) => match outcome.recv() {
                    Ok(Ok(result)) => Ok((result, Some(raised))),
                    Ok(Err(Error::Cancelled)) | Err(_) => Err(raised),
                    Ok(Err(error)) => Err(error.into()),
                },
            }
        })
    })
}

/// Waits for the outcome; the error is what a signal or `progress` raised, after which the work was
/// asked to stop.
fn waited_for<T>(
    outcome: &Receiver<Result<T, Error>>,
    cancel: &Cancel,
    progress: Option<&Py<PyAny>>,
) -> PyResult<Result<T, Error>> {
    let look_up = || {
        Python::attach(|py| {
            py.check_signals()?;
            match progress {
                Some(progress) => progress.call1(py, (cancel.done(),)).map(drop),
                None => Ok(()),
            }
        })
    };
    loop {
        match outcome.recv_timeout(POLL) {
            Ok(result) => {
                if result.is_ok() && progress.is_some() {
                    look_up()?;
                }
                return Ok(result);
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Err(raised) = look_up() {
                    cancel.request();
                    return Err(raised);
                }
            }
            // `work` panicked; the scope raises that panic again as it ends.
            Err(RecvTimeoutError::Disconnected) => return Ok(Err(Error::Cancelled)),
        }
    }
}
