//! Children: the four `spawn`s, `exec` and `upgrade`.

use std::sync::Arc;
use std::task::Poll;

use super::{borrowed, failed, invalid, system, text};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::context::ContextValues;
use crate::process::external::Interrupt;
use crate::process::pid::Pid;
use crate::process::relations::{Relations, Watcher};
use crate::process::signal::ExitResult;
use crate::process::spawn::{Birth, Extras, SpawnRequest};
use crate::process::system::{Failure, System};
use crate::process::target::{Target, Texts};
use crate::process::task::{Act, Operation, host_operation};
use crate::process::upgrade::Upgrade;
use crate::results::Multi;
use crate::transfer::Graph;
use crate::value::Value;

/// How a child is related to its parent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Relation {
    pub monitored: bool,
    pub linked: bool,
}

/// The entry and the host, where they are texts of the program's code.
fn texts(args: &[Value]) -> Option<Texts> {
    Some([args.first()?.as_static_str()?, args.get(1)?.as_static_str()?])
}

/// What a spawner knows of the child.
pub(super) type Adornments = (ContextValues, Box<Extras>);

/// Refuses an id (argument `first`) or a host that is no text, before anything happens. Both are read
/// again then: nothing is kept meanwhile.
#[inline(never)]
pub(super) fn check(cx: Cx, args: &[Value], first: usize, function: &'static str) -> LuaResult<()> {
    borrowed(cx, args, first, function)?;
    borrowed(cx, args, first + 1, function)?;
    Ok(())
}

/// Starts a child, now that host operations may start.
#[inline(always)]
pub(super) fn start(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    relation: Relation,
    adornments: Option<Adornments>,
) -> LuaResult<Multi> {
    let system = system(cx)?;
    match texts(args).and_then(|texts| system.known_target(texts)) {
        Some(target) => start_known(cx, system, target, args, relation, adornments),
        None => start_named(cx, system, args, function, relation, adornments),
    }
}

#[inline(never)]
fn start_known(
    cx: Cx,
    system: &Arc<System>,
    target: Target,
    args: &[Value],
    relation: Relation,
    adornments: Option<Adornments>,
) -> LuaResult<Multi> {
    let state = cx.process();
    let args = Graph::copy_spending(cx, args.get(2..).unwrap_or_default())?;
    let own = state.identity();
    let relations =
        Relations::boxed(relation.monitored.then_some(Watcher::Process(own)), relation.linked.then_some(own));
    let (context, extras) = match adornments {
        None => (state.context(), None),
        Some((context, extras)) => (context, Some(extras)),
    };
    started(cx, relation, &system.spawn_known(target, Birth { args, relations, context, extras }))
}

#[inline(never)]
fn start_named(
    cx: Cx,
    system: &Arc<System>,
    args: &[Value],
    function: &'static str,
    relation: Relation,
    adornments: Option<Adornments>,
) -> LuaResult<Multi> {
    let (entry, host) = (borrowed(cx, args, 1, function)?, borrowed(cx, args, 2, function)?);
    let main_args = Graph::copy_spending(cx, args.get(2..).unwrap_or_default())?;
    let state = cx.process();
    let (context, extras) = match adornments {
        None => (state.context(), None),
        Some((context, extras)) => (context, Some(extras)),
    };
    let own = state.pid();
    let request = SpawnRequest {
        texts: texts(args),
        link: relation.linked.then_some(own),
        context,
        extras,
        ..SpawnRequest::new(
            &entry,
            &host,
            main_args,
            relation.monitored.then_some(Watcher::Process(own.identity)),
        )
    };
    started(cx, relation, &system.spawn(request))
}

/// What a spawn gives its caller.
#[inline(always)]
fn started(cx: Cx, relation: Relation, child: &Result<Pid, Failure>) -> LuaResult<Multi> {
    let state = cx.process();
    match child {
        Ok(child) => {
            // What the child tells meanwhile waits in the mailbox, so this is early enough.
            if relation.monitored {
                state.relations().monitors.insert(child.identity);
            }
            if relation.linked {
                state.relations().links.insert(child.identity);
            }
            Ok(Multi::pair(cx, state.pid_value_of(child), Value::NIL))
        }
        Err(failure) => Ok(failed(cx, failure.clone())),
    }
}

/// What is to be started, and how.
pub struct Spawn<'a> {
    args: &'a [Value],
    function: &'static str,
    relation: Relation,
}

impl<'a> Spawn<'a> {
    #[inline]
    fn operation(
        cx: Cx,
        args: &'a [Value],
        function: &'static str,
        monitored: bool,
        linked: bool,
    ) -> Operation<Spawn<'a>> {
        Operation::new(cx, Spawn { args, function, relation: Relation { monitored, linked } })
    }
}

