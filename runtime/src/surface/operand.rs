//! What operations take: a variable by reference, or a value that is used up.
//!
//! A value that only lives for one operation is dropped inside that operation and not at each of its
//! places, where it would be dropped three times over: when all goes well, on an error, on a panic.

use super::{Key, called};
use crate::channel::select;
use crate::cx::Cx;
use crate::error::{LuaResult, Site};
use crate::results::Args;
use crate::value::Value;

/// One operand: `&x`, or something new like `field(..)?`.
pub trait Operand {
    fn value(&self) -> &Value;

    /// Uses it up where its value is known to own nothing: a number.
    fn forget(self);

    /// Uses it up: what owns nothing is seen here, where it may be known from what was inlined before.
    fn done(self);

    /// `self:name()`, of which one result is wanted.
    ///
    /// # Errors
    /// As [`super::method`].
    fn get(self, cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult;

    /// `self:case_receive()`
    ///
    /// # Errors
    /// As [`super::method`].
    fn receive_case(self, cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult;
}

impl Operand for Value {
    #[inline(always)]
    fn value(&self) -> &Value {
        self
    }

    #[inline(always)]
    fn forget(self) {
        debug_assert!(self.object().is_none());
        std::mem::forget(self);
    }

    #[inline(always)]
    fn done(self) {
        Value::done(self);
    }

    #[inline(always)]
    fn get(self, cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult {
        called::getter_of_own(cx, self, name, site)
    }

    #[inline(always)]
    fn receive_case(self, cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult {
        select::case_of_own(cx, self, name, site)
    }
}

impl Operand for &Value {
    #[inline(always)]
    fn value(&self) -> &Value {
        self
    }

    #[inline(always)]
    fn forget(self) {}

    #[inline(always)]
    fn done(self) {}

    #[inline(always)]
    fn get(self, cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult {
        called::getter(cx, self, name, site)
    }

    #[inline(always)]
    fn receive_case(self, cx: Cx, name: &'static Key, site: &'static Site) -> LuaResult {
        select::case_of(cx, self, name, site)
    }
}

/// The arguments of a call: `[a, b]`, `with_rest(..)`, or a function's own `varargs`.
pub trait Arguments {
    fn values(&self) -> &[Value];
}

impl<const N: usize> Arguments for [Value; N] {
    #[inline(always)]
    fn values(&self) -> &[Value] {
        self
    }
}

impl Arguments for &[Value] {
    #[inline(always)]
    fn values(&self) -> &[Value] {
        self
    }
}

impl Arguments for Args {
    #[inline(always)]
    fn values(&self) -> &[Value] {
        self
    }
}

impl Arguments for &Args {
    #[inline(always)]
    fn values(&self) -> &[Value] {
        self
    }
}
