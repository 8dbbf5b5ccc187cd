//! `table.sort`: a quicksort that compares in the same order as PUC Lua 5.3's, so that programs
//! whose elements tie, or whose order function is inconsistent, see the same results.

use std::cmp::Ordering;

use crate::cx::{Cx, Suspension};
use crate::error::LuaResult;
use crate::ops::{call, compare};
use crate::stdlib::args;
use crate::stdlib::table::Receiver;
use crate::value::{Tag, Value};

/// Ranges beyond this size get another pivot when a partition was very uneven.
const LARGE: usize = 100;

/// `table.sort(t [, before])`; the order function cannot suspend.
///
/// # Errors
/// Elements that do not compare, an inconsistent order function.
pub fn sort(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let table = Receiver::to_write(cx, args, "table.sort", "attempt to sort Immutable table")?;
    let size = table.length(cx)?;
    if size < 2 {
        return Ok(());
    }
    if size >= i64::from(i32::MAX) {
        return Err(cx.throw_argument(1, "table.sort", "array too big"));
    }
    let before = match args::present(args, 2) {
        Some(_) => Some(args::function(cx, args, 2, "table.sort")?),
        None => None,
    };
    let mut items = Vec::new();
    // What a metamethod says of the length need not be so.
    let room = table.raw.map_or(0, |_| usize::try_from(size).unwrap_or(usize::MAX));
    if items.try_reserve_exact(room).is_err() {
        return Err(cx.throw_no_memory());
    }
    for key in 1..=size {
        cx.spend()?;
        items.push(table.get(cx, key)?);
    }
    let _callback = cx.forbid_suspension(Suspension::InCallback);
    let sorted = match before {
        Some(before) => sort_items(cx, &mut items, &mut |left, right| {
            cx.spend()?;
            let result = call::callback(cx, before, &[left.clone(), right.clone()])?;
            Ok(result.first().truthy())
        }),
        None => match sort_alike(cx, &mut items) {
            Some(sorted) => sorted,
            None => sort_items(cx, &mut items, &mut |left, right| {
                cx.spend()?;
                call::inside(cx, compare::lt(cx, left, right))
            }),
        },
    };
    // Also after an error: the table keeps all its elements, in some order.
    for (item, key) in items.into_iter().zip(1..) {
        table.set(cx, key, item)?;
    }
    sorted
}

/// Sorts elements of one plain kind, whose ties nobody can tell apart. `None`: they are mixed.
fn sort_alike(cx: Cx, items: &mut [Value]) -> Option<LuaResult<()>> {
    let all = |wanted: fn(Tag) -> bool| items.iter().all(|item| wanted(item.tag()));
    if all(|tag| tag == Tag::Integer) {
        return Some(sort_in_parts(cx, items, |left, right| left.as_int().cmp(&right.as_int())));
    }
    if all(|tag| matches!(tag, Tag::String | Tag::StaticString)) {
        return Some(sort_in_parts(cx, items, |left, right| left.as_bytes().cmp(&right.as_bytes())));
    }
    None
}

/// So many elements are sorted without looking around.
const PART: usize = 32 * 1024;

/// Sorts by halves until they are small, so that others get their turn in between.
fn sort_in_parts(cx: Cx, items: &mut [Value], order: fn(&Value, &Value) -> Ordering) -> LuaResult<()> {
    cx.spend_many(items.len())?;
    if items.len() <= PART {
        items.sort_unstable_by(order);
        return Ok(());
    }
    let (lower, _, upper) = items.select_nth_unstable_by(items.len() / 2, order);
    sort_in_parts(cx, lower, order)?;
    sort_in_parts(cx, upper, order)
}

type Less<'a> = dyn FnMut(&Value, &Value) -> LuaResult<bool> + 'a;

fn sort_items(cx: Cx, items: &mut [Value], less: &mut Less<'_>) -> LuaResult<()> {
    let last = items.len() - 1;
    quicksort(cx, items, 0, last, 0, less)
}

/// Sorts `items[low..=high]`: orders the ends and the middle, partitions around the middle, goes on
/// with the larger part and recurses into the smaller one.
fn quicksort(
    cx: Cx,
    items: &mut [Value],
    mut low: usize,
    mut high: usize,
    mut spread: usize,
    less: &mut Less<'_>,
) -> LuaResult<()> {
    while low < high {
        swap_if_less(items, high, low, less)?;
        if high - low == 1 {
            return Ok(());
        }
        let middle = pivot(low, high, spread);
        if !swap_if_less(items, middle, low, less)? {
            swap_if_less(items, high, middle, less)?;
        }
        if high - low == 2 {
            return Ok(());
        }
        items.swap(middle, high - 1);
        let middle = partition(cx, items, low, high, less)?;
        let smaller;
        if middle - low < high - middle {
            smaller = middle - low;
            quicksort(cx, items, low, middle - 1, spread, less)?;
            low = middle + 1;
        } else {
            smaller = high - middle;
            quicksort(cx, items, middle + 1, high, spread, less)?;
            high = middle - 1;
        }
        if high.saturating_sub(low) / 128 > smaller {
            spread = spread.wrapping_mul(31).wrapping_add(high ^ 0x9e37_79b9);
        }
    }
    Ok(())
}

