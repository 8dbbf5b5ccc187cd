//! What our synchronisation primitives are made of. The model tests compile the same files against
//! loom's versions of these.

pub use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};
pub use std::sync::{Mutex, MutexGuard};

/// A poisoned lock still holds consistent data here: every critical section is a few assignments.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
