//! The `errors` library: making, wrapping and asking structured errors.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::cx::Cx;
use crate::error::{ErrorObject, LuaResult, Origin, Site};
use crate::module::Field;
use crate::ops::text;
use crate::stdlib::args;
use crate::string::StaticStr;
use crate::table::Table;
use crate::value::{Tag, Value};

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
/// No message; the process is being ended.
pub fn new(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args::any(cx, args, 1, "new")?;
    let mut error = ErrorObject { retryable: None, origin: origin(cx), ..ErrorObject::new("", "") };
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
    if details.as_table().is_some() {
        let details = data(cx, &details, 0, &mut FxHashMap::default())?;
        let is_empty = details.as_table().is_none_or(|details| details.entries().is_empty());
        error.details = RefCell::new(if is_empty { Value::NIL } else { details });
    }
    Ok(error.into_value(cx))
}

/// Tables nest so deep in details; what is deeper is text.
const DETAILS_DEPTH: usize = 100;

/// A copy of a table that holds nothing but data: texts and places of lists as keys, functions and objects
/// as their texts. `copies` are those that were begun, by the table they are of.
fn data(cx: Cx, table: &Value, depth: usize, copies: &mut FxHashMap<u64, Value>) -> LuaResult {
    if let Some(copy) = copies.get(&table.raw_bits()) {
        return Ok(copy.clone());
    }
    let copy = Table::new(cx);
    copies.insert(table.raw_bits(), copy.clone());
    let (Some(from), Some(into)) = (table.as_table(), copy.as_table()) else { return Ok(copy) };
    for (key, value) in from.entries() {
        cx.spend()?;
        if !matches!(key.tag(), Tag::Integer | Tag::String | Tag::StaticString) {
            continue;
        }
        let value = match value.tag() {
            Tag::Boolean | Tag::Integer | Tag::Float | Tag::String | Tag::StaticString => value,
            Tag::Table if depth < DETAILS_DEPTH => data(cx, &value, depth + 1, copies)?,
            _ => text::plain(&value).into(),
        };
        // Keys of these kinds are never refused.
        let _ = into.set(key, value);
    }
    Ok(copy)
}

/// The place that makes the error.
fn origin(cx: Cx) -> RefCell<Option<Box<Origin>>> {
    RefCell::new(Some(Box::new(Origin::new(cx, cx.maker()))))
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
    let text_of = |value: &Value| {
        value
            .as_bytes()
            .map(<[u8]>::to_vec)
            .or_else(|| value.downcast::<ErrorObject>().map(|error| error.message.clone()))
    };
    let expected = "expected string or error object";
    let context = text_of(context).ok_or_else(|| cx.throw_argument(2, "wrap", expected))?;
    let mut wrapped = ErrorObject { retryable: None, context: Some(context), ..ErrorObject::new("", "") };
    let mut origin = Origin::new(cx, cx.maker());
    match inner.downcast::<ErrorObject>() {
        Some(error) => {
            wrapped.message = full_text(error);
            wrapped.kind.clone_from(&error.kind);
            wrapped.retryable = error.retryable;
            origin.wrapped = error.stack_text();
            wrapped.details = RefCell::new(error.details.borrow().clone());
        }
        None => {
            wrapped.message = text_of(inner).ok_or_else(|| cx.throw_argument(1, "wrap", expected))?;
            origin.wrapped.clone_from(&wrapped.message);
        }
    }
    wrapped.origin = RefCell::new(Some(Box::new(origin)));
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

/// `errors.call_stack(error)`: `{ thread = "0x..", frames = { { level = 0, source = "app:x", line = 12, name = "f",
/// type = "Lua" }, .. } }`, innermost first; nil where no place is known.
///
/// # Errors
/// None.
pub fn call_stack(cx: Cx, args: &[Value]) -> LuaResult {
    let Some(error) = args.first().and_then(Value::downcast::<ErrorObject>) else { return Ok(Value::NIL) };
    let origin = error.origin.borrow();
    let Some(origin) = origin.as_ref().filter(|origin| !origin.frames.is_empty()) else {
        return Ok(Value::NIL);
    };
    let frames: Vec<Value> =
        origin.frames.iter().enumerate().map(|(level, site)| frame(cx, level, site)).collect();
    let list = Table::new(cx);
    crate::ops::index::append(&list, 1, frames);
    Ok(record(cx, [("thread", format!("0x{:012x}", origin.thread).into_bytes().into()), ("frames", list)]))
}

fn frame(cx: Cx, level: usize, site: &'static Site) -> Value {
    let (name, kind) = match site.function() {
        Some((name, ..)) => (*name, "Lua"),
        None => ("main chunk", "main"),
    };
    record(
        cx,
        [
            ("level", Value::int(i64::try_from(level).unwrap_or(i64::MAX))),
            ("source", site.chunk.name.into()),
            ("line", Value::int(i64::from(site.line))),
            ("name", name.into()),
            ("type", kind.into()),
        ],
    )
}

fn record<const N: usize>(cx: Cx, fields: [(&str, Value); N]) -> Value {
    let record = Table::new(cx);
    if let Some(table) = record.as_table() {
        for (name, value) in fields {
            table.set_text(name, value);
        }
    }
    record
}
