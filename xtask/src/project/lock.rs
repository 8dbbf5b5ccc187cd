//! `wippy.lock`: where the sources are, which modules are vendored, which are replaced.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The lock file, checked.
#[derive(Debug)]
pub struct Lock {
    /// The source folder, from the lock file's own.
    pub source: PathBuf,
    /// The folder whose `vendor` holds the modules.
    store: PathBuf,
    locked: Vec<Locked>,
    replacements: Vec<Replacement>,
}

/// A further source tree.
#[derive(Debug)]
pub struct Module {
    /// `org/module`
    pub name: String,
    pub version: Option<String>,
    pub path: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    directories: Directories,
    modules: Vec<Locked>,
    replacements: Vec<Replacement>,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct Directories {
    modules: String,
    src: String,
}

impl Default for Directories {
    fn default() -> Self {
        Self { modules: ".wippy".to_owned(), src: ".".to_owned() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Locked {
    name: String,
    version: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Replacement {
    from: String,
    to: String,
}

impl Lock {
    /// The lock file of `project`, if there is one.
    pub fn read(project: &Path) -> Result<Option<Self>> {
        let path = project.join("wippy.lock");
        if !path.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("failed to load lock file: lock file {}", path.display()))?;
        Self::parse(&text, &path, project).map(Some)
    }

    fn parse(text: &str, path: &Path, project: &Path) -> Result<Self> {
        let shown = path.display();
        let file: Option<File> = serde_yaml::from_str(text).map_err(|error| {
            anyhow::anyhow!(
                "failed to load lock file: lock file {shown}: failed to read lock file: failed to unmarshal yaml: {error}"
            )
        })?;
        let file = file.unwrap_or_default();
        check(&file, project).with_context(|| format!("invalid lock file: lock file {shown}"))?;
        Ok(Self {
            source: file.directories.src.into(),
            store: file.directories.modules.into(),
            locked: file.modules,
            replacements: file.replacements,
        })
    }

    /// The trees to read after the sources: replacements in the order of the file, then locked modules.
    pub fn modules(&self, project: &Path, warnings: &mut Vec<String>) -> Vec<Module> {
        let mut modules = Vec::new();
        for replacement in &self.replacements {
            let to = project.join(&replacement.to);
            let path = Some(to.join("src")).filter(|src| src.is_dir()).unwrap_or(to);
            modules.push(Module { name: replacement.from.clone(), version: None, path });
        }
        let is_replaced = |name: &str| self.replacements.iter().any(|replacement| replacement.from == name);
        for locked in self.locked.iter().filter(|locked| !is_replaced(&locked.name)) {
            match self.vendored(project, locked) {
                Ok(path) => modules.push(Module {
                    name: locked.name.clone(),
                    version: Some(locked.version.clone()),
                    path,
                }),
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
    fn vendored(&self, project: &Path, locked: &Locked) -> Result<PathBuf, String> {
        let store = project.join(&self.store);
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
            Err(format!(
                "path not found, skipping: {} {} in {}",
                locked.name,
                locked.version,
                vendor.display()
            ))
        }
    }
}

/// What must hold, in this order: module names, versions, replacements, directories.
fn check(file: &File, project: &Path) -> Result<()> {
    for module in &file.modules {
        if let Some(problem) = problem_of_name(&module.name) {
            bail!("invalid module \"{}\": {problem}", module.name);
        }
    }
    for module in &file.modules {
        if module.version.is_empty() {
            bail!("module \"{}\" has empty version", module.name);
        }
    }
    for replacement in &file.replacements {
        if replacement.from.is_empty() {
            bail!("invalid replacements: replacement has empty 'from' field");
        }
        if replacement.to.is_empty() {
            bail!("invalid replacements: replacement \"{}\" has empty 'to' field", replacement.from);
        }
        if !project.join(&replacement.to).exists() {
            bail!("invalid replacements: replacement path \"{}\" does not exist", replacement.to);
        }
    }
    if file.directories.modules.is_empty() {
        bail!("directories.modules cannot be empty");
    }
    if file.directories.src.is_empty() {
        bail!("directories.src cannot be empty");
    }
    Ok(())
}

fn problem_of_name(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("module name cannot be empty".to_owned());
    }
    match name.split_once('/') {
        Some((_, module)) if module.contains('/') => {
            Some(format!("invalid format (expected org/module, got \"{name}\")"))
        }
        Some(("", _)) => Some("organization part cannot be empty".to_owned()),
        Some((_, "")) => Some("module part cannot be empty".to_owned()),
        Some(_) => None,
        None => Some(format!("invalid format (expected org/module, got \"{name}\")")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let error = Lock::parse(text, Path::new("p/wippy.lock"), Path::new("/nowhere")).unwrap_err();
        format!("{error:#}")
    }

    #[test]
    fn missing_keys_have_their_defaults() {
        for text in ["", "directories:\n", "{}"] {
            let lock = Lock::parse(text, Path::new("wippy.lock"), Path::new("."));
            // `directories:` alone is null, which is no mapping.
            let Ok(lock) = lock else { continue };
            assert_eq!((lock.source, lock.store), (PathBuf::from("."), PathBuf::from(".wippy")));
        }
    }

    #[test]
    fn each_fault_has_its_text() {
        let begin = "invalid lock file: lock file p/wippy.lock: ";
        let cases = [
            (
                "modules: [{name: a, version: v1}]",
                "invalid module \"a\": invalid format (expected org/module, got \"a\")",
            ),
            (
                "modules: [{name: /a, version: v1}]",
                "invalid module \"/a\": organization part cannot be empty",
            ),
            ("modules: [{name: a/, version: v1}]", "invalid module \"a/\": module part cannot be empty"),
            ("modules: [{version: v1}]", "invalid module \"\": module name cannot be empty"),
            ("modules: [{name: a/b}]", "module \"a/b\" has empty version"),
            (
                "replacements: [{from: a/b, to: x}]",
                "invalid replacements: replacement path \"x\" does not exist",
            ),
            ("replacements: [{to: x}]", "invalid replacements: replacement has empty 'from' field"),
            ("replacements: [{from: a/b}]", "invalid replacements: replacement \"a/b\" has empty 'to' field"),
            ("directories: {src: ''}", "directories.src cannot be empty"),
            ("directories: {modules: ''}", "directories.modules cannot be empty"),
        ];
        for (text, expected) in cases {
            assert_eq!(problem(text), format!("{begin}{expected}"));
        }
        assert!(problem("modules: [").starts_with(
            "failed to load lock file: lock file p/wippy.lock: failed to read lock file: failed to unmarshal yaml: "
        ));
    }
}
