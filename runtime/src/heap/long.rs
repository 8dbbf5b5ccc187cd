//! Work that takes long and cannot be broken off: to free very many objects, or to look through them all.
//! Whoever runs processes on this thread wants to know before, so that others need not wait for it.

use std::cell::RefCell;

/// From so many objects on, work on them takes long: more than a millisecond.
pub const MANY: usize = 32 * 1024;

type Hook = Box<dyn Fn()>;

thread_local! {
    static AHEAD: RefCell<Option<Hook>> = const { RefCell::new(None) };
}

/// Says what is to be done on this thread before work that takes long.
pub fn set_hook(hook: impl Fn() + 'static) {
    AHEAD.with(|ahead| *ahead.borrow_mut() = Some(Box::new(hook)));
}

/// From now on nothing is to be done.
pub fn forget_hook() {
    AHEAD.with(|ahead| drop(ahead.take()));
}

/// Work that takes long is about to begin, or goes on.
#[cold]
pub(crate) fn ahead() {
    // A thread that ends has nobody who waits, and the hook itself does not come here.
    let _ = AHEAD.try_with(|ahead| {
        if let Ok(hook) = ahead.try_borrow()
            && let Some(hook) = hook.as_ref()
        {
            hook();
        }
    });
}
