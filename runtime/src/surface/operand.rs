//! What operations take: a variable by reference, or a value that is used up.
//!
//! A value that only lives for one operation is dropped inside that operation and not at each of its
//! places, where it would be dropped three times over: when all goes well, on an error, on a panic.

use crate::results::Args;
use crate::value::Value;

/// One operand: `&x`, or something new like `field(..)?`.
pub trait Operand {
    fn value(&self) -> &Value;
}

impl Operand for Value {
    #[inline(always)]
    fn value(&self) -> &Value {
        self
    }
}

impl Operand for &Value {
    #[inline(always)]
    fn value(&self) -> &Value {
        self
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
