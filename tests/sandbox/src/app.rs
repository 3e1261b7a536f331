//! The sandbox's heart: what all connections share.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::Notify;

use crate::files::Files;
use crate::one_shot;
use crate::state::{State, World};

/// Shared by all connections.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) files: Files,
    pub(crate) discard_uploads: bool,
    /// Cards after a start or a reset that names no number.
    pub(crate) cards: usize,
    /// Scheme and host of the RA API: where the links of users lead. Set once it listens.
    pub(crate) origin: OnceLock<String>,
    /// Told of each change, so that webhooks leave.
    pub(crate) changed: Notify,
    pub(crate) one_shot: one_shot::Runtime,
    world: Mutex<World>,
    snapshot: Option<PathBuf>,
}

impl App {
    /// With a snapshot in `state_dir` it goes on from there.
    pub(crate) fn open(folder: &Path, state_dir: Option<&Path>, cards: usize, discard_uploads: bool) -> std::io::Result<Self> {
        let snapshot = state_dir.map(|folder| folder.join("state.json"));
        let state = match &snapshot {
            Some(path) if path.exists() => serde_json::from_slice(&std::fs::read(path)?).map_err(std::io::Error::from)?,
            _ => State::new(cards),
        };
        let world = World::new(state);
        Ok(Self {
            files: Files::open(folder)?,
            discard_uploads,
            cards,
            origin: OnceLock::new(),
            changed: Notify::new(),
            one_shot: one_shot::Runtime::new()?,
            world: Mutex::new(world),
            snapshot,
        })
    }

    /// The state. A handler that panicked must not take the sandbox with it, so poison is ignored.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After each change: lets webhooks leave, and writes the snapshot where one is kept (whole, then renamed over the former one).
    pub(crate) fn save(&self, world: &World) {
        if !world.state.outgoing.is_empty() {
            self.changed.notify_one();
        }
        let Some(path) = &self.snapshot else { return };
        let fresh = path.with_extension("new");
        let text = serde_json::to_vec(&world.state).expect("the state has only text keys");
        if let Err(error) = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, path)) {
            eprintln!("videoid-sandbox: the state cannot be saved: {error}");
        }
    }
}
