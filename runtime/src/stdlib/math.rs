//! The `math` library, with PUC Lua 5.3's number subtypes.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Field;
use crate::ops::{arithmetic, call, compare, number, quick};
use crate::results::Multi;
use crate::stdlib::args;
use crate::value::{Tag, Value};

crate::library! {
    pub static MATH = "math" {
        "abs" => plain abs,
        "acos" => plain acos,
        "asin" => plain asin,
        "atan" => plain atan,
        "atan2" => plain atan,
        "ceil" => plain ceil,
        "cos" => plain cos,
        "cosh" => plain cosh,
        "deg" => plain deg,
        "exp" => plain exp,
        "floor" => plain floor,
        "fmod" => plain fmod,
        "frexp" => plain frexp,
        "huge" => value Field::Float(f64::INFINITY),
        "ldexp" => plain ldexp,
        "log" => plain log,
        "log10" => plain log10,
        "max" => plain max,
        "maxinteger" => value Field::Int(i64::MAX),
        "min" => plain min,
        "mininteger" => value Field::Int(i64::MIN),
        "mod" => plain modulo,
        "modf" => plain modf,
        "pi" => value Field::Float(std::f64::consts::PI),
        "pow" => plain pow,
        "rad" => plain rad,
        "random" => plain random,
        "randomseed" => plain randomseed,
        "sin" => plain sin,
        "sinh" => plain sinh,
        "sqrt" => plain sqrt,
        "tan" => plain tan,
        "tanh" => plain tanh,
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
            args::number(cx, args, 1, concat!("math.", stringify!($name))).map(|x| Value::float(operation(x)))
        }
    )*};
}

of_float! {
    acos, f64::acos;
    asin, f64::asin;
    cos, f64::cos;
    cosh, f64::cosh;
    deg, |x| x * (180.0 / std::f64::consts::PI);
    exp, f64::exp;
    log10, f64::log10;
    rad, |x| x * (std::f64::consts::PI / 180.0);
    sin, f64::sin;
    sinh, f64::sinh;
    sqrt, f64::sqrt;
    tan, f64::tan;
    tanh, f64::tanh;
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
    let value = numeric(cx, args, 1, "math.floor")?;
    Ok(value.as_float().map_or(value.clone(), |float| integral(float.floor())))
}

/// `math.ceil(x)`
///
/// # Errors
/// No number.
pub fn ceil(cx: Cx, args: &[Value]) -> LuaResult {
    let value = numeric(cx, args, 1, "math.ceil")?;
    Ok(value.as_float().map_or(value.clone(), |float| integral(float.ceil())))
}

/// `math.abs(x)`
///
/// # Errors
/// No number.
pub fn abs(cx: Cx, args: &[Value]) -> LuaResult {
    if let Some(integer) = args.first().and_then(Value::as_int) {
        return Ok(Value::int(integer.wrapping_abs()));
    }
    args::number(cx, args, 1, "math.abs").map(|x| Value::float(x.abs()))
}

/// `math.atan(y [, x])`
///
/// # Errors
/// No numbers.
pub fn atan(cx: Cx, args: &[Value]) -> LuaResult {
    let y = args::number(cx, args, 1, "math.atan")?;
    let x = if args::present(args, 2).is_some() { args::number(cx, args, 2, "math.atan")? } else { 1.0 };
    Ok(Value::float(y.atan2(x)))
}

/// `math.log(x [, base])`
///
/// # Errors
/// No numbers.
pub fn log(cx: Cx, args: &[Value]) -> LuaResult {
    let x = args::number(cx, args, 1, "math.log")?;
    if args::present(args, 2).is_none() {
        return Ok(Value::float(x.ln()));
    }
    let base = args::number(cx, args, 2, "math.log")?;
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
    let x = args::number(cx, args, 1, "math.pow")?;
    Ok(Value::float(x.powf(args::number(cx, args, 2, "math.pow")?)))
}

/// `math.frexp(x)`: a fraction in [0.5, 1) and an exponent.
///
/// # Errors
/// No number.
pub fn frexp(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let x = args::number(cx, args, 1, "math.frexp")?;
    let (fraction, exponent) = split(x);
    Ok(Multi::from_values(cx, [Value::float(fraction), Value::int(exponent)]))
}

