//! The scheduler: slots, run queues, timers and the worker threads that run processes.
//!
//! In reading order: a [`slot`] is where a process lives, with its [`mailbox`], and [`slots`] are all of
//! them; the [`scheduler`] says what runs next, out of the [`queue`]s of [`core`]s; [`timing`] says when
//! timers are due, out of [`wheel`]s, which [`distant`] threads do not touch; a [`worker`] is the thread that
//! does it, on a [`stack`] that it gives back; [`idle`] says who sleeps, a [`bell`] wakes, [`worth`] says for how
//! much; [`spare`] takes over from who is busy; [`turns`] are what the processes of a narrow host share.

pub mod bell;
pub mod core;
pub mod distant;
pub mod idle;
pub mod mailbox;
mod near;
pub mod queue;
#[cfg(test)]
mod queue_tests;
mod rest;
pub mod scheduler;
mod simulation;
pub mod slot;
pub mod slots;
pub mod spare;
pub mod stack;
pub mod sync;
pub mod timing;
pub mod turns;
pub mod wheel;
pub mod worker;
pub mod worth;

pub use scheduler::Scheduler;
pub use slot::{Identity, Slot};
pub use timing::TimerHandle;
