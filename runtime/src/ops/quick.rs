//! The operators on two numbers (or one): what neither fails nor asks a metamethod nor owns memory.
//! `None` is everything else.

use crate::ops::number::int_to_float;
use crate::value::{Tag, Value};

/// Defines an operator by what it does to integers and to floats.
macro_rules! arithmetic {
    ($($name:ident $ints:expr, $floats:expr;)*) => {$(
        #[inline(always)]
        pub fn $name(left: &Value, right: &Value) -> Option<Value> {
            if let (Some(left), Some(right)) = (left.as_int(), right.as_int()) {
                let operation: fn(i64, i64) -> Option<Value> = $ints;
                return operation(left, right);
            }
            let operation: fn(f64, f64) -> f64 = $floats;
            Some(Value::float(operation(plain_float(left)?, plain_float(right)?)))
        }
    )*};
}

arithmetic! {
    add |a, b| Some(Value::int(a.wrapping_add(b))), |a, b| a + b;
    sub |a, b| Some(Value::int(a.wrapping_sub(b))), |a, b| a - b;
    mul |a, b| Some(Value::int(a.wrapping_mul(b))), |a, b| a * b;
    div |a, b| Some(Value::float(divide(int_to_float(a), int_to_float(b)))), divide;
    pow |a, b| Some(Value::float(int_to_float(a).powf(int_to_float(b)))), f64::powf;
    idiv floor_divide, |a, b| divide(a, b).floor();
    modulo int_modulo, float_modulo;
}

/// Defines a bitwise operator.
macro_rules! bitwise {
    ($($name:ident $operation:expr;)*) => {$(
        #[inline(always)]
        pub fn $name(left: &Value, right: &Value) -> Option<Value> {
            let operation: fn(i64, i64) -> i64 = $operation;
            Some(Value::int(operation(left.as_int()?, right.as_int()?)))
        }
    )*};
}

bitwise! {
    band |a, b| a & b;
    bor |a, b| a | b;
    bxor |a, b| a ^ b;
    shl shift_left;
    shr |a, b| shift_left(a, b.wrapping_neg());
}

/// Defines a comparison of two numbers of one kind.
macro_rules! comparison {
    ($($name:ident $operator:tt;)*) => {$(
        #[inline(always)]
        pub fn $name(left: &Value, right: &Value) -> Option<bool> {
            match (left.tag(), right.tag()) {
                (Tag::Integer, Tag::Integer) => Some(left.as_int()? $operator right.as_int()?),
                (Tag::Float, Tag::Float) => Some(left.as_float()? $operator right.as_float()?),
                _ => None,
            }
        }
    )*};
}

comparison! {
    eq ==;
    ne !=;
    lt <;
    le <=;
    gt >;
    ge >=;
}

/// Equality of what owns nothing, where the tags tell.
#[inline(always)]
pub fn raw_equal(left: &Value, right: &Value) -> Option<bool> {
    if left.tag() != right.tag() || left.object().is_some() {
        return None;
    }
    match left.tag() {
        Tag::Float => Some(left.as_float()? == right.as_float()?),
        // Two literals may be one text.
        Tag::StaticString if !left.is_identical(right) => None,
        _ => Some(left.is_identical(right)),
    }
}

#[inline(always)]
pub fn neg(value: &Value) -> Option<Value> {
    match value.tag() {
        Tag::Integer => Some(Value::int(value.as_int()?.wrapping_neg())),
        Tag::Float => Some(Value::float(-value.as_float()?)),
        _ => None,
    }
}

#[inline(always)]
pub fn bnot(value: &Value) -> Option<Value> {
    Some(Value::int(!value.as_int()?))
}

/// A number as a float, strings excluded.
#[inline(always)]
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

/// Rounded down. `None` for a division by zero.
#[inline]
fn floor_divide(left: i64, right: i64) -> Option<Value> {
    if right == 0 {
        return None;
    }
    let quotient = left.wrapping_div(right);
    let inexact = left.wrapping_rem(right) != 0;
    Some(Value::int(if inexact && (left < 0) != (right < 0) { quotient - 1 } else { quotient }))
}

/// The rest with the sign of `right`. `None` for a division by zero.
#[inline]
fn int_modulo(left: i64, right: i64) -> Option<Value> {
    if right == 0 {
        return None;
    }
    let rest = left.wrapping_rem(right);
    Some(Value::int(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }))
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
