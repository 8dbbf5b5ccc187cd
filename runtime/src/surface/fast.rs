//! The operations that loops are made of, inlined: emitted code writes `fast::add` inside loops and in
//! functions that call themselves, and `add`, which is called, everywhere else. What is inlined is the
//! quick case, where the operands own nothing; everything else goes on in the called operation.

use super::{Key, Operand};
use crate::cx::Cx;
use crate::error::{LuaResult, Site};
use crate::ops::{self, quick};
use crate::value::Value;

/// `value.clone()`
#[inline(always)]
pub fn clone(value: &Value) -> Value {
    value.duplicate()
}

/// Defines the inlined form of operators on two numbers.
macro_rules! binary {
    ($($name:ident $module:ident -> $result:ty;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops`.
        #[inline(always)]
        pub fn $name(
            cx: Cx,
            left: impl Operand,
            right: impl Operand,
            site: &'static Site,
        ) -> LuaResult<$result> {
            if let Some(result) = quick::$name(left.value(), right.value()) {
                left.forget();
                right.forget();
                return Ok(result);
            }
            super::$name(cx, left, right, site)
        }
    )*};
}

super::binary_operators!(binary);

/// Defines the inlined form of operators on one number.
macro_rules! unary {
    ($($name:ident;)*) => {$(
        /// The operator, placed at `site`.
        ///
        /// # Errors
        /// As the operation of the same name in `ops`.
        #[inline(always)]
        pub fn $name(cx: Cx, operand: impl Operand, site: &'static Site) -> LuaResult {
            if let Some(result) = quick::$name(operand.value()) {
                operand.forget();
                return Ok(result);
            }
            super::$name(cx, operand, site)
        }
    )*};
}

super::unary_operators!(unary);

/// `#operand`
///
/// # Errors
/// As [`ops::arithmetic::len`].
#[inline(always)]
pub fn len(cx: Cx, operand: impl Operand, site: &'static Site) -> LuaResult {
    match ops::arithmetic::quick_len(operand.value()) {
        Some(length) => {
            operand.done();
            Ok(length)
        }
        None => super::len(cx, operand, site),
    }
}

/// Equality with a constant.
#[inline(always)]
pub fn raw_equal(left: impl Operand, right: impl Operand) -> bool {
    if let Some(equal) = quick::raw_equal(left.value(), right.value()) {
        left.forget();
        right.forget();
        return equal;
    }
    super::raw_equal(left, right)
}

/// `object[key]`
///
/// # Errors
/// As [`ops::index::index`].
#[inline(always)]
pub fn index(cx: Cx, object: impl Operand, key: impl Operand, site: &'static Site) -> LuaResult {
    match ops::index::quick_index(object.value(), key.value()) {
        Some(value) => {
            // The key is an integer.
            key.forget();
            object.done();
            Ok(value)
        }
        None => super::index(cx, object, key, site),
    }
}

/// `object.name`
///
/// # Errors
/// As [`ops::index::index`].
#[inline(always)]
pub fn field(cx: Cx, object: impl Operand, name: &'static Key, site: &'static Site) -> LuaResult {
    match ops::field::quick_get(object.value(), name) {
        Some(value) => {
            object.done();
            Ok(value)
        }
        None => super::field(cx, object, name, site),
    }
}

/// `object[key] = value`
///
/// # Errors
/// As [`ops::index::set_index`].
#[inline(always)]
pub fn set_index(
    cx: Cx,
    object: impl Operand,
    key: Value,
    value: Value,
    site: &'static Site,
) -> LuaResult<()> {
    match ops::index::quick_set_index(object.value(), &key, value) {
        Ok(()) => {
            // The key is an integer.
            Operand::forget(key);
            object.done();
            Ok(())
        }
        Err(value) => super::set_index(cx, object, key, value, site),
    }
}
