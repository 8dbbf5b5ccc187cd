//! The two kinds of `for`.

use crate::cx::Cx;
use crate::error::{AtFuture, AtResult, LuaResult, Site, Thrown};
use crate::ops::number::{float_to_int, to_float, to_number};
use crate::ops::{call, tail};
use crate::stdlib::{base, string_search, utf8};
use crate::table::Cursor;
use crate::value::{Tag, Value};

/// The values of a numeric `for`, in order; never wraps at the edge of the integers.
pub enum NumericFor {
    Int { next: Option<i64>, limit: i64, step: i64 },
    Float { next: f64, limit: f64, step: f64 },
}

/// `for i = start, limit, step do`
///
/// # Errors
/// A bound that is no number.
pub fn numeric_for(cx: Cx, start: &Value, limit: &Value, step: &Value) -> LuaResult<NumericFor> {
    if let (Some(start), Some(step)) = (start.as_int(), step.as_int()) {
        let Some(limit) = to_number(limit) else { return Err(not_a_bound(cx, "limit")) };
        let limit = match (limit.as_int(), limit.as_float()) {
            (Some(limit), _) => Some(limit),
            (None, Some(limit)) => clip(limit, step),
            (None, None) => None,
        };
        let next = limit
            .filter(|limit| step == 0 && start >= *limit || in_range(start, *limit, step))
            .map(|_| start);
        return Ok(NumericFor::Int { next, limit: limit.unwrap_or(0), step });
    }
    let Some(limit) = to_float(limit) else { return Err(not_a_bound(cx, "limit")) };
    let Some(step) = to_float(step) else { return Err(not_a_bound(cx, "step")) };
    let Some(next) = to_float(start) else { return Err(not_a_bound(cx, "initial")) };
    Ok(NumericFor::Float { next, limit, step })
}

#[inline(always)]
fn in_range(value: i64, limit: i64, step: i64) -> bool {
    if step > 0 { value <= limit } else { value >= limit }
}

/// A float limit of an integer loop: the last integer it allows, `None` if it allows none.
fn clip(limit: f64, step: i64) -> Option<i64> {
    if limit.is_nan() {
        return None;
    }
    let rounded = if step < 0 { limit.ceil() } else { limit.floor() };
    match float_to_int(rounded) {
        Some(limit) => Some(limit),
        None if limit > 0.0 => (step >= 0).then_some(i64::MAX),
        None => (step < 0).then_some(i64::MIN),
    }
}

#[cold]
fn not_a_bound(cx: Cx, which: &str) -> Thrown {
    let which = if which == "initial" { "initial value" } else { which };
    cx.throw_text(format!("'for' {which} must be a number"))
}

impl Iterator for NumericFor {
    type Item = Value;

    #[inline(always)]
    fn next(&mut self) -> Option<Value> {
        match self {
            NumericFor::Int { next, limit, step } => {
                let value = (*next)?;
                *next = value.checked_add(*step).filter(|value| in_range(*value, *limit, *step));
                Some(Value::int(value))
            }
            NumericFor::Float { next, limit, step } => {
                let value = *next;
                let goes_on = if *step > 0.0 { value <= *limit } else { value >= *limit };
                *next += *step;
                goes_on.then(|| Value::float(value))
            }
        }
    }
}

// A numeric loop is not a Lua result, but its setup may fail at a site like one.
impl crate::results::Returns for NumericFor {
    #[inline]
    fn into_multi(self, cx: Cx) -> crate::results::Multi {
        crate::results::Multi::none(cx)
    }
    fn from_multi(_: Cx, _: crate::results::Multi) -> Self {
        NumericFor::Int { next: None, limit: 0, step: 1 }
    }
}

/// The state of a generic `for`.
pub struct GenericFor {
    walk: Walk,
    iterator: Value,
    state: Value,
    control: Value,
}

/// Loops over tables by `pairs` and `ipairs`, and over texts by `utf8.codes` and `string.gmatch`, walk without calling
/// an iterator.
enum Walk {
    /// `next` over a table.
    Pairs(Cursor),
    /// `ipairs` over a table without a metatable: the next key.
    List(i64),
    /// `utf8.codes` over a text: where the next character begins.
    Codes(usize),
    /// `string.gmatch` over a text: its iterator knows the place.
    Matches,
    Calls,
}

/// `for k, v in iterator, state, control do`
pub fn generic_for([iterator, state, control]: [Value; 3]) -> GenericFor {
    let walk = match (iterator.as_static_function(), state.as_table()) {
        (Some(function), Some(_)) if std::ptr::eq(function, &base::NEXT) && control.is_nil() => {
            Walk::Pairs(Cursor::default())
        }
        (Some(function), Some(table)) if std::ptr::eq(function, &base::IPAIRS_STEP) => {
            match control.as_int().and_then(|control| control.checked_add(1)) {
                Some(key) if !table.has_metatable() => Walk::List(key),
                _ => Walk::Calls,
            }
        }
        (Some(function), None)
            if std::ptr::eq(function, &utf8::CODES_STEP) && control.as_int() == Some(0) =>
        {
            Walk::Codes(0)
        }
        _ if string_search::is_gmatch(&iterator) => Walk::Matches,
        _ => Walk::Calls,
    };
    GenericFor { walk, iterator, state, control }
}

