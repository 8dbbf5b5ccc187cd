//! The handle through which everything reaches its process: errors, results, heap, globals.
//!
//! `Cx` is a `Copy` pointer to a struct of cells, in plain and in async functions alike, because two
//! coroutines of one process hold it at the same time.

mod imports;
mod stack;
mod suspension;

use std::cell::{Cell, OnceCell};
use std::ptr::NonNull;

use thin_vec::ThinVec;

use crate::error::{Errors, LuaResult, Site};
use crate::heap::Heap;
use crate::held::Held;
use crate::module::Module;
use crate::results::Results;
use crate::script::state::ScriptState;
use crate::value::Value;

pub(crate) use stack::{LONG_LIST, stack_pointer};
pub use suspension::{Nested, Suspension, SuspensionGuard};

/// The state of one process that Lua code can reach.
pub struct Context {
    errors: Errors,
    results: Results,
    /// The lowest address the native stack may reach before `stack overflow`.
    stack_limit: Cell<usize>,
    /// What functions compare the stack with as they begin: the limit, or the highest number when
    /// something else wants attention.
    stack_check: Cell<usize>,
    /// The global table, made when first needed.
    globals: OnceCell<Value>,
    /// Results of imported units, by entry id, each run once per process.
    imports: Cell<ThinVec<(&'static str, Value)>>,
    /// How much a running loop may still spend before it has to look around.
    budget: Cell<u32>,
    /// What the budget was when it was last set.
    span: Cell<u16>,
    /// The site of the latest call that can log.
    location: Cell<Option<&'static Site>>,
    /// Whether a blocking operation may suspend here.
    suspension: Cell<Suspension>,
    /// Whether that coroutine may yield here.
    can_yield: Cell<bool>,
    /// How much native stack above the limit tail calls leave alone.
    tail_reserve: Cell<u32>,
    /// How many tail awaits are nested in boxes.
    tail_awaits: Cell<u16>,
    /// How many calls made by library functions are nested.
    callbacks: Cell<u16>,
    /// What the process of a script has; none in applications.
    script: Option<Box<ScriptState>>,
    /// What few processes have.
    extra: OnceCell<Box<Extra>>,
    pub(crate) process: crate::process::ProcessState,
    /// Declared last: every other field gives up its values before the heap is cleared.
    heap: Heap,
}

/// The state of what few programs use.
#[derive(Default)]
struct Extra {
    /// The manual coroutine that runs; nil in the body of a task.
    coroutine: Held,
    /// How many manual coroutines have resumed each other.
    coroutine_depth: Cell<u16>,
    /// A recursion with long lists of arguments is too deep.
    are_lists_long: Cell<bool>,
    /// The state of `math.random`; zero until the first use.
    random: Cell<u64>,
}

/// The two modes of the language: a constant of the build that few places of the runtime read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Built from a manifest: integral floats print without a fraction, library tables are frozen,
    /// letter case is Unicode's, fractions are cut where an integer is due.
    #[default]
    Application,
    /// One Lua file, meaning what Lua 5.3 makes it mean.
    Script,
}

/// A copyable handle to the running process's [`Context`].
#[derive(Clone, Copy)]
pub struct Cx(NonNull<Context>);

impl Context {
    /// A context on the heap of Rust, where a `Cx` can point to it for as long as the process lives.
    pub fn new(process: crate::process::ProcessState) -> Box<Context> {
        Self::in_mode(process, Mode::Application)
    }

    /// As [`Context::new`], for a program of the given mode.
    pub fn in_mode(process: crate::process::ProcessState, mode: Mode) -> Box<Context> {
        let mut context = Self::fresh();
        context.process = process;
        if mode == Mode::Script {
            context.script = Some(Box::default());
            // SAFETY: the cell and the heap are in one box.
            unsafe { context.heap.set_alarm(NonNull::from(&context.stack_check)) };
        }
        context
    }

    /// The context of nobody: a copy of one that was made when the program was compiled, which costs less
    /// than to make each part.
    #[inline]
    pub(crate) fn fresh() -> Box<Context> {
        crate::stdlib::os::start_clock();
        Box::write(crate::allocator::room(), Self::FRESH)
    }

    #[expect(clippy::declare_interior_mutable_const, reason = "every use of it is a new context")]
    const FRESH: Context = Context {
        errors: Errors::new(),
        results: Results::new(),
        stack_limit: Cell::new(0),
        stack_check: Cell::new(0),
        globals: OnceCell::new(),
        imports: Cell::new(ThinVec::new()),
        budget: Cell::new(crate::process::budget::FIRST as u32),
        span: Cell::new(crate::process::budget::FIRST),
        location: Cell::new(None),
        suspension: Cell::new(Suspension::OutsideTask),
        can_yield: Cell::new(false),
        tail_reserve: Cell::new(0),
        tail_awaits: Cell::new(0),
        callbacks: Cell::new(0),
        script: None,
        extra: OnceCell::new(),
        process: crate::process::ProcessState::FRESH,
        heap: Heap::new(),
    };

