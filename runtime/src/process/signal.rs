//! Everything a process can be told from outside. Signals are handled before the body runs.

use std::any::Any;

use crate::process::exit::{Cause, ExitError};
use crate::process::task::Ticket;
use crate::sched::Identity;
use crate::transfer::Graph;

/// A PID on its way: its text and, when it is a live process of this system, its identity.
#[derive(Clone, Debug, Default)]
pub struct Sender {
    pub text: String,
    pub identity: Option<Identity>,
}

/// The closed set of signals.
pub enum Signal {
    /// A message: `process.send`.
    Message {
        from: Sender,
        topic: Box<str>,
        payload: Graph,
    },
    /// A watched process ended.
    Exit {
        from: Sender,
        result: ExitResult,
    },
    /// Please stop. `shutdown` also ends pending reads of the terminal.
    Cancel {
        from: String,
        reason: String,
        shutdown: bool,
    },
    /// Stop now.
    Terminate(Cause),
    /// Timer `id` of this process is due.
    Timer(u64),
    /// An operation outside the process is done.
    External {
        ticket: Ticket,
        value: Box<dyn Any + Send>,
    },
    /// Another process wants to know when this one ends, or no longer.
    Watch {
        watcher: Sender,
    },
    Unwatch {
        watcher: Identity,
    },
}

/// How a watched process ended, as its watcher is told.
pub type ExitResult = Result<Graph, ExitError>;
