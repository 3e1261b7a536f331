//! The command line of the demo.

use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::args::Args;
use crate::error::{Error, Result};
use crate::toolchain::LANGUAGES;
use crate::{repo, specimen};

/// What was asked for.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) flow: Flow,
    /// The form of the One-Shot API, in its flows.
    pub(super) dialect: Option<&'static str>,
    pub(super) language: String,
    pub(super) refuse: Option<String>,
    pub(super) out: PathBuf,
    /// Option name and file, in the order of the uploads.
    pub(super) evidence: Vec<(&'static str, PathBuf)>,
    pub(super) json: bool,
    /// Whether everything but the example is built.
    pub(super) built: bool,
}

/// The languages whose example takes what a device has collected: those of backends.
const WITH_BUNDLE: [&str; 3] = ["rust", "python", "node"];

/// Which workflow the story follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    External,
    RaEidas,
    Classic,
    OneShotExternal,
    OneShotEidas,
}

impl Flow {
    pub(super) const ALL: [Self; 5] = [Self::External, Self::RaEidas, Self::Classic, Self::OneShotExternal, Self::OneShotEidas];

    /// Whether it is one of the One-Shot API, which ends with a signed document.
    pub(super) fn is_one_shot(self) -> bool {
        matches!(self, Self::OneShotExternal | Self::OneShotEidas)
    }

    /// The status of a good end.
    pub(super) fn goal(self) -> &'static str {
        if self.is_one_shot() { "ISSUED" } else { "ENROLLREADY" }
    }

    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::RaEidas => "ra-eidas",
            Self::Classic => "classic",
            Self::OneShotExternal => "oneshot-external",
            Self::OneShotEidas => "oneshot-eidas",
        }
    }

    /// Its name for readers.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::External => "An External VideoID",
            Self::RaEidas => "An eIDAS VideoID",
            Self::Classic => "A classic request",
            Self::OneShotExternal => "An External VideoID and a signed document",
            Self::OneShotEidas => "An eIDAS VideoID and a signed document",
        }
    }

    /// The files that the example is given, in the order of the uploads.
    fn files(self) -> &'static [&'static str] {
        match self {
            Self::External => &["--front", "--rear", "--photo", "--owner", "--video"],
            Self::RaEidas | Self::OneShotEidas => &["--document"],
            Self::Classic => &["--front", "--rear", "--owner", "--document"],
            Self::OneShotExternal => &["--front", "--rear", "--photo", "--owner", "--video", "--document"],
        }
    }
}

