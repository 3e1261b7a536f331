//! Python: the examples, each in an environment of its own with the package's wheel and what the example names.

use std::fs;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::Log;
use crate::tally;
use crate::toolchain::python;

use super::{python as package, python_types};

/// The environments, and the list of what each holds beside the package.
const ENVIRONMENTS: [(&str, Option<&str>); 2] = [("plain", None), ("service", Some("examples/python/service/requirements.txt"))];

/// Where the environments are.
pub(super) fn folder() -> PathBuf {
    repo::target().join("xtask/python-examples")
}

pub(super) fn run(log: &Log) -> Result<()> {
    prepare(log)?;
    python_types::check_service(log)?;
    let mut pytest = package::pytest("examples");
    pytest.env("VIDEOID_EXAMPLES", folder());
    log.run_tests(&mut pytest, tally::pytest)
}

fn prepare(log: &Log) -> Result<()> {
    let tools = python::prepare(log)?;
    let wheel = package::only_file(&package::wheels("bindings-python"), "whl")?;
    for (name, list) in ENVIRONMENTS {
        let environment = folder().join(name);
        let list = list.map(|list| repo::root().join(list));
        // What was put into it, written when it was: an environment with another list is made anew.
        let mark = environment.join("videoid-list.txt");
        let wanted = match &list {
            Some(list) => fs::read_to_string(list).map_err(|e| Error::io("cannot read", list, &e))?,
            None => String::new(),
        };
        if fs::read_to_string(&mark).ok().as_ref() != Some(&wanted) {
            python::clean(log, &environment)?;
            if let Some(list) = &list {
                python::install_list(log, &tools, &environment, list)?;
            }
            fs::write(&mark, wanted).map_err(|e| Error::io("cannot write", &mark, &e))?;
        }
        python::install(log, &tools, &environment, &wheel)?;
    }
    Ok(())
}
