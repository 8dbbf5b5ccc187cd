//! Whether to take work from another core, learnt from what came of it before.
//!
//! Moving a process costs about as much as a short turn: its memory is in the cache of the core it comes from. That
//! pays where turns are long, or where those who were moved go on working here, as two who talk to each other do. It
//! does not where they are woken from the old core again and again, and wait again at once.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What one slot that was taken must have given to do, in nanoseconds.
const PAYS: u64 = 2_000;
/// For so long, in nanoseconds, work must wait after one disappointment, and at most.
const FIRST: u32 = 8_000;
const MOST: u32 = 256_000;
/// After so many nanoseconds it is tried for half of that again.
const FORGOTTEN: u64 = 2_000_000;

/// For how long work must wait at its own core before another takes some of it.
#[derive(Default)]
pub struct Worth {
    /// In nanoseconds.
    bar: AtomicU32,
    /// When that was last changed, in nanoseconds since the start of the program.
    changed: AtomicU64,
}

impl Worth {
    /// Whether another core shall be woken for so many slots, at a core whose turns take `pace` nanoseconds.
    pub fn is_enough(&self, slots: usize, pace: u32) -> bool {
        slots as u64 * u64::from(pace) >= u64::from(self.bar.load(Ordering::Relaxed))
    }

    /// So many slots stay at a core whose turns take `pace` nanoseconds; zero if that is not known.
    pub fn leaves(&self, pace: u32) -> usize {
        self.bar.load(Ordering::Relaxed).checked_div(pace).unwrap_or(0) as usize
    }

    /// So many slots that were taken kept their new core busy for `span` nanoseconds, until `now`.
    pub fn learn(&self, slots: u64, span: u64, now: u64) {
        let bar = self.bar.load(Ordering::Relaxed);
        let next = if span < slots * PAYS { (bar * 2).clamp(FIRST, MOST) } else { lower(bar) };
        self.set(next, now);
    }

    /// What was learnt long ago counts less.
    pub fn forget(&self, now: u64) {
        let bar = self.bar.load(Ordering::Relaxed);
        if bar != 0 && now.saturating_sub(self.changed.load(Ordering::Relaxed)) > FORGOTTEN {
            self.set(lower(bar), now);
        }
    }

    /// If two do so at once, one of them is not heard.
    fn set(&self, bar: u32, now: u64) {
        self.bar.store(bar, Ordering::Relaxed);
        self.changed.store(now, Ordering::Relaxed);
    }
}

fn lower(bar: u32) -> u32 {
    if bar <= FIRST { 0 } else { bar / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_disappointed_waits_longer_up_to_a_limit() {
        let worth = Worth::default();
        assert!(worth.is_enough(1, 0) && worth.leaves(100) == 0);
        worth.learn(10, 10 * PAYS - 1, 0);
        assert!(worth.is_enough(80, 100) && !worth.is_enough(79, 100));
        assert_eq!((worth.leaves(100), worth.leaves(0)), (80, 0));
        for now in 0..20 {
            worth.learn(10, 0, now);
        }
        assert_eq!(worth.leaves(1), MOST as usize);
    }

    #[test]
    fn what_pays_and_what_is_long_ago_lower_the_bar() {
        let worth = Worth::default();
        (0..3).for_each(|now| worth.learn(1, 0, now));
        assert_eq!(worth.leaves(1), 32_000);
        worth.learn(10, 10 * PAYS, 3);
        assert_eq!(worth.leaves(1), 16_000);
        worth.forget(3 + FORGOTTEN);
        assert_eq!(worth.leaves(1), 16_000);
        worth.forget(4 + FORGOTTEN);
        worth.forget(4 + FORGOTTEN);
        assert_eq!(worth.leaves(1), 8_000);
        worth.forget(5 + 2 * FORGOTTEN);
        assert_eq!(worth.leaves(1), 0);
    }
}
