//! The base functions: `pairs`, `tostring`, `select` and the rest. Catching errors is in
//! [`protect`](super::protect).

use crate::cx::Cx;
use crate::error::{Fault, LuaResult};
use crate::function::FunctionDef;
use crate::module::{Field, Module};
use crate::ops::{Event, call, compare, metamethod, number, text};
use crate::results::Multi;
use crate::script::file::LuaFile;
use crate::stdlib::args;
use crate::value::{Tag, Value};

pub use super::logger::print;
pub use super::protect::{pcall, pcall_plain, xpcall, xpcall_plain};
pub use super::table::unpack;

crate::library! {
    /// The global functions.
    pub static BASE = "_G" {
        "assert" => plain assert,
        "error" => plain error,
        "getmetatable" => plain getmetatable,
        "ipairs" => plain ipairs,
        "next" => value Field::Function(&NEXT),
        "pairs" => plain pairs,
        "pcall" => value Field::Function(&super::protect::PCALL),
        "print" => plain super::logger::print_now,
        "rawequal" => plain rawequal,
        "rawget" => plain rawget,
        "rawlen" => plain rawlen,
        "rawset" => plain rawset,
        "require" => plain require,
        "select" => plain select,
        "setmetatable" => plain setmetatable,
        "subscribe" => async super::process::subscribe,
        "tonumber" => plain tonumber,
        "tostring" => plain tostring,
        "type" => plain type_of,
        "unpack" => plain super::table::unpack,
        "unsubscribe" => async super::process::unsubscribe,
        "xpcall" => value Field::Function(&super::protect::XPCALL),
        "_VERSION" => value {
            static TEXT: crate::string::StaticStr = crate::string::StaticStr::new(b"Lua 5.3 - Wippy Modification");
            Field::String(&TEXT)
        },
        "_GOPHER_LUA_VERSION" => value {
            static TEXT: crate::string::StaticStr = crate::string::StaticStr::new(b"GopherLua 0.2 Wippy Edition");
            Field::String(&TEXT)
        },
    }
}

/// `next` as a value: generic loops know it and walk without calling.
pub static NEXT: FunctionDef = crate::native!("next", next);
/// What `ipairs` returns first.
pub static IPAIRS_STEP: FunctionDef = crate::native!("ipairs_step", ipairs_step);

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
            Some(bytes) => cx.throw_text(bytes),
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
            Err(cx.throw_fault(Fault::Text { text: bytes.to_vec(), level }))
        }
        _ => Err(cx.throw(value)),
    }
}

/// `type(v)`
///
/// # Errors
/// No argument.
pub fn type_of(cx: Cx, args: &[Value]) -> LuaResult {
    args::any(cx, args, 1, "type").map(Value::type_name_value)
}

/// `tostring(v)`
///
/// # Errors
/// No argument, or a failing `__tostring`.
pub fn tostring(cx: Cx, args: &[Value]) -> LuaResult {
    text::tostring_value(cx, args::any(cx, args, 1, "tostring")?)
}

/// `tonumber(v, base)`
///
/// # Errors
/// No argument, or a bad base.
pub fn tonumber(cx: Cx, args: &[Value]) -> LuaResult {
    if args::present(args, 2).is_none() {
        let value = args::any(cx, args, 1, "tonumber")?;
        return Ok(number::to_number(value).unwrap_or_default());
    }
    let base = args::integer(cx, args, 2, "tonumber")?;
    let Some(bytes) = args.first().and_then(Value::as_bytes) else {
        return Err(args::wrong(cx, args, 1, "tonumber", "string"));
    };
    let Some(base) = u32::try_from(base).ok().filter(|base| (2..=36).contains(base)) else {
        return Err(cx.throw_argument(2, "tonumber", "base out of range"));
    };
    Ok(digits_in_base(bytes, base).map(Value::int).unwrap_or_default())
}

/// An integer in `base`, wrapping at 64 bits.
fn digits_in_base(bytes: &[u8], base: u32) -> Option<i64> {
    let text = number::trim(bytes);
    let (negative, digits) = match text.split_first()? {
        (b'-', digits) => (true, digits),
        (b'+', digits) => (false, digits),
        _ => (false, text),
    };
    if digits.is_empty() {
        return None;
    }
    let mut sum = 0i64;
    for digit in digits {
        let digit = char::from(*digit).to_digit(base)?;
        sum = sum.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit));
    }
    Some(if negative { sum.wrapping_neg() } else { sum })
}

