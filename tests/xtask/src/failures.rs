//! Finds in a log what failed: a test runner that goes on after a failure leaves it far above the end.

/// How many lines of a log are quoted in all.
const ENOUGH: usize = 60;
/// How many lines after the one that names a failure tell why.
const REASON: usize = 14;

/// The lines that name a failure, each with what follows it; empty where no runner's mark is found.
pub(crate) fn quoted(log: &str) -> Vec<&str> {
    let mut quoted = Vec::new();
    let mut more = 0;
    for line in log.lines() {
        if marks(line) {
            more = REASON;
            quoted.push(line);
        } else if more > 0 {
            more -= 1;
            // The next test has begun.
            if line.starts_with("ok ") || line.starts_with("# Subtest") {
                more = 0;
            } else {
                quoted.push(line);
            }
        }
        if quoted.len() >= ENOUGH {
            break;
        }
    }
    quoted
}

/// Whether a line is how a runner of one of the five languages names a failure.
fn marks(line: &str) -> bool {
    let tap = line.trim_start().starts_with("not ok ");
    let pytest = line.starts_with("FAILED ") || line.starts_with("ERROR ") || line.starts_with("E   ");
    let cargo = line.starts_with("error") || (line.starts_with("test ") && line.ends_with("... FAILED")) || line.contains(" panicked at ");
    let surefire = line.contains("<<< FAILURE!") || line.contains("<<< ERROR!");
    let swift = line.contains("recorded an issue") || line.contains(": error: ");
    tap || pytest || cargo || surefire || swift
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_failure_far_above_the_end_is_quoted_with_its_reason() {
        let log = "ok 1 - one\n# Subtest: two\nnot ok 2 - two\n  ---\n  error: 'late'\n  ...\n# Subtest: three\nok 3 - three\n";
        assert_eq!(quoted(log), ["not ok 2 - two", "  ---", "  error: 'late'", "  ..."]);
        let log = "test a ... ok\ntest b ... FAILED\n";
        assert_eq!(quoted(log), ["test b ... FAILED"]);
        let log = "[ERROR] dev.videoid.T.t -- Time elapsed: 1 s <<< FAILURE!\nexpected: <1>\n";
        assert_eq!(quoted(log).len(), 2);
        let log = "Test x() recorded an issue at X.swift:1:2: Expectation failed\n";
        assert_eq!(quoted(log).len(), 1);
    }

    #[test]
    fn a_log_without_failures_and_one_full_of_them() {
        assert!(quoted("ok 1 - one\nok 2 - two\n").is_empty());
        assert!(quoted(&"not ok 1 - one\n".repeat(500)).len() <= 60);
    }
}
