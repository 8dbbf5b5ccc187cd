//! The `coroutine` library, as far as tasks go; manual coroutines come with the whole language.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Module;
use crate::process::task::{self, TaskId};
use crate::stdlib::args;
use crate::userdata::{UserData, UserDataBox};
use crate::value::Value;

crate::library! {
    pub static COROUTINE = "coroutine" {
        "spawn" => async spawn,
        "yield" => async yield_,
        "status" => plain status,
    }
}

/// `coroutine.spawn(f)`: the new task runs first, up to where it blocks.
///
/// # Errors
/// No function, or nothing may suspend here.
pub async fn spawn(cx: Cx, args: &[Value]) -> LuaResult {
    let body = args::function(cx, args, 1, "spawn")?.clone();
    let (task, birth) = task::spawn(cx, body).await?;
    Ok(UserDataBox::new_thread(cx, TaskThread { task, birth }))
}

/// What `coroutine.spawn` returns: a thread that cannot be resumed by hand.
struct TaskThread {
    task: TaskId,
    birth: u32,
}

impl UserData for TaskThread {
    fn methods(&self) -> &'static Module {
        crate::library! { static METHODS = "thread" {} }
        &METHODS
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// `coroutine.status(thread)`
///
/// # Errors
/// No thread.
pub fn status(cx: Cx, args: &[Value]) -> LuaResult {
    let thread =
        args.first().and_then(Value::as_thread).and_then(|thread| thread.body().as_any().downcast_ref());
    let Some(TaskThread { task, birth }) = thread else {
        return Err(args::wrong(cx, args, 1, "status", "thread"));
    };
    Ok(match cx.process().tasks.status(*task, *birth) {
        task::Status::Running => "running",
        task::Status::Suspended => "suspended",
        task::Status::Dead => "dead",
    }
    .into())
}

/// `coroutine.yield(...)` in a task: the others go first.
///
/// # Errors
/// Nothing may suspend here.
pub async fn yield_(cx: Cx, _: &[Value]) -> LuaResult<()> {
    task::yield_now(cx).await
}
