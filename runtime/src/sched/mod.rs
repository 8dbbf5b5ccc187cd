//! The scheduler: slots, a run queue, timers and the worker thread that runs processes.
//!
//! One worker for now, behind the interfaces of several: identities, slots, mailboxes and the queue
//! do not assume a single runner.

pub mod mailbox;
pub mod slot;
pub mod sync;
pub mod worker;

pub use slot::{Identity, Slot};
pub use worker::{Queue, TimerHandle};
