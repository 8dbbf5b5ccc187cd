//! Arithmetic and bitwise operators, with PUC Lua 5.3's subtypes and texts.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult, Thrown};
use crate::ops::number::{to_float, to_int};
use crate::ops::{Event, call, metamethod, quick, type_name};
use crate::value::Value;

/// Defines an arithmetic operator: two numbers are a matter of [`quick`].
macro_rules! arithmetic {
    ($($name:ident $event:ident;)*) => {$(
        #[doc = concat!("The operator of `__", stringify!($name), "`.\n\n# Errors\nNo number and no metamethod.")]
        #[inline]
        pub fn $name(cx: Cx, left: &Value, right: &Value) -> LuaResult {
            match quick::$name(left, right) {
                Some(result) => Ok(result),
                None => arithmetic_slow(cx, left, right, Event::$event, quick::$name),
            }
        }
    )*};
}

arithmetic! {
    add Add;
    sub Sub;
    mul Mul;
    div Div;
    pow Pow;
    idiv Idiv;
    modulo Mod;
}

#[cold]
fn arithmetic_slow(
    cx: Cx,
    left: &Value,
    right: &Value,
    event: Event,
    operation: fn(&Value, &Value) -> Option<Value>,
) -> LuaResult {
    if left.as_int().is_some() && right.as_int().is_some() {
        let text = if event == Event::Mod { "attempt to perform 'n%0'" } else { "attempt to divide by zero" };
        return Err(cx.throw_text(text));
    }
    if let (Some(a), Some(b)) = (to_float(left), to_float(right))
        // A string counts as a float, whatever it reads as.
        && let Some(result) = operation(&Value::float(a), &Value::float(b))
    {
        return Ok(result);
    }
    binary_metamethod(cx, left, right, event).unwrap_or_else(|| Err(not_a_number(cx, left, right)))
}

/// Defines a bitwise operator: two integers are a matter of [`quick`].
macro_rules! bitwise {
    ($($name:ident $event:ident;)*) => {$(
        #[doc = concat!("The operator of `__", stringify!($name), "`.\n\n# Errors\nNo integer and no metamethod.")]
        #[inline]
        pub fn $name(cx: Cx, left: &Value, right: &Value) -> LuaResult {
            match quick::$name(left, right) {
                Some(result) => Ok(result),
                None => bitwise_slow(cx, left, right, Event::$event, quick::$name),
            }
        }
    )*};
}

bitwise! {
    band Band;
    bor Bor;
    bxor Bxor;
    shl Shl;
    shr Shr;
}

#[cold]
fn bitwise_slow(
    cx: Cx,
    left: &Value,
    right: &Value,
    event: Event,
    operation: fn(&Value, &Value) -> Option<Value>,
) -> LuaResult {
    if let (Some(a), Some(b)) = (to_int(left), to_int(right))
        && let Some(result) = operation(&Value::int(a), &Value::int(b))
    {
        return Ok(result);
    }
    binary_metamethod(cx, left, right, event).unwrap_or_else(|| Err(not_an_integer(cx, left, right)))
}

#[cold]
fn not_an_integer(cx: Cx, left: &Value, right: &Value) -> Thrown {
    for (operand, value) in [left, right].into_iter().enumerate() {
        if to_float(value).is_none() {
            let before = format!("attempt to perform bitwise operation on a {} value", type_name(cx, value));
            return cx.throw_fault(Fault::Operand { before, after: "", operand });
        }
    }
    let operand = usize::from(to_int(left).is_some());
    cx.throw_fault(Fault::Operand {
        before: "number".to_owned(),
        after: " has no integer representation",
        operand,
    })
}

#[cold]
fn not_a_number(cx: Cx, left: &Value, right: &Value) -> Thrown {
    let operand = usize::from(to_float(left).is_some());
    let culprit = if operand == 0 { left } else { right };
    let before = format!("attempt to perform arithmetic on a {} value", type_name(cx, culprit));
    cx.throw_fault(Fault::Operand { before, after: "", operand })
}

/// `-value`
///
/// # Errors
/// No number and no `__unm`.
#[inline]
pub fn neg(cx: Cx, value: &Value) -> LuaResult {
    match quick::neg(value) {
        Some(result) => Ok(result),
        None => neg_slow(cx, value),
    }
}

#[cold]
fn neg_slow(cx: Cx, value: &Value) -> LuaResult {
    if let Some(number) = to_float(value) {
        return Ok(Value::float(-number));
    }
    binary_metamethod(cx, value, value, Event::Unm).unwrap_or_else(|| Err(not_a_number(cx, value, value)))
}

/// `~value`
///
/// # Errors
/// No integer and no `__bnot`.
pub fn bnot(cx: Cx, value: &Value) -> LuaResult {
    if let Some(integer) = value.as_int() {
        return Ok(Value::int(!integer));
    }
    if let Some(integer) = to_int(value) {
        return Ok(Value::int(!integer));
    }
    binary_metamethod(cx, value, value, Event::Bnot).unwrap_or_else(|| Err(not_an_integer(cx, value, value)))
}

/// `#value`
///
/// # Errors
/// Neither string nor table, and no `__len`.
#[inline]
pub fn len(cx: Cx, value: &Value) -> LuaResult {
    match quick_len(value) {
        Some(length) => Ok(length),
        None => len_slow(cx, value),
    }
}

/// The length of a string, or of a table without metatable. `None` is everything else.
#[inline]
pub fn quick_len(value: &Value) -> Option<Value> {
    if let Some(bytes) = value.as_bytes() {
        return Some(Value::int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)));
    }
    let table = value.as_table().filter(|table| !table.has_metatable())?;
    Some(Value::int(table.length()))
}

#[cold]
fn len_slow(cx: Cx, value: &Value) -> LuaResult {
    let handler = metamethod(cx, value, Event::Len);
    if !handler.is_nil() {
        return call::call_metamethod(cx, &handler, &[value.clone(), value.clone()], Event::Len);
    }
    match value.as_table() {
        Some(table) => Ok(Value::int(table.length())),
        None if value.as_module().is_some() => Ok(Value::int(0)),
        None => {
            let before = format!("attempt to get length of a {} value", type_name(cx, value));
            Err(cx.throw_fault(Fault::Operand { before, after: "", operand: 0 }))
        }
    }
}

/// Calls the metamethod `event` of the first operand that has it.
#[cold]
pub(crate) fn binary_metamethod(cx: Cx, left: &Value, right: &Value, event: Event) -> Option<LuaResult> {
    let handler = binary_handler(cx, left, right, event);
    if handler.is_nil() {
        return None;
    }
    Some(call::call_metamethod(cx, &handler, &[left.clone(), right.clone()], event))
}

/// The metamethod `event` of the first operand that has it; nil if neither has.
pub(crate) fn binary_handler(cx: Cx, left: &Value, right: &Value, event: Event) -> Value {
    let own = metamethod(cx, left, event);
    if own.is_nil() { metamethod(cx, right, event) } else { own }
}