/// `next(t, k)`
///
/// # Errors
/// No table, or a key that is not in it.
pub fn next(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let start = Value::NIL;
    let key = args.get(1).unwrap_or(&start);
    if let Some(module) = args.first().and_then(Value::as_module) {
        return next_of_module(cx, module, key);
    }
    match args::table(cx, args, 1, "next")?.next(key) {
        Ok(Some((key, value))) => Ok(Multi::pair(cx, key, value)),
        Ok(None) => Ok(Multi::one(cx, Value::NIL)),
        Err(_) => Err(unknown_key(cx)),
    }
}

#[cold]
fn unknown_key(cx: Cx) -> crate::error::Thrown {
    let thrown = cx.throw_text("invalid key to 'next'");
    cx.leave_native(thrown)
}

fn next_of_module(cx: Cx, module: &'static Module, key: &Value) -> LuaResult<Multi> {
    let from = if key.is_nil() {
        0
    } else {
        let position = key.as_bytes().and_then(|key| module.position(key));
        position.ok_or_else(|| unknown_key(cx))? + 1
    };
    Ok(match module.fields.get(from) {
        Some((name, field)) => Multi::from_values(cx, [Value::static_str(name), field.value(cx)]),
        None => Multi::one(cx, Value::NIL),
    })
}

/// `pairs(t)`, honouring `__pairs`. What is no table fails when `next` is called, as in Lua 5.3.
///
/// # Errors
/// No argument; what `__pairs` raises.
pub fn pairs(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = args::any(cx, args, 1, "pairs")?;
    let handler = metamethod(cx, value, Event::Pairs);
    if !handler.is_nil() {
        let triple = call::callback(cx, &handler, std::slice::from_ref(value))?.adjust::<3>(cx);
        return Ok(Multi::from_values(cx, triple));
    }
    Ok(Multi::from_values(cx, [Value::function(&NEXT), value.clone(), Value::NIL]))
}

/// `ipairs(t)`
///
/// # Errors
/// No argument.
pub fn ipairs(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = args::any(cx, args, 1, "ipairs")?.clone();
    Ok(Multi::from_values(cx, [Value::function(&IPAIRS_STEP), value, Value::int(0)]))
}

fn ipairs_step(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let key = Value::int(args::integer(cx, args, 2, "?")?.wrapping_add(1));
    let absent = Value::NIL;
    let value = call::inside(cx, crate::ops::index::index(cx, args.first().unwrap_or(&absent), &key))?;
    Ok(if value.is_nil() { Multi::one(cx, Value::NIL) } else { Multi::pair(cx, key, value) })
}

/// `select(n, ...)`
///
/// # Errors
/// An index out of range.
pub fn select(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    match args.split_first() {
        Some((index, rest)) => select_of(cx, index, rest),
        None => Err(args::wrong(cx, args, 1, "select", "number")),
    }
}

/// As [`select`], of values that are elsewhere.
///
/// # Errors
/// As [`select`].
#[inline]
pub fn select_of(cx: Cx, index: &Value, values: &[Value]) -> LuaResult<Multi> {
    Ok(match selected(cx, index, values)? {
        Selected::Count => Multi::one(cx, args::count(values.len())),
        Selected::Values(values) => Multi::from_slice(cx, values),
    })
}

/// As [`select_of`], of which one result is wanted.
///
/// # Errors
/// As [`select`].
#[inline]
pub fn select_one(cx: Cx, index: &Value, values: &[Value]) -> LuaResult {
    Ok(match selected(cx, index, values)? {
        Selected::Count => args::count(values.len()),
        Selected::Values(values) => values.first().cloned().unwrap_or_default(),
    })
}

enum Selected<'a> {
    Count,
    Values(&'a [Value]),
}

fn selected<'a>(cx: Cx, index: &Value, values: &'a [Value]) -> LuaResult<Selected<'a>> {
    if index.as_bytes().is_some_and(|text| text.starts_with(b"#")) {
        return Ok(Selected::Count);
    }
    let index = args::integer(cx, std::slice::from_ref(index), 1, "select")?;
    let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
    let from = if index < 0 { count.saturating_add(index) } else { index - 1 };
    if index == 0 || from < 0 {
        return Err(cx.throw_argument(1, "select", "index out of range"));
    }
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    Ok(Selected::Values(values.get(from..).unwrap_or_default()))
}

