//! The cycle collector: finds containers that nothing outside of the suspects reaches, and frees
//! them.
//!
//! A value on the native stack, in a future or in another heap's hands is counted like any other, so
//! no roots need to be known: subtract from each suspect's count the references that suspects hold
//! among themselves, and what is left above zero is held from outside. Everything those hold is
//! reached; the rest is garbage.
//!
//! A young collection suspects the containers made since the last one, which are in front of the
//! ring; its survivors are old. A full one suspects all, and is the one that clears weak tables.
//!
//! A collection runs at an allocation. It frees memory and runs no Lua code.

use std::ptr::NonNull;

use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use super::object::{Container, flag, trace};
use super::{Heap, release_all};
use crate::table::{Table, Weakness};
use crate::value::{Tag, Value};

/// Looks at the containers that no collection has seen.
pub(super) fn young(heap: &Heap) {
    let suspects = suspects(heap, true);
    let survivors = suspects.len() - free_garbage(heap, &suspects, false);
    heap.set_old(heap.old.get() as usize + survivors);
}

/// Looks at all containers.
pub(super) fn full(heap: &Heap) {
    let suspects = suspects(heap, false);
    let survivors = suspects.len() - free_garbage(heap, &suspects, true);
    heap.set_old(survivors);
}

/// The containers to look at, marked as such.
fn suspects(heap: &Heap, only_young: bool) -> Vec<NonNull<Container>> {
    let mut suspects = Vec::new();
    let mut cursor = heap.first();
    while let Some(object) = cursor {
        // SAFETY: members of the ring are alive.
        let header = &unsafe { object.as_ref() }.header;
        if only_young && header.has(flag::OLD) {
            break;
        }
        header.set(flag::SUSPECT | flag::OLD);
        suspects.push(object);
        cursor = heap.after(object);
    }
    suspects
}

/// Frees the suspects that nothing else reaches; how many.
fn free_garbage(heap: &Heap, suspects: &[NonNull<Container>], is_full: bool) -> usize {
    let mut collection = Collection { outside: Vec::new(), weak: Vec::new(), waiting: None, is_full };
    let finalizable = heap.finalizing.get().map(|own| own.finalizable.borrow());
    // The list of the finalizable holds one reference to each, which keeps nobody alive.
    let holding = finalizable.as_ref().filter(|_| is_full).map_or(&[][..], |own| own);
    collection.count_outside(suspects, holding);
    collection.reach();
    let mut cleared = Vec::new();
    if is_full {
        collection.reach_ephemerons();
        cleared = collection.clear_weak(Weakness::has_values);
        drop(finalizable);
        collection.spare_finalizable(heap);
        cleared.extend(collection.clear_weak(|_| true));
    }
    let mut garbage = Vec::new();
    for object in suspects {
        // SAFETY: suspects are alive: what weak tables gave up is still held by `cleared`.
        let header = &unsafe { object.as_ref() }.header;
        if !header.has(flag::REACHED) {
            garbage.push(*object);
        }
        header.unset(flag::SUSPECT | flag::REACHED);
    }
    // SAFETY: all alive; whoever holds them is garbage too.
    unsafe { release_all(&garbage) };
    drop(cleared);
    garbage.len()
}

struct Collection {
    /// Reached, but not yet looked into.
    outside: Vec<NonNull<Container>>,
    /// Weak tables among the suspects.
    weak: Vec<(NonNull<Container>, Weakness)>,
    /// What is reached as soon as a key is, by the key; from when on tables with weak keys are looked into.
    waiting: Option<FxHashMap<NonNull<Container>, Vec<NonNull<Container>>>>,
    is_full: bool,
}

/// The suspect behind a value.
fn suspect(value: &Value) -> Option<NonNull<Container>> {
    if matches!(value.tag(), Tag::String) {
        return None;
    }
    let object = value.object()?.cast::<Container>();
    // SAFETY: the value holds a count, so the object is alive.
    unsafe { object.as_ref() }.header.has(flag::SUSPECT).then_some(object)
}

