//! The `math` library, with PUC Lua 5.3's number subtypes.

use std::cell::Cell;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Field;
use crate::ops::{arithmetic, compare, number};
use crate::results::Multi;
use crate::stdlib::args;
use crate::value::{Tag, Value};

crate::library! {
    pub static MATH = "math" {
        "abs" => plain abs,
        "acos" => plain acos,
        "asin" => plain asin,
        "atan" => plain atan,
        "ceil" => plain ceil,
        "cos" => plain cos,
        "deg" => plain deg,
        "exp" => plain exp,
        "floor" => plain floor,
        "fmod" => plain fmod,
        "huge" => value Field::Float(f64::INFINITY),
        "log" => plain log,
        "max" => plain max,
        "maxinteger" => value Field::Int(i64::MAX),
        "min" => plain min,
        "mininteger" => value Field::Int(i64::MIN),
        "modf" => plain modf,
        "pi" => value Field::Float(std::f64::consts::PI),
        "pow" => plain pow,
        "rad" => plain rad,
        "random" => plain random,
        "randomseed" => plain randomseed,
        "sin" => plain sin,
        "sqrt" => plain sqrt,
        "tan" => plain tan,
        "tointeger" => plain tointeger,
        "type" => plain type_of,
        "ult" => plain ult,
    }
}

/// Functions of one float.
macro_rules! of_float {
    ($($name:ident, $operation:expr;)*) => {$(
        #[doc = concat!("`math.", stringify!($name), "(x)`\n\n# Errors\nNo number.")]
        pub fn $name(cx: Cx, args: &[Value]) -> LuaResult {
            let operation: fn(f64) -> f64 = $operation;
            args::number(cx, args, 1, stringify!($name)).map(|x| Value::float(operation(x)))
        }
    )*};
}

of_float! {
    acos, f64::acos;
    asin, f64::asin;
    cos, f64::cos;
    deg, f64::to_degrees;
    exp, f64::exp;
    rad, f64::to_radians;
    sin, f64::sin;
    sqrt, f64::sqrt;
    tan, f64::tan;
}

/// A float as an integer value where it fits.
fn integral(float: f64) -> Value {
    number::float_to_int(float).map_or(Value::float(float), Value::int)
}

