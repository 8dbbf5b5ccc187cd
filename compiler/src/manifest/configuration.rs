//! `.wippy.yaml`, as far as it changes entries: `override`, `disable`, and the `vars` in both.

use super::node::{Field, Node, Value};
use super::{discover, node};
use crate::diagnostics::{Diagnostic, suggest};
use crate::input::Input;
use crate::source::{Sources, Span};

/// What the configuration asks of the entries.
#[derive(Debug, Default)]
pub struct Configuration {
    /// `namespace:entry:path` and the value to set, in the order of the file.
    pub overrides: Vec<Setting>,
    pub disable: Disable,
}

/// One leaf of a section, its key dotted.
#[derive(Clone, Debug)]
pub struct Setting {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

/// Patterns of what is to be left out.
#[derive(Debug, Default)]
pub struct Disable {
    pub namespaces: Vec<(String, Span)>,
    pub entries: Vec<(String, Span)>,
    /// A key of `meta`, and a value that disables.
    pub meta: Vec<(String, String)>,
}

/// Reads the project's configuration, if it has one.
pub fn read(input: &Input, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Configuration {
    let Some((path, bytes)) = &input.configuration else { return Configuration::default() };
    let document = match discover::document(path, bytes, sources) {
        Ok(Some(document)) => document,
        // A file without content has no version either, but nothing to complain about.
        Ok(None) => return Configuration::default(),
        Err(mut faults) => {
            found.append(&mut faults);
            return Configuration::default();
        }
    };
    if let Some(fault) = refuse_version(&document) {
        found.push(fault);
        return Configuration::default();
    }
    let variables = section(&document, "vars", found).map(flatten).unwrap_or_default();
    let variables = Variables { values: variables, is_section: document.get("vars").is_some() };
    let mut overrides = section(&document, "override", found).map(flatten).unwrap_or_default();
    // A value that cannot be known is left out: one fault is enough.
    overrides.retain_mut(|setting| variables.fill(&mut setting.value, found));
    let mut disabled = section(&document, "disable", found).unwrap_or_default().to_vec();
    disabled.retain_mut(|field| variables.fill(&mut field.node, found));
    Configuration { overrides, disable: disable(&disabled, found) }
}

const NO_TEXT: &str = "this must be text, in quotes";

fn refuse_version(document: &Node) -> Option<Diagnostic> {
    let refuse = |span, title: String, label: &str| {
        let explanation = match label {
            NO_TEXT => "The version of the configuration's format is text, and without quotes this is none.",
            _ => "The configuration of a project says which version of the format it is written in.",
        };
        let fault = Diagnostic::error("M0060", Some(span), title).label(label);
        fault.explain(explanation).hint("Begin the file with `version: \"1.0\"`.")
    };
    match document.get("version") {
        None => Some(refuse(document.span, "missing version field".to_owned(), "there is no `version` here")),
        Some(field) if field.node.as_text() == Some("1.0") => None,
        Some(field) => {
            let value = field.node.to_json();
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let label = if value.is_string() { "" } else { NO_TEXT };
            Some(refuse(field.node.span, format!("unsupported version: {shown}"), label))
        }
    }
}

/// The fields of a section; a section that is there has to be a mapping.
fn section<'a>(document: &'a Node, name: &str, found: &mut Vec<Diagnostic>) -> Option<&'a [Field]> {
    let field = document.get(name)?;
    match field.node.as_map() {
        Some(fields) => Some(fields),
        None if field.node.is_null() => None,
        None => {
            found.push(
                Diagnostic::error(
                    "M0008",
                    Some(field.key_span),
                    format!("the section {name} must be a mapping"),
                )
                .label(format!("this is {}", field.node.describe()))
                .explain("Every section of the configuration holds keys with values."),
            );
            None
        }
    }
}

/// The leaves of nested mappings, their keys joined by dots. Lists are leaves.
fn flatten(fields: &[Field]) -> Vec<Setting> {
    let mut leaves = Vec::new();
    for field in fields {
        match field.node.as_map() {
            Some(inner) if !inner.is_empty() => {
                for leaf in flatten(inner) {
                    leaves.push(Setting { key: format!("{}.{}", field.key, leaf.key), ..leaf });
                }
            }
            _ => leaves.push(Setting {
                key: field.key.clone(),
                key_span: field.key_span,
                value: field.node.clone(),
            }),
        }
    }
    leaves
}

