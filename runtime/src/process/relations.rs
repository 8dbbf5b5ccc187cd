//! Who watches whom. A process keeps its own side of every relation, so no lock spans two of them;
//! the other side hears of changes by signals.

use smallvec::SmallVec;

use crate::process::exit::Exit;
use crate::process::external::Completer;
use crate::process::peers::Peers;
use crate::process::pid::Pid;
use crate::sched::Identity;

/// Who learns of a process's end, whatever it is.
pub enum Watcher {
    /// A process: by an EXIT event.
    Process(Pid),
    /// The program around the processes.
    Host(Box<dyn FnOnce(Exit) + Send>),
    /// A task that waits for the result: `process.exec`, `funcs.call`.
    Caller(Completer),
}

/// The relations of one process.
#[derive(Default)]
pub struct Relations {
    pub watchers: SmallVec<[Watcher; 1]>,
    /// Whom this process monitors.
    pub monitors: Peers,
    /// With whom it is linked.
    pub links: Peers,
}

impl Relations {
    pub fn unwatch(&mut self, watcher: Identity) {
        self.watchers.retain(|known| match known {
            Watcher::Process(pid) => pid.identity != watcher,
            Watcher::Host(_) | Watcher::Caller(_) => true,
        });
    }

    pub fn is_empty(&self) -> bool {
        self.watchers.is_empty() && self.monitors.is_empty() && self.links.is_empty()
    }
}
