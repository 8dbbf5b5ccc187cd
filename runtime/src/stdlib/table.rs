//! The `table` library, honouring metamethods as Lua 5.3 does.

use std::cmp::Ordering;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::ops::{arithmetic, call, compare, index};
use crate::results::Multi;
use crate::stdlib::args;
use crate::table::Table;
use crate::value::Value;

crate::library! {
    pub static TABLE = "table" {
        "concat" => plain concat,
        "create" => plain create,
        "freeze" => plain freeze,
        "getn" => plain getn,
        "insert" => plain insert,
        "isfrozen" => plain isfrozen,
        "maxn" => plain maxn,
        "move" => plain move_items,
        "pack" => plain pack,
        "remove" => plain remove,
        "sort" => plain sort,
        "unpack" => plain unpack,
    }
}

/// The most values `unpack` gives.
const UNPACK_LIMIT: i64 = 1_000_000;

fn receiver<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<(&'a Value, &'a Table)> {
    match args.first() {
        Some(value) => Ok((value, args::table(cx, args, 1, function)?)),
        None => Err(args::wrong(cx, args, 1, function, "table")),
    }
}

/// `#t`, `__len` included.
fn length(cx: Cx, value: &Value) -> LuaResult<i64> {
    let length = arithmetic::len(cx, value)?;
    length.as_int().ok_or_else(|| cx.throw_text("object length is not an integer"))
}

fn get(cx: Cx, value: &Value, key: i64) -> LuaResult {
    index::index(cx, value, &Value::int(key))
}

fn set(cx: Cx, value: &Value, key: i64, item: Value) -> LuaResult<()> {
    index::set_index(cx, value, Value::int(key), item)
}

/// `table.insert(t, [position,] value)`
///
/// # Errors
/// A frozen table, a position out of bounds, a wrong number of arguments.
pub fn insert(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let (value, table) = receiver(cx, args, "insert")?;
    if table.is_frozen() {
        return Err(cx.throw_text("attempt to insert into Immutable table"));
    }
    let end = length(cx, value)?.wrapping_add(1);
    match args.len() {
        2 => set(cx, value, end, args.last().cloned().unwrap_or_default()),
        3 => {
            let position = args::integer(cx, args, 2, "insert")?;
            if position < 1 || position > end {
                return Err(cx.throw_argument(2, "insert", "position out of bounds"));
            }
            for key in (position..end).rev() {
                let item = get(cx, value, key)?;
                set(cx, value, key + 1, item)?;
            }
            set(cx, value, position, args.last().cloned().unwrap_or_default())
        }
        _ => Err(cx.throw_text("wrong number of arguments to 'insert'")),
    }
}

/// `table.remove(t [, position])`
///
/// # Errors
/// A frozen table, a position out of bounds.
pub fn remove(cx: Cx, args: &[Value]) -> LuaResult {
    let (value, table) = receiver(cx, args, "remove")?;
    if table.is_frozen() {
        return Err(cx.throw_text("attempt to remove from Immutable table"));
    }
    let size = length(cx, value)?;
    let position = if args.len() > 1 { args::integer(cx, args, 2, "remove")? } else { size };
    if args.len() > 1
        && size.wrapping_add(1) != position
        && (position < 1 || position > size.wrapping_add(1))
        && !(size == 0 && position == 0)
    {
        return Err(cx.throw_argument(1, "remove", "position out of bounds"));
    }
    let removed = get(cx, value, position)?;
    for key in position..size {
        let item = get(cx, value, key + 1)?;
        set(cx, value, key, item)?;
    }
    if position <= size || !removed.is_nil() {
        set(cx, value, position.max(size), Value::NIL)?;
    }
    Ok(removed)
}

/// `table.concat(t [, separator [, i [, j]]])`
///
/// # Errors
/// An element that is no text.
pub fn concat(cx: Cx, args: &[Value]) -> LuaResult {
    let (value, _) = receiver(cx, args, "concat")?;
    let separator = args::optional_string(cx, args, 2, "concat")?.unwrap_or_default();
    let first = args::optional_integer(cx, args, 3, "concat", 1)?;
    let last = match args.get(3) {
        Some(last) if !last.is_nil() => args::integer(cx, args, 4, "concat")?,
        _ => length(cx, value)?,
    };
    let mut joined = Vec::new();
    for key in first..=last {
        let item = get(cx, value, key)?;
        let Some(text) = args::as_text(&item) else {
            let kind = item.type_name();
            return Err(cx.throw_text(format!("invalid value ({kind}) at index {key} in table for 'concat'")));
        };
        joined.extend_from_slice(&text);
        if key < last {
            joined.extend_from_slice(&separator);
        }
    }
    Ok(joined.into())
}

/// `table.unpack(t [, i [, j]])`
///
/// # Errors
/// Too many results.
pub fn unpack(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = args.first().cloned().unwrap_or_default();
    let first = args::optional_integer(cx, args, 2, "unpack", 1)?;
    let last = match args.get(2) {
        Some(last) if !last.is_nil() => args::integer(cx, args, 3, "unpack")?,
        _ => length(cx, &value)?,
    };
    if last.checked_sub(first).is_none_or(|span| span >= UNPACK_LIMIT) {
        return Err(cx.throw_text("too many results to unpack"));
    }
    let mut items = Vec::new();
    for key in first..=last {
        items.push(get(cx, &value, key)?);
    }
    Ok(Multi::from_values(cx, items))
}

