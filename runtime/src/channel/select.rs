//! `channel.select`: the first ready case in table order, or the first that becomes ready.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::channel::library::{Case, closed_while_sending, puts_aside};
use crate::channel::{Channel, Event, Offered, Received};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::key;
use crate::process::task::{TaskId, Ticket, Wait, Wake};
use crate::results::Multi;
use crate::s;
use crate::stdlib::args;
use crate::table::Table;
use crate::value::Value;

/// `channel.select{case1, case2, ..., default = bool}`
///
/// Its future fails where there is no table, or nothing may suspend.
pub fn select(cx: Cx, args: &[Value]) -> Select<'_> {
    Select { cx, state: State::Begin(args) }
}

/// The future of a select, written by hand: a process at rest is mostly this.
pub struct Select<'a> {
    cx: Cx,
    state: State<'a>,
}

enum State<'a> {
    Begin(&'a [Value]),
    Waiting(Waiting),
    /// It is over; the task that it woke and the running one go on in turn.
    Handing(Value),
    /// Closed send cases, or none at all: only the end of the process ends this.
    Stuck(Wait),
}

/// A select that no case could complete at once.
struct Waiting {
    wait: Wait,
    /// The cases, in a table that nobody else sees.
    cases: Value,
}

impl Future for Select<'_> {
    type Output = LuaResult<Multi>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<LuaResult<Multi>> {
        let cx = self.cx;
        match &mut self.state {
            State::Begin(args) => {
                let args = *args;
                match begin(cx, args) {
                    Ok(Begun::Over(result)) => Poll::Ready(Ok(Multi::one(cx, result))),
                    Ok(Begun::Goes(state)) => {
                        self.state = state;
                        Poll::Pending
                    }
                    Err(thrown) => Poll::Ready(Err(thrown)),
                }
            }
            State::Waiting(Waiting { wait, cases }) => {
                let wake = match wait.outcome() {
                    None => return Poll::Pending,
                    Some(wake) => wake,
                };
                Poll::Ready(Ok(complete(cx, cases, wait.ticket(), wake)))
            }
            State::Handing(result) => Poll::Ready(Ok(Multi::one(cx, std::mem::take(result)))),
            State::Stuck(wait) => Pin::new(wait).poll(task).map(|_| Ok(Multi::none(cx))),
        }
    }
}

/// How a select begins.
enum Begun<'a> {
    Over(Value),
    Goes(State<'a>),
}

fn begin<'a>(cx: Cx, args: &[Value]) -> LuaResult<Begun<'a>> {
    let table = args::table(cx, args, 1, "select")?;
    let default = match args.get(1) {
        None => table.has_fields() && table.get(&s!("default")).as_bool() == Some(true),
        Some(flag) => match flag.as_bool() {
            Some(flag) => flag,
            None => return Err(args::wrong(cx, args, 2, "select", "boolean")),
        },
    };
    // What is no case is ignored.
    let mut is_hopeless = true;
    for (_, case) in cases(table) {
        if let Some((result, woken)) = case.attempt(cx) {
            return Ok(match woken {
                Some(woken) if puts_aside(cx, woken) => Begun::Goes(State::Handing(result)),
                _ => Begun::Over(result),
            });
        }
        is_hopeless &= case.is_hopeless();
    }
    if default {
        let fields = [(key!("ok"), Value::TRUE), (key!("default"), Value::TRUE)];
        return Ok(Begun::Over(Table::record(cx, fields)));
    }
    cx.check_suspension()?;
    if is_hopeless {
        return Ok(Begun::Goes(State::Stuck(Wait::stuck(cx))));
    }
    let ticket = cx.process().tasks.ticket();
    for (index, case) in cases(table) {
        case.wait(ticket, index);
    }
    // A table that only this call has cannot change; of another one the cases are kept.
    let argument = args.first().filter(|table| table.is_unshared());
    let cases = argument.cloned().unwrap_or_else(|| table.array_copy(cx));
    Ok(Begun::Goes(State::Waiting(Waiting { wait: Wait::new(cx, ticket), cases })))
}

/// One case completed: withdraws the others.
fn complete(cx: Cx, table: &Value, ticket: Ticket, wake: Wake) -> Multi {
    let Some(table) = table.as_table() else { return Multi::none(cx) };
    for (_, case) in cases(table) {
        case.withdraw(ticket);
    }
    let case = |place: u32| table.element(i64::from(place)).and_then(AnyCase::of);
    let (case, value, ok) = match wake {
        Wake::Channel(Event::Received { case: index, value, ok }) => (case(index), value, ok),
        Wake::Channel(Event::Sent { case: index }) => {
            let case = case(index);
            let sent = match &case {
                Some(AnyCase::Send(case)) => case.value.get(),
                Some(AnyCase::Receive(..)) | None => Value::NIL,
            };
            (case, sent, true)
        }
        Wake::Channel(Event::Closed) | Wake::Elapsed | Wake::External(_) => return closed_while_sending(cx),
    };
    let channel = case.map(|case| case.channel()).unwrap_or_default();
    Multi::one(cx, result(cx, channel, value, ok))
}

/// A case of either kind.
enum AnyCase<'a> {
    /// The case itself, and its channel.
    Receive(&'a Value, &'a Channel),
    Send(&'a Case),
}

/// The cases in the array part of a table, with their places there.
fn cases(table: &Table) -> impl Iterator<Item = (u32, AnyCase<'_>)> {
    let places = 1..;
    places.zip(table.array_part()).filter_map(|(place, value)| Some((place, AnyCase::of(value)?)))
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

fn result(cx: Cx, channel: Value, value: Value, ok: bool) -> Value {
    Table::record(cx, [(key!("channel"), channel), (key!("value"), value), (key!("ok"), Value::bool(ok))])
}
