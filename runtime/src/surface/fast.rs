//! The operations that loops are made of, inlined: emitted code writes `fast::add` inside loops and in
//! functions that call themselves, and `add`, which is called, everywhere else. Their operands are
//! borrowed: so the optimiser sees where a temporary value of a loop comes from and where it goes.

use super::Key;
use crate::cx::Cx;
use crate::error::{AtResult, LuaResult, Site};
use crate::ops;
use crate::value::Value;

/// Defines the inlined form of operators on two values.
macro_rules! binary {
    ($($name:ident from $module:ident -> $result:ty;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops`.
        #[inline]
        pub fn $name(cx: Cx, left: &Value, right: &Value, site: &'static Site) -> LuaResult<$result> {
            ops::$module::$name(cx, left, right).at(cx, site)
        }
    )*};
}

super::binary_operators!(binary);

/// Defines the inlined form of operators on one value.
macro_rules! unary {
    ($($name:ident;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops`.
        #[inline]
        pub fn $name(cx: Cx, operand: &Value, site: &'static Site) -> LuaResult {
            ops::arithmetic::$name(cx, operand).at(cx, site)
        }
    )*};
}

super::unary_operators!(unary);

/// Equality with a constant.
#[inline]
pub fn raw_equal(left: &Value, right: &Value) -> bool {
    ops::compare::raw_equal(left, right)
}

/// `object.name`
///
/// # Errors
/// As [`ops::index::index`].
#[inline]
pub fn field(cx: Cx, object: &Value, name: &'static Key, site: &'static Site) -> LuaResult {
    ops::field::get(cx, object, name).at(cx, site)
}

/// `object[key] = value`
///
/// # Errors
/// As [`ops::index::set_index`].
#[inline]
pub fn set_index(cx: Cx, object: &Value, key: Value, value: Value, site: &'static Site) -> LuaResult<()> {
    ops::index::set_index(cx, object, key, value).at(cx, site)
}
