//! Futures: the result of a call that was not waited for.

use std::cell::{Cell, RefCell};

use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult};
use crate::module::Module;
use crate::process::payload::Payload;
use crate::process::signal::ExitResult;
use crate::results::Multi;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// A call under way, or its result.
pub struct Future {
    /// One item, then closed.
    channel: RefCell<Value>,
    outcome: RefCell<Outcome>,
    canceled: Cell<bool>,
}

#[derive(Default)]
enum Outcome {
    #[default]
    Pending,
    /// A payload.
    Done(Value),
    /// An error object.
    Failed(Value),
}

crate::library! {
    static METHODS = "funcs.Future" {
        "response" => plain channel,
        "channel" => plain channel,
        "is_complete" => plain is_complete,
        "is_canceled" => plain is_canceled,
        "result" => plain result,
        "error" => plain error,
        "cancel" => plain cancel,
    }
}

impl Methods for Future {
    const METHODS: &'static Module = &METHODS;
}

impl UserData for Future {
    fn clear(&self) {
        drop(self.channel.take());
        drop(self.outcome.take());
    }
}

impl Future {
    /// A pending future of this process, and the number its result comes under.
    pub fn start(cx: Cx) -> (u32, Value) {
        let number = cx.process().tasks.ticket_number();
        let channel = RefCell::new(Channel::new(cx, 1));
        let future =
            UserDataBox::new(cx, Future { channel, outcome: RefCell::default(), canceled: Cell::new(false) });
        cx.process().rare().futures.insert(number, future.clone());
        (number, future)
    }

    fn on_channel(&self, work: impl FnOnce(&Channel)) {
        if let Some(channel) = self.channel.borrow().downcast::<Channel>() {
            work(channel);
        }
    }
}

/// The result of a future has come.
pub fn settle(cx: Cx, number: u32, result: ExitResult) {
    let future = cx.process().if_rare(|rare| rare.futures.remove(&number)).flatten();
    let Some(future) = future.as_ref().and_then(Value::downcast::<Future>) else { return };
    let (value, outcome) = match result {
        Ok(graph) => {
            let value = graph.into_values(cx).first();
            let payload = Payload::new_value(cx, value);
            (payload.clone(), Outcome::Done(payload))
        }
        Err(error) => {
            let error = error.to_value(cx);
            (error.clone(), Outcome::Failed(error))
        }
    };
    drop(future.outcome.replace(outcome));
    future.on_channel(|channel| {
        channel.deliver(value);
        channel.shut();
    });
}

fn future<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Future> {
    let found = args.first().and_then(Value::downcast::<Future>);
    found.ok_or_else(|| cx.throw_argument(1, function, "Future expected"))
}

fn channel(cx: Cx, args: &[Value]) -> LuaResult {
    future(cx, args, "channel").map(|future| future.channel.borrow().clone())
}

fn is_complete(cx: Cx, args: &[Value]) -> LuaResult {
    let future = future(cx, args, "is_complete")?;
    Ok(Value::bool(!matches!(*future.outcome.borrow(), Outcome::Pending)))
}

fn is_canceled(cx: Cx, args: &[Value]) -> LuaResult {
    future(cx, args, "is_canceled").map(|future| Value::bool(future.canceled.get()))
}

fn result(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let future = future(cx, args, "result")?;
    if future.canceled.get() {
        return Ok(cx.failure("Canceled", "canceled"));
    }
    let pair = match &*future.outcome.borrow() {
        Outcome::Pending => [Value::NIL, Value::NIL],
        Outcome::Done(payload) => [payload.clone(), Value::NIL],
        Outcome::Failed(error) => [Value::NIL, error.clone()],
    };
    Ok(Multi::from_values(cx, pair))
}

/// `err, true` of a failed call; its kind is always Internal here.
fn error(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let future = future(cx, args, "error")?;
    let message = match &*future.outcome.borrow() {
        Outcome::Failed(error) => error.downcast::<ErrorObject>().map(|error| error.message.clone()),
        Outcome::Pending | Outcome::Done(_) => None,
    };
    Ok(match message {
        Some(message) => {
            let error = ErrorObject::new("Internal", message).into_value(cx);
            Multi::pair(cx, error, Value::TRUE)
        }
        None => Multi::pair(cx, Value::NIL, Value::FALSE),
    })
}

/// The function goes on; only nobody waits for it any more.
fn cancel(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let future = future(cx, args, "cancel")?;
    future.canceled.set(true);
    future.on_channel(Channel::shut);
    Ok(Multi::pair(cx, Value::TRUE, Value::NIL))
}
