//! The `events` module: the event bus.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::ops::index::record;
use crate::process::bus;
use crate::process::item::Item;
use crate::process::signal::Signal;
use crate::process::task::{host_operation, subscription};
use crate::results::Multi;
use crate::s;
use crate::stdlib::{args, process};
use crate::table::Table;
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
    let mut rare = state.rare();
    if !std::mem::replace(&mut rare.is_on_bus, true) {
        rare.leave.push(Box::new(move |system| system.bus().leave(owner)));
    }
    drop(rare);
    let subscription = UserDataBox::new(cx, Subscription { number, channel: RefCell::new(channel) });
    Ok(Multi::pair(cx, subscription, Value::NIL))
}

/// `events.send(system, kind, path [, data])`
///
/// # Errors
/// Names that are no texts; the process is being ended.
pub async fn send(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let mut names = Vec::new();
    for (position, name) in (1..).zip(["system", "kind", "path"]) {
        let text = args::string(cx, args, position, "send")?.into_owned();
        if text.is_empty() {
            return Ok(cx.failure("Invalid", format!("{name} is required")));
        }
        names.push(text);
    }
    if args.get(3).map(|data| contains_itself(cx, data)).transpose()? == Some(true) {
        return Ok(cx.failure("Invalid", "cannot send recursively nested tables"));
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
        state.mail.post(Item::new(cx, topic, None, payload.into_values(cx)));
    }
    Ok(Multi::pair(cx, Value::TRUE, Value::NIL))
}

/// Whether a table is among its own keys and values, however deep. Metatables are not looked at.
fn contains_itself(cx: Cx, data: &Value) -> LuaResult<bool> {
    // The tables on the way down, each with what is still to be looked at in it.
    let mut path: Vec<(*const Table, Vec<Value>)> = Vec::new();
    let (mut on_path, mut done) = (FxHashSet::default(), FxHashSet::default());
    let mut next = Some(data.clone());
    loop {
        if let Some(table) = next.as_ref().and_then(Value::as_table) {
            let address = std::ptr::from_ref(table);
            if on_path.contains(&address) {
                return Ok(true);
            }
            if !done.contains(&address) {
                let entries = table.entries();
                cx.spend_many(entries.len())?;
                let parts = entries.into_iter().flat_map(|(key, value)| [key, value]);
                let tables = parts.filter(|part| part.as_table().is_some()).collect();
                on_path.insert(address);
                path.push((address, tables));
            }
        }
        let Some((address, waiting)) = path.last_mut() else { return Ok(false) };
        next = waiting.pop();
        if next.is_none() {
            on_path.remove(address);
            done.insert(*address);
            path.pop();
        }
    }
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
