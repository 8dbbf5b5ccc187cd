//! The way from a process to the system it lives in.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::Arc;

use crate::process::system::System;

/// The system that a process lives in. Not counted: the process is in one of the system's places, or held
/// by a thread that holds the system.
pub struct Home(ManuallyDrop<Arc<System>>);

impl Home {
    pub(super) fn of(system: &Arc<System>) -> Home {
        // SAFETY: a second handle that is never dropped, and goes before the one it was made of.
        Home(ManuallyDrop::new(unsafe { std::ptr::read(system) }))
    }
}

impl Deref for Home {
    type Target = Arc<System>;

    fn deref(&self) -> &Arc<System> {
        &self.0
    }
}
