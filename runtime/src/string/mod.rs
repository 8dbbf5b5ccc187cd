//! Strings: static literals whose hash the Rust compiler computed, and counted byte strings.

mod build;
pub mod format;
pub mod pattern;

pub use build::StrBuf;

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

use crate::heap::counted::{self, LARGE};
use crate::heap::{Gc, Header, flag};
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
/// Short texts, which most keys are, take one round.
#[inline]
pub const fn hash_bytes(bytes: &[u8]) -> u32 {
    let mut state = bytes.len() as u64 ^ 0x243f_6a88_85a3_08d3;
    let mut rest = bytes;
    while rest.len() > 8
        && let Some((chunk, after)) = rest.split_first_chunk::<8>()
    {
        state = mix(state ^ u64::from_le_bytes(*chunk));
        rest = after;
    }
    state = mix(state ^ short_word(rest));
    let hash = (state >> 32) as u32 ^ state as u32;
    if hash == 0 { 1 } else { hash }
}

/// Up to eight bytes as a number, different for texts of one length that differ; longer texts are
/// not read to their end.
#[inline]
const fn short_word(bytes: &[u8]) -> u64 {
    // The two halves may overlap: one length has one way to be read.
    if let (Some(low), Some(high)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u32::from_le_bytes(*low) as u64 | (u32::from_le_bytes(*high) as u64) << 32;
    }
    match bytes {
        [] => 0,
        [a] => *a as u64,
        [a, b] => *a as u64 | (*b as u64) << 8,
        [a, b, c, ..] => *a as u64 | (*b as u64) << 8 | (*c as u64) << 16,
    }
}

/// Whether two texts are the same; short ones are compared in place.
#[inline]
pub(crate) fn same_text(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && if one.len() <= 8 { short_word(one) == short_word(other) } else { one == other }
}

