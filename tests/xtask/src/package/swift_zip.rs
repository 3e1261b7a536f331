//! The Swift packages as archives: the folder of each without what builds leave there, and this platform's library.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};

/// Python's own `zipfile` writes the archive: the machine has it, and a crate for one archive would be one too many.
/// Names are sorted and dates fixed, so that the same sources give the same archive.
const ZIP: &str = r#"
import os, sys, pathlib, zipfile
source, library, archive = map(pathlib.Path, sys.argv[1:4])
package, left = sys.argv[4], {".build", ".swiftpm", *sys.argv[5:]}
# Links to the folders that the packages share become folders.
found = [pathlib.Path(folder, name) for folder, _, names in os.walk(source, followlinks=True) for name in names]
files = [(p, p.relative_to(source)) for p in found if not left & set(p.relative_to(source).parts)]
files.append((library, pathlib.Path("lib") / "linux-x86_64" / library.name))
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for path, name in sorted(files, key=lambda pair: pair[1].as_posix()):
        info = zipfile.ZipInfo(package + "/" + name.as_posix(), (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        out.writestr(info, path.read_bytes())
"#;

/// Makes `videoid-swift-VERSION.zip` and `videoid-capture-swift-VERSION.zip`.
pub(super) fn make(log: &Log, out: &Path) -> Result<()> {
    let swift = repo::root().join("bindings-mobile/swift");
    let library = super::mobile_library(log)?.join("libvideoid_mobile.so");
    // The other package is in a folder of this one.
    archive(log, &swift, &library, &out.join(named("videoid-swift")), &["VideoID", "Capture"])?;
    let library = super::capture_library(log)?.join(crate::capture::FILE);
    archive(log, &swift.join("Capture"), &library, &out.join(named("videoid-capture-swift")), &["VideoIDCapture"])
}

fn named(name: &str) -> String {
    format!("{name}-{}.zip", env!("CARGO_PKG_VERSION"))
}

/// `names`: the folder inside the archive, then what is left out.
fn archive(log: &Log, source: &Path, library: &Path, archive: &Path, names: &[&str]) -> Result<()> {
    if archive.exists() {
        fs::remove_file(archive).map_err(|e| Error::io("cannot remove", archive, &e))?;
    }
    log.run(command("python3").args(["-c", ZIP]).arg(source).arg(library).arg(archive).args(names)).map(drop)
}
