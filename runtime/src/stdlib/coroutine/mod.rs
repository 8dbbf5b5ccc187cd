//! The `coroutine` library: tasks of the process, and coroutines that a program resumes by hand.
//!
//! A manual coroutine is a boxed future and a place for the values on their way in or out. Resuming
//! polls the future: when it is pending because the body called `yield`, the resumer gets the values;
//! when it is pending for any other reason, a blocking operation waits inside, and the resumer's
//! task waits with it. [`turn`] is a resume, [`yielding`] a yield.

mod turn;
mod yielding;

use std::cell::{Cell, RefCell};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::{BoxFuture, Closure, Entry, FunctionDef};
use crate::heap::Tally;
use crate::module::{Field, Module};
use crate::process::task::{self, TaskId};
use crate::results::Multi;
use crate::s;
use crate::stdlib::args;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;
use turn::{NO_DEAD, Stretch, Turn, resume_now, resume_waiting};
pub use yielding::{Yield, yield_};

crate::library! {
    pub static COROUTINE = "coroutine" {
        "close" => plain close,
        "create" => plain create,
        "isyieldable" => plain isyieldable,
        "resume" => value Field::Function(&RESUME),
        "running" => plain running,
        "spawn" => async spawn,
        "status" => plain status,
        "wrap" => plain wrap,
        "yield" => async yield_,
    }
}

/// `coroutine.resume` as a value.
static RESUME: FunctionDef = FunctionDef {
    name: "resume",
    chunk: "[native]",
    line: 0,
    entry: Entry::Dual {
        plain: |cx, _, args| resume_plain(cx, args),
        start: |cx, _, args| BoxFuture::new(async move { resume(cx, &args).await }),
        suspends: |_, _| true,
    },
    getter: None,
};

/// The function that `coroutine.wrap` returns; its capture is the coroutine.
static WRAPPED: FunctionDef = FunctionDef {
    name: "wrap",
    chunk: "[native]",
    line: 0,
    entry: Entry::Dual {
        plain: |cx, this, args| {
            let coroutine = this.upvalue(0);
            refuse_itself(cx, &coroutine, args)?;
            wrapped_result(cx, resume_now(cx, &coroutine, args)?)
        },
        start: |cx, this, args| {
            BoxFuture::new(async move {
                let coroutine = this.upvalue(0);
                refuse_itself(cx, &coroutine, &args)?;
                wrapped_result(cx, resume_waiting(cx, &coroutine, &args).await?)
            })
        },
        suspends: |_, _| true,
    },
    getter: None,
};

/// What a coroutine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Suspended,
    Running,
    /// It has resumed another one and waits for it.
    Normal,
    Dead,
}

/// A coroutine that the program resumes.
struct Coroutine {
    state: Cell<State>,
    /// What runs; taken while it is polled, and gone when it is dead.
    body: RefCell<Option<Body>>,
    /// The first value on its way, an argument of a resume or what was yielded; the others wait among
    /// the results of the `Cx`, for nothing is called on the way.
    transfer: Cell<Value>,
    /// The body is pending because it yielded.
    has_yielded: Cell<bool>,
    /// The next poll finds it being closed: its yield ends in [`Fault::Closing`].
    is_closing: Cell<bool>,
    /// What it died of, until somebody closes it.
    failure: Cell<Option<Value>>,
}

enum Body {
    /// Not resumed yet: the function.
    Function(Value),
    Started(BoxFuture),
}

impl Methods for Coroutine {
    const METHODS: &'static Module = &NO_METHODS;
}

impl UserData for Coroutine {
    fn clear(&self) {
        drop((self.body.take(), self.transfer.take(), self.failure.take()));
    }

    fn weigh(&self, tally: &mut Tally) {
        if let Some(Body::Started(body)) = self.body.borrow().as_ref() {
            tally.add(body.size());
        }
    }
}

crate::library! {
    static NO_METHODS = "thread" {}
}

fn coroutine_of(value: &Value) -> Option<&Coroutine> {
    value.as_thread()?.body_as()
}

