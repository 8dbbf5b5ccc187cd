//! The spawner: a builder of children with context values, a name and first messages. Immutable:
//! every method returns another one.

use std::cell::RefCell;

use super::spawn::{Relation, check, start};
use super::{system, text};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::heap::Tally;
use crate::module::Module;
use crate::process::context::ContextValues;
use crate::process::plain::Plain;
use crate::process::signal::Signal;
use crate::process::spawn::Extras;
use crate::process::task::host_operation;
use crate::process::topic::Topic;
use crate::results::Multi;
use crate::stdlib::args;
use crate::table::Table;
use crate::transfer::{Copier, Graph};
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

#[derive(Clone, Default)]
struct Spawner {
    context: ContextValues,
    name: Option<String>,
    /// Copied when they were given.
    messages: RefCell<Vec<(Topic, Vec<Value>)>>,
}

crate::library! {
    static METHODS = "process.Spawner" {
        "with_context" => plain method_with_context,
        "with_options" => plain method_with_options,
        "with_actor" => plain with_actor,
        "with_scope" => plain with_scope,
        "with_name" => plain with_name,
        "with_message" => plain with_message,
        "spawn" => async method_spawn,
        "spawn_monitored" => async method_spawn_monitored,
        "spawn_linked" => async method_spawn_linked,
        "spawn_linked_monitored" => async method_spawn_linked_monitored,
        "exec" => async method_exec,
    }
}

impl Methods for Spawner {
    const METHODS: &'static Module = &METHODS;
}

impl UserData for Spawner {
    fn clear(&self) {
        drop(self.messages.take());
    }

    fn weigh(&self, tally: &mut Tally) {
        for (_, payloads) in &*self.messages.borrow() {
            tally.values(payloads);
        }
        tally.add(self.parts() * size_of::<(Topic, Vec<Value>)>());
    }
}

