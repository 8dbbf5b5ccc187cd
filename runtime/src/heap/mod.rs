//! Heap objects of a process: counted, and the containers among them hung in one ring.
//!
//! Counts are plain numbers, because a process's values are touched by one thread at a time
//! (`transfer`). Containers (tables, closures, threads, userdata, cells) hang in their process's
//! ring, so that a dying process can free even its cycles and [`collect`] can find them while it
//! lives. The youngest are in front.

pub(crate) mod collect;
pub mod counted;
pub mod long;
mod measure;
mod object;

use std::cell::{Cell, OnceCell, RefCell};
use std::ptr::NonNull;

use thin_vec::ThinVec;

pub use measure::Tally;
pub(crate) use measure::small_strings;
pub(crate) use object::{Container, Gc, Header, Holder, flag};

use crate::value::{Tag, Value};

/// So many containers may be made before the young ones are looked at.
const YOUNG_LIMIT: u32 = 4096;
/// Below this many containers no full collection starts by itself.
const FULL_MINIMUM: u32 = 16 * 1024;

/// The ring of a process's containers, and when to collect.
pub struct Heap {
    /// A header that is no object; frozen while no collection starts by itself. Neighbours point to it, so
    /// a heap with containers stays where it is: it is part of a context or a message, which live in boxes.
    ring: Container,
    /// Containers to make before the young ones are looked at.
    young_budget: Cell<u32>,
    /// How often that many were made.
    epochs: Cell<u32>,
    /// Containers that survived a collection, some of which may have died since.
    old: Cell<u32>,
    /// A full collection starts when `old` reaches this.
    full_limit: Cell<u32>,
    /// What only a heap with finalizers has.
    finalizing: OnceCell<Box<Finalizing>>,
}

/// The finalizers of a heap: scripts alone have them.
#[derive(Default)]
struct Finalizing {
    /// Tables with finalizers, in the order they got them.
    finalizable: RefCell<ThinVec<Value>>,
    /// Tables whose finalizers shall run now, the first at the end.
    doomed: RefCell<ThinVec<Value>>,
    /// What to set to the highest number when finalizers wait, so that the program comes by.
    alarm: Cell<Option<NonNull<Cell<usize>>>>,
}

impl Default for Heap {
    fn default() -> Self {
        Heap::new()
    }
}

impl Heap {
    pub(crate) const fn new() -> Heap {
        Heap {
            // In no ring: its neighbours are itself as soon as there is one.
            ring: Container::new(Tag::Nil, 0),
            young_budget: Cell::new(YOUNG_LIMIT),
            epochs: Cell::new(0),
            old: Cell::new(0),
            full_limit: Cell::new(FULL_MINIMUM),
            finalizing: OnceCell::new(),
        }
    }

    /// Links a fresh object, of which the caller holds the only reference, into the ring, and turns
    /// that reference into a value.
    ///
    /// # Safety
    /// `object` starts with a [`Container`] with this tag that is in no ring and has the count 1.
    #[inline]
    pub(crate) unsafe fn admit(&self, tag: Tag, object: NonNull<Container>) -> Value {
        // SAFETY: by contract.
        unsafe { self.link(object) };
        Value::from_object(tag, object.cast())
    }

    /// As [`Heap::admit`], of an object that shows nothing of what it holds. No cycle goes through it, so it is
    /// never young: it hangs behind all others.
    ///
    /// # Safety
    /// As there.
    #[inline]
    pub(crate) unsafe fn admit_closed(&self, tag: Tag, object: NonNull<Container>) -> Value {
        self.note_made();
        let own = NonNull::from(&self.ring);
        let previous = self.ring.previous.get().unwrap_or(own);
        // SAFETY: fresh by contract; `previous` is in the ring, so it is alive (or the ring itself).
        unsafe {
            let container = object.as_ref();
            container.header.set(flag::OLD);
            container.previous.set(Some(previous));
            container.next.set(Some(own));
            previous.as_ref().next.set(Some(object));
            self.ring.previous.set(Some(object));
        }
        Value::from_object(tag, object.cast())
    }

    /// A container is made.
    #[inline(always)]
    fn note_made(&self) {
        let budget = self.young_budget.get() - 1;
        self.young_budget.set(budget);
        if budget == 0 {
            self.collect_if_due();
        }
    }

