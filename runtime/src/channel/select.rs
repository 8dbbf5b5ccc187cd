//! `channel.select`: the first ready case in table order, or the first that becomes ready.

use std::rc::Rc;

use crate::channel::library::{Case, closed_while_sending, hand_over};
use crate::channel::{Event, Offered, Received};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::index::record;
use crate::process::task::{Wait, Waiter};
use crate::results::Multi;
use crate::s;
use crate::stdlib::args;
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
    // What is no case is ignored.
    let values: Vec<Value> =
        table.array().into_iter().filter(|value| value.downcast::<Case>().is_some()).collect();
    let cases: Vec<&Case> = values.iter().filter_map(Value::downcast::<Case>).collect();
    for case in &cases {
        if let Some((result, woken)) = attempt(cx, case) {
            hand_over(cx, woken).await;
            return Ok(Multi::one(cx, result));
        }
    }
    if default {
        let fields = [(s!("ok"), Value::TRUE), (s!("default"), Value::TRUE)];
        return Ok(Multi::one(cx, record(cx, fields)));
    }
    cx.check_suspension()?;
    let waiter = Waiter::new(cx);
    for (index, case) in cases.iter().enumerate() {
        match &case.send {
            None => case.core.wait_to_receive(waiter.clone(), index),
            Some(value) if !case.core.is_closed() => {
                case.core.wait_to_send(waiter.clone(), index, value.borrow().clone());
            }
            Some(_) => {}
        }
    }
    let event = Wait(Rc::clone(&waiter)).await;
    Ok(match event {
        Event::Received { case, value, ok } => {
            Multi::one(cx, result(cx, cases.get(case).copied(), value, ok))
        }
        Event::Sent { case } => {
            let sent =
                cases.get(case).and_then(|case| case.send.as_ref()).map(|value| value.borrow().clone());
            Multi::one(cx, result(cx, cases.get(case).copied(), sent.unwrap_or_default(), true))
        }
        Event::Closed => closed_while_sending(cx),
    })
}

/// Takes the case if it is ready: its result, and the task to wake.
fn attempt(cx: Cx, case: &Case) -> Option<(Value, Option<usize>)> {
    match &case.send {
        None => match case.core.take(cx) {
            Received::Value(value, sender) => Some((result(cx, Some(case), value, true), sender)),
            Received::Closed => Some((result(cx, Some(case), Value::NIL, false), None)),
            Received::NotReady => None,
        },
        Some(value) => {
            let value = value.borrow().clone();
            match case.core.offer(value.clone(), None) {
                Offered::Taken(receiver) => Some((result(cx, Some(case), value, true), receiver)),
                Offered::Closed | Offered::NotReady => None,
            }
        }
    }
}

fn result(cx: Cx, case: Option<&Case>, value: Value, ok: bool) -> Value {
    let channel = case.map(|case| case.channel.borrow().clone()).unwrap_or_default();
    record(cx, [(s!("channel"), channel), (s!("value"), value), (s!("ok"), Value::bool(ok))])
}
