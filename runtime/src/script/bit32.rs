//! The library `bit32` of Lua 5.2, which programs of that time look for and most builds of Lua 5.3 still have:
//! operations on the low 32 bits of integers.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::stdlib::args;
use crate::value::Value;

crate::library! {
    pub static BIT32 = "bit32" {
        "arshift" => plain arshift,
        "band" => plain band,
        "bnot" => plain bnot,
        "bor" => plain bor,
        "btest" => plain btest,
        "bxor" => plain bxor,
        "extract" => plain extract,
        "lrotate" => plain lrotate,
        "lshift" => plain lshift,
        "replace" => plain replace,
        "rrotate" => plain rrotate,
        "rshift" => plain rshift,
    }
}

const BITS: i64 = 32;

/// The low bits of an integer argument.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low bits are meant")]
fn bits(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<u32> {
    args::integer(cx, args, position, function).map(|integer| integer as u32)
}

fn value(bits: u32) -> LuaResult {
    Ok(Value::int(bits.into()))
}

fn fold(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    start: u32,
    join: impl Fn(u32, u32) -> u32,
) -> LuaResult<u32> {
    let mut joined = start;
    for position in 1..=args.len() {
        joined = join(joined, bits(cx, args, position, function)?);
    }
    Ok(joined)
}

fn band(cx: Cx, args: &[Value]) -> LuaResult {
    value(fold(cx, args, "band", u32::MAX, |one, other| one & other)?)
}

fn btest(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(Value::bool(fold(cx, args, "btest", u32::MAX, |one, other| one & other)? != 0))
}

fn bor(cx: Cx, args: &[Value]) -> LuaResult {
    value(fold(cx, args, "bor", 0, |one, other| one | other)?)
}

fn bxor(cx: Cx, args: &[Value]) -> LuaResult {
    value(fold(cx, args, "bxor", 0, |one, other| one ^ other)?)
}

fn bnot(cx: Cx, args: &[Value]) -> LuaResult {
    value(!bits(cx, args, 1, "bnot")?)
}

/// Shifts to the left, to the right by a negative distance; all bits are out beyond 31.
fn shifted(bits: u32, left: i64) -> u32 {
    let distance = u32::try_from(left.unsigned_abs()).unwrap_or(u32::MAX);
    let shifted = if left < 0 { bits.checked_shr(distance) } else { bits.checked_shl(distance) };
    shifted.unwrap_or(0)
}

fn lshift(cx: Cx, args: &[Value]) -> LuaResult {
    value(shifted(bits(cx, args, 1, "lshift")?, args::integer(cx, args, 2, "lshift")?))
}

fn rshift(cx: Cx, args: &[Value]) -> LuaResult {
    value(shifted(bits(cx, args, 1, "rshift")?, args::integer(cx, args, 2, "rshift")?.saturating_neg()))
}

/// To the right the highest bit comes in.
fn arshift(cx: Cx, args: &[Value]) -> LuaResult {
    let (bits, right) = (bits(cx, args, 1, "arshift")?, args::integer(cx, args, 2, "arshift")?);
    if right < 0 || bits.cast_signed() >= 0 {
        return value(shifted(bits, right.saturating_neg()));
    }
    let distance = u32::try_from(right.min(BITS - 1)).unwrap_or(0);
    value((bits.cast_signed() >> distance).cast_unsigned())
}

/// A distance of rotation within a word.
fn turn(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<u32> {
    let distance = args::integer(cx, args, 2, function)?;
    Ok(u32::try_from(distance.rem_euclid(BITS)).unwrap_or(0))
}

fn lrotate(cx: Cx, args: &[Value]) -> LuaResult {
    value(bits(cx, args, 1, "lrotate")?.rotate_left(turn(cx, args, "lrotate")?))
}

fn rrotate(cx: Cx, args: &[Value]) -> LuaResult {
    value(bits(cx, args, 1, "rrotate")?.rotate_right(turn(cx, args, "rrotate")?))
}

/// The first bit of a field, and a mask of its width at the low end; the arguments begin at `position`.
fn field(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<(u32, u32)> {
    let first = args::integer(cx, args, position, function)?;
    let width = args::optional_integer(cx, args, position + 1, function, 1)?;
    if first < 0 {
        return Err(cx.throw_argument(position, function, "field cannot be negative"));
    }
    if width <= 0 {
        return Err(cx.throw_argument(position + 1, function, "width must be positive"));
    }
    if first.saturating_add(width) > BITS {
        return Err(cx.throw_text("trying to access non-existent bits"));
    }
    let narrow = |number: i64| u32::try_from(number).unwrap_or(0);
    Ok((narrow(first), u32::MAX >> narrow(BITS - width)))
}

fn extract(cx: Cx, args: &[Value]) -> LuaResult {
    let bits = bits(cx, args, 1, "extract")?;
    let (first, mask) = field(cx, args, 2, "extract")?;
    value((bits >> first) & mask)
}

fn replace(cx: Cx, args: &[Value]) -> LuaResult {
    let (bits, new) = (bits(cx, args, 1, "replace")?, bits(cx, args, 2, "replace")?);
    let (first, mask) = field(cx, args, 3, "replace")?;
    value((bits & !(mask << first)) | ((new & mask) << first))
}
