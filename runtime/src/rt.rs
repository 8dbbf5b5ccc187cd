//! The only surface emitted code may use. Mirrored in the compiler's `emit/runtime.rs`; a test
//! compiles every name.

pub use crate::application::{Application, Entry as ApplicationEntry, Program};
pub use crate::cx::Cx;
pub use crate::error::{AtFuture, AtResult, Chunk, LuaResult, Name, Site};
pub use crate::function::{Closure, Entry, Finish, FunctionDef, Shared};
pub use crate::results::{Args, Multi, Returns, with_rest};
pub use crate::string::StaticStr;
pub use crate::value::Value;
pub use crate::{and, at, key, keys, lua_function, or, record, s};

pub use crate::channel::library as channel;
pub use crate::ops::index::{append, list, new_table};
pub use crate::ops::iterate::{GenericFor, NumericFor, generic_for};
pub use crate::process::payload;
pub use crate::script::{BrokenModule, Script, ScriptModule, io as script_io, package as script_package};
pub use crate::stdlib::{
    base, base64, coroutine, ctx, env, errors, events, funcs, hash, io, json, logger, math, os, pg, process,
    registry, string, system, table, time, utf8, uuid,
};

pub use crate::ops::tail::tail_call_async;
pub use crate::surface::*;

/// The parameters of an emitted function, from an argument list: nil where there are too few.
#[inline]
pub fn params<const N: usize>(args: &[Value]) -> [&Value; N] {
    match args.first_chunk::<N>() {
        Some(params) => params.each_ref(),
        None => few_params(args),
    }
}

#[cold]
fn few_params<const N: usize>(args: &[Value]) -> [&Value; N] {
    std::array::from_fn(|at| args.get(at).unwrap_or(const { &Value::NIL }))
}

/// What a parameter is made of: a reference to an argument, or a value of its own.
#[doc(hidden)]
pub trait Param<'a> {
    fn from_argument(argument: &'a Value) -> Self;
}

impl<'a> Param<'a> for &'a Value {
    #[inline(always)]
    fn from_argument(argument: &'a Value) -> &'a Value {
        argument
    }
}

impl<'a> Param<'a> for Value {
    #[inline(always)]
    fn from_argument(argument: &'a Value) -> Value {
        argument.duplicate()
    }
}

/// The arguments behind `count` parameters.
#[inline]
pub fn rest(args: &[Value], count: usize) -> &[Value] {
    args.get(count..).unwrap_or_default()
}

/// Turns the result of a function that is known into what an unknown caller expects.
#[inline]
#[doc(hidden)]
pub fn finish<R: Returns>(cx: Cx, result: LuaResult<R>) -> LuaResult<Multi> {
    result.map(|value| value.into_multi(cx))
}

/// Lets `s!` take text and byte literals alike.
#[doc(hidden)]
pub struct LiteralBytes<T>(pub T);

impl LiteralBytes<&'static str> {
    pub const fn bytes(self) -> &'static [u8] {
        self.0.as_bytes()
    }
}

impl<const N: usize> LiteralBytes<&'static [u8; N]> {
    pub const fn bytes(self) -> &'static [u8] {
        self.0
    }
}
