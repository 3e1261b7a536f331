//! How a sandbox is started: from Rust or from a command line.

use std::path::PathBuf;

/// What a sandbox is started with. The defaults give a plain-HTTP sandbox on free ports with 100 scratchcards.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SandboxOptions {
    /// Port of the RA API; 0 takes a free one.
    pub ra_port: u16,
    /// Port of the upload host; 0 takes a free one.
    pub upload_port: u16,
    /// Port of the control API; 0 takes a free one.
    pub control_port: u16,
    /// Port of the One-Shot API; 0 takes a free one.
    pub one_shot_port: u16,
    /// Serve the RA API and the upload host over TLS.
    pub tls: bool,
    /// Require a client certificate on the RA API (switches TLS on).
    pub mutual_tls: bool,
    /// Require a client certificate on the upload host (switches TLS on).
    pub upload_mutual_tls: bool,
    /// Serve a certificate that expired yesterday.
    pub expired_server_cert: bool,
    /// Offer HTTP/2 by ALPN.
    pub http2: bool,
    /// Where the PEM files go; none: a temporary folder, removed at the end.
    pub pki_dir: Option<PathBuf>,
    /// Unused scratchcards at start.
    pub cards: usize,
    /// Keep the state here and go on from it at the next start.
    pub state_dir: Option<PathBuf>,
    /// Measure and hash videos, but keep none.
    pub discard_uploads: bool,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            ra_port: 0,
            upload_port: 0,
            control_port: 0,
            one_shot_port: 0,
            tls: false,
            mutual_tls: false,
            upload_mutual_tls: false,
            expired_server_cert: false,
            http2: false,
            pki_dir: None,
            cards: 100,
            state_dir: None,
            discard_uploads: false,
        }
    }
}

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Command {
    /// Start; true: end when standard input closes.
    Run(Box<SandboxOptions>, bool),
    Help,
    Version,
}

/// The text of `--help`.
#[doc(hidden)]
pub const HELP: &str = "\
videoid-sandbox: a local stand-in for the Registration Authority API

It listens on 127.0.0.1 only, prints one line of JSON with its addresses on
standard output when it is ready, and runs until it is stopped.

Usage: videoid-sandbox [OPTIONS]

  --ra-port N            port of the RA API             (default: a free one)
  --upload-port N        port of the video upload host  (default: a free one)
  --control-port N       port of the control API        (default: a free one)
  --one-shot-port N      port of the One-Shot API       (default: a free one)
  --tls                  serve RA API and upload host over TLS
  --mutual-tls           require a client certificate on the RA API
  --upload-mutual-tls    require a client certificate on the upload host
  --expired-server-cert  serve a certificate that expired yesterday
  --http2                offer HTTP/2 on TLS connections
  --pki-dir DIR          write CA, certificates and keys here
                         (default: a temporary folder, removed at the end)
  --cards N              unused scratchcards at start   (default: 100)
  --state-dir DIR        keep the state here and go on from it
  --discard-uploads      measure and hash videos, but keep none
  --exit-with-parent     end when standard input closes
  --version              print the version
  --help                 print this text
";

/// Reads the arguments after the program's name.
#[doc(hidden)]
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut options = SandboxOptions::default();
    let mut exit_with_parent = false;
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, mut inline) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let mut value = || inline.take().or_else(|| arguments.next()).ok_or_else(|| format!("{name} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{name}: {text} is no port"));
        match name.as_str() {
            "--ra-port" => options.ra_port = number(value()?)?,
            "--upload-port" => options.upload_port = number(value()?)?,
            "--control-port" => options.control_port = number(value()?)?,
            "--one-shot-port" => options.one_shot_port = number(value()?)?,
            "--tls" => options.tls = true,
            "--mutual-tls" => options.mutual_tls = true,
            "--upload-mutual-tls" => options.upload_mutual_tls = true,
            "--expired-server-cert" => options.expired_server_cert = true,
            "--http2" => options.http2 = true,
            "--pki-dir" => options.pki_dir = Some(value()?.into()),
            "--cards" => {
                let text = value()?;
                options.cards = text.parse().map_err(|_| format!("--cards: {text} is no number"))?;
            }
            "--state-dir" => options.state_dir = Some(value()?.into()),
            "--discard-uploads" => options.discard_uploads = true,
            "--exit-with-parent" => exit_with_parent = true,
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            _ => return Err(format!("unknown option {name}; --help lists the options")),
        }
        if inline.is_some() {
            return Err(format!("{name} takes no value"));
        }
    }
    if options.mutual_tls || options.upload_mutual_tls || options.expired_server_cert || options.http2 {
        options.tls = true;
    }
    Ok(Command::Run(Box::new(options), exit_with_parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Command, String> {
        parse(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read() {
        let expected =
            SandboxOptions { tls: true, mutual_tls: true, cards: 3, ra_port: 8080, pki_dir: Some("x".into()), ..SandboxOptions::default() };
        assert_eq!(
            parse_words("--mutual-tls --cards 3 --ra-port=8080 --pki-dir x --exit-with-parent"),
            Ok(Command::Run(Box::new(expected), true))
        );
        assert_eq!(parse_words("--tls --help"), Ok(Command::Help));
    }

    #[test]
    fn wrong_options_are_named() {
        for (words, named) in
            [("--nope", "--nope"), ("--cards", "--cards"), ("--cards x", "--cards"), ("--ra-port 99999", "--ra-port"), ("--tls=1", "--tls")]
        {
            assert!(parse_words(words).is_err_and(|error| error.contains(named)), "{words}");
        }
    }

    #[test]
    fn help_names_each_option() {
        for option in [
            "--ra-port",
            "--upload-port",
            "--control-port",
            "--one-shot-port",
            "--tls",
            "--mutual-tls",
            "--upload-mutual-tls",
            "--expired-server-cert",
            "--http2",
            "--pki-dir",
            "--cards",
            "--state-dir",
            "--discard-uploads",
            "--exit-with-parent",
            "--version",
            "--help",
        ] {
            assert!(HELP.contains(option), "{option}");
        }
    }
}
