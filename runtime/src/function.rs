//! Functions as values: a static definition, and closures that add captured variables to one.

use std::alloc::{Layout, handle_alloc_error};
use std::cell::UnsafeCell;
use std::future::Future;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::heap::{Container, Gc, Holder};
use crate::results::{Args, Multi, Returns};
use crate::value::{Tag, Value};

/// What a [`BoxFuture`] holds.
type DynFuture = Pin<Box<dyn Future<Output = LuaResult<Multi>>>>;

/// The future of a call that may suspend.
///
/// Optimised applications are compiled without the edges on which a panic drops what it passes
/// (docs/decisions/0005). Their futures do not notice then that they were left in the middle, and must
/// not be dropped: what they held may be gone. So a future whose poll panics is forgotten here.
pub struct BoxFuture(DynFuture);

/// What the calls take that a resting function waits for: a few frames.
const INSIDE: usize = 512;

impl BoxFuture {
    #[inline]
    pub fn new(future: impl Future<Output = LuaResult<Multi>> + 'static) -> BoxFuture {
        BoxFuture(Box::pin(future))
    }

    /// The bytes it takes, about: what it waits for inside is not seen.
    pub(crate) fn size(&self) -> usize {
        INSIDE + size_of_val(&*self.0)
    }

    /// Where it is.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(&*self.0).addr()
    }

    /// As a future is polled.
    #[inline]
    pub fn as_mut(&mut self) -> Pin<&mut BoxFuture> {
        Pin::new(self)
    }
}

impl Future for BoxFuture {
    type Output = LuaResult<Multi>;

    /// Never inlined: in the application there would be no edge to forget the future on.
    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        let running = Running(&mut self.0);
        let polled = running.0.as_mut().poll(task);
        std::mem::forget(running);
        polled
    }
}

/// A future that is being polled. Dropped by a panic alone.
struct Running<'a>(&'a mut DynFuture);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let broken = std::mem::replace(self.0, Box::pin(std::future::pending()));
        std::mem::forget(broken);
    }
}

/// How a function is entered by a caller that knows only the value. `this` is the function value
/// itself, from which a closure reads its captures.
#[derive(Clone, Copy)]
pub enum Entry {
    /// It never suspends.
    Plain(PlainFunction),
    /// It may suspend.
    Async(fn(cx: Cx, this: Value, args: Args) -> BoxFuture),
    /// A library function that suspends only if the function it is given does: `pcall`.
    Dual {
        plain: PlainFunction,
        start: fn(cx: Cx, this: Value, args: Args) -> BoxFuture,
        /// Whether this call may suspend.
        suspends: fn(cx: Cx, args: &[Value]) -> bool,
    },
}

/// A function that never suspends, as an unknown caller enters it.
pub type PlainFunction = fn(cx: Cx, this: &Value, args: &[Value]) -> LuaResult<Multi>;

/// A method of a host object that takes no arguments, called for its first result: what most calls of such
/// methods are. Without a receiver it raises.
pub type Getter = fn(cx: Cx, receiver: Option<&Value>) -> LuaResult;

/// The future of an emitted function, whose result becomes what an unknown caller expects.
#[doc(hidden)]
pub struct Finish<F> {
    cx: Cx,
    future: F,
}

impl<F> Finish<F> {
    #[inline]
    pub fn boxed<R: Returns>(cx: Cx, future: F) -> BoxFuture
    where
        F: Future<Output = LuaResult<R>> + 'static,
    {
        BoxFuture::new(Finish { cx, future })
    }
}

impl<R: Returns, F: Future<Output = LuaResult<R>>> Future for Finish<F> {
    type Output = LuaResult<Multi>;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        // SAFETY: `future` stays where it is: this is pinned, and nothing here moves it.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: as above.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        future.poll(task).map_ok(|value| value.into_multi(this.cx))
    }
}

/// The static part of a function. Made by the macros `lua_function!` and `native!`.
pub struct FunctionDef {
    /// The Lua name, for tracebacks and `bad argument` texts; `""` if anonymous.
    pub name: &'static str,
    /// Where it was written: chunk name and first line; `("[native]", 0)` for a library function.
    pub chunk: &'static str,
    pub line: u32,
    pub entry: Entry,
    /// The same without arguments and for one result, where it is a method in a hurry.
    pub getter: Option<Getter>,
}

