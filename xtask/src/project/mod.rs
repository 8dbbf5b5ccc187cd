//! An application on disk, read into the compiler's input: sources, `wippy.lock`, `wippy.yaml`,
//! `.wippy.yaml`.

mod files;
mod lock;
mod name;
mod script;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use moonwright_compiler::input::{Input, Root};
use moonwright_compiler::manifest::lock::Lock;
use moonwright_compiler::names;

use crate::repository::{COMMITTED, Repository, slashes};

/// What was read, and what the build needs to know about it.
#[derive(Debug)]
pub struct Project {
    pub input: Input,
    /// The name of the crate, its folder and its binary.
    pub crate_name: String,
    /// Whether this is the repository's own application, whose crate belongs to the workspace.
    pub is_member: bool,
    /// What was left out on the way and why, one line each.
    pub warnings: Vec<String>,
}

/// Reads the application whose sources are in `src` (or whose project folder `src` is), or the script
/// that `src` is.
///
/// # Errors
/// A folder that is not there, a file that cannot be read, a `wippy.lock` or `wippy.yaml` that is wrong.
pub fn read(repository: &Repository, src: &Path, name: Option<&str>) -> Result<Project> {
    let given = src;
    let src = src.canonicalize().with_context(|| format!("cannot read {}", given.display()))?;
    if src.is_file() && src.extension().is_some_and(|extension| extension == "lua") {
        return script::read(&src, given, name);
    }
    if !src.is_dir() {
        bail!("{} is not a folder; name the folder that holds the manifest, or a Lua file", given.display());
    }
    let label = repository.label(&src, given);
    let mut warnings = Vec::new();
    let place = Place::of(&src, &label)?;
    let files = files::read(&place.source, &mut warnings)?;
    if place.lock.is_none()
        && let Some(script) = without_manifest(&files)
    {
        bail!(
            "{} holds Lua files but no manifest (_index.yaml); name the Lua file that is the program, such as {}",
            given.display(),
            given.join(script).display()
        );
    }
    let mut roots = vec![Root { label: place.label.clone(), module: None, files }];
    if let Some(lock) = &place.lock {
        for module in lock::modules(lock, &place.project, &mut warnings) {
            let label = repository.label(&module.path, &module.path);
            let files = files::read(&module.path, &mut warnings)?;
            roots.push(Root { label, module: Some((module.name, module.version)), files });
        }
    }
    let configuration = read_configuration(repository, &place)?;
    let name = match name {
        Some(name) => name.to_owned(),
        None => name::of(&place.source, place.lock.is_some().then_some(&place.project))?,
    };
    let is_own = repository.root.join("src").canonicalize().is_ok_and(|own| own == place.source);
    let (crate_name, is_member) = crate_of(&name, is_own);
    let command = command(&format!("{}/", place.label));
    Ok(Project {
        input: Input { name, command, roots, script: None, configuration },
        crate_name,
        is_member,
        warnings,
    })
}

/// A Lua file of a folder in which no file can be a manifest.
fn without_manifest(files: &BTreeMap<String, Vec<u8>>) -> Option<&str> {
    let is_manifest = |path: &String| [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end));
    if files.keys().any(is_manifest) {
        return None;
    }
    let scripts = || files.keys().map(String::as_str).filter(|path| path.ends_with(".lua"));
    scripts().find(|path| *path == "main.lua").or_else(|| scripts().next())
}

/// The crate's name, and whether it is the committed one. Another application of that name must not
/// overwrite it.
fn crate_of(name: &str, is_own: bool) -> (String, bool) {
    let legal = names::crate_name(name);
    match (legal == COMMITTED, is_own) {
        (true, true) => (legal, true),
        (true, false) => (format!("{legal}-app"), false),
        (false, _) => (legal, false),
    }
}

/// The command that emitted files name as their author.
fn command(what: &str) -> String {
    if what.contains([' ', '\'', '"', '$']) {
        return format!("cargo xtask build '{what}'");
    }
    format!("cargo xtask build {what}")
}

/// Where the sources are, where the project is, and the lock file between them.
struct Place {
    source: PathBuf,
    label: String,
    project: PathBuf,
    lock: Option<Lock>,
}

