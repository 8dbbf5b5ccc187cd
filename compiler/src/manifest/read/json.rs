//! A JSON file: serde_json says what it means, a walk over the text says where each part stands.

use serde_json::{Number, Value as Json};

use super::{DEEPEST, Style, broken, duplicate_key, too_deep};
use crate::diagnostics::Diagnostic;
use crate::manifest::node::{Field, Node, Text, TextOrigin, Value};
use crate::source::{FileId, Span};

pub fn read(file: FileId, text: &str) -> Result<Node, Vec<Diagnostic>> {
    if let Err(error) = serde_json::from_str::<Json>(text) {
        return Err(vec![refused(file, text, &error)]);
    }
    let mut walk = Walk { file, text, at: 0, depth: 0, found: Vec::new() };
    match walk.node() {
        Some(node) if walk.found.is_empty() => Ok(node),
        // Only nesting ends the walk early, and it leaves its own message.
        _ => Err(walk.found),
    }
}

fn refused(file: FileId, text: &str, error: &serde_json::Error) -> Diagnostic {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = text.floor_char_boundary(line_start + error.column().saturating_sub(1));
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let span = Span::new(file, at, at + length);
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    if words.contains("recursion limit") {
        return too_deep(span);
    }
    Diagnostic { title: format!("broken JSON: {words}"), ..broken(span, words) }
}

/// Goes over a text that is known to be JSON.
struct Walk<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    depth: usize,
    found: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes blanks and `punctuation`; the byte after them.
    fn skip(&mut self, punctuation: &str) -> Option<u8> {
        let rest = self.rest();
        let skipped = |c: char| c.is_ascii_whitespace() || punctuation.contains(c);
        self.at += rest.len() - rest.trim_start_matches(skipped).len();
        self.rest().bytes().next()
    }

    fn node(&mut self) -> Option<Node> {
        let first = self.skip("")?;
        let start = self.at;
        let value = match first {
            b'{' | b'[' => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    self.found.push(too_deep(Span::new(self.file, start, start + 1)));
                    return None;
                }
                self.at += 1;
                let value = if first == b'{' { self.map()? } else { self.list()? };
                self.at += 1;
                self.depth -= 1;
                value
            }
            b'"' => Value::Text(Text { text: self.string(), origin: TextOrigin::Here(Style::Double) }),
            _ => self.word(),
        };
        Some(Node { value, span: Span::new(self.file, start, self.at) })
    }

    fn list(&mut self) -> Option<Value> {
        let mut items = Vec::new();
        while self.skip(",")? != b']' {
            items.push(self.node()?);
        }
        Some(Value::List(items))
    }

    fn map(&mut self) -> Option<Value> {
        let mut fields: Vec<Field> = Vec::new();
        while self.skip(",")? != b'}' {
            let start = self.at;
            let key = self.string();
            let key_span = Span::new(self.file, start, self.at);
            self.skip(":")?;
            let node = self.node()?;
            if let Some(first) = fields.iter().find(|field| field.key == key) {
                let before = self.text.get(..first.key_span.start as usize).unwrap_or_default();
                let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
                self.found.push(duplicate_key(&key, key_span, first.key_span, line));
            }
            fields.push(Field { key, key_span, node });
        }
        Some(Value::Map(fields))
    }

    /// The string that starts here.
    fn string(&mut self) -> String {
        let length = super::yaml::quoted_length(self.rest());
        let written = self.rest().get(..length).unwrap_or_default();
        let text = serde_json::from_str(written).unwrap_or_default();
        self.at += length;
        text
    }

    /// A number, `true`, `false` or `null`. Numbers of JSON are floats until a field says otherwise.
    fn word(&mut self) -> Value {
        let rest = self.rest();
        let length = rest.find(|c: char| c.is_ascii_whitespace() || ",]}".contains(c)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => word.parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        };
        self.at += length;
        value
    }
}
