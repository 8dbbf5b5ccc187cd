//! Cells whose contents are looked at where they are, without a count of who looks.

use std::cell::{Cell, UnsafeCell};

use crate::value::Value;

/// Works on what a cell holds, which is nowhere for that long: nothing inside `work` comes back to the
/// cell. For what is a word or two.
#[inline]
pub(crate) fn with<T: Default, R>(cell: &Cell<T>, work: impl FnOnce(&mut T) -> R) -> R {
    let mut held = cell.take();
    let result = work(&mut held);
    cell.set(held);
    result
}

/// A cell for what is too large to be moved out and back.
#[derive(Default)]
pub(crate) struct Place<T>(UnsafeCell<T>);

impl<T> Place<T> {
    pub const fn new(content: T) -> Place<T> {
        Place(UnsafeCell::new(content))
    }

    /// Works on the content in place.
    ///
    /// # Safety
    /// Nothing inside `work` comes back to this place. (Builds with assertions check it.)
    #[inline(always)]
    pub unsafe fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        #[cfg(debug_assertions)]
        let _guard = entered::Guard::enter(std::ptr::from_ref(self).addr());
        // SAFETY: a place belongs to one thread at a time, as it is not `Sync`, and by contract nobody
        // else has a reference to the content.
        work(unsafe { &mut *self.0.get() })
    }

    /// The content, for who has the place alone.
    #[inline]
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }

    /// Puts `value` in and takes out what was there.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        // SAFETY: moving comes back to nothing.
        unsafe { self.with(|content| std::mem::replace(content, value)) }
    }

    /// Drops the content after something else took its place.
    #[inline]
    pub fn clear(&self)
    where
        T: Default,
    {
        drop(self.replace(T::default()));
    }
}

/// Which places are being worked on, for builds with assertions.
#[cfg(debug_assertions)]
mod entered {
    use std::cell::RefCell;

    thread_local! {
        static ENTERED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    }

    pub struct Guard;

    impl Guard {
        pub fn enter(address: usize) -> Guard {
            ENTERED.with_borrow_mut(|entered| {
                assert!(!entered.contains(&address), "a place is worked on twice at once");
                entered.push(address);
            });
            Guard
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            ENTERED.with_borrow_mut(Vec::pop);
        }
    }
}

/// A value that something of ours holds until it is cleared.
#[derive(Default)]
pub struct Held(Place<Value>);

impl Held {
    pub const fn new(value: Value) -> Held {
        Held(Place::new(value))
    }

    #[inline]
    pub fn get(&self) -> Value {
        // SAFETY: cloning a value runs no other code.
        unsafe { self.0.with(|value| value.clone()) }
    }

    /// Puts another value in its place.
    pub fn replace(&self, value: Value) -> Value {
        self.0.replace(value)
    }

    /// Shows the value to `work`.
    #[inline]
    pub fn with<R>(&self, work: impl FnOnce(&Value) -> R) -> R {
        work(&self.get())
    }

    /// The value where it lies.
    ///
    /// # Safety
    /// Nothing is put in its place while the reference is used.
    #[inline(always)]
    pub unsafe fn peek(&self) -> &Value {
        // SAFETY: by contract.
        unsafe { &*self.0.0.get() }
    }

    pub fn clear(&self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "a place is worked on twice at once")]
    fn coming_back_to_a_place_is_noticed() {
        let place = Place::<u32>::default();
        // SAFETY: none: this is what the check is for; neither reference is used.
        unsafe { place.with(|_| place.with(|_| ())) }
    }

    #[test]
    fn what_is_held_is_seen_and_replaced() {
        let held = Held::new(Value::int(1));
        assert_eq!(held.replace(Value::int(2)).as_int(), Some(1));
        assert_eq!(held.with(Value::as_int), Some(2));
        held.clear();
        assert!(held.get().is_nil());
    }
}
