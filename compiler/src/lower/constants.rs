//! Large constructors of nothing but constants: a word list, a table of prices. As code each element
//! would cost rustc some milliseconds; as a text they cost nothing, and the runtime reads them.

use std::fmt::Write as _;

use crate::hir::{ExprId, ExprKind, TableItem, UnaryOp, Unit};

/// So many constants are worth it; fewer are built by code.
const MANY: usize = 200;

/// So long a piece of the text gets.
const PIECE: usize = 90;

/// The constructor as pieces of a text, in Lua's own form with few variants: `{1, -2.5, 'text', name = true,
/// ['a key'] = {}}`. `None` if it is small, or holds more than constants.
pub fn text(unit: &Unit, items: &[TableItem]) -> Option<Vec<String>> {
    let mut writer = Writer { unit, pieces: vec![String::new()], count: 0 };
    writer.table(items)?;
    (writer.count >= MANY).then_some(writer.pieces)
}

struct Writer<'a> {
    unit: &'a Unit,
    pieces: Vec<String>,
    count: usize,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.push_str(text);
        }
    }

    fn table(&mut self, items: &[TableItem]) -> Option<()> {
        let has_places = items.iter().any(|item| matches!(item, TableItem::Positional(_)));
        self.put("{");
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put(", ");
                if self.pieces.last().is_some_and(|piece| piece.len() >= PIECE) {
                    self.pieces.push(String::new());
                }
            }
            match item {
                TableItem::Positional(value) => self.value(*value)?,
                TableItem::Named { name, value } => {
                    self.put(name);
                    self.put(" = ");
                    self.value(*value)?;
                }
                TableItem::Keyed { key, value } => {
                    // A key may be the place of an element, and then it matters when each is stored.
                    let is_text = matches!(self.unit.exprs[*key].kind, ExprKind::String(_));
                    if !is_text && (has_places || matches!(self.unit.exprs[*key].kind, ExprKind::Nil)) {
                        return None;
                    }
                    self.put("[");
                    self.value(*key)?;
                    self.put("] = ");
                    self.value(*value)?;
                }
            }
        }
        self.put("}");
        Some(())
    }

    fn value(&mut self, id: ExprId) -> Option<()> {
        self.count += 1;
        match &self.unit.exprs[id].kind {
            ExprKind::Nil => self.put("nil"),
            ExprKind::True => self.put("true"),
            ExprKind::False => self.put("false"),
            ExprKind::Integer(value) => self.put(&value.to_string()),
            ExprKind::Float(value) => self.put(&format!("{value:?}")),
            ExprKind::Unary { op: UnaryOp::Negate, operand } => match self.unit.exprs[*operand].kind {
                ExprKind::Integer(value) => self.put(&value.wrapping_neg().to_string()),
                ExprKind::Float(value) => self.put(&format!("{:?}", -value)),
                _ => return None,
            },
            ExprKind::String(bytes) => self.put(&quoted(bytes)),
            ExprKind::Table(items) => self.table(items)?,
            _ => return None,
        }
        Some(())
    }
}

/// `'text'`, where the quote, the backslash and what cannot be shown are written `\xHH`.
fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("'");
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter.is_ascii_control() || matches!(letter, '\'' | '\\') {
                let _ = write!(text, "\\x{:02x}", u32::from(letter));
            } else {
                text.push(letter);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.push('\'');
    text
}