impl Act for Spawn<'_> {
    #[inline(never)]
    fn advance(spawn: &mut Operation<Self>) -> Poll<LuaResult<Multi>> {
        let attempt = attempt(spawn);
        spawn.after(attempt)
    }
}

#[cold]
fn too_few(cx: Cx, function: &str) -> Multi {
    invalid(cx, format!("{function} requires at least id and host arguments"))
}

/// The results of a spawn; nothing if the task must suspend once before it.
#[inline(always)]
fn attempt(spawn: &mut Operation<Spawn<'_>>) -> LuaResult<Option<Multi>> {
    let cx = spawn.cx;
    let Spawn { args, function, relation } = spawn.act;
    if !spawn.has_waited {
        if args.len() < 2 {
            return Ok(Some(too_few(cx, function)));
        }
        if texts(args).is_none() {
            check(cx, args, 1, function)?;
        }
        if spawn.must_wait()? {
            return Ok(None);
        }
    }
    start(cx, args, function, relation, None).map(Some)
}

/// `process.spawn(id, host, ...)`
///
/// The future fails where the id or the host is no text.
#[inline]
pub fn spawn(cx: Cx, args: &[Value]) -> Operation<Spawn<'_>> {
    Spawn::operation(cx, args, "spawn", false, false)
}

/// `process.spawn_monitored(id, host, ...)`
///
/// The future fails as that of [`spawn`].
#[inline]
pub fn spawn_monitored(cx: Cx, args: &[Value]) -> Operation<Spawn<'_>> {
    Spawn::operation(cx, args, "spawn_monitored", true, false)
}

/// `process.spawn_linked(id, host, ...)`
///
/// The future fails as that of [`spawn`].
#[inline]
pub fn spawn_linked(cx: Cx, args: &[Value]) -> Operation<Spawn<'_>> {
    Spawn::operation(cx, args, "spawn_linked", false, true)
}

/// `process.spawn_linked_monitored(id, host, ...)`
///
/// The future fails as that of [`spawn`].
#[inline]
pub fn spawn_linked_monitored(cx: Cx, args: &[Value]) -> Operation<Spawn<'_>> {
    Spawn::operation(cx, args, "spawn_linked_monitored", true, true)
}

/// `process.exec(id, host, ...)`: a child, and its result.
///
/// # Errors
/// An id or host that is no text.
pub async fn exec(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let context = cx.process().context();
    exec_with(cx, args, 1, context, None).await
}

/// The id is argument `first`. `extras` are what a spawner gives the child.
pub(super) async fn exec_with(
    cx: Cx,
    args: &[Value],
    first: usize,
    context: ContextValues,
    extras: Option<Box<Extras>>,
) -> LuaResult<Multi> {
    if args.len() <= first {
        return Ok(invalid(cx, "exec requires id and host arguments"));
    }
    let (entry, host) = (text(cx, args, first, "exec")?, text(cx, args, first + 1, "exec")?);
    let wrong = match (entry.split_once(':'), &*host) {
        _ if entry.is_empty() => Some("process ID required"),
        (None | Some(("", _) | (_, "")), _) => Some("invalid process ID format (namespace:name required)"),
        (_, "") => Some("host ID required"),
        _ => None,
    };
    if let Some(message) = wrong {
        return Ok(invalid(cx, message));
    }
    let main_args = Graph::copy_spending(cx, args.get(first + 1..).unwrap_or_default())?;
    let system = system(cx)?;
    let mut failure = None;
    let result: Option<ExitResult> = cx
        .external(Interrupt::Nothing, |completer| {
            let watcher = Some(Watcher::Caller(Box::new(completer)));
            let request = SpawnRequest::new(&entry, &host, main_args, watcher);
            let request = SpawnRequest { context, extras, ..request };
            failure = system.spawn(request).err();
        })
        .await?;
    if let Some(failure) = failure {
        return Ok(failed(cx, Failure::new("Internal", failure.message)));
    }
    Ok(match result {
        Some(Ok(graph)) => {
            let value = graph.into_values(cx).first();
            Multi::pair(cx, value, Value::NIL)
        }
        Some(Err(error)) => {
            let error = error.to_value(cx);
            Multi::pair(cx, Value::NIL, error)
        }
        None => failed(cx, Failure::new("Canceled", "context canceled")),
    })
}

/// `process.upgrade([id], ...)`: never returns.
///
/// # Errors
/// Nothing may suspend here.
pub async fn upgrade(cx: Cx, args: &[Value]) -> LuaResult<()> {
    host_operation(cx).await?;
    let state = cx.process();
    let entry = args.first().and_then(Value::as_bytes);
    let entry = entry.map_or_else(|| state.entry.to_owned(), |id| String::from_utf8_lossy(id).into_owned());
    let args = Graph::copy_spending(cx, args.get(1..).unwrap_or_default())?;
    state.rare().upgrade = Some(Upgrade { entry, args });
    std::future::pending().await
}
