//! The `string` library, also the methods of every string.

use std::cell::Cell;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::{Closure, Entry, FunctionDef};
use crate::ops::{call, index};
use crate::results::Multi;
use crate::stdlib::args;
use crate::string::pattern::{self, Capture, Match};
use crate::userdata::{UserData, UserDataBox};
use crate::value::{Tag, Value};

crate::library! {
    pub static STRING = "string" {
        "byte" => plain byte,
        "char" => plain char,
        "find" => plain find,
        "format" => plain crate::string::format::format,
        "gfind" => plain gmatch,
        "gmatch" => plain gmatch,
        "gsub" => plain gsub,
        "len" => plain len,
        "lower" => plain lower,
        "match" => plain match_,
        "rep" => plain rep,
        "reverse" => plain reverse,
        "sub" => plain sub,
        "upper" => plain upper,
    }
}

/// The longest string `rep` makes.
const MAX_LENGTH: usize = 1 << 31;

/// A 1-based position that may count from the end, as a 0-based offset, not below 0.
fn offset(position: i64, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_start = if position < 0 { position.saturating_add(length) } else { position.saturating_sub(1) };
    usize::try_from(from_start.max(0)).unwrap_or(usize::MAX)
}

/// The bytes `i..=j` of Lua's positions.
fn slice(bytes: &[u8], i: i64, j: i64) -> &[u8] {
    let start = offset(i, bytes.len());
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let last = if j < 0 { j.saturating_add(length).saturating_add(1) } else { j.min(length) };
    let end = usize::try_from(last).unwrap_or(0);
    bytes.get(start..end).unwrap_or_default()
}

/// `string.sub(s, i [, j])`
///
/// # Errors
/// Wrong arguments.
pub fn sub(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "sub")?;
    let i = args::integer(cx, args, 2, "sub")?;
    let j = args::optional_integer(cx, args, 3, "sub", -1)?;
    Ok(Value::string(slice(&bytes, i, j)))
}

/// `string.byte(s [, i [, j]])`
///
/// # Errors
/// Wrong arguments.
pub fn byte(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let bytes = args::string(cx, args, 1, "byte")?;
    let i = args::optional_integer(cx, args, 2, "byte", 1)?;
    let j = args::optional_integer(cx, args, 3, "byte", i)?;
    Ok(Multi::from_values(cx, slice(&bytes, i, j).iter().map(|byte| Value::int(i64::from(*byte)))))
}

/// `string.char(...)`
///
/// # Errors
/// A code that is no byte.
pub fn char(cx: Cx, args: &[Value]) -> LuaResult {
    let mut bytes = Vec::with_capacity(args.len());
    for position in 1..=args.len() {
        let code = args::integer(cx, args, position, "char")?;
        bytes
            .push(u8::try_from(code).map_err(|_| cx.throw_argument(position, "char", "value out of range"))?);
    }
    Ok(bytes.into())
}

/// `string.len(s)`
///
/// # Errors
/// No string.
pub fn len(cx: Cx, args: &[Value]) -> LuaResult {
    args::string(cx, args, 1, "len").map(|bytes| Value::int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)))
}

/// `string.reverse(s)`
///
/// # Errors
/// No string.
pub fn reverse(cx: Cx, args: &[Value]) -> LuaResult {
    args::string(cx, args, 1, "reverse").map(|bytes| bytes.iter().rev().copied().collect::<Vec<u8>>().into())
}

/// `string.upper(s)`: Unicode-aware; bytes that are no UTF-8 stay.
///
/// # Errors
/// No string.
pub fn upper(cx: Cx, args: &[Value]) -> LuaResult {
    args::string(cx, args, 1, "upper")
        .map(|bytes| change_case(&bytes, str::to_uppercase, u8::to_ascii_uppercase))
}

/// `string.lower(s)`: Unicode-aware; bytes that are no UTF-8 stay.
///
/// # Errors
/// No string.
pub fn lower(cx: Cx, args: &[Value]) -> LuaResult {
    args::string(cx, args, 1, "lower")
        .map(|bytes| change_case(&bytes, str::to_lowercase, u8::to_ascii_lowercase))
}

fn change_case(bytes: &[u8], text: fn(&str) -> String, ascii: fn(&u8) -> u8) -> Value {
    if bytes.is_ascii() {
        return bytes.iter().map(ascii).collect::<Vec<u8>>().into();
    }
    let mut changed = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        changed.extend_from_slice(text(chunk.valid()).as_bytes());
        changed.extend_from_slice(chunk.invalid());
    }
    changed.into()
}

