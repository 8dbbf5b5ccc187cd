//! `string.find`, `match`, `gmatch` and `gsub`: Lua patterns at work.

use std::cell::Cell;

use crate::cx::{Cx, Suspension};
use crate::error::{LuaResult, Thrown};
use crate::function::{Closure, Entry, FunctionDef};
use crate::ops::{call, index};
use crate::results::{Args, Multi};
use crate::stdlib::args;
use crate::stdlib::string::from_start;
use crate::string::pattern::{self, Capture, Malformed, Matcher};
use crate::string::{Sink, StrBuf};
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::{Tag, Value};

#[cold]
fn malformed(cx: Cx, text: Malformed) -> Thrown {
    cx.throw_text(text.to_string())
}

/// Where a search starts: the 0-based offset that the optional argument 3 names, `None` beyond the
/// end of the subject.
fn search_start(cx: Cx, args: &[Value], length: usize, function: &'static str) -> LuaResult<Option<usize>> {
    let init = from_start(args::optional_integer(cx, args, 3, function, 1)?, length).max(1);
    Ok(usize::try_from(init - 1).ok().filter(|start| *start <= length))
}

/// `string.find(s, pattern [, init [, plain]])`
///
/// # Errors
/// Wrong arguments, a malformed pattern.
pub fn find(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let subject = args::string(cx, args, 1, "string.find")?;
    let pattern = args::string(cx, args, 2, "string.find")?;
    let Some(from) = search_start(cx, args, subject.len(), "string.find")? else {
        return Ok(Multi::one(cx, Value::NIL));
    };
    let has_specials = || pattern.iter().any(|byte| b"^$*+?.([%-".contains(byte));
    if args.get(3).is_some_and(Value::truthy) || !has_specials() {
        let rest = subject.get(from..).unwrap_or_default();
        let found = memchr::memmem::find(rest, &pattern);
        cx.spend_bytes(found.unwrap_or(rest.len()))?;
        return Ok(match found {
            Some(at) => {
                let start = from + at;
                Multi::from_values(cx, [args::count(start + 1), args::count(start + pattern.len())])
            }
            None => Multi::one(cx, Value::NIL),
        });
    }
    let (anchored, pattern) = pattern::anchor(&pattern);
    let mut matcher = Matcher::spending(cx, &subject, pattern);
    let Some((start, end)) = matcher.find(from, anchored).map_err(|text| malformed(cx, text))? else {
        return Ok(Multi::one(cx, Value::NIL));
    };
    let mut values = Args::from_iter([args::count(start + 1), args::count(end)]);
    push_captures(cx, &subject, &matcher, &mut values)?;
    Ok(Multi::from_values(cx, values))
}

/// `string.match(s, pattern [, init])`
///
/// # Errors
/// Wrong arguments, a malformed pattern.
pub fn match_(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let subject = args::string(cx, args, 1, "string.match")?;
    let pattern = args::string(cx, args, 2, "string.match")?;
    let Some(from) = search_start(cx, args, subject.len(), "string.match")? else {
        return Ok(Multi::one(cx, Value::NIL));
    };
    let (anchored, pattern) = pattern::anchor(&pattern);
    let mut matcher = Matcher::spending(cx, &subject, pattern);
    match matcher.find(from, anchored).map_err(|text| malformed(cx, text))? {
        Some(span) => captures(cx, &subject, &matcher, span),
        None => Ok(Multi::one(cx, Value::NIL)),
    }
}

/// All captures, or the whole match where there are none.
fn captures(cx: Cx, subject: &[u8], matcher: &Matcher<'_>, span: (usize, usize)) -> LuaResult<Multi> {
    if matcher.captures().len() <= 1 {
        return capture(cx, subject, matcher, span, 0).map(|value| Multi::one(cx, value));
    }
    let mut values = Args::new();
    push_captures(cx, subject, matcher, &mut values)?;
    Ok(Multi::from_values(cx, values))
}

fn push_captures(cx: Cx, subject: &[u8], matcher: &Matcher<'_>, values: &mut Args) -> LuaResult<()> {
    for index in 0..matcher.captures().len() {
        values.push(capture(cx, subject, matcher, (0, 0), index)?);
    }
    Ok(())
}

