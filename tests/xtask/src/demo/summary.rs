//! `summary.md`: what happened, for a reader. It names files, sizes and statuses; no secret and no personal datum.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

use super::Wish;
use super::show::{Show, size};

/// Writes the summary into the folder of the results, and gives its path.
pub(crate) fn write(wish: &Wish, show: &Show) -> Result<PathBuf> {
    let path = wish.out.join("summary.md");
    fs::write(&path, text(wish, show)).map_err(|e| Error::io("cannot write", &path, &e))?;
    Ok(path)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn length(path: &Path) -> String {
    fs::metadata(path).map_or_else(|_| "missing".to_owned(), |data| size(data.len()))
}

fn text(wish: &Wish, show: &Show) -> String {
    let mut out = format!("# {} on the sandbox\n\n", wish.flow.title());
    let mut line = |text: String| {
        // Writing into a String does not fail.
        let _ = writeln!(out, "{text}");
    };
    let verdict = match &wish.refuse {
        Some(_) => format!("refused; `videoid_status` is {}", show.videoid_status().unwrap_or("unknown")),
        None if wish.flow.is_one_shot() => format!("approved and signed; the request is {}", show.status().unwrap_or("unknown")),
        None => format!("approved; the request is {}", show.status().unwrap_or("unknown")),
    };
    line(format!("- Outcome: {verdict}"));
    if let Some(request) = show.request() {
        line(format!("- Request: {request}"));
    }
    if let Some(reason) = &wish.refuse {
        line(format!("- Reason given: {reason}"));
    }
    line(format!("- Through the package for: {}", wish.language));
    if let Some(dialect) = wish.dialect {
        line(format!("- Dialect: {dialect}"));
    }
    if !show.signature().is_empty() {
        line(format!("- pdfsig says of the signed document: {}", show.signature().join("; ")));
    }
    line(format!("- Took: {:.2} s", show.seconds()));
    line("\n## Statuses\n\n| after | status |\n|---|---|".to_owned());
    for (status, seconds) in show.statuses() {
        line(format!("| {seconds:.2} s | {status} |"));
    }
    line("\n## Evidence\n\n| piece | file | size |\n|---|---|---|".to_owned());
    for (piece, path) in &wish.evidence {
        line(format!("| {} | {} | {} |", piece.trim_start_matches('-'), name(path), length(path)));
    }
    if !show.transfers().is_empty() {
        line("\n## Sent\n\n| upload | bytes |\n|---|---|".to_owned());
        for (operation, bytes) in show.transfers() {
            line(format!("| {operation} | {bytes} |"));
        }
    }
    if !show.files().is_empty() {
        line("\n## Left here\n\n| what | file | size |\n|---|---|---|".to_owned());
        for (kind, path) in show.files() {
            let path = Path::new(path);
            line(format!("| {kind} | {} | {} |", name(path), length(path)));
        }
        line(
            "\nContract and declaration hold the data of the person in the request: treat them as such when the evidence was your own."
                .to_owned(),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_summary_names_outcome_statuses_and_evidence() {
        let wish = Wish {
            flow: super::super::wish::Flow::External,
            dialect: None,
            language: "rust".into(),
            refuse: Some("blurred".into()),
            out: PathBuf::from("/nowhere"),
            evidence: vec![("--front", PathBuf::from("/nowhere/front.jpg"))],
            json: true,
            built: true,
        };
        let mut show = Show::new(true);
        show.event(&json!({ "event": "status", "status": "VIDEOREVIEW", "request_pk": 7 }));
        show.event(&json!({ "event": "done", "status": "VIDEOREVIEW", "videoid_status": "REFUSED" }));
        let text = text(&wish, &show);
        for part in ["# An External VideoID", "REFUSED", "Request: 7", "blurred", "| VIDEOREVIEW |", "| front | front.jpg | missing |"] {
            assert!(text.contains(part), "{part} is not in the summary");
        }
    }
}
