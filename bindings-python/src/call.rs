//! One call, sync or asyncio: both run the same inner future.
//!
//! Python code that belongs to a call (progress, store, events) runs where its caller is: in the thread that waits, or in
//! the event loop. An exception that it raises ends the call and is what the call raises.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{self, Poll, Waker};
use std::time::Duration;

use futures_util::FutureExt as _;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBool;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use videoid::config::Timeout;
use videoid::{Progress, RequestOptions};

use crate::convert::{ToPy, wrong_type};
use crate::errors::Failure;
use crate::event_loop::{Loop, settle};
use crate::runtime::{self, Job};
use crate::source::{Feeding, SourceArg};

/// How long a sync call waits before it looks for signals such as Ctrl-C.
const SLICE: Duration = Duration::from_millis(50);

tokio::task_local! {
    /// The call that a future belongs to.
    static CALL: Arc<Context>;
}

/// How a call ended: with its result, or with the payload of a panic.
type Outcome<T> = std::thread::Result<Result<T, Failure>>;

/// Where the Python code of a call runs.
pub(crate) enum Place {
    /// In the thread that waits for the call.
    Caller(UnboundedSender<Job>),
    /// In the event loop, in the context of the caller.
    Loop(Arc<Loop>),
}

/// What a call and the Python code around it share.
pub(crate) struct Context {
    place: Place,
    /// Whether Python code of the caller was asked for.
    spoke: AtomicBool,
    failure: Mutex<Option<PyErr>>,
}

impl Context {
    /// The call that the current future belongs to.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CALL.try_with(Arc::clone).ok()
    }

    /// Has a job done where the caller is. Nothing happens where the caller is gone.
    pub(crate) fn post(&self, job: Job) {
        self.spoke.store(true, Ordering::Release);
        match &self.place {
            Place::Caller(jobs) => {
                let _ = jobs.send(job);
            }
            Place::Loop(place) => place.post_in_context(job),
        }
    }

    /// Keeps the exception that ends the call; the first one counts.
    pub(crate) fn fail(&self, error: PyErr) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    fn failure(&self) -> Option<PyErr> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What an asynchronous call gives: an exception of the caller's own code comes first.
    fn outcome<T: ToPy>(&self, py: Python<'_>, outcome: Outcome<T>) -> PyResult<Py<PyAny>> {
        match self.failure() {
            Some(error) => Err(error),
            None => match outcome.unwrap_or_else(|panic| Err(panic.into())) {
                Ok(value) => value.to_py(py).map(Bound::unbind),
                Err(failure) => Err(failure.into_py(py)),
            },
        }
    }

    /// Whether awaitables can be awaited where the caller is.
    pub(crate) fn is_async(&self) -> bool {
        matches!(self.place, Place::Loop(_))
    }
}

/// The options of a call as the Python package hands them over: time limit, token, progress function.
pub(crate) type Options<'py> = (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

/// The options of a call.
#[derive(Default)]
pub(crate) struct Arguments {
    timeout: Timeout,
    cancel: Option<videoid::CancelToken>,
    progress: Option<Py<PyAny>>,
    /// Whether the progress function is our own bar, which has to be closed.
    shows_bar: bool,
}

impl Arguments {
    /// Reads the options. A time limit is in seconds or a `timedelta`; 0 switches it off.
    pub(crate) fn new(options: &Options<'_>) -> PyResult<Self> {
        let (timeout, cancel, progress) = (options.0.as_ref(), options.1.as_ref(), options.2.as_ref());
        let cancel = match cancel.filter(|c| !c.is_none()) {
            Some(token) => {
                let token = token.cast::<CancelToken>().map_err(|_| wrong_type("cancel", "CancelToken"))?;
                Some(token.get().0.clone())
            }
            None => None,
        };
        let timeout = seconds(timeout)?;
        let Some(progress) = progress.filter(|p| !p.is_none()) else { return Ok(Self { timeout, cancel, ..Self::default() }) };
        if let Ok(wanted) = progress.cast::<PyBool>() {
            let bar = if wanted.is_true() { bar(progress.py())? } else { None };
            return Ok(Self { timeout, cancel, shows_bar: bar.is_some(), progress: bar });
        }
        if !progress.is_callable() {
            return Err(wrong_type("progress", &format!("a callable or True, not {}", progress.get_type().name()?)));
        }
        Ok(Self { timeout, cancel, progress: Some(progress.clone().unbind()), shows_bar: false })
    }

    /// The options for the core, where nothing but them is needed.
    pub(crate) fn plain(self) -> RequestOptions {
        let mut options = RequestOptions::new().timeout(self.timeout);
        options.cancel = self.cancel;
        options
    }
}

/// What `progress=True` shows; `None` where there is nothing to show it with.
fn bar(py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
    let bar = py.import(intern!(py, "videoid._progress"))?.call_method0(intern!(py, "bar"))?;
    Ok(if bar.is_none() { None } else { Some(bar.unbind()) })
}

/// The bar of a call. It ends with the call, however that ends.
struct Bar(Option<Py<PyAny>>);

