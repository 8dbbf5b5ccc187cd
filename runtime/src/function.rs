//! Functions as values: a static definition, and closures that add captured variables to one.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::heap::{Gc, Object};
use crate::results::{Args, Multi};
use crate::value::{Tag, Value};

/// The future of a call that may suspend.
pub type BoxFuture = Pin<Box<dyn Future<Output = LuaResult<Multi>>>>;

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

/// The static part of a function. Made by the macros `lua_function!` and `native!`.
pub struct FunctionDef {
    /// The Lua name, for tracebacks and `bad argument` texts; `""` if anonymous.
    pub name: &'static str,
    /// Where it was written: chunk name and first line; `("[native]", 0)` for a library function.
    pub chunk: &'static str,
    pub line: u32,
    pub entry: Entry,
}

impl FunctionDef {
    pub fn is_native(&self) -> bool {
        self.line == 0
    }
}

/// A function with captured variables.
#[repr(C)]
pub struct Closure {
    header: Object,
    def: &'static FunctionDef,
    upvalues: RefCell<Box<[Value]>>,
}

// SAFETY: repr(C), header first, allocated by `Closure::new` through the heap.
unsafe impl Gc for Closure {
    const TAG: Tag = Tag::Closure;
    fn clear(&self) {
        let upvalues = self.upvalues.take();
        drop(upvalues);
    }
}

impl Closure {
    /// A closure over `upvalues`: plain values, and cells for variables written later.
    #[expect(clippy::new_ret_no_self, reason = "a closure lives behind a counted reference")]
    pub fn new(cx: Cx, def: &'static FunctionDef, upvalues: impl Into<Box<[Value]>>) -> Value {
        let header = Object::header(Tag::Closure);
        cx.heap().allocate(Closure { header, def, upvalues: RefCell::new(upvalues.into()) })
    }

    pub fn def(&self) -> &'static FunctionDef {
        self.def
    }

    /// How many variables it has captured.
    pub fn count(&self) -> usize {
        self.upvalues.borrow().len()
    }

    /// Captured variable `index`; nil only while the process is being torn down.
    #[inline]
    pub fn upvalue(&self, index: usize) -> Value {
        self.upvalues.borrow().get(index).cloned().unwrap_or_default()
    }
}

/// The heap part of a [`Shared`] variable.
#[repr(C)]
pub struct CellBox {
    header: Object,
    value: Cell<Value>,
}

// SAFETY: repr(C), header first, allocated by `Shared::new` through the heap.
unsafe impl Gc for CellBox {
    const TAG: Tag = Tag::Cell;
    fn clear(&self) {
        drop(self.value.take());
    }
}

/// A local variable that closures share and somebody writes: a counted cell.
#[derive(Clone)]
pub struct Shared(Value);

impl Shared {
    pub fn new(cx: Cx, value: Value) -> Shared {
        Shared(cx.heap().allocate(CellBox { header: Object::header(Tag::Cell), value: Cell::new(value) }))
    }

    /// The variable behind a closure's capture.
    pub fn from_capture(capture: Value) -> Shared {
        debug_assert!(capture.tag() == Tag::Cell);
        Shared(capture)
    }

    /// What a closure stores to share this variable.
    pub fn capture(&self) -> Value {
        self.0.clone()
    }

    #[inline]
    pub fn get(&self) -> Value {
        let Some(cell) = self.cell() else { return Value::NIL };
        let value = cell.value.take();
        let copy = value.clone();
        cell.value.set(value);
        copy
    }

    /// Stores `value`, then drops what was there.
    #[inline]
    pub fn set(&self, value: Value) {
        if let Some(cell) = self.cell() {
            drop(cell.value.replace(value));
        }
    }

    fn cell(&self) -> Option<&CellBox> {
        let object = self.0.object().filter(|_| self.0.tag() == Tag::Cell)?;
        // SAFETY: the tag says it is a cell, and `self` holds a count of it.
        Some(unsafe { object.cast::<CellBox>().as_ref() })
    }
}

/// The captures of the function being run, as emitted code reads them.
impl Value {
    /// Captured variable `index` of this closure, one that is never written after its declaration.
    #[inline]
    pub fn upvalue(&self, index: usize) -> Value {
        self.as_closure().map_or(Value::NIL, |closure| closure.upvalue(index))
    }

    /// Captured variable `index` of this closure, one that is shared and written.
    #[inline]
    pub fn shared_upvalue(&self, index: usize) -> Shared {
        Shared::from_capture(self.upvalue(index))
    }
}
