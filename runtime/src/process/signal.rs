//! Everything a process can be told from outside. Signals are handled before the body runs.

use std::any::Any;
use std::sync::Arc;

use crate::process::details::Inquiry;
use crate::process::exit::{Cause, ExitError};
use crate::process::pid::Pid;
use crate::process::task::Ticket;
use crate::process::topic::Topic;
use crate::sched::Identity;
use crate::transfer::Graph;

/// The closed set of signals. The tag takes a word, so that what is behind it is moved in whole words: narrow
/// stores that wide loads follow cost more than a few bytes (docs/decisions/0006).
#[repr(u64)]
pub enum Signal {
    /// A message: `process.send`. Without a sender the host made it.
    Message {
        from: Option<Pid>,
        topic: Topic,
        payload: Graph,
    },
    /// A watched process ended.
    Exit {
        from: Pid,
        result: ExitResult,
    },
    /// A linked process failed.
    LinkDown {
        from: Pid,
        /// Shared by all it is told.
        error: Arc<ExitError>,
    },
    /// Please stop. Shared by all who are asked at once.
    Cancel(Arc<Cancel>),
    /// Stop now.
    Terminate(Cause),
    /// A timer of this process is due.
    Timer(u64),
    /// An operation outside the process is done.
    External {
        ticket: Ticket,
        value: Box<dyn Any + Send>,
    },
    /// Another process wants to know when this one ends, or no longer.
    Watch(Pid),
    Unwatch(Identity),
    /// Another process wants to fail with this one, or no longer.
    Link(Pid),
    Unlink(Identity),
    /// A person asks what the process is like (`report`).
    Inquire(Inquiry),
}

impl Signal {
    #[inline(always)]
    pub fn is_message(&self) -> bool {
        matches!(self, Signal::Message { .. })
    }

    /// Whether another process changes a relation with it (`Relations::hear`).
    pub fn relates(&self) -> bool {
        matches!(self, Signal::Watch(_) | Signal::Unwatch(_) | Signal::Link(_) | Signal::Unlink(_))
    }
}

/// A request to stop.
pub struct Cancel {
    pub from: Origin,
    pub reason: Vec<u8>,
    /// It is the program's stop, which also ends pending reads of the terminal.
    pub is_shutdown: bool,
}

/// Who asks.
pub enum Origin {
    Process(Pid),
    /// The program around the processes, under this name.
    Host(String),
}

/// How a watched process ended, as its watcher is told.
pub type ExitResult = Result<Graph, Box<ExitError>>;
