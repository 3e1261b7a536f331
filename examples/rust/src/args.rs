//! The command line of the example. Credentials come from the environment, so that they are not in the list of processes.

use std::collections::HashMap;
use std::env;
use std::path::PathBuf;

use videoid::model::RaoCredentials;

const USAGE: &str = "usage: videoid-example --ra-url URL --upload-url URL --ra ID --rao-id ID --out DIR, and
  --front FILE --rear FILE --photo FILE --owner FILE --video FILE [--refuse REASON]
  --bundle DIR [--refuse REASON]
  --flow ra-eidas --document FILE
  --flow classic --front FILE --rear FILE --owner FILE --document FILE
or, for the One-Shot API: --one-shot-url URL [--dialect current|legacy] [--env sandbox|prod] --ra ID --rao-id ID --out DIR, and
  --flow oneshot-external --front FILE --rear FILE --photo FILE --owner FILE --video FILE --document FILE [--refuse REASON]
  --flow oneshot-eidas --document FILE [--refuse REASON]
There the one-time password is read from standard input.
VIDEOID_RAO_USERNAME, VIDEOID_RAO_PASSWORD and VIDEOID_RAO_PIN hold the officer's credentials, VIDEOID_BILLING_USERNAME and
VIDEOID_BILLING_PASSWORD those of the billing account.";

pub(crate) struct Args(HashMap<String, String>);

impl Args {
    pub(crate) fn read() -> Result<Self, String> {
        let mut values = HashMap::new();
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").ok_or_else(|| format!("{word} is not an option\n{USAGE}"))?;
            let value = words.next().ok_or_else(|| format!("--{name} needs a value\n{USAGE}"))?;
            values.insert(name.to_owned(), value);
        }
        Ok(Self(values))
    }

    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&str, String> {
        self.optional(name).ok_or_else(|| format!("--{name} is needed\n{USAGE}"))
    }

    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, String> {
        self.needed(name).map(PathBuf::from)
    }

    pub(crate) fn rao(&self) -> Result<RaoCredentials, String> {
        Ok(RaoCredentials::new(
            self.secret("rao-username", "VIDEOID_RAO_USERNAME")?,
            self.secret("rao-password", "VIDEOID_RAO_PASSWORD")?,
            self.secret("rao-pin", "VIDEOID_RAO_PIN")?,
            self.needed("rao-id")?,
        ))
    }

    /// A credential: an option where it must be, else from the environment.
    pub(crate) fn secret(&self, option: &str, variable: &str) -> Result<String, String> {
        match self.optional(option) {
            Some(value) => Ok(value.to_owned()),
            None => env::var(variable).map_err(|_| format!("{variable} is needed\n{USAGE}")),
        }
    }
}
