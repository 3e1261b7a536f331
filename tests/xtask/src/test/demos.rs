//! The demo of every flow through a language's example: each ends at ENROLLREADY or with a signed document, or it is a
//! failure.

use crate::demo;
use crate::error::Error;
use crate::repo;
use crate::steps::{Step, command};
use crate::tally::Tally;

/// The step of a language, after its package was built and installed. Each story counts as one test.
pub(super) fn step(language: &'static str) -> Step {
    Step::tests(format!("{language} demos"), move |log| {
        let this = std::env::current_exe().map_err(|e| Error::new(format!("cannot find this program: {e}")))?;
        for story in demo::stories(language) {
            let name: Vec<&str> = story.iter().copied().filter(|word| !word.starts_with("--")).collect();
            let out = repo::target().join("demo").join(format!("test-{language}-{}", name.join("-")));
            let mut demo = command(&this);
            demo.args(["demo", "--built", "--language", language]).args(story).arg("--out").arg(out);
            log.run(&mut demo)?;
            log.count(Tally { passed: 1, ..Tally::default() });
        }
        Ok(())
    })
}