fn numeric(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult {
    let value = args::get(args, position).and_then(number::to_number);
    value.ok_or_else(|| args::wrong(cx, args, position, function, "number"))
}

/// `math.floor(x)`
///
/// # Errors
/// No number.
pub fn floor(cx: Cx, args: &[Value]) -> LuaResult {
    let value = numeric(cx, args, 1, "floor")?;
    Ok(value.as_float().map_or(value.clone(), |float| integral(float.floor())))
}

/// `math.ceil(x)`
///
/// # Errors
/// No number.
pub fn ceil(cx: Cx, args: &[Value]) -> LuaResult {
    let value = numeric(cx, args, 1, "ceil")?;
    Ok(value.as_float().map_or(value.clone(), |float| integral(float.ceil())))
}

/// `math.abs(x)`
///
/// # Errors
/// No number.
pub fn abs(cx: Cx, args: &[Value]) -> LuaResult {
    let value = numeric(cx, args, 1, "abs")?;
    Ok(match value.as_int() {
        Some(integer) => Value::int(integer.wrapping_abs()),
        None => Value::float(value.as_float().unwrap_or_default().abs()),
    })
}

/// `math.atan(y [, x])`
///
/// # Errors
/// No numbers.
pub fn atan(cx: Cx, args: &[Value]) -> LuaResult {
    let y = args::number(cx, args, 1, "atan")?;
    let x = if args.len() > 1 { args::number(cx, args, 2, "atan")? } else { 1.0 };
    Ok(Value::float(y.atan2(x)))
}

/// `math.log(x [, base])`
///
/// # Errors
/// No numbers.
pub fn log(cx: Cx, args: &[Value]) -> LuaResult {
    let x = args::number(cx, args, 1, "log")?;
    if args.len() < 2 {
        return Ok(Value::float(x.ln()));
    }
    let base = args::number(cx, args, 2, "log")?;
    let result = match base {
        2.0 => x.log2(),
        10.0 => x.log10(),
        _ => x.ln() / base.ln(),
    };
    Ok(Value::float(result))
}

/// `math.pow(x, y)`
///
/// # Errors
/// No numbers.
pub fn pow(cx: Cx, args: &[Value]) -> LuaResult {
    let x = args::number(cx, args, 1, "pow")?;
    Ok(Value::float(x.powf(args::number(cx, args, 2, "pow")?)))
}

/// `math.fmod(x, y)`: the sign of x.
///
/// # Errors
/// No numbers, or an integer zero.
pub fn fmod(cx: Cx, args: &[Value]) -> LuaResult {
    let (x, y) = (numeric(cx, args, 1, "fmod")?, numeric(cx, args, 2, "fmod")?);
    match (x.as_int(), y.as_int()) {
        (Some(_), Some(0)) => Err(cx.throw_argument(2, "fmod", "zero")),
        (Some(x), Some(y)) => Ok(Value::int(x.wrapping_rem(y))),
        _ => Ok(Value::float(
            number::to_float(&x).unwrap_or_default() % number::to_float(&y).unwrap_or_default(),
        )),
    }
}

/// `math.modf(x)`
///
/// # Errors
/// No number.
pub fn modf(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let x = args::number(cx, args, 1, "modf")?;
    let whole = x.trunc();
    let fraction = if x.is_infinite() { 0.0 } else { x - whole };
    Ok(Multi::from_values(cx, [Value::float(whole), Value::float(fraction)]))
}

fn extreme(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    wins: fn(Cx, &Value, &Value) -> LuaResult<bool>,
) -> LuaResult {
    let mut best = numeric(cx, args, 1, function)?;
    for position in 2..=args.len() {
        let candidate = numeric(cx, args, position, function)?;
        if wins(cx, &candidate, &best)? {
            best = candidate;
        }
    }
    Ok(best)
}

/// `math.max(x, ...)`
///
/// # Errors
/// No numbers.
pub fn max(cx: Cx, args: &[Value]) -> LuaResult {
    extreme(cx, args, "max", compare::gt)
}

/// `math.min(x, ...)`
///
/// # Errors
/// No numbers.
pub fn min(cx: Cx, args: &[Value]) -> LuaResult {
    extreme(cx, args, "min", compare::lt)
}

/// `math.tointeger(x)`
///
/// # Errors
/// No argument.
pub fn tointeger(cx: Cx, args: &[Value]) -> LuaResult {
    args::any(cx, args, 1, "tointeger").map(|value| number::to_int(value).map(Value::int).unwrap_or_default())
}

/// `math.type(x)`
///
/// # Errors
/// No argument.
pub fn type_of(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(match args::any(cx, args, 1, "type")?.tag() {
        Tag::Integer => "integer".into(),
        Tag::Float => "float".into(),
        _ => Value::NIL,
    })
}

/// `math.ult(a, b)`
///
/// # Errors
/// No integers.
pub fn ult(cx: Cx, args: &[Value]) -> LuaResult {
    let a = args::integer(cx, args, 1, "ult")?;
    Ok(Value::bool(a.cast_unsigned() < args::integer(cx, args, 2, "ult")?.cast_unsigned()))
}

thread_local! {
    /// The state of this thread's xorshift generator, seeded by the system's hasher.
    static STATE: Cell<u64> = Cell::new({
        use std::hash::{BuildHasher, Hasher};
        std::collections::hash_map::RandomState::new().build_hasher().finish() | 1
    });
}

fn random_bits() -> u64 {
    let mut bits = STATE.get();
    bits ^= bits << 13;
    bits ^= bits >> 7;
    bits ^= bits << 17;
    STATE.set(bits);
    bits.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

/// `math.random([m [, n]])`
///
/// # Errors
/// An empty interval.
pub fn random(cx: Cx, args: &[Value]) -> LuaResult {
    let (low, high) = match args.len() {
        0 => {
            #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float")]
            let fraction = (random_bits() >> 11) as f64 / (1u64 << 53) as f64;
            return Ok(Value::float(fraction));
        }
        1 => (1, args::integer(cx, args, 1, "random")?),
        2 => (args::integer(cx, args, 1, "random")?, args::integer(cx, args, 2, "random")?),
        _ => return Err(cx.throw_text("wrong number of arguments")),
    };
    if low > high {
        return Err(cx.throw_argument(args.len(), "random", "interval is empty"));
    }
    let span = high.wrapping_sub(low).cast_unsigned();
    let offset = match span.checked_add(1) {
        Some(count) => ((u128::from(random_bits()) * u128::from(count)) >> 64) as u64,
        None => random_bits(),
    };
    arithmetic::add(cx, &Value::int(low), &Value::int(offset.cast_signed()))
}

/// `math.randomseed(x)`: accepted, without effect.
///
/// # Errors
/// None.
pub fn randomseed(_: Cx, _: &[Value]) -> LuaResult<()> {
    Ok(())
}
