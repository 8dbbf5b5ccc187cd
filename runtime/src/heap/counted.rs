//! What is counted as it comes and goes, because a walk over a process's containers (`measure`) would
//! not find it, or too late: large strings, of which some are held by local variables alone; the
//! buffers of channels; tasks; messages that wait.
//!
//! It is added up for the thread that makes or frees it. Whoever cares (`process/meter`) sets the sum
//! when a turn begins and reads it when the turn ends; what another process does in between stands
//! [`aside`]. Who must not wait until then sets an [`alarm`].

use std::cell::Cell;
use std::ptr::NonNull;

/// Strings of this many bytes and more are counted.
pub const LARGE: usize = 1024;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    static ALARM: Cell<Option<Alarm>> = const { Cell::new(None) };
}

/// What happens when the sum of this thread exceeds a limit: the budget is used up, so that the running
/// process looks around at once, be the calls that make large texts ever so few.
#[derive(Clone, Copy)]
struct Alarm {
    limit: i64,
    budget: NonNull<Cell<u32>>,
}

/// Sets the alarm of this thread, for as long as the process with this budget runs.
///
/// # Safety
/// [`no_alarm`] is called before the budget goes away.
pub unsafe fn alarm(limit: i64, budget: &Cell<u32>) {
    ALARM.set(Some(Alarm { limit, budget: NonNull::from(budget) }));
}

/// The process no longer runs.
pub fn no_alarm() {
    ALARM.set(None);
}

/// The process that runs with an alarm may hold so many bytes from now on.
pub fn set_alarm_limit(limit: i64) {
    if let Some(alarm) = ALARM.get() {
        ALARM.set(Some(Alarm { limit, ..alarm }));
    }
}

/// The sum on this thread: what was made, less what was freed.
pub fn held() -> i64 {
    HELD.get()
}

pub fn set_held(bytes: i64) {
    HELD.set(bytes);
}

#[cold]
pub fn add(bytes: usize) {
    let held = HELD.get().wrapping_add_unsigned(bytes as u64);
    HELD.set(held);
    if let Some(alarm) = ALARM.get().filter(|alarm| held > alarm.limit) {
        // SAFETY: whoever set the alarm takes it back before the budget goes away, and this is its thread.
        unsafe { alarm.budget.as_ref() }.set(0);
    }
}

#[cold]
pub fn remove(bytes: usize) {
    HELD.set(HELD.get().wrapping_sub_unsigned(bytes as u64));
}

/// Begins a sum of its own, at 0, which ends when this is dropped.
#[inline]
pub fn aside() -> Aside {
    Aside(HELD.replace(0))
}

/// The sum that goes on when another one ends, by a panic too.
#[must_use]
pub struct Aside(i64);

impl Drop for Aside {
    fn drop(&mut self) {
        HELD.set(self.0);
    }
}

/// Bytes that count for as long as this is kept.
#[derive(Default)]
pub struct Share(usize);

impl Share {
    /// From now on it is so many.
    pub fn set(&mut self, bytes: usize) {
        if bytes != self.0 {
            remove(std::mem::replace(&mut self.0, bytes));
            add(bytes);
        }
    }

    pub fn grow(&mut self, bytes: usize) {
        self.0 += bytes;
        add(bytes);
    }

    pub fn shrink(&mut self, bytes: usize) {
        let less = bytes.min(self.0);
        self.0 -= less;
        remove(less);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// The large strings of a message on its way: they left the sum of the sender's thread, and enter
/// that of the thread where this is dropped, be it the receiver's or one that drops the message.
#[derive(Default)]
pub struct Carried(usize);

impl Carried {
    /// A large string was made for the message.
    #[cold]
    pub fn take(&mut self, bytes: usize) {
        remove(bytes);
        self.0 += bytes;
    }

    pub fn absorb(&mut self, mut other: Carried) {
        self.0 += std::mem::take(&mut other.0);
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        if self.0 != 0 {
            add(self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_beside_a_sum_leaves_it_as_it_was() {
        set_held(5);
        let panicked = std::panic::catch_unwind(|| {
            let _aside = aside();
            add(2000);
            panic!("a bug of ours");
        });
        assert!(panicked.is_err());
        assert_eq!(held(), 5);
        set_held(0);
    }

    #[test]
    fn an_alarm_uses_up_the_budget_when_the_sum_exceeds_its_limit() {
        let _aside = aside();
        let budget = Cell::new(10);
        // SAFETY: taken back below.
        unsafe { alarm(100, &budget) };
        add(100);
        assert_eq!(budget.get(), 10);
        add(1);
        assert_eq!(budget.replace(10), 0);
        set_alarm_limit(200);
        add(99);
        assert_eq!(budget.get(), 10);
        no_alarm();
        add(100);
        assert_eq!(budget.get(), 10);
    }

    #[test]
    fn a_share_counts_for_as_long_as_it_is_kept() {
        let _aside = aside();
        let mut share = Share::default();
        share.grow(100);
        share.grow(20);
        assert_eq!(held(), 120);
        share.shrink(50);
        assert_eq!(held(), 70);
        drop(share);
        assert_eq!(held(), 0);
    }
}
