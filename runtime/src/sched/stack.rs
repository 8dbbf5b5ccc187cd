//! The native stack of a worker after a deep recursion: the kernel gets back what one process used of it.

use std::cell::Cell;

use crate::cx::stack_pointer;
use crate::sched::worker::STACK;

/// So much stays mapped for the next turns, in bytes. What is above is worth no call of the kernel.
const KEPT: usize = 1024 * 1024;
/// Room at the far end for the thread's own data and the guard, in bytes.
const MARGIN: usize = 2 * 1024 * 1024;

thread_local! {
    static TOP: Cell<usize> = const { Cell::new(0) };
}

/// This thread is a worker: its stack begins here.
pub fn begin() {
    TOP.set(stack_pointer());
}

/// How many bytes of its stack this worker uses; 0 on other threads.
pub fn depth() -> usize {
    TOP.get().saturating_sub(stack_pointer())
}

/// Gives back the pages far below the caller's frame, if there are any. Of a thread with a stack of [`STACK`].
///
/// Without that a single stack overflow would keep its megabytes for as long as the worker lives.
#[cold]
pub fn give_back() {
    let here = stack_pointer();
    let page = page_size();
    let end = (here - KEPT) & !(page - 1);
    let start = (here - (STACK - MARGIN)) & !(page - 1);
    // A stack grows page by page, so whoever went deeper has touched this one.
    if !is_mapped(end - page, page) {
        return;
    }
    // SAFETY: the range lies in the stack of this thread, a private mapping of STACK bytes, `here` being within
    // MARGIN of its upper end, and no frame is alive below the caller's. What the kernel takes reads as zeros.
    unsafe { libc::madvise(std::ptr::without_provenance_mut(start), end - start, libc::MADV_DONTNEED) };
}

fn page_size() -> usize {
    // SAFETY: asks for a number.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

/// Whether the page has memory. Where the kernel does not say, it has none.
fn is_mapped(address: usize, page: usize) -> bool {
    let mut state = [0; 1];
    // SAFETY: `address` begins a page of this thread's stack; the answer for one page is one byte.
    let answer =
        unsafe { libc::mincore(std::ptr::without_provenance_mut(address), page, state.as_mut_ptr()) };
    answer == 0 && state[0] & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Touches so many bytes of the stack.
    #[inline(never)]
    fn dive(bytes: usize) -> u8 {
        let frame = std::hint::black_box([1u8; 64 * 1024]);
        let below = if bytes > frame.len() { dive(bytes - frame.len()) } else { 0 };
        std::hint::black_box(frame)[0].wrapping_add(below)
    }

    #[test]
    fn a_deep_stack_goes_back_to_the_kernel() {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
            let here = stack_pointer();
            let page = page_size();
            let deep = (here - 30 * KEPT) & !(page - 1);
            give_back();
            assert!(!is_mapped(deep, page), "nothing was there");
            dive(40 * KEPT);
            assert!(is_mapped(deep, page), "the dive went past it");
            give_back();
            assert!(!is_mapped(deep, page), "it is the kernel's again");
            dive(40 * KEPT)
        });
        assert!(thread.is_ok_and(|thread| thread.join().is_ok()));
    }
}
