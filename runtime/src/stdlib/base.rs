//! The base functions: `pcall`, `pairs`, `tostring` and the rest.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult};
use crate::module::Field;
use crate::ops::{call, compare, metamethod, number, text};
use crate::results::{Args, Multi};
use crate::stdlib::args;
use crate::value::{Tag, Value};

pub use super::logger::print;
pub use super::table::unpack;

crate::library! {
    /// The global functions.
    pub static BASE = "_G" {
        "assert" => plain assert,
        "error" => plain error,
        "getmetatable" => plain getmetatable,
        "ipairs" => plain ipairs,
        "next" => plain next,
        "pairs" => plain pairs,
        "pcall" => async pcall,
        "print" => plain super::logger::print,
        "rawequal" => plain rawequal,
        "rawget" => plain rawget,
        "rawlen" => plain rawlen,
        "rawset" => plain rawset,
        "require" => plain require,
        "select" => plain select,
        "setmetatable" => plain setmetatable,
        "tonumber" => plain tonumber,
        "tostring" => plain tostring,
        "type" => plain type_of,
        "unpack" => plain super::table::unpack,
        "xpcall" => async xpcall,
        "_VERSION" => value {
            static TEXT: crate::string::StaticStr = crate::string::StaticStr::new(b"Lua 5.3 - Wippy Modification");
            Field::String(&TEXT)
        },
    }
}

/// `assert(v, message, ...)`
///
/// # Errors
/// The message, or `assertion failed!`.
pub fn assert(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if args::any(cx, args, 1, "assert")?.truthy() {
        return Ok(Multi::from_slice(cx, args));
    }
    Err(match args::get(args, 2) {
        None => cx.throw_text("assertion failed!"),
        Some(message) => match message.as_bytes() {
            Some(bytes) => cx.throw_text(String::from_utf8_lossy(bytes)),
            None => cx.throw(message.clone()),
        },
    })
}

/// `error(value, level)`
///
/// # Errors
/// Always: that is its work.
pub fn error(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let value = args.first().cloned().unwrap_or_default();
    let level = args::optional_integer(cx, args, 2, "error", 1)?;
    match (value.as_bytes(), u32::try_from(level)) {
        (Some(bytes), Ok(level)) if level > 0 => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            Err(cx.throw_fault(Fault::Text { text, level }))
        }
        _ => Err(cx.throw(value)),
    }
}

/// `pcall(f, ...)`; blocking operations pass through.
///
/// # Errors
/// Only `value expected`.
pub async fn pcall(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let callee = args::any(cx, args, 1, "pcall")?;
    let result = call::call_async(cx, callee, args.get(1..).unwrap_or_default()).await;
    Ok(protected(cx, settle_async(cx, result).await))
}

/// `pcall` where no callee can suspend.
///
/// # Errors
/// Only `value expected`.
pub fn pcall_plain(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let callee = args::any(cx, args, 1, "pcall")?;
    let result = call::call(cx, callee, args.get(1..).unwrap_or_default());
    Ok(protected(cx, settle(cx, result)))
}

fn settle(cx: Cx, mut result: LuaResult<Multi>) -> LuaResult<Multi> {
    while result.is_err() {
        let Some((callee, args)) = cx.take_tail_call() else { break };
        result = call::call(cx, &callee, &args);
    }
    result
}

/// Runs the tail call an error may stand for; `pcall` is the site that is not in tail position.
async fn settle_async(cx: Cx, mut result: LuaResult<Multi>) -> LuaResult<Multi> {
    while result.is_err() {
        let Some((callee, args)) = cx.take_tail_call() else { break };
        result = call::call_async(cx, &callee, &args).await;
    }
    result
}

fn protected(cx: Cx, result: LuaResult<Multi>) -> Multi {
    match result {
        Ok(multi) => {
            let mut values = Args::from_iter([Value::TRUE]);
            multi.append_to(cx, &mut values);
            Multi::from_values(cx, values)
        }
        Err(thrown) => {
            let error = cx.catch(thrown);
            Multi::from_values(cx, [Value::FALSE, error])
        }
    }
}

/// `xpcall(f, handler, ...)`
///
/// # Errors
/// A handler that is no function.
pub async fn xpcall(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let callee = args::any(cx, args, 1, "xpcall")?;
    let handler = args::function(cx, args, 2, "xpcall")?;
    let result = call::call_async(cx, callee, args.get(2..).unwrap_or_default()).await;
    match settle_async(cx, result).await {
        Ok(multi) => Ok(protected(cx, Ok(multi))),
        Err(thrown) => {
            let error = cx.catch(thrown);
            let handled = match call::call_async(cx, handler, std::slice::from_ref(&error)).await {
                Ok(multi) => multi.first(),
                Err(thrown) => {
                    drop(cx.catch(thrown));
                    error
                }
            };
            Ok(Multi::from_values(cx, [Value::FALSE, handled]))
        }
    }
}

