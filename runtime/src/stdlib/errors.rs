//! The `errors` library: making, wrapping and asking structured errors.

use std::cell::RefCell;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult};
use crate::module::Field;
use crate::stdlib::args;
use crate::string::StaticStr;
use crate::value::Value;

/// A kind constant.
macro_rules! kind {
    ($text:literal) => {{
        static TEXT: StaticStr = StaticStr::new($text.as_bytes());
        Field::String(&TEXT)
    }};
}

crate::library! {
    pub static ERRORS = "errors" {
        "new" => plain new,
        "wrap" => plain wrap,
        "is" => plain is,
        "call_stack" => plain call_stack,
        "UNKNOWN" => value kind!(""),
        "NOT_FOUND" => value kind!("NotFound"),
        "ALREADY_EXISTS" => value kind!("AlreadyExists"),
        "INVALID" => value kind!("Invalid"),
        "PERMISSION_DENIED" => value kind!("PermissionDenied"),
        "UNAVAILABLE" => value kind!("Unavailable"),
        "INTERNAL" => value kind!("Internal"),
        "CANCELED" => value kind!("Canceled"),
        "CONFLICT" => value kind!("Conflict"),
        "TIMEOUT" => value kind!("Timeout"),
        "RATE_LIMITED" => value kind!("RateLimited"),
    }
}

/// `errors.new(message)` or `errors.new{message=, kind=, retryable=, details=}`
///
/// # Errors
/// No message.
pub fn new(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args::any(cx, args, 1, "new")?;
    let mut error = ErrorObject { retryable: None, stack: stack(cx), ..ErrorObject::new("", "") };
    if let Some(bytes) = value.as_bytes() {
        error.message = bytes.to_vec();
        return Ok(error.into_value(cx));
    }
    let Some(table) = value.as_table() else {
        return Err(cx.throw_argument(1, "new", "expected string or table"));
    };
    let message = table.get_text("message");
    if message.is_nil() {
        return Err(cx.throw_argument(1, "new", "message field is required"));
    }
    let Some(bytes) = message.as_bytes() else {
        return Err(cx.throw_argument(1, "new", "message must be a string"));
    };
    error.message = bytes.to_vec();
    error.kind = table.get_text("kind").as_bytes().unwrap_or_default().to_vec();
    error.retryable = table.get_text("retryable").as_bool();
    let details = table.get_text("details");
    if details.as_table().is_some_and(|details| !details.entries().is_empty()) {
        error.details = RefCell::new(crate::transfer::Copier::new(cx.heap()).copy(&details));
    }
    Ok(error.into_value(cx))
}

/// Where the error was made, one line: finer stacks come with the traceback.
fn stack(cx: Cx) -> Vec<u8> {
    cx.location().map_or_else(Vec::new, |site| {
        let function = site.chunk.function_at(site.line).unwrap_or("main chunk");
        format!("  {}:{} ({function})", site.chunk.name, site.line).into_bytes()
    })
}

/// The message with the contexts that earlier wraps put in front.
fn full_text(error: &ErrorObject) -> Vec<u8> {
    match &error.context {
        Some(context) => [context, &b": "[..], &error.message].concat(),
        None => error.message.clone(),
    }
}

/// `errors.wrap(error, context)`
///
/// # Errors
/// Arguments that are neither text nor error.
pub fn wrap(cx: Cx, args: &[Value]) -> LuaResult {
    let inner = args::any(cx, args, 1, "wrap")?;
    let context = args::any(cx, args, 2, "wrap")?;
    let text = |value: &Value| {
        value
            .as_bytes()
            .map(<[u8]>::to_vec)
            .or_else(|| value.downcast::<ErrorObject>().map(|error| error.message.clone()))
    };
    let expected = "expected string or error object";
    let context = text(context).ok_or_else(|| cx.throw_argument(2, "wrap", expected))?;
    let mut wrapped =
        ErrorObject { retryable: None, context: Some(context), stack: stack(cx), ..ErrorObject::new("", "") };
    match inner.downcast::<ErrorObject>() {
        Some(error) => {
            wrapped.message = full_text(error);
            wrapped.kind.clone_from(&error.kind);
            wrapped.retryable = error.retryable;
            if !wrapped.stack.is_empty() {
                wrapped.stack.push(b'\n');
            }
            wrapped.stack.extend_from_slice(&error.stack_text());
            wrapped.details = RefCell::new(error.details.borrow().clone());
        }
        None => wrapped.message = text(inner).ok_or_else(|| cx.throw_argument(1, "wrap", expected))?,
    }
    Ok(wrapped.into_value(cx))
}

/// `errors.is(value, kind)`
///
/// # Errors
/// A kind that is no string.
pub fn is(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args::any(cx, args, 1, "is")?;
    let kind = args::string(cx, args, 2, "is")?;
    Ok(Value::bool(value.downcast::<ErrorObject>().is_some_and(|error| error.kind == *kind)))
}

/// `errors.call_stack(error)`: nil where no stack is known.
///
/// # Errors
/// None.
pub fn call_stack(_: Cx, _: &[Value]) -> LuaResult {
    Ok(Value::NIL)
}
