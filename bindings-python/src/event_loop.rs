//! The way into an event loop: a queue that the loop drains, woken through a socket that it watches.
//!
//! A thread that has something for the loop puts it into the queue and writes a byte. It needs neither the interpreter's lock nor
//! another thread for that, and what comes while the loop is busy is drained in one go. A loop that cannot watch sockets (that of
//! Windows) is called by the callback thread with `call_soon_threadsafe`.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::runtime::{self, Job};

/// An event loop, and the caller's context variables. Shared, because a clone of `Py` needs the interpreter's lock.
pub(crate) struct Loop {
    event_loop: Py<PyAny>,
    variables: Py<PyAny>,
    #[cfg(unix)]
    queue: Option<Arc<queue::Queue>>,
}

impl Loop {
    /// The loop that runs in this thread.
    ///
    /// # Errors
    /// `RuntimeError` where none does.
    pub(crate) fn running(py: Python<'_>) -> PyResult<Self> {
        static LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static COPY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let event_loop = LOOP.import(py, "asyncio", "get_running_loop")?.call0()?;
        Ok(Self {
            variables: COPY.import(py, "contextvars", "copy_context")?.call0()?.unbind(),
            #[cfg(unix)]
            queue: queue::of(&event_loop)?,
            event_loop: event_loop.unbind(),
        })
    }

    /// A new future of the loop.
    pub(crate) fn future<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.event_loop.bind(py).call_method0(intern!(py, "create_future"))
    }

    /// Has a job done in the loop, from any thread. Nothing happens where the loop is closed: nobody is left who waits.
    pub(crate) fn post(self: &Arc<Self>, job: Job) {
        #[cfg(unix)]
        if let Some(queue) = &self.queue {
            queue.push(job);
            return;
        }
        let place = Arc::clone(self);
        runtime::dispatch(Box::new(move |py| {
            let _ = Bound::new(py, JobInLoop(Mutex::new(Some(job))))
                .and_then(|job| place.event_loop.bind(py).call_method1(intern!(py, "call_soon_threadsafe"), (job,)));
        }));
    }

    /// As [`post`](Self::post), with the caller's context variables: for code of the caller.
    pub(crate) fn post_in_context(self: &Arc<Self>, job: Job) {
        let place = Arc::clone(self);
        self.post(Box::new(move |py| {
            let run = Bound::new(py, JobInLoop(Mutex::new(Some(job))))
                .and_then(|job| place.variables.bind(py).call_method1(intern!(py, "run"), (job,)));
            if let Err(error) = run {
                error.write_unraisable(py, None);
            }
        }));
    }
}

/// A job as something that Python can call.
#[pyclass(frozen, module = "videoid._native")]
struct JobInLoop(Mutex<Option<Job>>);

#[pymethods]
impl JobInLoop {
    fn __call__(&self, py: Python<'_>) {
        let job = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(job) = job {
            job(py);
        }
    }
}

#[cfg(unix)]
mod queue {
    use std::io::{Read as _, Write as _};
    use std::mem;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::net::UnixStream;
    use std::panic::AssertUnwindSafe;

    use super::*;

    /// What waits for a loop, and the socket that wakes it.
    pub(super) struct Queue {
        waiting: Mutex<Vec<Job>>,
        bell: UnixStream,
        generation: u32,
    }

    impl Queue {
        pub(super) fn push(&self, job: Job) {
            let first = {
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.push(job);
                waiting.len() == 1
            };
            // Where others wait the bell was rung already. It can fail only once the loop is gone.
            if first {
                let _ = (&self.bell).write(&[1]);
            }
        }
    }

    /// What the loop calls when the bell was rung. It lives as long as the loop.
    #[pyclass(frozen, module = "videoid._native")]
    struct Drain {
        queue: Arc<Queue>,
        heard: UnixStream,
    }

    #[pymethods]
    impl Drain {
        fn __call__(&self, py: Python<'_>) {
            // First the bell, then the queue: what comes between is in the queue, and what comes after rings again.
            let mut bytes = [0; 64];
            while matches!((&self.heard).read(&mut bytes), Ok(64)) {}
            let jobs = mem::take(&mut *self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            for job in jobs {
                // A job that panics must not take those after it along.
                let _ = std::panic::catch_unwind(AssertUnwindSafe(|| job(py)));
            }
        }
    }

    /// The queue of a loop, made at its first call. `None` for a loop that cannot watch sockets.
    pub(super) fn of(event_loop: &Bound<'_, PyAny>) -> PyResult<Option<Arc<Queue>>> {
        static QUEUES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = event_loop.py();
        let queues =
            QUEUES.get_or_try_init(py, || py.import("weakref")?.getattr("WeakKeyDictionary")?.call0().map(Bound::unbind))?.bind(py);
        let Ok(found) = queues.call_method1(intern!(py, "get"), (event_loop,)) else { return Ok(None) };
        if let Ok(drain) = found.cast::<Drain>()
            && drain.get().queue.generation == runtime::generation()
        {
            return Ok(Some(Arc::clone(&drain.get().queue)));
        }
        let Ok((bell, heard)) = pair() else { return Ok(None) };
        let queue = Arc::new(Queue { waiting: Mutex::default(), bell, generation: runtime::generation() });
        let fd = heard.as_raw_fd();
        let drain = Bound::new(py, Drain { queue: Arc::clone(&queue), heard })?;
        if event_loop.call_method1(intern!(py, "add_reader"), (fd, &drain)).is_err() {
            return Ok(None);
        }
        // One of the process before a fork stays where it is: its lock may be held by a thread that is not here.
        mem::forget(found.unbind());
        queues.set_item(event_loop, drain)?;
        Ok(Some(queue))
    }

    fn pair() -> std::io::Result<(UnixStream, UnixStream)> {
        let (bell, heard) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        heard.set_nonblocking(true)?;
        Ok((bell, heard))
    }
}

/// Gives the future of a loop its outcome, unless it has one.
pub(crate) fn settle(future: &Bound<'_, PyAny>, outcome: PyResult<Py<PyAny>>) {
    let py = future.py();
    let settled = || -> PyResult<()> {
        if future.call_method0(intern!(py, "done"))?.extract()? {
            return Ok(());
        }
        match outcome {
            Ok(value) => future.call_method1(intern!(py, "set_result"), (value,)).map(drop),
            Err(error) => {
                let refused = match future.call_method1(intern!(py, "set_exception"), (error.value(py),)) {
                    Ok(_) => return Ok(()),
                    Err(refused) => refused,
                };
                // A future does not take a StopIteration, and whoever awaits must not wait for ever.
                refused.set_cause(py, Some(error));
                let text = "the code that a call ran raised what no future takes";
                let instead = pyo3::exceptions::PyRuntimeError::new_err(text);
                instead.set_cause(py, Some(refused));
                future.call_method1(intern!(py, "set_exception"), (instead.into_value(py),)).map(drop)
            }
        }
    };
    if let Err(error) = settled() {
        error.write_unraisable(py, Some(future));
    }
}
