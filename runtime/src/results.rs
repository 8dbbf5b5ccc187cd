//! How calls pass values: argument lists, and results of which only the first travels in registers.

use std::cell::UnsafeCell;

use smallvec::SmallVec;
use thin_vec::ThinVec;

use crate::cx::{Cx, LONG_LIST};
use crate::value::Value;

/// An owned argument list.
pub type Args = SmallVec<[Value; 4]>;

/// The results of a call: the first here, the rest waiting in the `Cx`.
///
/// The rest is valid until the next call that returns a `Multi`; take it at once.
pub struct Multi(Value);

impl Multi {
    #[inline]
    pub fn none(cx: Cx) -> Multi {
        cx.results().set_count(0);
        Multi(Value::NIL)
    }

    #[inline]
    pub fn one(cx: Cx, value: Value) -> Multi {
        cx.results().set_count(1);
        Multi(value)
    }

    pub fn from_values(cx: Cx, values: impl IntoIterator<Item = Value>) -> Multi {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Multi::none(cx) };
        cx.results().set_rest(values);
        Multi(first)
    }

    #[inline]
    pub fn from_slice(cx: Cx, values: &[Value]) -> Multi {
        match values {
            [value] => Multi::one(cx, value.duplicate()),
            values => Multi::from_values(cx, values.iter().cloned()),
        }
    }

    /// Two results.
    #[inline]
    pub fn pair(cx: Cx, first: Value, second: Value) -> Multi {
        cx.results().set_second(second);
        Multi(first)
    }

    /// The first result again, where the others still wait: nothing was called since.
    #[inline]
    pub(crate) fn waiting(first: Value) -> Multi {
        Multi(first)
    }

    /// These results with one more in front.
    pub(crate) fn behind(self, cx: Cx, front: Value) -> Multi {
        cx.results().push_front(self.0);
        Multi(front)
    }

    /// The first result, nil if there is none.
    #[inline]
    pub fn first(self) -> Value {
        self.0
    }

    /// How many results there are.
    pub fn count(&self, cx: Cx) -> usize {
        cx.results().count()
    }

    /// Exactly `N` results, cut or filled with nil.
    #[inline]
    pub fn adjust<const N: usize>(self, cx: Cx) -> [Value; N] {
        let mut values: [Value; N] = [const { Value::NIL }; N];
        let Some((first, others)) = values.split_first_mut() else { return values };
        *first = self.0;
        cx.results().take_rest(|rest| {
            for (slot, value) in others.iter_mut().zip(rest) {
                *slot = value;
            }
        });
        values
    }

    /// Adds all results to an argument list.
    #[inline]
    pub fn append_to(self, cx: Cx, args: &mut Args) {
        let count = cx.results().count();
        if count > 0 {
            args.push(self.0);
        }
        if count > 1 {
            let before = args.len();
            cx.results().take_rest(|rest| args.extend(rest));
            args.resize(before + count - 1, Value::NIL);
        }
    }

    #[inline]
    pub fn into_args(self, cx: Cx) -> Args {
        let mut args = Args::new();
        self.append_to(cx, &mut args);
        args
    }
}

/// Arguments of which the last expression gave several: `f(a, b, g())`.
pub fn with_rest<const N: usize>(cx: Cx, first: [Value; N], rest: Multi) -> Args {
    let mut args = Args::from_iter(first);
    rest.append_to(cx, &mut args);
    if args.len() >= LONG_LIST {
        cx.weigh_list(args.len());
    }
    args
}

/// The result types emitted functions and library functions may have.
pub trait Returns: Sized {
    fn into_multi(self, cx: Cx) -> Multi;
    fn from_multi(cx: Cx, multi: Multi) -> Self;

    /// As [`Returns::from_multi`], of a value and a boolean.
    #[inline]
    fn from_pair(cx: Cx, first: Value, second: bool) -> Self {
        Self::from_multi(cx, Multi::pair(cx, first, Value::bool(second)))
    }
}

impl Returns for Multi {
    #[inline]
    fn into_multi(self, _: Cx) -> Multi {
        self
    }
    #[inline]
    fn from_multi(_: Cx, multi: Multi) -> Multi {
        multi
    }
}

impl Returns for Value {
    #[inline]
    fn into_multi(self, cx: Cx) -> Multi {
        Multi::one(cx, self)
    }
    #[inline]
    fn from_multi(_: Cx, multi: Multi) -> Value {
        multi.first()
    }
    #[inline]
    fn from_pair(_: Cx, first: Value, _: bool) -> Value {
        first
    }
}

