//! `file://`: a string that begins with it is replaced by the content of the file it names.

use super::node::{Node, Text, TextOrigin, Value};
use crate::diagnostics::{Diagnostic, suggest};
use crate::input::{Input, Root};
use crate::source::Span;

/// Replaces every such string of a document. A string whose file cannot be had becomes
/// [`TextOrigin::Missing`], so that the fault is told once.
pub fn interpolate(
    document: &mut Node,
    input: &Input,
    root: usize,
    manifest: &str,
    found: &mut Vec<Diagnostic>,
) {
    let Some(files) = input.roots.get(root) else { return };
    let mut reader = Reader { files, root, manifest, entry: None, found };
    let namespace = super::forms::namespace(document).unwrap_or_default().to_owned();
    let id = |node: &Node| {
        let name = node.get("name").and_then(|field| field.node.as_text());
        name.map(|name| format!("{namespace}:{name}"))
    };
    reader.entry = id(document);
    let Value::Map(fields) = &mut document.value else { return reader.node(document) };
    for field in fields {
        match &mut field.node.value {
            Value::List(items) if field.key == "entries" => {
                for item in items {
                    reader.entry = id(item);
                    reader.node(item);
                }
            }
            _ => reader.node(&mut field.node),
        }
    }
}

struct Reader<'a> {
    files: &'a Root,
    root: usize,
    manifest: &'a str,
    /// The entry that is being read, for the diagnostics.
    entry: Option<String>,
    found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn node(&mut self, node: &mut Node) {
        let span = node.span;
        match &mut node.value {
            Value::Text(text) => {
                let Some(target) = text.text.strip_prefix("file://") else { return };
                *text = self.content(target, span).unwrap_or_else(|fault| {
                    let entry = self.entry.clone();
                    self.found.push(Diagnostic { entry, ..*fault });
                    Text { text: String::new(), origin: TextOrigin::Missing }
                });
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.node(item)),
            Value::Map(fields) => fields.iter_mut().for_each(|field| self.node(&mut field.node)),
            _ => {}
        }
    }

    /// The content of the file that `target` names.
    fn content(&self, target: &str, span: Span) -> Result<Text, Box<Diagnostic>> {
        let path = resolve(self.manifest, target, span)?;
        let Some(bytes) = self.files.files.get(&path) else {
            return Err(Box::new(self.missing(&path, span)));
        };
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                Ok(Text { text: text.to_owned(), origin: TextOrigin::File { root: self.root, path } })
            }
            Err(error) => {
                let at = error.valid_up_to();
                let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
                let shown = super::discover::full_path(self.files, &path);
                let title = format!("{shown} is not UTF-8");
                Err(Box::new(
                    Diagnostic::error("M0013", Some(span), title)
                        .label("read for this")
                        .explain(format!("Its line {line} holds a byte that is no part of UTF-8 (offset {at})."))
                        .hint("Save the file in UTF-8; in Lua text, write other bytes as escapes such as `\\xE9`."),
                ))
            }
        }
    }

    fn missing(&self, path: &str, span: Span) -> Diagnostic {
        let shown = super::discover::full_path(self.files, path);
        let fault = Diagnostic::error("M0010", Some(span), format!("there is no file {shown}"))
            .label("named here")
            .explain(match &self.entry {
                Some(entry) => format!("The entry {entry} takes text from a file that does not exist."),
                None => "This file takes text from another one, which does not exist.".to_owned(),
            });
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let siblings = self.files.files.keys().filter_map(|file| {
            let (own_folder, own_name) = file.rsplit_once('/').unwrap_or(("", file));
            (own_folder == folder).then_some(own_name)
        });
        let namesake = self.files.files.keys().find(|file| file.rsplit('/').next() == Some(name));
        match (suggest(name, siblings), namesake) {
            (Some(near), _) => fault.hint(format!("Did you mean `{near}`?")),
            (None, Some(file)) => fault.hint(format!(
                "There is `file:///{file}`; with two slashes a path starts at the manifest's folder, with three at the source root."
            )),
            (None, None) => fault.hint("Check the path: it starts at the manifest's folder."),
        }
    }
}

/// The path in the root that `target` means in a manifest: from the root after a slash, else from the
/// manifest's folder.
fn resolve(manifest: &str, target: &str, span: Span) -> Result<String, Box<Diagnostic>> {
    let refuse = |title: String, explanation: &str| {
        let fault = Diagnostic::error("M0011", Some(span), title).label("this path").explain(explanation);
        Err(Box::new(
            fault.hint("Write `file://name.lua`, or `file:///folder/name.lua` from the source root."),
        ))
    };
    if target.is_empty() {
        return refuse("empty file path in file:// URL".to_owned(), "There is no file name after `file://`.");
    }
    let folder =
        if target.starts_with('/') { "" } else { manifest.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return refuse(
                        format!("path traversal detected in file path: {target}"),
                        "The path leaves the source root; only files inside it can be read.",
                    );
                }
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return refuse(format!("invalid file path: {target}"), "The path names the source root, not a file.");
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    #[test]
    fn paths_start_at_the_manifest_or_at_the_root() {
        let span = Span::new(Sources::default().add(SourceFile::new("", "")), 0, 0);
        let path = |target| resolve("a/b/_index.yaml", target, span).map_err(|fault| fault.title);
        assert_eq!(path("x.lua").as_deref(), Ok("a/b/x.lua"));
        assert_eq!(path("./c//x.lua").as_deref(), Ok("a/b/c/x.lua"));
        assert_eq!(path("../x.lua").as_deref(), Ok("a/x.lua"));
        assert_eq!(path("/x.lua").as_deref(), Ok("x.lua"));
        let texts = ["", "../../../x.lua", "/../x", "../.."];
        assert_eq!(
            texts.map(|target| path(target).unwrap_err()),
            [
                "empty file path in file:// URL",
                "path traversal detected in file path: ../../../x.lua",
                "path traversal detected in file path: /../x",
                "invalid file path: ../..",
            ]
        );
    }
}
