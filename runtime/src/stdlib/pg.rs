//! The `pg` module: process groups.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::channel::{Channel, Received};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::bus;
use crate::process::groups::{Scope, tell};
use crate::process::item::Item;
use crate::process::pid::Pid;
use crate::process::system::System;
use crate::process::task::{host_operation, subscription};
use crate::results::Multi;
use crate::stdlib::args;
use crate::stdlib::process::{deliver, system, topic};
use crate::table::Table;
use crate::transfer::Graph;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// Events that nobody has read yet wait in the channel up to so many, then in the mailbox.
const BUFFER: u32 = 64;

crate::library! {
    pub static PG = "pg" {
        "open" => plain open,
    }
}

/// A scope as a program holds it.
struct Instance {
    id: &'static str,
    is_released: Cell<bool>,
}

crate::library! {
    static INSTANCE = "pg.Instance" {
        "join" => async join,
        "leave" => async leave,
        "get_members" => async get_members,
        "get_local_members" => async get_members,
        "which_groups" => async which_groups,
        "which_local_groups" => async which_groups,
        "broadcast" => async broadcast,
        "broadcast_local" => async broadcast,
        "events" => async events,
        "monitor" => async monitor,
        "release" => async release,
    }
}

impl Methods for Instance {
    const METHODS: &'static Module = &INSTANCE;
}

impl UserData for Instance {
    fn to_text(&self) -> Option<Vec<u8>> {
        let state = if self.is_released.get() { ", released" } else { "" };
        Some(format!("pg.Instance{{{}{state}}}", self.id).into_bytes())
    }
}

/// `pg.open(id)`
///
/// # Errors
/// An id that is no text.
pub fn open(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let id = crate::stdlib::process::text(cx, args, 1, "open")?;
    if id.is_empty() {
        return Ok(cx.failure("Invalid", "resource id is required"));
    }
    let system = system(cx)?;
    let Some(entry) = system.entry(&id) else {
        return Ok(cx.failure("Internal", format!("failed to acquire pg scope: resource not found: {id}")));
    };
    let Some(scope) = system.scopes().find(&id) else {
        return Ok(cx.failure("Invalid", format!("resource is not a pg scope: {id}")));
    };
    if !scope.is_running() {
        return Ok(cx.failure("Internal", format!("failed to acquire pg scope: {id} is not running")));
    }
    let instance = UserDataBox::new(cx, Instance { id: entry.id, is_released: Cell::new(false) });
    Ok(Multi::from_values(cx, [instance, Value::NIL]))
}

/// A call of a method: its scope, or the failure that the instance was released.
struct Call<'a> {
    system: &'a Arc<System>,
    id: &'static str,
    scope: &'a Scope,
    me: Pid,
}

async fn call<'a>(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<Result<Call<'a>, Multi>> {
    let instance = held(cx, args, function)?;
    let id = instance.id;
    if instance.is_released.get() {
        return Ok(Err(cx.failure("Invalid", "pg instance is released")));
    }
    host_operation(cx).await?;
    let system = system(cx)?;
    let Some(scope) = system.scopes().find(id) else {
        return Ok(Err(cx.failure("Invalid", "pg instance is released")));
    };
    Ok(Ok(Call { system, id, scope, me: cx.process().pid() }))
}

fn held<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Instance> {
    let found = args.first().and_then(Value::downcast::<Instance>);
    found.ok_or_else(|| cx.throw_argument(1, function, "pg.Instance expected"))
}

/// Hands an event to a subscriber: to this process directly, so that it comes in order.
fn hand(cx: Cx, system: &System) -> impl FnMut(crate::sched::Identity, u32, Graph) {
    move |owner, number, payload| {
        if owner == cx.process().identity() {
            cx.process().mail.post(Item::new(cx, bus::topic(number), None, payload.into_values(cx)));
        } else {
            tell(system, owner, number, payload);
        }
    }
}

