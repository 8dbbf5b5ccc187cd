//! Children: the four `spawn`s, `exec` and `upgrade`.

use super::{borrowed, failed, invalid, system, text};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::context::ContextValues;
use crate::process::external::Interrupt;
use crate::process::relations::Watcher;
use crate::process::signal::ExitResult;
use crate::process::spawn::SpawnRequest;
use crate::process::system::Failure;
use crate::process::target::{Texts, Wanted};
use crate::process::task::host_operation;
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

/// Starts a child; `adorn` adds what a spawner knows.
pub(super) async fn start(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    relation: Relation,
    adorn: impl FnOnce(SpawnRequest<'_>) -> SpawnRequest<'_>,
) -> LuaResult<Multi> {
    if texts(args).is_none() {
        // Checked before anything happens, and read again then: nothing is kept meanwhile.
        borrowed(cx, args, 1, function)?;
        borrowed(cx, args, 2, function)?;
    }
    host_operation(cx).await?;
    let texts = texts(args);
    let known = texts.and_then(|texts| system(cx).ok()?.known_target(texts));
    let (entry, host) = match known {
        Some(_) => Default::default(),
        None => (borrowed(cx, args, 1, function)?, borrowed(cx, args, 2, function)?),
    };
    let state = cx.process();
    let own = state.pid();
    let wanted = known.map_or(Wanted::Named { entry: &entry, host: &host, texts }, Wanted::Known);
    let request = SpawnRequest {
        wanted,
        watcher: relation.monitored.then_some(Watcher::Process(own)),
        link: relation.linked.then_some(own),
        context: state.context(),
        args: Graph::copy_spending(cx, args.get(2..).unwrap_or_default())?,
        extras: None,
    };
    match system(cx)?.spawn(adorn(request)) {
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
        Err(failure) => Ok(failed(cx, failure)),
    }
}

async fn plain_start(cx: Cx, args: &[Value], function: &'static str, relation: Relation) -> LuaResult<Multi> {
    if args.len() < 2 {
        return Ok(invalid(cx, format!("{function} requires at least id and host arguments")));
    }
    start(cx, args, function, relation, |request| request).await
}

/// `process.spawn(id, host, ...)`
///
/// # Errors
/// An id or host that is no text.
pub async fn spawn(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    plain_start(cx, args, "spawn", Relation::default()).await
}

/// `process.spawn_monitored(id, host, ...)`
///
/// # Errors
/// As [`spawn`].
pub async fn spawn_monitored(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    plain_start(cx, args, "spawn_monitored", Relation { monitored: true, linked: false }).await
}

/// `process.spawn_linked(id, host, ...)`
///
/// # Errors
/// As [`spawn`].
pub async fn spawn_linked(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    plain_start(cx, args, "spawn_linked", Relation { monitored: false, linked: true }).await
}

/// `process.spawn_linked_monitored(id, host, ...)`
///
/// # Errors
/// As [`spawn`].
pub async fn spawn_linked_monitored(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    plain_start(cx, args, "spawn_linked_monitored", Relation { monitored: true, linked: true }).await
}

/// `process.exec(id, host, ...)`: a child, and its result.
///
/// # Errors
/// An id or host that is no text.
pub async fn exec(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let context = cx.process().context();
    exec_with(cx, args, context).await
}

pub(super) async fn exec_with(cx: Cx, args: &[Value], context: ContextValues) -> LuaResult<Multi> {
    if args.len() < 2 {
        return Ok(invalid(cx, "exec requires id and host arguments"));
    }
    let (entry, host) = (text(cx, args, 1, "exec")?, text(cx, args, 2, "exec")?);
    let wrong = match (entry.split_once(':'), &*host) {
        _ if entry.is_empty() => Some("process ID required"),
        (None | Some(("", _) | (_, "")), _) => Some("invalid process ID format (namespace:name required)"),
        (_, "") => Some("host ID required"),
        _ => None,
    };
    if let Some(message) = wrong {
        return Ok(invalid(cx, message));
    }
    let main_args = Graph::copy_spending(cx, args.get(2..).unwrap_or_default())?;
    let system = system(cx)?;
    let mut failure = None;
    let result: Option<ExitResult> = cx
        .external(Interrupt::Nothing, |completer| {
            let watcher = Some(Watcher::Caller(completer));
            let request = SpawnRequest { context, ..SpawnRequest::new(&entry, &host, main_args, watcher) };
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
