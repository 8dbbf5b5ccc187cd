//! What a process keeps beside its Lua values: who it is, its tasks, mail, timers and relations.

use std::cell::{Cell, OnceCell, RefCell, RefMut};
use std::sync::Arc;

use crate::cx::Cx;
use crate::heap::Tally;
use crate::held::with;
use crate::process::context::ContextValues;
use crate::process::exit::Cause;
use crate::process::home::Home;
use crate::process::host::{HostId, Limits};
use crate::process::mail::Mail;
use crate::process::meter::Meter;
use crate::process::pid::Pid;
use crate::process::rare::{Leave, Rare};
use crate::process::relations::Relations;
use crate::process::system::System;
use crate::process::task::Tasks;
use crate::process::timers::Timers;
use crate::sched::mailbox::Envelope;
use crate::sched::slot::Letter;
use crate::sched::{Identity, Slot};
use crate::value::Value;

/// The process part of a context. Empty (no system) in unit tests of the language.
pub struct ProcessState {
    pub system: Option<Home>,
    /// Its PID, in parts, as they leave no gap. A worker of a function gets another one with every call.
    identity: Cell<Identity>,
    number: Cell<u64>,
    host: Cell<u32>,
    /// The entry of the running code, `app:worker`.
    pub entry: &'static str,
    pub tasks: Tasks,
    pub mail: Mail,
    pub timers: Timers,
    pub trap_links: Cell<bool>,
    /// It is being ended while its code runs.
    is_dying: Cell<bool>,
    /// The program's stop has begun: reads of the terminal fail at once.
    pub is_shutting_down: Cell<bool>,
    context: Cell<ContextValues>,
    /// Its host limits how many messages may wait, so they are counted.
    counts_messages: bool,
    /// What it may take, if its host limits that.
    pub(crate) meter: Option<Box<Meter>>,
    /// The process whose PID was last made a text, with that text: most messages come from few senders.
    known_pid: Cell<Option<Box<(Identity, Value)>>>,
    relations: OnceCell<Box<RefCell<Relations>>>,
    rare: OnceCell<Box<RefCell<Rare>>>,
}

impl Default for ProcessState {
    fn default() -> ProcessState {
        ProcessState::FRESH
    }
}

impl ProcessState {
    /// The state of nobody.
    #[expect(clippy::declare_interior_mutable_const, reason = "every use of it is a new state")]
    pub(crate) const FRESH: ProcessState = ProcessState {
        system: None,
        identity: Cell::new(Pid::NONE.identity),
        number: Cell::new(Pid::NONE.number),
        host: Cell::new(0),
        entry: "",
        tasks: Tasks::new(),
        mail: Mail::new(),
        timers: Timers::new(),
        trap_links: Cell::new(false),
        is_dying: Cell::new(false),
        is_shutting_down: Cell::new(false),
        context: Cell::new(ContextValues::NONE),
        counts_messages: false,
        meter: None,
        known_pid: Cell::new(None),
        relations: OnceCell::new(),
        rare: OnceCell::new(),
    };

    /// The state of a process that is about to start.
    pub fn new(system: &Arc<System>, pid: Pid, entry: &'static str, context: ContextValues) -> ProcessState {
        let mut state = Self::FRESH;
        state.begin(system, system.host(pid.host).map(|host| &host.limits), pid, entry);
        state.context.set(context);
        state
    }

    /// A fresh state becomes that of a process that is about to start.
    #[inline(always)]
    pub(crate) fn begin(
        &mut self,
        system: &Arc<System>,
        limits: Option<&Limits>,
        pid: Pid,
        entry: &'static str,
    ) {
        self.system = Some(Home::of(system));
        self.set_pid(pid);
        self.entry = entry;
        if let Some(limits) = limits {
            self.counts_messages = limits.max_mailbox.is_some();
            if let Some(limit) = limits.max_memory {
                self.meter = Some(Box::new(Meter::new(limit)));
            }
        }
    }

    /// The relations a fresh process starts with.
    #[inline]
    pub(crate) fn set_relations(&mut self, relations: Option<Box<RefCell<Relations>>>) {
        if let Some(relations) = relations {
            // There were none, which is nothing to drop.
            std::mem::forget(std::mem::replace(&mut self.relations, OnceCell::from(relations)));
        }
    }

    /// What `ctx.get` shall see.
    #[inline]
    pub(crate) fn set_context(&mut self, context: ContextValues) {
        // There were none, which is nothing to drop.
        std::mem::forget(self.context.replace(context));
    }

