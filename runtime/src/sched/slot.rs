//! Slots: where processes live, named by identities that are never mistaken for a later tenant.
//!
//! A slot is never freed. Its generation grows with every tenant, so an [`Identity`] that outlives
//! its process is detected as stale. `state` is a set of bits that both the owner and the senders
//! change by read-modify-write only: a sender sets NOTIFIED after pushing, and queues the slot if it
//! was idle; the worker swaps in RUNNING before it drains the mailbox, so what was pushed before is
//! seen, and what is pushed later sets NOTIFIED again, which the worker finds when it is done.

use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use crate::process::run::Process;
use crate::process::signal::Signal;
use crate::transfer::Exclusive;

/// A process, for as long as the system lives: generation in the high half, slot in the low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(u64);

impl Identity {
    pub fn new(generation: u32, index: u32) -> Identity {
        Identity(u64::from(generation) << 32 | u64::from(index))
    }

    pub fn from_bits(bits: u64) -> Identity {
        Identity(bits)
    }

    pub fn bits(self) -> u64 {
        self.0
    }

    pub fn index(self) -> usize {
        (self.0 & u64::from(u32::MAX)) as usize
    }

    pub fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

const RUNNING: u32 = 1;
const NOTIFIED: u32 = 2;
const DEAD: u32 = 4;

/// One place for a process.
#[repr(align(64))]
pub struct Slot {
    state: AtomicU32,
    generation: AtomicU32,
    /// The newest letter of a stack that the owner takes whole.
    mailbox: AtomicPtr<Letter>,
    body: Mutex<Option<Exclusive<Box<Process>>>>,
}

/// A signal in a mailbox, addressed in full.
struct Letter {
    to: Identity,
    signal: Signal,
    below: *mut Letter,
}

/// What a worker does with a slot after running it.
#[derive(Debug, PartialEq, Eq)]
pub enum After {
    Idle,
    /// Something came in meanwhile: queue it again.
    Again,
}

impl Default for Slot {
    fn default() -> Slot {
        Slot {
            state: AtomicU32::new(DEAD),
            generation: AtomicU32::new(0),
            mailbox: AtomicPtr::new(ptr::null_mut()),
            body: Mutex::new(None),
        }
    }
}

impl Slot {
    /// Moves a tenant in, idle; its generation was given out by [`Slot::next_generation`].
    pub fn occupy(&self, process: Exclusive<Box<Process>>) {
        *lock(&self.body) = Some(process);
        self.state.swap(0, Ordering::AcqRel);
    }

    /// Starts a new generation, before the tenant is built. Never 0.
    pub fn next_generation(&self) -> u32 {
        let next = self.generation.load(Ordering::Acquire).wrapping_add(1).max(1);
        self.generation.store(next, Ordering::Release);
        next
    }

    /// Whether `identity` is the tenant, alive.
    pub fn is_alive(&self, identity: Identity) -> bool {
        self.generation.load(Ordering::Acquire) == identity.generation()
            && self.state.load(Ordering::Acquire) & DEAD == 0
    }

    /// Puts a signal into the mailbox. True if the caller must queue the slot.
    pub fn push(&self, to: Identity, signal: Signal) -> bool {
        let letter = Box::into_raw(Box::new(Letter { to, signal, below: ptr::null_mut() }));
        let mut top = self.mailbox.load(Ordering::Relaxed);
        loop {
            // SAFETY: the letter is ours until the exchange below succeeds.
            unsafe { (*letter).below = top };
            match self.mailbox.compare_exchange_weak(top, letter, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => break,
                Err(now) => top = now,
            }
        }
        self.notify()
    }

    /// Marks the slot as having something to do. True if the caller must queue it.
    pub fn notify(&self) -> bool {
        self.state.fetch_or(NOTIFIED, Ordering::AcqRel) == 0
    }

    /// The worker begins to run the slot: everything pushed before is seen by the next drain.
    /// False if the tenant is dead.
    pub fn begin(&self) -> bool {
        if self.state.swap(RUNNING, Ordering::AcqRel) & DEAD != 0 {
            self.state.swap(DEAD, Ordering::AcqRel);
            return false;
        }
        true
    }

    /// The worker is done with one turn.
    pub fn end(&self) -> After {
        match self.state.compare_exchange(RUNNING, 0, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => After::Idle,
            Err(_) => {
                self.state.swap(NOTIFIED, Ordering::AcqRel);
                After::Again
            }
        }
    }

    /// Takes every signal for `tenant`, oldest first; letters to earlier tenants are dropped.
    pub fn drain(&self, tenant: Identity) -> Vec<Signal> {
        let mut top = self.mailbox.swap(ptr::null_mut(), Ordering::AcqRel);
        let mut signals = Vec::new();
        while !top.is_null() {
            // SAFETY: the exchange above took the whole chain; each letter came from a Box.
            let letter = unsafe { Box::from_raw(top) };
            top = letter.below;
            if letter.to == tenant {
                signals.push(letter.signal);
            }
        }
        signals.reverse();
        signals
    }

    /// The tenant, for the worker that runs it.
    pub fn body(&self) -> std::sync::MutexGuard<'_, Option<Exclusive<Box<Process>>>> {
        lock(&self.body)
    }

    /// The tenant has ended: nothing schedules this slot until the next one moves in.
    pub fn bury(&self) {
        self.state.swap(DEAD, Ordering::AcqRel);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        drop(self.drain(Identity(0)));
    }
}

/// A poisoned lock still holds consistent data here: every critical section is a few assignments.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_one_cache_line() {
        assert_eq!(size_of::<Slot>(), 64);
    }

    #[test]
    fn a_push_during_a_turn_asks_for_another() {
        let slot = Slot::default();
        let tenant = Identity::new(slot.next_generation(), 0);
        slot.state.store(0, Ordering::Release);
        assert!(slot.push(tenant, Signal::Terminate));
        assert!(!slot.push(tenant, Signal::Terminate));
        assert!(slot.begin());
        assert_eq!(slot.drain(tenant).len(), 2);
        assert!(!slot.push(tenant, Signal::Terminate));
        assert_eq!(slot.end(), After::Again);
        assert!(slot.begin());
        assert_eq!(slot.end(), After::Idle);
    }

    #[test]
    fn letters_to_an_earlier_tenant_are_dropped() {
        let slot = Slot::default();
        let old = Identity::new(slot.next_generation(), 0);
        slot.push(old, Signal::Terminate);
        let new = Identity::new(slot.next_generation(), 0);
        assert!(slot.drain(new).is_empty());
        assert!(!slot.is_alive(old));
    }
}