/// Reads the command line.
pub(super) fn read(mut args: Args) -> Result<Wish> {
    let flow = args.value("--flow")?;
    let flow = flow.as_deref().unwrap_or("external");
    let Some(flow) = Flow::ALL.into_iter().find(|known| known.name() == flow) else {
        let known = Flow::ALL.map(Flow::name).join(", ");
        return Err(Error::usage(format!("--flow does not know {flow:?}; it knows {known}")));
    };
    let dialect = match (args.value("--dialect")?.as_deref(), flow.is_one_shot()) {
        (None | Some("current"), true) => Some("current"),
        (Some("legacy"), true) => Some("legacy"),
        (Some(other), true) => return Err(Error::usage(format!("--dialect does not know {other:?}; it knows current, legacy"))),
        (None, false) => None,
        (Some(_), false) => return Err(Error::usage(format!("--dialect: the flow {} is of the RA API, which has one form", flow.name()))),
    };
    let language = args.value("--language")?.unwrap_or_else(|| "rust".to_owned());
    if !LANGUAGES.contains(&language.as_str()) {
        return Err(Error::usage(format!("--language does not know {language:?}; it knows {}", LANGUAGES.join(", "))));
    }
    let refuse = args.value("--refuse")?;
    if refuse.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(Error::usage("--refuse needs a reason: the person is told it"));
    }
    if refuse.is_some() && flow == Flow::Classic {
        return Err(Error::usage("--refuse: nobody refuses a classic request"));
    }
    let bundle = args.path("--bundle")?;
    if bundle.is_some() && (flow != Flow::External || !WITH_BUNDLE.contains(&language.as_str())) {
        return Err(Error::usage(format!("--bundle is for the flow external in {}", WITH_BUNDLE.join(", "))));
    }
    if let Some(folder) = bundle.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(Error::usage(format!("--bundle: there is no folder {}", folder.display())));
    }
    let json = args.flag("--json");
    let built = args.flag("--built");
    let out = args.path("--out")?;
    let mut own = Vec::new();
    for name in ["--front", "--rear", "--photo", "--owner", "--video", "--document"] {
        let Some(path) = args.path(name)? else { continue };
        if !flow.files().contains(&name) {
            return Err(Error::usage(format!("{name}: the flow {} has no such file", flow.name())));
        }
        if !path.is_file() {
            return Err(Error::usage(format!("{name}: there is no file {}", path.display())));
        }
        own.push((name, path));
    }
    args.finish()?;
    if let (true, Some((name, _))) = (bundle.is_some(), own.first()) {
        return Err(Error::usage(format!("{name}: the bundle has the files")));
    }

    let out = match out {
        Some(out) => out,
        None if dialect == Some("legacy") => fresh_folder(&format!("{language}-{}-legacy", flow.name()))?,
        None => fresh_folder(&format!("{language}-{}", flow.name()))?,
    };
    fs::create_dir_all(&out).map_err(|e| Error::io("cannot make", &out, &e))?;
    // Of an earlier demo: the workflow does not replace a signed document that is another one.
    let earlier = out.join("signed.pdf");
    if earlier.exists() {
        fs::remove_file(&earlier).map_err(|e| Error::io("cannot remove", &earlier, &e))?;
    }
    if let Some(folder) = bundle {
        let evidence = vec![("--bundle", folder)];
        return Ok(Wish { flow, dialect, language, refuse, out, evidence, json, built });
    }
    let drawn = specimen::draw(&out.join("evidence"))?;
    let specimen = |name: &str| match name {
        "--front" => drawn.front.clone(),
        "--rear" => drawn.rear.clone(),
        "--photo" => drawn.photo.clone(),
        "--owner" => drawn.owner.clone(),
        "--document" => drawn.document.clone(),
        _ => repo::root().join("tests/fixtures/specimen.mp4"),
    };
    let file =
        |name: &'static str| (name, own.iter().find(|(given, _)| *given == name).map_or_else(|| specimen(name), |(_, path)| path.clone()));
    let evidence = flow.files().iter().map(|name| file(name)).collect();
    Ok(Wish { flow, dialect, language, refuse, out, evidence, json, built })
}

fn fresh_folder(name: &str) -> Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let base = repo::target().join("demo");
    (0..1000)
        .map(|number| if number == 0 { base.join(format!("{now}-{name}")) } else { base.join(format!("{now}-{name}-{number}")) })
        .find(|path| !path.exists())
        .ok_or_else(|| Error::new(format!("{} is full", base.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(words: &[&str]) -> String {
        read(Args::new(words.iter().map(|word| (*word).to_owned()).collect())).expect_err("refused").to_string()
    }

    #[test]
    fn a_flow_takes_only_what_it_has() {
        assert!(refused(&["--flow", "oneshot"]).contains("it knows external, ra-eidas, classic, oneshot-external, oneshot-eidas"));
        assert!(refused(&["--flow", "oneshot-eidas", "--dialect", "older"]).contains("it knows current, legacy"));
        assert!(refused(&["--dialect", "legacy"]).contains("has one form"));
        assert!(refused(&["--flow", "oneshot-eidas", "--video", "v.mp4"]).contains("has no such file"));
        assert!(refused(&["--flow", "classic", "--refuse", "no"]).contains("nobody refuses"));
        assert!(refused(&["--flow", "ra-eidas", "--video", "v.mp4"]).contains("has no such file"));
        assert!(refused(&["--document", "d.pdf"]).contains("has no such file"));
        assert!(refused(&["--flow", "classic", "--bundle", "/nowhere"]).contains("is for the flow external"));
        assert!(refused(&["--language", "swift", "--bundle", "/nowhere"]).contains("in rust, python, node"));
        assert!(refused(&["--bundle", "/nowhere"]).contains("there is no folder"));
        assert!(refused(&["--flow", "classic", "--front", "/nowhere/front.jpg"]).contains("there is no file"));
    }
}
