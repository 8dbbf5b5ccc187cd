//! The `process` module: identity, messages, children, events.

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult, Thrown};
use crate::module::Field;
use crate::process::exit::Cause;
use crate::process::mail::{EVENTS, INBOX, Item};
use crate::process::signal::{Sender, Signal};
use crate::process::spawn::SpawnRequest;
use crate::process::state::{Watcher, pid_value};
use crate::process::system::Failure;
use crate::process::task::{host_operation, subscription};
use crate::results::Multi;
use crate::sched::Identity;
use crate::stdlib::{args, registry};
use crate::string::StaticStr;
use crate::table::Table;
use crate::transfer::Graph;
use crate::value::Value;

/// A text constant.
macro_rules! text {
    ($text:literal) => {{
        static TEXT: StaticStr = StaticStr::new($text.as_bytes());
        Field::String(&TEXT)
    }};
}

crate::library! {
    pub static EVENT = "process.event" {
        "CANCEL" => value text!("pid.cancel"),
        "EXIT" => value text!("pid.exit"),
        "LINK_DOWN" => value text!("pid.link.down"),
        "OUTDATED" => value text!("pid.outdated"),
    }
}

crate::library! {
    pub static PROCESS = "process" {
        "id" => plain id,
        "pid" => plain pid,
        "send" => async send,
        "spawn" => async spawn,
        "spawn_monitored" => async spawn_monitored,
        "cancel" => async cancel,
        "terminate" => async terminate,
        "monitor" => async monitor,
        "unmonitor" => async unmonitor,
        "inbox" => async inbox,
        "events" => async events,
        "listen" => async listen,
        "unlisten" => async unlisten,
        "event" => value Field::Module(&EVENT),
        "registry" => value Field::Module(&registry::REGISTRY),
    }
}

/// `nil, Err(...)` for a failed operation of the system.
pub(crate) fn failed(cx: Cx, failure: Failure) -> Multi {
    let mut error = ErrorObject::new(failure.kind, failure.message);
    if !failure.details.is_empty() {
        let details = Table::new(cx);
        for (key, value) in failure.details {
            if let Some(table) = details.as_table() {
                table.set_text(key, value.into());
            }
        }
        error = error.with_details(details);
    }
    Multi::from_values(cx, [Value::NIL, error.into_value(cx)])
}

fn invalid(cx: Cx, message: impl Into<String>) -> Multi {
    failed(cx, Failure::new("Invalid", message))
}

/// `true, nil`
fn done(cx: Cx) -> Multi {
    Multi::from_values(cx, [Value::TRUE, Value::NIL])
}

/// `process.pid()`
///
/// # Errors
/// None.
pub fn pid(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(pid_value(&cx.process().sender()))
}

/// `process.id()`: the entry of the running code.
///
/// # Errors
/// None.
pub fn id(cx: Cx, _: &[Value]) -> LuaResult {
    Ok(cx.process().entry.into())
}

fn text(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<String> {
    args::string(cx, args, position, function).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The process that argument 1 means: by hidden identity, by PID text, by name.
pub(crate) fn destination(
    cx: Cx,
    args: &[Value],
    function: &'static str,
) -> LuaResult<Result<Sender, Failure>> {
    let system = system(cx)?;
    let hidden = args.first().and_then(Value::as_lua_str).and_then(crate::string::LuaStr::identity);
    if let Some(identity) = hidden.map(Identity::from_bits).filter(|identity| system.is_alive(*identity)) {
        return Ok(Ok(Sender { text: String::new(), identity: Some(identity) }));
    }
    let text = text(cx, args, 1, function)?;
    Ok(system.resolve(&text))
}

pub(crate) fn system<'a>(cx: Cx) -> LuaResult<&'a std::sync::Arc<crate::process::system::System>> {
    cx.process().system.as_ref().ok_or_else(|| no_process(cx))
}

#[cold]
fn no_process(cx: Cx) -> Thrown {
    cx.throw_text("no process context")
}

/// `process.send(destination, topic, ...)`
///
/// # Errors
/// A destination or topic that is no text.
pub async fn send(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.len() < 2 {
        return Ok(invalid(cx, "send requires at least destination and topic arguments"));
    }
    args::string(cx, args, 1, "send")?;
    let topic = text(cx, args, 2, "send")?;
    if topic.starts_with('@') {
        return Ok(invalid(cx, "cannot send to @ topics"));
    }
    host_operation(cx).await?;
    match destination(cx, args, "send")? {
        Ok(Sender { identity: Some(to), .. }) => {
            let payload = Graph::copy(args.get(2..).unwrap_or_default());
            let from = cx.process().sender();
            if to == cx.process().identity {
                let item = Item::new(topic, from, payload.into_values(cx));
                cx.process().mail.post(item);
                return Ok(done(cx));
            }
            let message = Signal::Message { from, topic: topic.into(), payload };
            if !system(cx)?.signal(to, message) {
                return Ok(failed(cx, Failure::new("NotFound", "process not found")));
            }
            Ok(done(cx))
        }
        Ok(Sender { identity: None, .. }) => Ok(failed(cx, Failure::new("NotFound", "process not found"))),
        Err(failure) => Ok(failed(cx, failure)),
    }
}

async fn start(cx: Cx, args: &[Value], function: &'static str, monitored: bool) -> LuaResult<Multi> {
    if args.len() < 2 {
        return Ok(invalid(cx, format!("{function} requires at least id and host arguments")));
    }
    let (entry, host) = (text(cx, args, 1, function)?, text(cx, args, 2, function)?);
    host_operation(cx).await?;
    let main_args = Graph::copy(args.get(2..).unwrap_or_default());
    let watcher = monitored.then(|| Watcher::Process(cx.process().sender()));
    let request = SpawnRequest::new(&entry, &host, main_args, watcher);
    match system(cx)?.spawn(request) {
        Ok(child) => Ok(Multi::from_values(cx, [pid_value(&child), Value::NIL])),
        Err(failure) => Ok(failed(cx, failure)),
    }
}

/// `process.spawn(id, host, ...)`
///
/// # Errors
/// An id or host that is no text.
pub async fn spawn(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    start(cx, args, "spawn", false).await
}

/// `process.spawn_monitored(id, host, ...)`
///
/// # Errors
/// As [`spawn`].
pub async fn spawn_monitored(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    start(cx, args, "spawn_monitored", true).await
}

/// Sends a signal to the process that argument 1 means; a dead one is `gone`.
async fn tell(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    gone: Failure,
    signal: impl FnOnce() -> Signal,
) -> LuaResult<Multi> {
    host_operation(cx).await?;
    match destination(cx, args, function)? {
        Ok(Sender { identity: Some(to), .. }) if system(cx)?.signal(to, signal()) => Ok(done(cx)),
        Ok(_) => Ok(failed(cx, gone)),
        Err(failure) if failure.message.starts_with("could not resolve") => Ok(failed(cx, failure)),
        Err(_) => Ok(failed(cx, gone)),
    }
}

/// `process.cancel(destination [, reason])`
///
/// # Errors
/// Arguments that are no text.
pub async fn cancel(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "cancel requires at least destination argument"));
    }
    args::string(cx, args, 1, "cancel")?;
    let reason = if args.len() > 1 { text(cx, args, 2, "cancel")? } else { String::new() };
    let from = cx.process().pid.clone();
    let signal = move || Signal::Cancel { from, reason, shutdown: false };
    tell(cx, args, "cancel", Failure::new("Internal", "process not found"), signal).await
}

