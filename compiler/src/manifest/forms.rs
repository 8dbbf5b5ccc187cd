//! The two forms of a manifest: a list of entries, or one entry.

use super::model::EntryId;
use super::node::{Field, Node, Text, TextOrigin, Value, find};
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
    let mut manifest = Manifest { namespace, meta: meta(&document), root, collected, found };
    let list = document.get("entries").map(|field| (field.key_span, field.node.clone()));
    match list {
        Some((_, Node { value: Value::List(items), .. })) if !items.is_empty() => {
            items.into_iter().for_each(|item| manifest.item(item));
        }
        Some((span, node)) if node.as_list().is_none() && !node.is_null() => {
            manifest.found.push(wrong(span, "entries", "a list of entries", &node));
        }
        list => manifest.single(document, list.is_some()),
    }
}

/// One manifest, and where its entries go.
struct Manifest<'a> {
    namespace: String,
    /// The file's own `meta`.
    meta: Vec<Field>,
    root: usize,
    collected: &'a mut Collected,
    found: &'a mut Vec<Diagnostic>,
}

impl Manifest<'_> {
    /// Takes one item of `entries`.
    fn item(&mut self, item: Node) {
        let Some(fields) = item.as_map() else {
            let fault = wrong(item.span, "an entry", "a mapping with `name` and `kind`", &item);
            return self.found.push(fault);
        };
        let span_of = |key: &str| find(fields, key).map(|field| field.node.span);
        let Some((name, span)) = filled_field(&item, "name") else {
            return self.found.push(nameless(span_of("name").unwrap_or(item.span)));
        };
        let id = EntryId { namespace: self.namespace.clone(), name };
        let Some((kind, kind_span)) = filled_field(&item, "kind") else {
            self.found.push(kindless(&id, span_of("kind").unwrap_or(span)));
            self.collected.excused.ids.insert(id);
            return;
        };
        self.found.extend(colon_in_name(&id, span));
        let meta = merged(&self.meta, meta(&item));
        let data = data(item, &ENTRY_KEYS);
        self.collected.entries.push(RawEntry { id, root: self.root, span, kind, kind_span, meta, data });
    }

    /// Takes a manifest that is one entry itself. With only one of `name` and `kind` it yields nothing.
    fn single(self, document: Node, has_list: bool) {
        match (filled_field(&document, "name"), filled_field(&document, "kind")) {
            (Some((name, span)), Some((kind, kind_span))) => {
                let id = EntryId { namespace: self.namespace, name };
                self.found.extend(colon_in_name(&id, span));
                let (root, meta, data) = (self.root, self.meta, data(document, &FILE_KEYS));
                self.collected.entries.push(RawEntry { id, root, span, kind, kind_span, meta, data });
            }
            (None, None) if !has_list => {
                let span = document.get("namespace").map_or(document.span, |field| field.node.span);
                self.found.push(without_entries(span));
            }
            _ => {}
        }
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

/// The text of a field, if it is not blank, and its place.
fn filled_field(node: &Node, key: &str) -> Option<(String, Span)> {
    let field = node.get(key)?;
    Some((filled(&field.node)?.to_owned(), field.node.span))
}

/// The fields of `meta`; anything but a mapping is ignored there.
fn meta(node: &Node) -> Vec<Field> {
    node.get("meta").and_then(|field| field.node.as_map()).unwrap_or_default().to_vec()
}

/// The file's fields, replaced or followed by the entry's own.
fn merged(file: &[Field], own: Vec<Field>) -> Vec<Field> {
    let kept = file.iter().filter(|field| find(&own, &field.key).is_none());
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

fn without_entries(span: Span) -> Diagnostic {
    Diagnostic::error("M0005", Some(span), "this manifest has no entries")
        .label("a namespace without entries")
        .explain("A file with a `namespace` is a manifest: it needs a list `entries`, or `name` and `kind` of its only entry.")
        .hint("Write `entries: []` if there are none yet; a data file must not have a `namespace`.")
}

fn nameless(span: Span) -> Diagnostic {
    Diagnostic::error("M0006", Some(span), "this entry has no name")
        .label("`name` is required and must be a non-empty string")
        .explain("An entry is known by its namespace and its name; without a name nothing can refer to it.")
        .hint("Add a line `name: ...`; put quotes around a name that looks like a number.")
}

fn colon_in_name(id: &EntryId, span: Span) -> Option<Diagnostic> {
    let fault = Diagnostic::warning("M0014", Some(span), format!("the name \"{}\" holds a colon", id.name));
    id.name.contains(':').then(|| {
        fault
            .label("this name")
            .explain("A reference is split at its first colon: to the left stands a namespace, so this name alone means an entry of another namespace.")
            .hint("Use a dot or a dash in names; a deeper namespace has dots.")
            .entry(id.to_string())
    })
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
