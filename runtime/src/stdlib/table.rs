//! The `table` library, honouring metamethods as Lua 5.3 does; tables without a metatable are
//! worked on directly. Sorting is in [`table_sort`](super::table_sort).

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::{arithmetic, call, index, number, text};
use crate::results::{Args, Multi};
use crate::stdlib::args;
use crate::string::{Sink, StrBuf};
use crate::table::Table;
use crate::value::Value;

pub use super::table_sort::sort;

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
const UNPACK_LIMIT: u64 = 999_979;

/// The table a function works on: one of the program, or a library's.
pub(super) struct Receiver<'a> {
    pub value: &'a Value,
    /// The table itself where no metamethod can interfere.
    pub raw: Option<&'a Table>,
}

impl<'a> Receiver<'a> {
    pub fn new(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<Receiver<'a>> {
        match args.first() {
            Some(value) if value.as_table().is_some() || value.as_module().is_some() => {
                let raw = value.as_table().filter(|table| !table.has_metatable());
                Ok(Receiver { value, raw })
            }
            _ => Err(args::wrong(cx, args, 1, function, "table")),
        }
    }

    /// As [`Receiver::new`], for a function that writes; `refused` is what a frozen table raises.
    pub fn to_write(
        cx: Cx,
        args: &'a [Value],
        function: &'static str,
        refused: &'static str,
    ) -> LuaResult<Receiver<'a>> {
        let receiver = Self::new(cx, args, function)?;
        if receiver.value.as_table().is_none_or(Table::is_frozen) {
            return Err(cx.throw_text(refused));
        }
        Ok(receiver)
    }

    /// `#t`, `__len` included.
    pub fn length(&self, cx: Cx) -> LuaResult<i64> {
        match self.raw {
            Some(table) => Ok(table.length()),
            None => length(cx, self.value),
        }
    }

    pub fn get(&self, cx: Cx, key: i64) -> LuaResult {
        match self.raw {
            Some(table) => Ok(table.get_int(key)),
            None => get(cx, self.value, key),
        }
    }

    pub fn set(&self, cx: Cx, key: i64, item: Value) -> LuaResult<()> {
        match self.raw {
            Some(table) => {
                if table.try_set_int(key, item) {
                    Ok(())
                } else {
                    Err(cx.throw_no_memory())
                }
            }
            None => call::inside(cx, index::set_index(cx, self.value, Value::int(key), item)),
        }
    }
}

fn length(cx: Cx, value: &Value) -> LuaResult<i64> {
    let length = call::inside(cx, arithmetic::len(cx, value))?;
    number::to_int(&length).ok_or_else(|| cx.throw_text("object length is not an integer"))
}

fn get(cx: Cx, value: &Value, key: i64) -> LuaResult {
    call::inside(cx, index::index(cx, value, &Value::int(key)))
}

/// What moving the elements from `position` up to `end` spends: they are moved in one go.
fn moved(position: i64, end: i64) -> usize {
    usize::try_from(end.saturating_sub(position) / 64).unwrap_or(0)
}

/// `table.insert(t, [position,] value)`
///
/// # Errors
/// A frozen table, a position out of bounds, a wrong number of arguments.
pub fn insert(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let table = Receiver::to_write(cx, args, "table.insert", "attempt to insert into Immutable table")?;
    let end = table.length(cx)?.wrapping_add(1);
    match args {
        [_, value] => table.set(cx, end, value.clone()),
        [_, _, value] => {
            let position = args::integer(cx, args, 2, "table.insert")?;
            if position < 1 || position > end {
                return Err(cx.throw_argument(2, "table.insert", "position out of bounds"));
            }
            cx.spend_many(moved(position, end))?;
            if let Some(raw) = table.raw {
                let is_stored = raw.insert(position, value.clone());
                return if is_stored { Ok(()) } else { Err(cx.throw_no_memory()) };
            }
            for key in (position..end).rev() {
                cx.spend()?;
                let item = table.get(cx, key)?;
                table.set(cx, key + 1, item)?;
            }
            table.set(cx, position, value.clone())
        }
        _ => Err(cx.throw_text("wrong number of arguments to 'insert'")),
    }
}

/// `table.remove(t [, position])`
///
/// # Errors
/// A frozen table, a position out of bounds.
pub fn remove(cx: Cx, args: &[Value]) -> LuaResult {
    let table = Receiver::to_write(cx, args, "table.remove", "attempt to remove from Immutable table")?;
    let size = table.length(cx)?;
    let position = args::optional_integer(cx, args, 2, "table.remove", size)?;
    if position != size && (position < 1 || position > size.wrapping_add(1)) {
        return Err(cx.throw_argument(1, "table.remove", "position out of bounds"));
    }
    cx.spend_many(moved(position, size))?;
    if let Some(raw) = table.raw {
        return Ok(raw.remove(position));
    }
    let removed = table.get(cx, position)?;
    for key in position..size {
        cx.spend()?;
        let item = table.get(cx, key + 1)?;
        table.set(cx, key, item)?;
    }
    table.set(cx, position.max(size), Value::NIL)?;
    Ok(removed)
}

