//! The suffix of every fallible operation in emitted code: `.at(cx, at!(24))?` on results and
//! `.at(cx, at!(24)).await?` on futures. Free when all is well.

use std::future::Future;

use super::{LuaResult, Site, Thrown};
use crate::cx::Cx;
use crate::results::Returns;

pub trait AtResult<T> {
    /// Places an error here, or runs the tail call that unwound to this site.
    ///
    /// # Errors
    /// The error itself, now with a position.
    fn at(self, cx: Cx, site: &'static Site) -> LuaResult<T>;

    /// As [`AtResult::at`] for `return f(x)` of a known Lua function: a tail call that unwinds goes
    /// on to the caller, and error levels do not count this site.
    ///
    /// # Errors
    /// The error itself, now with a position; or the pending tail call.
    fn tail(self, cx: Cx, site: &'static Site) -> LuaResult<T>;
}

impl<T: Returns> AtResult<T> for LuaResult<T> {
    #[inline]
    fn at(self, cx: Cx, site: &'static Site) -> LuaResult<T> {
        match self {
            Ok(value) => Ok(value),
            Err(thrown) => settle(cx, site, thrown),
        }
    }

    #[inline]
    fn tail(self, cx: Cx, site: &'static Site) -> LuaResult<T> {
        self.map_err(|thrown| cx.pass(thrown, site))
    }
}

#[cold]
fn settle<T: Returns>(cx: Cx, site: &'static Site, thrown: Thrown) -> LuaResult<T> {
    match crate::ops::call::settle(cx, Err(thrown)) {
        Ok(multi) => Ok(T::from_multi(cx, multi)),
        Err(_) => Err(cx.place(site)),
    }
}

pub trait AtFuture<T>: Future<Output = LuaResult<T>> + Sized {
    /// As [`AtResult::at`], for what may suspend.
    fn at(self, cx: Cx, site: &'static Site) -> impl Future<Output = LuaResult<T>>;

    /// As [`AtResult::tail`], for what may suspend.
    fn tail(self, cx: Cx, site: &'static Site) -> impl Future<Output = LuaResult<T>>;
}

impl<T: Returns, F: Future<Output = LuaResult<T>>> AtFuture<T> for F {
    async fn at(self, cx: Cx, site: &'static Site) -> LuaResult<T> {
        match self.await {
            Ok(value) => Ok(value),
            Err(thrown) => match crate::ops::call::settle_async(cx, Err(thrown)).await {
                Ok(multi) => Ok(T::from_multi(cx, multi)),
                Err(_) => Err(cx.place(site)),
            },
        }
    }

    async fn tail(self, cx: Cx, site: &'static Site) -> LuaResult<T> {
        self.await.map_err(|thrown| cx.pass(thrown, site))
    }
}
