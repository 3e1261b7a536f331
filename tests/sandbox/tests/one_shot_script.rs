//! The One-Shot workflows typed by hand with curl, against the program.

use std::process::Command;

#[test]
fn the_workflows_of_the_guides_end_at_a_signed_document() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workflow_c.sh");
    let output = Command::new("bash").arg(script).arg(env!("CARGO_BIN_EXE_videoid-sandbox")).output().expect("bash");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("85 checks passed"), "{said}");
}
