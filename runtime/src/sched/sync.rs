//! What our synchronisation primitives are made of. The model tests compile the same files against
//! loom's versions of these.
//!
//! The locks are parking_lot's: one byte instead of eight, cheaper where nobody competes, and visible
//! to ThreadSanitizer, which sees into crates but not into a standard library that was built without it.

pub use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

pub use parking_lot::{Condvar, Mutex, MutexGuard};

#[inline]
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock()
}