/// The middle, or a place in the second or third quarter once partitions were uneven.
fn pivot(low: usize, high: usize, spread: usize) -> usize {
    if high - low < LARGE || spread == 0 {
        return low.midpoint(high);
    }
    let quarter = (high - low) / 4;
    spread % (quarter * 2) + low + quarter
}

/// Exchanges the elements at two places if the first is less than the second; whether it did.
fn swap_if_less(items: &mut [Value], first: usize, second: usize, less: &mut Less<'_>) -> LuaResult<bool> {
    let is_less = match (items.get(first), items.get(second)) {
        (Some(a), Some(b)) => less(a, b)?,
        _ => false,
    };
    if is_less {
        items.swap(first, second);
    }
    Ok(is_less)
}

/// Partitions around the pivot at `high - 1`; where the pivot ends.
fn partition(cx: Cx, items: &mut [Value], low: usize, high: usize, less: &mut Less<'_>) -> LuaResult<usize> {
    let invalid = || cx.throw_text("invalid order function for sorting");
    let at = |items: &[Value], index: usize| items.get(index).cloned().unwrap_or_default();
    let pivot = at(items, high - 1);
    let (mut left, mut right) = (low, high - 1);
    loop {
        left += 1;
        while less(&at(items, left), &pivot)? {
            if left == high - 1 {
                return Err(invalid());
            }
            left += 1;
        }
        right -= 1;
        while less(&pivot, &at(items, right))? {
            if right < left {
                return Err(invalid());
            }
            right -= 1;
        }
        if right < left {
            items.swap(high - 1, left);
            return Ok(left);
        }
        items.swap(left, right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stdlib::table::TABLE;
    use crate::table::Table;
    use crate::testing::with_cx;

    fn sorted(items: &[Value], before: Value) -> Result<String, String> {
        with_cx(|cx| {
            let table = Table::new(cx);
            crate::ops::index::append(&table, 1, items.iter().cloned());
            match sort(cx, &[table.clone(), before]) {
                Ok(()) => Ok(format!("{:?}", table.as_table().unwrap().array())),
                Err(thrown) => {
                    Err(String::from_utf8_lossy(cx.catch(thrown).as_bytes().unwrap()).into_owned())
                }
            }
        })
    }

    #[test]
    fn numbers_and_texts_sort_and_mixtures_do_not() {
        let numbers = [3, 1, 2, 5, 4, 9, 0].map(Value::int);
        assert_eq!(sorted(&numbers, Value::NIL).unwrap(), "[0, 1, 2, 3, 4, 5, 9]");
        let texts = ["pear", "apple", "fig"].map(Value::from);
        assert_eq!(sorted(&texts, Value::NIL).unwrap(), "[\"apple\", \"fig\", \"pear\"]");
        let mixed = [Value::int(2), Value::float(1.5), Value::int(1)];
        assert_eq!(sorted(&mixed, Value::NIL).unwrap(), "[1, 1.5, 2]");
        let wrong = [Value::int(2), Value::from("x")];
        assert_eq!(sorted(&wrong, Value::NIL).unwrap_err(), "attempt to compare string with number");
    }

    #[test]
    fn large_arrays_are_sorted_in_parts() {
        with_cx(|cx| {
            let mut items: Vec<Value> = (0..200_000i64).map(|at| Value::int(at * 7_919 % 200_003)).collect();
            sort_alike(cx, &mut items).unwrap().ok().unwrap();
            assert!(items.windows(2).all(|pair| pair[0].as_int() < pair[1].as_int()));
            let mut texts: Vec<Value> = items.iter().rev().map(|item| format!("{item:?}").into()).collect();
            sort_alike(cx, &mut texts).unwrap().ok().unwrap();
            assert!(texts.windows(2).all(|pair| pair[0].as_bytes() < pair[1].as_bytes()));
        });
    }

    #[test]
    fn an_inconsistent_order_function_is_reported() {
        crate::library! {
            static ORDERS = "orders" { "always" => plain |_: Cx, _: &[Value]| Ok(Value::TRUE) }
        }
        let always = with_cx(|cx| ORDERS.get(cx, b"always"));
        let items: Vec<Value> = (0..10).map(Value::int).collect();
        assert_eq!(sorted(&items, always).unwrap_err(), "invalid order function for sorting");
        assert!(TABLE.field(b"sort").is_some());
    }
}
