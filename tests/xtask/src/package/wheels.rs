//! The Python packages as they are published: wheels for every Linux with an old enough C library, and source
//! distributions. Both are tried where nothing else is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};
use crate::toolchain::python;

/// The packages: their folder in the repository, and how the names of their files begin.
const PACKAGES: [(&str, &str); 2] = [("bindings-python", "videoid-"), ("bindings-python/sandbox", "videoid_sandbox-")];
/// The newest C library that may be asked for, as the wheels' names promise: 2.17.
const GLIBC: (u32, u32) = (2, 17);

pub(super) fn make(log: &Log, out: &Path) -> Result<()> {
    let tools = python::prepare(log)?;
    let out = std::path::absolute(out).map_err(|e| Error::io("no such path:", out, &e))?;
    forget(&out)?;
    for (package, _) in PACKAGES {
        let mut maturin = python::inside(&tools, "maturin");
        maturin
            .current_dir(repo::root().join(package))
            .args(["build", "--locked", "--release", "--zig", "--compatibility", "manylinux_2_17", "--out"])
            .arg(&out);
        log.run(&mut maturin)?;
        let mut maturin = python::inside(&tools, "maturin");
        log.run(maturin.current_dir(repo::root().join(package)).args(["sdist", "--out"]).arg(&out))?;
    }
    let work = repo::target().join("xtask/package-python");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(|e| Error::io("cannot remove", &work, &e))?;
    }
    let wheels = both(&out, "whl")?;
    for wheel in &wheels {
        check_glibc(log, &tools, wheel, &work.join("unpacked"))?;
    }
    try_out(log, &tools, &wheels, &work.join("wheels"))?;
    from_source(log, &tools, &out, &work)
}

/// What an earlier run left is not what this one makes.
fn forget(out: &Path) -> Result<()> {
    for entry in fs::read_dir(out).map_err(|e| Error::io("cannot read", out, &e))?.filter_map(std::result::Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_package = [".whl", ".tar.gz"].iter().any(|ending| name.ends_with(ending));
        if is_package && PACKAGES.iter().any(|(_, begin)| name.starts_with(begin)) {
            fs::remove_file(entry.path()).map_err(|e| Error::io("cannot remove", &entry.path(), &e))?;
        }
    }
    Ok(())
}

/// The file of that kind of each package.
fn both(folder: &Path, kind: &str) -> Result<Vec<PathBuf>> {
    let names: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|e| Error::io("cannot read", folder, &e))?
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.path())
        .collect();
    PACKAGES
        .iter()
        .map(|(_, begin)| {
            let wanted = |path: &&PathBuf| {
                path.file_name().and_then(|n| n.to_str()).is_some_and(|name| name.starts_with(begin) && name.ends_with(&format!(".{kind}")))
            };
            names.iter().find(wanted).cloned().ok_or_else(|| Error::new(format!("no {begin}….{kind} in {}", folder.display())))
        })
        .collect()
}

/// Looks for versions of the C library in what was linked.
fn check_glibc(log: &Log, tools: &Path, wheel: &Path, folder: &Path) -> Result<()> {
    let mut unzip = python::inside(tools, "python");
    log.run(unzip.args(["-m", "zipfile", "-e"]).arg(wheel).arg(folder))?;
    let mut newest = (0, 0);
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|e| Error::io("cannot read", &folder, &e))?.filter_map(std::result::Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = fs::read(&path).map_err(|e| Error::io("cannot read", &path, &e))?;
            if content.starts_with(b"\x7fELF") {
                newest = newest.max(newest_glibc(&content));
            }
        }
    }
    fs::remove_dir_all(folder).map_err(|e| Error::io("cannot remove", folder, &e))?;
    log.note(&format!("{}: glibc {}.{}", wheel.display(), newest.0, newest.1));
    if newest == (0, 0) {
        return Err(Error::new(format!("{} names no version of the C library", wheel.display())));
    }
    if newest > GLIBC { Err(Error::new(format!("{} wants glibc {}.{}", wheel.display(), newest.0, newest.1))) } else { Ok(()) }
}

/// The newest version that a program or library names, in the form `GLIBC_2.17`.
pub(super) fn newest_glibc(content: &[u8]) -> (u32, u32) {
    const MARK: &[u8] = b"GLIBC_";
    let version = |rest: &[u8]| -> Option<(u32, u32)> {
        let end = rest.iter().position(|b| !b.is_ascii_digit() && *b != b'.').unwrap_or(rest.len());
        let mut numbers = std::str::from_utf8(&rest[..end]).ok()?.split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    let at = |(at, _): (usize, &[u8])| version(&content[at + MARK.len()..]);
    content.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK).filter_map(at).max().unwrap_or((0, 0))
}

/// The ten lines of the README where the wheels are all there is.
fn try_out(log: &Log, tools: &Path, wheels: &[PathBuf], environment: &Path) -> Result<()> {
    python::clean(log, environment)?;
    for wheel in wheels {
        python::install(log, tools, environment, wheel)?;
    }
    let mut lines = python::inside(environment, "python");
    lines.current_dir(std::env::temp_dir()).arg("-I");
    lines.arg(repo::root().join("bindings-python/tests/clean_install.py")).arg(repo::root());
    lines.env_remove("VIDEOID_SANDBOX");
    log.run(&mut lines).map(drop)
}

/// Builds each source distribution from itself alone, outside the repository's workspace, and tries what comes of it.
fn from_source(log: &Log, tools: &Path, out: &Path, work: &Path) -> Result<()> {
    let built = work.join("built");
    for archive in both(out, "tar.gz")? {
        let name = archive.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".tar.gz")).unwrap_or_default().to_owned();
        // Cargo would take the repository's workspace for one that holds this folder.
        let folder = std::env::temp_dir().join(format!("videoid-sdist-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make", &folder, &e))?;
        let make = || -> Result<()> {
            log.run(command("tar").arg("-xzf").arg(&archive).arg("-C").arg(&folder))?;
            let mut maturin = python::inside(tools, "maturin");
            // As pip has it built, which is not locked: the lock of the repository names more than the sources hold, and cargo
            // takes out the rest. The versions stay those of the lock.
            maturin
                .current_dir(folder.join(&name))
                .env("CARGO_TARGET_DIR", repo::target())
                .args(["build", "--release", "--compatibility", "linux", "--out"])
                .arg(&built);
            log.run(&mut maturin).map(drop)
        };
        let outcome = make();
        fs::remove_dir_all(&folder).map_err(|e| Error::io("cannot remove", &folder, &e))?;
        outcome?;
    }
    try_out(log, tools, &both(&built, "whl")?, &work.join("sources"))
}

#[cfg(test)]
mod tests {
    use super::newest_glibc;

    #[test]
    fn finds_the_newest_version_by_number() {
        assert_eq!(newest_glibc(b"\0GLIBC_2.9\0GLIBC_2.17\0GLIBC_2.2.5\0GLIBC_PRIVATE\0"), (2, 17));
        assert_eq!(newest_glibc(b"nothing"), (0, 0));
        assert_eq!(newest_glibc(b"at the end GLIBC_2.34"), (2, 34));
    }
}
