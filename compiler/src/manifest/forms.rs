//! The two forms of a manifest: a list of entries, or one entry.

use super::model::EntryId;
use super::node::{Field, Node, Text, TextOrigin, Value};
use super::raw::{Collected, RawEntry};
use super::read::Style;
use crate::diagnostics::Diagnostic;
use crate::source::Span;

/// Keys of an entry that are not its data.
const ENTRY_KEYS: [&str; 3] = ["name", "kind", "meta"];
/// Keys of a manifest of one entry that are not its data.
const FILE_KEYS: [&str; 7] = ["namespace", "name", "kind", "meta", "version", "requirements", "entries"];

/// The namespace of a manifest; `None` for any other file.
pub fn namespace(document: &Node) -> Option<&str> {
    document.get("namespace").and_then(|field| filled(&field.node))
}

/// Takes the entries of a manifest.
pub fn entries(document: Node, root: usize, collected: &mut Collected, found: &mut Vec<Diagnostic>) {
    let Some(namespace) = namespace(&document).map(str::to_owned) else { return };
    let file_meta = meta(&document);
    let list = document.get("entries").map(|field| (field.key_span, field.node.clone()));
    match list {
        Some((_, Node { value: Value::List(items), .. })) if !items.is_empty() => {
            for item in items {
                if let Some(entry) = batch_entry(&namespace, &file_meta, item, root, collected, found) {
                    collected.entries.push(entry);
                }
            }
        }
        Some((span, node)) if node.as_list().is_none() && !node.is_null() => {
            found.push(wrong(span, "entries", "a list of entries", &node));
        }
        list => single(&namespace, file_meta, document, root, list.is_some(), collected, found),
    }
}

/// One item of `entries`.
fn batch_entry(
    namespace: &str,
    file_meta: &[Field],
    item: Node,
    root: usize,
    collected: &mut Collected,
    found: &mut Vec<Diagnostic>,
) -> Option<RawEntry> {
    let Some(fields) = item.as_map() else {
        found.push(wrong(item.span, "an entry", "a mapping with `name` and `kind`", &item));
        return None;
    };
    let named = |key: &str| super::node::find(fields, key).map(|field| &field.node);
    let Some((name, span)) = named("name").and_then(|node| Some((filled(node)?.to_owned(), node.span)))
    else {
        found.push(nameless(named("name").map_or(item.span, |node| node.span)));
        return None;
    };
    let id = EntryId { namespace: namespace.to_owned(), name };
    let Some((kind, kind_span)) = named("kind").and_then(|node| Some((filled(node)?.to_owned(), node.span)))
    else {
        found.push(kindless(&id, named("kind").map_or(span, |node| node.span)));
        collected.excused.ids.insert(id);
        return None;
    };
    let meta = merged(file_meta, self::meta(&item));
    let data = data(item, &ENTRY_KEYS);
    Some(RawEntry { id, root, span, kind, kind_span, meta, data })
}

/// A manifest that is one entry itself. With only one of `name` and `kind` it yields nothing.
fn single(
    namespace: &str,
    meta: Vec<Field>,
    document: Node,
    root: usize,
    has_list: bool,
    collected: &mut Collected,
    found: &mut Vec<Diagnostic>,
) {
    let part = |key: &str| {
        let node = &document.get(key)?.node;
        Some((filled(node)?.to_owned(), node.span))
    };
    match (part("name"), part("kind")) {
        (Some((name, span)), Some((kind, kind_span))) => {
            let id = EntryId { namespace: namespace.to_owned(), name };
            let data = data(document, &FILE_KEYS);
            collected.entries.push(RawEntry { id, root, span, kind, kind_span, meta, data });
        }
        (None, None) if !has_list => {
            let span = document.get("namespace").map_or(document.span, |field| field.node.span);
            found.push(
                Diagnostic::error("M0005", Some(span), "this manifest has no entries")
                    .label("a namespace without entries")
                    .explain("A file with a `namespace` is a manifest: it needs a list `entries`, or `name` and `kind` of its only entry.")
                    .hint("Write `entries: []` if there are none yet; a data file must not have a `namespace`."),
            );
        }
        _ => {}
    }
}

/// Notes on an entry the module it comes from.
pub fn mark_module(entry: &mut RawEntry, module: &str, version: Option<&str>) {
    let span = entry.span;
    let marks = [("module", Some(module)), ("module_version", version)];
    for (key, value) in marks.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        let text = Text { text: value.to_owned(), origin: TextOrigin::Here(Style::Plain) };
        entry.meta.retain(|field| field.key != key);
        let node = Node { value: Value::Text(text), span };
        entry.meta.push(Field { key: key.to_owned(), key_span: span, node });
    }
}

/// Text that is not blank.
fn filled(node: &Node) -> Option<&str> {
    node.as_text().filter(|text| !text.trim().is_empty())
}

/// The fields of `meta`; anything but a mapping is ignored there.
fn meta(node: &Node) -> Vec<Field> {
    node.get("meta").and_then(|field| field.node.as_map()).unwrap_or_default().to_vec()
}

/// The file's fields, replaced or followed by the entry's own.
fn merged(file: &[Field], own: Vec<Field>) -> Vec<Field> {
    let kept = file.iter().filter(|field| super::node::find(&own, &field.key).is_none());
    kept.cloned().chain(own.iter().cloned()).collect()
}

/// The value of `data`, if there is one, else every key that is not `reserved`.
fn data(node: Node, reserved: &[&str]) -> Node {
    let span = node.span;
    let Value::Map(mut fields) = node.value else { return node };
    if let Some(at) = fields.iter().position(|field| field.key == "data") {
        return fields.swap_remove(at).node;
    }
    fields.retain(|field| !reserved.contains(&field.key.as_str()));
    Node { value: Value::Map(fields), span }
}

fn nameless(span: Span) -> Diagnostic {
    Diagnostic::error("M0006", Some(span), "this entry has no name")
        .label("`name` is required and must be a non-empty string")
        .explain("An entry is known by its namespace and its name; without a name nothing can refer to it.")
        .hint("Add a line `name: ...`; put quotes around a name that looks like a number.")
}

fn kindless(id: &EntryId, span: Span) -> Diagnostic {
    Diagnostic::error("M0007", Some(span), format!("entry {id} has no kind"))
        .label("`kind` is required and must be a non-empty string")
        .explain("The kind says what the entry is: a process, a host, a library.")
        .hint("Add a line such as `kind: process.lua`.")
        .entry(id.to_string())
}

fn wrong(span: Span, what: &str, expected: &str, node: &Node) -> Diagnostic {
    Diagnostic::error("M0008", Some(span), format!("{what} must be {expected}"))
        .label(format!("this is {}", node.describe()))
        .explain("The value has another type than the format asks for.")
}
