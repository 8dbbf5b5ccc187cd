//! Where the repository, its crates and the shared build directory are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate that is committed under `generated/`: the repository's own application in `src/`.
pub const COMMITTED: &str = "echo-service";

/// The places every command starts from, as absolute paths.
#[derive(Clone, Debug)]
pub struct Repository {
    pub root: PathBuf,
    /// Shared by the workspace and by every generated crate.
    pub target: PathBuf,
}

impl Repository {
    /// The repository this program was built from, wherever it is started.
    pub fn find() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own).to_path_buf();
        let target = std::env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty());
        let target = match target {
            Some(dir) => std::path::absolute(&dir).unwrap_or_else(|_| PathBuf::from(dir)),
            None => root.join("target"),
        };
        Self { root, target }
    }

    /// The folder of the generated crate `name`.
    pub fn generated(&self, name: &str) -> PathBuf {
        self.root.join("generated").join(name)
    }

    /// Cargo, started in the repository, building into the shared directory.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    /// `path` as messages and emitted files show it: from the repository's root, `/` between the
    /// parts, if it lies inside; otherwise as it was given.
    pub fn label(&self, path: &Path, given: &Path) -> String {
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        match path.strip_prefix(&root) {
            Ok(inside) => slashes(inside),
            Err(_) => slashes(given),
        }
    }
}

/// A path as text with `/` between its parts and none at the end.
pub fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    match text.trim_end_matches('/') {
        "" if text.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_from_the_root_inside_and_as_given_outside() {
        let repository = Repository::find();
        let root = repository.root.canonicalize().unwrap();
        assert_eq!(repository.label(&root.join("src"), Path::new("../src/")), "src");
        assert_eq!(repository.label(Path::new("/elsewhere/app"), Path::new("../app/")), "../app");
        assert_eq!(repository.label(&root, Path::new(".")), ".");
    }
}
