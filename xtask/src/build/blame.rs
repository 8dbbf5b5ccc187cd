//! When rustc refuses the emitted code: which Lua the refused Rust was written for.

use std::path::{Path, PathBuf};

use crate::build::cargo::RustcMessage;

/// A refusal, traced back.
#[derive(Debug, PartialEq, Eq)]
pub struct Bug {
    /// `relay.lua:24`, or the Rust place if the emitted file names no source.
    pub place: String,
    pub message: String,
    /// Everything rustc said.
    pub text: String,
}

/// The first error that points into `folder`. An error that points nowhere (no linker, say) or
/// elsewhere is not about emitted code.
pub fn find(folder: &Path, errors: &[RustcMessage]) -> Option<Bug> {
    let (message, place) = errors.iter().find_map(|error| Some((error, place(folder, error)?)))?;
    let text = errors.iter().map(RustcMessage::text).collect::<Vec<_>>().join("\n");
    Some(Bug { place, message: message.message.clone(), text })
}

fn place(folder: &Path, error: &RustcMessage) -> Option<String> {
    let mut spans: Vec<_> = error.spans.iter().collect();
    spans.sort_by_key(|span| !span.is_primary);
    spans.into_iter().find_map(|span| {
        let path = inside(folder, &span.file_name)?;
        let text = std::fs::read_to_string(&path).ok()?;
        let rust = format!("{}:{}", path.display(), span.line_start);
        Some(lua_place(&text, span.line_start).unwrap_or(rust))
    })
}

/// rustc names files from the root of their workspace, which lies at or above `folder`.
fn inside(folder: &Path, file: &Path) -> Option<PathBuf> {
    let candidates = folder.ancestors().take(3).map(|root| root.join(file));
    candidates.into_iter().find(|path| path.starts_with(folder) && path.is_file())
}

/// The Lua place of the nearest mark at or above `line` (from 1): `// relay.lua:24`, the
/// documentation of an item, or the header of the file.
fn lua_place(text: &str, line: usize) -> Option<String> {
    let above: Vec<&str> = text.lines().take(line).collect();
    let comments = above.iter().rev().filter_map(|line| line.split_once("//").map(|(_, comment)| comment));
    comments
        .clone()
        .find_map(|comment| mark(comment, true))
        .or_else(|| comments.clone().find_map(|comment| mark(comment, false)))
}

/// The first word of a comment that names a source file, with or without a line.
fn mark(comment: &str, needs_line: bool) -> Option<String> {
    let words = comment.split(|character: char| character.is_whitespace() || "`,()'\"".contains(character));
    words
        .map(|word| word.trim_end_matches(['.', ':']))
        .find(|word| is_source(word, needs_line))
        .map(str::to_owned)
}

fn is_source(word: &str, needs_line: bool) -> bool {
    let (file, line) = word.rsplit_once(':').unwrap_or((word, ""));
    let is_file = [".lua", ".yaml", ".yml", ".json"].iter().any(|end| file.ends_with(end));
    is_file && (!needs_line || line.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::cargo::RustcSpan;

    const TEXT: &str = "//! `app:relay`, from src/relay.lua. Written by `cargo xtask build src/`; edit the Lua instead.\n\
        \n\
        /// `main`, relay.lua:19-64.\n\
        async fn main(cx: Cx) -> LuaResult<Multi> {\n\
        \x20   let inbox = process::inbox(cx);\n\
        \x20   // relay.lua:24\n\
        \x20   wrong();\n\
        }\n";

    #[test]
    fn the_nearest_mark_above_wins() {
        let at = |line| lua_place(TEXT, line);
        assert_eq!(at(7).as_deref(), Some("relay.lua:24"));
        assert_eq!(at(5).as_deref(), Some("relay.lua:19-64"));
        assert_eq!(at(2).as_deref(), Some("src/relay.lua"));
        assert_eq!(lua_place("fn main() {}\n", 1), None);
    }

    #[test]
    fn errors_elsewhere_are_not_ours() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("generated/app");
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("src/app_relay.rs"), TEXT).unwrap();
        let error = |file: &str, line_start| RustcMessage {
            package: String::new(),
            level: "error".to_owned(),
            message: "cannot find function `wrong`".to_owned(),
            rendered: Some("error: ...".to_owned()),
            spans: vec![RustcSpan { file_name: file.into(), line_start, is_primary: true }],
        };
        let linker = RustcMessage { spans: Vec::new(), ..error("", 0) };
        assert_eq!(find(&folder, &[linker.clone(), error("/registry/tokio/src/lib.rs", 3)]), None);
        for file in ["src/app_relay.rs", "generated/app/src/app_relay.rs"] {
            let bug = find(&folder, &[linker.clone(), error(file, 7)]).unwrap();
            assert_eq!(bug.place, "relay.lua:24");
            assert_eq!(bug.message, "cannot find function `wrong`");
        }
    }
}
