//! The sandbox's heart: what all connections share.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::files::Files;
use crate::state::{State, World};

/// Shared by all connections.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) files: Files,
    pub(crate) discard_uploads: bool,
    /// Cards after a start or a reset that names no number.
    pub(crate) cards: usize,
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
        let world = World { state, faults: Vec::new(), received: [].into(), next_entry: 0 };
        Ok(Self { files: Files::open(folder)?, discard_uploads, cards, world: Mutex::new(world), snapshot })
    }

    /// The state. A handler that panicked must not take the sandbox with it, so poison is ignored.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the snapshot where one is kept: whole, then renamed over the former one.
    pub(crate) fn save(&self, world: &World) {
        let Some(path) = &self.snapshot else { return };
        let fresh = path.with_extension("new");
        let text = serde_json::to_vec(&world.state).expect("the state has only text keys");
        if let Err(error) = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, path)) {
            eprintln!("videoid-sandbox: the state cannot be saved: {error}");
        }
    }
}
