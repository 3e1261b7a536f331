//! Sandboxes in this process, one for each list of arguments and each scenario that runs at the time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use videoid_sandbox::{Command, Sandbox, parse};

use crate::Outcome;

/// A function that is given everything that a program could show of what it holds: `Debug`, `Display`, hooks, events.
pub type Witness = Arc<dyn Fn(String) + Send + Sync>;

/// Sandboxes that wait for their next scenario.
#[derive(Default)]
pub struct Pool {
    idle: Mutex<HashMap<Vec<String>, Vec<Sandbox>>>,
    witness: Option<Witness>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl Pool {
    /// One whose scenarios show a witness all that can be shown.
    pub fn watched(witness: Witness) -> Self {
        Self { witness: Some(witness), ..Self::default() }
    }

    /// Shows the witness something.
    pub fn show(&self, what: impl FnOnce() -> String) {
        if let Some(witness) = &self.witness {
            witness(what());
        }
    }

    /// The witness, where there is one.
    pub fn witness(&self) -> Option<&Witness> {
        self.witness.as_ref()
    }

    /// One that is idle, or a new one.
    ///
    /// # Errors
    /// Arguments that the sandbox does not take.
    pub async fn take(&self, args: &[String]) -> Outcome<Sandbox> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).get_mut(args).and_then(Vec::pop);
        match idle {
            Some(sandbox) => Ok(sandbox),
            None => start(args).await,
        }
    }

    /// Gives one back.
    pub fn put(&self, args: &[String], sandbox: Sandbox) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).entry(args.to_vec()).or_default().push(sandbox);
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