impl GenericFor {
    /// The loop is over, and holds nothing any more.
    pub fn done(self) {
        drop(self);
    }

    /// The variables of the next turn, `None` at the end.
    ///
    /// # Errors
    /// What the iterator raises.
    #[inline(never)]
    pub fn next<const N: usize>(&mut self, cx: Cx, site: &'static Site) -> LuaResult<Option<[Value; N]>> {
        match self.walk() {
            Some(turn) => Ok(turn),
            None => self.call(cx).at(cx, site),
        }
    }

    #[inline(never)]
    fn call<const N: usize>(&mut self, cx: Cx) -> LuaResult<Option<[Value; N]>> {
        if let Walk::Matches = self.walk {
            let found = string_search::next_match(cx, &self.iterator);
            return found.map_err(|thrown| cx.call_it(thrown, "for iterator"));
        }
        let args = [self.state.clone(), self.control.clone()];
        let results = tail::settle(cx, call::call(cx, &self.iterator, &args));
        let values = results.map_err(|thrown| cx.call_it(thrown, "for iterator"))?.adjust::<N>(cx);
        Ok(self.advance(values))
    }

    /// As [`GenericFor::next`], for an iterator that may suspend.
    ///
    /// # Errors
    /// What the iterator raises.
    pub async fn next_async<const N: usize>(
        &mut self,
        cx: Cx,
        site: &'static Site,
    ) -> LuaResult<Option<[Value; N]>> {
        match self.walk() {
            Some(turn) => Ok(turn),
            None => self.call_async(cx).at(cx, site).await,
        }
    }

    async fn call_async<const N: usize>(&mut self, cx: Cx) -> LuaResult<Option<[Value; N]>> {
        if let Walk::Matches = self.walk {
            return self.call(cx);
        }
        let args = [self.state.clone(), self.control.clone()];
        let results = tail::settle_async(cx, call::call_async(cx, &self.iterator, &args).await).await;
        let values = results.map_err(|thrown| cx.call_it(thrown, "for iterator"))?.adjust::<N>(cx);
        Ok(self.advance(values))
    }

    /// A turn that needs no call; `None` if it does.
    #[inline]
    #[expect(clippy::option_option, reason = "no answer, the end, or a turn")]
    fn walk<const N: usize>(&mut self) -> Option<Option<[Value; N]>> {
        match &mut self.walk {
            Walk::Calls | Walk::Matches => None,
            Walk::Pairs(cursor) => {
                let entry = self.state.as_table()?.step(cursor);
                Some(entry.map(|(key, value)| variables(key, value)))
            }
            Walk::List(key) => {
                let table = self.state.as_table()?;
                let value = match table.element(*key) {
                    Some(value) if !value.is_nil() => value.duplicate(),
                    _ if table.has_metatable() => {
                        // It got one during the loop: from here on its say counts.
                        self.control = Value::int(*key - 1);
                        self.walk = Walk::Calls;
                        return None;
                    }
                    _ => table.get_int(*key),
                };
                if value.is_nil() {
                    return Some(None);
                }
                let turn = variables(Value::int(*key), value);
                *key = key.wrapping_add(1);
                Some(Some(turn))
            }
            Walk::Codes(at) => {
                let text = self.state.as_bytes()?;
                if *at >= text.len() {
                    return Some(None);
                }
                let position = i64::try_from(*at).unwrap_or(i64::MAX);
                let Some((code, next)) = utf8::code_at(text, *at) else {
                    // The iterator says what is wrong.
                    self.control = Value::int(position);
                    self.walk = Walk::Calls;
                    return None;
                };
                *at = next;
                Some(Some(variables(Value::int(position + 1), Value::int(i64::from(code)))))
            }
        }
    }

    #[inline]
    fn advance<const N: usize>(&mut self, values: [Value; N]) -> Option<[Value; N]> {
        let control = values.first()?;
        if control.tag() == Tag::Nil {
            return None;
        }
        self.control = control.duplicate();
        Some(values)
    }
}

/// Two values as so many variables.
#[inline]
fn variables<const N: usize>(first: Value, second: Value) -> [Value; N] {
    let mut variables = [const { Value::NIL }; N];
    let mut places = variables.iter_mut();
    if let Some(place) = places.next() {
        *place = first;
    }
    if let Some(place) = places.next() {
        *place = second;
    }
    variables
}

impl<const N: usize> crate::results::Returns for Option<[Value; N]> {
    #[inline]
    fn into_multi(self, cx: Cx) -> crate::results::Multi {
        crate::results::Multi::from_values(cx, self.into_iter().flatten())
    }
    fn from_multi(cx: Cx, multi: crate::results::Multi) -> Self {
        let values = multi.adjust::<N>(cx);
        if values.first().is_none_or(Value::is_nil) { None } else { Some(values) }
    }
}
