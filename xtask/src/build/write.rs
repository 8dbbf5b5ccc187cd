//! The files of a generated crate on disk: only what differs is written, what is no longer emitted
//! goes, so that cargo rebuilds what it must and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

/// Brings `folder` in line with `files`; how many files changed.
///
/// # Errors
/// An empty crate; whatever the disk says.
pub fn crate_files(folder: &Path, files: &BTreeMap<String, String>) -> Result<usize> {
    if files.is_empty() {
        bail!("the compiler emitted no files");
    }
    let mut changed = 0;
    for path in stale(folder, files) {
        std::fs::remove_file(folder.join(&path)).with_context(|| format!("cannot remove {path}"))?;
        changed += 1;
    }
    for (path, text) in files {
        let path = folder.join(path);
        if std::fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        file(&path, text)?;
        changed += 1;
    }
    Ok(changed)
}

/// How the files on disk differ from `files`: one line each, sorted.
pub fn differences(folder: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let mut lines: Vec<String> =
        stale(folder, files).into_iter().map(|path| format!("{path} is no longer emitted")).collect();
    for (path, text) in files {
        match std::fs::read(folder.join(path)) {
            Err(_) => lines.push(format!("{path} is missing")),
            Ok(old) if old != text.as_bytes() => lines.push(format!("{path} differs")),
            Ok(_) => {}
        }
    }
    lines.sort();
    lines
}

/// Rust files below `src/` that are not among `files`. The rest of the folder (a lock file) is cargo's.
fn stale(folder: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let walk = WalkDir::new(folder.join("src")).sort_by_file_name();
    walk.into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|entry| entry.path().strip_prefix(folder).ok().map(crate::repository::slashes))
        .filter(|path| !files.contains_key(path))
        .collect()
}

/// Writes one file, with the folders above it.
///
/// # Errors
/// Whatever the disk says.
pub fn file(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Puts a file in the place of another in one step: whoever stops in between leaves the old one.
///
/// # Errors
/// Whatever the disk says.
pub fn exchange(path: &Path, text: &str) -> Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    file(beside, text)?;
    std::fs::rename(beside, path).with_context(|| format!("cannot replace {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_file_is_exchanged_and_nothing_stays_beside_it() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("RESULTS.md");
        for text in ["first", "second"] {
            exchange(&path, text).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 1);
        // What cannot be put there leaves what is there.
        let folder = temporary.path().join("folder");
        std::fs::create_dir_all(folder.join("full")).unwrap();
        assert!(exchange(&folder, "text").is_err());
        assert!(folder.join("full").is_dir());
    }

    #[test]
    fn only_what_differs_is_written_and_stale_modules_go() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("app");
        let first = files(&[("Cargo.toml", "a"), ("src/main.rs", "b"), ("src/old.rs", "c")]);
        assert_eq!(crate_files(&folder, &first).unwrap(), 3);
        assert_eq!(crate_files(&folder, &first).unwrap(), 0);
        std::fs::write(folder.join("Cargo.lock"), "kept").unwrap();
        let before = std::fs::metadata(folder.join("Cargo.toml")).unwrap().modified().unwrap();

        let second = files(&[("Cargo.toml", "a"), ("src/main.rs", "B"), ("src/new.rs", "d")]);
        assert_eq!(
            differences(&folder, &second),
            ["src/main.rs differs", "src/new.rs is missing", "src/old.rs is no longer emitted"]
        );
        assert_eq!(crate_files(&folder, &second).unwrap(), 3);
        assert_eq!(differences(&folder, &second), Vec::<String>::new());
        assert!(!folder.join("src/old.rs").exists());
        assert_eq!(std::fs::read_to_string(folder.join("Cargo.lock")).unwrap(), "kept");
        let after = std::fs::metadata(folder.join("Cargo.toml")).unwrap().modified().unwrap();
        assert_eq!(before, after);
    }

    #[test]
    fn an_empty_crate_is_refused() {
        assert!(crate_files(Path::new("/nowhere"), &BTreeMap::new()).is_err());
    }
}
