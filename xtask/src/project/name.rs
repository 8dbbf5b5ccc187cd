//! What an application is called when nobody says so: `module:` of its `wippy.yaml`, else its folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_yaml::Value;

/// The name of the application with these sources, in the project folder that a `wippy.lock` makes one.
pub fn of(source: &Path, project: Option<&Path>) -> Result<String> {
    if let Some(path) = description(source) {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(name) = module(&text).with_context(|| path.display().to_string())? {
            return Ok(name);
        }
    }
    let folder = match project {
        Some(project) => Some(project),
        // Every application may have one of that name.
        None if source.file_name().is_some_and(|name| name == "src") => source.parent(),
        None => Some(source),
    };
    let name = folder.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    Ok(name.unwrap_or_else(|| "app".to_owned()))
}

/// The `wippy.yaml` that speaks for `source`: its own, its parent's, or that of a folder above whose
/// `src` it lies in. One further up belongs to something else (a collection of examples, say).
fn description(source: &Path) -> Option<PathBuf> {
    let speaks = |folder: &&Path| {
        *folder == source || source.parent() == Some(folder) || source.starts_with(folder.join("src"))
    };
    source.ancestors().filter(speaks).map(|folder| folder.join("wippy.yaml")).find(|path| path.is_file())
}

/// `module:` of a description, if it names one.
fn module(text: &str) -> Result<Option<String>> {
    match serde_yaml::from_str::<Value>(text)? {
        Value::Null => Ok(None),
        Value::Mapping(map) => match map.get("module") {
            None => Ok(None),
            Some(Value::String(name)) if !name.trim().is_empty() => Ok(Some(name.trim().to_owned())),
            Some(_) => bail!("`module` must be a text that is not empty"),
        },
        _ => bail!("must be a mapping with `organization` and `module`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_beside_or_above_decides_else_the_folder() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path();
        for folder in ["own/src/deep", "own/examples/hello/src", "other/lua"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        std::fs::write(root.join("own/wippy.yaml"), "organization: me\nmodule: shop\n").unwrap();
        assert_eq!(of(&root.join("own/src"), None).unwrap(), "shop");
        assert_eq!(of(&root.join("own/src/deep"), None).unwrap(), "shop");
        assert_eq!(of(&root.join("own"), None).unwrap(), "shop");
        assert_eq!(of(&root.join("own/examples/hello/src"), None).unwrap(), "hello");
        assert_eq!(of(&root.join("other/lua"), None).unwrap(), "lua");
        assert_eq!(of(&root.join("other/lua"), Some(&root.join("other"))).unwrap(), "other");
    }

    #[test]
    fn a_description_must_make_sense() {
        assert_eq!(module("organization: x").unwrap(), None);
        assert_eq!(module("").unwrap(), None);
        assert!(module("module: 5").unwrap_err().to_string().contains("must be a text"));
        assert!(module("- a").unwrap_err().to_string().contains("must be a mapping"));
    }
}
