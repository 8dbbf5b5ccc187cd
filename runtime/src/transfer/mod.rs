//! Values from one process to another: one deep copy into a fresh graph that the receiver adopts, or the
//! very string or flat table, if nobody else has it ([`Gone`]).
//!
//! [`copy`] is how, [`gone`] what need not be copied.
//!
//! This file holds the runtime's only `unsafe impl Send`. A [`Graph`] owns a heap of its own; its values refer to
//! that heap, to statics, to strings made for it, or to what the sender had alone and has given away, so nobody
//! else can touch their counts. Whoever takes the graph apart (`into_values`) does so on the thread that runs the
//! receiving process, after the mailbox's or run queue's synchronisation.

mod copy;
mod gone;

use std::cell::OnceCell;

use self::copy::{Spent, copied, plain_copy};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::heap::counted::{Carried, LARGE};
use crate::heap::{Heap, small_strings};
pub use crate::process::payloads::Payloads;
use crate::value::Value;
pub use copy::Copier;
pub use gone::Gone;

/// Something that one thread at a time owns and touches, although its type cannot show it.
pub struct Exclusive<T>(T);

// SAFETY: `Exclusive` is private to two uses, each argued at its construction: message graphs
// (below), which share nothing with any process, and process bodies (`process/run`), which only the
// worker that set their slot RUNNING touches; both change hands through atomics with
// acquire/release ordering.
unsafe impl<T> Send for Exclusive<T> {}

impl<T> Exclusive<T> {
    /// # Safety
    /// Nothing outside `value` refers to the non-atomic state inside it.
    pub(crate) unsafe fn new(value: T) -> Self {
        Exclusive(value)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Values on their way from one process to another.
pub struct Graph(Exclusive<Parts>);

struct Parts {
    /// Dropped before the heap that holds their containers.
    values: Payloads,
    /// Absent where no value is a container.
    heap: OnceCell<Box<Heap>>,
    large: Carried,
}

impl Graph {
    /// Copies `values`, nils included, by the rules of `docs/process-contract.md` ("Copies").
    /// Shared references and cycles are preserved inside one value.
    pub fn copy(values: &[Value]) -> Graph {
        Self::copy_with(values, &mut Spent::default())
    }

    #[inline]
    fn copy_with(values: &[Value], spent: &mut Spent) -> Graph {
        let heap = OnceCell::new();
        let mut large = Carried::default();
        let copies = match values {
            [] => Payloads::None,
            [value] => Payloads::One(copied(&heap, &mut large, spent, value)),
            values => values.iter().map(|value| copied(&heap, &mut large, spent, value)).collect(),
        };
        // SAFETY: every container was made in `heap`, every string copied, so the parts are closed.
        Graph(unsafe { Exclusive::new(Parts { values: copies, heap, large }) })
    }

    /// As [`Graph::copy`], by a process that spends for it: what is huge holds up nobody.
    ///
    /// # Errors
    /// The process is being ended.
    #[inline(always)]
    pub fn copy_spending(cx: Cx, values: &[Value]) -> LuaResult<Graph> {
        match values {
            [] => return Ok(Graph::of(Payloads::None)),
            [value] => {
                if let Some(copy) = plain_copy(value) {
                    return Ok(Graph::of_plain(copy));
                }
            }
            _ => {}
        }
        Self::copy_all_spending(cx, values)
    }

    /// As [`Graph::copy_spending`]; what can go as it is goes, and nil stands in its place then.
    ///
    /// # Errors
    /// The process is being ended.
    pub fn take_spending(cx: Cx, values: &mut [Value]) -> LuaResult<Graph> {
        if let [value] = values
            && let Some(gone) = Gone::take(cx, value)
        {
            return Ok(Graph::of_gone(gone));
        }
        Self::copy_all_spending(cx, values)
    }

    /// One value that goes as it is.
    #[inline(always)]
    pub fn of_gone(gone: Gone) -> Graph {
        Graph::of_plain(gone.into_value())
    }

    /// A value that needs no heap.
    #[inline(always)]
    fn of_plain(value: Value) -> Graph {
        Graph::of(Payloads::One(value))
    }

    /// No value, or one that needs no heap.
    #[inline(always)]
    fn of(values: Payloads) -> Graph {
        let (heap, large) = (OnceCell::new(), Carried::default());
        // SAFETY: a plain value refers to nothing, or to a static; what has `Gone` is nobody else's.
        Graph(unsafe { Exclusive::new(Parts { values, heap, large }) })
    }

    #[inline(never)]
    fn copy_all_spending(cx: Cx, values: &[Value]) -> LuaResult<Graph> {
        let mut spent = Spent::of(cx);
        let graph = Self::copy_with(values, &mut spent);
        spent.stopped.map_or(Ok(graph), Err)
    }

    /// Values made from scratch; `build` allocates in the copier's heap only.
    pub(crate) fn build(build: impl FnOnce(&Copier<'_>) -> Vec<Value>) -> Graph {
        let heap = OnceCell::new();
        let values = Payloads::from_iter(build(&Copier::fresh(&heap)));
        // What they are made of is small, or not worth counting.
        let large = Carried::default();
        // SAFETY: the callers inside this crate make strings and tables of this heap only.
        Graph(unsafe { Exclusive::new(Parts { values, heap, large }) })
    }

    /// One number, for hosts and measurements.
    pub fn of_integer(number: i64) -> Graph {
        Self::build(|_| vec![Value::int(number)])
    }

    pub fn len(&mut self) -> usize {
        self.0.get_mut().values.len()
    }

    pub fn is_empty(&mut self) -> bool {
        self.len() == 0
    }

    /// What it takes, but for large strings.
    pub(crate) fn size(&mut self) -> usize {
        let Parts { values, heap, .. } = self.0.get_mut();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of sizes")]
        let containers = heap.get().map_or(0, |heap| heap.measure(LARGE).bytes() as usize);
        containers + small_strings(values.as_slice())
    }

    /// Hands the values to the process of `cx`, whose heap adopts the containers.
    #[inline(always)]
    pub fn into_values(self, cx: Cx) -> Payloads {
        let Parts { values, heap, large } = self.0.into_inner();
        // From here on they count for the receiver.
        drop(large);
        if let Some(heap) = heap.into_inner() {
            return Self::adopted(cx, heap, values);
        }
        if let Payloads::One(value) = &values
            && let Some(table) = value.as_table()
        {
            // It was taken out of the sender's heap.
            cx.heap().own(table);
        }
        values
    }

    #[inline(never)]
    fn adopted(cx: Cx, heap: Box<Heap>, values: Payloads) -> Payloads {
        cx.heap().adopt(&heap);
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::budget::BUDGET;
    use crate::table::Table;
    use crate::testing::with_cx;

    #[test]
    fn a_copy_is_paid_for() {
        with_cx(|cx| {
            let list = Table::new(cx);
            for number in 0..100 {
                let item = Table::new(cx);
                item.as_table().unwrap().push(Value::int(number));
                list.as_table().unwrap().push(item);
            }
            cx.set_budget(BUDGET);
            let mut graph = Graph::copy_spending(cx, std::slice::from_ref(&list)).unwrap();
            assert_eq!(graph.len(), 1);
            // 100 entries and themselves a table with one, and the list.
            assert_eq!(cx.budget(), BUDGET - 301);
        });
    }
}