impl Bar {
    fn close(&self, py: Python<'_>) {
        if let Some(bar) = &self.0
            && let Err(error) = bar.call_method0(py, intern!(py, "close"))
        {
            error.write_unraisable(py, Some(bar.bind(py)));
        }
    }
}

fn seconds(timeout: Option<&Bound<'_, PyAny>>) -> PyResult<Timeout> {
    let Some(value) = timeout.filter(|t| !t.is_none()) else { return Ok(Timeout::Unset) };
    let seconds: f64 = match value.call_method0("total_seconds") {
        Ok(total) => total.extract()?,
        Err(_) => value.extract().map_err(|_| wrong_type("timeout", "seconds or timedelta"))?,
    };
    if seconds == 0.0 {
        return Ok(Timeout::Off);
    }
    Duration::try_from_secs_f64(seconds).map(Timeout::After).map_err(|_| PyValueError::new_err("timeout: seconds of 0 or more"))
}

/// A call that is being prepared.
pub(crate) struct Call {
    context: Arc<Context>,
    jobs: Option<UnboundedReceiver<Job>>,
    arguments: Arguments,
    feeds: Vec<Feeding>,
}

impl Call {
    /// A call whose caller waits in its thread.
    pub(crate) fn sync(arguments: Arguments) -> Self {
        let (sender, jobs) = unbounded_channel();
        let context = Arc::new(Context { place: Place::Caller(sender), spoke: AtomicBool::new(false), failure: Mutex::default() });
        Self { context, jobs: Some(jobs), arguments, feeds: Vec::new() }
    }

    /// A call that an event loop awaits.
    ///
    /// # Errors
    /// `RuntimeError` where no loop runs in this thread.
    pub(crate) fn asyncio(py: Python<'_>, arguments: Arguments) -> PyResult<Self> {
        let place = Place::Loop(Arc::new(Loop::running(py)?));
        let context = Arc::new(Context { place, spoke: AtomicBool::new(false), failure: Mutex::default() });
        Ok(Self { context, jobs: None, arguments, feeds: Vec::new() })
    }

    /// The source that an argument names; where Python has to feed it, it begins to.
    pub(crate) fn source(&mut self, value: &Bound<'_, PyAny>, what: &str) -> PyResult<videoid::Source> {
        let SourceArg { source, feed } = SourceArg::from_py(value, what)?;
        if let Some(feed) = feed {
            self.feeds.extend(feed.begin(value.py(), &self.context)?);
        }
        Ok(source)
    }

    /// The options for the core, and the bar that has to be closed.
    fn options(&mut self, py: Python<'_>) -> (RequestOptions, Bar) {
        let mut arguments = std::mem::take(&mut self.arguments);
        let bar = Bar(arguments.progress.as_ref().filter(|_| arguments.shows_bar).map(|bar| bar.clone_ref(py)));
        let progress = arguments.progress.take().map(|callback| report(callback, &self.context));
        let mut options = arguments.plain();
        options.progress = progress;
        (options, bar)
    }

