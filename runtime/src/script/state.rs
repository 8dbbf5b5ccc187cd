//! What the process of a script has that others have not.

use std::cell::{Cell, RefCell};

use crate::cx::Cx;
use crate::module::Module;
use crate::script::Script;
use crate::script::file::{Handle, LuaFile};
use crate::script::output::Standard;
use crate::value::Value;

/// The state of a script's process. Every value in it is nil until it is first needed.
#[derive(Default)]
pub struct ScriptState {
    /// The files that were compiled in.
    script: Cell<Option<&'static Script>>,
    /// The metatable of every string.
    pub(crate) string_metatable: RefCell<Value>,
    /// What `getmetatable` gives for files.
    pub(crate) file_metatable: RefCell<Value>,
    /// The library tables.
    pub(crate) libraries: RefCell<Vec<(&'static Module, Value)>>,
    /// What stands for the main thread in `coroutine.running`.
    pub(crate) main_thread: RefCell<Value>,
    /// Handles of standard input, output and error.
    standard: [RefCell<Value>; 3],
    /// Where `io.read` and `io.write` go.
    input: RefCell<Value>,
    output: RefCell<Value>,
    /// What `collectgarbage` was told of the pause and the step multiplier, as differences from what Lua begins with.
    pub(crate) pace: [Cell<i32>; 2],
}

impl ScriptState {
    /// Drops every value: the process is ending.
    pub(crate) fn clear(&self) {
        drop(self.string_metatable.take());
        drop(self.file_metatable.take());
        drop(self.libraries.take());
        drop(self.main_thread.take());
        self.standard.iter().for_each(|file| drop(file.take()));
        drop(self.input.take());
        drop(self.output.take());
    }

    pub fn script(&self) -> Option<&'static Script> {
        self.script.get()
    }

    pub(crate) fn set_script(&self, script: &'static Script) {
        self.script.set(Some(script));
    }

    fn default_of(&self, standard: Standard) -> &RefCell<Value> {
        if standard == Standard::Input { &self.input } else { &self.output }
    }
}

/// The value of a place, made when it is first needed.
pub(crate) fn ensure(place: &RefCell<Value>, make: impl FnOnce() -> Value) -> Value {
    if place.borrow().is_nil() {
        let fresh = make();
        drop(place.replace(fresh));
    }
    place.borrow().clone()
}

/// `io.stdin`, `io.stdout` or `io.stderr`; nil in applications.
pub fn standard_file(cx: Cx, standard: Standard) -> Value {
    let Some(state) = cx.script() else { return Value::NIL };
    let [input, output, error] = &state.standard;
    let place = match standard {
        Standard::Input => input,
        Standard::Output => output,
        Standard::Error => error,
    };
    ensure(place, || LuaFile::new_value(cx, Handle::Standard(standard)))
}

/// Where `io.read` or `io.write` goes; nil in applications.
pub fn default_file(cx: Cx, standard: Standard) -> Value {
    let Some(state) = cx.script() else { return Value::NIL };
    ensure(state.default_of(standard), || standard_file(cx, standard))
}

pub fn set_default_file(cx: Cx, standard: Standard, file: Value) {
    if let Some(state) = cx.script() {
        drop(state.default_of(standard).replace(file));
    }
}
