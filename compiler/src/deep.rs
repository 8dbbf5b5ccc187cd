//! A large stack for what recurses: full_moon, the walks over its tree, and the drop of that tree.

use std::cell::Cell;

/// Reserved, not used: the kernel maps what is touched. The longest chains the pre-pass lets through
/// (`MAX_OPERATORS`) need a third of it in an unoptimised build.
const STACK: usize = 256 * 1024 * 1024;

thread_local! {
    /// This thread already has the large stack.
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` where it may recurse deeply: here, if this thread has a large stack already, else on
/// a thread of its own. Callers that do many such things wrap them all in one call.
pub fn with_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if IS_DEEP.get() {
        return work();
    }
    std::thread::scope(|scope| {
        let marked = move || {
            IS_DEEP.set(true);
            work()
        };
        // A machine that cannot reserve the stack is out of address space or threads.
        #[expect(clippy::expect_used, reason = "there is no other way to go on")]
        let thread = std::thread::Builder::new()
            .name("deep".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, marked)
            .expect("a thread with a large stack");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(levels: u32) -> u32 {
        // The array keeps the compiler from turning this into a loop.
        let filler = std::hint::black_box([0u8; 1024]);
        if levels == 0 { u32::from(filler[0]) } else { depth(levels - 1) + 1 + u32::from(filler[1]) }
    }

    #[test]
    fn deep_work_has_room_and_nests() {
        assert_eq!(with_deep_stack(|| depth(100_000) + with_deep_stack(|| depth(100_000))), 200_000);
    }
}