/// `coroutine.create(f)`
///
/// # Errors
/// No function.
pub fn create(cx: Cx, args: &[Value]) -> LuaResult {
    let function = args::function(cx, args, 1, "coroutine.create")?.clone();
    Ok(new_coroutine(cx, function))
}

fn new_coroutine(cx: Cx, function: Value) -> Value {
    UserDataBox::new_thread(
        cx,
        Coroutine {
            state: Cell::new(State::Suspended),
            body: RefCell::new(Some(Body::Function(function))),
            transfer: Cell::default(),
            has_yielded: Cell::new(false),
            is_closing: Cell::new(false),
            failure: Cell::default(),
        },
    )
}

/// `coroutine.wrap(f)`
///
/// # Errors
/// No function.
pub fn wrap(cx: Cx, args: &[Value]) -> LuaResult {
    let function = args::function(cx, args, 1, "coroutine.wrap")?.clone();
    let coroutine = new_coroutine(cx, function);
    Ok(Closure::new(cx, &WRAPPED, [coroutine]))
}

/// `coroutine.resume(co, ...)`; blocking operations inside of the coroutine pass through.
///
/// # Errors
/// No coroutine.
pub async fn resume(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let coroutine = thread(cx, args, "coroutine.resume")?;
    let passed = args.get(1..).unwrap_or_default();
    resume_waiting(cx, coroutine, passed).await.map(|stretch| resume_result(cx, stretch))
}

/// `coroutine.resume(co, ...)` from a function that cannot suspend: neither can the coroutine block.
///
/// # Errors
/// No coroutine.
pub fn resume_plain(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let coroutine = thread(cx, args, "coroutine.resume")?;
    let passed = args.get(1..).unwrap_or_default();
    resume_now(cx, coroutine, passed).map(|stretch| resume_result(cx, stretch))
}

fn thread<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Value> {
    let found = args.first().filter(|value| value.as_thread().is_some());
    found.ok_or_else(|| cx.throw_argument(1, function, "thread expected"))
}

fn resume_result(cx: Cx, stretch: Stretch) -> Multi {
    match stretch {
        Stretch::Values(values) => values.behind(cx, Value::TRUE),
        Stretch::Error(error) => Multi::pair(cx, Value::FALSE, error),
    }
}

fn wrapped_result(cx: Cx, stretch: Stretch) -> LuaResult<Multi> {
    match stretch {
        Stretch::Values(values) => Ok(values),
        Stretch::Error(error) => Err(match error.as_bytes() {
            // Lua puts the caller's position in front.
            Some(text) if cx.is_script() => cx.throw_text(text),
            _ => cx.throw(error),
        }),
    }
}

/// A coroutine that calls its own `wrap` function without arguments: PUC Lua takes its empty stack
/// for the sign of a dead one.
fn refuse_itself(cx: Cx, coroutine: &Value, args: &[Value]) -> LuaResult<()> {
    let is_running = coroutine_of(coroutine).is_some_and(|state| state.state.get() == State::Running);
    if is_running && args.is_empty() && cx.is_script() {
        return Err(cx.throw_text(NO_DEAD));
    }
    Ok(())
}

/// `coroutine.status(co)`
///
/// # Errors
/// No thread.
pub fn status(cx: Cx, args: &[Value]) -> LuaResult {
    let value = thread(cx, args, "coroutine.status")?;
    if let Some(task) = value.as_thread().and_then(UserDataBox::body_as::<TaskThread>) {
        return Ok(match task.status(cx) {
            // It has resumed a coroutine and waits for it.
            task::Status::Running if !cx.coroutine().is_nil() => s!("normal"),
            task::Status::Running => s!("running"),
            task::Status::Suspended => s!("suspended"),
            task::Status::Dead => s!("dead"),
        });
    }
    Ok(match coroutine_of(value).map(|state| state.state.get()) {
        Some(State::Suspended) => s!("suspended"),
        Some(State::Running) => s!("running"),
        Some(State::Normal) => s!("normal"),
        Some(State::Dead) | None => s!("dead"),
    })
}

