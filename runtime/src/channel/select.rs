//! `channel.select`: the first ready case in table order, or the first that becomes ready.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::channel::library::{Case, closed_while_sending, puts_aside};
use crate::channel::{Channel, Completed, Event, Offered, Received};
use crate::cx::Cx;
use crate::error::{LuaResult, Site};
use crate::key;
use crate::process::task::{TaskId, Ticket, Wait, Wake};
use crate::results::Multi;
use crate::s;
use crate::sched::worker::is_turn_long;
use crate::stdlib::args;
use crate::surface::{Operand, method};
use crate::table::{Key, KnownShape, Table};
use crate::value::Value;

/// `channel.select{case1, case2, ..., default = bool}`
///
/// Its future fails where there is no table, or nothing may suspend.
pub fn select(cx: Cx, args: &[Value]) -> Select<'_> {
    Select { cx, step: Step::Begin(args) }
}

/// `channel.select({case1, case2})` of a table that nobody else sees, which is not made then.
///
/// Its future fails where nothing may suspend.
#[inline]
pub fn select_cases<const N: usize>(cx: Cx, cases: [Value; N]) -> SelectCases<N> {
    SelectCases { cx, cases, progress: Progress::Begins }
}

/// `receiver:case_receive()`, without a look-up where that is a channel.
///
/// # Errors
/// As [`method`].
#[inline]
pub fn receive_case(cx: Cx, receiver: impl Operand, name: &'static Key, site: &'static Site) -> LuaResult {
    receiver.receive_case(cx, name, site)
}

/// Whether `receiver:case_receive()` needs no look-up: a script may have given channels another metatable.
#[inline(always)]
fn is_channel(cx: Cx, receiver: &Value) -> bool {
    receiver.downcast::<Channel>().is_some() && !cx.is_script()
}

/// As [`receive_case`].
#[inline(never)]
pub(crate) fn case_of(cx: Cx, receiver: &Value, name: &'static Key, site: &'static Site) -> LuaResult {
    if is_channel(cx, receiver) { Ok(receiver.as_facet()) } else { method(cx, receiver, name, [], site) }
}

/// As [`receive_case`], of a receiver that is used up.
#[inline(never)]
pub(crate) fn case_of_own(cx: Cx, receiver: Value, name: &'static Key, site: &'static Site) -> LuaResult {
    if is_channel(cx, &receiver) { Ok(receiver.into_facet()) } else { method(cx, receiver, name, [], site) }
}

/// The future of a select, written by hand: a process at rest is mostly this.
pub struct Select<'a> {
    cx: Cx,
    step: Step<'a>,
}

enum Step<'a> {
    Begin(&'a [Value]),
    /// The cases, in a table that nobody else changes.
    Goes(Value, Progress),
}

/// The future of a select whose cases the program lists.
pub struct SelectCases<const N: usize> {
    cx: Cx,
    cases: [Value; N],
    progress: Progress,
}

/// How far a select is.
enum Progress {
    Begins,
    /// No case was ready: the mail is read before the default is taken.
    Asks,
    Waiting(Wait),
    /// It is over; the task that it woke and the running one go on in turn.
    Handing(Value),
}

impl Future for Select<'_> {
    type Output = LuaResult<Multi>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        let cx = self.cx;
        match &mut self.step {
            Step::Begin(args) => {
                let args = *args;
                let table = args::table(cx, args, 1, "select")?;
                let default = takes_default(cx, table, args)?;
                let mut progress = Progress::Begins;
                let polled = begin(cx, table.array_part(), default, &mut progress);
                if polled.is_pending() {
                    // A table that only this call has cannot change; of another one the cases are kept.
                    let own = args.first().filter(|table| table.is_unshared());
                    let cases = own.cloned().unwrap_or_else(|| table.array_copy(cx));
                    self.step = Step::Goes(cases, progress);
                }
                polled
            }
            Step::Goes(cases, progress) => {
                go_on(cx, cases.as_table().map_or(&[], Table::array_part), progress)
            }
        }
    }
}

impl<const N: usize> Future for SelectCases<N> {
    type Output = LuaResult<Multi>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        let this = &mut *self;
        match this.progress {
            Progress::Begins => begin(this.cx, &this.cases, false, &mut this.progress),
            _ => go_on(this.cx, &this.cases, &mut this.progress),
        }
    }
}

/// Whether the select is over at once when no case is ready.
fn takes_default(cx: Cx, table: &Table, args: &[Value]) -> LuaResult<bool> {
    match args.get(1) {
        None => Ok(table.has_fields() && table.get(&s!("default")).as_bool() == Some(true)),
        Some(flag) => flag.as_bool().ok_or_else(|| args::wrong(cx, args, 2, "select", "boolean")),
    }
}

