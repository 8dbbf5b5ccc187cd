//! Arithmetic and bitwise operators, with PUC Lua 5.3's subtypes and texts.

use crate::cx::Cx;
use crate::error::{Fault, LuaResult, Thrown};
use crate::ops::number::{int_to_float, to_float, to_int};
use crate::ops::{Event, call, metamethod, type_name};
use crate::value::{Tag, Value};

/// Defines an operator whose integers wrap and whose floats are Rust's.
macro_rules! arithmetic {
    ($($name:ident $event:ident, $ints:expr, $floats:expr;)*) => {$(
        #[doc = concat!("The operator of `__", stringify!($name), "`.\n\n# Errors\nNo number and no metamethod.")]
        #[inline]
        pub fn $name(cx: Cx, left: &Value, right: &Value) -> LuaResult {
            if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
                let operation: fn(Cx, i64, i64) -> LuaResult = $ints;
                return operation(cx, left, right);
            }
            if let (Some(left), Some(right)) = (plain_float(left), plain_float(right)) {
                let operation: fn(f64, f64) -> f64 = $floats;
                return Ok(Value::float(operation(left, right)));
            }
            arithmetic_slow(cx, left, right, Event::$event, $name)
        }
    )*};
}

arithmetic! {
    add Add, |_, a, b| Ok(Value::int(a.wrapping_add(b))), |a, b| a + b;
    sub Sub, |_, a, b| Ok(Value::int(a.wrapping_sub(b))), |a, b| a - b;
    mul Mul, |_, a, b| Ok(Value::int(a.wrapping_mul(b))), |a, b| a * b;
    div Div, |_, a, b| Ok(Value::float(divide(int_to_float(a), int_to_float(b)))), divide;
    pow Pow, |_, a, b| Ok(Value::float(int_to_float(a).powf(int_to_float(b)))), f64::powf;
    idiv Idiv, floor_divide, |a, b| divide(a, b).floor();
    modulo Mod, int_modulo, float_modulo;
}

#[cold]
fn arithmetic_slow(
    cx: Cx,
    left: &Value,
    right: &Value,
    event: Event,
    operation: fn(Cx, &Value, &Value) -> LuaResult,
) -> LuaResult {
    if let (Some(a), Some(b)) = (to_float(left), to_float(right)) {
        // A string counts as a float, whatever it reads as.
        return operation(cx, &Value::float(a), &Value::float(b));
    }
    binary_metamethod(cx, left, right, event).unwrap_or_else(|| Err(not_a_number(cx, left, right)))
}

/// A number as a float, strings excluded.
#[inline]
fn plain_float(value: &Value) -> Option<f64> {
    match value.tag() {
        Tag::Float => value.as_float(),
        Tag::Integer => value.as_int().map(int_to_float),
        _ => None,
    }
}

#[inline]
fn divide(left: f64, right: f64) -> f64 {
    let quotient = left / right;
    if quotient.is_nan() { not_a_quotient(left, right) } else { quotient }
}

/// The NaN the processor makes for `0/0`: its sign shows in scripts, and the compiler's constant
/// folding would make another.
#[cold]
fn not_a_quotient(left: f64, right: f64) -> f64 {
    if left.is_nan() || right.is_nan() { left + right } else { -f64::NAN }
}

fn floor_divide(cx: Cx, left: i64, right: i64) -> LuaResult {
    if right == 0 {
        return Err(cx.throw_text("attempt to divide by zero"));
    }
    let quotient = left.wrapping_div(right);
    let inexact = left.wrapping_rem(right) != 0;
    Ok(Value::int(if inexact && (left < 0) != (right < 0) { quotient - 1 } else { quotient }))
}

fn int_modulo(cx: Cx, left: i64, right: i64) -> LuaResult {
    if right == 0 {
        return Err(cx.throw_text("attempt to perform 'n%0'"));
    }
    let rest = left.wrapping_rem(right);
    Ok(Value::int(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }))
}

/// C's `fmod`: the sign of `left`.
pub fn remainder(left: f64, right: f64) -> f64 {
    let rest = left % right;
    if rest.is_nan() { not_a_quotient(left, right) } else { rest }
}

fn float_modulo(left: f64, right: f64) -> f64 {
    let rest = remainder(left, right);
    if rest * right < 0.0 { rest + right } else { rest }
}

/// Defines a bitwise operator.
macro_rules! bitwise {
    ($($name:ident $event:ident, $operation:expr;)*) => {$(
        #[doc = concat!("The operator of `__", stringify!($name), "`.\n\n# Errors\nNo integer and no metamethod.")]
        #[inline]
        pub fn $name(cx: Cx, left: &Value, right: &Value) -> LuaResult {
            let operation: fn(i64, i64) -> i64 = $operation;
            if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
                return Ok(Value::int(operation(left, right)));
            }
            bitwise_slow(cx, left, right, Event::$event, operation)
        }
    )*};
}

bitwise! {
    band Band, |a, b| a & b;
    bor Bor, |a, b| a | b;
    bxor Bxor, |a, b| a ^ b;
    shl Shl, shift_left;
    shr Shr, |a, b| shift_left(a, b.wrapping_neg());
}

/// A logical shift; negative counts shift the other way, 64 and more leave nothing.
fn shift_left(value: i64, count: i64) -> i64 {
    let bits = value.cast_unsigned();
    let by = |count: i64| u32::try_from(count).ok().filter(|count| *count < 64);
    let shifted = if count >= 0 {
        by(count).map_or(0, |count| bits << count)
    } else {
        by(count.wrapping_neg()).map_or(0, |count| bits >> count)
    };
    shifted.cast_signed()
}

#[cold]
fn bitwise_slow(
    cx: Cx,
    left: &Value,
    right: &Value,
    event: Event,
    operation: fn(i64, i64) -> i64,
) -> LuaResult {
    if let (Some(left), Some(right)) = (to_int(left), to_int(right)) {
        return Ok(Value::int(operation(left, right)));
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
    match value.tag() {
        Tag::Integer => Ok(Value::int(value.as_int().unwrap_or(0).wrapping_neg())),
        Tag::Float => Ok(Value::float(-value.as_float().unwrap_or(0.0))),
        _ => neg_slow(cx, value),
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
    if let Some(bytes) = value.as_bytes() {
        return Ok(Value::int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)));
    }
    if let Some(table) = value.as_table().filter(|table| !table.has_metatable()) {
        return Ok(Value::int(table.length()));
    }
    len_slow(cx, value)
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
