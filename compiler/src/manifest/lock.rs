//! `wippy.lock`: where the sources of an application and of its modules are.
//!
//! Nothing is looked up here; whether a path exists is the caller's question.

use serde::Deserialize;

/// A lock file that was read and found in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The application's source root, relative to the lock file.
    pub src: String,
    /// The module store, relative to the lock file.
    pub modules_directory: String,
    pub modules: Vec<LockedModule>,
    pub replacements: Vec<Replacement>,
}

/// A module of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LockedModule {
    /// `org/module`
    pub name: String,
    pub version: String,
}

/// A folder that stands in for a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Replacement {
    pub from: String,
    pub to: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    directories: Directories,
    modules: Option<Vec<LockedModule>>,
    replacements: Option<Vec<Replacement>>,
}

#[derive(Deserialize)]
#[serde(default)]
struct Directories {
    modules: Option<String>,
    src: Option<String>,
}

impl Default for Directories {
    fn default() -> Self {
        Self { modules: Some(".wippy".to_owned()), src: Some(".".to_owned()) }
    }
}

/// Reads the text of the lock file at `path`.
///
/// # Errors
/// The message for the user, `path` in it.
pub fn parse(path: &str, text: &str) -> Result<Lock, String> {
    let file: Option<File> = serde_yaml::from_str(text).map_err(|error| {
        let failed = "failed to read lock file: failed to unmarshal yaml";
        format!("failed to load lock file: lock file {path}: {failed}: {error}")
    })?;
    let file = file.unwrap_or_default();
    let lock = Lock {
        src: file.directories.src.unwrap_or_default(),
        modules_directory: file.directories.modules.unwrap_or_default(),
        modules: file.modules.unwrap_or_default(),
        replacements: file.replacements.unwrap_or_default(),
    };
    validate(&lock).map_err(|cause| format!("invalid lock file: lock file {path}: {cause}"))?;
    Ok(lock)
}

fn validate(lock: &Lock) -> Result<(), String> {
    for LockedModule { name, .. } in &lock.modules {
        validate_name(name).map_err(|cause| format!("invalid module \"{name}\": {cause}"))?;
    }
    for LockedModule { name, version } in &lock.modules {
        if version.is_empty() {
            return Err(format!("module \"{name}\" has empty version"));
        }
    }
    for Replacement { from, to } in &lock.replacements {
        if from.is_empty() {
            return Err("replacement has empty 'from' field".to_owned());
        }
        if to.is_empty() {
            return Err(format!("replacement \"{from}\" has empty 'to' field"));
        }
    }
    if lock.modules_directory.is_empty() {
        return Err("directories.modules cannot be empty".to_owned());
    }
    if lock.src.is_empty() {
        return Err("directories.src cannot be empty".to_owned());
    }
    Ok(())
}

/// `org/module`, both parts filled.
fn validate_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("module name cannot be empty".to_owned());
    }
    match name.split('/').collect::<Vec<_>>().as_slice() {
        ["", _] => Err("organization part cannot be empty".to_owned()),
        [_, ""] => Err("module part cannot be empty".to_owned()),
        [_, _] => Ok(()),
        _ => Err(format!("invalid format (expected org/module, got \"{name}\")")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse("wippy.lock", text).unwrap_err()
    }

    #[test]
    fn a_lock_file_says_where_things_are() {
        let text = "
directories: { modules: .wippy, src: ./src }
modules:
  - { name: acme/http, version: v1.2.0, hash: abc }
replacements:
  - { from: acme/ui, to: ../ui }
options: { unpack_modules: true }
";
        let lock = Lock {
            src: "./src".to_owned(),
            modules_directory: ".wippy".to_owned(),
            modules: vec![LockedModule { name: "acme/http".to_owned(), version: "v1.2.0".to_owned() }],
            replacements: vec![Replacement { from: "acme/ui".to_owned(), to: "../ui".to_owned() }],
        };
        assert_eq!(parse("wippy.lock", text), Ok(lock));
    }

    #[test]
    fn what_is_missing_has_a_default() {
        for text in ["", "{}", "directories: {}", "modules:", "directories: {src: .}"] {
            let lock = parse("wippy.lock", text).unwrap();
            assert_eq!((lock.src.as_str(), lock.modules_directory.as_str()), (".", ".wippy"), "{text}");
        }
    }

    #[test]
    fn every_fault_has_its_text() {
        let prefix = "invalid lock file: lock file wippy.lock: ";
        for (text, cause) in [
            ("modules: [{name: a}]", r#"invalid module "a": invalid format (expected org/module, got "a")"#),
            (
                "modules: [{name: a/b/c, version: '1'}]",
                r#"invalid module "a/b/c": invalid format (expected org/module, got "a/b/c")"#,
            ),
            ("modules: [{name: /b}]", r#"invalid module "/b": organization part cannot be empty"#),
            ("modules: [{name: a/}]", r#"invalid module "a/": module part cannot be empty"#),
            ("modules: [{version: '1'}]", r#"invalid module "": module name cannot be empty"#),
            ("modules: [{name: a/b}]", r#"module "a/b" has empty version"#),
            ("replacements: [{to: x}]", "replacement has empty 'from' field"),
            ("replacements: [{from: a/b}]", r#"replacement "a/b" has empty 'to' field"#),
            ("directories: {modules: '', src: x}", "directories.modules cannot be empty"),
            ("directories: {src: ''}", "directories.src cannot be empty"),
        ] {
            assert_eq!(error(text), format!("{prefix}{cause}"));
        }
        // Names come before versions, versions before directories.
        assert!(error("modules: [{name: a/b}, {name: c}]").contains("invalid format"));
        assert!(error("modules: [{name: a/b}]\ndirectories: {src: ''}").contains("has empty version"));
        let broken = error("directories: [");
        let start = "failed to load lock file: lock file wippy.lock: failed to read lock file: failed to unmarshal yaml: ";
        assert!(broken.starts_with(start), "{broken}");
    }
}
