//! The placed operations for programs that store a suspending function under a metamethod's name.

use super::Key;
use crate::cx::Cx;
use crate::error::{AtFuture, LuaResult, Site};
use crate::ops;
use crate::value::Value;

/// Defines the placed form of operators that may suspend.
macro_rules! binary {
    ($($name:ident -> $result:ty;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops::suspend`.
        pub async fn $name(cx: Cx, left: &Value, right: &Value, site: &'static Site) -> LuaResult<$result> {
            ops::suspend::$name(cx, left, right).at(cx, site).await
        }
    )*};
}

binary! {
    add_async -> Value;
    sub_async -> Value;
    mul_async -> Value;
    div_async -> Value;
    idiv_async -> Value;
    modulo_async -> Value;
    pow_async -> Value;
    band_async -> Value;
    bor_async -> Value;
    bxor_async -> Value;
    shl_async -> Value;
    shr_async -> Value;
    eq_async -> bool;
    ne_async -> bool;
    lt_async -> bool;
    le_async -> bool;
    gt_async -> bool;
    ge_async -> bool;
}

/// Defines the placed form of operators on one value.
macro_rules! unary {
    ($($name:ident;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops::suspend`.
        pub async fn $name(cx: Cx, operand: &Value, site: &'static Site) -> LuaResult {
            ops::suspend::$name(cx, operand).at(cx, site).await
        }
    )*};
}

unary! {
    neg_async;
    bnot_async;
    len_async;
}

/// `a .. b .. c`
///
/// # Errors
/// As [`ops::concat::concat_async`].
pub async fn concat_async(cx: Cx, values: &[Value], site: &'static Site) -> LuaResult {
    ops::concat::concat_async(cx, values).at(cx, site).await
}

/// `object[key]`
///
/// # Errors
/// As [`ops::index::index_async`].
pub async fn index_async(cx: Cx, object: &Value, key: &Value, site: &'static Site) -> LuaResult {
    ops::index::index_async(cx, object, key).at(cx, site).await
}

/// `object.name`
///
/// # Errors
/// As [`ops::index::index_async`].
pub async fn field_async(cx: Cx, object: &Value, name: &'static Key, site: &'static Site) -> LuaResult {
    ops::index::index_async(cx, object, &Value::static_str(name.text())).at(cx, site).await
}

/// `object[key] = value`
///
/// # Errors
/// As [`ops::index::set_index_async`].
pub async fn set_index_async(
    cx: Cx,
    object: &Value,
    key: Value,
    value: Value,
    site: &'static Site,
) -> LuaResult<()> {
    ops::index::set_index_async(cx, object, key, value).at(cx, site).await
}

/// `object.name = value`
///
/// # Errors
/// As [`ops::index::set_index_async`].
pub async fn set_field_async(
    cx: Cx,
    object: &Value,
    name: &'static Key,
    value: Value,
    site: &'static Site,
) -> LuaResult<()> {
    ops::index::set_index_async(cx, object, Value::static_str(name.text()), value).at(cx, site).await
}
