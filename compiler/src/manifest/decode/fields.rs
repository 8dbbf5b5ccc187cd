//! Reads the fields of one mapping, each with its type. Faults are told with their place.
//!
//! A field that is null counts as absent, and so does empty text. Fields nobody asks for are kept; one
//! whose name is nearly that of a field somebody asks for is probably misspelt.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Number;

use super::duration;
use crate::diagnostics::{Diagnostic, suggest};
use crate::manifest::model::EntryId;
use crate::manifest::node::{Field, Node, Text, TextOrigin, Value};
use crate::manifest::read::Style;
use crate::source::Span;

/// The fields of an entry, or of a mapping inside it.
pub struct Fields<'a> {
    pub id: &'a EntryId,
    /// The place of the entry's name.
    pub span: Span,
    /// What stands before a field's name in messages: `lifecycle.restart.`.
    prefix: String,
    fields: &'a mut Vec<Field>,
    found: &'a mut Vec<Diagnostic>,
    /// The names that were asked for.
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Fields<'a> {
    pub fn new(
        id: &'a EntryId,
        span: Span,
        fields: &'a mut Vec<Field>,
        found: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self { id, span, prefix: String::new(), fields, found, asked: RefCell::default() }
    }

    /// Reports a fault of this entry.
    pub fn report(&mut self, fault: Diagnostic) {
        self.found.push(fault.entry(self.id.to_string()));
    }

    fn note(&self, key: &str) {
        self.asked.borrow_mut().insert(key.to_owned());
    }

    /// All that anybody asks for was asked for: what is left is for the program, or misspelt.
    pub fn finish(mut self) {
        let asked = self.asked.take();
        let present: BTreeSet<&str> = self.fields.iter().map(|field| field.key.as_str()).collect();
        let absent: Vec<&str> =
            asked.iter().map(String::as_str).filter(|known| !present.contains(known)).collect();
        let mut found = Vec::new();
        for field in self.fields.iter().filter(|field| !asked.contains(&field.key)) {
            if let Some(near) = suggest(&field.key, absent.iter().copied()) {
                found.push(misspelt(&self.prefix, field, near));
            }
        }
        found.into_iter().for_each(|fault| self.report(fault));
    }

    /// Takes a field out of the data.
    pub fn take(&mut self, key: &str) -> Option<Field> {
        self.note(key);
        let at = self.fields.iter().position(|field| field.key == key)?;
        Some(self.fields.remove(at)).filter(|field| !field.node.is_null())
    }

    pub fn get(&self, key: &str) -> Option<&Field> {
        self.note(key);
        self.fields.iter().find(|field| field.key == key && !field.node.is_null())
    }

    /// Reports that a field has to be there.
    pub fn required(&mut self, key: &str, hint: &str) {
        let title = format!("{}{key} is required", self.prefix);
        let explanation = format!("The entry {} cannot work without `{}{key}`.", self.id, self.prefix);
        let span = self.get(key).map_or(self.span, |field| field.node.span);
        let label =
            if span == self.span { format!("this entry has no `{key}`") } else { "this is empty".to_owned() };
        let fault = Diagnostic::error("M0030", Some(span), title).label(label);
        self.report(fault.explain(explanation).hint(hint));
    }

    /// Reports that a value has another type.
    pub fn wrong(&mut self, field: &Field, expected: &str) {
        let title = format!("`{}{}` must be {expected}", self.prefix, field.key);
        self.wrong_type(title, &field.node, field.key_span);
    }

    /// Reports that `node`, which belongs to `key`, has another type than `title` says.
    pub fn wrong_type(&mut self, title: String, node: &Node, key_span: Span) {
        let is_collection = matches!(node.value, Value::List(_) | Value::Map(_));
        let span = if is_collection { key_span } else { node.span };
        let fault = Diagnostic::error("M0008", Some(span), title)
            .label(format!("this is {}", node.describe()))
            .explain("The value has another type than the field asks for.");
        let looks_true = node.as_text().is_some_and(|text| ["yes", "no", "on", "off"].contains(&text));
        let fault =
            if looks_true { fault.hint("Truth values are written `true` and `false`.") } else { fault };
        self.report(fault);
    }

    /// Reports a value that the field does not allow.
    pub fn refuse(&mut self, span: Span, title: impl Into<String>, explanation: &str, hint: &str) {
        self.report(
            Diagnostic::error("M0032", Some(span), title).label("this value").explain(explanation).hint(hint),
        );
    }

    /// Text that is not empty.
    pub fn text(&mut self, key: &str) -> Option<(String, Span)> {
        let field = self.get(key)?.clone();
        match field.node.as_text() {
            Some("") => None,
            Some(text) => Some((text.to_owned(), field.node.span)),
            None => {
                self.wrong(&field, "text");
                None
            }
        }
    }

    pub fn boolean(&mut self, key: &str) {
        self.check(key, "true or false", |node| matches!(node.value, Value::Bool(_)));
    }

    /// A number, and what it is worth.
    pub fn number(&mut self, key: &str) -> Option<(f64, Span)> {
        self.check(key, "a number", |node| matches!(node.value, Value::Number(_)));
        let field = self.get(key)?;
        let Value::Number(number) = &field.node.value else { return None };
        Some((number.as_f64()?, field.node.span))
    }

    /// Tells of a value that is taken as it is and does no good.
    pub fn doubt(&mut self, key: &str, span: Span, explanation: &str, hint: &str) {
        let title = format!("`{}{key}` is out of range", self.prefix);
        self.report(
            Diagnostic::warning("M0034", Some(span), title)
                .label("this value")
                .explain(explanation)
                .hint(hint),
        );
    }

    pub fn list(&mut self, key: &str) {
        self.check(key, "a list", |node| node.as_list().is_some());
    }

    fn check(&mut self, key: &str, expected: &str, fits: impl Fn(&Node) -> bool) {
        if let Some(field) = self.get(key).filter(|field| !fits(&field.node)).cloned() {
            self.wrong(&field, expected);
        }
    }

    /// A whole number; one written as `2.0` becomes `2` in the data.
    pub fn integer(&mut self, key: &str) -> Option<(i64, Span)> {
        self.note(key);
        let field = self.fields.iter_mut().find(|field| field.key == key && !field.node.is_null())?;
        if let Value::Number(number) = &mut field.node.value {
            let whole = number.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < 9e15);
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits")]
            let value = number.as_i64().or_else(|| whole.map(|value| value as i64));
            if let Some(value) = value {
                *number = Number::from(value);
                return Some((value, field.node.span));
            }
        }
        let field = field.clone();
        self.wrong(&field, "a whole number");
        None
    }

    /// A number of bytes, or text such as `64MB`.
    pub fn size(&mut self, key: &str) {
        let Some(field) = self.get(key).cloned() else { return };
        let is_size = match (&field.node.value, field.node.as_text()) {
            (_, Some(text)) => is_size(text),
            (Value::Number(number), _) => number.as_f64().is_some_and(|bytes| bytes >= 0.0),
            _ => return self.wrong(&field, "a size such as `64MB`"),
        };
        if !is_size {
            let title = format!("`{}{key}` is no size", self.prefix);
            self.refuse(
                field.node.span,
                title,
                "A size is a number of bytes, or a number with a unit: B, KB, MB or GB, each 1024 of the one before.",
                "Write for example `64MB`.",
            );
        }
    }

    /// A duration such as `300ms` or `1h30m`, not below zero.
    pub fn duration(&mut self, key: &str) {
        let Some(field) = self.get(key).cloned() else { return };
        let name = format!("{}{key}", self.prefix);
        let span = field.node.span;
        let fault = |title: String| Diagnostic::error("M0031", Some(span), title).label("this duration");
        let explanation = "A duration is a number with a unit, or several: `300ms`, `1.5s`, `1h30m`. The units are ns, us, ms, s, m and h.";
        let fault = match (&field.node.value, field.node.as_text()) {
            (_, Some(text)) => match duration::parse(text) {
                Ok(0..) => return,
                Ok(_) => {
                    fault(format!("`{name}` must not be negative")).explain("Time does not run backwards.")
                }
                Err(text) => fault(text).explain(explanation).hint("Write for example `10s`."),
            },
            (Value::Number(number), _) => fault(format!("`{name}` needs a unit"))
                .explain(explanation)
                .hint(format!("Write `{number}s` if seconds are meant.")),
            _ => return self.wrong(&field, "a duration such as `10s`"),
        };
        self.report(fault);
    }

    /// An id; it stands in the data in full afterwards. A bare name belongs to the entry's namespace.
    pub fn reference(&mut self, key: &str) -> Option<(EntryId, Span)> {
        self.note(key);
        let id = self.id;
        let field = self.fields.iter_mut().find(|field| field.key == key && !field.node.is_null())?;
        if field.node.as_text() == Some("") {
            return None;
        }
        if let Some(target) = complete(&mut field.node, &id.namespace) {
            return Some((target, field.node.span));
        }
        let field = field.clone();
        self.wrong(&field, "an id such as `app:name`");
        None
    }

    /// A list of ids, all of them in full afterwards.
    pub fn references(&mut self, key: &str) -> Vec<(EntryId, Span)> {
        self.note(key);
        let id = self.id;
        let Some(at) = self.fields.iter().position(|field| field.key == key && !field.node.is_null()) else {
            return Vec::new();
        };
        let Some(mut field) = self.fields.get(at).cloned() else { return Vec::new() };
        let Value::List(items) = &mut field.node.value else {
            self.wrong(&field, "a list of ids");
            return Vec::new();
        };
        let mut targets = Vec::new();
        let mut strangers = Vec::new();
        for item in items {
            match complete(item, &id.namespace) {
                Some(target) => targets.push((target, item.span)),
                None => strangers.push(item.clone()),
            }
        }
        for item in strangers {
            let title = format!("`{}{key}` must hold ids such as `app:name`", self.prefix);
            self.wrong_type(title, &item, item.span);
        }
        if let Some(own) = self.fields.get_mut(at) {
            *own = field;
        }
        targets
    }

    /// Reads a mapping inside this one.
    pub fn section(&mut self, key: &str, read: impl FnOnce(&mut Fields<'_>)) {
        self.note(key);
        let Some(at) = self.fields.iter().position(|field| field.key == key && !field.node.is_null()) else {
            return;
        };
        let Some(field) = self.fields.get_mut(at) else { return };
        if let Value::Map(inner) = &mut field.node.value {
            let prefix = format!("{}{key}.", self.prefix);
            let asked = RefCell::default();
            let mut inner =
                Fields { id: self.id, span: self.span, prefix, fields: inner, found: self.found, asked };
            read(&mut inner);
            inner.finish();
            return;
        }
        let field = field.clone();
        self.wrong(&field, "a mapping");
    }
}

