//! `channel.select`: the first ready case in table order, or the first that becomes ready.

use crate::channel::library::{Case, closed_while_sending, hand_over};
use crate::channel::{Channel, Event, Offered, Received};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::key;
use crate::process::task::{TaskId, Wait, Wake};
use crate::results::Multi;
use crate::s;
use crate::stdlib::args;
use crate::table::Table;
use crate::value::Value;

/// `channel.select{case1, case2, ..., default = bool}`
///
/// # Errors
/// No table, or nothing may suspend here.
pub async fn select(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let table = args::table(cx, args, 1, "select")?;
    let default = match args.get(1) {
        None => table.get(&s!("default")).as_bool() == Some(true),
        Some(flag) => match flag.as_bool() {
            Some(flag) => flag,
            None => return Err(args::wrong(cx, args, 2, "select", "boolean")),
        },
    };
    // What is no case is ignored. The table may change meanwhile.
    let values = table.array();
    for case in values.iter().filter_map(Value::downcast::<Case>) {
        if let Some((result, woken)) = attempt(cx, case) {
            hand_over(cx, woken).await;
            return Ok(Multi::one(cx, result));
        }
    }
    if default {
        let fields = [(key!("ok"), Value::TRUE), (key!("default"), Value::TRUE)];
        return Ok(Multi::one(cx, Table::record(cx, fields)));
    }
    cx.check_suspension()?;
    wait(cx, &values).await
}

/// Blocks until one case completes, then withdraws the others.
async fn wait(cx: Cx, values: &[Value]) -> LuaResult<Multi> {
    let cases = || values.iter().filter_map(Value::downcast::<Case>);
    let is_hopeless = cases().all(|case| case.send.is_some() && channel(case, Channel::is_closed));
    if is_hopeless {
        // Closed send cases, or none at all: only the end of the process ends this.
        Wait::stuck(cx).await;
        return Ok(Multi::none(cx));
    }
    let ticket = cx.process().tasks.ticket();
    for (case, index) in cases().zip(0..) {
        match &case.send {
            None => channel(case, |channel| channel.wait_to_receive(ticket, index)),
            Some(value) => channel(case, |channel| {
                if !channel.is_closed() {
                    channel.wait_to_send(ticket, index, value.get());
                }
            }),
        }
    }
    let wake = Wait::new(cx, ticket).await;
    for case in cases() {
        channel(case, |channel| channel.withdraw(ticket));
    }
    let case = |index: u32| cases().nth(index as usize);
    Ok(match wake {
        Wake::Channel(Event::Received { case: index, value, ok }) => {
            Multi::one(cx, result(cx, case(index), value, ok))
        }
        Wake::Channel(Event::Sent { case: index }) => {
            let sent = case(index).and_then(|case| case.send.as_ref()).map(|value| value.get());
            Multi::one(cx, result(cx, case(index), sent.unwrap_or_default(), true))
        }
        Wake::Channel(Event::Closed) | Wake::Elapsed | Wake::External(_) => closed_while_sending(cx),
    })
}

/// Works on the channel of a case.
fn channel<R: Default>(case: &Case, work: impl FnOnce(&Channel) -> R) -> R {
    case.channel.with(|value| value.downcast::<Channel>().map(work).unwrap_or_default())
}

/// Takes the case if it is ready: its result, and the task to wake.
fn attempt(cx: Cx, case: &Case) -> Option<(Value, Option<TaskId>)> {
    match &case.send {
        None => match channel(case, |channel| Some(channel.take()))? {
            Received::Value(value, sender) => Some((result(cx, Some(case), value, true), sender)),
            Received::Closed => Some((result(cx, Some(case), Value::NIL, false), None)),
            Received::NotReady => None,
        },
        Some(value) => {
            let value = value.get();
            match channel(case, |channel| Some(channel.offer(value.clone())))? {
                Offered::Taken(receiver) => Some((result(cx, Some(case), value, true), receiver)),
                Offered::Closed | Offered::NotReady => None,
            }
        }
    }
}

fn result(cx: Cx, case: Option<&Case>, value: Value, ok: bool) -> Value {
    let channel = case.map(|case| case.channel.get()).unwrap_or_default();
    Table::record(cx, [(key!("channel"), channel), (key!("value"), value), (key!("ok"), Value::bool(ok))])
}
