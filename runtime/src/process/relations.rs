//! Who watches whom. A process keeps its own side of every relation, so no lock spans two of them;
//! the other side hears of changes by signals.

use std::cell::RefCell;

use smallvec::SmallVec;

use crate::process::exit::Exit;
use crate::process::external::Completer;
use crate::process::peers::Peers;
use crate::process::signal::Signal;
use crate::sched::Identity;

/// Who learns of a process's end, whatever it is. Moved in whole words (docs/decisions/0006).
#[repr(u64)]
pub enum Watcher {
    /// A process: by an EXIT event.
    Process(Identity),
    /// The program around the processes.
    Host(Box<dyn FnOnce(Exit) + Send>),
    /// A task that waits for the result: `process.exec`, `funcs.call`.
    Caller(Box<Completer>),
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
    /// The bytes it takes, about.
    pub(crate) fn size(&self) -> usize {
        self.watchers.len() * size_of::<Watcher>()
            + (self.monitors.len() + self.links.len()) * size_of::<Identity>()
    }

    /// The relations a process is born with, if it has any.
    #[inline]
    pub fn boxed(watcher: Option<Watcher>, link: Option<Identity>) -> Option<Box<RefCell<Relations>>> {
        if watcher.is_none() && link.is_none() {
            return None;
        }
        // The memory first, so that all is written where it stays.
        let memory = crate::allocator::room();
        let relations = Relations {
            watchers: watcher.map_or_else(SmallVec::new, |watcher| SmallVec::from_buf([watcher])),
            monitors: Peers::None,
            links: link.map_or(Peers::None, Peers::One),
        };
        Some(Box::write(memory, RefCell::new(relations)))
    }

    /// Changes the own side as another process tells.
    pub fn hear(&mut self, signal: &Signal) {
        match signal {
            Signal::Watch(watcher) => self.watchers.push(Watcher::Process(watcher.identity)),
            Signal::Unwatch(watcher) => self.unwatch(*watcher),
            Signal::Link(peer) => self.links.insert(peer.identity),
            Signal::Unlink(peer) => {
                self.links.remove(*peer);
            }
            _ => {}
        }
    }

    pub fn unwatch(&mut self, watcher: Identity) {
        self.watchers.retain(|known| match known {
            Watcher::Process(known) => *known != watcher,
            Watcher::Host(_) | Watcher::Caller(_) => true,
        });
    }

    pub fn is_empty(&self) -> bool {
        self.watchers.is_empty() && self.monitors.is_empty() && self.links.is_empty()
    }
}
