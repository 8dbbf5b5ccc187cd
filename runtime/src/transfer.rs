//! Values from one process to another: one deep copy into a fresh graph that the receiver adopts, or the
//! very string or flat table, if nobody else has it ([`Gone`]).
//!
//! This file holds the runtime's only `unsafe impl Send`. A [`Graph`] owns a heap of its own; its
//! values refer to that heap, to statics, to strings made for it, or to what the sender had alone and
//! has given away, so nobody else can touch their counts. Whoever takes the graph apart (`into_values`) does so on the thread that runs the
//! receiving process, after the mailbox's or run queue's synchronisation.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::heap::counted::{Carried, LARGE};
use crate::heap::{Heap, small_strings};
pub use crate::process::payloads::Payloads;
use crate::string::LuaStr;
use crate::table::Table;
use crate::userdata::UserDataBox;
use crate::value::{Tag, Value};

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
        Graph::of_plain(gone.0)
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
        let mut spent = Spent { cx: Some(cx), stopped: None };
        let graph = Self::copy_with(values, &mut spent);
        spent.stopped.map_or(Ok(graph), Err)
    }

    /// Values made from scratch; `build` allocates in the copier's heap only.
    pub(crate) fn build(build: impl FnOnce(&Copier<'_>) -> Vec<Value>) -> Graph {
        let heap = OnceCell::new();
        let values = Payloads::from_iter(build(&Copier::into(Into::Fresh(&heap))));
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

/// A copy of one value, in the heap if it needs one.
#[inline]
fn copied(heap: &OnceCell<Box<Heap>>, large: &mut Carried, spent: &mut Spent, value: &Value) -> Value {
    plain_copy(value).unwrap_or_else(|| copied_deeply(heap, large, spent, value))
}

/// The copy of a value that needs no heap: itself, or nil in place of what has no copy.
#[inline(always)]
fn plain_copy(value: &Value) -> Option<Value> {
    match value.tag() {
        Tag::Nil | Tag::Boolean | Tag::Integer | Tag::Float | Tag::StaticString | Tag::Module => {
            // They own nothing, so this copies two words.
            Some(value.duplicate())
        }
        Tag::StaticFunction | Tag::Closure | Tag::Thread | Tag::Facet | Tag::Cell => Some(Value::NIL),
        Tag::String | Tag::Table | Tag::UserData => None,
    }
}

#[inline(never)]
fn copied_deeply(heap: &OnceCell<Box<Heap>>, large: &mut Carried, spent: &mut Spent, value: &Value) -> Value {
    if let Some(table) = value.as_table().filter(|table| is_flat(table)) {
        return copied_flatly(heap.get_or_init(Box::default), table, spent);
    }
    let mut copier = Copier::into(Into::Fresh(heap));
    copier.spent = std::mem::take(spent);
    let copy = copier.copy(value);
    large.absorb(copier.large);
    *spent = copier.spent;
    copy
}

/// Whether the table holds nothing that needs more than a look to be copied: most messages are like that.
fn is_flat(table: &Table) -> bool {
    let is_plain = |value: &Value| match value.tag() {
        Tag::Table | Tag::UserData => false,
        Tag::String => value.as_lua_str().is_some_and(|string| string.room() < LARGE),
        _ => true,
    };
    !table.is_dictionary()
        && !table.has_metatable()
        && table.array_part().iter().all(is_plain)
        && table.slot_part().iter().all(is_plain)
}

/// A value that is on its way to another process as it was: it refers to nothing, or to what nobody else
/// has and what is in no heap's ring.
pub struct Gone(Value);

impl Gone {
    /// Takes the value out of its process, if it can go without being copied: a plain one, or a string or a
    /// flat table that nobody else has.
    #[inline(always)]
    pub fn take(cx: Cx, value: &mut Value) -> Option<Gone> {
        match plain_copy(value) {
            Some(copy) => Some(Gone(copy)),
            None if value.is_unshared() => Self::uproot(cx, value),
            None => None,
        }
    }

    #[inline(never)]
    fn uproot(cx: Cx, value: &mut Value) -> Option<Gone> {
        match (value.as_table(), value.as_lua_str()) {
            (Some(table), _) if leaves(table) => {
                // A process that is being ended is told so by the copy that is tried next.
                cx.spend_many(1 + table.array_part().len() + table.slot_part().len()).ok()?;
                cx.heap().disown(table);
            }
            (_, Some(string)) if string.room() < LARGE => {}
            _ => return None,
        }
        Some(Gone(std::mem::take(value)))
    }
}

/// Whether a table that nobody else has can leave its process as it is. A string in it that others have,
/// too, is replaced by a copy.
#[inline(always)]
fn leaves(table: &Table) -> bool {
    let mut shares = false;
    let mut stays_itself = |value: &Value| match value.tag() {
        Tag::String => value.as_lua_str().is_some_and(|string| {
            shares |= string.count() > 1;
            string.room() < LARGE
        }),
        tag => tag < Tag::StaticFunction || tag == Tag::Module,
    };
    let leaves = !table.is_dictionary()
        && !table.has_metatable()
        && !table.is_frozen()
        && table.array_part().iter().all(&mut stays_itself)
        && table.slot_part().iter().all(&mut stays_itself);
    if leaves && shares {
        stop_sharing(table);
    }
    leaves
}

#[cold]
fn stop_sharing(table: &Table) {
    let own = |value: &Value| {
        let shared = value.as_lua_str().filter(|string| string.count() > 1)?;
        Some(LuaStr::with_identity(shared.bytes(), shared.identity().unwrap_or(0)))
    };
    // SAFETY: copying a string comes back to no table.
    unsafe { table.replace_all(own) };
}

/// The copy of a flat table.
fn copied_flatly(heap: &Heap, from: &Table, spent: &mut Spent) -> Value {
    let copied = |value: &Value| match value.as_lua_str() {
        Some(string) => LuaStr::with_identity(string.bytes(), string.identity().unwrap_or(0)),
        None => plain_copy(value).unwrap_or_default(),
    };
    let copy = from.like(heap);
    if let Some(to) = copy.as_table() {
        let array = from.array_part();
        if !array.is_empty() {
            to.set_list(1, array.iter().map(copied));
        }
        to.copy_fields(from, copied);
        spent.spend(1 + array.len() + from.slot_part().len());
    }
    copy
}

/// Who pays for a copy, if anybody, and whether that process is being ended meanwhile.
#[derive(Default)]
struct Spent {
    cx: Option<Cx>,
    stopped: Option<Thrown>,
}

impl Spent {
    /// Pays for so many values. False if the copy is of no use any more.
    fn spend(&mut self, values: usize) -> bool {
        match self.cx {
            Some(cx) if self.stopped.is_none() => {
                self.stopped = cx.spend_many(values).err();
                self.stopped.is_none()
            }
            _ => self.stopped.is_none(),
        }
    }
}

/// Where copies go.
#[derive(Clone, Copy)]
enum Into<'heap> {
    Heap(&'heap Heap),
    /// A heap that is made when the first container needs it.
    Fresh(&'heap OnceCell<Box<Heap>>),
}

/// Containers already copied, by the addresses of the originals: the first few in a list.
#[derive(Default)]
struct Known {
    few: SmallVec<[(u64, Value); FEW]>,
    others: FxHashMap<u64, Value>,
}

/// So many containers are found by looking through a list.
const FEW: usize = 4;

impl Known {
    #[inline]
    fn get(&self, address: u64) -> Option<&Value> {
        let found = self.few.iter().find(|(own, _)| *own == address).map(|(_, copy)| copy);
        if found.is_some() || self.others.is_empty() { found } else { self.others.get(&address) }
    }

    #[inline]
    fn add(&mut self, address: u64, copy: Value) {
        if self.few.len() < FEW {
            self.few.push((address, copy));
        } else {
            self.others.insert(address, copy);
        }
    }
}

/// Copies one value into a heap. Iterative, so that depth is no limit.
pub struct Copier<'heap> {
    into: Into<'heap>,
    known: Known,
    /// Tables whose entries still have to be copied: original and copy.
    waiting: SmallVec<[(Value, Value); 2]>,
    large: Carried,
    spent: Spent,
}

impl<'heap> Copier<'heap> {
    pub fn new(heap: &'heap Heap) -> Self {
        Self::into(Into::Heap(heap))
    }

    fn into(into: Into<'heap>) -> Self {
        Copier {
            into,
            known: Known::default(),
            waiting: SmallVec::new(),
            large: Carried::default(),
            spent: Spent::default(),
        }
    }

    pub fn heap(&self) -> &'heap Heap {
        match self.into {
            Into::Heap(heap) => heap,
            Into::Fresh(heap) => heap.get_or_init(Box::default),
        }
    }

    pub fn copy(&mut self, value: &Value) -> Value {
        let copy = self.shallow(value);
        while let Some((original, copy)) = self.waiting.pop() {
            let (Some(from), Some(to)) = (original.as_table(), copy.as_table()) else { continue };
            let mut fields = 0;
            let array = from.array_part();
            to.set_list(1, array.iter().map(|item| self.shallow(item)));
            to.copy_fields(from, |value| {
                fields += 1;
                self.shallow(value)
            });
            to.set_metatable(self.shallow(&from.metatable()));
            if !self.spent.spend(1 + array.len() + fields) {
                break;
            }
        }
        copy
    }

    /// Copies strings and starts tables, leaving their entries for later.
    fn shallow(&mut self, value: &Value) -> Value {
        match value.tag() {
            Tag::String => value.as_lua_str().map_or(Value::NIL, |string| {
                if string.room() >= LARGE {
                    self.large.take(string.room());
                }
                LuaStr::with_identity(string.bytes(), string.identity().unwrap_or(0))
            }),
            Tag::Table => {
                if let Some(known) = self.known.get(value.raw_bits()) {
                    return known.clone();
                }
                let Some(table) = value.as_table() else { return Value::NIL };
                let copy = table.like(self.heap());
                self.known.add(value.raw_bits(), copy.clone());
                self.waiting.push((value.clone(), copy.clone()));
                copy
            }
            Tag::UserData => {
                let body = value.as_userdata().map(UserDataBox::body);
                body.and_then(|body| body.transfer(self)).unwrap_or_default()
            }
            _ => plain_copy(value).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::budget::BUDGET;
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
