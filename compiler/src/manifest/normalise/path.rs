//! Setting one field of an entry by its path: `kind`, `meta.a.b`, `data.a.b` or `a.b`.

use crate::manifest::node::{Field, Node, Value};
use crate::manifest::raw::RawEntry;
use crate::source::Span;

/// A path has at most this many parts: values nest no deeper than emitted data can be read back.
const LONGEST: usize = 32;

/// What a path looks like, for diagnostics.
pub const EXPLANATION: &str =
    "A path is `kind`, `meta.` and a field, or a field of the entry, parts joined by dots.";

/// Sets the field at `path`; mappings that are missing are made.
///
/// # Errors
/// Why the path or the value cannot be.
pub fn set(entry: &mut RawEntry, path: &str, value: Node) -> Result<(), String> {
    if path == "kind" {
        let kind = value.as_text().filter(|text| !text.trim().is_empty());
        let kind = kind.ok_or("kind must be a non-empty string")?;
        (entry.kind, entry.kind_span) = (kind.to_owned(), value.span);
        return Ok(());
    }
    let place = place(entry, path, value.span)?;
    *place = value;
    Ok(())
}

/// Appends to the list at `path`, unless the value is there already.
pub fn append(entry: &mut RawEntry, path: &str, value: Node) -> Result<(), String> {
    let list = place(entry, path, value.span)?;
    if !matches!(list.value, Value::List(_)) {
        let kept = std::mem::replace(&mut list.value, Value::Null);
        let first = Node { value: kept, span: list.span };
        list.value = Value::List(if first.is_null() { Vec::new() } else { vec![first] });
    }
    if let Value::List(items) = &mut list.value {
        let json = value.to_json();
        if !items.iter().any(|item| item.to_json() == json) {
            items.push(value);
        }
    }
    Ok(())
}

/// The node at `path`, made if it is missing; new parts get the place `span`.
fn place<'a>(entry: &'a mut RawEntry, path: &str, span: Span) -> Result<&'a mut Node, String> {
    let mut parts: Vec<&str> = path.split('.').collect();
    if parts.len() > LONGEST {
        return Err(format!("a path has at most {LONGEST} parts"));
    }
    let is_meta = parts.first() == Some(&"meta");
    if is_meta || parts.first() == Some(&"data") {
        parts.remove(0);
    }
    if parts.is_empty() || parts.iter().any(|part| part.trim().is_empty()) {
        return Err("the path is empty".to_owned());
    }
    let mut fields = if is_meta { Some(&mut entry.meta) } else { self::fields(&mut entry.data) };
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        fields = fields.and_then(|fields| field(fields, part, span)).and_then(self::fields);
    }
    fields.and_then(|fields| field(fields, last, span)).ok_or_else(|| "the path leads nowhere".to_owned())
}

/// The fields of a node; anything but a mapping is replaced by an empty one.
fn fields(node: &mut Node) -> Option<&mut Vec<Field>> {
    if !matches!(node.value, Value::Map(_)) {
        node.value = Value::Map(Vec::new());
    }
    match &mut node.value {
        Value::Map(fields) => Some(fields),
        _ => None,
    }
}

fn field<'a>(fields: &'a mut Vec<Field>, key: &str, span: Span) -> Option<&'a mut Node> {
    if !fields.iter().any(|field| field.key == key) {
        let node = Node { value: Value::Null, span };
        fields.push(Field { key: key.to_owned(), key_span: span, node });
    }
    fields.iter_mut().find(|field| field.key == key).map(|field| &mut field.node)
}