    /// Runs it and waits.
    pub(crate) fn wait<T, F>(mut self, py: Python<'_>, make: impl FnOnce(RequestOptions) -> F) -> PyResult<T>
    where
        F: Future<Output = Result<T, Failure>> + Send,
        T: Send,
    {
        let (options, bar) = self.options(py);
        let outcome = self.wait_with(py, options, make);
        bar.close(py);
        outcome
    }

    /// Waits in slices, so that Ctrl-C is seen: then the future is dropped, which ends the call.
    fn wait_with<T, F>(mut self, py: Python<'_>, options: RequestOptions, make: impl FnOnce(RequestOptions) -> F) -> PyResult<T>
    where
        F: Future<Output = Result<T, Failure>> + Send,
        T: Send,
    {
        let runtime = runtime::runtime()?;
        let mut jobs = self.jobs.take().expect("a sync call has its queue");
        let future = CALL.scope(Arc::clone(&self.context), make(options));
        let mut future = Box::pin(AssertUnwindSafe(future).catch_unwind());
        loop {
            let (outcome, job) = py.detach(|| {
                runtime.block_on(async {
                    tokio::select! {
                        biased;
                        job = jobs.recv() => (None, job),
                        outcome = &mut future => (Some(outcome), None),
                        () = tokio::time::sleep(SLICE) => (None, None),
                    }
                })
            });
            if let Some(job) = job {
                job(py);
            }
            if let Some(error) = self.context.failure() {
                py.detach(move || drop(future));
                return Err(error);
            }
            if let Some(outcome) = outcome {
                // What was said before the end is heard before the end.
                while let Ok(job) = jobs.try_recv() {
                    job(py);
                }
                let outcome = outcome.unwrap_or_else(|panic| Err(panic.into()));
                return match self.context.failure() {
                    Some(error) => Err(error),
                    None => outcome.map_err(|failure| failure.into_py(py)),
                };
            }
            if let Err(interrupt) = py.check_signals() {
                py.detach(move || drop(future));
                return Err(interrupt);
            }
        }
    }

    /// Runs it in the way of its caller: waits and gives the value, or gives the future of the event loop.
    pub(crate) fn run<T, F>(self, py: Python<'_>, make: impl FnOnce(RequestOptions) -> F) -> PyResult<Bound<'_, PyAny>>
    where
        F: Future<Output = Result<T, Failure>> + Send + 'static,
        T: ToPy + Send + 'static,
    {
        if self.context.is_async() { self.start(py, make) } else { self.wait(py, make)?.to_py(py) }
    }

    /// Starts it and gives the future of the event loop. Cancelling that one drops the inner one, which ends the call.
    pub(crate) fn start<T, F>(mut self, py: Python<'_>, make: impl FnOnce(RequestOptions) -> F) -> PyResult<Bound<'_, PyAny>>
    where
        F: Future<Output = Result<T, Failure>> + Send + 'static,
        T: ToPy + Send + 'static,
    {
        let runtime = runtime::runtime()?;
        let (options, bar) = self.options(py);
        let Place::Loop(place) = &self.context.place else {
            return Err(PyValueError::new_err("this call has no event loop"));
        };
        let (future, place) = (place.future(py)?, Arc::clone(place));
        let mut work = Box::pin(AssertUnwindSafe(CALL.scope(Arc::clone(&self.context), make(options))).catch_unwind());
        let Self { context, feeds, .. } = self;
        // The first step is done here: what needs no waiting is ready at once, and a request is on its way before a worker is woken.
        let first = py.detach(|| {
            let _inside = runtime.enter();
            work.as_mut().poll(&mut task::Context::from_waker(Waker::noop()))
        });
        if let Poll::Ready(outcome) = first {
            if context.spoke.load(Ordering::Acquire) {
                // What was said before the end is heard before the end.
                let result = future.clone().unbind();
                place.post(Box::new(move |py| {
                    settle(result.bind(py), context.outcome(py, outcome));
                    bar.close(py);
                }));
            } else {
                settle(&future, context.outcome(py, outcome));
                bar.close(py);
            }
            return Ok(future);
        }
        let result = future.clone().unbind();
        let task = runtime.spawn(async move {
            let outcome = work.await;
            drop(feeds);
            place.post(Box::new(move |py| settle(result.bind(py), context.outcome(py, outcome))));
        });
        future.call_method1(intern!(py, "add_done_callback"), (Bound::new(py, Ended { task: task.abort_handle(), bar })?,))?;
        Ok(future)
    }
}

/// Called by the event loop once its future is done; ends the work where that was by cancelling.
#[pyclass(frozen, module = "videoid._native")]
struct Ended {
    task: AbortHandle,
    bar: Bar,
}

#[pymethods]
impl Ended {
    fn __call__(&self, future: &Bound<'_, PyAny>) {
        self.task.abort();
        self.bar.close(future.py());
    }
}

/// A progress function that calls Python where the caller is: at most one call waits at a time, with the newest numbers.
fn report(callback: Py<PyAny>, context: &Arc<Context>) -> videoid::ProgressFn {
    struct News {
        latest: Mutex<Progress>,
        waits: AtomicBool,
        callback: Py<PyAny>,
    }
    let news = Arc::new(News { latest: Mutex::default(), waits: AtomicBool::new(false), callback });
    let context = Arc::downgrade(context);
    Arc::new(move |progress| {
        *news.latest.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        if news.waits.swap(true, Ordering::AcqRel) {
            return;
        }
        let Some(context) = context.upgrade() else { return };
        let (news, failed) = (Arc::clone(&news), Arc::downgrade(&context));
        context.post(Box::new(move |py| {
            news.waits.store(false, Ordering::Release);
            let Progress { sent, total, .. } = *news.latest.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Err(error), Some(context)) = (news.callback.call1(py, (sent, total)), failed.upgrade()) {
                context.fail(error);
            }
        }));
    })
}

/// Ends the calls that it is given to, from any thread. Once cancelled it stays so.
#[pyclass(frozen, module = "videoid._native")]
#[derive(Default)]
pub(crate) struct CancelToken(videoid::CancelToken);

#[pymethods]
impl CancelToken {
    /// A token that is not cancelled.
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Ends every call that has this token, now and later. Safe to repeat.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was cancelled.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    fn __repr__(&self) -> String {
        format!("CancelToken(cancelled={})", if self.0.is_cancelled() { "True" } else { "False" })
    }
}

/// Blocking work in the caller's thread, without the interpreter's lock.
pub(crate) fn blocking<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Failure> + Send) -> PyResult<T> {
    py.detach(|| std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panic.into())))
        .map_err(|failure| failure.into_py(py))
}

/// The same on a thread of the runtime, for an event loop.
pub(crate) fn blocking_async<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> PyResult<Bound<'_, PyAny>>
where
    T: ToPy + Send + 'static,
{
    Call::asyncio(py, Arguments::default())?.start(py, |_| async { tokio::task::spawn_blocking(work).await.unwrap_or(Err(Failure::Panic)) })
}