impl FunctionDef {
    /// Whether it never suspends.
    #[inline]
    pub fn is_plain(&self) -> bool {
        matches!(self.entry, Entry::Plain(_))
    }

    #[inline]
    pub fn is_native(&self) -> bool {
        self.line == 0
    }
}

/// A function with captured variables, which follow this in the same allocation.
#[repr(C)]
pub struct Closure {
    /// Its extra is the number of captures.
    container: Container,
    def: &'static FunctionDef,
}

// SAFETY: repr(C), container first, allocated by `Closure::allocate`.
unsafe impl Gc for Closure {
    const TAG: Tag = Tag::Closure;
}

// SAFETY: shows each capture once; `destroy` gives back what `allocate` took.
unsafe impl Holder for Closure {
    fn clear(&self) {
        for index in 0..self.count() {
            // SAFETY: below the count.
            drop(unsafe { self.slot(index).replace(Value::NIL) });
        }
    }

    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.captures().iter().for_each(visit);
    }

    fn size(&self) -> usize {
        Closure::layout(self.count()).size()
    }

    unsafe fn destroy(object: NonNull<Closure>) {
        // SAFETY: alive by contract, and never used again.
        unsafe {
            let closure = object.as_ref();
            let layout = Closure::layout(closure.count());
            for index in 0..closure.count() {
                closure.slot(index).drop_in_place();
            }
            std::alloc::dealloc(object.as_ptr().cast(), layout);
        }
    }
}

impl Closure {
    /// A closure over `upvalues`: plain values, and cells for variables written later.
    #[expect(clippy::new_ret_no_self, reason = "a closure lives behind a counted reference")]
    #[inline]
    pub fn new<const N: usize>(cx: Cx, def: &'static FunctionDef, upvalues: [Value; N]) -> Value {
        const { assert!(N <= u16::MAX as usize, "a function has at most 65,535 captures") };
        Self::with_captures(cx, def, N, upvalues)
    }

    /// As [`Closure::new`], for a number of captures that is known only at run time.
    pub fn from_vec(cx: Cx, def: &'static FunctionDef, upvalues: Vec<Value>) -> Value {
        Self::with_captures(cx, def, upvalues.len(), upvalues)
    }

    #[inline]
    fn with_captures(
        cx: Cx,
        def: &'static FunctionDef,
        count: usize,
        upvalues: impl IntoIterator<Item = Value>,
    ) -> Value {
        let count = count.min(usize::from(u16::MAX));
        let layout = Self::layout(count);
        // SAFETY: the layout is never empty.
        let memory = unsafe { std::alloc::alloc(layout) };
        let Some(object) = NonNull::new(memory.cast::<Closure>()) else { handle_alloc_error(layout) };
        let container = Container::new(Tag::Closure, u16::try_from(count).unwrap_or(u16::MAX));
        // SAFETY: fresh memory for the closure and `count` values behind it.
        unsafe {
            object.write(Closure { container, def });
            let mut slot = object.add(1).cast::<Value>();
            let mut upvalues = upvalues.into_iter();
            for _ in 0..count {
                slot.write(upvalues.next().unwrap_or_default());
                slot = slot.add(1);
            }
            cx.heap().admit(Tag::Closure, object.cast())
        }
    }

    #[inline]
    fn layout(count: usize) -> Layout {
        // At most 65,535 captures: no overflow.
        let size = size_of::<Closure>() + count * size_of::<Value>();
        Layout::from_size_align(size, align_of::<Closure>()).unwrap_or(Layout::new::<Closure>())
    }

    /// # Safety
    /// `index` is below the count.
    #[inline(always)]
    unsafe fn slot(&self, index: usize) -> *mut Value {
        let start = std::ptr::with_exposed_provenance_mut::<Closure>(std::ptr::from_ref(self).addr());
        // SAFETY: the captures follow the closure in the same allocation, whose address is exposed.
        unsafe { start.add(1).cast::<Value>().add(index) }
    }