fn split(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    if x.is_subnormal() {
        let (fraction, exponent) = split(x * 2f64.powi(64));
        return (fraction, exponent - 64);
    }
    let bits = x.to_bits();
    let exponent = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0) - 1022;
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), exponent)
}

/// `math.ldexp(m, e)`
///
/// # Errors
/// No numbers.
pub fn ldexp(cx: Cx, args: &[Value]) -> LuaResult {
    let x = args::number(cx, args, 1, "math.ldexp")?;
    // Beyond this every product is zero or infinite.
    let mut exponent = args::integer(cx, args, 2, "math.ldexp")?.clamp(-2200, 2200);
    // In steps small enough not to leave the range before the last one.
    let (fraction, own) = split(x);
    exponent += own;
    let step = |from: f64, by: i64| from * 2f64.powi(i32::try_from(by).unwrap_or(0));
    Ok(Value::float(match exponent {
        ..-1021 => step(step(fraction, -1021), exponent + 1021),
        -1021..=1023 => step(fraction, exponent),
        _ => step(step(fraction, 1023), exponent - 1023),
    }))
}

/// `math.mod(x, y)`: the `%` operator on floats, the sign of y.
///
/// # Errors
/// No numbers.
pub fn modulo(cx: Cx, args: &[Value]) -> LuaResult {
    let (x, y) = (args::number(cx, args, 1, "math.mod")?, args::number(cx, args, 2, "math.mod")?);
    arithmetic::modulo(cx, &Value::float(x), &Value::float(y))
}

/// `math.fmod(x, y)`: the sign of x.
///
/// # Errors
/// No numbers, or an integer zero.
pub fn fmod(cx: Cx, args: &[Value]) -> LuaResult {
    match (args.first().and_then(Value::as_int), args.get(1).and_then(Value::as_int)) {
        (Some(_), Some(0)) => Err(cx.throw_argument(2, "math.fmod", "zero")),
        (Some(x), Some(y)) => Ok(Value::int(x.wrapping_rem(y))),
        _ => {
            let y = args::number(cx, args, 2, "math.fmod")?;
            Ok(Value::float(quick::remainder(args::number(cx, args, 1, "math.fmod")?, y)))
        }
    }
}

/// `math.modf(x)`: the integral part and the fraction.
///
/// # Errors
/// No number.
pub fn modf(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    if let Some(integer) = args.first().filter(|value| value.tag() == Tag::Integer) {
        return Ok(Multi::from_values(cx, [integer.clone(), Value::float(0.0)]));
    }
    let x = args::number(cx, args, 1, "math.modf")?;
    let whole = x.trunc();
    let fraction = if x == whole { 0.0 } else { x - whole };
    Ok(Multi::from_values(cx, [integral(whole), Value::float(fraction)]))
}

