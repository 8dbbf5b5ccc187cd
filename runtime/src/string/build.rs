//! A string being put together in the memory it will live in.

use std::ptr::NonNull;

use super::{HEADER_SIZE, LuaStr, MAX_LENGTH, Sink};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::value::Value;

/// A growing text that becomes a string without another copy.
///
/// Where there is no memory for it, or it would be longer than a string can be, it is given up: it takes
/// no memory any more, ignores what is added, and raises when it is finished.
pub struct StrBuf {
    string: NonNull<LuaStr>,
    length: usize,
    room: usize,
    lost: Option<Lost>,
}

/// Why a text was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    NoMemory,
    TooLong,
}

impl StrBuf {
    pub fn with_capacity(room: usize) -> StrBuf {
        match LuaStr::try_allocate(room.min(MAX_LENGTH)) {
            Some(string) => StrBuf { string, length: 0, room: room.min(MAX_LENGTH), lost: None },
            None => StrBuf { string: LuaStr::allocate(0, 0), length: 0, room: 0, lost: Some(Lost::NoMemory) },
        }
    }

    /// A string of these bytes, which may be many.
    ///
    /// # Errors
    /// `not enough memory`.
    pub fn copy(cx: Cx, bytes: &[u8]) -> LuaResult {
        if bytes.len() < crate::heap::counted::LARGE {
            return Ok(Value::string(bytes));
        }
        cx.spend_bytes(bytes.len())?;
        let mut copy = Self::with_capacity(bytes.len());
        copy.extend_from_slice(bytes);
        copy.finish(cx)
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether it was given up: nothing that is added counts.
    pub fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    fn text(&self) -> *mut u8 {
        // SAFETY: the text follows the header in the same allocation.
        unsafe { self.string.as_ptr().cast::<u8>().add(HEADER_SIZE) }
    }

    /// Makes room for `more` bytes; false if there is none.
    #[inline]
    fn reserve(&mut self, more: usize) -> bool {
        more <= self.room - self.length || self.grow(more)
    }

    #[cold]
    fn grow(&mut self, more: usize) -> bool {
        if self.is_lost() {
            return false;
        }
        let Some(least) = self.length.checked_add(more).filter(|least| *least <= MAX_LENGTH) else {
            self.give_up(Lost::TooLong);
            return false;
        };
        // Twice as much, or at least some more than needed, so that texts of any length grow in few steps.
        let room = least.max(self.room * 2).clamp(32, MAX_LENGTH);
        if !self.resize(room) && !self.resize((least + least / 8).min(MAX_LENGTH)) {
            self.give_up(Lost::NoMemory);
            return false;
        }
        true
    }

    fn resize(&mut self, room: usize) -> bool {
        // SAFETY: ours alone, allocated with `self.room`.
        let Some(string) = (unsafe { LuaStr::try_resize(self.string, self.room, room) }) else {
            return false;
        };
        self.string = string;
        self.room = room;
        true
    }

    #[cold]
    fn give_up(&mut self, lost: Lost) {
        *self = StrBuf { string: LuaStr::allocate(0, 0), length: 0, room: 0, lost: Some(lost) };
    }

    /// Adds so many bytes that are all the same.
    pub fn fill(&mut self, byte: u8, count: usize) {
        if self.reserve(count) {
            // SAFETY: there is room behind what is written.
            unsafe { self.text().add(self.length).write_bytes(byte, count) };
            self.length += count;
        }
    }

    /// Adds what `write` puts into room for up to `count` bytes; how many it says.
    pub fn extend_with(&mut self, count: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        if self.reserve(count) {
            self.fill(0, count);
            self.length -= count;
            // SAFETY: just written, and nobody else's.
            let room = unsafe { std::slice::from_raw_parts_mut(self.text().add(self.length), count) };
            self.length += write(room).min(count);
        }
    }

    /// Adds these bytes as `change` makes them.
    pub fn extend_changed(&mut self, bytes: &[u8], change: impl FnOnce(&mut [u8])) {
        if self.reserve(bytes.len()) {
            self.extend_from_slice(bytes);
            // SAFETY: just written, and nobody else's.
            change(unsafe {
                let start = self.text().add(self.length - bytes.len());
                std::slice::from_raw_parts_mut(start, bytes.len())
            });
        }
    }

    /// The finished string.
    ///
    /// # Errors
    /// `not enough memory`, `resulting string too large`.
    pub fn finish(mut self, cx: Cx) -> LuaResult {
        match self.lost {
            Some(Lost::NoMemory) => return Err(cx.throw_no_memory()),
            Some(Lost::TooLong) => return Err(cx.throw_text("resulting string too large")),
            None => {}
        }
        if self.room != self.length {
            let length = self.length;
            // To shrink may take memory, too.
            if !self.resize(length) {
                return Err(cx.throw_no_memory());
            }
        }
        let mut this = std::mem::ManuallyDrop::new(self);
        let length = this.length;
        // SAFETY: ours alone and written up to its length, which is its room; the builder is gone.
        unsafe {
            this.string.as_mut().set_length(length);
            Ok(LuaStr::into_value(this.string))
        }
    }
}

impl Sink for StrBuf {
    #[inline]
    fn push(&mut self, byte: u8) {
        if self.reserve(1) {
            // SAFETY: there is room for one more byte.
            unsafe { self.text().add(self.length).write(byte) };
            self.length += 1;
        }
    }

    #[inline]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        if self.reserve(bytes.len()) {
            // SAFETY: there is room behind what is written, and the slice is not ours.
            unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.text().add(self.length), bytes.len());
            }
            self.length += bytes.len();
        }
    }
}

impl std::fmt::Write for StrBuf {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl Drop for StrBuf {
    fn drop(&mut self) {
        // SAFETY: ours alone, allocated with this room.
        unsafe { LuaStr::free(self.string, self.room) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    #[test]
    fn a_text_grows_and_becomes_a_string() {
        with_cx(|cx| {
            let mut text = StrBuf::with_capacity(3);
            for number in 0..1000u32 {
                text.extend_from_slice(number.to_string().as_bytes());
                text.push(b',');
            }
            text.fill(b'!', 3);
            let expected: String = (0..1000).map(|number| format!("{number},")).collect();
            let expected = expected + "!!!";
            assert_eq!(text.len(), expected.len());
            assert_eq!(text.finish(cx).unwrap().as_bytes(), Some(expected.as_bytes()));
            drop(StrBuf::with_capacity(10));
        });
    }

    #[test]
    fn a_text_that_gets_too_long_is_given_up() {
        with_cx(|cx| {
            let mut text = StrBuf::with_capacity(3);
            text.extend_from_slice(b"abcdef");
            text.fill(b'x', MAX_LENGTH);
            assert!(text.is_lost());
            text.extend_from_slice(b"more");
            let error = text.finish(cx).map_err(|thrown| cx.catch(thrown)).unwrap_err();
            assert_eq!(error.as_bytes(), Some(&b"resulting string too large"[..]));
        });
    }
}
