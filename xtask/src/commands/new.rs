//! `cargo xtask new`: a small application that builds and runs at once.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::build::write;
use crate::repository::{Repository, slashes};

/// Start an application: one process for the terminal, one service.
#[derive(Args)]
pub struct Arguments {
    /// The folder to make; it must not exist or be empty
    dir: PathBuf,
}

/// Path and text of every file; `{name}` is the application's name, `{dir}` its folder.
const FILES: [(&str, &str); 6] = [
    ("README.md", include_str!("new/README.md")),
    ("wippy.yaml", include_str!("new/wippy.yaml")),
    ("wippy.lock", include_str!("new/wippy.lock")),
    ("src/_index.yaml", include_str!("new/_index.yaml")),
    ("src/cli.lua", include_str!("new/cli.lua")),
    ("src/greeter.lua", include_str!("new/greeter.lua")),
];

/// Runs the command.
///
/// # Errors
/// A folder that holds something; whatever the disk says.
pub fn main(repository: &Repository, arguments: &Arguments) -> Result<()> {
    let given = slashes(&arguments.dir);
    create(&arguments.dir, &given)?;
    let here = std::env::current_dir().is_ok_and(|here| here.starts_with(&repository.root));
    println!("{given} is ready; to talk to it:");
    if !here {
        println!("  cd {}", repository.root.display());
    }
    let full = std::path::absolute(&arguments.dir).map_or(given.clone(), |path| slashes(&path));
    let shown = quoted(if here { &given } else { &full });
    println!("  cargo xtask run {shown} -- -x app:cli");
    Ok(())
}

/// Writes the application into `dir`; its README calls the folder `given`.
///
/// # Errors
/// A folder that holds something; whatever the disk says.
pub fn create(dir: &Path, given: &str) -> Result<()> {
    if dir.exists() {
        let mut entries = std::fs::read_dir(dir).with_context(|| format!("cannot use {given}"))?;
        if entries.next().is_some() {
            bail!("{given} is not empty");
        }
    }
    let full = std::path::absolute(dir).with_context(|| format!("cannot use {given}"))?;
    let name = full.file_name().map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned());
    for (path, text) in FILES {
        let text = text.replace("{name}", &spelled(path, &name)?).replace("{dir}", &quoted(given));
        write::file(&dir.join(path), &text)?;
    }
    Ok(())
}

/// The name as a YAML file must spell it; as it is elsewhere.
fn spelled(path: &str, name: &str) -> Result<String> {
    if path.ends_with(".yaml") {
        return Ok(serde_yaml::to_string(name)?.trim_end().to_owned());
    }
    Ok(name.to_owned())
}

/// A path as a shell must spell it.
fn quoted(path: &str) -> String {
    let is_plain = path.chars().all(|character| character.is_alphanumeric() || "-_./".contains(character));
    if is_plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project;

    #[test]
    fn a_new_application_has_its_name_and_no_holes() {
        let temporary = tempfile::tempdir().unwrap();
        for (folder, name) in [("demo", "demo"), ("2 \"apps\"", "2 \"apps\""), ("true", "true")] {
            let dir = temporary.path().join(folder);
            create(&dir, folder).unwrap();
            for (path, _) in FILES {
                let text = std::fs::read_to_string(dir.join(path)).unwrap();
                assert!(!text.contains("{name}") && !text.contains("{dir}"), "{path}");
            }
            let project = project::read(&Repository::find(), &dir, None).unwrap();
            assert_eq!(project.input.name, name);
        }
    }

    #[test]
    fn a_folder_that_holds_something_is_refused() {
        let temporary = tempfile::tempdir().unwrap();
        std::fs::write(temporary.path().join("x"), "").unwrap();
        let error = create(temporary.path(), "here").unwrap_err();
        assert_eq!(error.to_string(), "here is not empty");
        std::fs::remove_file(temporary.path().join("x")).unwrap();
        create(temporary.path(), "here").unwrap();
    }
}
