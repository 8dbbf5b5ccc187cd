//! The `io` module: the terminal, for processes that run on a terminal host.

use std::io::Write;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult};
use crate::host::HostData;
use crate::host::host_data;
use crate::host::terminal::{Answer, Request, set_raw};
use crate::ops::text;
use crate::process::external::Interrupt;
use crate::process::host::HostKind;
use crate::results::Multi;
use crate::stdlib::args;
use crate::table::Table;
use crate::value::Value;

crate::library! {
    pub static IO = "io" {
        "write" => plain write,
        "print" => plain print,
        "eprint" => plain eprint,
        "read" => async read,
        "readline" => async readline,
        "raw" => async raw,
        "flush" => plain flush,
        "args" => plain args,
    }
}

/// The terminal of a process that has one.
fn terminal<'a>(cx: Cx) -> Option<&'a HostData> {
    let state = cx.process();
    let system = state.system.as_ref()?;
    let data = host_data(system);
    let host = system.host(state.pid().host)?;
    (host.kind == HostKind::Terminal).then_some(data)
}

fn unavailable(cx: Cx) -> Multi {
    cx.failure("Unavailable", "no terminal context")
}

/// `nil, Err(Internal, what the system said)`
fn written(cx: Cx, result: std::io::Result<()>) -> Multi {
    match result {
        Ok(()) => Multi::one(cx, Value::TRUE),
        Err(error) => cx.failure("Internal", error.to_string()),
    }
}

/// `io.write(...)`: no separators, no line end.
///
/// # Errors
/// What a `__tostring` raises.
pub fn write(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if terminal(cx).is_none() {
        return Ok(unavailable(cx));
    }
    let mut bytes = Vec::new();
    for value in args {
        bytes.extend(text::tostring(cx, value)?);
    }
    let mut stdout = std::io::stdout().lock();
    let result = stdout.write_all(&bytes).and_then(|()| stdout.flush());
    Ok(written(cx, result))
}

fn line(cx: Cx, args: &[Value]) -> LuaResult<Vec<u8>> {
    let mut bytes = Vec::new();
    for (index, value) in args.iter().enumerate() {
        if index > 0 {
            bytes.push(b'\t');
        }
        bytes.extend(text::tostring(cx, value)?);
    }
    bytes.push(b'\n');
    Ok(bytes)
}

/// `io.print(...)`: tabs between, a line end behind; failures of the terminal are ignored.
///
/// # Errors
/// What a `__tostring` raises.
pub fn print(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if terminal(cx).is_none() {
        return Ok(unavailable(cx));
    }
    let line = line(cx, args)?;
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(&line).and_then(|()| stdout.flush());
    Ok(Multi::one(cx, Value::TRUE))
}

/// `io.eprint(...)`: as `print`, to standard error.
///
/// # Errors
/// What a `__tostring` raises.
pub fn eprint(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if terminal(cx).is_none() {
        return Ok(unavailable(cx));
    }
    let _ = std::io::stderr().write_all(&line(cx, args)?);
    Ok(Multi::one(cx, Value::TRUE))
}

/// `io.flush()`
///
/// # Errors
/// None.
pub fn flush(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    if terminal(cx).is_none() {
        return Ok(unavailable(cx));
    }
    let result = std::io::stdout().flush();
    Ok(written(cx, result))
}

/// `io.args()`: the program's arguments; an empty table outside of a terminal.
///
/// # Errors
/// None.
pub fn args(cx: Cx, _: &[Value]) -> LuaResult {
    let list = Table::new(cx);
    if terminal(cx).is_some() {
        let args = cx.process().if_rare(|rare| rare.terminal_args.clone()).unwrap_or_default();
        crate::ops::index::append(&list, 1, args.into_iter().map(Value::from));
    }
    Ok(list)
}

/// `io.readline()`: a line without its end, or `nil, err` at the end of the input.
///
/// # Errors
/// Nothing may suspend here.
pub async fn readline(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    request(cx, Request::Line).await
}

/// `io.read([n])`: up to n bytes, as soon as there are any.
///
/// # Errors
/// A count that is no number; nothing may suspend here.
pub async fn read(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let count = args::optional_integer(cx, args, 1, "read", 1024)?;
    let count = usize::try_from(count).ok().filter(|count| *count > 0).unwrap_or(1024);
    request(cx, Request::Bytes(count)).await
}

async fn request(cx: Cx, request: Request) -> LuaResult<Multi> {
    let Some(data) = terminal(cx) else { return Ok(unavailable(cx)) };
    let canceled = |cx: Cx| cx.failure("Canceled", "context canceled");
    let answer: Option<Answer> =
        cx.external(Interrupt::Shutdown, |completer| data.terminal.read(request, completer)).await?;
    Ok(match answer {
        None => canceled(cx),
        Some(Ok(Some(bytes))) => Multi::from_values(cx, [bytes.into(), Value::NIL]),
        Some(Ok(None)) => end_of_input(cx),
        Some(Err(text)) => cx.failure("Internal", text),
    })
}

/// `io.raw([enable = true])`: keys as they are typed, without echo.
///
/// # Errors
/// An argument that is no boolean; nothing may suspend here.
pub async fn raw(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let enable = match args.first() {
        None => true,
        Some(value) => value.as_bool().ok_or_else(|| args::wrong(cx, args, 1, "raw", "boolean"))?,
    };
    if terminal(cx).is_none() {
        return Ok(unavailable(cx));
    }
    crate::process::task::host_operation(cx).await?;
    Ok(match set_raw(enable) {
        Ok(()) => Multi::pair(cx, Value::TRUE, Value::NIL),
        Err(text) => cx.failure("Internal", text),
    })
}

fn end_of_input(cx: Cx) -> Multi {
    let error = ErrorObject::new("Internal", "EOF").into_value(cx);
    Multi::pair(cx, Value::NIL, error)
}