/// A copy of the builder that a method is called of.
fn spawner(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<Spawner> {
    let found = args.first().and_then(Value::downcast::<Spawner>);
    let found = found.ok_or_else(|| cx.throw_argument(1, function, "Spawner expected"))?;
    cx.spend_copy(found.parts())?;
    Ok(found.clone())
}

fn fresh(cx: Cx) -> LuaResult<Spawner> {
    if cx.process().system.is_none() {
        return Err(cx.throw_text("no PID found in frame context"));
    }
    Ok(Spawner { context: cx.process().context(), ..Spawner::default() })
}

/// The context values of a table: its string keys.
pub(crate) fn context_of(table: &Table) -> Vec<(String, Plain)> {
    let entries = table.entries().into_iter();
    let named = entries.filter_map(|(key, value)| {
        Some((String::from_utf8_lossy(key.as_bytes()?).into_owned(), Plain::from_value(&value)))
    });
    named.collect()
}

fn has_only_text_keys(table: &Table) -> bool {
    table.entries().iter().all(|(key, _)| key.as_bytes().is_some())
}

/// `process.with_context(values)`
///
/// # Errors
/// No table, a key that is no text, no process.
pub fn with_context(cx: Cx, args: &[Value]) -> LuaResult {
    let table = args::table(cx, args, 1, "with_context")?;
    if !has_only_text_keys(table) {
        return Err(cx.throw_argument(1, "with_context", "context keys must be strings"));
    }
    let spawner = fresh(cx)?;
    let context = spawner.context.with(context_of(table));
    Ok(UserDataBox::new(cx, Spawner { context, ..spawner }))
}

/// `process.with_options(options)`: none has a meaning on one node.
///
/// # Errors
/// No table, a key that is no text, no process.
pub fn with_options(cx: Cx, args: &[Value]) -> LuaResult {
    if !has_only_text_keys(args::table(cx, args, 1, "with_options")?) {
        return Err(cx.throw_argument(1, "with_options", "options keys must be strings"));
    }
    Ok(UserDataBox::new(cx, fresh(cx)?))
}

fn method_with_context(cx: Cx, args: &[Value]) -> LuaResult {
    let spawner = spawner(cx, args, "with_context")?;
    let context = spawner.context.with(context_of(args::table(cx, args, 2, "with_context")?));
    Ok(UserDataBox::new(cx, Spawner { context, ..spawner }))
}

fn method_with_options(cx: Cx, args: &[Value]) -> LuaResult {
    let spawner = spawner(cx, args, "with_options")?;
    args::table(cx, args, 2, "with_options")?;
    Ok(UserDataBox::new(cx, spawner))
}

// There is no security subsystem, so no value is an actor or a scope.

fn with_actor(cx: Cx, args: &[Value]) -> LuaResult {
    spawner(cx, args, "with_actor")?;
    let is_nil = args.get(1).is_none_or(Value::is_nil);
    Err(cx.throw_argument(2, "with_actor", if is_nil { "actor cannot be nil" } else { "Actor expected" }))
}

fn with_scope(cx: Cx, args: &[Value]) -> LuaResult {
    spawner(cx, args, "with_scope")?;
    let is_nil = args.get(1).is_none_or(Value::is_nil);
    Err(cx.throw_argument(2, "with_scope", if is_nil { "scope cannot be nil" } else { "Scope expected" }))
}

fn with_name(cx: Cx, args: &[Value]) -> LuaResult {
    let spawner = spawner(cx, args, "with_name")?;
    let name = text(cx, args, 2, "with_name")?;
    if name.is_empty() {
        return Err(cx.throw_argument(2, "with_name", "name cannot be empty"));
    }
    Ok(UserDataBox::new(cx, Spawner { name: Some(name), ..spawner }))
}

fn with_message(cx: Cx, args: &[Value]) -> LuaResult {
    let spawner = spawner(cx, args, "with_message")?;
    let topic = super::send::topic(cx, args, 2, "with_message")?;
    if topic.is_internal() {
        return Err(cx.throw_argument(2, "with_message", "cannot send to @ topics"));
    }
    let copies = args.get(2..).unwrap_or_default().iter().map(|value| Copier::copy_spending(cx, value));
    let payloads = copies.collect::<LuaResult<_>>()?;
    spawner.messages.borrow_mut().push((topic, payloads));
    Ok(UserDataBox::new(cx, spawner))
}

impl Spawner {
    /// Values and messages that it holds.
    fn parts(&self) -> usize {
        self.context.len() + self.messages.borrow().len()
    }

    /// What its children get beside their context.
    fn extras(&self) -> Box<Extras> {
        let (name, messages) = (self.name.clone(), self.messages());
        Box::new(Extras { name, messages, ..Extras::default() })
    }

    fn messages(&self) -> Vec<(Topic, Graph)> {
        self.messages.borrow().iter().map(|(topic, values)| (topic.clone(), Graph::copy(values))).collect()
    }
}

async fn run(cx: Cx, args: &[Value], function: &'static str, relation: Relation) -> LuaResult<Multi> {
    let spawner = spawner(cx, args, function)?;
    if args.len() < 3 {
        return Err(cx.throw_text("spawn requires at least id and host arguments"));
    }
    check(cx, args, 2, function)?;
    let args = args.get(1..).unwrap_or_default();
    if let Some(name) = &spawner.name {
        // Spawn or signal: who holds the name gets the messages.
        host_operation(cx).await?;
        let system = system(cx)?;
        if let Some(holder) = system.names().lookup(name) {
            for (topic, payload) in spawner.messages() {
                system.signal(holder.identity, Signal::Message { from: None, topic, payload });
            }
            let pid = system.pid_value(&holder);
            return Ok(Multi::pair(cx, pid, Value::NIL));
        }
    }
    let adornments = (spawner.context.clone(), spawner.extras());
    host_operation(cx).await?;
    start(cx, args, function, relation, Some(adornments))
}

async fn method_spawn(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    run(cx, args, "spawn", Relation::default()).await
}

async fn method_spawn_monitored(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    run(cx, args, "spawn_monitored", Relation { monitored: true, linked: false }).await
}

async fn method_spawn_linked(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    run(cx, args, "spawn_linked", Relation { monitored: false, linked: true }).await
}

async fn method_spawn_linked_monitored(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    run(cx, args, "spawn_linked_monitored", Relation { monitored: true, linked: true }).await
}

async fn method_exec(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let spawner = spawner(cx, args, "exec")?;
    let extras = spawner.extras();
    super::spawn::exec_with(cx, args, 2, spawner.context, Some(extras)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::budget::BUDGET;
    use crate::testing::with_cx;

    #[test]
    fn a_copy_of_a_builder_is_paid_for() {
        with_cx(|cx| {
            let topic = Topic::of(&crate::s!("t"), b"t");
            let messages = (0..100).map(|number| (topic.clone(), vec![Value::int(number)]));
            let builder = Spawner { messages: RefCell::new(messages.collect()), ..Spawner::default() };
            let builder = UserDataBox::new(cx, builder);
            cx.set_budget(BUDGET);
            let named = with_name(cx, &[builder, "n".into()]).unwrap();
            assert_eq!(named.downcast::<Spawner>().map(Spawner::parts), Some(100));
            assert_eq!(cx.budget(), BUDGET - 1600);
        });
    }
}
