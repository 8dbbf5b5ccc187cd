//! A string being put together in the memory it will live in.

use std::ptr::NonNull;

use super::{HEADER_SIZE, LuaStr, Sink};
use crate::value::Value;

/// A growing text that becomes a string without another copy.
pub struct StrBuf {
    string: NonNull<LuaStr>,
    length: usize,
    room: usize,
}

impl StrBuf {
    pub fn with_capacity(room: usize) -> StrBuf {
        StrBuf { string: LuaStr::allocate(room, 0), length: 0, room }
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn text(&self) -> *mut u8 {
        // SAFETY: the text follows the header in the same allocation.
        unsafe { self.string.as_ptr().cast::<u8>().add(HEADER_SIZE) }
    }

    #[inline]
    fn reserve(&mut self, more: usize) {
        if self.room - self.length < more {
            self.grow(more);
        }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let room = (self.length + more).max(self.room * 2).max(32);
        // SAFETY: ours alone, allocated with `self.room`.
        self.string = unsafe { LuaStr::resize(self.string, self.room, room, 0) };
        self.room = room;
    }

    /// The finished string.
    pub fn finish(self) -> Value {
        let this = std::mem::ManuallyDrop::new(self);
        // SAFETY: ours alone and written up to its length; the builder is gone.
        unsafe {
            let string = LuaStr::resize(this.string, this.room, this.length, this.length);
            LuaStr::into_value(string)
        }
    }
}

impl Sink for StrBuf {
    #[inline]
    fn push(&mut self, byte: u8) {
        self.reserve(1);
        // SAFETY: there is room for one more byte.
        unsafe { self.text().add(self.length).write(byte) };
        self.length += 1;
    }

    #[inline]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        // SAFETY: there is room behind what is written, and the slice is not ours.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.text().add(self.length), bytes.len());
        }
        self.length += bytes.len();
    }
}

impl Drop for StrBuf {
    fn drop(&mut self) {
        // SAFETY: ours alone; shrunk to nothing, its room is what an empty string uses.
        unsafe { LuaStr::destroy(LuaStr::resize(self.string, self.room, 0, 0)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_grows_and_becomes_a_string() {
        let mut text = StrBuf::with_capacity(3);
        for number in 0..1000u32 {
            text.extend_from_slice(number.to_string().as_bytes());
            text.push(b',');
        }
        let expected: String = (0..1000).map(|number| format!("{number},")).collect();
        assert_eq!(text.len(), expected.len());
        assert_eq!(text.finish().as_bytes(), Some(expected.as_bytes()));
        drop(StrBuf::with_capacity(10));
    }
}
