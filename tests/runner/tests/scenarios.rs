//! Every scenario of `tests/scenarios` that names Rust, as a test of its own name.

use std::process::ExitCode;
use std::sync::Arc;

use videoid_runner::harness::{self, Case};
use videoid_runner::sandboxes::Pool;
use videoid_runner::{run, scenario};

fn main() -> ExitCode {
    let runtime = Arc::new(tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts"));
    let pool = Arc::new(Pool::default());
    let cases = match scenario::all() {
        Err(why) => vec![Case::new("the_scenarios_follow_their_schema", move || Err(why.clone()))],
        Ok(scenarios) => scenarios
            .into_iter()
            .map(|scenario| {
                let (runtime, pool) = (Arc::clone(&runtime), Arc::clone(&pool));
                Case::new(scenario.title(), move || runtime.block_on(run(&scenario, &pool)))
            })
            .collect(),
    };
    harness::main(cases)
}
