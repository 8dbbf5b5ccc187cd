//! Lua values as JSON text.

use std::borrow::Cow;
use std::fmt::Write;

use super::{DEPTH, Fault};
use crate::cx::Cx;
use crate::error::ErrorObject;
use crate::ops::number;
use crate::string::{Sink, StrBuf};
use crate::table::{Cursor, Table};
use crate::value::{Tag, Value};

type Result<T> = std::result::Result<T, Fault>;

pub fn encode(cx: Cx, value: &Value) -> Result<Value> {
    // At the top level very large and very small numbers have an exponent.
    if let Some(float) = value.as_float().filter(|float| has_exponent(*float)) {
        let text = format!("{float:e}");
        return Ok(match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => text,
        }
        .into());
    }
    let mut writer = Writer { cx, out: StrBuf::with_capacity(0), above: Vec::new() };
    writer.value(value)?;
    Ok(writer.out.finish(cx)?)
}

fn has_exponent(float: f64) -> bool {
    let size = float.abs();
    float.is_finite() && size != 0.0 && !(1e-6..1e21).contains(&size)
}

struct Writer {
    cx: Cx,
    out: StrBuf,
    /// The tables around the current one, by address.
    above: Vec<u64>,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<()> {
        let size = value.as_bytes().map_or(0, <[u8]>::len);
        self.cx.spend_many(1 + size / 16)?;
        match value.tag() {
            Tag::Boolean => self.out.extend_from_slice(if value.truthy() { b"true" } else { b"false" }),
            Tag::Integer | Tag::Float => self.number(value),
            Tag::StaticString | Tag::String => self.text(value.as_bytes().unwrap_or_default()),
            Tag::Table => match value.as_table() {
                Some(table) => return self.table(value.raw_bits(), table),
                None => self.out.extend_from_slice(b"null"),
            },
            _ => match value.downcast::<ErrorObject>() {
                Some(error) => self.text(&error.message),
                None => self.out.extend_from_slice(b"null"),
            },
        }
        Ok(())
    }

    fn number(&mut self, value: &Value) {
        let float = value.as_float();
        let integer = value.as_int().or_else(|| float.and_then(number::float_to_int));
        // Writing to a buffer does not fail.
        let _ = match (integer, float) {
            (Some(integer), _) => write!(self.out, "{integer}"),
            (None, Some(float)) if float.is_finite() => write!(self.out, "{float}"),
            _ => self.out.write_str("null"),
        };
    }

    /// What is no UTF-8 is replaced.
    fn text(&mut self, bytes: &[u8]) {
        self.out.push(b'"');
        for chunk in bytes.utf8_chunks() {
            self.characters(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.out.extend_from_slice("\u{fffd}".as_bytes());
            }
        }
        self.out.push(b'"');
    }

    fn characters(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '"' | '\\' => self.out.extend_from_slice(if character == '"' { b"\\\"" } else { b"\\\\" }),
                '\n' => self.out.extend_from_slice(b"\\n"),
                '\r' => self.out.extend_from_slice(b"\\r"),
                '\t' => self.out.extend_from_slice(b"\\t"),
                '\u{8}' => self.out.extend_from_slice(b"\\b"),
                '\u{c}' => self.out.extend_from_slice(b"\\f"),
                '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(character));
                }
                _ => self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }

    fn table(&mut self, address: u64, table: &Table) -> Result<()> {
        if self.above.contains(&address) {
            return Err("cannot encode recursively nested tables to JSON".into());
        }
        if self.above.len() >= DEPTH {
            return Err("exceeded maximum nesting depth for JSON encoding".into());
        }
        self.above.push(address);
        let (mut positive, mut count) = (0, 0);
        for (key, _) in entries(table) {
            positive += usize::from(key.as_int().is_some_and(|key| key > 0));
            count += 1;
        }
        if positive > 0 && positive < count {
            return Err("cannot encode mixed-key table: table has both numeric and non-numeric keys".into());
        }
        if positive == count {
            self.array(table, positive)?;
        } else {
            self.object(table)?;
        }
        self.above.pop();
        Ok(())
    }

    fn array(&mut self, table: &Table, count: usize) -> Result<()> {
        self.out.push(b'[');
        for key in 1..=i64::try_from(count).unwrap_or(i64::MAX) {
            let item = table.get_int(key);
            if item.is_nil() {
                return Err("cannot encode sparse array: non-contiguous numeric keys found".into());
            }
            if key > 1 {
                self.out.push(b',');
            }
            self.value(&item)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn object(&mut self, table: &Table) -> Result<()> {
        self.out.push(b'{');
        let mut is_first = true;
        for (key, item) in entries(table) {
            let text = match key.tag() {
                Tag::StaticString | Tag::String => Cow::Borrowed(key.as_bytes().unwrap_or_default()),
                Tag::Boolean => Cow::Borrowed(if key.truthy() { &b"true"[..] } else { b"false" }),
                Tag::Integer | Tag::Float => number::format(&key).unwrap_or_default().into_bytes().into(),
                _ => continue,
            };
            if !std::mem::take(&mut is_first) {
                self.out.push(b',');
            }
            self.text(&text);
            self.out.push(b':');
            self.value(&item)?;
        }
        self.out.push(b'}');
        Ok(())
    }
}

/// The entries of a table, which nothing changes meanwhile, without a copy of them.
fn entries(table: &Table) -> impl Iterator<Item = (Value, Value)> {
    let mut cursor = Cursor::default();
    std::iter::from_fn(move || table.step(&mut cursor))
}