impl Collection {
    /// Finds the suspects that are held from outside of them.
    fn count_outside(&mut self, suspects: &[NonNull<Container>], holding: &[Value]) {
        // How many of a suspect's references other suspects hold, by its place in the list. The
        // place waits in `previous`, which is put back below.
        let mut inner: Vec<u32> = vec![0; suspects.len()];
        let neighbours: Vec<_> = suspects
            .iter()
            .enumerate()
            .map(|(place, object)| {
                // SAFETY: suspects are alive.
                let previous = unsafe { &object.as_ref().previous };
                previous.replace(NonNull::new(std::ptr::without_provenance_mut(place + 1)))
            })
            .collect();
        let mut count = |value: &Value| {
            if let Some(held) = suspect(value) {
                // SAFETY: suspects are alive.
                let place = unsafe { held.as_ref() }.previous.get().map_or(0, |place| place.addr().get());
                if let Some(count) = place.checked_sub(1).and_then(|place| inner.get_mut(place)) {
                    *count += 1;
                }
            }
        };
        holding.iter().for_each(&mut count);
        for object in suspects {
            // SAFETY: alive; counting changes no object.
            unsafe { trace(*object, &mut count) };
            if self.is_full
                && let Some(weakness) = weakness(*object)
            {
                self.weak.push((*object, weakness));
            }
        }
        for ((object, previous), inner) in suspects.iter().zip(neighbours).zip(inner) {
            // SAFETY: suspects are alive.
            let container = unsafe { object.as_ref() };
            container.previous.set(previous);
            if container.header.count() > inner {
                self.mark(*object);
            }
        }
    }

    fn mark(&mut self, object: NonNull<Container>) {
        // SAFETY: suspects are alive.
        let header = &unsafe { object.as_ref() }.header;
        if !header.has(flag::REACHED) {
            header.set(flag::REACHED);
            self.outside.push(object);
        }
    }

    /// Reaches everything that what was reached holds, weak references apart.
    fn reach(&mut self) {
        while let Some(object) = self.outside.pop() {
            let weakness = if self.is_full { weakness(object) } else { None };
            let mut found = Vec::new();
            let mut visit = |value: &Value| found.extend(suspect(value));
            match weakness {
                // SAFETY: alive; looking changes no object.
                None => unsafe { trace(object, &mut visit) },
                Some(weakness) => {
                    if let Some(table) = table(object) {
                        table.trace_strong(weakness, &mut visit);
                    }
                }
            }
            found.into_iter().for_each(|object| self.mark(object));
            let held = self.waiting.as_mut().and_then(|waiting| waiting.remove(&object));
            held.into_iter().flatten().for_each(|value| self.mark(value));
            if self.waiting.is_some() && weakness == Some(Weakness::Keys) {
                self.look_at_ephemerons(object);
            }
        }
    }

    /// In tables with weak keys, a value is held only if its key is. Each entry is looked at once: from then on
    /// it is its key that finds the value.
    fn reach_ephemerons(&mut self) {
        self.waiting = Some(FxHashMap::default());
        for (object, weakness) in self.weak.clone() {
            if weakness == Weakness::Keys && is_reached(object) {
                self.look_at_ephemerons(object);
            }
        }
        self.reach();
    }

    /// Reaches the values whose keys are reached; the others wait.
    fn look_at_ephemerons(&mut self, object: NonNull<Container>) {
        let mut held = Vec::new();
        let (Some(table), Some(waiting)) = (table(object), &mut self.waiting) else { return };
        table.visit_entries(&mut |key, value| {
            #[cfg(test)]
            tests::LOOKED_AT.set(tests::LOOKED_AT.get() + 1);
            let Some(value) = suspect(value).filter(|value| !is_reached(*value)) else { return };
            match suspect(key).filter(|key| !is_reached(*key)) {
                None => held.push(value),
                Some(key) => waiting.entry(key).or_default().push(value),
            }
        });
        held.into_iter().for_each(|object| self.mark(object));
    }