    #[inline(always)]
    pub fn def(&self) -> &'static FunctionDef {
        self.def
    }

    /// How many variables it has captured.
    #[inline(always)]
    pub fn count(&self) -> usize {
        usize::from(self.container.header.extra())
    }

    /// What it has captured. They change only when their process is torn down.
    #[inline(always)]
    pub fn captures(&self) -> &[Value] {
        // SAFETY: so many values follow the closure.
        unsafe { std::slice::from_raw_parts(self.slot(0), self.count()) }
    }

    /// Captured variable `index`.
    #[inline]
    pub fn upvalue(&self, index: usize) -> Value {
        self.captures().get(index).cloned().unwrap_or_default()
    }
}

/// The heap part of a [`Shared`] variable.
#[repr(C)]
pub struct CellBox {
    container: Container,
    value: UnsafeCell<Value>,
}

// SAFETY: repr(C), container first, allocated by `Shared::new` through the heap.
unsafe impl Gc for CellBox {
    const TAG: Tag = Tag::Cell;
}

// SAFETY: shows its one value; made by `Heap::allocate`, so it was a `Box`.
unsafe impl Holder for CellBox {
    fn clear(&self) {
        drop(self.replace(Value::NIL));
    }

    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        // SAFETY: as in `get`.
        visit(unsafe { &*self.value.get() });
    }

    fn size(&self) -> usize {
        size_of::<CellBox>()
    }

    unsafe fn destroy(object: NonNull<CellBox>) {
        // SAFETY: by contract, nobody refers to it.
        drop(unsafe { Box::from_raw(object.as_ptr()) });
    }
}

impl CellBox {
    #[inline(always)]
    fn get(&self) -> Value {
        // SAFETY: one thread at a time owns a process's values, no reference to the value outlives a
        // method of this type, and cloning runs no other code.
        unsafe { (*self.value.get()).duplicate() }
    }

    #[inline(always)]
    fn replace(&self, value: Value) -> Value {
        // SAFETY: as in `get`; the old value is dropped by the caller, after the write.
        unsafe { std::mem::replace(&mut *self.value.get(), value) }
    }
}

/// A local variable that closures share and somebody writes: a counted cell.
#[derive(Clone)]
pub struct Shared(Value);

impl Shared {
    #[inline]
    pub fn new(cx: Cx, value: Value) -> Shared {
        let body = CellBox { container: Container::new(Tag::Cell, 0), value: UnsafeCell::new(value) };
        Shared(cx.heap().allocate(Tag::Cell, body))
    }

    /// The variable behind a closure's capture.
    #[inline]
    pub fn from_capture(capture: Value) -> Shared {
        debug_assert!(capture.tag() == Tag::Cell);
        Shared(capture)
    }

    /// What a closure stores to share this variable.
    #[inline]
    pub fn capture(&self) -> Value {
        self.0.duplicate()
    }

    #[inline(always)]
    pub fn get(&self) -> Value {
        cell(&self.0).map_or(Value::NIL, CellBox::get)
    }

    /// Stores `value`, then drops what was there.
    #[inline(always)]
    pub fn set(&self, value: Value) {
        if let Some(cell) = cell(&self.0) {
            cell.replace(value).done();
        }
    }
}

#[inline]
fn cell(value: &Value) -> Option<&CellBox> {
    let object = value.object().filter(|_| value.tag() == Tag::Cell)?;
    // SAFETY: the tag says it is a cell, and `value` holds a count of it.
    Some(unsafe { object.cast::<CellBox>().as_ref() })
}

/// The captures of the function being run, as emitted code reads them.
impl Value {
    /// Captured variable `index` of this closure, one that is never written after its declaration.
    #[inline]
    pub fn upvalue(&self, index: usize) -> Value {
        self.captured(index).duplicate()
    }

    /// As [`Value::upvalue`], where it lies.
    #[inline]
    pub fn captured(&self, index: usize) -> &Value {
        self.as_closure().and_then(|closure| closure.captures().get(index)).unwrap_or(const { &Value::NIL })
    }

    /// Captured variable `index` of this closure, one that is shared and written.
    #[inline]
    pub fn shared_upvalue(&self, index: usize) -> Shared {
        Shared::from_capture(self.upvalue(index))
    }
}
