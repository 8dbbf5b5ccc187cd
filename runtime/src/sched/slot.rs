//! Slots: where processes live, named by identities that are never mistaken for a later tenant.
//!
//! A slot is never freed. Its generation grows with every tenant, so an [`Identity`] that outlives
//! its process is detected as stale. A letter carries the identity it is meant for, because its
//! sender may have looked just before the tenant changed.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::cx::Context;
use crate::process::host::HostId;
use crate::process::pid::Pid;
use crate::process::run::Process;
use crate::process::signal::Signal;
use crate::sched::mailbox::{self, After, Envelope, Letters, Mailbox, Posted, Pushed};
use crate::sched::near;
use crate::transfer::Exclusive;

/// So many bytes of the future of a process's code a turn begins with, about.
const CODE: usize = 256;

/// A process, for as long as the system lives: generation in the high half, slot in the low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(u64);

impl Identity {
    /// No process ever has it.
    pub const NONE: Identity = Identity(0);

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

    /// The slot, as run queues hold it.
    pub fn slot(self) -> u32 {
        u32::try_from(self.index()).unwrap_or(u32::MAX)
    }

    pub fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// A signal, addressed in full.
pub struct Letter {
    pub to: Identity,
    pub signal: Signal,
}

/// The memory of a letter that has been read: a message becomes an object where it lies.
pub type Memory = mailbox::Memory<Letter>;

/// One place for a process.
#[repr(align(64))]
#[derive(Default)]
pub struct Slot {
    pub mailbox: Mailbox<Letter>,
    generation: AtomicU32,
    /// The tenant's host and number, for those who list processes.
    host: AtomicU32,
    number: AtomicU64,
    /// Messages that wait for the tenant, counted where its host limits them.
    waiting: AtomicU32,
    /// Whether the tenant may have a name to give back.
    is_named: AtomicBool,
    /// The address of the text that is the id of the tenant's code, for those who list processes.
    entry: AtomicUsize,
    /// The addresses of the tenant's context and of the code that it runs, as hints where its turn will need
    /// memory: they may be out of date.
    near: [AtomicUsize; 2],
    body: Body,
}

/// The tenant.
#[derive(Default)]
struct Body(UnsafeCell<Option<Exclusive<Process>>>);

// SAFETY: a body is touched only by who keeps everybody else out: the worker whose turn it is (`Turn`),
// who looks at a tenant that does not run (`Look`), or who moves one into a vacant slot. The mailbox sees
// to it, and its exchanges order what one of them did before what the next one does.
unsafe impl Sync for Body {}

/// One turn of a slot's tenant: nobody else touches it.
pub struct Turn<'a>(&'a Slot);

impl Turn<'_> {
    /// The tenant.
    #[inline]
    pub fn process(&mut self) -> Option<&mut Process> {
        // SAFETY: see `Body`; the turn is borrowed for as long.
        unsafe { &mut *self.0.body.0.get() }.as_mut().map(Exclusive::get_mut)
    }

    /// The turn is over.
    #[inline(always)]
    pub fn end(self) -> After {
        self.0.mailbox.end()
    }

    /// The turn was cut short.
    pub fn again(self) {
        self.0.mailbox.again();
    }

    /// The tenant moves out. Its mailbox is to be closed.
    #[inline]
    pub fn evict(self) -> Option<Process> {
        // SAFETY: see `Body`.
        unsafe { &mut *self.0.body.0.get() }.take().map(Exclusive::into_inner)
    }
}

impl Slot {
    /// Starts a new generation, before the tenant is built. Never 0.
    pub fn next_generation(&self) -> u32 {
        self.is_named.store(false, Ordering::Relaxed);
        let next = self.generation.load(Ordering::Acquire).wrapping_add(1).max(1);
        self.generation.store(next, Ordering::Release);
        next
    }

    /// Notes the number of the tenant that is about to move in.
    pub fn set_number(&self, number: u64) {
        self.number.store(number, Ordering::Relaxed);
    }

    /// Moves a tenant in, ready to run: the caller must queue it. Its generation was given out by
    /// [`Slot::next_generation`].
    pub fn occupy(&self, process: Exclusive<Process>, pid: Pid) {
        self.host.store(pid.host.bits(), Ordering::Relaxed);
        self.waiting.store(0, Ordering::Relaxed);
        let mut process = process;
        self.set_entry(process.get_mut().cx().process().entry);
        let addresses = process.get_mut().addresses();
        for (place, address) in self.near.iter().zip(addresses) {
            place.store(address, Ordering::Relaxed);
        }
        // SAFETY: see `Body`: the slot is vacant, and was given to the caller alone.
        let before = unsafe { (*self.body.0.get()).replace(process) };
        debug_assert!(before.is_none());
        // The compiler does not know that there is nothing to drop.
        std::mem::forget(before);
        self.mailbox.open_notified();
    }

    /// `identity` is about to get a name; whether it is alive. If it is, its end sees that there is one
    /// ([`Slot::is_named`]).
    pub fn mark_named(&self, identity: Identity) -> bool {
        self.is_named.store(true, Ordering::Release);
        self.mailbox.touch() && self.is_alive(identity)
    }

    /// Whether the tenant, whose mailbox is closed, may have got a name.
    pub fn is_named(&self) -> bool {
        self.is_named.load(Ordering::Acquire)
    }