impl Returns for () {
    #[inline]
    fn into_multi(self, cx: Cx) -> Multi {
        Multi::none(cx)
    }
    #[inline]
    fn from_multi(_: Cx, _: Multi) {}
    #[inline]
    fn from_pair(_: Cx, _: Value, _: bool) {}
}

impl Returns for bool {
    #[inline]
    fn into_multi(self, cx: Cx) -> Multi {
        Multi::one(cx, Value::bool(self))
    }
    #[inline]
    fn from_multi(_: Cx, multi: Multi) -> bool {
        multi.first().truthy()
    }
}

impl<const N: usize> Returns for [Value; N] {
    #[inline]
    fn into_multi(self, cx: Cx) -> Multi {
        Multi::from_values(cx, self)
    }
    #[inline]
    fn from_multi(cx: Cx, multi: Multi) -> [Value; N] {
        multi.adjust(cx)
    }
}

/// Where the results after the first wait. The buffer is kept from call to call.
pub struct Results {
    count: std::cell::Cell<u32>,
    /// Nils at its end may be missing.
    rest: UnsafeCell<ThinVec<Value>>,
}

impl Results {
    pub(crate) const fn new() -> Results {
        Results { count: std::cell::Cell::new(0), rest: UnsafeCell::new(ThinVec::new()) }
    }

    /// Whether the buffer was never needed.
    #[inline]
    pub(crate) fn is_untouched(&mut self) -> bool {
        self.rest.get_mut().capacity() == 0
    }

    #[inline]
    fn set_count(&self, count: u32) {
        self.count.set(count);
    }

    #[inline]
    fn count(&self) -> usize {
        self.count.get() as usize
    }

    #[inline]
    fn set_rest(&self, values: impl Iterator<Item = Value>) {
        let mut rest = self.take();
        rest.clear();
        rest.extend(values);
        self.count.set(u32::try_from(rest.len()).unwrap_or(u32::MAX).saturating_add(1));
        self.put(rest);
    }

    #[inline]
    fn set_second(&self, value: Value) {
        self.count.set(2);
        // SAFETY: one thread at a time owns a process's results, and nobody refers to the buffer while
        // a method of this type has it; storing a value and dropping the old one run no Lua code that
        // could come back here but the drop, which is done when the buffer is whole again.
        let rest = unsafe { &mut *self.rest.get() };
        if value.is_nil() && rest.is_empty() {
            return;
        }
        self.set_only(value);
    }

    #[inline(never)]
    fn set_only(&self, value: Value) {
        // SAFETY: as in `set_second`.
        let rest = unsafe { &mut *self.rest.get() };
        if let [only] = rest.as_mut_slice() {
            let old = std::mem::replace(only, value);
            drop(old);
            return;
        }
        let mut rest = self.take();
        rest.clear();
        // Most processes never need room for more.
        rest.reserve_exact(1);
        rest.push(value);
        self.put(rest);
    }

    #[inline]
    fn take(&self) -> ThinVec<Value> {
        // SAFETY: as in `set_second`: nobody refers to the buffer.
        std::mem::take(unsafe { &mut *self.rest.get() })
    }

    #[inline]
    fn put(&self, rest: ThinVec<Value>) {
        // SAFETY: as in `set_second`; what is dropped is the empty buffer that `take` left.
        unsafe { *self.rest.get() = rest };
    }

    /// What was the first result is now the second.
    #[inline]
    fn push_front(&self, value: Value) {
        let count = self.count.replace(self.count.get() + 1);
        let mut rest = self.take();
        match count {
            0 => {}
            1 => {
                rest.clear();
                rest.push(value);
            }
            _ => {
                fill(&mut rest, count);
                rest.insert(0, value);
            }
        }
        self.put(rest);
    }

    /// Hands over what waits, nils at the end perhaps excepted, and keeps the buffer.
    #[inline]
    fn take_rest(&self, take: impl FnOnce(thin_vec::Drain<'_, Value>)) {
        if self.count.get() > 1 {
            let mut rest = self.take();
            take(rest.drain(..));
            self.put(rest);
        }
    }

    /// Drops what waits; the process is ending.
    pub(crate) fn clear(&self) {
        self.count.set(0);
        drop(self.take());
    }
}

/// Adds the nils that are missing behind the first of `count` results.
#[cold]
fn fill(rest: &mut ThinVec<Value>, count: u32) {
    while rest.len() + 1 < count as usize {
        rest.push(Value::NIL);
    }
}
