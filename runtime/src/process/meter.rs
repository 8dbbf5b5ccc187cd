//! The memory of processes whose host limits it (`host.max_memory`).
//!
//! What a process takes is found by a walk over its containers, plus what is counted as it comes and
//! goes (`heap/counted`). A walk takes time, so it happens when enough was made or done since the last
//! one: a process may exceed its limit for a moment, by about half. A process without a limit pays
//! nothing; that of a script is asked what it takes (`collectgarbage("count")`), but has no limit.

use std::cell::Cell;

use crate::cx::Cx;
use crate::heap::Tally;
use crate::heap::counted::{self, LARGE};
use crate::process::exit::{Cause, Outcome};
use crate::process::run::Ended;

/// So many loop turns one turn of a process counts for.
const TURN: u32 = 64;
/// Containers that are looked at between two of them cost less than making one.
const FEW: u64 = 1024;

/// The limit of one process and what its last walk found.
pub struct Meter {
    limit: u64,
    /// What is counted, while it does not run.
    counted: Cell<i64>,
    /// Everything else, when it was last looked at.
    walked: Cell<u64>,
    /// How long that took, in containers.
    looks: Cell<u64>,
    /// The heap's count of made containers then.
    made: Cell<u64>,
    /// Loop turns since.
    done: Cell<u64>,
}

impl Meter {
    pub fn new(limit: u64) -> Meter {
        let zero = || Cell::new(0);
        Meter { limit, counted: Cell::new(0), walked: zero(), looks: zero(), made: zero(), done: zero() }
    }

    /// Counts only.
    pub fn without_limit() -> Meter {
        Meter::new(u64::MAX)
    }

    pub(crate) fn note_counted(&self) {
        self.counted.set(counted::held());
    }

    /// Whether the process takes too much, as far as is known.
    fn is_exceeded(&self, cx: Cx, done: u32) -> bool {
        if self.limit == u64::MAX {
            return false;
        }
        self.done.set(self.done.get() + u64::from(done));
        let made = cx.heap().made().wrapping_sub(self.made.get());
        let looks = self.looks.get();
        if made > looks / 2 + FEW || self.done.get() > looks * 4 {
            self.walk(cx);
        }
        if self.sum() <= self.limit {
            return false;
        }
        // Garbage does not count.
        cx.heap().collect();
        self.walk(cx);
        self.sum() > self.limit
    }

    fn walk(&self, cx: Cx) {
        let tally = walk(cx, LARGE);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of sizes")]
        self.walked.set(tally.bytes() as u64);
        self.looks.set(tally.looks() as u64);
        self.made.set(cx.heap().made());
        self.done.set(0);
        counted::set_alarm_limit(self.room());
    }

    /// How much may be counted before the limit is exceeded.
    fn room(&self) -> i64 {
        i64::try_from(self.limit.saturating_sub(self.walked.get())).unwrap_or(i64::MAX)
    }

    fn sum(&self) -> u64 {
        self.walked.get().saturating_add_signed(counted::held().max(0))
    }
}

/// What a walk over all that the process has finds, without strings of `below` bytes and more.
fn walk(cx: Cx, below: usize) -> Tally {
    let mut tally = cx.heap().measure(below);
    cx.process().weigh(&mut tally);
    tally
}

/// Looks after some work of the running process whether it takes too much.
pub fn look(cx: Cx, done: u32) -> Option<Cause> {
    let meter = cx.process().meter.as_deref()?;
    meter.is_exceeded(cx, done).then_some(Cause::Memory(meter.limit))
}

/// Whether `more` bytes at once would be too much for the running process.
pub fn refuses(cx: Cx, more: usize) -> Option<Cause> {
    let meter = cx.process().meter.as_deref()?;
    let is_too_much = meter.sum().saturating_add(more as u64) > meter.limit && {
        meter.walk(cx);
        meter.sum().saturating_add(more as u64) > meter.limit
    };
    is_too_much.then_some(Cause::Memory(meter.limit))
}

/// Runs one turn of a process on its own sum of what is counted, and ends it if it takes too much.
#[inline]
pub fn turn(cx: Cx, run: impl FnOnce() -> Ended) -> Ended {
    let Some(meter) = cx.process().meter.as_deref() else { return run() };
    counted::set_held(meter.counted.get());
    // SAFETY: taken back when the turn ends, by a panic too (`worker::guarded`).
    unsafe { counted::alarm(meter.room(), cx.budget_cell()) };
    let ended = run();
    counted::no_alarm();
    let ended = match ended {
        Ended::No | Ended::Again if meter.is_exceeded(cx, TURN) => {
            Ended::Yes(Box::new(Outcome::forced(Cause::Memory(meter.limit))))
        }
        ended => ended,
    };
    meter.note_counted();
    ended
}

/// Runs what makes or frees values of a process at rest.
pub fn between_turns<R>(cx: Cx, run: impl FnOnce() -> R) -> R {
    let _aside = counted::aside();
    if let Some(meter) = cx.process().meter.as_deref() {
        counted::set_held(meter.counted.get());
    }
    let result = run();
    cx.process().note_counted();
    result
}

/// The bytes that a process at rest takes, as far as they are known: without a meter, strings that only
/// its variables hold are not.
pub fn used(cx: Cx) -> f64 {
    match cx.process().meter.as_deref() {
        None => walk(cx, usize::MAX).bytes(),
        Some(meter) => walk(cx, LARGE).bytes() + as_float(meter.counted.get()),
    }
}

/// The bytes that the running process takes.
pub fn used_now(cx: Cx) -> f64 {
    if let Some(meter) = cx.process().meter.as_deref() {
        meter.note_counted();
    }
    used(cx)
}

#[expect(clippy::cast_precision_loss, reason = "a sum of sizes is far below 2^53")]
fn as_float(counted: i64) -> f64 {
    counted.max(0) as f64
}

const UNITS: [(&str, u32); 4] = [("GB", 30), ("MB", 20), ("KB", 10), ("B", 0)];

/// `64MB`, `1.5 GB`, `4096`: how many bytes that is. A KB has 1024.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let unit = UNITS.iter().find(|(unit, _)| text.to_ascii_uppercase().ends_with(unit));
    let (number, shift) = unit.map_or((text, 0), |(unit, shift)| {
        (text.get(..text.len() - unit.len()).unwrap_or_default().trim_end(), *shift)
    });
    let number: f64 = number.parse().ok()?;
    let bytes = number * f64::from(1u32 << shift);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    (0.0..9e15).contains(&bytes).then_some(bytes as u64)
}

/// The shortest exact text of a number of bytes.
pub fn text(bytes: u64) -> String {
    let fits = |(_, shift): &&(&str, u32)| bytes != 0 && bytes.is_multiple_of(1 << *shift);
    match UNITS.iter().find(fits) {
        Some((unit, shift)) => format!("{}{unit}", bytes >> shift),
        None => format!("{bytes}B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (given, bytes, written) in [
            ("64MB", 64 << 20, "64MB"),
            ("64 mb", 64 << 20, "64MB"),
            ("1.5GB", 1536 << 20, "1536MB"),
            ("10KB", 10 << 10, "10KB"),
            ("4097", 4097, "4097B"),
            ("12B", 12, "12B"),
        ] {
            assert_eq!(parse(given), Some(bytes), "{given}");
            assert_eq!(text(bytes), written);
        }
        for wrong in ["", "MB", "-1MB", "many", "1TB", "1e300GB"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
