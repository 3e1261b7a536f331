//! The sizes of what was made.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};

/// One line for each file in the folder, in alphabetical order.
pub(super) fn print(folder: &Path) -> Result<()> {
    let mut files: Vec<(String, u64)> = fs::read_dir(folder)
        .map_err(|e| Error::io("cannot read", folder, &e))?
        .filter_map(std::result::Result::ok)
        .filter_map(|entry| {
            let data = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((entry.file_name().to_string_lossy().into_owned(), data.len()))
        })
        .collect();
    files.sort();
    crate::say(&format!("\n{}", folder.display()));
    for (name, length) in files {
        crate::say(&format!("{:>10.2} MB  {name}", length as f64 / 1e6));
    }
    Ok(())
}
