//! Lua values as JSON text.

use std::io::Write;

use super::DEPTH;
use crate::cx::Cx;
use crate::error::ErrorObject;
use crate::ops::number;
use crate::table::Table;
use crate::value::{Tag, Value};

type Result<T> = std::result::Result<T, &'static str>;

pub fn encode(cx: Cx, value: &Value) -> Result<Vec<u8>> {
    // At the top level very large and very small numbers have an exponent.
    if let Some(float) = value.as_float().filter(|float| has_exponent(*float)) {
        let text = format!("{float:e}");
        return Ok(match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => text,
        }
        .into_bytes());
    }
    let mut writer = Writer { cx, out: Vec::new(), above: Vec::new() };
    writer.value(value)?;
    Ok(writer.out)
}

fn has_exponent(float: f64) -> bool {
    let size = float.abs();
    float.is_finite() && size != 0.0 && !(1e-6..1e21).contains(&size)
}

struct Writer {
    cx: Cx,
    out: Vec<u8>,
    /// The tables around the current one, by address.
    above: Vec<u64>,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<()> {
        let size = value.as_bytes().map_or(0, <[u8]>::len);
        // The text is never seen: nothing protects a process that is being ended.
        self.cx.spend_many(1 + size / 16).map_err(|_| "process is ending")?;
        match value.tag() {
            Tag::Boolean => self.out.extend(if value.truthy() { &b"true"[..] } else { b"false" }),
            Tag::Integer | Tag::Float => self.number(value),
            Tag::StaticString | Tag::String => self.text(value.as_bytes().unwrap_or_default()),
            Tag::Table => match value.as_table() {
                Some(table) => return self.table(value.raw_bits(), table),
                None => self.out.extend(b"null"),
            },
            _ => match value.downcast::<ErrorObject>() {
                Some(error) => self.text(&error.message),
                None => self.out.extend(b"null"),
            },
        }
        Ok(())
    }

    fn number(&mut self, value: &Value) {
        let float = value.as_float();
        let integer = value.as_int().or_else(|| float.and_then(number::float_to_int));
        // Writing to a vector does not fail.
        let _ = match (integer, float) {
            (Some(integer), _) => write!(self.out, "{integer}"),
            (None, Some(float)) if float.is_finite() => write!(self.out, "{float}"),
            _ => self.out.write_all(b"null"),
        };
    }

    fn text(&mut self, bytes: &[u8]) {
        self.out.push(b'"');
        for character in String::from_utf8_lossy(bytes).chars() {
            match character {
                '"' | '\\' => self.out.extend([b'\\', if character == '"' { b'"' } else { b'\\' }]),
                '\n' => self.out.extend(b"\\n"),
                '\r' => self.out.extend(b"\\r"),
                '\t' => self.out.extend(b"\\t"),
                '\u{8}' => self.out.extend(b"\\b"),
                '\u{c}' => self.out.extend(b"\\f"),
                '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(character));
                }
                _ => self.out.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.out.push(b'"');
    }

    fn table(&mut self, address: u64, table: &Table) -> Result<()> {
        if self.above.contains(&address) {
            return Err("cannot encode recursively nested tables to JSON");
        }
        if self.above.len() >= DEPTH {
            return Err("exceeded maximum nesting depth for JSON encoding");
        }
        self.above.push(address);
        let entries = table.entries();
        let positive = entries.iter().filter(|(key, _)| key.as_int().is_some_and(|key| key > 0)).count();
        if positive > 0 && positive < entries.len() {
            return Err("cannot encode mixed-key table: table has both numeric and non-numeric keys");
        }
        if positive == entries.len() {
            self.array(table, positive)?;
        } else {
            self.object(&entries)?;
        }
        self.above.pop();
        Ok(())
    }

    fn array(&mut self, table: &Table, count: usize) -> Result<()> {
        self.out.push(b'[');
        for key in 1..=i64::try_from(count).unwrap_or(i64::MAX) {
            let item = table.get_int(key);
            if item.is_nil() {
                return Err("cannot encode sparse array: non-contiguous numeric keys found");
            }
            if key > 1 {
                self.out.push(b',');
            }
            self.value(&item)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn object(&mut self, entries: &[(Value, Value)]) -> Result<()> {
        self.out.push(b'{');
        let mut is_first = true;
        for (key, item) in entries {
            let text = match key.tag() {
                Tag::StaticString | Tag::String => key.as_bytes().unwrap_or_default().to_vec(),
                Tag::Boolean => key.truthy().to_string().into_bytes(),
                Tag::Integer | Tag::Float => number::format(key).unwrap_or_default().into_bytes(),
                _ => continue,
            };
            if !std::mem::take(&mut is_first) {
                self.out.push(b',');
            }
            self.text(&text);
            self.out.push(b':');
            self.value(item)?;
        }
        self.out.push(b'}');
        Ok(())
    }
}
