//! Memory that will be needed soon. Where many processes wait for their turns, what a turn touches is in no cache any
//! more; asked for while others run, it is there when the turn begins.

/// The bytes that come together.
const LINE: usize = 64;

/// Asks for so many bytes from that address on, which need not be valid.
#[inline(always)]
pub fn ask(address: usize, bytes: usize) {
    for line in 0..bytes.div_ceil(LINE) {
        ask_for_line(address.wrapping_add(line * LINE));
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn ask_for_line(address: usize) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: a hint, which reads nothing and fails nowhere.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::without_provenance(address)) };
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn ask_for_line(_: usize) {}
