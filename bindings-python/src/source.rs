//! Where the bytes of an image or a video come from: paths, bytes, file objects, iterators and async iterators.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyString};
use videoid::SourceSender;

use crate::call::{CancelToken, Context};
use crate::convert::wrong_type;

/// How much is asked of a file object at a time.
const PIECE: usize = 256 * 1024;

/// Where the bytes of an image or a video come from. Nothing is read before it is needed; `repr` never shows a path.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Source {
    inner: videoid::Source,
    feed: Option<Feed>,
}

impl Source {
    pub(crate) fn new(inner: videoid::Source) -> Self {
        Self { inner, feed: None }
    }
}

#[pymethods]
impl Source {
    /// A file. It is read in pieces when it is needed and must not change meanwhile, which is checked.
    #[staticmethod]
    fn path(path: PathBuf) -> Self {
        Self::new(videoid::Source::path(path))
    }

    /// Bytes in memory. `bytes` are not copied; a `bytearray` or `memoryview` is.
    #[staticmethod]
    fn bytes(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        memory(data)?.map(Self::new).ok_or_else(|| wrong_type("data", "bytes, bytearray or memoryview"))
    }

    /// A binary file object. One that can seek is read from its current place to its end, and may be sent again. For
    /// another one `length` is needed, and it can be sent only once. It stays the caller's: it is not closed, and one that
    /// can seek is left where it stood.
    #[staticmethod]
    #[pyo3(signature = (file, length = None))]
    fn file(file: &Bound<'_, PyAny>, length: Option<u64>) -> PyResult<Self> {
        let seekable = match file.call_method0("seekable") {
            Ok(says) => says.extract().unwrap_or(false),
            // `tempfile.SpooledTemporaryFile`, which web frameworks hand on, says nothing of it before Python 3.11.
            Err(_) => file.hasattr("seek")? && file.hasattr("tell")?,
        };
        if !seekable {
            let length = length.ok_or_else(|| PyValueError::new_err("length: needed for a file object that cannot seek"))?;
            return Ok(Self::fed(Feeder::Reader(file.clone().unbind()), length));
        }
        let start: u64 = file.call_method0("tell")?.extract()?;
        file.call_method1("seek", (0, 2))?;
        let end: u64 = file.call_method0("tell")?.extract()?;
        file.call_method1("seek", (start,))?;
        let length = length.unwrap_or(end.saturating_sub(start));
        let file = Arc::new(file.clone().unbind());
        Ok(Self::new(videoid::Source::opener(length, move || {
            Ok(Box::new(FileReader { file: Arc::clone(&file), start, at: start, left: length }) as Box<dyn Read + Send>)
        })))
    }

    /// An iterable or async iterable of `bytes` that gives exactly `length` bytes. It is read while it is sent, and can be
    /// sent only once.
    #[staticmethod]
    fn stream(chunks: &Bound<'_, PyAny>, length: u64) -> PyResult<Self> {
        let feeder = if chunks.hasattr("__aiter__")? {
            Feeder::Async(chunks.clone().unbind())
        } else {
            Feeder::Iterator(chunks.try_iter().map_err(|_| wrong_type("chunks", "an iterable of bytes"))?.into_any().unbind())
        };
        Ok(Self::fed(feeder, length))
    }

    /// Its length in bytes. Looks a file up, reads nothing.
    #[getter]
    fn length(&self, py: Python<'_>) -> PyResult<u64> {
        crate::call::blocking(py, || Ok(self.inner.len()?))
    }

    /// Whether it can be sent more than once.
    #[getter]
    fn replayable(&self) -> bool {
        self.inner.is_replayable()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.inner)
    }
}

impl Source {
    fn fed(feeder: Feeder, length: u64) -> Self {
        let (sender, inner) = videoid::Source::channel(length);
        Self { inner, feed: Some(Feed { feeder: Arc::new(Mutex::new(Some(feeder))), sender }) }
    }
}