    /// Drops a context. Most never had what only some have, and nothing is asked twice then.
    pub(crate) fn bury(mut self: Box<Context>) {
        if !self.is_plain() {
            return drop(self);
        }
        self.process.end_main();
        self.process.forget_relations();
        self.heap.clear();
        // SAFETY: nothing is left that would have to be dropped: what `is_plain` says was never there, and
        // what has been dropped since. The memory is given back as it was taken.
        drop(unsafe { Box::from_raw(Box::into_raw(self).cast::<std::mem::MaybeUninit<Context>>()) });
    }

    /// Whether it holds nothing but the first task, channels of mail, relations and what is in the heap.
    fn is_plain(&mut self) -> bool {
        // Named one by one, so that whoever adds a field has to think of it.
        let Context {
            errors,
            results,
            stack_limit: _,
            stack_check: _,
            globals,
            imports,
            budget: _,
            span: _,
            location: _,
            suspension: _,
            can_yield: _,
            tail_reserve: _,
            tail_awaits: _,
            callbacks: _,
            script,
            extra,
            process,
            heap,
        } = self;
        errors.is_untouched()
            && results.is_untouched()
            && globals.get().is_none()
            && imports.get_mut().capacity() == 0
            && script.is_none()
            && extra.get().is_none()
            && process.is_plain()
            && !heap.has_finalizers()
    }

    #[inline]
    fn extra(&self) -> &Extra {
        self.extra.get_or_init(Box::default)
    }

    /// The handle to this context.
    ///
    /// # Safety
    /// No copy of the handle is used after the context is dropped or while another thread uses it:
    /// the process's futures and values go first, and one worker runs a process at a time.
    pub unsafe fn cx(&self) -> Cx {
        Cx(NonNull::from(self))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        self.errors.clear();
        self.results.clear();
        drop(self.globals.take());
        if let Some(extra) = self.extra.get() {
            extra.coroutine.clear();
        }
        if let Some(script) = &self.script {
            script.clear();
        }
        drop(self.imports.take());
        self.process.clear(Cx(NonNull::from(&*self)));
        self.heap.clear();
    }
}

impl Cx {
    #[inline(always)]
    pub(crate) fn context<'a>(self) -> &'a Context {
        // SAFETY: `Context::cx`'s contract: the context outlives every use of its handles.
        unsafe { self.0.as_ref() }
    }

    #[inline]
    pub fn heap<'a>(self) -> &'a Heap {
        &self.context().heap
    }

    #[inline]
    pub(crate) fn errors<'a>(self) -> &'a Errors {
        &self.context().errors
    }

    #[inline]
    pub(crate) fn results<'a>(self) -> &'a Results {
        &self.context().results
    }

    /// Lets go of results that nobody took.
    pub(crate) fn forget_results(self) {
        self.context().results.clear();
    }

    /// The part of the context that belongs to processes.
    #[inline]
    pub fn process<'a>(self) -> &'a crate::process::ProcessState {
        &self.context().process
    }

    /// Whether the program is a script, which means what Lua 5.3 makes it mean.
    #[inline]
    pub fn is_script(self) -> bool {
        self.context().script.is_some()
    }

    /// What the process of a script has.
    pub fn script<'a>(self) -> Option<&'a ScriptState> {
        self.context().script.as_deref()
    }

    /// The metatable of every string; nil in applications, where the library's table serves.
    pub fn string_metatable(self) -> Value {
        self.script().map(|script| script.string_metatable.borrow().clone()).unwrap_or_default()
    }

    /// A library as the program sees it: the frozen table all processes share, or in scripts an
    /// ordinary table.
    pub fn library(self, module: &'static Module) -> Value {
        let Some(script) = self.script() else { return Value::module(module) };
        let libraries = &script.libraries;
        let known = |libraries: &[(&'static Module, Value)]| {
            let found = libraries.iter().find(|(own, _)| std::ptr::eq(*own, module));
            found.map(|(_, table)| table.clone())
        };
        if let Some(table) = known(&libraries.borrow()) {
            return table;
        }
        let table = crate::stdlib::library_table(self, module);
        libraries.borrow_mut().push((module, table.clone()));
        table
    }

    /// The state of this process's random numbers.
    pub(crate) fn random<'a>(self) -> &'a Cell<u64> {
        &self.context().extra().random
    }

    /// Remembers where a call that can log stands.
    #[inline]
    pub fn set_location(self, site: &'static Site) {
        self.context().location.set(Some(site));
    }

    /// That call is over.
    pub(crate) fn forget_location(self) {
        self.context().location.set(None);
    }

    pub fn location(self) -> Option<&'static Site> {
        self.context().location.get()
    }

