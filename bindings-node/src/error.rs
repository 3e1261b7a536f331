//! Errors and panics on their way to JavaScript.

use std::error::Error as _;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt as _;
use serde_json::json;
use videoid::{Error, ErrorCode, Result};

/// An error as napi can carry it. A rejected promise can hold only a status and a text there, so the text is JSON, which the
/// TypeScript side makes into a `VideoIdError`.
pub(crate) fn to_napi(error: &Error) -> napi::Error {
    let fields: Vec<_> = error.fields().iter().map(|f| json!({ "field": f.field, "rule": f.rule })).collect();
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let json = json!({
        "videoid": 1,
        "code": error.code().as_str(),
        "category": error.category().as_str(),
        "message": error.to_string(),
        "detail": error.detail(),
        "operation": error.operation(),
        "wire": error.wire().as_str(),
        "retryable": error.retryable(),
        "httpStatus": error.http_status(),
        "serverCode": error.server_code(),
        "serverId": error.server_id(),
        "serverText": error.server_text().map(|text| text.expose().clone()),
        "retryAfter": error.retry_after().map(|after| after.as_secs_f64()),
        "correlationId": error.correlation_id(),
        "fields": fields,
        "causes": causes,
    });
    napi::Error::from_reason(json.to_string())
}

/// The result of a function that is no promise. A panic becomes an error.
pub(crate) fn guarded_sync<T>(work: impl FnOnce() -> Result<T>) -> napi::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked())).map_err(|error| to_napi(&error))
}

/// The future's result. A panic becomes an error.
pub(crate) async fn guarded<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| Err(panicked()))
}

/// Runs what blocks away from the event loop and from the threads that drive calls.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Error {
    Error::new(ErrorCode::Internal, "a defect of this library: it panicked; please report it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail() -> Result<()> {
        panic!("provoked by a test");
    }

    fn code(error: &napi::Error) -> String {
        let json: serde_json::Value = serde_json::from_str(&error.reason).expect("the reason is JSON");
        json["code"].as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_panic_becomes_internal() {
        assert_eq!(code(&guarded_sync(fail).unwrap_err()), "internal");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let error = runtime.block_on(guarded(async { fail() })).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Internal);
        let error = runtime.block_on(blocking(fail)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Internal);
    }
}
