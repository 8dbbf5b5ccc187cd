//! Processes: identity, mailbox, run loop, exit.

/// The part of a process's context that the process world needs.
#[derive(Default)]
pub struct ProcessState {}

impl ProcessState {
    /// Drops every value it holds: the process is ending.
    pub(crate) fn clear(&self) {}
}