/// The section `vars`: what `${name}` stands for in the rest of the file.
struct Variables {
    values: Vec<Setting>,
    /// Whether the file has the section: without it `${name}` is plain text.
    is_section: bool,
}

enum Filled {
    Same,
    /// The whole string was one variable, which keeps its type.
    Value(Value),
    Text(String),
}

impl Variables {
    /// Puts in the values of variables. False if one is not known, which is reported.
    fn fill(&self, node: &mut Node, found: &mut Vec<Diagnostic>) -> bool {
        let before = found.len();
        self.fill_node(node, found);
        found.len() == before
    }

    fn fill_node(&self, node: &mut Node, found: &mut Vec<Diagnostic>) {
        let span = node.span;
        match &mut node.value {
            Value::List(items) => items.iter_mut().for_each(|item| self.fill_node(item, found)),
            Value::Map(fields) => fields.iter_mut().for_each(|field| self.fill_node(&mut field.node, found)),
            Value::Text(text) => match self.filled(&text.text) {
                Ok(Filled::Same) => {}
                Ok(Filled::Value(value)) => node.value = value,
                Ok(Filled::Text(new)) => text.text = new,
                Err(name) => found.push(unknown_variable(&name, &self.values, span)),
            },
            _ => {}
        }
    }

    /// `text` with the values in it, or the name that is not known.
    fn filled(&self, text: &str) -> Result<Filled, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else { break };
            out.push_str(before);
            match self.values.iter().find(|variable| variable.key == name) {
                Some(variable) if text.len() == name.len() + "${}".len() => {
                    return Ok(Filled::Value(variable.value.value.clone()));
                }
                Some(variable) => {
                    let value = variable.value.to_json();
                    out.push_str(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
                None if self.is_section || name.starts_with("env:") => return Err(name.to_owned()),
                None => out.push_str(&format!("${{{name}}}")),
            }
            rest = tail;
        }
        out.push_str(rest);
        Ok(if out == text { Filled::Same } else { Filled::Text(out) })
    }
}

fn unknown_variable(name: &str, variables: &[Setting], span: Span) -> Diagnostic {
    if name.starts_with("env:") {
        return Diagnostic::error("M0065", Some(span), format!("${{{name}}} is not known while compiling"))
            .label("used here")
            .explain("This section changes entries when the program is compiled, and a compiler does not look at the environment: the program would depend on who built it.")
            .hint("Give the value with `-o namespace:entry:field=value` when the program starts.");
    }
    let fault = Diagnostic::error("M0065", Some(span), format!("there is no variable {name}"))
        .label("used here")
        .explain("The section `vars` of this file does not define it.");
    match suggest(name, variables.iter().map(|variable| variable.key.as_str())) {
        Some(near) => fault.hint(format!("Did you mean `${{{near}}}`?")),
        None => fault.hint("Define it under `vars`."),
    }
}

fn disable(fields: &[Field], found: &mut Vec<Diagnostic>) -> Disable {
    let mut disable = Disable {
        namespaces: texts(fields, "namespaces"),
        entries: texts(fields, "entries"),
        meta: Vec::new(),
    };
    disable.entries.retain(|(pattern, span)| {
        let is_fine = pattern.contains(':');
        if !is_fine {
            let title =
                format!("invalid entry pattern '{pattern}': missing ':' separator (expected namespace:name)");
            found.push(
                Diagnostic::error("M0064", Some(*span), title)
                    .label("this pattern")
                    .explain("Entries are left out by patterns of their namespace and of their name.")
                    .hint(format!("Write `**:{pattern}` for any namespace.")),
            );
        }
        is_fine
    });
    for field in node::find(fields, "meta").and_then(|field| field.node.as_map()).unwrap_or_default() {
        let values = field.node.as_list().unwrap_or(std::slice::from_ref(&field.node));
        let values = values.iter().filter_map(Node::as_text);
        disable.meta.extend(values.map(|value| (field.key.clone(), value.to_owned())));
    }
    disable
}

/// The texts of a list; values of other types fall back to the default, which is none.
fn texts(fields: &[Field], key: &str) -> Vec<(String, Span)> {
    let list = node::find(fields, key).and_then(|field| field.node.as_list()).unwrap_or_default();
    list.iter().filter_map(|item| Some((item.as_text()?.to_owned(), item.span))).collect()
}
