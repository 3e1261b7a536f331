//! Work that blocks, where there is no runtime: each piece on a thread of its own, which ends with it.
//!
//! The libraries for capture apps have this in place of `guard.rs`; they make no calls, so that there is nothing else to run.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;

use videoid::{Error, ErrorCode, Result};

use crate::error::VideoIdError;

/// What the thread leaves, and who waits for it.
struct Slot<T> {
    outcome: Option<Result<T>>,
    waiting: Option<Waker>,
}

/// Runs work that blocks. It goes on to its end even where the caller's future is dropped. A panic ends as an error.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T, VideoIdError> {
    let slot = Arc::new(Mutex::new(Slot { outcome: None, waiting: None }));
    let theirs = Arc::clone(&slot);
    thread::Builder::new()
        .name("videoid".to_owned())
        .spawn(move || {
            let defect = |_| Err(Error::new(ErrorCode::Internal, "a defect of the library: it panicked"));
            let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(defect);
            let mut slot = theirs.lock().unwrap_or_else(PoisonError::into_inner);
            slot.outcome = Some(outcome);
            let waiting = slot.waiting.take();
            drop(slot);
            if let Some(waiting) = waiting {
                waiting.wake();
            }
        })
        .map_err(|_| Error::new(ErrorCode::Internal, "no thread could be started"))?;
    let outcome = poll_fn(move |context| {
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = slot.outcome.take() {
            return Poll::Ready(outcome);
        }
        slot.waiting = Some(context.waker().clone());
        Poll::Pending
    });
    Ok(outcome.await?)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::{Context, Wake};

    use super::*;

    struct Bell(mpsc::Sender<()>);

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            // Whoever waited may have gone.
            let _ = self.0.send(());
        }
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let (bell, rung) = mpsc::channel();
        let waker = Waker::from(Arc::new(Bell(bell)));
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return value;
            }
            rung.recv().expect("the thread rings");
        }
    }

    #[test]
    fn work_runs_on_another_thread_and_wakes_who_waits() {
        let here = thread::current().id();
        let there = wait(blocking(|| Ok(thread::current().id()))).expect("it runs");
        assert_ne!(here, there);
    }

    #[test]
    fn a_panic_is_an_error() {
        let outcome = wait(blocking(|| -> Result<()> { panic!("ANNA MARIA") }));
        let VideoIdError::Failed { code, text, .. } = outcome.expect_err("it panicked");
        assert_eq!(code, "internal");
        assert!(!text.contains("ANNA"), "{text}");
    }

    #[test]
    fn work_whose_caller_has_gone_goes_on_to_its_end() {
        let (done, ended) = mpsc::channel();
        {
            let mut future = pin!(blocking(move || {
                done.send(()).expect("the test waits");
                Ok(())
            }));
            let (bell, _rung) = mpsc::channel();
            // The work starts with the first look.
            let _ = future.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::new(Bell(bell)))));
        }
        ended.recv().expect("the work was done");
    }
}