    /// Whether it holds nothing but the first task, channels of mail, the PID it knows, context values and
    /// relations.
    pub(crate) fn is_plain(&mut self) -> bool {
        let ProcessState {
            system: _,
            identity: _,
            number: _,
            host: _,
            entry: _,
            tasks,
            mail,
            timers,
            trap_links: _,
            is_dying: _,
            is_shutting_down: _,
            context: _,
            counts_messages: _,
            meter,
            known_pid: _,
            relations: _,
            rare,
        } = self;
        tasks.has_no_crew()
            && mail.is_plain()
            && timers.is_untouched()
            && meter.is_none()
            && rare.get().is_none()
    }

    /// Drops the values of a process of which [`ProcessState::is_plain`] is true.
    #[inline]
    pub(crate) fn end_main(&self) {
        self.tasks.end_main();
        self.mail.let_go();
        drop(self.known_pid.take());
    }

    /// Drops what is no value of such a process.
    #[inline]
    pub(crate) fn forget_relations(&mut self) {
        drop(self.context.take());
        drop(self.relations.take());
    }

    #[inline(always)]
    pub fn pid(&self) -> Pid {
        Pid {
            identity: self.identity.get(),
            number: self.number.get(),
            host: HostId::from_bits(self.host.get()),
        }
    }

    fn set_pid(&self, pid: Pid) {
        self.identity.set(pid.identity);
        self.number.set(pid.number);
        self.host.set(pid.host.bits());
    }

    #[inline(always)]
    pub fn identity(&self) -> Identity {
        self.identity.get()
    }

    /// What `ctx.get` sees.
    pub fn context(&self) -> ContextValues {
        with(&self.context, |context| context.clone())
    }

    /// Whether it is being ended while its code runs.
    #[inline(always)]
    pub fn is_dying(&self) -> bool {
        self.is_dying.get()
    }

    /// Why it is being ended while its code runs.
    #[inline(always)]
    pub fn dying(&self) -> Option<Cause> {
        if self.is_dying.get() { self.if_rare(|rare| rare.dying).flatten() } else { None }
    }

    /// It is to be ended for this reason.
    pub fn begin_to_die(&self, cause: Cause) {
        self.rare().dying = Some(cause);
        self.is_dying.set(true);
    }

    /// Whether letters wait in its mailbox.
    #[inline(always)]
    pub(crate) fn has_mail(&self) -> bool {
        self.system.as_ref().is_some_and(|system| self.has_mail_in(system))
    }

    /// As [`ProcessState::has_mail`], in its system.
    #[inline(always)]
    pub(crate) fn has_mail_in(&self, system: &System) -> bool {
        system.slot(self.identity()).is_some_and(|slot| slot.mailbox.has_letters())
            || self.if_rare(|rare| !rare.early.is_empty()).unwrap_or_default()
    }

    /// A message from another process has been read.
    #[inline(always)]
    pub(crate) fn note_read(&self) {
        if self.counts_messages
            && let Some(system) = &self.system
        {
            system.uncount_message(self.identity());
        }
    }

    /// A message from another process that was read waits again.
    pub(crate) fn note_unread(&self) {
        if self.counts_messages
            && let Some(slot) = self.system.as_ref().and_then(|system| system.slot(self.identity()))
        {
            slot.count_message(usize::MAX);
        }
    }

    /// Its PID as text.
    pub fn pid_text(&self) -> String {
        self.system.as_ref().map(|system| system.pid_text(self.pid())).unwrap_or_default()
    }

    /// Its PID as Lua sees it.
    pub fn pid_value(&self) -> Value {
        self.system.as_ref().map(|system| system.pid_value(&self.pid())).unwrap_or_default()
    }

    /// The PID of another process as Lua sees it.
    pub(crate) fn pid_value_of(&self, pid: &Pid) -> Value {
        let mut known = self.known_pid.take();
        let value = match &mut known {
            Some(known) if known.0 == pid.identity => known.1.clone(),
            known => {
                let value = self.system.as_ref().map(|system| system.pid_value(pid)).unwrap_or_default();
                match known {
                    Some(known) => **known = (pid.identity, value.clone()),
                    None => *known = Some(Box::new((pid.identity, value.clone()))),
                }
                value
            }
        };
        self.known_pid.set(known);
        value
    }

