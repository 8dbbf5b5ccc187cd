//! JSON text as Lua values.

use rustc_hash::FxHashSet;

use super::{DEPTH, Fault};
use crate::cx::Cx;
use crate::string::{Sink, StrBuf};
use crate::table::Table;
use crate::value::Value;

type Result<T> = std::result::Result<T, Fault>;

pub fn decode(cx: Cx, text: &[u8]) -> Result<Value> {
    let mut reader = Reader { cx, text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.unexpected("after the value"));
    }
    Ok(value)
}

struct Reader<'a> {
    cx: Cx,
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn unexpected(&self, place: &str) -> Fault {
        let at = self.at;
        match self.peek().map(|byte| char::from(byte).escape_default()) {
            None => format!("unexpected end of JSON input at offset {at}").into(),
            Some(byte) => format!("invalid character '{byte}' {place} at offset {at}").into(),
        }
    }

    fn take(&mut self, expected: u8, place: &str) -> Result<()> {
        if self.peek() != Some(expected) {
            return Err(self.unexpected(place));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        self.cx.spend()?;
        self.blanks();
        match self.peek() {
            Some(b'{' | b'[') if depth >= DEPTH => Err("json: maximum nesting depth exceeded".into()),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true", Value::TRUE),
            Some(b'f') => self.word(b"false", Value::FALSE),
            Some(b'n') => self.word(b"null", Value::NIL),
            _ => Err(self.unexpected("looking for a value")),
        }
    }

    fn word(&mut self, word: &[u8], value: Value) -> Result<Value> {
        if !self.text.get(self.at..).unwrap_or_default().starts_with(word) {
            return Err(self.unexpected("looking for a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && leading_zero {
            self.at = start + 1;
            return Err(self.unexpected("after a leading zero"));
        }
        let mut is_integer = true;
        if self.peek() == Some(b'.') {
            is_integer = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_integer = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = std::str::from_utf8(self.text.get(start..self.at).unwrap_or_default()).unwrap_or_default();
        if is_integer {
            // Beyond 64 bits the nearest integer.
            let nearest = if text.starts_with('-') { i64::MIN } else { i64::MAX };
            return Ok(Value::int(text.parse().unwrap_or(nearest)));
        }
        text.parse().map(Value::float).map_err(|_| format!("invalid number at offset {start}").into())
    }

    /// At least one digit; how many.
    fn digits(&mut self) -> Result<usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected("in a number"));
        }
        Ok(self.at - start)
    }

    fn array(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let array = Table::new(self.cx);
        let Some(table) = array.as_table() else { return Ok(array) };
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(array);
        }
        for index in 1.. {
            if !table.try_set_int(index, self.value(depth)?) {
                return Err(self.cx.throw_no_memory().into());
            }
            self.blanks();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.take(b']', "after an element")?;
            break;
        }
        Ok(array)
    }

    fn object(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let object = Table::new(self.cx);
        let Some(table) = object.as_table() else { return Ok(object) };
        // Names whose value, null, leaves no trace in the table.
        let mut empty: FxHashSet<Vec<u8>> = FxHashSet::default();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(object);
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("looking for a member name"));
            }
            let name = self.string()?;
            let text = name.as_bytes().unwrap_or_default();
            if !table.get(&name).is_nil() || empty.contains(text) {
                return Err(format!("duplicate member name at offset {start}").into());
            }
            self.blanks();
            self.take(b':', "after a member name")?;
            let value = self.value(depth)?;
            if value.is_nil() {
                empty.insert(text.to_vec());
            } else if table.set(name, value).is_err() {
                // A string is never a refused key.
                return Err(self.cx.throw_no_memory().into());
            }
            self.blanks();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.take(b'}', "after a member")?;
            return Ok(object);
        }
    }

    fn string(&mut self) -> Result<Value> {
        self.at += 1;
        let run = self.run()?;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(StrBuf::copy(self.cx, run)?);
        }
        let mut text = StrBuf::with_capacity(run.len());
        text.extend_from_slice(run);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text.finish(self.cx)?);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => return Err(self.unexpected("in a string")),
            }
            text.extend_from_slice(self.run()?);
        }
    }

    /// The part of a string up to its end or an escape.
    fn run(&mut self) -> Result<&'a [u8]> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
            self.at += 1;
        }
        let run = self.text.get(start..self.at).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(run) {
            return Err(format!("invalid UTF-8 at offset {}", start + error.valid_up_to()).into());
        }
        self.cx.spend_many(run.len() / 64)?;
        Ok(run)
    }

    fn escape(&mut self) -> Result<char> {
        let simple = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.unexpected("in an escape")),
        };
        self.at += 1;
        Ok(simple)
    }

    /// The code after `\u`; halves of pairs that stand alone are replaced.
    fn unicode(&mut self) -> Result<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.text.get(self.at..).unwrap_or_default().starts_with(b"\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let before = self.at;
        self.at += 2;
        let low = self.hex()?;
        if !(0xdc00..0xe000).contains(&low) {
            self.at = before;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return Err(self.unexpected("in an escape")) };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
