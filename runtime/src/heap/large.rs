//! Large strings, counted as they are made and freed.
//!
//! A walk over a process's containers finds what they hold, but not a text that only a local
//! variable holds. Small ones do not matter; large ones are added up here, for the thread that
//! makes or frees them. Whoever cares (`process/meter`) sets the sum when a turn begins and reads
//! it when the turn ends; what another process does in between stands [`aside`].

use std::cell::Cell;

/// Strings of this many bytes and more are counted.
pub const LARGE: usize = 1024;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
}

/// The sum on this thread: what was made, less what was freed.
pub fn held() -> i64 {
    HELD.get()
}

pub fn set_held(bytes: i64) {
    HELD.set(bytes);
}

#[cold]
pub fn add(bytes: usize) {
    HELD.set(HELD.get().wrapping_add_unsigned(bytes as u64));
}

#[cold]
pub fn remove(bytes: usize) {
    HELD.set(HELD.get().wrapping_sub_unsigned(bytes as u64));
}

/// Begins a sum of its own, at 0, which ends when this is dropped.
#[inline]
pub fn aside() -> Aside {
    Aside(HELD.replace(0))
}

/// The sum that goes on when another one ends, by a panic too.
#[must_use]
pub struct Aside(i64);

impl Drop for Aside {
    fn drop(&mut self) {
        HELD.set(self.0);
    }
}

/// The large strings of a message on its way: they left the sum of the sender's thread, and enter
/// that of the thread where this is dropped, be it the receiver's or one that drops the message.
#[derive(Default)]
pub struct Carried(usize);

impl Carried {
    /// A large string was made for the message.
    #[cold]
    pub fn take(&mut self, bytes: usize) {
        remove(bytes);
        self.0 += bytes;
    }

    pub fn absorb(&mut self, mut other: Carried) {
        self.0 += std::mem::take(&mut other.0);
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        if self.0 != 0 {
            add(self.0);
        }
    }
}