    /// Links a container into the ring, as its youngest.
    ///
    /// # Safety
    /// It is alive and in no ring.
    #[inline(always)]
    unsafe fn link(&self, object: NonNull<Container>) {
        self.note_made();
        let own = NonNull::from(&self.ring);
        let next = self.ring.next.get().unwrap_or(own);
        // SAFETY: fresh by contract; `next` is in the ring, so it is alive (or the ring itself).
        unsafe {
            let container = object.as_ref();
            container.previous.set(Some(own));
            container.next.set(Some(next));
            self.ring.next.set(Some(object));
            next.as_ref().previous.set(Some(object));
        }
    }

    /// Moves `body` to the heap and returns the only reference.
    pub(crate) fn allocate<T: Holder>(&self, tag: Tag, body: T) -> Value {
        let object = NonNull::from(Box::leak(Box::new(body))).cast::<Container>();
        // SAFETY: just created; the kinds made here are given back through `Box` as well.
        unsafe { self.admit(tag, object) }
    }

    #[cold]
    fn collect_if_due(&self) {
        self.young_budget.set(YOUNG_LIMIT);
        self.epochs.set(self.epochs.get().wrapping_add(1));
        if !self.is_automatic() {
            return;
        }
        collect::young(self);
        if self.old.get() >= self.full_limit.get() {
            self.collect();
        }
    }

    /// Frees all cyclic garbage. Tables with finalizers that only garbage holds are kept until those
    /// have run.
    pub fn collect(&self) {
        if self.is_large() {
            long::ahead();
        }
        collect::full(self);
        self.full_limit.set(self.old.get().saturating_mul(2).max(FULL_MINIMUM));
        if self.finalizing.get().is_some_and(|own| !own.doomed.borrow().is_empty()) {
            self.raise_alarm();
        }
    }

    fn finalizing(&self) -> &Finalizing {
        self.finalizing.get_or_init(Box::default)
    }

    /// More containers survived a collection.
    fn set_old(&self, old: usize) {
        self.old.set(u32::try_from(old).unwrap_or(u32::MAX));
    }

    /// From now on a table's finalizer shall run before it is freed.
    pub(crate) fn add_finalizable(&self, table: Value) {
        self.finalizing().finalizable.borrow_mut().push(table);
    }

    /// The next table whose finalizer shall run.
    pub(crate) fn take_doomed(&self) -> Option<Value> {
        self.finalizing.get()?.doomed.borrow_mut().pop()
    }

    /// Every finalizer shall run: the program ends.
    pub(crate) fn doom_all(&self) {
        if let Some(own) = self.finalizing.get() {
            self.put_first(own.finalizable.take());
        }
    }

    /// Puts tables before those whose finalizers wait already.
    fn put_first(&self, mut tables: ThinVec<Value>) {
        let mut doomed = self.finalizing().doomed.borrow_mut();
        tables.append(&mut doomed);
        *doomed = tables;
    }

    /// # Safety
    /// The cell outlives the heap.
    pub(crate) unsafe fn set_alarm(&self, alarm: NonNull<Cell<usize>>) {
        self.finalizing().alarm.set(Some(alarm));
    }

    fn raise_alarm(&self) {
        if let Some(alarm) = self.finalizing.get().and_then(|own| own.alarm.get()) {
            // SAFETY: it outlives the heap.
            unsafe { alarm.as_ref() }.set(usize::MAX);
        }
    }

    /// Whether there are so many containers that it takes long to free them all.
    #[inline]
    pub(crate) fn is_large(&self) -> bool {
        self.old.get() as usize >= long::MANY
    }

    /// How many containers were made so far, wrapping around; those of messages count too.
    pub fn made(&self) -> u64 {
        u64::from(self.epochs.get()) * u64::from(YOUNG_LIMIT)
            + u64::from(YOUNG_LIMIT - self.young_budget.get())
    }

    /// Whether collections start by themselves.
    pub fn is_automatic(&self) -> bool {
        !self.ring.header.has(flag::FROZEN)
    }

    pub fn set_automatic(&self, is_automatic: bool) {
        if is_automatic {
            self.ring.header.unset(flag::FROZEN);
        } else {
            self.ring.header.set(flag::FROZEN);
        }
    }

