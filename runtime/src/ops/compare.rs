//! Equality and order, exact between the two kinds of number.

use std::cmp::Ordering;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::ops::arithmetic::binary_metamethod;
use crate::ops::number::float_to_int;
use crate::ops::{Event, metamethod, type_name};
use crate::value::{Tag, Value};

/// Equality without metamethods: `rawequal`.
#[inline]
pub fn raw_equal(left: &Value, right: &Value) -> bool {
    if left.is_identical(right) {
        return left.as_float().is_none_or(|float| !float.is_nan());
    }
    match (left.tag(), right.tag()) {
        (Tag::Integer, Tag::Float) => float_to_int(right.as_float().unwrap_or(f64::NAN)) == left.as_int(),
        (Tag::Float, Tag::Integer) => float_to_int(left.as_float().unwrap_or(f64::NAN)) == right.as_int(),
        (Tag::Float, Tag::Float) => left.as_float() == right.as_float(),
        (Tag::String | Tag::StaticString, Tag::String | Tag::StaticString) => {
            left.as_bytes() == right.as_bytes()
        }
        _ => false,
    }
}

/// `left == right`
///
/// # Errors
/// What `__eq` raises.
#[inline]
pub fn eq(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    if raw_equal(left, right) {
        return Ok(true);
    }
    if left.as_table().is_none() || right.as_table().is_none() {
        return Ok(false);
    }
    match binary_metamethod(cx, left, right, Event::Eq) {
        Some(result) => result.map(|value| value.truthy()),
        None => Ok(false),
    }
}

/// `left ~= right`
///
/// # Errors
/// What `__eq` raises.
#[inline]
pub fn ne(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    eq(cx, left, right).map(|equal| !equal)
}

/// `left < right`
///
/// # Errors
/// `attempt to compare ...`, and what `__lt` raises.
#[inline]
pub fn lt(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    match order(left, right) {
        Some(order) => Ok(order == Some(Ordering::Less)),
        None => match binary_metamethod(cx, left, right, Event::Lt) {
            Some(result) => result.map(|value| value.truthy()),
            None => Err(incomparable(cx, left, right)),
        },
    }
}

/// `left <= right`
///
/// # Errors
/// `attempt to compare ...`, and what `__le` (or `__lt` in its place) raises.
#[inline]
pub fn le(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    match order(left, right) {
        Some(order) => Ok(matches!(order, Some(Ordering::Less | Ordering::Equal))),
        None => le_slow(cx, left, right),
    }
}

#[cold]
fn le_slow(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    let has = |event: Event| !metamethod(cx, left, event).is_nil() || !metamethod(cx, right, event).is_nil();
    let negated = !has(Event::Le) && has(Event::Lt);
    let result = if negated {
        binary_metamethod(cx, right, left, Event::Lt)
    } else {
        binary_metamethod(cx, left, right, Event::Le)
    };
    match result {
        Some(result) => result.map(|value| value.truthy() != negated),
        None => Err(incomparable(cx, left, right)),
    }
}

/// `left > right`, which is `right < left`.
///
/// # Errors
/// As [`lt`].
#[inline]
pub fn gt(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    lt(cx, right, left)
}

/// `left >= right`, which is `right <= left`.
///
/// # Errors
/// As [`le`].
#[inline]
pub fn ge(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    le(cx, right, left)
}

/// Whether two values are ordered without metamethods: two numbers or two strings.
pub fn is_ordered(left: &Value, right: &Value) -> bool {
    order(left, right).is_some()
}

/// The order of two numbers or two strings; `Some(None)` where NaN is involved.
#[inline(always)]
fn order(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    match (left.tag(), right.tag()) {
        (Tag::Integer, Tag::Integer) => Some(Some(left.as_int()?.cmp(&right.as_int()?))),
        (Tag::Float, Tag::Float) => Some(left.as_float()?.partial_cmp(&right.as_float()?)),
        _ => order_of_others(left, right),
    }
}

#[inline(never)]
fn order_of_others(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    match (left.tag(), right.tag()) {
        (Tag::Integer, Tag::Float) => Some(compare_mixed(left.as_int()?, right.as_float()?)),
        (Tag::Float, Tag::Integer) => {
            Some(compare_mixed(right.as_int()?, left.as_float()?).map(Ordering::reverse))
        }
        (Tag::String | Tag::StaticString, Tag::String | Tag::StaticString) => {
            Some(Some(left.as_bytes()?.cmp(right.as_bytes()?)))
        }
        _ => None,
    }
}

/// An integer against a float, without losing digits above 2^53.
fn compare_mixed(integer: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if let Some(other) = float_to_int(float.floor()) {
        // Equal floors: the float is greater by its fraction.
        return Some(integer.cmp(&other).then(if float > float.floor() {
            Ordering::Less
        } else {
            Ordering::Equal
        }));
    }
    // Beyond every integer, where rounding the integer could reach it.
    Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater })
}

#[cold]
fn incomparable(cx: Cx, left: &Value, right: &Value) -> Thrown {
    let (left, right) = (type_name(cx, left), type_name(cx, right));
    cx.throw_text(if left == right {
        format!("attempt to compare two {left} values")
    } else {
        format!("attempt to compare {left} with {right}")
    })
}