/// Looking at so many cases is more than what a call spends.
const MANY: usize = 16;

#[inline(never)]
fn begin(cx: Cx, list: &[Value], default: bool, progress: &mut Progress) -> Poll<LuaResult<Multi>> {
    if list.len() > MANY {
        cx.spend_many(list.len())?;
    }
    let is_idle = |case: &Value| case.facet_of::<Channel>().is_some_and(Channel::is_idle);
    if default || list.is_empty() || !list.iter().all(is_idle) {
        return begin_any(cx, list, default, progress);
    }
    // All there is to do is to wait for channels.
    cx.check_suspension()?;
    let ticket = cx.process().tasks.ticket();
    for (place, case) in (1..).zip(list) {
        if let Some(channel) = case.facet_of::<Channel>() {
            channel.wait_to_receive(ticket, place);
        }
    }
    // It only begins, which is nothing to drop.
    std::mem::forget(std::mem::replace(progress, Progress::Waiting(Wait::new(cx, ticket))));
    Poll::Pending
}

/// As [`begin`], whatever the cases are.
#[inline(never)]
fn begin_any(cx: Cx, list: &[Value], default: bool, progress: &mut Progress) -> Poll<LuaResult<Multi>> {
    // What is no case is ignored.
    let mut is_hopeless = true;
    for (_, case) in cases(list) {
        if let Some((result, woken)) = case.attempt(cx) {
            if woken.is_some_and(|woken| puts_aside(cx, woken)) {
                *progress = Progress::Handing(result);
                return Poll::Pending;
            }
            return Poll::Ready(Ok(Multi::one(cx, result)));
        }
        is_hopeless &= case.is_hopeless();
    }
    if default && !matches!(progress, Progress::Asks) && reads_mail_first(cx)? {
        *progress = Progress::Asks;
        return Poll::Pending;
    }
    if default {
        let fields = [(key!("ok"), Value::TRUE), (key!("default"), Value::TRUE)];
        return Poll::Ready(Ok(Multi::one(cx, Table::record(cx, fields))));
    }
    cx.check_suspension()?;
    if is_hopeless {
        // Closed send cases, or none at all: only the end of the process ends this.
        *progress = Progress::Waiting(Wait::stuck(cx));
        return Poll::Pending;
    }
    let ticket = cx.process().tasks.ticket();
    for (place, case) in cases(list) {
        case.wait(ticket, place);
    }
    *progress = Progress::Waiting(Wait::new(cx, ticket));
    Poll::Pending
}

/// What a look at channels that are not ready takes of the budget: who polls in a loop lets others go first
/// every so often.
const POLL: usize = 100;

/// Whether the running task waits until the process has read its mail, if there is any: who polls the inbox
/// sees what was sent meanwhile. If the turn has been long, others go first.
fn reads_mail_first(cx: Cx) -> LuaResult<bool> {
    cx.spend_many(POLL)?;
    let state = cx.process();
    let is_long = is_turn_long();
    let waits = (is_long || state.has_mail()) && cx.may_suspend();
    if waits {
        state.tasks.read_mail_first(is_long);
    }
    Ok(waits)
}

fn go_on(cx: Cx, list: &[Value], progress: &mut Progress) -> Poll<LuaResult<Multi>> {
    match progress {
        // What was received is taken in its parts: as a whole it would be stored in words and loaded in pairs.
        Progress::Waiting(wait) => match wait.outcome() {
            None => Poll::Pending,
            Some(Wake::Channel(Event::Received { completed, value })) => {
                Poll::Ready(Ok(complete(cx, list, wait.ticket(), completed, value)))
            }
            Some(other) => Poll::Ready(Ok(complete_other(cx, list, wait.ticket(), other))),
        },
        Progress::Handing(result) => Poll::Ready(Ok(Multi::one(cx, std::mem::take(result)))),
        Progress::Asks => begin_any(cx, list, true, progress),
        Progress::Begins => Poll::Pending,
    }
}

/// One case completed, which forgot this select then: withdraws the others.
#[inline(always)]
fn complete(cx: Cx, list: &[Value], ticket: Ticket, completed: Completed, value: Value) -> Multi {
    let mut own = None;
    for (place, case) in (1..).zip(list) {
        if place == completed.case() {
            own = Some(case);
        } else if let Some(channel) = case.facet_of::<Channel>() {
            channel.withdraw(ticket);
        } else {
            withdraw(case, ticket);
        }
    }
    let channel = own.map(Value::facet_object).unwrap_or_default();
    Multi::one(cx, result(cx, channel, value, completed.ok()))
}

