//! The library's own records in Python's `logging`.
//!
//! A record goes into a bounded queue, and the callback thread hands it to Python: no thread of the library waits for the
//! lock of `logging` or of the interpreter. Only what the library itself writes is taken, never what the crates below it
//! write: those know nothing of personal data.

use std::fmt::Write as _;
use std::sync::OnceLock;

use pyo3::prelude::*;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::runtime;

static LOGGER: OnceLock<Py<PyAny>> = OnceLock::new();

/// The number of `logging` for a level.
fn number(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

/// The text of a record: its message, then its fields.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing into a String does not fail.
        let _ =
            if field.name() == "message" { write!(self.message, "{value:?}") } else { write!(self.fields, " {}={value:?}", field.name()) };
    }
}

struct ToPython {
    least: u8,
}

fn is_own(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "videoid" || metadata.target().starts_with("videoid::")
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ToPython {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_own(metadata) && number(*metadata.level()) >= self.least
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        let mut place = String::new();
        for span in context.event_scope(event).into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
            let _ = write!(place, "{}: ", span.name());
        }
        let (level, line) = (number(*event.metadata().level()), format!("{place}{}{}", text.message, text.fields));
        runtime::dispatch_bounded(move |py| {
            let Some(logger) = LOGGER.get() else { return };
            if let Err(error) = logger.call_method1(py, "log", (level, "%s", line)) {
                error.write_unraisable(py, Some(logger.bind(py)));
            }
        });
    }
}

/// Sends the library's records of `level` (a number of `logging`) and above to a logger, for the rest of the process. `False`
/// where that was done already.
#[pyfunction]
pub(crate) fn log_to(logger: Py<PyAny>, level: u8) -> bool {
    if LOGGER.set(logger).is_err() {
        return false;
    }
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(ToPython { least: level })).is_ok()
}
