//! Large tables of constants, which emitted code holds as a text: reading it once takes less of
//! everybody's time than compiling code that builds them.

use std::sync::{PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::cx::Cx;
use crate::string::StaticStr;
use crate::table::Table;
use crate::value::Value;

/// Texts that were read, by where they stand: a program has as many as its source.
static KNOWN: RwLock<Option<FxHashMap<usize, &'static Constant>>> = RwLock::new(None);

/// What the text says.
enum Constant {
    Nil,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(&'static StaticStr),
    Table(Vec<(Constant, Constant)>),
}

/// `{1, -2.5, 'text', name = true, ['a key'] = {}}`, in pieces. The compiler writes it and nobody else:
/// what is no such text is nil.
pub fn constants(cx: Cx, pieces: &'static [&'static str]) -> Value {
    let place = pieces.as_ptr().addr();
    find(place).unwrap_or_else(|| read(place, pieces)).value(cx)
}

fn find(place: usize) -> Option<&'static Constant> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.as_ref()?.get(&place).copied()
}

#[cold]
fn read(place: usize, pieces: &[&str]) -> &'static Constant {
    let text = pieces.concat();
    let constant = Reader { rest: text.as_bytes() }.value().unwrap_or(Constant::Nil);
    // As long as the program, like the literals it stands for.
    let constant: &'static Constant = Box::leak(Box::new(constant));
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(place, constant);
    constant
}

impl Constant {
    fn value(&self, cx: Cx) -> Value {
        let items = match self {
            Constant::Nil => return Value::NIL,
            Constant::Boolean(value) => return Value::bool(*value),
            Constant::Integer(value) => return Value::int(*value),
            Constant::Float(value) => return Value::float(*value),
            Constant::String(text) => return Value::static_str(text),
            Constant::Table(items) => items,
        };
        let value = Table::new(cx);
        if let Some(table) = value.as_table() {
            for (key, item) in items {
                // The compiler leaves keys that a table refuses to code.
                let _ = table.set(key.value(cx), item.value(cx));
            }
        }
        value
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, text: &[u8]) -> bool {
        let Some(rest) = self.rest.strip_prefix(text) else { return false };
        self.rest = rest;
        true
    }

    /// What stands before a byte that `ends` it.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> &'a [u8] {
        let length = self.rest.iter().position(|byte| ends(*byte)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    fn value(&mut self) -> Option<Constant> {
        match self.rest.first()? {
            b'{' => self.table(),
            b'\'' => self.string(),
            _ => word(self.until(|byte| matches!(byte, b',' | b'}' | b']'))),
        }
    }

    fn table(&mut self) -> Option<Constant> {
        self.take(b"{");
        let mut items = Vec::new();
        let mut place = 0;
        while !self.take(b"}") {
            let key = self.key()?;
            let item = self.value()?;
            let key = key.unwrap_or_else(|| {
                place += 1;
                Constant::Integer(place)
            });
            items.push((key, item));
            self.take(b", ");
        }
        Some(Constant::Table(items))
    }

    /// `name = ` or `['key'] = `; or nothing, where an element stands.
    fn key(&mut self) -> Option<Option<Constant>> {
        if self.take(b"[") {
            let key = self.value()?;
            return self.take(b"] = ").then_some(Some(key));
        }
        let name = self.rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let (name, rest) = self.rest.split_at(name);
        let Some(rest) = rest.strip_prefix(b" = ").filter(|_| !name.is_empty()) else { return Some(None) };
        self.rest = rest;
        Some(Some(string(name.to_vec())))
    }

    fn string(&mut self) -> Option<Constant> {
        self.take(b"'");
        let mut bytes = Vec::new();
        loop {
            bytes.extend_from_slice(self.until(|byte| matches!(byte, b'\'' | b'\\')));
            if self.take(b"'") {
                return Some(string(bytes));
            }
            let code = self.rest.get(2..4)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
            self.rest = self.rest.get(4..)?;
        }
    }
}

fn string(bytes: Vec<u8>) -> Constant {
    Constant::String(Box::leak(Box::new(StaticStr::new(bytes.leak()))))
}

fn word(text: &[u8]) -> Option<Constant> {
    Some(match text {
        b"nil" => Constant::Nil,
        b"true" => Constant::Boolean(true),
        b"false" => Constant::Boolean(false),
        number => {
            let number = std::str::from_utf8(number).ok()?;
            number.parse().map(Constant::Integer).or_else(|_| number.parse().map(Constant::Float)).ok()?
        }
    })
}
