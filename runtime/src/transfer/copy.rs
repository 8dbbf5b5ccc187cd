//! The deep copy of values, shared and circular ones included.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::heap::Heap;
use crate::heap::counted::{Carried, LARGE};
use crate::string::LuaStr;
use crate::table::Table;
use crate::userdata::UserDataBox;
use crate::value::{Tag, Value};

/// A copy of one value, in the heap if it needs one.
#[inline]
pub(super) fn copied(
    heap: &OnceCell<Box<Heap>>,
    large: &mut Carried,
    spent: &mut Spent,
    value: &Value,
) -> Value {
    plain_copy(value).unwrap_or_else(|| copied_deeply(heap, large, spent, value))
}

/// The copy of a value that needs no heap: itself, or nil in place of what has no copy.
#[inline(always)]
pub(super) fn plain_copy(value: &Value) -> Option<Value> {
    match value.tag() {
        // A logger is an object of its process.
        Tag::Module if value.is_logger() => Some(Value::NIL),
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
    let mut copier = Copier::fresh(heap);
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
pub(super) struct Spent {
    cx: Option<Cx>,
    pub(super) stopped: Option<Thrown>,
}

impl Spent {
    pub(super) fn of(cx: Cx) -> Spent {
        Spent { cx: Some(cx), stopped: None }
    }

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

    /// Into a heap that is made when the first container needs it.
    pub(super) fn fresh(heap: &'heap OnceCell<Box<Heap>>) -> Self {
        Copier::into(Into::Fresh(heap))
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

    /// A copy for the running process itself, which spends for it.
    ///
    /// # Errors
    /// The process is being ended.
    pub fn copy_spending(cx: Cx, value: &Value) -> LuaResult {
        let mut copier = Copier { spent: Spent::of(cx), ..Copier::into(Into::Heap(cx.heap())) };
        let copy = copier.copy(value);
        copier.spent.stopped.map_or(Ok(copy), Err)
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