#[cold]
fn withdraw(case: &Value, ticket: Ticket) {
    if let Some(case) = AnyCase::of(case) {
        case.withdraw(ticket);
    }
}

/// As [`complete`], where nothing was received.
#[inline(never)]
fn complete_other(cx: Cx, list: &[Value], ticket: Ticket, wake: Wake) -> Multi {
    let completed = match &wake {
        Wake::Channel(Event::Received { completed, .. }) => completed.case(),
        Wake::Channel(Event::Sent { case }) => *case,
        Wake::Channel(Event::Closed) | Wake::Elapsed | Wake::External(_) => 0,
    };
    let mut own = None;
    for (place, case) in cases(list) {
        if place == completed {
            own = Some(case);
        } else {
            case.withdraw(ticket);
        }
    }
    let (value, ok) = match wake {
        Wake::Channel(Event::Received { completed, value }) => (value, completed.ok()),
        Wake::Channel(Event::Sent { .. }) => match &own {
            Some(AnyCase::Send(case)) => (case.value.get(), true),
            Some(AnyCase::Receive(..)) | None => (Value::NIL, true),
        },
        Wake::Channel(Event::Closed) | Wake::Elapsed | Wake::External(_) => return closed_while_sending(cx),
    };
    let channel = own.map(|case| case.channel()).unwrap_or_default();
    Multi::one(cx, result(cx, channel, value, ok))
}

/// A case of either kind.
enum AnyCase<'a> {
    /// The case itself, and its channel.
    Receive(&'a Value, &'a Channel),
    Send(&'a Case),
}

/// The cases of a list, with their places there.
#[inline]
fn cases(list: &[Value]) -> impl Iterator<Item = (u32, AnyCase<'_>)> {
    let places = 1..;
    places.zip(list).filter_map(|(place, value)| Some((place, AnyCase::of(value)?)))
}

impl AnyCase<'_> {
    #[inline]
    fn of(value: &Value) -> Option<AnyCase<'_>> {
        match value.facet_of::<Channel>() {
            Some(channel) => Some(AnyCase::Receive(value, channel)),
            None => value.downcast::<Case>().map(AnyCase::Send),
        }
    }

    /// Takes the case if it is ready: its result, and the task to wake.
    #[inline]
    fn attempt(&self, cx: Cx) -> Option<(Value, Option<TaskId>)> {
        let (value, ok, woken) = match self {
            AnyCase::Receive(_, channel) => match channel.take() {
                Received::Value(value, sender) => (value, true, sender),
                Received::Closed => (Value::NIL, false, None),
                Received::NotReady => return None,
            },
            AnyCase::Send(case) => {
                let value = case.value.get();
                match case.with_channel(|channel| Some(channel.offer(value.clone())))? {
                    Offered::Taken(receiver) => (value, true, receiver),
                    Offered::Closed | Offered::NotReady => return None,
                }
            }
        };
        Some((result(cx, self.channel(), value, ok), woken))
    }

    /// Whether nothing can ever complete it: a send to a closed channel.
    fn is_hopeless(&self) -> bool {
        match self {
            AnyCase::Receive(..) => false,
            AnyCase::Send(case) => case.with_channel(Channel::is_closed),
        }
    }

    fn wait(&self, ticket: Ticket, index: u32) {
        match self {
            AnyCase::Receive(_, channel) => channel.wait_to_receive(ticket, index),
            AnyCase::Send(case) => case.with_channel(|channel| {
                if !channel.is_closed() {
                    channel.wait_to_send(ticket, index, case.value.get());
                }
            }),
        }
    }

    fn withdraw(&self, ticket: Ticket) {
        match self {
            AnyCase::Receive(_, channel) => channel.withdraw(ticket),
            AnyCase::Send(case) => case.with_channel(|channel| channel.withdraw(ticket)),
        }
    }

    /// The channel, as Lua sees it.
    fn channel(&self) -> Value {
        match self {
            AnyCase::Receive(case, _) => case.facet_object(),
            AnyCase::Send(case) => case.channel.get(),
        }
    }
}

impl Case {
    fn with_channel<R: Default>(&self, work: impl FnOnce(&Channel) -> R) -> R {
        self.channel.with(|value| value.downcast::<Channel>().map(work).unwrap_or_default())
    }
}

/// The shape of most results.
static RESULT: KnownShape = KnownShape::new();

fn result(cx: Cx, channel: Value, value: Value, ok: bool) -> Value {
    let keys = [key!("channel"), key!("value"), key!("ok")];
    let mut values = [channel, value, Value::bool(ok)];
    let result = Table::record_of(cx, &RESULT, keys.into_iter(), &mut values);
    // They have been taken.
    std::mem::forget(values);
    result
}
