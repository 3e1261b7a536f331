//! Counting tests in what the test runners of five languages print.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::AddAssign;

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// Something that is no test and failed.
    pub(crate) fn failure() -> Self {
        Self { failed: 1, ..Self::default() }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// The text without the escape sequences of colours.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            while chars.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
        } else {
            out.push(c);
        }
    }
    out
}

/// The number right before `word`, as in `13 passed`.
fn number_before(line: &str, word: &str) -> u64 {
    let mut last = None;
    for token in line.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()) {
        if token == word {
            return last.and_then(|t: &str| t.parse().ok()).unwrap_or(0);
        }
        last = Some(token);
    }
    0
}

/// The number after `label`, as in `Failures: 2`.
fn number_after(line: &str, label: &str) -> Option<u64> {
    let rest = line.split_once(label)?.1.trim_start();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// `cargo test`: one summary for each test program.
pub(crate) fn cargo(text: &str) -> Tally {
    let mut sum = Tally::default();
    for line in plain(text).lines().filter(|l| l.starts_with("test result:")) {
        sum +=
            Tally { passed: number_before(line, "passed"), failed: number_before(line, "failed"), skipped: number_before(line, "ignored") };
    }
    sum
}

/// `pytest -q`: the last line that tells a duration.
pub(crate) fn pytest(text: &str) -> Tally {
    let text = plain(text);
    let summary = text
        .lines()
        .rev()
        .find(|line| line.contains(" in ") && ["passed", "failed", "error", "skipped", "no tests ran"].iter().any(|w| line.contains(w)));
    summary.map_or_else(Tally::default, |line| Tally {
        passed: number_before(line, "passed"),
        failed: number_before(line, "failed") + number_before(line, "error") + number_before(line, "errors"),
        skipped: number_before(line, "skipped") + number_before(line, "xfailed"),
    })
}

/// `node --test` with the spec or the TAP reporter; a summary for each run.
pub(crate) fn node(text: &str) -> Tally {
    let mut sum = Tally::default();
    for line in plain(text).lines() {
        let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else {
            continue;
        };
        let mut words = rest.split_whitespace();
        let (Some(word), Some(number), None) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let number = number.parse().unwrap_or(0);
        match word {
            "pass" => sum.passed += number,
            "fail" | "cancelled" => sum.failed += number,
            "skipped" | "todo" => sum.skipped += number,
            _ => {}
        }
    }
    sum
}

/// Surefire: the totals of each module, which are the lines that name neither a class nor a duration.
pub(crate) fn surefire(text: &str) -> Tally {
    let mut sum = Tally::default();
    for line in plain(text).lines() {
        if line.contains("Time elapsed") {
            continue;
        }
        let Some(run) = number_after(line, "Tests run:") else {
            continue;
        };
        let bad = number_after(line, "Failures:").unwrap_or(0) + number_after(line, "Errors:").unwrap_or(0);
        let skipped = number_after(line, "Skipped:").unwrap_or(0);
        sum += Tally { passed: run.saturating_sub(bad + skipped), failed: bad, skipped };
    }
    sum
}

/// `swift test`: XCTest's total of all suites, and Swift Testing's.
pub(crate) fn swift(text: &str) -> Tally {
    let text = plain(text);
    let mut sum = Tally::default();
    // XCTest tells a total for each suite and, last, for all of them.
    if let Some(line) = text.lines().rev().find(|l| l.trim_start().starts_with("Executed ")) {
        let run = number_after(line, "Executed").unwrap_or(0);
        let failed = number_before(line, "failures") + number_before(line, "failure");
        let skipped = line.split_once("with ").map_or(0, |(_, rest)| number_before(rest, "tests") + number_before(rest, "test"));
        sum += Tally { passed: run.saturating_sub(failed + skipped), failed, skipped };
    }
    for line in text.lines().filter(|l| l.contains("Test run with ")) {
        let run = number_after(line, "Test run with").unwrap_or(0) + more_cases(&text);
        if line.contains(" passed after ") {
            sum.passed += run;
        } else {
            // It tells issues, not tests: what failed has its own line.
            let failed = text
                .lines()
                .filter(|l| l.contains(" failed after ") && (l.contains("Test ") && !l.contains("Test run") && !l.contains("Suite")))
                .count() as u64;
            let failed = failed.max(1);
            sum.failed += failed;
            sum.passed += run.saturating_sub(failed);
        }
    }
    sum
}

/// How many more cases there are than tests: Swift Testing counts a test with arguments once, and names each of its cases.
fn more_cases(text: &str) -> u64 {
    let cases: Vec<&str> =
        text.lines().filter(|l| l.contains(" Passing ")).filter_map(|l| l.rsplit_once(" to ")).map(|(_, test)| test.trim()).collect();
    let tests: BTreeSet<&&str> = cases.iter().collect();
    (cases.len() - tests.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn cargo_tells_each_program() {
        let text = "test result: ok. 13 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.58s\n\
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(cargo(text), tally(15, 3, 1));
        assert_eq!(cargo("warning: unused"), tally(0, 0, 0));
    }

    #[test]
    fn pytest_tells_all_in_one_line() {
        assert_eq!(pytest("....\n\u{1b}[32m4 passed\u{1b}[0m in 0.12s"), tally(4, 0, 0));
        assert_eq!(pytest("1 failed, 4 passed, 2 skipped, 1 error in 3.1s"), tally(4, 2, 2));
        assert_eq!(pytest("no tests ran in 0.01s"), tally(0, 0, 0));
    }

    #[test]
    fn node_tells_a_table_in_two_dialects() {
        assert_eq!(node("# tests 5\n# pass 4\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0"), tally(4, 1, 0));
        assert_eq!(node("ℹ tests 5\nℹ pass 3\nℹ fail 0\nℹ skipped 2\nℹ duration_ms 12.5"), tally(3, 0, 2));
    }

    #[test]
    fn surefire_totals_do_not_count_classes_twice() {
        let text = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in dev.X\n\
                    [ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.2 s -- in dev.Y\n\
                    [ERROR] Tests run: 7, Failures: 1, Errors: 1, Skipped: 1\n";
        assert_eq!(surefire(text), tally(4, 2, 1));
    }

    #[test]
    fn swift_has_two_kinds_of_tests() {
        let text = "Test Suite 'A' passed\n\t Executed 2 tests, with 0 failures (0 unexpected) in 0.1 seconds\n\
                    \t Executed 5 tests, with 1 failure (0 unexpected) in 0.2 (0.2) seconds\n\
                    ✔ Test run with 7 tests in 2 suites passed after 0.1 seconds.";
        assert_eq!(swift(text), tally(11, 1, 0));
        let text = "✘ Test one() failed after 0.001 seconds with 1 issue.\n\
                    ✘ Suite Some failed after 0.001 seconds with 1 issue.\n\
                    ✘ Test run with 3 tests failed after 0.001 seconds with 1 issue.";
        assert_eq!(swift(text), tally(2, 1, 0));
        let cases = "◇ Passing 1 argument test → one[a] to scenario(_:)\n◇ Passing 1 argument test → one[b] to scenario(_:)\n\
                     ✔ Test run with 3 tests passed after 0.001 seconds.";
        assert_eq!(swift(cases), tally(4, 0, 0));
        let skipped = "Executed 5 tests, with 1 test skipped and 0 failures (0 unexpected) in 0.2 (0.2) seconds";
        assert_eq!(swift(skipped), tally(4, 0, 1));
    }
}
