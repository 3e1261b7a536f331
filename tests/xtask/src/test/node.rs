//! Node: the addon and its package; the package's own script packs it, installs it elsewhere and runs the tests.

use crate::steps::Step;
use crate::tally;
use crate::toolchain::node::npm;

use super::Plan;

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::check("node package", |log| log.run(npm().args(["run", "--silent", "build:ci"])).map(drop)),
        Step::check("node types", |log| log.run(npm().args(["run", "--silent", "typecheck"])).map(drop)),
        Step::tests("node tests", |log| log.run_tests(npm().args(["run", "--silent", "test:ci"]), tally::node)),
    ];
    let alone = vec![Step::tests("node alone", |log| log.run_tests(npm().args(["run", "--silent", "test:alone"]), tally::node))];
    Plan { together, alone }
}