/// `xpcall` where no callee can suspend.
///
/// # Errors
/// A handler that is no function.
pub fn xpcall_plain(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let callee = args::any(cx, args, 1, "xpcall")?;
    let handler = args::function(cx, args, 2, "xpcall")?;
    let result = call::call(cx, callee, args.get(2..).unwrap_or_default());
    match settle(cx, result) {
        Ok(multi) => Ok(protected(cx, Ok(multi))),
        Err(thrown) => {
            let error = cx.catch(thrown);
            let handled = match settle(cx, call::call(cx, handler, std::slice::from_ref(&error))) {
                Ok(multi) => multi.first(),
                Err(thrown) => {
                    drop(cx.catch(thrown));
                    error
                }
            };
            Ok(Multi::from_values(cx, [Value::FALSE, handled]))
        }
    }
}

/// `type(v)`
///
/// # Errors
/// No argument.
pub fn type_of(cx: Cx, args: &[Value]) -> LuaResult {
    args::any(cx, args, 1, "type").map(|value| value.type_name().into())
}

/// `tostring(v)`
///
/// # Errors
/// No argument, or a failing `__tostring`.
pub fn tostring(cx: Cx, args: &[Value]) -> LuaResult {
    text::tostring(cx, args::any(cx, args, 1, "tostring")?).map(Value::from)
}

/// `tonumber(v, base)`
///
/// # Errors
/// No argument, or a bad base.
pub fn tonumber(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args::any(cx, args, 1, "tonumber")?;
    if args.get(1).is_none_or(Value::is_nil) {
        return Ok(number::to_number(value).unwrap_or_default());
    }
    let base = args::integer(cx, args, 2, "tonumber")?;
    let Some(base) = u32::try_from(base).ok().filter(|base| (2..=36).contains(base)) else {
        return Err(cx.throw_argument(2, "tonumber", "base out of range"));
    };
    let Some(bytes) = value.as_bytes() else {
        return Err(args::wrong(cx, args, 1, "tonumber", "string"));
    };
    Ok(digits_in_base(bytes, base).map(Value::int).unwrap_or_default())
}

/// An integer in `base`, wrapping at 64 bits.
fn digits_in_base(bytes: &[u8], base: u32) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok()?.trim_ascii();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    if digits.is_empty() {
        return None;
    }
    let mut sum = 0i64;
    for digit in digits.chars() {
        sum = sum.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit.to_digit(base)?));
    }
    Some(if negative { sum.wrapping_neg() } else { sum })
}

/// `next(t, k)`
///
/// # Errors
/// No table, or a key that is not in it.
pub fn next(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let key = args.get(1).cloned().unwrap_or_default();
    if let Some(module) = args.first().and_then(Value::as_module) {
        return Ok(next_of_module(cx, module, &key));
    }
    match args::table(cx, args, 1, "next")?.next(&key) {
        Ok(Some((key, value))) => Ok(Multi::from_values(cx, [key, value])),
        Ok(None) => Ok(Multi::one(cx, Value::NIL)),
        Err(_) => Err(cx.throw_text("invalid key to 'next'")),
    }
}

fn next_of_module(cx: Cx, module: &'static crate::module::Module, key: &Value) -> Multi {
    let from = match key.as_bytes() {
        None => 0,
        Some(key) => {
            module.fields.iter().position(|(name, _)| name.bytes() == key).map_or(usize::MAX, |at| at + 1)
        }
    };
    match module.fields.get(from) {
        Some((name, field)) => Multi::from_values(cx, [Value::static_str(name), field.value(cx)]),
        None => Multi::one(cx, Value::NIL),
    }
}

/// `pairs(t)`, honouring `__pairs`.
///
/// # Errors
/// No table.
pub fn pairs(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = args.first().cloned().unwrap_or_default();
    let handler = metamethod(cx, &value, b"__pairs");
    if !handler.is_nil() {
        let triple = call::call(cx, &handler, std::slice::from_ref(&value))?.adjust::<3>(cx);
        return Ok(Multi::from_values(cx, triple));
    }
    if value.as_module().is_none() {
        args::table(cx, args, 1, "pairs")?;
    }
    let next = BASE.get(cx, b"next");
    Ok(Multi::from_values(cx, [next, value, Value::NIL]))
}

/// `ipairs(t)`
///
/// # Errors
/// No argument.
pub fn ipairs(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = match args.first() {
        Some(value) => value.clone(),
        None => return Err(args::wrong(cx, args, 1, "ipairs", "table")),
    };
    crate::library! { static STEP = "ipairs" { "step" => plain ipairs_step } }
    Ok(Multi::from_values(cx, [STEP.get(cx, b"step"), value, Value::int(0)]))
}

