//! The allocator of compiled programs: mimalloc, entered by its short way where that is allowed.
//!
//! The crate's own wrapper always asks for an alignment, which costs some 60 instructions more for
//! each allocation. mimalloc aligns every block that is large enough to 16 bytes by itself.

use std::alloc::{GlobalAlloc, Layout, handle_alloc_error};
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use mimalloc::MiMalloc;

/// mimalloc's `MI_MAX_ALIGN_SIZE`: what it gives without being asked.
const NATURAL: usize = 16;

pub struct Allocator;

/// As `Box::new_uninit`, which is a function that is called to call the allocator.
#[inline(always)]
pub fn room<T>() -> Box<MaybeUninit<T>> {
    const { assert!(size_of::<T>() > 0) };
    // SAFETY: the layout is not empty, and boxes use the same allocator.
    unsafe { Box::from_raw(block(Layout::new::<T>()).as_ptr().cast()) }
}

/// Fresh memory.
///
/// # Safety
/// The layout is not empty.
#[inline(always)]
pub unsafe fn block(layout: Layout) -> NonNull<u8> {
    // SAFETY: by contract.
    let block = unsafe { std::alloc::alloc(layout) };
    NonNull::new(block).unwrap_or_else(|| handle_alloc_error(layout))
}

/// Whether a block of this layout is aligned without being asked to be.
#[inline]
fn is_natural(layout: Layout) -> bool {
    layout.align() <= NATURAL && layout.align() <= layout.size()
}

// SAFETY: all blocks are mimalloc's, which frees and resizes those of either way alike; the short way
// is taken only where its alignment is enough.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract is that of both ways.
        unsafe {
            if is_natural(layout) {
                libmimalloc_sys::mi_malloc(layout.size()).cast()
            } else {
                MiMalloc.alloc(layout)
            }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe {
            if is_natural(layout) {
                libmimalloc_sys::mi_zalloc(layout.size()).cast()
            } else {
                MiMalloc.alloc_zeroed(layout)
            }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { MiMalloc.dealloc(block, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above; a size that keeps the alignment natural.
        unsafe {
            if layout.align() <= NATURAL && layout.align() <= size {
                libmimalloc_sys::mi_realloc(block.cast(), size).cast()
            } else {
                MiMalloc.realloc(block, layout, size)
            }
        }
    }
}
