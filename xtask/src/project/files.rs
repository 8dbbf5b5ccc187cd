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

/// So many files and folders are looked at below a script.
const MOST: usize = 20_000;

/// Every Lua file below `root`, the folder of a script, by its path from there. Hidden folders and
/// what cannot be read are passed over: the folder may hold anything.
pub fn read_lua(root: &Path, warnings: &mut Vec<String>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let walk = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_str().unwrap_or_default();
        entry.depth() == 0 || !(name.starts_with('.') || SKIPPED.contains(&name))
    });
    for (count, entry) in walk.flatten().enumerate() {
        if count == MOST {
            warnings.push(format!("{} holds too many files; not all were looked at", root.display()));
            break;
        }
        let path = entry.path();
        let is_small = entry.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST);
        if !is_small || path.extension().is_none_or(|extension| extension != "lua") {
            continue;
        }
        if let Ok(bytes) = std::fs::read(path) {
            files.insert(slashes(path.strip_prefix(root).unwrap_or(path)), bytes);
        }
    }
    files
}

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