fn ipairs_step(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let key = Value::int(args::integer(cx, args, 2, "for iterator")?.wrapping_add(1));
    let table = args.first().cloned().unwrap_or_default();
    let value = crate::ops::index::index(cx, &table, &key)?;
    Ok(if value.is_nil() { Multi::one(cx, Value::NIL) } else { Multi::from_values(cx, [key, value]) })
}

/// `select(n, ...)`
///
/// # Errors
/// An index out of range.
pub fn select(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let rest = args.get(1..).unwrap_or_default();
    if args.first().and_then(Value::as_bytes) == Some(b"#") {
        return Ok(Multi::one(cx, Value::int(i64::try_from(rest.len()).unwrap_or(i64::MAX))));
    }
    let index = args::integer(cx, args, 1, "select")?;
    let count = i64::try_from(rest.len()).unwrap_or(i64::MAX);
    let from = if index < 0 { count + index } else { index - 1 };
    if index == 0 || from < 0 {
        return Err(cx.throw_argument(1, "select", "index out of range"));
    }
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    Ok(Multi::from_slice(cx, rest.get(from..).unwrap_or_default()))
}

/// `rawget(t, k)`
///
/// # Errors
/// No table.
pub fn rawget(cx: Cx, args: &[Value]) -> LuaResult {
    let table = args::table(cx, args, 1, "rawget")?;
    Ok(table.get(args::any(cx, args, 2, "rawget")?))
}

/// `rawset(t, k, v)`
///
/// # Errors
/// No table, a frozen one, a nil or NaN key.
pub fn rawset(cx: Cx, args: &[Value]) -> LuaResult {
    let table = args::table(cx, args, 1, "rawset")?;
    let key = args::any(cx, args, 2, "rawset")?.clone();
    let value = args::any(cx, args, 3, "rawset")?.clone();
    crate::ops::index::set_raw(cx, table, key, value)?;
    Ok(args.first().cloned().unwrap_or_default())
}

/// `rawequal(a, b)`
///
/// # Errors
/// Fewer than two arguments.
pub fn rawequal(cx: Cx, args: &[Value]) -> LuaResult {
    let left = args::any(cx, args, 1, "rawequal")?;
    Ok(Value::bool(compare::raw_equal(left, args::any(cx, args, 2, "rawequal")?)))
}

/// `rawlen(v)`
///
/// # Errors
/// Neither table nor string.
pub fn rawlen(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args.first().cloned().unwrap_or_default();
    match (value.as_table(), value.as_bytes()) {
        (Some(table), _) => Ok(Value::int(table.length())),
        (None, Some(bytes)) => Ok(Value::int(i64::try_from(bytes.len()).unwrap_or(i64::MAX))),
        (None, None) => Err(cx.throw_argument(1, "rawlen", "table or string expected")),
    }
}

/// `getmetatable(v)`
///
/// # Errors
/// No argument.
pub fn getmetatable(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args::any(cx, args, 1, "getmetatable")?;
    if value.as_bytes().is_some() {
        return Ok(Value::module(&super::string::STRING));
    }
    let protected = value.as_table().map(|_| metamethod(cx, value, b"__metatable")).unwrap_or_default();
    if protected.is_nil() {
        return Ok(value.as_table().map(crate::table::Table::metatable).unwrap_or_default());
    }
    Ok(protected)
}

/// `setmetatable(t, mt)`
///
/// # Errors
/// No table, a frozen or protected one.
pub fn setmetatable(cx: Cx, args: &[Value]) -> LuaResult {
    let table = args::table(cx, args, 1, "setmetatable")?;
    let metatable = match args.get(1) {
        Some(value) if value.is_nil() || value.as_table().is_some() => value.clone(),
        _ => return Err(cx.throw_argument(2, "setmetatable", "nil or table expected")),
    };
    let value = args.first().cloned().unwrap_or_default();
    if !metamethod(cx, &value, b"__metatable").is_nil() {
        return Err(cx.throw_text("cannot change a protected metatable"));
    }
    if table.is_frozen() {
        return Err(cx.throw_text("attempt to modify Immutable table"));
    }
    table.set_metatable(metatable);
    Ok(value)
}

/// `require(name)` with a name the compiler did not know: libraries, then globals.
///
/// # Errors
/// `module 'NAME' not found`.
pub fn require(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "require")?;
    let value = super::library(&name).map_or_else(
        || cx.globals().as_table().map(|globals| globals.get(&Value::string(&name))).unwrap_or_default(),
        Value::module,
    );
    if value.tag() == Tag::Nil {
        return Err(cx.throw_text(format!("module '{}' not found", String::from_utf8_lossy(&name))));
    }
    Ok(value)
}
