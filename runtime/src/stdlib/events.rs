//! The `events` module: the event bus.

use std::cell::RefCell;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::ops::index::record;
use crate::process::bus;
use crate::process::mail::Item;
use crate::process::signal::Signal;
use crate::process::task::{host_operation, subscription};
use crate::results::Multi;
use crate::s;
use crate::stdlib::{args, process};
use crate::transfer::Graph;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// Events that nobody has read yet wait in the channel up to so many, then in the mailbox.
const BUFFER: u32 = 64;

crate::library! {
    pub static EVENTS = "events" {
        "subscribe" => async subscribe,
        "send" => async send,
    }
}

struct Subscription {
    number: u32,
    channel: RefCell<Value>,
}

crate::library! {
    static METHODS = "events.Subscription" {
        "channel" => plain channel,
        "close" => plain close,
    }
}

impl Methods for Subscription {
    const METHODS: &'static Module = &METHODS;
}

impl UserData for Subscription {
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(b"events.Subscription{}".to_vec())
    }
    fn clear(&self) {
        drop(self.channel.take());
    }
}

/// `events.subscribe(system [, kind])`
///
/// # Errors
/// A pattern that is no text.
pub async fn subscribe(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let system_pattern = args::string(cx, args, 1, "subscribe")?.into_owned();
    let kind = args::optional_string(cx, args, 2, "subscribe")?;
    let kind = kind.map_or_else(|| b"*".to_vec(), std::borrow::Cow::into_owned);
    if system_pattern.is_empty() {
        return Ok(cx.failure("Invalid", "system pattern is required"));
    }
    subscription(cx).await?;
    let (state, system) = (cx.process(), process::system(cx)?);
    let number = state.tasks.ticket_number();
    let channel = state.mail.subscribe(cx, &bus::topic(number), BUFFER, false);
    let owner = state.identity();
    system.bus().subscribe(owner, number, system_pattern, kind);
    state.rare().leave.push(Box::new(move |system| system.bus().leave(owner)));
    let subscription = UserDataBox::new(cx, Subscription { number, channel: RefCell::new(channel) });
    Ok(Multi::pair(cx, subscription, Value::NIL))
}

/// `events.send(system, kind, path [, data])`
///
/// # Errors
/// Names that are no texts.
pub async fn send(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let mut names = Vec::new();
    for (position, name) in (1..).zip(["system", "kind", "path"]) {
        let text = args::string(cx, args, position, "send")?.into_owned();
        if text.is_empty() {
            return Ok(cx.failure("Invalid", format!("{name} is required")));
        }
        names.push(text);
    }
    host_operation(cx).await?;
    let [system_name, kind, path] = names.as_slice() else { return Ok(Multi::none(cx)) };
    let text = |bytes: &Vec<u8>| Value::string(bytes);
    let fields = [
        (s!("system"), text(system_name)),
        (s!("kind"), text(kind)),
        (s!("path"), text(path)),
        (s!("data"), args.get(3).cloned().unwrap_or_default()),
    ];
    let event = record(cx, fields);
    let (state, system) = (cx.process(), process::system(cx)?);
    let mut own = Vec::new();
    system.bus().publish(system_name, kind, &mut |owner, topic| {
        let payload = Graph::copy(std::slice::from_ref(&event));
        if owner == state.identity() {
            own.push((topic, payload));
        } else {
            system.signal(owner, Signal::Message { from: None, topic, payload });
        }
    });
    for (topic, payload) in own {
        state.mail.post(Item::new(topic, None, payload.into_values(cx)));
    }
    Ok(Multi::pair(cx, Value::TRUE, Value::NIL))
}

fn held<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Subscription> {
    let found = args.first().and_then(Value::downcast::<Subscription>);
    found.ok_or_else(|| cx.throw_argument(1, function, "Subscription expected"))
}

fn channel(cx: Cx, args: &[Value]) -> LuaResult {
    held(cx, args, "channel").map(|subscription| subscription.channel.borrow().clone())
}

fn close(cx: Cx, args: &[Value]) -> LuaResult {
    let subscription = held(cx, args, "close")?;
    process::system(cx)?.bus().unsubscribe(cx.process().identity(), subscription.number);
    cx.process().mail.unsubscribe(&subscription.channel.borrow());
    Ok(Value::TRUE)
}
