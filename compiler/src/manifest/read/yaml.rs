//! A YAML file: serde_yaml's values joined with the outline's places.

use serde::Deserialize as _;
use serde_yaml::Value;

use super::{broken, join, outline};
use crate::diagnostics::Diagnostic;
use crate::manifest::node::Node;
use crate::source::{FileId, Span};

pub fn read(file: FileId, text: &str) -> Result<Option<Node>, Vec<Diagnostic>> {
    if let Some((at, character)) = text.char_indices().find(|(_, character)| !is_printable(*character)) {
        let span = Span::new(file, at, at + character.len_utf8());
        let hint = "Write it as an escape in double quotes, e.g. `\"\\e\"`.";
        return Err(vec![broken(span, "a control character").hint(hint)]);
    }
    let outline = outline::read(file, text).map_err(|fault| vec![*fault])?;
    let Some(root) = outline.root else { return Ok(None) };
    join::refuse_bad_keys(&outline, text)?;
    let Some(document) = serde_yaml::Deserializer::from_str(text).next() else { return Ok(None) };
    let value = Value::deserialize(document).map_err(|error| vec![refused(file, text, &error)])?;
    join::join(&outline, root, value).map(Some).map_err(|fault| vec![*fault])
}

/// What serde_yaml refuses although the outline was fine: a tag that does not fit, too many aliases.
fn refused(file: FileId, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let at = error.location().map_or(0, |location| location.index());
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length);
    let words = error.to_string();
    // The place is in the span already.
    let words = words.split(" at line ").next().unwrap_or_default();
    broken(Span::new(file, at, end), words)
}

/// The characters YAML allows.
fn is_printable(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{85}') || !(character.is_control() || character == '\u{feff}')
}

/// The bytes of a quoted scalar at the start of `text`, both quotes included.
pub fn quoted_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    let quote = text.chars().next();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote == Some('"') {
            characters.next();
        } else if Some(character) == quote {
            if quote == Some('\'') && characters.peek().is_some_and(|(_, next)| *next == '\'') {
                characters.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}
