//! The library's own runtime, which survives a fork, and the one thread that calls Python on its behalf.
//!
//! A fork copies one thread only: the child has a runtime without threads, whose locks may be held by nobody. So the child
//! never touches it again. The handler that runs in the child writes two atomics and nothing else; the next call finds no
//! runtime and makes a new one, and clients see by the generation that their connections belong to the parent.

use std::io;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};

/// Something that needs Python.
pub(crate) type Job = Box<dyn FnOnce(Python<'_>) + Send>;

/// How many events of hooks and logs may wait for Python; more are dropped, so that memory stays bounded.
const WAITING: usize = 8192;
/// How many jobs are done before the interpreter's lock is given back.
const BATCH: usize = 64;
/// How long the end of the interpreter waits for a callback that is running.
const PATIENCE: Duration = Duration::from_secs(2);

static GENERATION: AtomicU32 = AtomicU32::new(0);
static CURRENT: AtomicPtr<Process> = AtomicPtr::new(ptr::null_mut());

/// What belongs to one process. It is never freed: the parent needs it to its end, and a child must not touch its parent's.
struct Process {
    runtime: Runtime,
    jobs: Sender<Job>,
    waiting: AtomicUsize,
    gate: Arc<Gate>,
}

/// Keeps the callback thread out of an interpreter that is going down.
#[derive(Default)]
struct Gate {
    closed: AtomicBool,
    busy: Mutex<()>,
}

extern "C" fn in_child() {
    CURRENT.store(ptr::null_mut(), Ordering::SeqCst);
    GENERATION.fetch_add(1, Ordering::SeqCst);
}

/// Has the process told of forks. To be called once the module is loaded.
pub(crate) fn watch_forks() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the handler is a function of the C ABI that only stores to atomics, which is allowed after a fork.
        let _ = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

/// How many forks lie between the process that loaded the module and this one.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::SeqCst)
}

fn process() -> PyResult<&'static Process> {
    let current = CURRENT.load(Ordering::Acquire);
    if current.is_null() {
        return start().map_err(|e| PyRuntimeError::new_err(format!("the library's threads cannot be started: {}", e.kind())));
    }
    // SAFETY: what is stored was made by `Box::into_raw` and is never freed.
    Ok(unsafe { &*current })
}

fn start() -> io::Result<&'static Process> {
    let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("videoid").enable_all().build()?;
    let (jobs, queue) = mpsc::channel();
    let gate = Arc::new(Gate::default());
    let own = Box::into_raw(Box::new(Process { runtime, jobs, waiting: AtomicUsize::new(0), gate: Arc::clone(&gate) }));
    // No lock: one that is held while another thread forks would stay locked in the child for ever.
    match CURRENT.compare_exchange(ptr::null_mut(), own, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            std::thread::Builder::new().name("videoid-callbacks".into()).spawn(move || serve(&queue, &gate))?;
            // SAFETY: made above, never freed.
            Ok(unsafe { &*own })
        }
        Err(other) => {
            // SAFETY: made above, and nobody else has seen it.
            let own = unsafe { Box::from_raw(own) };
            own.runtime.shutdown_background();
            // SAFETY: as in `process`.
            Ok(unsafe { &*other })
        }
    }
}

/// The callback thread: no worker of the runtime ever waits for the interpreter's lock.
fn serve(queue: &Receiver<Job>, gate: &Gate) {
    while let Ok(first) = queue.recv() {
        let busy = gate.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if gate.closed.load(Ordering::SeqCst) {
            return;
        }
        let attached = Python::try_attach(|py| {
            first(py);
            for job in queue.try_iter().take(BATCH) {
                job(py);
            }
        });
        drop(busy);
        if attached.is_none() {
            return;
        }
    }
}

/// The runtime of this process.
///
/// # Errors
/// `RuntimeError` where the system gives no threads.
pub(crate) fn runtime() -> PyResult<&'static Runtime> {
    process().map(|process| &process.runtime)
}

/// Has a job done on the callback thread.
pub(crate) fn dispatch(job: Job) {
    if let Ok(process) = process() {
        // Fails only once the thread is gone, which is after the interpreter's end.
        let _ = process.jobs.send(job);
    }
}

/// As [`dispatch`], for what may be lost: dropped where too much waits already.
pub(crate) fn dispatch_bounded(job: impl FnOnce(Python<'_>) + Send + 'static) {
    let Ok(process) = process() else { return };
    if process.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
        process.waiting.fetch_sub(1, Ordering::Relaxed);
        return;
    }
    dispatch(Box::new(move |py| {
        process.waiting.fetch_sub(1, Ordering::Relaxed);
        job(py);
    }));
}

/// Waits until the callbacks that are due now were called. For tests and for the end of a program that logs.
#[pyfunction]
pub(crate) fn flush_callbacks(py: Python<'_>) -> bool {
    let (done, wait) = mpsc::channel();
    dispatch(Box::new(move |_| {
        let _ = done.send(());
    }));
    py.detach(move || wait.recv_timeout(PATIENCE).is_ok())
}

/// Called by `atexit`: after it nothing of the library enters the interpreter any more.
#[pyfunction]
pub(crate) fn shut_down(py: Python<'_>) {
    let current = CURRENT.load(Ordering::Acquire);
    if current.is_null() {
        return;
    }
    flush_callbacks(py);
    // SAFETY: as in `process`.
    let gate = unsafe { &(*current).gate };
    py.detach(|| {
        gate.closed.store(true, Ordering::SeqCst);
        let since = Instant::now();
        // The thread checks the flag under the lock: once it was free, no job begins.
        while gate.busy.try_lock().is_err() && since.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}