impl Place {
    /// `src` is the source folder, beside its `wippy.lock`, or the project folder that holds one.
    fn of(src: &Path, label: &str) -> Result<Self> {
        if let Some(lock) = lock::read(src)? {
            let source = src.join(&lock.src);
            let source = source
                .canonicalize()
                .with_context(|| format!("{label}/wippy.lock: cannot read {}", source.display()))?;
            let label = match source.strip_prefix(src) {
                Ok(inside) if inside.as_os_str().is_empty() => label.to_owned(),
                Ok(inside) if label == "." => slashes(inside),
                Ok(inside) => format!("{label}/{}", slashes(inside)),
                Err(_) => slashes(&source),
            };
            return Ok(Self { source, label, project: src.to_path_buf(), lock: Some(lock) });
        }
        let project = src.parent().unwrap_or(src).to_path_buf();
        let lock = lock::read(&project)?;
        Ok(Self { source: src.to_path_buf(), label: label.to_owned(), project, lock })
    }
}

/// `.wippy.yaml` of the project, with its path for messages.
fn read_configuration(repository: &Repository, place: &Place) -> Result<Option<(String, Vec<u8>)>> {
    let path = place.project.join(".wippy.yaml");
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some((repository.label(&path, &path), bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn the_repositorys_own_application_is_the_member() {
        let repository = Repository::find();
        let project = read(&repository, &repository.root.join("src"), None).unwrap();
        assert_eq!((project.crate_name.as_str(), project.is_member), ("echo-service", true));
        assert_eq!(project.input.command, "cargo xtask build src/");
        let root = project.input.roots.first().unwrap();
        assert_eq!(root.label, "src");
        assert!(root.files.contains_key("relay.lua"));
        let renamed = read(&repository, &repository.root.join("src"), Some("my echo")).unwrap();
        assert_eq!((renamed.crate_name.as_str(), renamed.is_member), ("my-echo", false));
    }

    #[test]
    fn a_foreign_echo_service_does_not_take_the_committed_crate() {
        assert_eq!(crate_of("echo-service", false), ("echo-service-app".to_owned(), false));
    }

    #[test]
    fn replacements_and_vendored_modules_follow_the_sources() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("my app");
        write(
            &root,
            &[
                (
                    "wippy.lock",
                    "directories: {src: ./code, modules: .wippy}\n\
                     modules:\n  - {name: acme/text, version: v1.2.0}\n  - {name: acme/gone, version: v1.0.0}\n\
                     replacements:\n  - {from: acme/log, to: ../log}\n",
                ),
                (".wippy.yaml", "version: '1.0'\n"),
                ("code/_index.yaml", "namespace: app\n"),
                ("code/node_modules/x.yaml", "namespace: hidden\n"),
                (".wippy/vendor/acme/text-v1.2.0/_index.yaml", "namespace: acme.text\n"),
                ("../log/src/_index.yaml", "namespace: acme.log\n"),
            ],
        );
        for given in [root.clone(), root.join("code")] {
            let project = read(&Repository::find(), &given, None).unwrap();
            let modules: Vec<_> = project.input.roots.iter().map(|root| root.module.clone()).collect();
            assert_eq!(
                modules,
                [
                    None,
                    Some(("acme/log".to_owned(), None)),
                    Some(("acme/text".to_owned(), Some("v1.2.0".to_owned()))),
                ]
            );
            let files: Vec<usize> = project.input.roots.iter().map(|root| root.files.len()).collect();
            assert_eq!(files, [1, 1, 1]);
            assert!(project.input.configuration.is_some());
            assert_eq!(project.input.name, "my app");
            assert_eq!(project.crate_name, "my-app");
            assert_eq!(project.warnings.len(), 1, "{:?}", project.warnings);
        }
    }

    #[test]
    fn lua_files_without_a_manifest_are_no_application() {
        let temporary = tempfile::tempdir().unwrap();
        write(temporary.path(), &[("a.lua", ""), ("main.lua", "")]);
        let error = read(&Repository::find(), temporary.path(), None).unwrap_err().to_string();
        assert!(error.contains("no manifest") && error.ends_with("main.lua"), "{error}");
        write(temporary.path(), &[("_index.yaml", "namespace: app\n")]);
        read(&Repository::find(), temporary.path(), None).unwrap();
    }

    #[test]
    fn what_is_not_there_is_said() {
        let error = read(&Repository::find(), Path::new("/no/such/place"), None).unwrap_err();
        assert_eq!(error.to_string(), "cannot read /no/such/place");
    }
}
