//! The sandbox in a process of its own, so that what is measured is only the program that calls it: `videoid-served` prints the
//! sandbox's line of JSON and ends when its standard input closes.

use std::io::{self, Write as _};

use videoid_sandbox::{Sandbox, SandboxOptions};

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let sandbox = runtime.block_on(Sandbox::start(SandboxOptions::default()))?;
    let mut out = io::stdout();
    writeln!(out, "{}", sandbox.ready())?;
    out.flush()?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    drop(sandbox);
    Ok(())
}
