//! What few processes have, kept apart so that the others take no memory for it.

use rustc_hash::FxHashMap;

use crate::process::early::Early;
use crate::process::exit::Cause;
use crate::process::system::System;
use crate::process::task::Ticket;
use crate::process::upgrade::Upgrade;
use crate::value::Value;

/// What a process does at its end, before anybody is told.
pub type Leave = Box<dyn FnOnce(&System) + Send>;

/// What few processes have.
#[derive(Default)]
pub struct Rare {
    /// Letters that were taken out while code ran, to be handled first.
    pub early: Early,
    /// Waits that the program's stop ends: reads of the terminal.
    pub interruptible: Vec<Ticket>,
    /// `process.upgrade` was called.
    pub upgrade: Option<Upgrade>,
    /// Why it is being ended while its code runs.
    pub dying: Option<Cause>,
    /// It has terminated itself, or given up its code: the running task never goes on.
    pub terminated: bool,
    /// Calls whose results will come, by number.
    pub futures: FxHashMap<u32, Value>,
    /// Of a function's worker: what a call runs.
    pub function: Value,
    /// What `io.args()` gives.
    pub terminal_args: Vec<String>,
    /// The event bus subscriptions and groups it is in, to leave at its end.
    pub leave: Vec<Leave>,
    /// Whether `leave` knows of the event bus.
    pub is_on_bus: bool,
    /// How long its turns took, if that is measured.
    pub run_time: Option<std::time::Duration>,
    /// When the running turn began, if that is measured.
    pub turn_begun: Option<std::time::Instant>,
    /// `time.utc` and `time.localtz`, made once.
    pub zones: [Value; 2],
    /// The scopes of groups that `leave` knows of.
    pub scopes: Vec<&'static str>,
}
