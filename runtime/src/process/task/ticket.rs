//! The ticket of a wait: whoever completes the wait shows it.

use super::TaskId;

/// One wait of one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub task: TaskId,
    number: u32,
}

impl Ticket {
    /// The place of a future, which no task has.
    const FUTURE: TaskId = u32::MAX;

    #[inline(always)]
    pub(crate) fn new(task: TaskId, number: u32) -> Ticket {
        Ticket { task, number }
    }

    #[inline(always)]
    pub(crate) fn number(self) -> u32 {
        self.number
    }

    /// Names the future of that number instead of a task.
    pub fn of_future(number: u32) -> Ticket {
        Ticket { task: Self::FUTURE, number }
    }

    pub fn future(self) -> Option<u32> {
        (self.task == Self::FUTURE).then_some(self.number)
    }

    /// As one word, for timers.
    pub fn bits(self) -> u64 {
        u64::from(self.task) << 32 | u64::from(self.number)
    }

    pub fn from_bits(bits: u64) -> Ticket {
        let number = u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0);
        Ticket { task: u32::try_from(bits >> 32).unwrap_or(0), number }
    }
}
