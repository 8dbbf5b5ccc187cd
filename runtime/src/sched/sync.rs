//! What our synchronisation primitives are made of. The model tests compile the same files against
//! loom's versions of these.
//!
//! The locks are parking_lot's: one byte instead of eight, cheaper where nobody competes, and visible
//! to ThreadSanitizer, which sees into crates but not into a standard library that was built without it.

use std::time::Instant;

pub use std::sync::Arc;
pub use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

pub use parking_lot::{Condvar, Mutex, MutexGuard};

pub use crate::allocator::room;

/// Gives the lock back until the variable is notified.
pub fn wait<'a, T>(variable: &Condvar, mut guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    variable.wait(&mut guard);
    guard
}

/// As [`wait`], or until that time; whether it has come.
pub fn wait_until<'a, T>(
    variable: &Condvar,
    mut guard: MutexGuard<'a, T>,
    time: Instant,
) -> (MutexGuard<'a, T>, bool) {
    let is_over = variable.wait_until(&mut guard, time).timed_out();
    (guard, is_over)
}

/// Waits a little for another thread.
pub fn pause() {
    std::thread::yield_now();
}

#[inline]
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock()
}