/// Capture `index`; number 0 of a pattern without captures is the whole match.
fn capture(cx: Cx, subject: &[u8], matcher: &Matcher<'_>, span: (usize, usize), index: usize) -> LuaResult {
    match matcher.captures().get(index) {
        Some(Capture::Span(start, end)) => StrBuf::copy(cx, subject.get(*start..*end).unwrap_or_default()),
        Some(Capture::Position(at)) => Ok(args::count(at + 1)),
        Some(Capture::Open(_)) => Err(cx.throw_text("unfinished capture")),
        None if index == 0 => StrBuf::copy(cx, subject.get(span.0..span.1).unwrap_or_default()),
        None => Err(cx.throw_text(format!("invalid capture index %{}", index + 1))),
    }
}

/// Where a `gmatch` goes on, and where its last match ended.
struct Walk {
    next: Cell<usize>,
    last_end: Cell<Option<usize>>,
}

crate::library! { static METHODS = "gmatch" {} }

impl Methods for Walk {
    const METHODS: &'static crate::module::Module = &METHODS;
}

impl UserData for Walk {}

/// `string.gmatch(s, pattern)`: an iterator over all matches.
///
/// # Errors
/// Wrong arguments.
pub fn gmatch(cx: Cx, args: &[Value]) -> LuaResult {
    let text = |position: usize| -> LuaResult {
        let text = args::string(cx, args, position, "string.gmatch")?;
        let value = args::get(args, position).filter(|value| value.as_bytes().is_some());
        Ok(value.cloned().unwrap_or_else(|| Value::string(&text)))
    };
    let (subject, pattern) = (text(1)?, text(2)?);
    let walk = UserDataBox::new(cx, Walk { next: Cell::new(0), last_end: Cell::new(None) });
    Ok(Closure::new(cx, &STEP, [subject, pattern, walk]))
}

static STEP: FunctionDef = FunctionDef {
    name: "gmatch",
    chunk: "[native]",
    line: 0,
    entry: Entry::Plain(gmatch_step),
    getter: None,
};

/// Whether the value is an iterator that `string.gmatch` made.
#[inline]
pub fn is_gmatch(value: &Value) -> bool {
    value.as_closure().is_some_and(|closure| std::ptr::eq(closure.def(), &raw const STEP))
}

fn gmatch_step(cx: Cx, this: &Value, _: &[Value]) -> LuaResult<Multi> {
    step(cx, this, |subject, matcher, span| captures(cx, subject, matcher, span))
        .map(|found| found.unwrap_or_else(|| Multi::none(cx)))
}

/// What the iterator that `string.gmatch` made gives next, as so many values; `None` at the end.
///
/// # Errors
/// A malformed pattern.
pub fn next_match<const N: usize>(cx: Cx, iterator: &Value) -> LuaResult<Option<[Value; N]>> {
    step(cx, iterator, |subject, matcher, span| {
        let mut values = [const { Value::NIL }; N];
        for index in 0..matcher.captures().len().max(1) {
            // Also where nobody wants it: it may be unfinished.
            let value = capture(cx, subject, matcher, span, index)?;
            if let Some(place) = values.get_mut(index) {
                *place = value;
            }
        }
        Ok(values)
    })
}