/// `table.concat(t [, separator [, i [, j]]])`
///
/// # Errors
/// An element that is no text, a result that is too long.
pub fn concat(cx: Cx, args: &[Value]) -> LuaResult {
    let table = Receiver::new(cx, args, "table.concat")?;
    let size = table.length(cx)?;
    let separator = args::optional_string(cx, args, 2, "table.concat")?.unwrap_or_default();
    let first = args::optional_integer(cx, args, 3, "table.concat", 1)?;
    let last = args::optional_integer(cx, args, 4, "table.concat", size)?;
    let mut joined = StrBuf::with_capacity(0);
    for key in first..=last {
        cx.spend()?;
        let item = table.get(cx, key)?;
        if !text::append(cx, &mut joined, &item) {
            let kind = item.type_name();
            return Err(cx.throw_text(format!("invalid value ({kind}) at index {key} in table for 'concat'")));
        }
        if key < last {
            joined.extend_from_slice(&separator);
        }
        cx.spend_text(item.as_bytes().map_or(0, <[u8]>::len))?;
        if joined.is_lost() {
            break;
        }
    }
    joined.finish(cx)
}

/// `table.unpack(t [, i [, j]])`
///
/// # Errors
/// Too many results.
pub fn unpack(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let absent = Value::NIL;
    let value = args.first().unwrap_or(&absent);
    if !cx.is_script() && value.as_table().is_none() && value.as_module().is_none() {
        return Err(args::wrong(cx, args, 1, "table.unpack", "table"));
    }
    let first = args::optional_integer(cx, args, 2, "table.unpack", 1)?;
    let last = match args::present(args, 3) {
        Some(_) => args::integer(cx, args, 3, "table.unpack")?,
        None => length(cx, value)?,
    };
    if last < first {
        return Ok(Multi::none(cx));
    }
    if first.abs_diff(last) >= UNPACK_LIMIT {
        return Err(cx.throw_text("too many results to unpack"));
    }
    cx.spend_many(usize::try_from(first.abs_diff(last)).unwrap_or(usize::MAX))?;
    if let Some(table) = value.as_table().filter(|table| !table.has_metatable()) {
        return Ok(Multi::from_values(cx, (first..=last).map(|key| table.get_int(key))));
    }
    let mut items = Args::new();
    for key in first..=last {
        items.push(get(cx, value, key)?);
    }
    Ok(Multi::from_values(cx, items))
}

/// `table.pack(...)`
///
/// # Errors
/// No memory for the table.
pub fn pack(cx: Cx, args: &[Value]) -> LuaResult {
    let value = Table::with_capacity(cx, 0, 1);
    if let Some(table) = value.as_table() {
        if !args.is_empty() && !table.try_reserve_array(args.len()) {
            return Err(cx.throw_no_memory());
        }
        table.set_list(1, args.iter().cloned());
        table.set_text("n", args::count(args.len()));
    }
    Ok(value)
}

/// `table.move(a, first, last, to [, b])`
///
/// # Errors
/// No tables, or a span that wraps around.
pub fn move_items(cx: Cx, args: &[Value]) -> LuaResult {
    let first = args::integer(cx, args, 2, "table.move")?;
    let last = args::integer(cx, args, 3, "table.move")?;
    let to = args::integer(cx, args, 4, "table.move")?;
    let from = Receiver::new(cx, args, "table.move")?;
    let target = match args::present(args, 5) {
        Some(target) if target.as_table().is_some() => target,
        Some(_) => return Err(args::wrong(cx, args, 5, "table.move", "table")),
        None => from.value,
    };
    if last < first {
        return Ok(target.clone());
    }
    let Some(span) = last.checked_sub(first).filter(|span| *span < i64::MAX) else {
        return Err(cx.throw_argument(3, "table.move", "too many elements to move"));
    };
    if to.checked_add(span).is_none() {
        return Err(cx.throw_argument(4, "table.move", "destination wrap around"));
    }
    let backwards = to > first && to <= last && target.is_identical(from.value);
    for step in 0..=span {
        cx.spend()?;
        let step = if backwards { span - step } else { step };
        let item = from.get(cx, first + step)?;
        call::inside(cx, index::set_index(cx, target, Value::int(to + step), item))?;
    }
    Ok(target.clone())
}

/// `table.freeze(t)`
///
/// # Errors
/// No table.
pub fn freeze(cx: Cx, args: &[Value]) -> LuaResult {
    let table = Receiver::new(cx, args, "table.freeze")?;
    if let Some(table) = table.value.as_table() {
        table.freeze();
    }
    Ok(table.value.clone())
}

/// `table.isfrozen(t)`
///
/// # Errors
/// No table.
pub fn isfrozen(cx: Cx, args: &[Value]) -> LuaResult {
    let table = Receiver::new(cx, args, "table.isfrozen")?;
    Ok(Value::bool(table.value.as_table().is_none_or(Table::is_frozen)))
}

/// `table.getn(t)`
///
/// # Errors
/// No table.
pub fn getn(cx: Cx, args: &[Value]) -> LuaResult {
    let table = Receiver::new(cx, args, "table.getn")?;
    Ok(Value::int(table.value.as_table().map_or(0, Table::length)))
}

/// `table.maxn(t)`: the largest positive integer key.
///
/// # Errors
/// No table.
pub fn maxn(cx: Cx, args: &[Value]) -> LuaResult {
    let table = Receiver::new(cx, args, "table.maxn")?;
    let entries = table.value.as_table().map(Table::entries).unwrap_or_default();
    Ok(Value::int(entries.iter().filter_map(|(key, _)| key.as_int()).max().unwrap_or(0).max(0)))
}

/// `table.create(narr, nhash)`
///
/// # Errors
/// Arguments that are no numbers.
pub fn create(cx: Cx, args: &[Value]) -> LuaResult {
    // The arguments are hints: what they ask for beyond a million entries grows when it is used.
    let room = |count: i64| usize::try_from(count.clamp(0, 1 << 20)).unwrap_or(0);
    let array = args::integer(cx, args, 1, "table.create")?;
    let hash = args::integer(cx, args, 2, "table.create")?;
    Ok(Table::with_capacity(cx, room(array), room(hash)))
}