/// `string.rep(s, n [, separator])`
///
/// # Errors
/// Wrong arguments, or a result that is too large.
pub fn rep(cx: Cx, args: &[Value]) -> LuaResult {
    let bytes = args::string(cx, args, 1, "rep")?;
    let count = usize::try_from(args::integer(cx, args, 2, "rep")?).unwrap_or(0);
    let separator = args::optional_string(cx, args, 3, "rep")?.unwrap_or_default();
    if count == 0 {
        return Ok(Value::string(""));
    }
    let total = (bytes.len() + separator.len()).checked_mul(count);
    if total.is_none_or(|total| total > MAX_LENGTH) {
        return Err(cx.throw_text("resulting string too large"));
    }
    if separator.is_empty() {
        return Ok(bytes.repeat(count).into());
    }
    let mut unit = bytes.to_vec();
    unit.extend_from_slice(&separator);
    let mut repeated = unit.repeat(count - 1);
    repeated.extend_from_slice(&bytes);
    Ok(repeated.into())
}

/// `string.find(s, pattern [, init [, plain]])`
///
/// # Errors
/// Wrong arguments, a malformed pattern.
pub fn find(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let subject = args::string(cx, args, 1, "find")?;
    let pattern = args::string(cx, args, 2, "find")?;
    let from = offset(args::optional_integer(cx, args, 3, "find", 1)?, subject.len());
    if from > subject.len() {
        return Ok(Multi::one(cx, Value::NIL));
    }
    let plain =
        args.get(3).is_some_and(Value::truthy) || !pattern.iter().any(|byte| b"^$*+?.([%-)".contains(byte));
    let found = if plain {
        let rest = subject.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, &pattern).map(|at| Match {
            start: from + at,
            end: from + at + pattern.len(),
            captures: Vec::new(),
        })
    } else {
        pattern::find(&subject, &pattern, from).map_err(|text| cx.throw_text(text))?
    };
    let Some(found) = found else { return Ok(Multi::one(cx, Value::NIL)) };
    let position = |offset: usize| Value::int(i64::try_from(offset).unwrap_or(i64::MAX));
    let mut values = vec![position(found.start + 1), position(found.end)];
    for index in 0..found.captures.len() {
        values.push(capture(cx, &subject, &found, index)?);
    }
    Ok(Multi::from_values(cx, values))
}

/// `string.match(s, pattern [, init])`
///
/// # Errors
/// Wrong arguments, a malformed pattern.
pub fn match_(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let subject = args::string(cx, args, 1, "match")?;
    let pattern = args::string(cx, args, 2, "match")?;
    let from = offset(args::optional_integer(cx, args, 3, "match", 1)?, subject.len());
    if from > subject.len() {
        return Ok(Multi::one(cx, Value::NIL));
    }
    match pattern::find(&subject, &pattern, from).map_err(|text| cx.throw_text(text))? {
        Some(found) => captures(cx, &subject, &found),
        None => Ok(Multi::one(cx, Value::NIL)),
    }
}

/// All captures, or the whole match where there are none.
fn captures(cx: Cx, subject: &[u8], found: &Match) -> LuaResult<Multi> {
    let mut values = Vec::with_capacity(found.captures.len().max(1));
    for index in 0..found.captures.len().max(1) {
        values.push(capture(cx, subject, found, index)?);
    }
    Ok(Multi::from_values(cx, values))
}

/// Capture `index`; number 0 of a pattern without captures is the whole match.
fn capture(cx: Cx, subject: &[u8], found: &Match, index: usize) -> LuaResult {
    match found.captures.get(index) {
        Some(Capture::Span(start, end)) => Ok(Value::string(subject.get(*start..*end).unwrap_or_default())),
        Some(Capture::Position(at)) => Ok(Value::int(i64::try_from(at + 1).unwrap_or(i64::MAX))),
        Some(Capture::Open(_)) => Err(cx.throw_text("unfinished capture")),
        None if index == 0 => Ok(Value::string(subject.get(found.start..found.end).unwrap_or_default())),
        None => Err(cx.throw_text(format!("invalid capture index %{}", index + 1))),
    }
}

/// Where a `gmatch` goes on, and where its last match ended.
struct Walk {
    next: Cell<usize>,
    last_end: Cell<Option<usize>>,
}

