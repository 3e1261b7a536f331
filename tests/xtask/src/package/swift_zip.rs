//! The Swift package as an archive: its folder without what builds leave there, and this platform's library.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};

/// Python's own `zipfile` writes the archive: the machine has it, and a crate for one archive would be one too many.
/// Names are sorted and dates fixed, so that the same sources give the same archive.
const ZIP: &str = r#"
import sys, pathlib, zipfile
source, library, archive = map(pathlib.Path, sys.argv[1:])
left = {".build", ".swiftpm"}
files = [(p, p.relative_to(source)) for p in source.rglob("*") if p.is_file() and not left & set(p.relative_to(source).parts)]
files.append((library, pathlib.Path("lib") / "linux-x86_64" / library.name))
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for path, name in sorted(files, key=lambda pair: pair[1].as_posix()):
        info = zipfile.ZipInfo("VideoID/" + name.as_posix(), (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        out.writestr(info, path.read_bytes())
"#;

/// Makes `videoid-swift-VERSION.zip`.
pub(super) fn make(log: &Log, out: &Path) -> Result<()> {
    let library = super::mobile_library(log)?.join("libvideoid_mobile.so");
    let source = repo::root().join("bindings-mobile/swift");
    let archive = out.join(format!("videoid-swift-{}.zip", env!("CARGO_PKG_VERSION")));
    if archive.exists() {
        fs::remove_file(&archive).map_err(|e| Error::io("cannot remove", &archive, &e))?;
    }
    log.run(command("python3").args(["-c", ZIP]).arg(&source).arg(&library).arg(&archive)).map(drop)
}