/// A source as an argument.
pub(crate) struct SourceArg {
    pub(crate) source: videoid::Source,
    pub(crate) feed: Option<Feed>,
}

impl SourceArg {
    /// Takes a `Source`, a path, bytes or a file object.
    pub(crate) fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if let Ok(source) = value.cast::<Source>() {
            let Source { inner, feed } = source.get();
            return Ok(Self { source: inner.clone(), feed: feed.clone() });
        }
        if let Some(source) = memory(value)? {
            return Ok(Self { source, feed: None });
        }
        if value.is_instance_of::<PyString>() || value.hasattr("__fspath__")? {
            return Ok(Self { source: videoid::Source::path(value.extract::<PathBuf>()?), feed: None });
        }
        if value.hasattr("read")? {
            let Source { inner, feed } = Source::file(value, None)?;
            return Ok(Self { source: inner, feed });
        }
        if value.hasattr("__aiter__")? || value.hasattr("__iter__")? {
            return Err(PyTypeError::new_err(format!("{what}: an iterator has no length: use Source.stream(chunks, length)")));
        }
        Err(wrong_type(what, "a path, bytes, a binary file object or Source"))
    }
}

/// Bytes in memory as a source; `None` for what is none.
fn memory(value: &Bound<'_, PyAny>) -> PyResult<Option<videoid::Source>> {
    Ok(buffer(value)?.map(|bytes| videoid::Source::bytes(Bytes::from_owner(bytes))))
}

/// Bytes without a copy, other buffers with one; `None` for what is neither.
pub(crate) fn buffer(value: &Bound<'_, PyAny>) -> PyResult<Option<PyBackedBytes>> {
    static KINDS: PyOnceLock<[Py<PyAny>; 2]> = PyOnceLock::new();
    let py = value.py();
    if value.is_instance_of::<PyBytes>() {
        return value.extract().map(Some).map_err(|_| wrong_type("data", "bytes"));
    }
    let kinds = KINDS.get_or_try_init(py, || -> PyResult<_> {
        let builtins = py.import("builtins")?;
        Ok([builtins.getattr("bytearray")?.unbind(), builtins.getattr("memoryview")?.unbind()])
    })?;
    for kind in kinds {
        if value.is_instance(kind.bind(py))? {
            // The stable ABI of Python 3.10 has no buffers, and a bytearray may change while it is sent.
            let copy = py.get_type::<PyBytes>().call1((value,))?;
            return copy.extract().map(Some).map_err(|_| wrong_type("data", "bytes"));
        }
    }
    Ok(None)
}

/// What Python code fills a channel with.
enum Feeder {
    Reader(Py<PyAny>),
    Iterator(Py<PyAny>),
    Async(Py<PyAny>),
}

/// A channel and what fills it.
#[derive(Clone)]
pub(crate) struct Feed {
    feeder: Arc<Mutex<Option<Feeder>>>,
    sender: SourceSender,
}

impl Feed {
    /// Begins to fill the channel: on a thread, or for an async iterator as a task of the event loop. An exception ends the
    /// call. The second time nothing begins, and the core says that the stream was read already.
    pub(crate) fn begin(&self, py: Python<'_>, context: &Arc<Context>) -> PyResult<Option<Feeding>> {
        let feeder = self.feeder.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (sender, context) = (self.sender.clone(), Arc::clone(context));
        match feeder {
            None => Ok(None),
            Some(Feeder::Async(chunks)) => {
                if !context.is_async() {
                    return Err(PyTypeError::new_err(
                        "an async iterator needs AsyncRegistrationAuthority or an asynchronous workflow, AsyncExternalVideoId for example",
                    ));
                }
                let feeding = Feeding(sender.clone());
                let pusher = Bound::new(py, Pusher { sender, context })?;
                py.import("videoid._callbacks")?.getattr("start_pump")?.call1((chunks, pusher))?;
                Ok(Some(feeding))
            }
            Some(feeder) => {
                let feeding = Feeding(sender.clone());
                let work = move || {
                    while let Some(chunk) = Python::try_attach(|py| next(py, &feeder)) {
                        match chunk {
                            Ok(Some(chunk)) => {
                                if sender.push_blocking(chunk).is_err() {
                                    break;
                                }
                            }
                            Ok(None) => break,
                            Err(error) => {
                                context.fail(error);
                                break;
                            }
                        }
                    }
                    sender.finish();
                };
                std::thread::Builder::new().name("videoid-source".into()).spawn(work)?;
                Ok(Some(feeding))
            }
        }
    }
}

