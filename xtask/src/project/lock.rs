//! `wippy.lock` on disk: which further source trees an application has, and where they are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use moonwright_compiler::manifest::lock::{self, Lock, LockedModule};

/// A further source tree.
#[derive(Debug)]
pub struct Module {
    /// `org/module`
    pub name: String,
    /// A replacement has none.
    pub version: Option<String>,
    pub path: PathBuf,
}

/// The lock file of `project`, if there is one.
pub fn read(project: &Path) -> Result<Option<Lock>> {
    let path = project.join("wippy.lock");
    if !path.is_file() {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("failed to load lock file: lock file {shown}"))?;
    let lock = lock::parse(&shown, &text).map_err(|text| anyhow!("{text}"))?;
    if let Some(missing) =
        lock.replacements.iter().find(|replacement| !project.join(&replacement.to).exists())
    {
        let problem = format!("replacement path \"{}\" does not exist", missing.to);
        bail!("invalid lock file: lock file {shown}: invalid replacements: {problem}");
    }
    Ok(Some(lock))
}

/// The trees to read after the sources: replacements in the order of the file, then locked modules.
/// A module that is not there is skipped with a warning.
pub fn modules(lock: &Lock, project: &Path, warnings: &mut Vec<String>) -> Vec<Module> {
    let mut modules = Vec::new();
    for replacement in &lock.replacements {
        let to = project.join(&replacement.to);
        let path = Some(to.join("src")).filter(|src| src.is_dir()).unwrap_or(to);
        modules.push(Module { name: replacement.from.clone(), version: None, path });
    }
    let is_replaced = |name: &str| lock.replacements.iter().any(|replacement| replacement.from == name);
    for locked in lock.modules.iter().filter(|locked| !is_replaced(&locked.name)) {
        match vendored(lock, project, locked) {
            Ok(path) => {
                modules.push(Module {
                    name: locked.name.clone(),
                    version: Some(locked.version.clone()),
                    path,
                });
            }
            Err(warning) => warnings.push(warning),
        }
    }
    // Paths are compared and shown later: give each its one form.
    for module in &mut modules {
        module.path = module.path.canonicalize().unwrap_or_else(|_| module.path.clone());
    }
    modules
}

/// The folder of a locked module, or why there is none.
fn vendored(lock: &Lock, project: &Path, locked: &LockedModule) -> Result<PathBuf, String> {
    let store = project.join(&lock.modules_directory);
    let vendor = if store.ends_with("vendor") { store } else { store.join("vendor") };
    let plain = vendor.join(&locked.name);
    let versioned = vendor.join(format!("{}-{}", locked.name, locked.version));
    let archive = vendor.join(format!("{}-{}.wapp", locked.name, locked.version));
    if plain.is_dir() {
        Ok(plain)
    } else if archive.is_file() {
        Err(format!(
            "{}: module archives are not read; unpack it (options.unpack_modules)",
            archive.display()
        ))
    } else if versioned.is_dir() {
        Ok(versioned)
    } else {
        Err(format!("path not found, skipping: {} {} in {}", locked.name, locked.version, vendor.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_must_be_there() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("wippy.lock");
        std::fs::write(&path, "replacements: [{from: a/b, to: x}]\n").unwrap();
        let error = read(temporary.path()).unwrap_err().to_string();
        assert!(error.starts_with("invalid lock file: lock file /"), "{error}");
        assert!(
            error.ends_with("wippy.lock: invalid replacements: replacement path \"x\" does not exist"),
            "{error}"
        );
        std::fs::create_dir(temporary.path().join("x")).unwrap();
        assert!(read(temporary.path()).unwrap().is_some());
        assert!(read(&temporary.path().join("x")).unwrap().is_none());
    }
}