/// The winner among the arguments. Scripts compare whatever they are given, as Lua does.
fn extreme(
    cx: Cx,
    args: &[Value],
    function: &'static str,
    wins: fn(Cx, &Value, &Value) -> LuaResult<bool>,
) -> LuaResult {
    let candidate = |position: usize| match args::get(args, position) {
        Some(value) if cx.is_script() || matches!(value.tag(), Tag::Integer | Tag::Float) => {
            Ok(value.clone())
        }
        _ => numeric(cx, args, position, function),
    };
    if args.is_empty() {
        return Err(cx.throw_argument(1, function, "value expected"));
    }
    let mut best = candidate(1)?;
    for position in 2..=args.len() {
        let candidate = candidate(position)?;
        if call::inside(cx, wins(cx, &candidate, &best))? {
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
    extreme(cx, args, "math.max", compare::gt)
}

/// `math.min(x, ...)`
///
/// # Errors
/// No numbers.
pub fn min(cx: Cx, args: &[Value]) -> LuaResult {
    extreme(cx, args, "math.min", compare::lt)
}

/// `math.tointeger(x)`
///
/// # Errors
/// No argument.
pub fn tointeger(cx: Cx, args: &[Value]) -> LuaResult {
    args::any(cx, args, 1, "math.tointeger")
        .map(|value| number::to_int(value).map(Value::int).unwrap_or_default())
}

/// `math.type(x)`
///
/// # Errors
/// No argument.
pub fn type_of(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(match args::any(cx, args, 1, "math.type")?.tag() {
        Tag::Integer => crate::s!("integer"),
        Tag::Float => crate::s!("float"),
        _ => Value::NIL,
    })
}

/// `math.ult(a, b)`
///
/// # Errors
/// No integers.
pub fn ult(cx: Cx, args: &[Value]) -> LuaResult {
    let a = args::integer(cx, args, 1, "math.ult")?;
    Ok(Value::bool(a.cast_unsigned() < args::integer(cx, args, 2, "math.ult")?.cast_unsigned()))
}

/// The next state and output of a splitmix64 generator; each process has one of its own.
fn random_bits(cx: Cx) -> u64 {
    let state = cx.random();
    if state.get() == 0 {
        use std::hash::{BuildHasher, Hasher};
        let seed = || std::collections::hash_map::RandomState::new().build_hasher().finish();
        let system = cx.process().system.as_ref().filter(|system| system.scheduler().is_simulated());
        state.set(system.map_or_else(seed, |system| system.random_bits()) | 1);
    }
    state.set(state.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
    let mut bits = state.get();
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// `math.random([m [, n]])`
///
/// # Errors
/// An empty interval.
pub fn random(cx: Cx, args: &[Value]) -> LuaResult {
    let (low, high) = match args.len() {
        0 => {
            #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float")]
            let fraction = (random_bits(cx) >> 11) as f64 / (1u64 << 53) as f64;
            return Ok(Value::float(fraction));
        }
        1 => (1, args::integer(cx, args, 1, "math.random")?),
        2 => (args::integer(cx, args, 1, "math.random")?, args::integer(cx, args, 2, "math.random")?),
        _ if cx.is_script() => return Err(cx.throw_text("wrong number of arguments")),
        _ => (args::integer(cx, args, 1, "math.random")?, args::integer(cx, args, 2, "math.random")?),
    };
    if low > high {
        return Err(cx.throw_argument(1, "math.random", "interval is empty"));
    }
    let Some(span) = high.checked_sub(low) else {
        return Err(cx.throw_argument(1, "math.random", "interval too large"));
    };
    let count = span.cast_unsigned() + 1;
    let offset = ((u128::from(random_bits(cx)) * u128::from(count)) >> 64) as u64;
    Ok(Value::int(low.wrapping_add(offset.cast_signed())))
}

/// `math.randomseed(x)`: in scripts the same seed gives the same numbers; without effect in
/// applications.
///
/// # Errors
/// No number (scripts).
pub fn randomseed(cx: Cx, args: &[Value]) -> LuaResult<()> {
    if cx.is_script() {
        let seed = args::number(cx, args, 1, "math.randomseed")?;
        cx.random().set(seed.to_bits().rotate_left(17) | 1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    #[test]
    fn floats_split_and_join_up_to_the_edges() {
        with_cx(|cx| {
            for x in [1.0, -0.75, 5e-324, f64::MAX, f64::MIN_POSITIVE, 3e-310, 0.0] {
                let (fraction, exponent) = split(x);
                assert!(x == 0.0 || (0.5..1.0).contains(&fraction.abs()), "{x}");
                let joined = ldexp(cx, &[Value::float(fraction), Value::int(exponent)]).unwrap();
                assert_eq!(joined.as_float(), Some(x));
            }
            let ldexp = |x: f64, e: i64| ldexp(cx, &[Value::float(x), Value::int(e)]).unwrap().as_float();
            assert_eq!(ldexp(1.0, 1024), Some(f64::INFINITY));
            assert_eq!(ldexp(1.0, -1075), Some(0.0));
            assert_eq!(ldexp(1.5, -1075), Some(5e-324));
        });
    }

    #[test]
    fn random_numbers_stay_in_their_interval() {
        with_cx(|cx| {
            for _ in 0..1000 {
                let roll = random(cx, &[Value::int(1), Value::int(6)]).unwrap().as_int().unwrap();
                assert!((1..=6).contains(&roll));
                assert!((0.0..1.0).contains(&random(cx, &[]).unwrap().as_float().unwrap()));
            }
        });
    }
}