    /// The global table (`_G`).
    pub fn globals(self) -> Value {
        self.global_table().clone()
    }

    /// The global table, which stays the same for the life of the process.
    #[inline]
    pub(crate) fn global_table<'a>(self) -> &'a Value {
        match self.context().globals.get() {
            Some(globals) => globals,
            None => self.make_globals(),
        }
    }

    #[cold]
    fn make_globals<'a>(self) -> &'a Value {
        let fresh = crate::stdlib::new_globals(self);
        self.context().globals.get_or_init(|| fresh)
    }

    /// Spends one unit of the budget. Emitted loops call it at their back edges and recursive functions
    /// at their start, so that a busy process cannot keep the others waiting and can be ended.
    ///
    /// # Errors
    /// The process is being ended: the error reaches its outermost frame, whatever protects it.
    #[inline(always)]
    pub fn spend(self) -> LuaResult<()> {
        let budget = &self.context().budget;
        match budget.get().checked_sub(1) {
            Some(left) => {
                budget.set(left);
                Ok(())
            }
            None => crate::process::budget::look_around(self),
        }
    }

    /// Spends `units` of the budget at once: what a library function's loop did since the last time.
    ///
    /// # Errors
    /// As [`Cx::spend`].
    #[inline]
    pub fn spend_many(self, units: usize) -> LuaResult<()> {
        let budget = &self.context().budget;
        match u32::try_from(units).ok().and_then(|units| budget.get().checked_sub(units)) {
            Some(left) => {
                budget.set(left);
                Ok(())
            }
            None => crate::process::budget::look_ahead(self, units),
        }
    }

    /// Spends for a copy of an object with so many parts: who adds to one in a loop holds up nobody.
    ///
    /// # Errors
    /// As [`Cx::spend`].
    #[inline]
    pub fn spend_copy(self, parts: usize) -> LuaResult<()> {
        self.spend_many(parts * 16)
    }

    /// Spends for `bytes` that a library function goes through, unless they are few.
    ///
    /// # Errors
    /// As [`Cx::spend`].
    #[inline]
    pub fn spend_bytes(self, bytes: usize) -> LuaResult<()> {
        if bytes < crate::heap::counted::LARGE { Ok(()) } else { self.spend_many(bytes / 16) }
    }

    /// Spends for `bytes` of text that are made or looked through at once, unless they are few.
    ///
    /// # Errors
    /// As [`Cx::spend`], and if so many bytes more are beyond the limit of this process.
    #[inline]
    pub fn spend_text(self, bytes: usize) -> LuaResult<()> {
        if bytes < crate::heap::counted::LARGE {
            Ok(())
        } else {
            crate::process::budget::spend_text(self, bytes)
        }
    }

    /// What functions that may recurse start with: room on the stack, and a unit of the budget.
    ///
    /// # Errors
    /// As [`Cx::check_stack`] and [`Cx::spend`].
    #[inline(never)]
    pub fn enter(self) -> LuaResult<()> {
        self.enter_inlined()
    }

    /// As [`Cx::enter`], for functions that call themselves.
    ///
    /// # Errors
    /// As [`Cx::check_stack`] and [`Cx::spend`].
    #[inline(always)]
    pub fn enter_inlined(self) -> LuaResult<()> {
        self.check_stack()?;
        self.spend()
    }

    /// What is left of the budget.
    #[cfg(test)]
    pub(crate) fn budget(self) -> u32 {
        self.context().budget.get()
    }

    /// The budget itself, for an alarm (`heap/counted`).
    pub(crate) fn budget_cell(&self) -> &Cell<u32> {
        &self.context().budget
    }

    /// What the budget was when it was last set by [`Cx::set_span`].
    pub(crate) fn span(self) -> u16 {
        self.context().span.get()
    }

    /// So much may be spent until the next look around.
    pub(crate) fn set_span(self, span: u16) {
        self.context().span.set(span);
        self.set_budget(span.into());
    }

    pub(crate) fn set_budget(self, budget: u32) {
        self.context().budget.set(budget);
    }

    /// Whether the process is being ended while its code runs.
    pub fn is_dying(self) -> bool {
        self.context().process.is_dying()
    }
}
