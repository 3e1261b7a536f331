//! What a scenario gives to a call: options, files, sources, evidence.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use videoid::config::Timeout;
use videoid::evidence::Evidence;
use videoid::{CancelToken, Progress, RequestOptions, Source};

use super::{Object, Run};
use crate::scenario::{FileAction, Options};
use crate::values::{Args, generate, path, source};
use crate::{Outcome, fixture};

impl Run<'_> {
    pub(super) fn file(&mut self, action: &FileAction) -> Outcome {
        let temp = self.temp.path().to_owned();
        let io = |e: std::io::Error| e.to_string();
        if let Some(name) = &action.write {
            let to = path(name, &temp);
            match (&action.fixture, &action.generate, action.bytes, &action.text) {
                (Some(name), None, None, None) => std::fs::copy(fixture(name), to).map(drop).map_err(io),
                (None, Some(kind), Some(bytes), None) => generate(kind, bytes, &to),
                (None, None, None, Some(text)) => std::fs::write(to, text).map_err(io),
                _ => Err("a file that the runner cannot write".to_owned()),
            }
        } else if let Some(name) = &action.append {
            grow(&path(name, &temp), action.text.as_deref().unwrap_or("x")).map_err(io)
        } else if let Some(name) = &action.remove {
            std::fs::remove_file(path(name, &temp)).map_err(io)
        } else if let (Some(name), Some(after)) = (&action.append_during_next_call, action.after_bytes) {
            self.append = Some((path(name, &temp), after));
            Ok(())
        } else {
            Err("a file step that the runner does not know".to_owned())
        }
    }

    pub(super) fn options(&mut self, wanted: &Options, seen: &Arc<Mutex<Vec<Progress>>>) -> RequestOptions {
        let mut options = RequestOptions::new().timeout(Timeout::from_millis(wanted.timeout_ms));
        let append = self.append.take();
        let cancel = (wanted.cancel_after_bytes.is_some() || wanted.cancel_before).then(CancelToken::new);
        if let Some(token) = &cancel {
            if wanted.cancel_before {
                token.cancel();
            }
            options = options.cancel(token.clone());
        }
        if wanted.progress || append.is_some() || wanted.cancel_after_bytes.is_some() {
            let (seen, after, grown) = (Arc::clone(seen), wanted.cancel_after_bytes, AtomicBool::new(false));
            options = options.progress(move |progress| {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(progress);
                if let Some((path, bytes)) = &append
                    && progress.sent >= *bytes
                    && !grown.swap(true, Ordering::SeqCst)
                {
                    // A file that could not be changed shows as a call that succeeds.
                    let _ = grow(path, "x");
                }
                if let (Some(token), Some(after)) = (&cancel, after)
                    && progress.sent >= after
                {
                    token.cancel();
                }
            });
        }
        options
    }

    pub(super) fn source(&self, spec: &Value) -> Outcome<Source> {
        match spec.as_str() {
            None => source(spec, self.temp.path()),
            Some(name) => match name.strip_prefix('$').and_then(|n| n.strip_suffix(".video")).and_then(|n| self.objects.get(n)) {
                Some(Object::Bundle(bundle)) => bundle.video().cloned().ok_or_else(|| "the bundle has no video".to_owned()),
                _ => Err(format!("nothing was kept as {name}")),
            },
        }
    }

    pub(super) fn evidence(&self, args: &mut Args) -> Outcome<Evidence> {
        let name: String = args.need("evidence")?;
        let key = name.strip_prefix('$').unwrap_or_default();
        match (key.strip_suffix(".evidence").and_then(|n| self.objects.get(n)), self.objects.get(key)) {
            (Some(Object::Bundle(bundle)), _) => Ok(bundle.evidence().clone()),
            (_, Some(Object::Evidence(evidence))) => Ok(evidence.clone()),
            _ => Err(format!("nothing was kept as {name}")),
        }
    }

    pub(super) fn need_source(&self, args: &mut Args, name: &str) -> Outcome<Source> {
        self.source(&args.take(name).ok_or_else(|| format!("the argument {name} is needed"))?)
    }

    pub(super) fn path(&self, args: &mut Args, name: &str) -> Outcome<PathBuf> {
        Ok(path(&args.need::<String>(name)?, self.temp.path()))
    }
}

fn grow(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;

    std::fs::OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes())
}
