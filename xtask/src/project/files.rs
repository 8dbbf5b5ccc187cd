//! One source tree, read whole: any file may be a manifest or the target of a `file://`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::repository::slashes;

/// Folders that never hold sources.
const SKIPPED: [&str; 4] = [".git", ".wippy", "node_modules", "target"];

/// No source is larger; what is, is data that has no place in memory.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Every file below `root` by its path from there. Links are followed, loops are refused.
pub fn read(root: &Path, warnings: &mut Vec<String>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| {
        let is_skipped = entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name));
        entry.depth() == 0 || !is_skipped || !entry.file_type().is_dir()
    });
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read {}", root.display()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        let path = entry.path();
        if size > LARGEST {
            let limit = LARGEST / 1024 / 1024;
            warnings.push(format!("{} is larger than {limit} MiB and is left out", path.display()));
            continue;
        }
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let inside = path.strip_prefix(root).unwrap_or(path);
        files.insert(slashes(inside), bytes);
    }
    Ok(files)
}
