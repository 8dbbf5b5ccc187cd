//! Values and places made one: walks serde_yaml's value along the outline of the same text.

use std::collections::BTreeMap;

use serde_json::Number;
use serde_yaml::Value as Yaml;

use super::outline::{Outline, PartId, Scalar, Shape};
use super::scalar::{Leftover, leftover};
use super::{Style, broken, duplicate_key};
use crate::diagnostics::Diagnostic;
use crate::manifest::node::{Field, Node, Text, TextOrigin, Value};
use crate::source::Span;

/// Keys have to be scalars, each once in its mapping.
pub fn refuse_bad_keys(outline: &Outline, text: &str) -> Result<(), Vec<Diagnostic>> {
    let mut found = Vec::new();
    for (_, part) in outline.parts.iter() {
        let Shape::Map(pairs) = &part.shape else { continue };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for (key, _) in pairs {
            let span = outline.parts[*key].span;
            let Shape::Scalar(scalar) = &outline.part(*key).shape else {
                found.push(broken(span, "a key must be text"));
                continue;
            };
            if let Some(first) = seen.get(scalar.text.as_str()) {
                let before = text.get(..first.start as usize).unwrap_or_default();
                let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
                found.push(duplicate_key(&scalar.text, span, *first, line));
            } else {
                seen.insert(&scalar.text, span);
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// The node for `value`, which serde_yaml read where the outline has `id`.
pub fn join(outline: &Outline, id: PartId, value: Yaml) -> Result<Node, Box<Diagnostic>> {
    let part = outline.part(id);
    let span = part.span;
    let value = match (&part.shape, untagged(value)) {
        (Shape::Scalar(_), Yaml::Null) => Value::Null,
        (Shape::Scalar(_), Yaml::Bool(value)) => Value::Bool(value),
        (Shape::Scalar(_), Yaml::Number(number)) => Value::Number(finite(&number, span)?),
        (Shape::Scalar(scalar), Yaml::String(text)) => scalar_value(scalar, text),
        (Shape::List(parts), Yaml::Sequence(values)) if parts.len() == values.len() => {
            let items = parts.iter().zip(values).map(|(part, value)| join(outline, *part, value));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        (Shape::Map(pairs), Yaml::Mapping(values)) if pairs.len() == values.len() => {
            let mut fields = Vec::new();
            let mut merges = Vec::new();
            for ((key, part), (name, value)) in pairs.iter().zip(values) {
                let node = join(outline, *part, value)?;
                let key_span = outline.parts[*key].span;
                match &outline.part(*key).shape {
                    Shape::Scalar(scalar) if is_merge(scalar) => merges.push((fields.len(), node)),
                    Shape::Scalar(scalar) => {
                        fields.push(Field { key: key_text(scalar, name), key_span, node });
                    }
                    _ => return Err(Box::new(disagreement(key_span))),
                }
            }
            for (at, node) in merges {
                merge(&mut fields, at, node)?;
            }
            Value::Map(fields)
        }
        _ => return Err(Box::new(disagreement(span))),
    };
    Ok(Node { value, span })
}

fn untagged(value: Yaml) -> Yaml {
    match value {
        Yaml::Tagged(tagged) => untagged(tagged.value),
        value => value,
    }
}

fn scalar_value(scalar: &Scalar, text: String) -> Value {
    let is_bare = scalar.style == Style::Plain && !scalar.has_tag;
    let origin = TextOrigin::Here(scalar.style);
    match leftover(&text).filter(|_| is_bare) {
        Some(Leftover::Number(number)) => Value::Number(number),
        Some(Leftover::Timestamp(text)) => Value::Text(Text { text, origin }),
        None => Value::Text(Text { text, origin }),
    }
}

/// Infinity and NaN have no place in the JSON that the data becomes.
fn finite(number: &serde_yaml::Number, span: Span) -> Result<Number, Box<Diagnostic>> {
    let integer = number.as_i64().map(Number::from).or_else(|| number.as_u64().map(Number::from));
    integer.or_else(|| number.as_f64().and_then(Number::from_f64)).ok_or_else(|| {
        let hint = "Put quotes around it if text is meant.";
        Box::new(broken(span, "this number cannot be carried over").hint(hint))
    })
}

fn key_text(scalar: &Scalar, name: Yaml) -> String {
    match name {
        Yaml::String(name) => name,
        _ => scalar.text.clone(),
    }
}

fn is_merge(scalar: &Scalar) -> bool {
    scalar.style == Style::Plain && scalar.text == "<<"
}

/// Puts the fields of `<<` at its place; a field that is there already wins.
fn merge(fields: &mut Vec<Field>, mut at: usize, node: Node) -> Result<(), Box<Diagnostic>> {
    let sources = match node.value {
        Value::List(items) => items,
        _ => vec![node],
    };
    for source in sources {
        let Value::Map(merged) = source.value else {
            let label = "map merge requires map or sequence of maps as the value";
            return Err(Box::new(broken(source.span, label)));
        };
        for field in merged {
            if !fields.iter().any(|own| own.key == field.key) {
                fields.insert(at.min(fields.len()), field);
                at += 1;
            }
        }
    }
    Ok(())
}

/// Two readers, two meanings: `&a: x` is an anchor `a` to one and an anchor `a:` to the other.
fn disagreement(span: Span) -> Diagnostic {
    Diagnostic::error("M0009", Some(span), "ambiguous YAML")
        .label("read in two ways")
        .explain("Versions of YAML do not agree about what this means.")
        .hint("Put quotes around the text, and blanks after anchors and tags.")
}
