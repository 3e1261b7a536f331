//! The figures as a table for people and as JSON for programs.

use std::fmt::Write as _;
use std::fs;

use serde_json::json;

use super::WORKS;
use super::measure::Figures;
use crate::error::{Error, Result};
use crate::{repo, say};

type Table = [(&'static str, &'static str, Vec<Figures>)];

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn medians(figures: &[Figures]) -> Figures {
    let of = |pick: fn(&Figures) -> f64| median(figures.iter().map(pick).collect());
    Figures { cpu: of(|f| f.cpu), memory: of(|f| f.memory), wall: of(|f| f.wall) }
}

fn title(work: &str) -> &'static str {
    match work {
        "evidence" => "Evidence: 4 images of 4 MB, sent",
        "build" => "Evidence: 4 images of 4 MB, checked before they are sent",
        _ => "Video: 200 MB, sent",
    }
}

pub(super) fn write(table: &Table, profile: &str, runs: usize) -> Result<()> {
    let mut text = format!("Medians of {runs} runs on one machine; Rust built with profile `{profile}`.\n");
    let mut rows = Vec::new();
    for work in WORKS {
        let floor = table.iter().find(|(name, w, _)| *name == "curl" && *w == work).map(|(_, _, figures)| medians(figures).cpu);
        let _ = write!(text, "\n**{}**\n\n| | CPU | of curl | memory | wall |\n| --- | ---: | ---: | ---: | ---: |\n", title(work));
        for (name, _, figures) in table.iter().filter(|(_, w, _)| *w == work) {
            let median = medians(figures);
            let ratio = floor.filter(|floor| *floor > 0.0).map(|floor| median.cpu / floor);
            let shown = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
            let _ = writeln!(text, "| {name} | {:.3} s | {shown} | +{:.1} MB | {:.3} s |", median.cpu, median.memory / 1e6, median.wall);
            rows.push(json!({
                "contender": name, "work": work, "cpu_seconds": median.cpu, "memory_bytes": median.memory, "wall_seconds": median.wall,
                "cpu_of_curl": ratio, "runs": figures.iter().map(|f| json!([f.cpu, f.memory, f.wall])).collect::<Vec<_>>(),
            }));
        }
    }
    say(&text);
    let result = json!({"profile": profile, "runs": runs, "rows": rows});
    for (name, content) in [("bench.md", text), ("bench.json", format!("{result:#}\n"))] {
        let path = repo::target().join(name);
        fs::write(&path, content).map_err(|e| Error::io("cannot write", &path, &e))?;
        say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert!((median(vec![9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }
}
