//! Heap objects of a process: counted, and the containers among them hung in one list.
//!
//! Every object starts with an [`Object`] header. Counts are plain numbers, because a process's
//! values are touched by one thread at a time (`transfer`). Containers (tables, closures, threads,
//! userdata, cells) hang in their process's list, so that a dying process can free even its cycles
//! and a collector can find them. Freeing is iterative: a list of a million nodes frees in a loop.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::value::{Tag, Value};

/// The start of every heap object.
#[repr(C)]
pub struct Object {
    count: Cell<u32>,
    tag: Tag,
    /// Neighbours in the process's list; both dangling-free `None` while in no list.
    previous: Cell<Option<NonNull<Object>>>,
    next: Cell<Option<NonNull<Object>>>,
}

/// A type whose first field is an [`Object`] header with tag `TAG`.
///
/// # Safety
/// The type is `#[repr(C)]`, its first field is the header, and it is only ever created by
/// [`allocate`] or [`Heap::allocate`].
pub unsafe trait Gc: Sized {
    const TAG: Tag;
    /// Drops every value this object holds, leaving it empty but valid.
    fn clear(&self);
}

impl Object {
    pub(crate) fn header(tag: Tag) -> Object {
        Object { count: Cell::new(1), tag, previous: Cell::new(None), next: Cell::new(None) }
    }

    /// # Safety
    /// `object` is alive.
    #[inline]
    pub(crate) unsafe fn retain(object: NonNull<Object>) {
        // SAFETY: alive by contract.
        let count = unsafe { &object.as_ref().count };
        match count.get().checked_add(1) {
            Some(more) => count.set(more),
            // 4 billion references to one object need 64 GiB of values: give up rather than free it.
            None => std::process::abort(),
        }
    }

    /// # Safety
    /// `object` is alive and the caller owns one count of it, which ends here.
    #[inline]
    pub(crate) unsafe fn release(object: NonNull<Object>) {
        // SAFETY: alive by contract.
        let count = unsafe { &object.as_ref().count };
        let rest = count.get() - 1;
        count.set(rest);
        if rest == 0 {
            // SAFETY: nobody else holds it.
            unsafe { free(object) };
        }
    }
}

thread_local! {
    /// Objects whose count fell to zero while another is being freed on this thread; chained by
    /// `next`. `Some(None)` means: freeing, nothing waits.
    static DOOMED: Cell<Option<Option<NonNull<Object>>>> = const { Cell::new(None) };
}

/// Frees an object and everything only it held, in a loop rather than by recursion.
///
/// # Safety
/// The object's count is zero and nobody refers to it.
#[cold]
unsafe fn free(object: NonNull<Object>) {
    // SAFETY: alive until we destroy it below.
    let header = unsafe { object.as_ref() };
    if header.tag == Tag::String {
        // A string holds no values, so it cannot recurse.
        // SAFETY: its count is zero.
        unsafe { crate::string::LuaStr::destroy(object.cast()) };
        return;
    }
    unlink(header);
    if let Some(waiting) = DOOMED.get() {
        header.next.set(waiting);
        DOOMED.set(Some(Some(object)));
        return;
    }
    DOOMED.set(Some(None));
    let mut current = Some(object);
    while let Some(doomed) = current {
        // SAFETY: `doomed` came from `free`, so nobody refers to it; `next` was read before.
        unsafe { destroy(doomed) };
        current = DOOMED.get().flatten();
        if let Some(next) = current {
            // SAFETY: it waits in the chain, so it has not been destroyed yet.
            let rest = unsafe { next.as_ref() }.next.take();
            DOOMED.set(Some(rest));
        }
    }
    DOOMED.set(None);
}

/// # Safety
/// The object's count is zero, nobody refers to it, and it is no string.
unsafe fn destroy(object: NonNull<Object>) {
    use crate::{function, table, userdata};
    // SAFETY: the tag says which type the allocation was made with (`Gc`'s contract).
    unsafe {
        match object.as_ref().tag {
            Tag::Table => drop(Box::from_raw(object.cast::<table::Table>().as_ptr())),
            Tag::Closure => drop(Box::from_raw(object.cast::<function::Closure>().as_ptr())),
            Tag::UserData | Tag::Thread => {
                drop(Box::from_raw(object.cast::<userdata::UserDataBox>().as_ptr()));
            }
            Tag::Cell => drop(Box::from_raw(object.cast::<function::CellBox>().as_ptr())),
            _ => debug_assert!(false, "no heap object has this tag"),
        }
    }
}

fn unlink(header: &Object) {
    if let (Some(previous), Some(next)) = (header.previous.take(), header.next.take()) {
        // SAFETY: neighbours in a heap's ring are alive: an object leaves the ring before it dies.
        unsafe {
            previous.as_ref().next.set(Some(next));
            next.as_ref().previous.set(Some(previous));
        }
    }
}

/// The ring of a process's containers.
pub struct Heap {
    /// A header that is no object, boxed so that neighbours can point to it.
    ring: Box<Object>,
}

impl Default for Heap {
    fn default() -> Self {
        let ring = Box::new(Object::header(Tag::Nil));
        let own = NonNull::from(&*ring);
        ring.previous.set(Some(own));
        ring.next.set(Some(own));
        Heap { ring }
    }
}

impl Heap {
    /// Moves `body` to the heap, links it into the ring and returns the only reference.
    pub fn allocate<T: Gc>(&self, body: T) -> Value {
        self.allocate_tagged(T::TAG, body)
    }