/// `process.terminate(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn terminate(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    args::string(cx, args, 1, "terminate")?;
    tell(cx, args, "terminate", Failure::new("Internal", "process not found"), || {
        Signal::Terminate(Cause::Terminated)
    })
    .await
}

/// `process.monitor(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn monitor(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "monitor requires a destination argument"));
    }
    args::string(cx, args, 1, "monitor")?;
    let watcher = cx.process().sender();
    let gone = Failure::new("Internal", "pid not registered");
    tell(cx, args, "monitor", gone, move || Signal::Watch { watcher }).await
}

/// `process.unmonitor(destination)`
///
/// # Errors
/// A destination that is no text.
pub async fn unmonitor(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args.is_empty() {
        return Ok(invalid(cx, "unmonitor requires a destination argument"));
    }
    args::string(cx, args, 1, "unmonitor")?;
    host_operation(cx).await?;
    match destination(cx, args, "unmonitor")? {
        Ok(target) => {
            if let Some(identity) = target.identity {
                system(cx)?.signal(identity, Signal::Unwatch { watcher: cx.process().identity });
            }
            Ok(done(cx))
        }
        Err(failure) if failure.message.starts_with("could not resolve") => Ok(failed(cx, failure)),
        Err(_) => Ok(done(cx)),
    }
}

/// `process.inbox()`
///
/// # Errors
/// Nothing may suspend here.
pub async fn inbox(cx: Cx, _: &[Value]) -> LuaResult {
    subscription(cx).await?;
    Ok(cx.process().mail.subscribe(cx, INBOX, 0, true))
}

/// `process.events()`
///
/// # Errors
/// Nothing may suspend here.
pub async fn events(cx: Cx, _: &[Value]) -> LuaResult {
    subscription(cx).await?;
    Ok(cx.process().mail.subscribe(cx, EVENTS, 0, false))
}

/// `process.listen(topic [, {message = bool}])`
///
/// # Errors
/// A topic that is no text.
pub async fn listen(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let topic = text(cx, args, 1, "listen")?;
    if topic.is_empty() {
        return Ok(invalid(cx, "topic cannot be empty"));
    }
    if topic.starts_with('@') {
        return Ok(invalid(cx, "cannot listen to @ topics"));
    }
    let options = args.get(1).and_then(Value::as_table);
    let as_message = options.is_some_and(|options| options.get_text("message").as_bool() == Some(true));
    subscription(cx).await?;
    Ok(Multi::one(cx, cx.process().mail.subscribe(cx, &topic, 1, as_message)))
}

/// `process.unlisten(channel)`
///
/// # Errors
/// No channel.
pub async fn unlisten(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let channel = args.first().filter(|value| value.downcast::<crate::channel::Channel>().is_some());
    let Some(channel) = channel else {
        return Err(cx.throw_argument(1, "unlisten", "channel expected"));
    };
    subscription(cx).await?;
    if cx.process().mail.unsubscribe(channel) {
        return Ok(Multi::one(cx, Value::TRUE));
    }
    let error = ErrorObject::new("NotFound", "channel not found").into_value(cx);
    Ok(Multi::from_values(cx, [Value::FALSE, error]))
}
