//! Strings: static literals whose hash the Rust compiler computed, and counted byte strings.

pub mod format;
pub mod pattern;

use std::cell::Cell;
use std::ptr::NonNull;

use crate::heap::{Gc, Object};
use crate::value::{Tag, Value};

/// The longest string a program may make.
pub const MAX_LENGTH: usize = 0x7fff_ffff;

/// A literal of the program. Made by the macro `s!`.
pub struct StaticStr {
    hash: u32,
    bytes: &'static [u8],
}

impl StaticStr {
    pub const fn new(bytes: &'static [u8]) -> StaticStr {
        StaticStr { hash: hash_bytes(bytes), bytes }
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }

    #[inline]
    pub fn hash(&self) -> u32 {
        self.hash
    }
}

/// A hash of the bytes, eight at a time; never 0, which means "not computed yet" in a [`LuaStr`].
pub const fn hash_bytes(bytes: &[u8]) -> u32 {
    let mut state = mix(bytes.len() as u64 ^ 0x243f_6a88_85a3_08d3);
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
        state = mix(state ^ u64::from_le_bytes(*chunk));
        rest = after;
    }
    let mut tail = 0;
    while let Some((byte, after)) = rest.split_first() {
        tail = (tail << 8) | *byte as u64;
        rest = after;
    }
    state = mix(state ^ tail);
    let hash = (state >> 32) as u32 ^ state as u32;
    if hash == 0 { 1 } else { hash }
}

/// Multiplies to twice the width and folds the halves together.
const fn mix(bits: u64) -> u64 {
    let wide = bits as u128 * 0x9e37_79b9_7f4a_7c15;
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// A string made at run time. Immutable but for its cached hash and hidden identity.
#[repr(C)]
pub struct LuaStr {
    header: Object,
    hash: Cell<u32>,
    /// For a PID made by the runtime: the slot's identity, so that sending needs no look-up; else 0.
    identity: Cell<u64>,
    bytes: Box<[u8]>,
}

// SAFETY: repr(C), header first, created by `LuaStr::new` with tag String.
unsafe impl Gc for LuaStr {
    const TAG: Tag = Tag::String;
    fn clear(&self) {}
}

/// The only reference to a fresh [`LuaStr`].
pub struct NewStr(NonNull<Object>);

impl LuaStr {
    #[expect(clippy::new_ret_no_self, reason = "a string lives behind a counted reference")]
    pub fn new(bytes: &[u8]) -> NewStr {
        Self::from_box(bytes.into())
    }

    pub fn from_box(bytes: Box<[u8]>) -> NewStr {
        let header = Object::header(Tag::String);
        let string = LuaStr { header, hash: Cell::new(0), identity: Cell::new(0), bytes };
        NewStr(NonNull::from(Box::leak(Box::new(string))).cast())
    }

    /// A PID's text together with the identity of its slot.
    pub fn with_identity(bytes: &[u8], identity: u64) -> Value {
        let value: Value = LuaStr::new(bytes).into();
        if let Some(string) = value.as_lua_str() {
            string.identity.set(identity);
        }
        value
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    #[inline]
    pub fn identity(&self) -> Option<u64> {
        Some(self.identity.get()).filter(|identity| *identity != 0)
    }

    #[inline]
    pub fn hash(&self) -> u32 {
        let known = self.hash.get();
        if known != 0 {
            return known;
        }
        let hash = hash_bytes(&self.bytes);
        self.hash.set(hash);
        hash
    }

    /// # Safety
    /// The string's count is zero.
    pub(crate) unsafe fn destroy(string: NonNull<LuaStr>) {
        // SAFETY: made by `from_box` through `Box`; nobody refers to it.
        drop(unsafe { Box::from_raw(string.as_ptr()) });
    }
}

impl From<NewStr> for Value {
    fn from(string: NewStr) -> Value {
        Value::from_object(Tag::String, string.0)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        LuaStr::from_box(bytes.into_boxed_slice()).into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        text.into_bytes().into()
    }
}