/// Looks for the next match.
#[inline]
fn step<T>(
    cx: Cx,
    iterator: &Value,
    take: impl FnOnce(&[u8], &Matcher<'_>, (usize, usize)) -> LuaResult<T>,
) -> LuaResult<Option<T>> {
    let Some([subject, pattern, walk]) = iterator.as_closure().map(Closure::captures) else {
        return Ok(None);
    };
    let (Some(subject), Some(pattern)) = (subject.as_bytes(), pattern.as_bytes()) else { return Ok(None) };
    let Some(walk) = walk.downcast::<Walk>() else { return Ok(None) };
    // A `^` is an ordinary character here, as in Lua 5.3.
    let mut matcher = Matcher::spending(cx, subject, pattern);
    let mut next = walk.next.get();
    while let Some((start, end)) = matcher.find(next, false).map_err(|text| malformed(cx, text))? {
        // An empty match right behind the previous one does not count again.
        if Some(end) != walk.last_end.get() {
            walk.next.set(end);
            walk.last_end.set(Some(end));
            return take(subject, &matcher, (start, end)).map(Some);
        }
        next = start + 1;
    }
    walk.next.set(subject.len() + 1);
    Ok(None)
}

/// `string.gsub(s, pattern, replacement [, n])`; a replacement function cannot suspend.
///
/// # Errors
/// Wrong arguments, a malformed pattern or replacement, what the function raises.
pub fn gsub(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let subject = args::string(cx, args, 1, "string.gsub")?;
    let pattern = args::string(cx, args, 2, "string.gsub")?;
    let limit = args::optional_integer(cx, args, 4, "string.gsub", i64::MAX)?;
    let replacement = Replacement::new(cx, args)?;
    let (anchored, pattern) = pattern::anchor(&pattern);
    let _callback = cx.forbid_suspension(Suspension::InCallback);
    let mut matcher = Matcher::spending(cx, &subject, pattern);
    let mut output = StrBuf::with_capacity(subject.len());
    let (mut at, mut count, mut last_end) = (0, 0i64, None);
    while count < limit {
        let found = matcher.find(at, anchored).map_err(|text| malformed(cx, text))?;
        let Some((start, end)) = found else { break };
        output.extend_from_slice(subject.get(at..start).unwrap_or_default());
        at = start;
        if Some(end) != last_end {
            count += 1;
            let before = output.len();
            replacement.append(cx, &subject, &matcher, (at, end), &mut output)?;
            cx.spend_text(output.len().saturating_sub(before))?;
            if output.is_lost() {
                break;
            }
            at = end;
            last_end = Some(end);
        } else if let Some(byte) = subject.get(at) {
            output.push(*byte);
            at += 1;
        } else {
            break;
        }
        if anchored {
            break;
        }
    }
    if count == 0 && args.first().is_some_and(|subject| subject.as_bytes().is_some()) {
        let unchanged = args.first().cloned().unwrap_or_default();
        return Ok(Multi::from_values(cx, [unchanged, Value::int(0)]));
    }
    output.extend_from_slice(subject.get(at..).unwrap_or_default());
    let output = output.finish(cx)?;
    Ok(Multi::from_values(cx, [output, Value::int(count)]))
}

/// What `gsub` puts in the place of a match.
enum Replacement<'a> {
    /// With `%0`-`%9` and `%%`.
    Text(std::borrow::Cow<'a, [u8]>),
    Table(&'a Value),
    Function(&'a Value),
}

impl<'a> Replacement<'a> {
    fn new(cx: Cx, args: &'a [Value]) -> LuaResult<Replacement<'a>> {
        let value = args.get(2).filter(|value| {
            !matches!(value.tag(), Tag::Nil | Tag::Boolean | Tag::Thread | Tag::UserData | Tag::Facet)
        });
        match value {
            Some(value) if matches!(value.tag(), Tag::Table | Tag::Module) => Ok(Replacement::Table(value)),
            Some(value) if value.function_def().is_some() => Ok(Replacement::Function(value)),
            Some(_) => args::string(cx, args, 3, "string.gsub").map(Replacement::Text),
            None => Err(cx.throw_argument(3, "string.gsub", "string/function/table expected")),
        }
    }

    fn append(
        &self,
        cx: Cx,
        subject: &[u8],
        matcher: &Matcher<'_>,
        span: (usize, usize),
        output: &mut StrBuf,
    ) -> LuaResult<()> {
        let result = match self {
            Replacement::Text(text) => return expand(cx, subject, matcher, span, text, output),
            Replacement::Table(table) => {
                let key = capture(cx, subject, matcher, span, 0)?;
                call::inside(cx, index::index(cx, table, &key))?
            }
            Replacement::Function(function) => {
                let args = captures(cx, subject, matcher, span)?.into_args(cx);
                call::callback(cx, function, &args)?.first()
            }
        };
        if !result.truthy() {
            output.extend_from_slice(subject.get(span.0..span.1).unwrap_or_default());
            return Ok(());
        }
        if !crate::ops::text::append(cx, output, &result) {
            let kind = result.type_name();
            return Err(cx.throw_text(format!("invalid replacement value (a {kind})")));
        }
        Ok(())
    }
}

fn expand(
    cx: Cx,
    subject: &[u8],
    matcher: &Matcher<'_>,
    span: (usize, usize),
    text: &[u8],
    output: &mut StrBuf,
) -> LuaResult<()> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'%', rest) {
        let (before, after) = rest.split_at(at);
        output.extend_from_slice(before);
        match after.get(1) {
            Some(b'%') => output.push(b'%'),
            Some(b'0') => output.extend_from_slice(subject.get(span.0..span.1).unwrap_or_default()),
            Some(digit) if digit.is_ascii_digit() => {
                let value = capture(cx, subject, matcher, span, usize::from(digit - b'1'))?;
                crate::ops::text::append(cx, output, &value);
            }
            _ => return Err(cx.throw_text("invalid use of '%' in replacement string")),
        }
        rest = after.get(2..).unwrap_or_default();
    }
    output.extend_from_slice(rest);
    Ok(())
}