/// The groups that argument 2 names: one, or a list.
fn groups(args: &[Value]) -> Result<Vec<Vec<u8>>, &'static str> {
    let name = |value: &Value| value.as_bytes().filter(|name| !name.is_empty()).map(<[u8]>::to_vec);
    match args.get(1) {
        Some(value) if value.as_bytes().is_some() => match name(value) {
            Some(name) => Ok(vec![name]),
            None => Err("group name is required"),
        },
        Some(value) => match value.as_table().map(Table::array) {
            Some(items) if items.is_empty() => Err("groups table must not be empty"),
            Some(items) => items.iter().map(name).collect::<Option<_>>().ok_or("group name is required"),
            None => Err("group name (string) or groups table required"),
        },
        None => Err("group name (string) or groups table required"),
    }
}

/// `true, nil`
fn done(cx: Cx) -> Multi {
    Multi::from_values(cx, [Value::TRUE, Value::NIL])
}

async fn join(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let call = match call(cx, args, "join").await? {
        Ok(call) => call,
        Err(failure) => return Ok(failure),
    };
    let groups = match groups(args) {
        Ok(groups) => groups,
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    leave_at_end(cx, call.id);
    for group in groups {
        call.scope.join(call.system, &group, call.me, &mut hand(cx, call.system));
    }
    Ok(done(cx))
}

/// The process leaves the scope when it ends; said once for each scope.
fn leave_at_end(cx: Cx, id: &'static str) {
    let me = cx.process().identity();
    let mut rare = cx.process().rare();
    if !rare.scopes.contains(&id) {
        rare.scopes.push(id);
        rare.leave.push(Box::new(move |system| {
            if let Some(scope) = system.scopes().find(id) {
                scope.forget(system, me);
            }
        }));
    }
}

async fn leave(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let call = match call(cx, args, "leave").await? {
        Ok(call) => call,
        Err(failure) => return Ok(failure),
    };
    let groups = match groups(args) {
        Ok(groups) => groups,
        Err(message) => return Ok(cx.failure("Invalid", message)),
    };
    for group in groups {
        call.scope.leave(call.system, &group, call.me, &mut hand(cx, call.system));
    }
    Ok(done(cx))
}

/// A list of PIDs.
fn pids(cx: Cx, members: &[Pid]) -> Value {
    let list = Table::with_capacity(cx, members.len(), 0);
    let texts = members
        .iter()
        .map(|pid| cx.process().system.as_ref().map(|system| system.pid_value(pid)).unwrap_or_default());
    crate::ops::index::append(&list, 1, texts);
    list
}

async fn get_members(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let group = args::string(cx, args, 2, "get_members")?.into_owned();
    let call = match call(cx, args, "get_members").await? {
        Ok(call) => call,
        Err(failure) => return Ok(failure),
    };
    Ok(Multi::from_values(cx, [pids(cx, &call.scope.members(&group)), Value::NIL]))
}

async fn which_groups(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let call = match call(cx, args, "which_groups").await? {
        Ok(call) => call,
        Err(failure) => return Ok(failure),
    };
    let list = Table::new(cx);
    crate::ops::index::append(&list, 1, call.scope.groups().iter().map(Value::string));
    Ok(Multi::from_values(cx, [list, Value::NIL]))
}

/// `instance:broadcast(group, topic, ...)`: an ordinary message from this process to every member, as
/// often as it joined.
async fn broadcast(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let group = args::string(cx, args, 2, "broadcast")?.into_owned();
    let topic = topic(cx, args, 3, "broadcast")?;
    for (text, message) in [(&*group, "group name is required"), (topic.bytes(), "topic is required")] {
        if text.is_empty() {
            return Ok(cx.failure("Invalid", message));
        }
    }
    if topic.is_internal() {
        return Ok(cx.failure("Invalid", "cannot send to @ topics"));
    }
    let call = match call(cx, args, "broadcast").await? {
        Ok(call) => call,
        Err(failure) => return Ok(failure),
    };
    for member in call.scope.members(&group) {
        let payload = Graph::copy_spending(cx, args.get(3..).unwrap_or_default())?;
        // Who has just ended gets nothing.
        let _ = deliver(cx, member, topic.clone(), payload)?;
    }
    Ok(done(cx))
}

/// A subscription to changes.
struct Subscription {
    id: &'static str,
    number: u32,
    channel: RefCell<Value>,
}

crate::library! {
    static SUBSCRIPTION = "pg.Subscription" {
        "channel" => plain channel,
        "close" => plain close,
    }
}

impl Methods for Subscription {
    const METHODS: &'static Module = &SUBSCRIPTION;
}

impl UserData for Subscription {
    fn to_text(&self) -> Option<Vec<u8>> {
        Some(b"pg.Subscription{}".to_vec())
    }
    fn clear(&self) {
        drop(self.channel.take());
    }
}

/// Subscribes; the subscription, and what there is at this moment.
async fn subscribe(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    group: Option<&[u8]>,
) -> LuaResult<Result<(Value, Vec<(Arc<[u8]>, Vec<Pid>)>), Multi>> {
    let call = match call(cx, args, function).await? {
        Ok(call) => call,
        Err(failure) => return Ok(Err(failure)),
    };
    subscription(cx).await?;
    let state = cx.process();
    leave_at_end(cx, call.id);
    let number = state.tasks.ticket_number();
    let channel = state.mail.subscribe(cx, &bus::topic(number), BUFFER, false);
    let found = call.scope.subscribe(state.identity(), number, group);
    let subscription = Subscription { id: call.id, number, channel: RefCell::new(channel) };
    Ok(Ok((UserDataBox::new(cx, subscription), found)))
}

async fn events(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let (subscription, found) = match subscribe(cx, args, "events", None).await? {
        Ok(subscribed) => subscribed,
        Err(failure) => return Ok(failure),
    };
    let groups = Table::new(cx);
    for (name, members) in found {
        if let Some(table) = groups.as_table() {
            // A string is never a refused key.
            let _ = table.set(Value::string(&name), pids(cx, &members));
        }
    }
    Ok(Multi::from_values(cx, [subscription, groups, Value::NIL]))
}

async fn monitor(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let group = args::string(cx, args, 2, "monitor")?.into_owned();
    if group.is_empty() {
        return Ok(cx.failure("Invalid", "group name is required"));
    }
    let (subscription, found) = match subscribe(cx, args, "monitor", Some(&group)).await? {
        Ok(subscribed) => subscribed,
        Err(failure) => return Ok(failure),
    };
    let members = found.into_iter().next().map(|(_, members)| members).unwrap_or_default();
    Ok(Multi::from_values(cx, [subscription, pids(cx, &members), Value::NIL]))
}

/// `instance:release()`; again and again, if somebody likes.
async fn release(cx: Cx, args: &[Value]) -> LuaResult {
    held(cx, args, "release")?.is_released.set(true);
    Ok(Value::TRUE)
}

fn subscribed<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Subscription> {
    let found = args.first().and_then(Value::downcast::<Subscription>);
    found.ok_or_else(|| cx.throw_argument(1, function, "Subscription expected"))
}

fn channel(cx: Cx, args: &[Value]) -> LuaResult {
    subscribed(cx, args, "channel").map(|subscription| subscription.channel.borrow().clone())
}

/// `subscription:close([{flush = true}])`: with `flush`, events that nobody has read are dropped.
fn close(cx: Cx, args: &[Value]) -> LuaResult {
    let subscription = subscribed(cx, args, "close")?;
    let options = args.get(1).and_then(Value::as_table);
    let flush = options.is_some_and(|options| options.get_text("flush").as_bool() == Some(true));
    if let Some(scope) = system(cx)?.scopes().find(subscription.id) {
        scope.unsubscribe(cx.process().identity(), subscription.number);
    }
    let channel = subscription.channel.borrow().clone();
    cx.process().mail.unsubscribe(&channel);
    if flush && let Some(channel) = channel.downcast::<Channel>() {
        while let Received::Value(..) = channel.take() {}
    }
    Ok(Value::TRUE)
}