    /// The relations, made when first needed.
    pub fn relations(&self) -> RefMut<'_, Relations> {
        self.relations.get_or_init(Box::default).borrow_mut()
    }

    /// How many links it has, and how many processes it monitors.
    pub(crate) fn relation_counts(&self) -> (usize, usize) {
        let Some(relations) = self.relations.get() else { return (0, 0) };
        let relations = relations.borrow();
        (relations.links.len(), relations.monitors.len())
    }

    /// The relations, if there are any.
    #[inline]
    pub(crate) fn related(&self) -> Option<RefMut<'_, Relations>> {
        self.relations.get().map(|relations| relations.borrow_mut())
    }

    /// Whether it has nothing of what few processes have.
    #[inline]
    pub(crate) fn has_nothing_rare(&self) -> bool {
        self.rare.get().is_none()
    }

    /// The relations, if there are any, taken out.
    pub(crate) fn take_relations(&self) -> Option<Relations> {
        self.relations.get().map(|relations| relations.take())
    }

    pub(crate) fn put_relations(&self, relations: Option<Relations>) {
        if let Some(relations) = relations {
            *self.relations() = relations;
        }
    }

    /// What few processes have, made when first needed.
    pub fn rare(&self) -> RefMut<'_, Rare> {
        self.rare.get_or_init(Box::default).borrow_mut()
    }

    /// As [`ProcessState::rare`], if it exists.
    #[inline(always)]
    pub fn if_rare<R>(&self, work: impl FnOnce(&mut Rare) -> R) -> Option<R> {
        self.rare.get().map(|rare| work(&mut rare.borrow_mut()))
    }

    /// What was counted since the sum of this thread was 0 is its own.
    pub(crate) fn note_counted(&self) {
        if let Some(meter) = &self.meter {
            meter.note_counted();
        }
    }

    /// Adds what it keeps beside its containers and beside what is counted.
    pub(crate) fn weigh(&self, tally: &mut Tally) {
        tally.add(self.timers.size());
        tally.add(self.mail.size());
        if let Some(relations) = self.related() {
            tally.add(relations.size());
        }
        if let Some(system) = &self.system {
            tally.add(self.size_in(system));
        }
    }

    /// What the system keeps for it: its names, and its places in groups.
    pub(crate) fn size_in(&self, system: &System) -> usize {
        let own = self.identity();
        let is_named = system.slot(own).is_some_and(Slot::is_named);
        let names = if is_named { system.names().size(own) } else { 0 };
        let scopes = self.if_rare(|rare| rare.scopes.clone()).unwrap_or_default();
        let scopes = scopes.iter().filter_map(|id| system.scopes().find(id));
        names + scopes.map(|scope| scope.size(own)).sum::<usize>()
    }

    /// A worker begins another call.
    pub(crate) fn renew(&self, pid: Pid, context: ContextValues) {
        self.set_pid(pid);
        drop(self.context.replace(context));
        self.trap_links.set(false);
        self.is_dying.set(false);
        self.is_shutting_down.set(false);
    }

    /// What is to be done at the end of the process.
    pub(crate) fn take_leave(&self) -> Option<Vec<Leave>> {
        self.if_rare(|rare| std::mem::take(&mut rare.leave))
    }

    /// The letters that were taken out while code ran.
    #[expect(clippy::vec_box, reason = "letters stay where they are")]
    pub(crate) fn take_early(&self) -> Option<Vec<Box<Envelope<Letter>>>> {
        self.if_rare(|rare| rare.early.take())
    }

    /// Drops every value it holds: the process is ending.
    pub(crate) fn clear(&self, cx: Cx) {
        self.tasks.clear();
        self.mail.clear();
        self.timers.clear(cx);
        drop(self.known_pid.take());
        // Dropped after the borrow: what is dropped may look at the process.
        let rare = self.if_rare(|rare| {
            let function = std::mem::take(&mut rare.function);
            std::mem::replace(rare, Rare { function, ..Rare::default() })
        });
        drop(rare);
    }
}

#[cfg(test)]
mod tests {
    /// What every process takes beside its slot, its code's future and its values. It only shrinks.
    #[test]
    fn a_process_is_small() {
        assert_eq!(size_of::<crate::cx::Context>(), 384);
        assert_eq!(size_of::<super::ProcessState>(), 232);
        assert_eq!(size_of::<crate::channel::select::Select<'_>>(), 48);
        assert_eq!(size_of::<crate::channel::select::SelectCases<2>>(), 64);
    }
}
