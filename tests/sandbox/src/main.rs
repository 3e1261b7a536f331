//! The program `videoid-sandbox`; see README.md.

use std::io::{Read, Write};
use std::process::ExitCode;

use videoid_sandbox::{Command, HELP, Sandbox, SandboxOptions, parse};

fn main() -> ExitCode {
    let (options, exit_with_parent) = match parse(std::env::args().skip(1)) {
        Ok(Command::Help) => return say(HELP),
        Ok(Command::Version) => return say(concat!("videoid-sandbox ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Command::Run(options, exit_with_parent)) => (*options, exit_with_parent),
        Err(error) => {
            eprintln!("videoid-sandbox: {error}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let result = runtime.and_then(|runtime| {
        let result = runtime.block_on(run(options, exit_with_parent));
        // A thread may still wait for a caller that never sends the rest: it must not hold up the end.
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("videoid-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

async fn run(options: SandboxOptions, exit_with_parent: bool) -> std::io::Result<()> {
    let sandbox = Sandbox::start(options).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", sandbox.ready())?;
    out.flush()?;
    let (closed, parent_gone) = tokio::sync::oneshot::channel::<()>();
    if exit_with_parent {
        // A thread of its own: reading standard input cannot be cancelled.
        std::thread::spawn(move || {
            let mut buffer = [0; 256];
            while matches!(std::io::stdin().read(&mut buffer), Ok(1..)) {}
            drop(closed);
        });
    } else {
        // Never sent: without the flag standard input means nothing.
        std::mem::forget(closed);
    }
    tokio::select! {
        _ = parent_gone => {}
        () = stopped() => {}
    }
    drop(sandbox);
    Ok(())
}

/// Ctrl-C, or a request to end.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Nothing to be done where signals cannot be listened to: the default action ends the program.
    let _ = tokio::signal::ctrl_c().await;
}
