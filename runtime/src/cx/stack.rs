//! How deep the native stack is: a limit that raises `stack overflow`, and one for tail calls, which go back
//! to where they came from before they have taken much.

use super::Cx;
use crate::error::LuaResult;
use crate::sched::stack;

/// So much native stack may tail calls take together before one goes back: it is what a loop of tail calls
/// costs in memory, and thousands of them share the price of going back.
const TAIL_SPAN: usize = 512 * 1024;
/// So much native stack must be left above the limit for an ordinary tail call.
const TAIL_LEAST: usize = 512 * 1024;
/// Lists of so many arguments are long.
pub(crate) const LONG_LIST: usize = 1024;
/// The most that the length of a list times the bytes of stack below it may be: where a recursion hands on a
/// list that grows, the lists of all its levels take about a gigabyte then.
const LISTS: usize = 40_000_000_000;
/// So many bytes of stack do not count for that: a single list may be as long as lists get.
const SHALLOW: usize = 128 * 1024;

impl Cx {
    /// Fails with `stack overflow` when the native stack is nearly used up. Emitted functions that
    /// may recurse start with it.
    ///
    /// # Errors
    /// `stack overflow`.
    #[inline(always)]
    pub fn check_stack(self) -> LuaResult<()> {
        if stack_pointer() < self.context().stack_check.get() { self.attend() } else { Ok(()) }
    }

    /// The stack is used up, or finalizers wait.
    #[cold]
    fn attend(self) -> LuaResult<()> {
        if self.is_stack_used_up() {
            return Err(self.throw_overflow("stack overflow"));
        }
        if self.context().extra.get().is_some_and(|extra| extra.are_lists_long.take()) {
            return Err(self.throw_overflow("stack overflow"));
        }
        crate::stdlib::gc::run_finalizers(self);
        Ok(())
    }

    /// A long list of arguments was made: whether the recursion that hands on such lists is too deep is said
    /// by the function that is called next.
    #[cold]
    pub(crate) fn weigh_list(self, count: usize) {
        if count.saturating_mul(stack::depth().saturating_sub(SHALLOW)) > LISTS {
            self.context().extra().are_lists_long.set(true);
            self.context().stack_check.set(usize::MAX);
        }
    }

    /// Nothing wants attention any more.
    pub(crate) fn calm(self) {
        self.context().stack_check.set(self.context().stack_limit.get());
    }

    /// Whether the native stack is used up.
    #[inline]
    pub(crate) fn is_stack_used_up(self) -> bool {
        stack_pointer() < self.context().stack_limit.get()
    }

    /// Whether a tail call has to go back to where the calls before it came from.
    #[inline]
    pub(crate) fn is_tail_deep(self) -> bool {
        let context = self.context();
        stack_pointer() < context.stack_limit.get().saturating_add(context.tail_reserve.get() as usize)
    }

    /// Runs `work`, whose tail calls may take their span of the stack from here.
    pub(crate) fn with_tail_span<R>(self, work: impl FnOnce() -> R) -> R {
        let context = self.context();
        let left = stack_pointer().saturating_sub(context.stack_limit.get());
        let before = context.tail_reserve.replace(tail_reserve(left));
        let result = work();
        context.tail_reserve.set(before);
        result
    }

    /// Sets how deep the native stack may get, in bytes from here. The worker does so before it runs
    /// a process.
    pub fn set_stack_budget(self, bytes: usize) {
        let limit = stack_pointer().saturating_sub(bytes);
        let context = self.context();
        context.stack_limit.set(limit);
        context.stack_check.set(limit);
        context.tail_reserve.set(tail_reserve(bytes));
    }
}

/// What tail calls leave alone of `left` bytes above the limit.
#[inline(always)]
fn tail_reserve(left: usize) -> u32 {
    u32::try_from(left.saturating_sub(TAIL_SPAN).max(TAIL_LEAST)).unwrap_or(u32::MAX)
}

/// An address near the top of the native stack.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let marker = 0u8;
    std::ptr::from_ref(&marker).addr()
}