    /// Moves the finalizable that nothing reaches to those whose finalizers shall run, and reaches
    /// them and what they hold.
    fn spare_finalizable(&mut self, heap: &Heap) {
        let Some(own) = heap.finalizing.get() else { return };
        let mut finalizable = own.finalizable.borrow_mut();
        let is_doomed = |value: &Value| suspect(value).is_some_and(|object| !is_reached(object));
        let (doomed, kept) = std::mem::take(&mut *finalizable).into_iter().partition(is_doomed);
        *finalizable = kept;
        let doomed: ThinVec<Value> = doomed;
        doomed.iter().filter_map(suspect).for_each(|object| self.mark(object));
        self.reach();
        // The last to get a finalizer is the first to run it.
        heap.put_first(doomed);
    }

    /// Takes the entries whose key or value is about to be freed out of the weak tables that
    /// `is_meant` says so of.
    fn clear_weak(&self, is_meant: fn(Weakness) -> bool) -> Vec<(Value, Value)> {
        let mut cleared = Vec::new();
        for (object, weakness) in self.weak.iter().filter(|(_, weakness)| is_meant(*weakness)) {
            if let Some(table) = table(*object).filter(|_| is_reached(*object)) {
                let (keys, values) = (weakness.has_keys(), weakness.has_values());
                let dies = |value: &Value| suspect(value).is_some_and(|object| !is_reached(object));
                let mut is_gone = |key: &Value, value: &Value| (keys && dies(key)) || (values && dies(value));
                cleared.extend(table.remove_where(&mut is_gone));
            }
        }
        cleared
    }
}

fn is_reached(object: NonNull<Container>) -> bool {
    // SAFETY: suspects are alive.
    unsafe { object.as_ref() }.header.has(flag::REACHED)
}

fn table<'a>(object: NonNull<Container>) -> Option<&'a Table> {
    // SAFETY: suspects are alive for the whole collection, and the tag says the kind.
    unsafe { (object.as_ref().header.tag() == Tag::Table).then(|| object.cast::<Table>().as_ref()) }
}

fn weakness(object: NonNull<Container>) -> Option<Weakness> {
    table(object)?.weakness()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crate::table::Table;
    use crate::testing::with_cx;
    use crate::value::Value;

    thread_local! {
        /// How many entries of tables with weak keys were looked at.
        pub static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }

    /// A table with weak keys where each value is the next key: `links` of them, from the first one on.
    fn chain(cx: crate::cx::Cx, links: usize, is_backwards: bool) -> (Value, Value) {
        let ephemerons = Table::new(cx);
        let metatable = Table::new(cx);
        metatable.as_table().unwrap().set_text("__mode", "k".into());
        let table = ephemerons.as_table().unwrap();
        table.set_metatable(metatable);
        let keys: Vec<Value> = (0..=links).map(|_| Table::new(cx)).collect();
        for link in 0..links {
            let link = if is_backwards { links - 1 - link } else { link };
            table.set(keys[link].clone(), keys[link + 1].clone()).unwrap();
        }
        (ephemerons, keys[0].clone())
    }

    #[test]
    fn each_link_of_a_chain_of_ephemerons_is_looked_at_once() {
        for is_backwards in [false, true] {
            with_cx(|cx| {
                let (ephemerons, first) = chain(cx, 20_000, is_backwards);
                let table = ephemerons.as_table().unwrap();
                LOOKED_AT.set(0);
                cx.heap().collect();
                assert_eq!(table.entries().len(), 20_000);
                assert!(LOOKED_AT.get() <= 20_000, "looked at {} entries", LOOKED_AT.get());
                drop(first);
                LOOKED_AT.set(0);
                cx.heap().collect();
                assert_eq!(table.entries().len(), 0);
                assert!(LOOKED_AT.get() <= 20_000, "looked at {} entries", LOOKED_AT.get());
            });
        }
    }
}
