//! One Lua file as the compiler's input, with the Lua files below its folder that it may require.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use moonwright_compiler::input::{Input, Root, Script};

use super::{Project, command, crate_of, files};
use crate::repository::slashes;

/// Reads the script `src`, which the user called `given`.
pub fn read(src: &Path, given: &Path, name: Option<&str>) -> Result<Project> {
    let text = std::fs::read(src).with_context(|| format!("cannot read {}", given.display()))?;
    let file = src.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = src.parent().unwrap_or(src);
    let mut warnings = Vec::new();
    // Most scripts stand alone; then nothing beside them is looked at.
    let is_alone = !contains(&text, b"require") && !contains(&text, b"package");
    let mut files = if is_alone { BTreeMap::new() } else { files::read_lua(folder, &mut warnings) };
    files.insert(file.clone(), text);
    let label = given.parent().map(slashes).unwrap_or_default();
    let stem = src.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.map_or(stem, str::to_owned);
    let (crate_name, _) = crate_of(&name, false);
    let path = slashes(given);
    let input = Input {
        name,
        command: command(&path),
        roots: vec![Root { label, module: None, files }],
        script: Some(Script { path, file }),
        configuration: None,
    };
    Ok(Project { input, crate_name, is_member: false, warnings })
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}