/// `coroutine.running()`: the coroutine that runs, else the thread of the task. In the main task of a
/// script the main thread and true, as in Lua.
///
/// # Errors
/// None.
pub fn running(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    let coroutine = cx.coroutine();
    if !coroutine.is_nil() {
        return Ok(if cx.is_script() {
            Multi::pair(cx, coroutine, Value::FALSE)
        } else {
            Multi::one(cx, coroutine)
        });
    }
    let task = cx.process().tasks.current.get();
    if let Some(script) = cx.script().filter(|_| task == 0) {
        let main = crate::script::state::ensure(&script.main_thread, || new_main_thread(cx));
        return Ok(Multi::pair(cx, main, Value::TRUE));
    }
    let tasks = &cx.process().tasks;
    let known = tasks.thread(task).or_else(|| Some(keep_thread(cx, task, tasks.birth(task)?)));
    Ok(Multi::one(cx, known.unwrap_or_default()))
}

/// The thread of a task, the same as long as the task lives.
fn keep_thread(cx: Cx, task: TaskId, birth: u32) -> Value {
    let thread = UserDataBox::new_thread(cx, TaskThread { task, birth });
    cx.process().tasks.keep_thread(task, thread.clone());
    thread
}

/// What stands for the main thread of a script.
fn new_main_thread(cx: Cx) -> Value {
    let thread = new_coroutine(cx, Value::NIL);
    if let Some(state) = coroutine_of(&thread) {
        state.state.set(State::Running);
    }
    thread
}

/// `coroutine.isyieldable()`
///
/// # Errors
/// None.
pub fn isyieldable(cx: Cx, _: &[Value]) -> LuaResult {
    let is_yieldable = match cx.coroutine() {
        coroutine if !coroutine.is_nil() => cx.can_yield(),
        _ if cx.is_script() && cx.process().tasks.current.get() == 0 => false,
        _ => cx.may_suspend(),
    };
    Ok(Value::bool(is_yieldable))
}

/// `coroutine.close(co)`: closes the variables that a suspended coroutine has to close. True, or false and
/// the error the coroutine died of or that closing raised.
///
/// # Errors
/// A coroutine that runs.
pub fn close(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = thread(cx, args, "coroutine.close")?;
    let Some(coroutine) = coroutine_of(value) else {
        return Err(cx.throw_text("cannot close a running coroutine"));
    };
    match coroutine.state.get() {
        State::Running => return Err(cx.throw_text("cannot close a running coroutine")),
        State::Normal => return Err(cx.throw_text("cannot close a normal coroutine")),
        State::Suspended | State::Dead => {}
    }
    if cx.is_stack_used_up() {
        return Err(cx.throw_overflow("C stack overflow"));
    }
    drop(coroutine.transfer.take());
    let error = match coroutine.body.take() {
        Some(Body::Started(body)) => Turn::of(cx, value, coroutine, body).unwind(),
        Some(Body::Function(_)) | None => coroutine.failure.take(),
    };
    coroutine.state.set(State::Dead);
    Ok(match error {
        Some(error) => Multi::pair(cx, Value::FALSE, error),
        None => Multi::one(cx, Value::TRUE),
    })
}

/// `coroutine.spawn(f)`: the new task runs first, up to where it blocks.
///
/// # Errors
/// No function, or nothing may suspend here.
pub async fn spawn(cx: Cx, args: &[Value]) -> LuaResult {
    let body = args::function(cx, args, 1, "coroutine.spawn")?.clone();
    task::spawn(cx, body, keep_thread).await
}

/// The thread of a task: it cannot be resumed by hand.
struct TaskThread {
    task: TaskId,
    birth: u32,
}

impl TaskThread {
    fn status(&self, cx: Cx) -> task::Status {
        cx.process().tasks.status(self.task, self.birth)
    }
}

impl Methods for TaskThread {
    const METHODS: &'static Module = &NO_METHODS;
}

impl UserData for TaskThread {}
