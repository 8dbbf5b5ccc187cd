//! Where a process may suspend, which coroutine runs, and how deep calls of libraries are nested.

use std::cell::Cell;

use super::Cx;
use crate::error::LuaResult;
use crate::value::Value;

/// Whether a blocking operation may suspend, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspension {
    Allowed,
    /// At the top level of a chunk, where no task runs.
    OutsideTask,
    /// Inside a callback of `sort`, `gsub` or `__tostring`.
    InCallback,
}

impl Suspension {
    /// The error an attempt to suspend raises.
    pub fn message(self) -> &'static str {
        match self {
            Suspension::InCallback => "attempt to yield across a C-call boundary",
            Suspension::Allowed | Suspension::OutsideTask => "attempt to yield from outside a coroutine",
        }
    }
}

/// Restores the suspension rules when a callback, a coroutine or a task's turn ends.
pub struct SuspensionGuard {
    cx: Cx,
    suspension: Suspension,
    can_yield: bool,
    /// The coroutine that ran before, if this turn changed it.
    coroutine: Option<Value>,
}

impl SuspensionGuard {
    fn new(cx: Cx) -> SuspensionGuard {
        let (suspension, can_yield) = (cx.context().suspension.get(), cx.context().can_yield.get());
        SuspensionGuard { cx, suspension, can_yield, coroutine: None }
    }
}

impl Drop for SuspensionGuard {
    fn drop(&mut self) {
        let context = self.cx.context();
        context.suspension.set(self.suspension);
        context.can_yield.set(self.can_yield);
        if let Some(coroutine) = self.coroutine.take() {
            let extra = context.extra();
            extra.coroutine_depth.set(extra.coroutine_depth.get().saturating_sub(1));
            drop(extra.coroutine.replace(coroutine));
        }
    }
}

/// Counts one nested call for as long as it lives.
pub struct Nested<'a>(&'a Cell<u16>);

impl<'a> Nested<'a> {
    /// `None` when there are too many.
    fn enter(depth: &'a Cell<u16>, limit: u16) -> Option<Nested<'a>> {
        if depth.get() >= limit {
            return None;
        }
        depth.set(depth.get() + 1);
        Some(Nested(depth))
    }
}

impl Drop for Nested<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

impl Cx {
    /// Whether a blocking operation may suspend here.
    pub fn may_suspend(self) -> bool {
        self.context().suspension.get() == Suspension::Allowed
    }

    /// Every blocking operation asks first, before it registers anywhere.
    ///
    /// # Errors
    /// The text for the place where nothing may suspend.
    pub fn check_suspension(self) -> LuaResult<()> {
        match self.context().suspension.get() {
            Suspension::Allowed => Ok(()),
            refused => Err(self.throw_text(refused.message())),
        }
    }

    /// Sets the rule for what runs until the guard is dropped. Inside a region that forbids
    /// suspension already, the outer reason stays. Tasks are polled with `Allowed`.
    pub fn forbid_suspension(self, rule: Suspension) -> SuspensionGuard {
        let guard = SuspensionGuard::new(self);
        if guard.suspension == Suspension::Allowed {
            self.context().suspension.set(rule);
        }
        self.context().can_yield.set(false);
        guard
    }

    /// A task is about to be polled: it may suspend. No coroutine runs between tasks.
    #[inline]
    pub fn begin_task(self) {
        self.context().suspension.set(Suspension::Allowed);
    }

    /// The poll of a task is over.
    #[inline]
    pub fn end_task(self) {
        self.context().suspension.set(Suspension::OutsideTask);
    }

    /// Around one stretch of a manual coroutine: it may yield, and it may block if its resumer may.
    pub(crate) fn enter_coroutine(self, coroutine: Value, may_block: bool) -> SuspensionGuard {
        let mut guard = SuspensionGuard::new(self);
        if !may_block && guard.suspension == Suspension::Allowed {
            self.context().suspension.set(Suspension::OutsideTask);
        }
        self.context().can_yield.set(true);
        let extra = self.context().extra();
        extra.coroutine_depth.set(extra.coroutine_depth.get().saturating_add(1));
        guard.coroutine = Some(extra.coroutine.replace(coroutine));
        guard
    }

    /// How many manual coroutines run or wait for one that they have resumed.
    pub(crate) fn coroutine_depth(self) -> u16 {
        self.context().extra.get().map_or(0, |extra| extra.coroutine_depth.get())
    }

    /// The manual coroutine that runs; nil in the body of a task.
    pub(crate) fn coroutine(self) -> Value {
        self.context().extra.get().map(|extra| extra.coroutine.get()).unwrap_or_default()
    }

    /// An address that tells the running coroutine, or the process where none runs, from others.
    pub(crate) fn thread_address(self) -> usize {
        self.with_coroutine(|running| match running.object() {
            Some(coroutine) => coroutine.addr().get(),
            None => self.0.addr().get(),
        })
    }

    /// Shows `work` the manual coroutine that runs, or nil. It must not ask for it, nor resume another.
    pub(crate) fn with_coroutine<R>(self, work: impl FnOnce(&Value) -> R) -> R {
        match self.context().extra.get() {
            Some(extra) => extra.coroutine.with(work),
            None => work(&Value::NIL),
        }
    }

    /// Whether the running coroutine may yield here.
    pub(crate) fn can_yield(self) -> bool {
        self.context().can_yield.get()
    }

    /// Counts a nested tail await; `None` when there are too many.
    pub(crate) fn enter_tail_await<'a>(self, limit: u16) -> Option<Nested<'a>> {
        Nested::enter(&self.context().tail_awaits, limit)
    }

    /// Counts a nested call that a library function makes; `None` when there are too many.
    pub(crate) fn enter_callback<'a>(self, limit: u16) -> Option<Nested<'a>> {
        Nested::enter(&self.context().callbacks, limit)
    }
}
