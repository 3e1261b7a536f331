//! Swift: the machine's own where there is one, else a root of Debian trixie in the cache, entered by chroot.
//!
//! Debian 12 has no Swift and trixie has; a root of its own brings it together with the C library that it was built for.
//! The repository, the cache and the folder for temporary files are mounted inside under the paths they have outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};

use super::find;

pub(crate) const HELP: &str = "\
cargo xtask swift -- ARGUMENTS

Runs `swift ARGUMENTS` in the current folder: the machine's Swift if there is one, else the one of
the root in the cache, which is built when it is missing (about a minute and 530 MB of packages).
The repository has the same path inside, and the environment is passed on.
";

/// What the root needs beyond a minimal Debian.
const PACKAGES: &str = "swiftlang,libc6-dev,libstdc++-14-dev,gcc,git,ca-certificates";

/// Enters the root in a mount namespace of its own, so that nothing stays mounted.
/// Arguments: the root, the folder to be in, the folders to mount, `--`, the program and its arguments.
const ENTER: &str = r#"
set -e
root=$1 here=$2
shift 2
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
  mkdir -p "$root$1"
  mount --rbind "$1" "$root$1"
  shift
done
shift
exec chroot "$root" /usr/bin/env PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/libexec/swift/bin \
  sh -c 'cd "$1"; shift; exec "$@"' sh "$here" "$@"
"#;

/// Builds a root. Arguments: the root, the packages.
const BUILD: &str = r#"
set -e
root=$1 packages=$2
mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
[ -n "$mirror" ] || mirror=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' /etc/apt/sources.list)
if ! command -v mmdebstrap >/dev/null; then
  apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends mmdebstrap ||
    { apt-get update; apt-get install -y --no-install-recommends mmdebstrap; }
fi
rm -rf "$root"
mmdebstrap --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' \
  --include="$packages" trixie "$root" "$mirror"
"#;

fn root() -> Result<PathBuf> {
    Ok(repo::cache()?.join("swift-trixie"))
}

fn in_root(root: &Path) -> bool {
    // A link to a path that is right inside the root only.
    root.join("usr/bin/swift").symlink_metadata().is_ok()
}

/// What only the user can provide.
pub(crate) fn missing() -> Option<String> {
    if find("swift").is_some() || root().is_ok_and(|root| in_root(&root) && is_superuser()) {
        return None;
    }
    if !is_superuser() {
        return Some(
            "swift needs `swift` (6.0 or newer) on the PATH; without it, only root can build and enter a root that has one".to_owned(),
        );
    }
    if find("apt-get").is_none() || find("unshare").is_none() {
        return Some(
            "swift needs `swift` (6.0 or newer) on the PATH, or Debian's apt-get and unshare to build a root that has one".to_owned(),
        );
    }
    None
}

fn is_superuser() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|text| {
        text.lines().find_map(|line| line.strip_prefix("Uid:")).and_then(|ids| ids.split_whitespace().nth(1)) == Some("0")
    })
}

/// Makes sure that there is a Swift.
pub(crate) fn prepare(log: &Log) -> Result<()> {
    let root = root()?;
    if find("swift").is_some() || in_root(&root) {
        return Ok(());
    }
    let cache = repo::cache()?;
    fs::create_dir_all(&cache).map_err(|e| Error::io("cannot make", &cache, &e))?;
    // Built under another name and renamed when it is whole: an interrupted build leaves nothing that looks usable.
    let unfinished = cache.join(format!("swift-trixie.{}", std::process::id()));
    log.run_with_retries(|| {
        let mut build = command("bash");
        build.args(["-c", BUILD, "build"]).arg(&unfinished).arg(PACKAGES);
        build
    })?;
    match fs::rename(&unfinished, &root) {
        Ok(()) => Ok(()),
        // Somebody else was quicker.
        Err(_) if in_root(&root) => fs::remove_dir_all(&unfinished).map_err(|e| Error::io("cannot remove", &unfinished, &e)),
        Err(e) => Err(Error::io("cannot make", &root, &e)),
    }
}

/// `PROGRAM` of the Swift toolchain, or any other program that has to run beside it, in `folder`; it also sees
/// the folders in `seen`.
pub(crate) fn inside(program: &Path, folder: &Path, seen: &[PathBuf]) -> Result<Command> {
    if find("swift").is_some() {
        let mut direct = command(program);
        direct.current_dir(folder);
        return Ok(direct);
    }
    Ok(enter(&root()?, program, folder, seen))
}

/// A program in the root, where the root is there and can be entered: a newer Debian than the machine's, with its C compiler
/// and the libraries that Swift brings. It also sees the folders in `seen`. Gives the root as well.
pub(crate) fn newer_debian(program: &Path, folder: &Path, seen: &[PathBuf]) -> Option<(PathBuf, Command)> {
    let root = root().ok().filter(|root| in_root(root) && is_superuser())?;
    let command = enter(&root, program, folder, seen);
    Some((root, command))
}

fn enter(root: &Path, program: &Path, folder: &Path, seen: &[PathBuf]) -> Command {
    let mut mounted = vec![repo::root(), std::env::temp_dir()];
    for more in [repo::target(), folder.to_path_buf()].iter().chain(seen) {
        if !mounted.iter().any(|outer| more.starts_with(outer)) {
            mounted.push(more.clone());
        }
    }
    let mut enter = command("unshare");
    enter
        .args(["--mount", "--propagation", "private", "bash", "-c", ENTER, "enter"])
        .arg(root)
        .arg(folder)
        .args(mounted)
        .arg("--")
        .arg(program);
    enter
}

/// For the list of toolchains.
pub(crate) fn state() -> String {
    if let Some(path) = find("swift") {
        return path.display().to_string();
    }
    match root() {
        Ok(root) if in_root(&root) => root.display().to_string(),
        Ok(_) => "not installed yet (comes with the first run)".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// `cargo xtask swift`.
pub(crate) fn run(args: Args) -> Result<()> {
    if let Some(text) = missing() {
        return Err(Error::new(text));
    }
    if find("swift").is_none() && !in_root(&root()?) {
        let outcomes = crate::steps::run(vec![vec![crate::steps::Step::check("swift toolchain", prepare)]]);
        if outcomes.iter().any(|outcome| outcome.problem.is_some()) {
            return Err(Error::new("no Swift"));
        }
    }
    let here = std::env::current_dir().map_err(|e| Error::new(format!("no current folder: {e}")))?;
    let status = inside(Path::new("swift"), &here, &[])?
        .args(args.everything())
        .status()
        .map_err(|e| Error::new(format!("cannot start swift: {e}")))?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("swift ended with {status}"))) }
}