    /// Lets go of a container that nobody else refers to: it is in no ring then.
    #[inline]
    pub(crate) fn disown<T: Holder>(&self, object: &T) {
        // SAFETY: every holder starts with a container.
        let container = unsafe { NonNull::from(object).cast::<Container>().as_ref() };
        container.unlink();
        container.header.unset(flag::OLD);
    }

    /// Takes over a container that another heap let go of.
    #[inline]
    pub(crate) fn own<T: Holder>(&self, object: &T) {
        let object = NonNull::from(object).cast::<Container>();
        // SAFETY: every holder starts with a container.
        if unsafe { object.as_ref() }.next.get().is_none() {
            // SAFETY: as above; it is in no ring.
            unsafe { self.link(object) };
        }
    }

    /// Takes over every container of `other`: a message's graph becomes the receiver's.
    pub fn adopt(&self, other: &Heap) {
        let theirs = NonNull::from(&other.ring);
        let (Some(first), Some(last)) = (other.ring.next.get(), other.ring.previous.get()) else { return };
        if first == theirs {
            return;
        }
        let own = NonNull::from(&self.ring);
        let next = self.ring.next.get().unwrap_or(own);
        // SAFETY: all of them are alive members of the two rings.
        unsafe {
            self.ring.next.set(Some(first));
            first.as_ref().previous.set(Some(own));
            last.as_ref().next.set(Some(next));
            next.as_ref().previous.set(Some(last));
        }
        other.ring.next.set(None);
        other.ring.previous.set(None);
        let made = YOUNG_LIMIT - other.young_budget.get();
        self.young_budget.set(self.young_budget.get().saturating_sub(made).max(1));
        if other.old.take() > 0 {
            self.forget_ages(first, last);
        }
    }

    /// Makes the containers from `first` to `last` young again.
    #[cold]
    fn forget_ages(&self, first: NonNull<Container>, last: NonNull<Container>) {
        let mut cursor = Some(first);
        while let Some(object) = cursor {
            // SAFETY: members of the ring are alive.
            unsafe { object.as_ref() }.header.unset(flag::OLD);
            cursor = self.after(object).filter(|_| object != last);
        }
    }

    /// Whether no container is left.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// The youngest container.
    #[inline]
    fn first(&self) -> Option<NonNull<Container>> {
        self.after(NonNull::from(&self.ring))
    }

    /// The next older container.
    #[inline]
    fn after(&self, object: NonNull<Container>) -> Option<NonNull<Container>> {
        // SAFETY: members of the ring are alive, and so is the ring's own header.
        let next = unsafe { object.as_ref() }.next.get();
        next.filter(|next| *next != NonNull::from(&self.ring))
    }

    /// How many containers are alive.
    pub fn count(&self) -> usize {
        let mut count = 0;
        let mut cursor = self.first();
        while let Some(object) = cursor {
            count += 1;
            cursor = self.after(object);
        }
        count
    }

    /// Whether there ever was a finalizer.
    #[inline]
    pub(crate) fn has_finalizers(&self) -> bool {
        self.finalizing.get().is_some()
    }

    /// Frees every container left, cycles included. Finalizers do not run.
    #[inline]
    pub fn clear(&self) {
        if self.has_finalizers() || !self.is_empty() {
            self.clear_all();
        }
    }

    fn clear_all(&self) {
        if let Some(own) = self.finalizing.get() {
            drop((own.finalizable.take(), own.doomed.take()));
        }
        let mut pinned = smallvec::SmallVec::<[NonNull<Container>; 16]>::new();
        let mut cursor = self.first();
        while let Some(object) = cursor {
            pinned.push(object);
            cursor = self.after(object);
        }
        // SAFETY: all of them are alive members of the ring.
        unsafe { release_all(&pinned) };
    }
}

/// Pins the objects, empties them all, and lets go: what only they held is freed, themselves too.
///
/// # Safety
/// All of them are alive.
unsafe fn release_all(objects: &[NonNull<Container>]) {
    // SAFETY: alive by contract, then pinned; each pin is given up once.
    unsafe {
        for object in objects {
            Header::retain(object.cast());
        }
        for object in objects {
            object::clear(*object);
        }
        for object in objects {
            Header::release(object.cast());
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests;
