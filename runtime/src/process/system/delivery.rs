//! How signals and messages reach the mailbox of a process.

use super::{Failure, System};
use crate::process::exit::ExitError;
use crate::process::host::{Host, HostState};
use crate::process::pid::Pid;
use crate::process::signal::Signal;
use crate::sched::mailbox::{Posted, Pushed};
use crate::sched::slot::Letter;
use crate::sched::{Identity, Slot};

impl System {
    /// Sends a signal. False if the process has ended: it will never see it.
    pub fn signal(&self, to: Identity, signal: Signal) -> bool {
        self.slot(to).is_some_and(|slot| self.put(slot, to, || signal))
    }

    /// As [`System::signal`], of a signal that is made only for a process that is alive.
    #[inline]
    pub(crate) fn signal_if_alive(&self, to: Identity, signal: impl FnOnce() -> Signal) {
        if let Some(slot) = self.slot(to).filter(|slot| slot.is_alive(to)) {
            self.put(slot, to, signal);
        }
    }

    /// As [`System::put`], of what is made already.
    #[inline(never)]
    pub(crate) fn put_any(&self, slot: &Slot, to: Identity, signal: Signal) -> bool {
        self.put(slot, to, || signal)
    }

    /// Puts a signal into the mailbox of `to`, who lives in `slot`. False if it has ended.
    #[inline(always)]
    pub(crate) fn put(&self, slot: &Slot, to: Identity, signal: impl FnOnce() -> Signal) -> bool {
        match slot.push(to, signal) {
            Pushed::Wake => {
                self.scheduler.push(to.slot());
                true
            }
            Pushed::Quiet => true,
            Pushed::Refused(_) => false,
        }
    }

    /// Sends a message, unless the receiver has too many.
    ///
    /// # Errors
    /// The process has ended, its host is stopping, its mailbox is full.
    pub fn message(&self, to: Identity, message: Signal) -> Result<(), Failure> {
        let gone = || Failure::new("NotFound", "process not found");
        let slot = self.slot(to).filter(|slot| slot.is_alive(to)).ok_or_else(gone)?;
        let host = self.host(slot.host()).ok_or_else(gone)?;
        if host.state() == HostState::Stopping {
            return Err(Failure::new("Unavailable", "host is shutting down"));
        }
        count_message(slot, host)?;
        if self.put(slot, to, || message) { Ok(()) } else { Err(gone()) }
    }

    /// The slot of a process that is there and takes any message.
    #[inline(always)]
    pub(crate) fn receiver(&self, to: Identity) -> Option<&Slot> {
        let slot = self.slot(to).filter(|slot| slot.is_alive(to))?;
        if self.hosts.have_rules() && !self.takes_any(slot) { None } else { Some(slot) }
    }

    #[inline(never)]
    fn takes_any(&self, slot: &Slot) -> bool {
        let host = self.host(slot.host());
        host.is_some_and(|host| host.state() != HostState::Stopping && host.limits.max_mailbox.is_none())
    }

    /// Puts a message into the mailbox of `to`, whom [`System::receiver`] has found in `slot`. False if it has
    /// ended meanwhile: the message is gone.
    #[inline(always)]
    pub(crate) fn post(&self, slot: &Slot, to: Identity, message: impl FnOnce() -> Signal) -> bool {
        match slot.post(to, message) {
            Posted::Wake => self.scheduler.push(to.slot()),
            Posted::Quiet => {}
            Posted::Refused => return false,
        }
        true
    }

    /// Counts a message for a process whose host limits how many may wait.
    ///
    /// # Errors
    /// Too many wait already.
    pub(crate) fn count_message(&self, to: Identity) -> Result<(), Failure> {
        let slot = self.slot(to);
        match slot.and_then(|slot| Some((slot, self.host(slot.host())?))) {
            Some((slot, host)) => count_message(slot, host),
            None => Ok(()),
        }
    }

    /// A message that was counted has been read.
    pub(crate) fn uncount_message(&self, reader: Identity) {
        let slot = self.slot(reader);
        let is_limited =
            |slot: &&Slot| self.host(slot.host()).is_some_and(|host| host.limits.max_mailbox.is_some());
        if let Some(slot) = slot.filter(is_limited) {
            slot.uncount_message();
        }
    }

    /// A letter that its addressee did not live to read. Whoever asked to be told is told.
    #[cold]
    pub(crate) fn undeliverable(&self, letter: Letter) {
        let from = Pid { identity: letter.to, ..Pid::NONE };
        let gone = || Box::new(ExitError::new("pid not registered", "Internal", Some(false)));
        match letter.signal {
            Signal::Watch(watcher) => {
                self.signal(watcher.identity, Signal::Exit { from, result: Err(gone()) });
            }
            Signal::Link(peer) => {
                self.signal(peer.identity, Signal::LinkDown { from, error: gone().into() });
            }
            _ => {}
        }
    }
}

/// Counts a message for the tenant of `slot`, where `host` limits how many may wait.
#[inline]
fn count_message(slot: &Slot, host: &Host) -> Result<(), Failure> {
    match host.limits.max_mailbox {
        Some(most) if !slot.count_message(most) => {
            Err(Failure::new("Unavailable", format!("host limit reached: max_mailbox = {most}")))
        }
        _ => Ok(()),
    }
}