/// Multiplies to twice the width and folds the halves together.
const fn mix(bits: u64) -> u64 {
    let wide = bits as u128 * 0x9e37_79b9_7f4a_7c15;
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// A string made at run time: its bytes follow this header in the same allocation. Immutable but
/// for its cached hash.
#[repr(C)]
pub struct LuaStr {
    header: Header,
    /// 0: not computed yet.
    hash: Cell<u32>,
    length: u32,
}

// SAFETY: repr(C), header first, created by `LuaStr::allocate` with tag String.
unsafe impl Gc for LuaStr {
    const TAG: Tag = Tag::String;
}

/// The bytes in front of a string's text.
pub(crate) const HEADER_SIZE: usize = size_of::<LuaStr>();
/// What a hidden identity takes behind the text.
const IDENTITY_SIZE: usize = size_of::<u64>();

impl LuaStr {
    /// A copy of `bytes` as a fresh string. Longer than [`MAX_LENGTH`] is cut; whoever makes strings
    /// refuses that before.
    #[expect(clippy::new_ret_no_self, reason = "a string lives behind a counted reference")]
    pub fn new(bytes: &[u8]) -> Value {
        Self::build(bytes, None)
    }

    /// A PID's text together with the identity of its slot, so that sending needs no look-up.
    pub fn with_identity(bytes: &[u8], identity: u64) -> Value {
        Self::build(bytes, Some(identity).filter(|identity| *identity != 0))
    }

    /// As [`LuaStr::with_identity`], of a PID's text in two parts.
    #[inline]
    pub(crate) fn of_process(front: &str, back: &[u8], identity: u64) -> Value {
        let length = front.len() + back.len();
        let string = Self::allocate(length + IDENTITY_SIZE, length);
        // SAFETY: fresh memory with room for the text and, behind it, the identity.
        unsafe {
            let text = string.as_ptr().cast::<u8>().add(HEADER_SIZE);
            std::ptr::copy_nonoverlapping(front.as_ptr(), text, front.len());
            std::ptr::copy_nonoverlapping(back.as_ptr(), text.add(front.len()), back.len());
            text.add(length).cast::<u64>().write_unaligned(identity);
            string.as_ref().header.set(flag::IDENTITY);
            Self::into_value(string)
        }
    }

    #[inline]
    fn build(bytes: &[u8], identity: Option<u64>) -> Value {
        let bytes = bytes.get(..MAX_LENGTH).unwrap_or(bytes);
        let room = bytes.len() + if identity.is_some() { IDENTITY_SIZE } else { 0 };
        let string = Self::allocate(room, bytes.len());
        // SAFETY: fresh memory with room for the text and, behind it, the identity.
        unsafe {
            let text = string.as_ptr().cast::<u8>().add(HEADER_SIZE);
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), text, bytes.len());
            if let Some(identity) = identity {
                text.add(bytes.len()).cast::<u64>().write_unaligned(identity);
                string.as_ref().header.set(flag::IDENTITY);
            }
            Self::into_value(string)
        }
    }

    /// Memory for a string of `length` bytes with room for `room`; its text is not written yet.
    pub(crate) fn allocate(room: usize, length: usize) -> NonNull<LuaStr> {
        let Some(mut string) = Self::try_allocate(room) else { handle_alloc_error(Self::layout(room)) };
        // SAFETY: fresh, and nobody else's.
        unsafe { string.as_mut() }.set_length(length);
        string
    }

    /// Memory for a string with room for `room` bytes, as yet empty; `None` if there is none.
    #[inline]
    pub(crate) fn try_allocate(room: usize) -> Option<NonNull<LuaStr>> {
        let layout = Self::layout(room);
        // SAFETY: the layout is never empty.
        let memory = unsafe { std::alloc::alloc(layout) };
        let string = NonNull::new(memory.cast::<LuaStr>())?;
        if room >= LARGE {
            counted::add(room);
        }
        let header = Header::new(Tag::String, 0);
        // SAFETY: fresh memory, large and aligned enough.
        unsafe { string.write(LuaStr { header, hash: Cell::new(0), length: 0 }) };
        Some(string)
    }

    /// Says how much of its room a string that is being made uses.
    #[inline]
    pub(crate) fn set_length(&mut self, length: usize) {
        self.length = u32::try_from(length).unwrap_or(u32::MAX);
    }

    fn layout(room: usize) -> Layout {
        // At most 2^31 bytes of text: no overflow, and a header's alignment is a power of two.
        Layout::from_size_align(HEADER_SIZE + room, align_of::<LuaStr>()).unwrap_or(Layout::new::<LuaStr>())
    }

    /// # Safety
    /// The only reference to a string whose text has been written.
    pub(crate) unsafe fn into_value(string: NonNull<LuaStr>) -> Value {
        Value::from_object(Tag::String, string.cast())
    }

    /// The string with another room; `None` if there is no memory, and then it stays as it was.
    ///
    /// # Safety
    /// Nobody refers to the string but the caller, who has allocated it with this room.
    pub(crate) unsafe fn try_resize(
        string: NonNull<LuaStr>,
        room: usize,
        new_room: usize,
    ) -> Option<NonNull<LuaStr>> {
        let size = Self::layout(new_room).size();
        // SAFETY: allocated with this layout by contract.
        let memory = unsafe { std::alloc::realloc(string.as_ptr().cast(), Self::layout(room), size) };
        let string = NonNull::new(memory.cast::<LuaStr>())?;
        if room >= LARGE {
            counted::remove(room);
        }
        if new_room >= LARGE {
            counted::add(new_room);
        }
        Some(string)
    }

    /// # Safety
    /// Nobody refers to the string but the caller, who has allocated it with this room.
    pub(crate) unsafe fn free(string: NonNull<LuaStr>, room: usize) {
        if room >= LARGE {
            counted::remove(room);
        }
        // SAFETY: allocated with this layout by contract.
        unsafe { std::alloc::dealloc(string.as_ptr().cast(), Self::layout(room)) };
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        let start = std::ptr::from_ref(self).cast::<u8>();
        // SAFETY: the text of this length follows the header in the same allocation. (The reference
        // covers the header alone; strings are only ever reached through the allocation's own,
        // exposed address.)
        unsafe {
            let start = std::ptr::with_exposed_provenance::<u8>(start.addr());
            std::slice::from_raw_parts(start.add(HEADER_SIZE), self.length as usize)
        }
    }

    /// How many references to it there are.
    pub(crate) fn count(&self) -> u32 {
        self.header.count()
    }

    /// The bytes it takes behind its header.
    pub(crate) fn room(&self) -> usize {
        self.length as usize + if self.header.has(flag::IDENTITY) { IDENTITY_SIZE } else { 0 }
    }

    #[inline]
    pub fn identity(&self) -> Option<u64> {
        if !self.header.has(flag::IDENTITY) {
            return None;
        }
        let end = self.bytes().as_ptr_range().end;
        // SAFETY: the flag says that the identity stands behind the text.
        Some(unsafe { end.cast::<u64>().read_unaligned() })
    }

    #[inline]
    pub fn hash(&self) -> u32 {
        let known = self.hash.get();
        if known != 0 {
            return known;
        }
        let hash = hash_bytes(self.bytes());
        self.hash.set(hash);
        hash
    }

    /// # Safety
    /// The string's count is zero.
    pub(crate) unsafe fn destroy(string: NonNull<LuaStr>) {
        // SAFETY: alive by contract.
        let (length, has_identity) = unsafe {
            let string = string.as_ref();
            (string.length as usize, string.header.has(flag::IDENTITY))
        };
        let room = length + if has_identity { IDENTITY_SIZE } else { 0 };
        // SAFETY: every string's room is what it uses.
        unsafe { Self::free(string, room) };
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        LuaStr::new(&bytes)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        LuaStr::new(text.as_bytes())
    }
}

/// Where text is put together: a plain vector, or a string being built.
pub trait Sink {
    fn push(&mut self, byte: u8);
    fn extend_from_slice(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    #[inline]
    fn push(&mut self, byte: u8) {
        self.push(byte);
    }
    #[inline]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_keep_their_bytes_and_identity() {
        for text in [&b""[..], b"x", b"hello", &[0xff; 1000]] {
            let value = LuaStr::new(text);
            let string = value.as_lua_str().unwrap();
            assert_eq!((string.bytes(), string.identity()), (text, None));
            assert_eq!(string.hash(), hash_bytes(text));
            let value = LuaStr::with_identity(text, 77);
            let string = value.as_lua_str().unwrap();
            assert_eq!((string.bytes(), string.identity()), (text, Some(77)));
        }
        assert_eq!(HEADER_SIZE, 16);
    }

    #[test]
    fn texts_are_the_same_byte_for_byte() {
        let text = b"abcdefghijkl";
        for length in 0..=text.len() {
            let one = &text[..length];
            assert!(same_text(one, one));
            assert!(!same_text(one, &text[..(length + 1) % (text.len() + 1)]));
            for at in 0..length {
                let mut other = one.to_vec();
                other[at] ^= 0x80;
                assert!(!same_text(one, &other), "{length} {at}");
                assert_ne!(hash_bytes(one), hash_bytes(&other), "{length} {at}");
            }
        }
    }

    #[test]
    fn hashes_spread_and_are_never_zero() {
        let hashes: std::collections::HashSet<u32> =
            (0..10_000).map(|number| hash_bytes(format!("key{number}").as_bytes())).collect();
        assert!(hashes.len() > 9_990);
        assert!(!hashes.contains(&0));
    }
}
