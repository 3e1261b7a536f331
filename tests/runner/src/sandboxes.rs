//! Sandboxes in this process, one for each list of arguments and each scenario that runs at the time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use videoid_sandbox::{Command, Sandbox, parse};

use crate::Outcome;

/// Sandboxes that wait for their next scenario.
#[derive(Debug, Default)]
pub struct Pool(Mutex<HashMap<Vec<String>, Vec<Sandbox>>>);

impl Pool {
    /// One that is idle, or a new one.
    ///
    /// # Errors
    /// Arguments that the sandbox does not take.
    pub async fn take(&self, args: &[String]) -> Outcome<Sandbox> {
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(args).and_then(Vec::pop);
        match idle {
            Some(sandbox) => Ok(sandbox),
            None => start(args).await,
        }
    }

    /// Gives one back.
    pub fn put(&self, args: &[String], sandbox: Sandbox) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(args.to_vec()).or_default().push(sandbox);
    }
}

/// A new sandbox with the arguments of its program.
///
/// # Errors
/// Arguments that it does not take, or what keeps it from starting.
pub async fn start(args: &[String]) -> Outcome<Sandbox> {
    let Command::Run(options, _) = parse(args.iter().cloned())? else { return Err("the arguments start no sandbox".to_owned()) };
    Sandbox::start(*options).await.map_err(|e| format!("the sandbox does not start: {e}"))
}
