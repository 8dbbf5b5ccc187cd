//! Topics of messages. Most are literals of the program, which travel without being copied.

use std::hash::{Hash, Hasher};

use crate::string::{LuaStr, StaticStr};
use crate::value::Value;

#[derive(Clone)]
pub enum Topic {
    Literal(&'static StaticStr),
    Bytes(Box<[u8]>),
}

impl Topic {
    pub const fn literal(text: &'static StaticStr) -> Topic {
        Topic::Literal(text)
    }

    /// The topic a string value names.
    pub fn of(value: &Value, bytes: &[u8]) -> Topic {
        value.as_static_str().map_or_else(|| Topic::Bytes(bytes.into()), Topic::Literal)
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Topic::Literal(text) => text.bytes(),
            Topic::Bytes(bytes) => bytes,
        }
    }

    /// Whether only the runtime may use it.
    pub fn is_internal(&self) -> bool {
        self.bytes().first() == Some(&b'@')
    }

    pub fn to_value(&self) -> Value {
        match self {
            Topic::Literal(text) => Value::static_str(text),
            Topic::Bytes(bytes) => LuaStr::new(bytes),
        }
    }
}

impl Eq for Topic {}

impl Hash for Topic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

impl PartialEq for Topic {
    #[inline]
    fn eq(&self, other: &Topic) -> bool {
        match (self, other) {
            (Topic::Literal(own), Topic::Literal(theirs)) if std::ptr::eq(*own, *theirs) => true,
            _ => self.bytes() == other.bytes(),
        }
    }
}