impl UserData for Walk {
    fn methods(&self) -> &'static crate::module::Module {
        crate::library! { static METHODS = "gmatch" {} }
        &METHODS
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// `string.gmatch(s, pattern)`: an iterator over all matches.
///
/// # Errors
/// Wrong arguments.
pub fn gmatch(cx: Cx, args: &[Value]) -> LuaResult {
    static STEP: FunctionDef =
        FunctionDef { name: "gmatch", chunk: "[native]", line: 0, entry: Entry::Plain(gmatch_step) };
    let subject = Value::string(args::string(cx, args, 1, "gmatch")?);
    let pattern = Value::string(args::string(cx, args, 2, "gmatch")?);
    let walk = UserDataBox::new(cx, Walk { next: Cell::new(0), last_end: Cell::new(None) });
    Ok(Closure::new(cx, &STEP, [subject, pattern, walk]))
}

fn gmatch_step(cx: Cx, this: &Value, _: &[Value]) -> LuaResult<Multi> {
    let (subject, pattern, walk) = (this.upvalue(0), this.upvalue(1), this.upvalue(2));
    let (Some(subject), Some(pattern)) = (subject.as_bytes(), pattern.as_bytes()) else {
        return Ok(Multi::one(cx, Value::NIL));
    };
    let Some(walk) = walk.downcast::<Walk>() else { return Ok(Multi::one(cx, Value::NIL)) };
    for start in walk.next.get()..=subject.len() {
        let found = pattern::match_at(subject, pattern, start).map_err(|text| cx.throw_text(text))?;
        // An empty match right behind the previous one does not count again.
        if let Some(found) = found.filter(|found| Some(found.end) != walk.last_end.get()) {
            walk.next.set(found.end);
            walk.last_end.set(Some(found.end));
            return captures(cx, subject, &found);
        }
    }
    walk.next.set(subject.len() + 1);
    Ok(Multi::one(cx, Value::NIL))
}

/// `string.gsub(s, pattern, replacement [, n])`; a replacement function cannot suspend.
///
/// # Errors
/// Wrong arguments, a malformed pattern or replacement, what the function raises.
pub fn gsub(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let subject = args::string(cx, args, 1, "gsub")?;
    let pattern = args::string(cx, args, 2, "gsub")?;
    let replacement = args.get(2).cloned().unwrap_or_default();
    if !matches!(
        replacement.tag(),
        Tag::String
            | Tag::StaticString
            | Tag::Integer
            | Tag::Float
            | Tag::Table
            | Tag::Closure
            | Tag::StaticFunction
    ) {
        return Err(args::wrong(cx, args, 3, "gsub", "string/function/table"));
    }
    let limit = args::optional_integer(cx, args, 4, "gsub", i64::MAX)?;
    let (anchored, pattern) = match pattern.strip_prefix(b"^") {
        Some(rest) => (true, rest),
        None => (false, &*pattern),
    };
    let _callback = cx.forbid_suspension(crate::cx::Suspension::InCallback);
    let mut output = Vec::with_capacity(subject.len());
    let (mut at, mut count, mut last_end) = (0, 0i64, None);
    while count < limit && at <= subject.len() {
        let found = pattern::match_at(&subject, pattern, at).map_err(|text| cx.throw_text(text))?;
        match found.filter(|found| Some(found.end) != last_end) {
            Some(found) => {
                count += 1;
                replace(cx, &subject, &found, &replacement, &mut output)?;
                at = found.end;
                last_end = Some(found.end);
            }
            None => {
                output.extend(subject.get(at));
                at += 1;
            }
        }
        if anchored {
            break;
        }
    }
    output.extend_from_slice(subject.get(at..).unwrap_or_default());
    Ok(Multi::from_values(cx, [output.into(), Value::int(count)]))
}

fn replace(
    cx: Cx,
    subject: &[u8],
    found: &Match,
    replacement: &Value,
    output: &mut Vec<u8>,
) -> LuaResult<()> {
    let result = match replacement.tag() {
        Tag::Table => index::index(cx, replacement, &capture(cx, subject, found, 0)?)?,
        Tag::Closure | Tag::StaticFunction => {
            let args = captures(cx, subject, found)?.into_args(cx);
            call::call(cx, replacement, &args)?.first()
        }
        _ => return expand(cx, subject, found, replacement, output),
    };
    if !result.truthy() {
        output.extend_from_slice(subject.get(found.start..found.end).unwrap_or_default());
        return Ok(());
    }
    match args::as_text(&result) {
        Some(text) => output.extend_from_slice(&text),
        None => return Err(cx.throw_text(format!("invalid replacement value (a {})", result.type_name()))),
    }
    Ok(())
}

/// Expands `%0`-`%9` and `%%` of a replacement string.
fn expand(cx: Cx, subject: &[u8], found: &Match, replacement: &Value, output: &mut Vec<u8>) -> LuaResult<()> {
    let text = args::as_text(replacement).unwrap_or_default();
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'%' {
            output.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'%') => output.push(b'%'),
            Some(b'0') => output.extend_from_slice(subject.get(found.start..found.end).unwrap_or_default()),
            Some(digit) if digit.is_ascii_digit() => {
                let value = capture(cx, subject, found, usize::from(digit - b'1'))?;
                output.extend_from_slice(&args::as_text(&value).unwrap_or_default());
            }
            _ => return Err(cx.throw_text("invalid use of '%' in replacement string")),
        }
    }
    Ok(())
}
