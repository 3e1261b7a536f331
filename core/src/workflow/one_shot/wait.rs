//! Pauses between two looks at a service that has not moved on yet.

use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::options::RequestOptions;

/// Waits, unless the caller cancels meanwhile.
pub(super) async fn pause(duration: Duration, options: &RequestOptions) -> Result<()> {
    let Some(cancel) = &options.cancel else {
        tokio::time::sleep(duration).await;
        return Ok(());
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
        () = tokio::time::sleep(duration) => Ok(()),
    }
}
