//! Finds the manifests of every root and collects their entries.

use std::collections::BTreeMap;

use super::interpolate::interpolate;
use super::model::EntryId;
use super::node::Node;
use super::raw::{Collected, RawEntry};
use super::{forms, read};
use crate::diagnostics::{Diagnostic, Severity};
use crate::input::{Input, Root};
use crate::source::{SourceFile, Sources, Span};

/// The entries of all roots in load order, each id once.
pub fn collect(input: &Input, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Collected {
    let mut collected = Collected::default();
    for (number, root) in input.roots.iter().enumerate() {
        for (path, bytes) in candidates(root) {
            match document(&full_path(root, path), bytes, sources) {
                Ok(Some(document)) => manifest(input, number, path, document, &mut collected, found),
                Ok(None) => {}
                Err(mut faults) => {
                    found.append(&mut faults);
                    excuse(&mut collected, &String::from_utf8_lossy(bytes));
                }
            }
        }
    }
    drop_duplicates(&mut collected.entries, sources, found);
    collected
}

/// Files that may be manifests, in lexical order of the parts of their paths.
fn candidates(root: &Root) -> Vec<(&str, &[u8])> {
    let is_candidate = |path: &str| {
        let has_extension = [".yaml", ".yml", ".json"].iter().any(|extension| path.ends_with(extension));
        let mut folders = path.rsplit('/').skip(1);
        has_extension && !folders.any(|folder| folder == "node_modules")
    };
    let files = root.files.iter().filter(|(path, _)| is_candidate(path));
    let mut files: Vec<(&str, &[u8])> =
        files.map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    files.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
    files
}

/// The path as the user knows it.
pub fn full_path(root: &Root, path: &str) -> String {
    let label = root.label.trim_end_matches('/');
    if label.is_empty() { path.to_owned() } else { format!("{label}/{path}") }
}

/// The first document of a file; the file becomes one of `sources`.
pub fn document(path: &str, bytes: &[u8], sources: &mut Sources) -> Result<Option<Node>, Vec<Diagnostic>> {
    let text = String::from_utf8_lossy(bytes);
    let file = sources.add(SourceFile::new(path, text.strip_prefix('\u{feff}').unwrap_or(&text)));
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        return Err(vec![
            Diagnostic::error("M0004", Some(Span::new(file, at, at + 1)), "this file is not UTF-8")
                .label("the first byte that does not fit")
                .explain("Manifests are text in UTF-8. None of the entries in this file can be known.")
                .hint("Save the file in UTF-8."),
        ]);
    }
    read::read(file, sources)
}

/// One document: strings that name files become their content, then its entries are taken.
fn manifest(
    input: &Input,
    root: usize,
    path: &str,
    mut document: Node,
    collected: &mut Collected,
    found: &mut Vec<Diagnostic>,
) {
    let mut faults = Vec::new();
    interpolate(&mut document, input, root, path, &mut faults);
    if forms::namespace(&document).is_none() {
        // A data file beside the manifests; a string that looks like a file there costs a warning.
        faults.iter_mut().for_each(|fault| fault.severity = Severity::Warning);
        found.append(&mut faults);
        return;
    }
    found.append(&mut faults);
    let before = collected.entries.len();
    forms::entries(document, root, collected, found);
    if let Some((module, version)) = input.roots.get(root).and_then(|root| root.module.as_ref()) {
        for entry in collected.entries.iter_mut().skip(before) {
            forms::mark_module(entry, module, version.as_deref());
        }
    }
}

/// Remembers what a file that cannot be read would have defined, by the looks of it.
fn excuse(collected: &mut Collected, text: &str) {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("namespace:"));
    let namespace = line.map(|rest| rest.split('#').next().unwrap_or_default());
    match namespace.map(|name| name.trim().trim_matches(['"', '\''])) {
        Some(namespace) => {
            collected.excused.namespaces.insert(namespace.to_owned());
        }
        None => collected.excused.all = true,
    }
}

/// The last definition of an id wins: across roots that is what replacements are for, within one it
/// is a fault.
fn drop_duplicates(entries: &mut Vec<RawEntry>, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let mut last: BTreeMap<EntryId, usize> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let before = last.insert(entry.id.clone(), index);
        if let Some(first) = before.and_then(|index| entries.get(index)) {
            found.push(duplicate(entry, first, sources));
        }
    }
    let mut index = 0;
    entries.retain(|entry| {
        index += 1;
        last.get(&entry.id) == Some(&(index - 1))
    });
}

fn duplicate(entry: &RawEntry, first: &RawEntry, sources: &Sources) -> Diagnostic {
    let title = format!("entry {} is defined twice", entry.id);
    let found = if first.root == entry.root {
        Diagnostic::error("M0022", Some(entry.span), title)
            .explain("An id names one entry of a source tree; it would be left to chance which one counts.")
            .hint("Rename one of the two, or remove it.")
    } else {
        let explanation = format!(
            "The definition at {}:{} is replaced by this one, because its source tree is loaded later.",
            sources.file(first.span.file).path,
            sources.line(first.span)
        );
        Diagnostic::warning("M0023", Some(entry.span), title).explain(explanation)
    };
    found.label("the second one").related(first.span, "the first one").entry(entry.id.to_string())
}