/// A channel that is being filled, as long as the call lasts that reads it.
pub(crate) struct Feeding(SourceSender);

impl Drop for Feeding {
    fn drop(&mut self) {
        // Nobody reads any more: whoever waits to push is woken.
        self.0.finish();
    }
}

fn next(py: Python<'_>, feeder: &Feeder) -> PyResult<Option<Bytes>> {
    let chunk = match feeder {
        Feeder::Reader(file) => file.bind(py).call_method1("read", (PIECE,))?,
        Feeder::Iterator(chunks) | Feeder::Async(chunks) => match chunks.bind(py).try_iter()?.next() {
            Some(chunk) => chunk?,
            None => return Ok(None),
        },
    };
    let chunk = bytes_of(&chunk)?;
    Ok(if chunk.is_empty() && matches!(feeder, Feeder::Reader(_)) { None } else { Some(chunk) })
}

fn bytes_of(chunk: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    let chunk = if chunk.is_instance_of::<PyBytes>() { chunk.clone() } else { chunk.py().get_type::<PyBytes>().call1((chunk,))? };
    let chunk: PyBackedBytes = chunk.extract().map_err(|_| wrong_type("chunks", "bytes"))?;
    Ok(Bytes::from_owner(chunk))
}

/// What the task of an async iterator pushes into.
#[pyclass(frozen, module = "videoid._native")]
struct Pusher {
    sender: SourceSender,
    context: Arc<Context>,
}

#[pymethods]
impl Pusher {
    /// Hands over a chunk; the awaitable says whether more is wanted.
    fn push<'py>(&self, py: Python<'py>, chunk: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (chunk, sender) = (bytes_of(chunk)?, self.sender.clone());
        let call = crate::call::Call::asyncio(py, crate::call::Arguments::default())?;
        call.start(py, move |_| async move { Ok(sender.push(chunk).await.is_ok()) })
    }

    /// Says that no more comes.
    fn finish(&self) {
        self.sender.finish();
    }

    /// Says that the iterator raised.
    fn fail(&self, error: &Bound<'_, PyAny>) {
        self.context.fail(PyErr::from_value(error.clone()));
        self.sender.finish();
    }
}

/// A file object as a reader of its own place: several may be open at a time.
struct FileReader {
    file: Arc<Py<PyAny>>,
    start: u64,
    at: u64,
    left: u64,
}

impl Read for FileReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let want = buf.len().min(PIECE).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if want == 0 {
            return Ok(0);
        }
        let read = Python::try_attach(|py| -> PyResult<usize> {
            let file = self.file.bind(py);
            file.call_method1("seek", (self.at,))?;
            let chunk = bytes_of(&file.call_method1("read", (want,))?)?;
            // As it was given: a step that is called again begins at the same place.
            file.call_method1("seek", (self.start,))?;
            let read = chunk.len().min(want);
            buf[..read].copy_from_slice(&chunk[..read]);
            Ok(read)
        });
        // The exception may show a name or a path.
        let read = read.and_then(Result::ok).ok_or_else(|| io::Error::other("the file object failed"))?;
        self.at += read as u64;
        self.left -= read as u64;
        Ok(read)
    }
}

/// Registers the classes of this file.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Source>()?;
    module.add_class::<CancelToken>()
}