fn misspelt(prefix: &str, field: &Field, near: &str) -> Diagnostic {
    Diagnostic::warning("M0035", Some(field.key_span), format!("unknown field `{prefix}{}`", field.key))
        .label("nobody reads this")
        .explain("Fields that no kind asks for are kept and ignored; this one is nearly the name of one that is read.")
        .hint(format!("Did you mean `{near}`?"))
}

/// Makes an id of text or of `{ns, name}`, and writes it in full into the node.
pub fn complete(node: &mut Node, namespace: &str) -> Option<EntryId> {
    let target = id(node, namespace)?;
    let text = Text { text: target.to_string(), origin: TextOrigin::Here(Style::Plain) };
    node.value = Value::Text(text);
    Some(target)
}

/// The id that a node means: text, or a mapping with `ns` and `name`.
pub fn id(node: &Node, namespace: &str) -> Option<EntryId> {
    if let Some(text) = node.as_text() {
        return Some(EntryId::parse(text, namespace));
    }
    let name = node.get("name")?.node.as_text()?.to_owned();
    let own = node.get("ns").and_then(|field| field.node.as_text()).filter(|text| !text.is_empty());
    Some(EntryId { namespace: own.unwrap_or(namespace).to_owned(), name })
}

/// Whether a text is a number of bytes with a unit, as the runtime reads it.
fn is_size(text: &str) -> bool {
    let text = text.trim().to_ascii_uppercase();
    let unit = ["GB", "MB", "KB", "B"].into_iter().find_map(|unit| text.strip_suffix(unit));
    let most = if unit.is_some() { 8e6 } else { 9e15 };
    unit.unwrap_or(&text).trim_end().parse::<f64>().is_ok_and(|number| (0.0..most).contains(&number))
}