    /// Leaks the tenant: the system ends, and what the tenant points to with it.
    ///
    /// # Safety
    /// Nobody else touches the slot any more.
    pub unsafe fn forget_tenant(&self) {
        // SAFETY: by contract.
        if let Some(tenant) = unsafe { &mut *self.body.0.get() }.take() {
            std::mem::forget(tenant);
        }
    }

    /// The tenant's number.
    pub fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }

    /// The tenant's code, by its id.
    pub fn set_entry(&self, id: &'static str) {
        self.entry.store(id.as_ptr().addr(), Ordering::Relaxed);
    }

    /// The address of the id of the tenant's code.
    pub fn entry(&self) -> usize {
        self.entry.load(Ordering::Relaxed)
    }

    /// Asks for the memory that a turn of the tenant begins with: its context, its code, its newest letter.
    #[inline]
    pub fn approach(&self) {
        let [context, code] = &self.near;
        near::ask(context.load(Ordering::Relaxed), size_of::<Context>());
        near::ask(code.load(Ordering::Relaxed), CODE);
        near::ask(self.mailbox.newest_address(), size_of::<Envelope<Letter>>());
    }

    /// Looks at `identity` and the number of its unread messages, unless it is in the middle of a turn
    /// or gone. No turn begins meanwhile.
    pub fn look<R>(&self, identity: Identity, look: impl FnOnce(&Process, usize) -> R) -> Option<R> {
        let looking = self.mailbox.look()?;
        // SAFETY: see `Body`.
        let process = unsafe { &mut *self.body.0.get() }.as_mut()?.get_mut();
        if self.generation.load(Ordering::Acquire) != identity.generation() {
            return None;
        }
        let is_message = |letter: &Letter| matches!(letter.signal, Signal::Message { .. });
        Some(look(process, looking.count(is_message)))
    }

    /// Counts one more waiting message; false if there are `most` already.
    pub fn count_message(&self, most: usize) -> bool {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        if before as usize >= most {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return false;
        }
        true
    }

    /// A counted message waits no longer.
    pub fn uncount_message(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// The host of the tenant.
    #[inline(always)]
    pub fn host(&self) -> HostId {
        HostId::from_bits(self.host.load(Ordering::Relaxed))
    }

    /// Whether the tenant's host is narrow.
    #[inline(always)]
    pub fn is_narrow(&self) -> bool {
        HostId::are_narrow(self.host.load(Ordering::Relaxed))
    }

    /// The living tenant, if there is one. It may have left when this returns.
    pub fn tenant(&self, index: u32) -> Option<Pid> {
        let generation = self.generation.load(Ordering::Acquire);
        let host = HostId::from_bits(self.host.load(Ordering::Relaxed));
        let number = self.number.load(Ordering::Relaxed);
        let pid = Pid { identity: Identity::new(generation, index), number, host };
        self.is_alive(pid.identity).then_some(pid)
    }

    /// Whether `identity` is the tenant, alive.
    #[inline(always)]
    pub fn is_alive(&self, identity: Identity) -> bool {
        self.generation.load(Ordering::Acquire) == identity.generation() && self.mailbox.is_open()
    }

    /// Puts a signal into the mailbox of `to`.
    #[inline(always)]
    pub fn push(&self, to: Identity, signal: impl FnOnce() -> Signal) -> Pushed<Letter> {
        let letter = || Letter { to, signal: signal() };
        if self.generation.load(Ordering::Acquire) == to.generation() {
            self.mailbox.push_with(letter)
        } else {
            Pushed::Refused(letter())
        }
    }

    /// As [`Slot::push`], of a message that is not wanted back, for a tenant who was there a moment ago.
    #[inline(always)]
    pub fn post(&self, to: Identity, message: impl FnOnce() -> Signal) -> Posted {
        self.mailbox.post_with(|| Letter { to, signal: message() })
    }

    /// A turn that a panic has broken off goes on, to its end.
    ///
    /// # Safety
    /// The caller runs the thread whose turn it was.
    pub unsafe fn resume(&self) -> Turn<'_> {
        Turn(self)
    }

    /// Begins a turn of the tenant; the letters that wait for it. None if there is no tenant.
    #[inline(always)]
    pub fn begin(&self) -> Option<(Turn<'_>, Letters<Letter>)> {
        let letters = self.mailbox.begin()?;
        Some((Turn(self), letters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_one_cache_line() {
        assert_eq!(size_of::<Slot>(), 64);
    }

    #[test]
    fn an_earlier_tenant_gets_no_letters() {
        let slot = Slot::default();
        let old = Identity::new(slot.next_generation(), 0);
        slot.mailbox.open();
        assert!(matches!(slot.push(old, || Signal::Timer(0)), Pushed::Wake));
        assert_eq!(slot.mailbox.close().count(), 1);
        assert!(matches!(slot.push(old, || Signal::Timer(0)), Pushed::Refused(_)));
        let new = Identity::new(slot.next_generation(), 0);
        slot.mailbox.open();
        assert!(matches!(slot.push(old, || Signal::Timer(0)), Pushed::Refused(_)));
        assert!(!slot.is_alive(old) && slot.is_alive(new));
    }
}