/// `rawget(t, k)`
///
/// # Errors
/// No table.
pub fn rawget(cx: Cx, args: &[Value]) -> LuaResult {
    if let Some(module) = args.first().and_then(Value::as_module) {
        return Ok(module.get_value(cx, args::any(cx, args, 2, "rawget")?));
    }
    let table = args::table(cx, args, 1, "rawget")?;
    Ok(table.get(args::any(cx, args, 2, "rawget")?))
}

/// `rawset(t, k, v)`
///
/// # Errors
/// No table, a frozen one, a nil or NaN key.
pub fn rawset(cx: Cx, args: &[Value]) -> LuaResult {
    if args.first().is_some_and(|value| value.tag() == Tag::Module) {
        return Err(cx.throw_text("attempt to modify Immutable table"));
    }
    let table = args::table(cx, args, 1, "rawset")?;
    let key = args::any(cx, args, 2, "rawset")?.clone();
    let value = args::any(cx, args, 3, "rawset")?.clone();
    call::inside(cx, crate::ops::index::set_raw(cx, table, key, value))?;
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
        (None, Some(bytes)) => Ok(args::count(bytes.len())),
        (None, None) if value.tag() == Tag::Module => Ok(Value::int(0)),
        (None, None) => Err(cx.throw_argument(1, "rawlen", "table or string expected")),
    }
}

crate::library! {
    /// What `getmetatable("")` gives in an application.
    static STRING_METATABLE = "string" { "__index" => value Field::Module(&super::string::STRING) }
}

/// `getmetatable(v)`, honouring `__metatable`.
///
/// # Errors
/// No argument.
pub fn getmetatable(cx: Cx, args: &[Value]) -> LuaResult {
    let value = args::any(cx, args, 1, "getmetatable")?;
    let metatable = match value.tag() {
        Tag::Table => value.as_table().map(crate::table::Table::metatable).unwrap_or_default(),
        Tag::String | Tag::StaticString if cx.is_script() => cx.string_metatable(),
        Tag::String | Tag::StaticString => return Ok(Value::module(&STRING_METATABLE)),
        Tag::UserData if value.downcast::<LuaFile>().is_some() => crate::script::file::metatable(cx),
        _ => return Ok(Value::NIL),
    };
    let protected = metatable.as_table().map(|table| table.get_str(Event::Metatable.key()));
    Ok(protected.filter(|value| !value.is_nil()).unwrap_or(metatable))
}

/// `setmetatable(t, mt)`
///
/// # Errors
/// No table, a frozen or protected one.
pub fn setmetatable(cx: Cx, args: &[Value]) -> LuaResult {
    if args.first().is_some_and(|value| value.tag() == Tag::Module) {
        return Err(cx.throw_text("attempt to modify Immutable table"));
    }
    let table = args::table(cx, args, 1, "setmetatable")?;
    let metatable = match args.get(1) {
        Some(value) if value.is_nil() || value.as_table().is_some() => value.clone(),
        _ => return Err(cx.throw_argument(2, "setmetatable", "nil or table expected")),
    };
    if !table.metamethod(Event::Metatable).is_nil() {
        return Err(cx.throw_text("cannot change a protected metatable"));
    }
    if table.is_frozen() {
        return Err(cx.throw_text("attempt to modify Immutable table"));
    }
    table.set_metatable(metatable);
    super::gc::watch(cx, table, args.first());
    Ok(args.first().cloned().unwrap_or_default())
}

/// `require(name)` with a name the compiler did not know: a global, which imports and modules are in a
/// program that asks like this, or a library.
///
/// # Errors
/// `module 'NAME' not found`.
pub fn require(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "require")?;
    let globals = cx.global_table();
    let global = globals.as_table().map(|globals| globals.get(&Value::string(&name)));
    let found = global.filter(|value| !value.is_nil()).or_else(|| super::library(&name).map(Value::module));
    found.ok_or_else(|| cx.throw_text([&b"module '"[..], &name, b"' not found"].concat()))
}
