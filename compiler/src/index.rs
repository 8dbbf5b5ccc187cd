//! Typed ids and the vectors they index: an id of one kind cannot be used where another is meant.

use std::fmt;
use std::marker::PhantomData;

/// A small number that names one element of an [`IdVec`].
pub trait Id: Copy + Eq + Ord + fmt::Debug {
    fn from_index(index: usize) -> Self;
    fn index(self) -> usize;
}

/// Declares id types: `ids! { /// docs pub struct LocalId = "local"; }`. The text prefixes the
/// printed form, so that `LocalId(3)` reads `local3`.
#[macro_export]
macro_rules! ids {
    ($($(#[$meta:meta])* pub struct $name:ident = $prefix:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $crate::index::Id for $name {
            fn from_index(index: usize) -> Self {
                // A source file is far smaller than u32::MAX nodes; saturate rather than panic.
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    )*};
}

/// A vector that grows by `push` and is read by the ids that `push` gave out.
#[derive(Clone)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    ids: PhantomData<fn(I)>,
}

impl<I: Id, T> IdVec<I, T> {
    pub fn new() -> Self {
        Self { items: Vec::new(), ids: PhantomData }
    }

    pub fn push(&mut self, item: T) -> I {
        let id = I::from_index(self.items.len());
        self.items.push(item);
        id
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(index, item)| (I::from_index(index), item))
    }

    /// The elements, in the order of their ids.
    pub fn into_values(self) -> Vec<T> {
        self.items
    }

    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::from_index)
    }
}

impl<I: Id, T: Clone> IdVec<I, T> {
    /// A side table: one `value` for every id of a vector of `len` elements.
    pub fn filled(value: T, len: usize) -> Self {
        Self { items: vec![value; len], ids: PhantomData }
    }
}

impl<I: Id, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

#[expect(clippy::indexing_slicing, reason = "ids come from this vector's own push")]
impl<I: Id, T> std::ops::Index<I> for IdVec<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

#[expect(clippy::indexing_slicing, reason = "ids come from this vector's own push")]
impl<I: Id, T> std::ops::IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for IdVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    ids! {
        /// For the test.
        pub struct ThingId = "thing";
    }

    #[test]
    fn ids_name_what_push_stored_and_print_with_their_prefix() {
        let mut things: IdVec<ThingId, &str> = IdVec::new();
        let first = things.push("a");
        let second = things.push("b");
        assert_eq!((things[first], things[second]), ("a", "b"));
        assert_eq!(format!("{second:?}"), "thing1");
        assert_eq!(format!("{things:?}"), r#"{thing0: "a", thing1: "b"}"#);
    }
}