    /// As [`Heap::allocate`] for a type that serves two tags; the header of `body` has this one.
    pub fn allocate_tagged<T: Gc>(&self, tag: Tag, body: T) -> Value {
        let object = NonNull::from(Box::leak(Box::new(body))).cast::<Object>();
        // SAFETY: just created.
        self.link(unsafe { object.as_ref() });
        Value::from_object(tag, object)
    }

    fn link(&self, header: &Object) {
        let own = NonNull::from(&*self.ring);
        let next = self.ring.next.get().unwrap_or(own);
        header.previous.set(Some(own));
        header.next.set(Some(next));
        self.ring.next.set(Some(NonNull::from(header)));
        // SAFETY: `next` is in the ring, so it is alive (or the ring itself).
        unsafe { next.as_ref() }.previous.set(Some(NonNull::from(header)));
    }

    /// Takes over every container of `other`: a message's graph becomes the receiver's.
    pub fn adopt(&self, other: &Heap) {
        let theirs = NonNull::from(&*other.ring);
        let (Some(first), Some(last)) = (other.ring.next.get(), other.ring.previous.get()) else { return };
        if first == theirs {
            return;
        }
        let own = NonNull::from(&*self.ring);
        let next = self.ring.next.get().unwrap_or(own);
        // SAFETY: all of them are alive members of the two rings.
        unsafe {
            self.ring.next.set(Some(first));
            first.as_ref().previous.set(Some(own));
            last.as_ref().next.set(Some(next));
            next.as_ref().previous.set(Some(last));
        }
        other.ring.next.set(Some(theirs));
        other.ring.previous.set(Some(theirs));
    }

    /// Whether no container is left.
    pub fn is_empty(&self) -> bool {
        self.ring.next.get() == Some(NonNull::from(&*self.ring))
    }

    /// Frees every container left, cycles included: pins them all, empties them all, lets go.
    pub fn clear(&self) {
        let own = NonNull::from(&*self.ring);
        let mut pinned = Vec::new();
        let mut cursor = self.ring.next.get();
        while let Some(object) = cursor.filter(|object| *object != own) {
            // SAFETY: members of the ring are alive.
            unsafe { Object::retain(object) };
            pinned.push(object);
            // SAFETY: as above.
            cursor = unsafe { object.as_ref() }.next.get();
        }
        for object in &pinned {
            clear_object(*object);
        }
        for object in pinned {
            // SAFETY: the pin is ours.
            unsafe { Object::release(object) };
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.clear();
    }
}

fn clear_object(object: NonNull<Object>) {
    use crate::{function, table, userdata};
    // SAFETY: pinned by the caller; the tag says the type.
    unsafe {
        match object.as_ref().tag {
            Tag::Table => object.cast::<table::Table>().as_ref().clear(),
            Tag::Closure => object.cast::<function::Closure>().as_ref().clear(),
            Tag::UserData | Tag::Thread => object.cast::<userdata::UserDataBox>().as_ref().clear(),
            Tag::Cell => object.cast::<function::CellBox>().as_ref().clear(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::function::{Closure, Shared};
    use crate::table::Table;
    use crate::testing::with_cx;
    use crate::value::Value;

    #[test]
    fn a_value_is_two_words_and_results_stay_in_registers() {
        assert_eq!(size_of::<Value>(), 16);
        assert_eq!(size_of::<crate::error::LuaResult>(), 16);
        assert_eq!(size_of::<Option<Value>>(), 16);
    }

    #[test]
    fn a_list_of_a_million_tables_frees_without_recursion() {
        with_cx(|cx| {
            let mut list = Value::NIL;
            for _ in 0..1_000_000 {
                let node = Table::new(cx);
                node.as_table().unwrap().push(list);
                list = node;
            }
            drop(list);
            assert!(cx.heap().is_empty());
        });
    }

    #[test]
    fn clearing_the_heap_frees_cycles() {
        static DEF: crate::function::FunctionDef = crate::function::FunctionDef {
            name: "f",
            chunk: "test",
            line: 1,
            entry: crate::function::Entry::Plain(|cx, _, _| Ok(crate::results::Multi::none(cx))),
        };
        with_cx(|cx| {
            let table = Table::new(cx);
            table.as_table().unwrap().push(table.clone());
            let shared = Shared::new(cx, Value::NIL);
            shared.set(Closure::new(cx, &DEF, [shared.capture(), table]));
            drop(shared);
            assert!(!cx.heap().is_empty());
            cx.heap().clear();
            assert!(cx.heap().is_empty());
        });
    }

    #[test]
    fn a_graph_carries_cycles_and_shared_tables_to_another_heap() {
        let graph = with_cx(|cx| {
            let (outer, inner) = (Table::new(cx), Table::new(cx));
            let table = outer.as_table().unwrap();
            table.push(inner.clone());
            table.push(inner.clone());
            inner.as_table().unwrap().set_text("up", outer.clone());
            inner.as_table().unwrap().set_text("gone", Value::function(&DEF));
            crate::transfer::Graph::copy(&[Value::NIL, outer.clone()])
        });
        static DEF: crate::function::FunctionDef = crate::function::FunctionDef {
            name: "f",
            chunk: "test",
            line: 1,
            entry: crate::function::Entry::Plain(|cx, _, _| Ok(crate::results::Multi::none(cx))),
        };
        with_cx(|cx| {
            let values = graph.into_values(cx);
            assert!(values[0].is_nil());
            let outer = values[1].as_table().unwrap();
            let inner = outer.get_int(1);
            assert!(inner.is_identical(&outer.get_int(2)));
            assert!(inner.as_table().unwrap().get_text("up").is_identical(&values[1]));
            assert!(inner.as_table().unwrap().get_text("gone").is_nil());
        });
    }
}
