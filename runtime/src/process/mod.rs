//! Processes: identity, mailbox, run loop, exit. `docs/process-contract.md` says what they promise.
//!
//! In reading order: the [`system`] finds, starts and tells processes, which [`pid`] names and
//! [`host`]s run; [`signal`] is all they can be told; [`state`] is what a process keeps; [`task`] runs
//! its coroutines in turn; [`run`] is the one loop; [`mail`] delivers messages to channels; [`exit`]
//! says how processes end and [`finish`] who is told.

pub mod budget;
pub mod bus;
pub mod census;
pub mod context;
mod crew;
pub mod details;
mod early;
pub mod environment;
pub mod exit;
pub mod external;
pub mod finish;
pub mod function;
pub mod groups;
mod home;
pub mod host;
pub mod item;
pub mod mail;
pub mod message;
pub mod meter;
pub mod names;
pub mod payload;
pub mod payloads;
pub mod peers;
pub mod pid;
pub mod places;
pub mod plain;
pub mod rare;
pub mod relations;
pub mod report;
mod roll;
pub mod run;
pub mod signal;
pub mod spawn;
pub mod state;
pub mod subscriptions;
pub mod system;
pub mod target;
pub mod task;
pub mod timers;
pub mod topic;
pub mod upgrade;

pub use state::ProcessState;