/// `table.pack(...)`
///
/// # Errors
/// None.
pub fn pack(cx: Cx, args: &[Value]) -> LuaResult {
    let value = Table::with_capacity(cx, args.len(), 1);
    index::append(&value, 1, args.iter().cloned());
    if let Some(table) = value.as_table() {
        table.set_text("n", Value::int(i64::try_from(args.len()).unwrap_or(i64::MAX)));
    }
    Ok(value)
}

/// `table.move(a, first, last, to [, b])`
///
/// # Errors
/// No tables, or a span that wraps around.
pub fn move_items(cx: Cx, args: &[Value]) -> LuaResult {
    let (from, _) = receiver(cx, args, "move")?;
    let first = args::integer(cx, args, 2, "move")?;
    let last = args::integer(cx, args, 3, "move")?;
    let to = args::integer(cx, args, 4, "move")?;
    let target = if args.get(4).is_some_and(|target| !target.is_nil()) {
        args::table(cx, args, 5, "move")?;
        args.get(4).unwrap_or(from)
    } else {
        from
    };
    if last < first {
        return Ok(target.clone());
    }
    let Some(span) = last.checked_sub(first).filter(|span| first > 0 || *span < i64::MAX) else {
        return Err(cx.throw_argument(3, "move", "too many elements to move"));
    };
    if to.checked_add(span).is_none() {
        return Err(cx.throw_argument(4, "move", "destination wrap around"));
    }
    let overlaps = to > first && to <= last && target.is_identical(from);
    for step in 0..=span {
        let step = if overlaps { span - step } else { step };
        let item = get(cx, from, first + step)?;
        set(cx, target, to + step, item)?;
    }
    Ok(target.clone())
}

/// `table.sort(t [, before])`; the comparison function cannot suspend.
///
/// # Errors
/// Elements that do not compare, an inconsistent order function.
pub fn sort(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let (value, table) = receiver(cx, args, "sort")?;
    if table.is_frozen() {
        return Err(cx.throw_text("attempt to sort Immutable table"));
    }
    let before = match args.get(1) {
        Some(function) if !function.is_nil() => Some(args::function(cx, args, 2, "sort")?),
        _ => None,
    };
    let size = length(cx, value)?;
    let mut items = Vec::new();
    for key in 1..=size {
        items.push(get(cx, value, key)?);
    }
    let mut failure: Option<Thrown> = None;
    let _callback = cx.forbid_suspension(crate::cx::Suspension::InCallback);
    let mut less = |left: &Value, right: &Value| -> bool {
        if failure.is_some() {
            return false;
        }
        let result = match before {
            Some(before) => {
                call::call(cx, before, &[left.clone(), right.clone()]).map(|result| result.first().truthy())
            }
            None => compare::lt(cx, left, right),
        };
        result.unwrap_or_else(|thrown| {
            failure = Some(thrown);
            false
        })
    };
    merge_sort(&mut items, &mut less);
    if let Some(thrown) = failure {
        return Err(thrown);
    }
    for (item, key) in items.into_iter().zip(1..) {
        set(cx, value, key, item)?;
    }
    Ok(())
}

/// A stable merge sort that tolerates any comparison function, however inconsistent. (The standard
/// library's may panic on one.)
fn merge_sort(items: &mut Vec<Value>, less: &mut impl FnMut(&Value, &Value) -> bool) {
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        let mut runs = items.chunks(width * 2);
        for run in &mut runs {
            let (left, right) = run.split_at(width.min(run.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
                let order = if less(b, a) { Ordering::Greater } else { Ordering::Less };
                let next = if order == Ordering::Greater { right.next() } else { left.next() };
                merged.extend(next.cloned());
            }
            merged.extend(left.chain(right).cloned());
        }
        *items = merged;
        width *= 2;
    }
}

/// `table.freeze(t)`
///
/// # Errors
/// No table.
pub fn freeze(cx: Cx, args: &[Value]) -> LuaResult {
    let (value, table) = receiver(cx, args, "freeze")?;
    table.freeze();
    Ok(value.clone())
}

/// `table.isfrozen(t)`
///
/// # Errors
/// No table.
pub fn isfrozen(cx: Cx, args: &[Value]) -> LuaResult {
    if args.first().is_some_and(|value| value.as_module().is_some()) {
        return Ok(Value::TRUE);
    }
    receiver(cx, args, "isfrozen").map(|(_, table)| Value::bool(table.is_frozen()))
}

/// `table.getn(t)`
///
/// # Errors
/// No table.
pub fn getn(cx: Cx, args: &[Value]) -> LuaResult {
    receiver(cx, args, "getn").map(|(_, table)| Value::int(table.length()))
}

/// `table.maxn(t)`: the largest positive integer key.
///
/// # Errors
/// No table.
pub fn maxn(cx: Cx, args: &[Value]) -> LuaResult {
    let (_, table) = receiver(cx, args, "maxn")?;
    let largest = table.entries().iter().filter_map(|(key, _)| key.as_int()).max();
    Ok(Value::int(largest.unwrap_or(0).max(0)))
}

/// `table.create(narr, nhash)`
///
/// # Errors
/// Arguments that are no numbers.
pub fn create(cx: Cx, args: &[Value]) -> LuaResult {
    let room = |count: i64| usize::try_from(count.clamp(0, 1 << 20)).unwrap_or(0);
    let array = args::integer(cx, args, 1, "create")?;
    let hash = args::integer(cx, args, 2, "create")?;
    Ok(Table::with_capacity(cx, room(array), room(hash)))
}
