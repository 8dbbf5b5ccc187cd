//! A manifest's data, each part with its place. Nothing here knows that it was YAML or JSON.

use serde_json::{Map, Number, Value as Json};

use super::read::Style;
use crate::source::Span;

/// A value and where it stands. Collections in block form point at their first line.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Vec<Node>),
    Map(Vec<Field>),
}

/// One key of a mapping.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

/// A string, and where its characters come from.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    pub origin: TextOrigin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOrigin {
    /// Written at the node's place, in this form.
    Here(Style),
    /// The content of a file: the root's number and the path in it.
    File { root: usize, path: String },
    /// That of a file which could not be had; the fault is reported.
    Missing,
}

impl Node {
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(&text.text),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&[Field]> {
        match &self.value {
            Value::Map(fields) => Some(fields),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The field of that name, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Field> {
        find(self.as_map()?, key)
    }

    /// What a reader would call the value.
    pub fn describe(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::Text(text) => Json::String(text.text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Map(fields) => Json::Object(to_object(fields)),
        }
    }
}

/// The field of that name.
pub fn find<'a>(fields: &'a [Field], key: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.key == key)
}

/// The fields as a JSON object.
pub fn to_object(fields: &[Field]) -> Map<String, Json> {
    fields.iter().map(|field| (field.key.clone(), field.node.to_json())).collect()
}
