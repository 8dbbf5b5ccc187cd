//! The operators for programs that store a suspending function under a metamethod's name: the plain
//! case is the plain operator's, only the metamethod's call is awaited.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::arithmetic::{self, binary_handler};
use crate::ops::{Event, call, compare, metamethod};
use crate::value::{Tag, Value};

/// Defines the suspending form of binary operators.
macro_rules! binary {
    ($($name:ident $plain:ident $event:ident;)*) => {$(
        #[doc = concat!("As [`", stringify!($plain), "`](arithmetic::", stringify!($plain),
            "), where a metamethod may suspend.\n\n# Errors\nThe plain operator's.")]
        pub async fn $name(cx: Cx, left: &Value, right: &Value) -> LuaResult {
            if !(is_number(left) && is_number(right)) {
                let handler = binary_handler(cx, left, right, Event::$event);
                if !handler.is_nil() {
                    let args = [left.clone(), right.clone()];
                    return call::call_metamethod_async(cx, &handler, &args, Event::$event).await;
                }
            }
            arithmetic::$plain(cx, left, right)
        }
    )*};
}

binary! {
    add_async add Add;
    sub_async sub Sub;
    mul_async mul Mul;
    div_async div Div;
    idiv_async idiv Idiv;
    modulo_async modulo Mod;
    pow_async pow Pow;
    band_async band Band;
    bor_async bor Bor;
    bxor_async bxor Bxor;
    shl_async shl Shl;
    shr_async shr Shr;
}

/// Defines the suspending form of unary operators.
macro_rules! unary {
    ($($name:ident $plain:ident $event:ident;)*) => {$(
        #[doc = concat!("As [`", stringify!($plain), "`](arithmetic::", stringify!($plain),
            "), where a metamethod may suspend.\n\n# Errors\nThe plain operator's.")]
        pub async fn $name(cx: Cx, value: &Value) -> LuaResult {
            if value.as_bytes().is_none() && !is_number(value) {
                let handler = metamethod(cx, value, Event::$event);
                if !handler.is_nil() {
                    let args = [value.clone(), value.clone()];
                    return call::call_metamethod_async(cx, &handler, &args, Event::$event).await;
                }
            }
            arithmetic::$plain(cx, value)
        }
    )*};
}

unary! {
    neg_async neg Unm;
    bnot_async bnot Bnot;
    len_async len Len;
}

/// A number, or a text that reads as one: operators convert before they look for metamethods.
fn is_number(value: &Value) -> bool {
    matches!(value.tag(), Tag::Integer | Tag::Float) || crate::ops::number::to_float(value).is_some()
}

/// As [`eq`](compare::eq), where `__eq` may suspend.
///
/// # Errors
/// What `__eq` raises.
pub async fn eq_async(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    if compare::raw_equal(left, right) {
        return Ok(true);
    }
    if left.as_table().is_none() || right.as_table().is_none() {
        return Ok(false);
    }
    compared(cx, left, right, Event::Eq).await.unwrap_or(Ok(false))
}

/// As [`ne`](compare::ne), where `__eq` may suspend.
///
/// # Errors
/// What `__eq` raises.
pub async fn ne_async(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    eq_async(cx, left, right).await.map(|equal| !equal)
}

/// As [`lt`](compare::lt), where `__lt` may suspend.
///
/// # Errors
/// The plain operator's.
pub async fn lt_async(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    if compare::is_ordered(left, right) {
        return compare::lt(cx, left, right);
    }
    match compared(cx, left, right, Event::Lt).await {
        Some(result) => result,
        None => compare::lt(cx, left, right),
    }
}

/// As [`le`](compare::le), where `__le` or `__lt` may suspend.
///
/// # Errors
/// The plain operator's.
pub async fn le_async(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    if compare::is_ordered(left, right) {
        return compare::le(cx, left, right);
    }
    if let Some(result) = compared(cx, left, right, Event::Le).await {
        return result;
    }
    match compared(cx, right, left, Event::Lt).await {
        Some(result) => result.map(|greater| !greater),
        None => compare::le(cx, left, right),
    }
}

/// As [`gt`](compare::gt), where `__lt` may suspend.
///
/// # Errors
/// The plain operator's.
pub async fn gt_async(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    lt_async(cx, right, left).await
}

/// As [`ge`](compare::ge), where `__le` or `__lt` may suspend.
///
/// # Errors
/// The plain operator's.
pub async fn ge_async(cx: Cx, left: &Value, right: &Value) -> LuaResult<bool> {
    le_async(cx, right, left).await
}

/// What the metamethod says, if one of the two values has it.
async fn compared(cx: Cx, left: &Value, right: &Value, event: Event) -> Option<LuaResult<bool>> {
    let handler = binary_handler(cx, left, right, event);
    if handler.is_nil() {
        return None;
    }
    let args = [left.clone(), right.clone()];
    Some(call::call_metamethod_async(cx, &handler, &args, event).await.map(|value| value.truthy()))
}
