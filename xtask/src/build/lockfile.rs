//! The lock file of a crate outside the workspace: started from a copy of the repository's, so that
//! every application is built with the very versions that were tested.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::repository::Repository;

/// Puts the lock file in place. With `locked`, makes sure that cargo takes no version from elsewhere.
///
/// # Errors
/// Whatever the disk or cargo says; a package the repository's lock file does not know.
pub fn prepare(repository: &Repository, folder: &Path, locked: bool) -> Result<()> {
    let own = repository.root.join("Cargo.lock");
    let text = std::fs::read_to_string(&own).with_context(|| format!("cannot read {}", own.display()))?;
    let path = folder.join("Cargo.lock");
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    if !is_subset(&current, &text) {
        std::fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if locked { check(repository, folder, &text) } else { Ok(()) }
}

/// Lets cargo complete the lock file, offline, and compares. Nothing needs to be downloaded for that, not even
/// the packages of other platforms that a lock file names too.
fn check(repository: &Repository, folder: &Path, own: &str) -> Result<()> {
    let mut cargo = repository.cargo();
    cargo.args(["update", "--workspace", "--offline", "--quiet"]).current_dir(folder);
    let output = cargo.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let complete = std::fs::read_to_string(folder.join("Cargo.lock")).unwrap_or_default();
    let foreign: Vec<_> = packages(&complete).difference(&packages(own)).cloned().collect();
    if !foreign.is_empty() {
        let list = foreign.iter().map(|(name, version)| format!("{name} {version}"));
        bail!("not in the repository's Cargo.lock: {}", list.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

/// Whether a lock file exists and names nothing that `own` does not.
fn is_subset(current: &str, own: &str) -> bool {
    !current.is_empty() && packages(current).is_subset(&packages(own))
}

/// Name and version of every package from a registry.
fn packages(lock: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for block in lock.split("[[package]]").skip(1) {
        let field = |key: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
            line.and_then(|value| value.strip_suffix('"')).map(str::to_owned)
        };
        if let (Some(name), Some(version), Some(_)) = (field("name"), field("version"), field("source")) {
            found.insert((name, version));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n]\n\n\
        [[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry\"\n\n\
        [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"registry\"\n";

    #[test]
    fn packages_from_a_registry_are_compared() {
        let names: Vec<String> = packages(OWN).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b"]);
        let other = "[[package]]\nname = \"mine\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry\"\n";
        assert!(is_subset(other, OWN));
        assert!(!is_subset(&other.replace("1.0.0", "1.0.1"), OWN));
        assert!(!is_subset("", OWN));
    }

    #[test]
    fn the_repositorys_own_is_understood() {
        let text = std::fs::read_to_string(Repository::find().root.join("Cargo.lock")).unwrap();
        assert!(packages(&text).iter().any(|(name, _)| name == "tokio"));
    }
}
