//! The `uuid` module.

use uuid::{Builder, NoContext, Timestamp, Uuid, Variant};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::ops::index::record;
use crate::results::Multi;
use crate::s;
use crate::value::Value;

crate::library! {
    pub static UUID = "uuid" {
        "v1" => plain v1,
        "v3" => plain v3,
        "v4" => plain v4,
        "v5" => plain v5,
        "v7" => plain v7,
        "validate" => plain validate,
        "version" => plain version,
        "variant" => plain variant,
        "parse" => plain parse,
        "format" => plain format,
    }
}

fn made(cx: Cx, uuid: Uuid) -> Multi {
    Multi::from_values(cx, [uuid.hyphenated().to_string().into(), Value::NIL])
}

/// Random bytes, and this moment in seconds and nanoseconds since 1970; both of the simulation, if
/// this is one.
fn chance_and_time(cx: Cx) -> ([u8; 16], u64, u32) {
    let simulated = cx.process().system.as_ref().filter(|system| system.scheduler().is_simulated());
    match simulated {
        None => {
            let (seconds, nanoseconds) = Timestamp::now(NoContext).to_unix();
            (*Uuid::new_v4().as_bytes(), seconds, nanoseconds)
        }
        Some(system) => {
            let bits = u128::from(system.random_bits()) << 64 | u128::from(system.random_bits());
            let now = system.wall_clock();
            let seconds = u64::try_from(now.as_second()).unwrap_or_default();
            (bits.to_le_bytes(), seconds, u32::try_from(now.subsec_nanosecond()).unwrap_or_default())
        }
    }
}

/// `uuid.v1()`: time and a random node.
///
/// # Errors
/// None.
pub fn v1(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    // Without a network card to name, the node is random with the multicast bit set.
    let ([mut first, b, c, d, e, f, g, h, ..], seconds, nanoseconds) = chance_and_time(cx);
    first |= 1;
    let stamp = Timestamp::from_unix_time(seconds, nanoseconds, u128::from(u16::from_be_bytes([g, h])), 14);
    Ok(made(cx, Uuid::new_v1(stamp, &[first, b, c, d, e, f])))
}

/// `uuid.v4()`: random.
///
/// # Errors
/// None.
pub fn v4(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    let (bytes, ..) = chance_and_time(cx);
    Ok(made(cx, Builder::from_random_bytes(bytes).into_uuid()))
}

/// `uuid.v7()`: time first, then random.
///
/// # Errors
/// None.
pub fn v7(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    if cx.process().system.as_ref().is_none_or(|system| !system.scheduler().is_simulated()) {
        // In order, even within one millisecond.
        return Ok(made(cx, Uuid::now_v7()));
    }
    let ([a, b, c, d, e, f, g, h, i, j, ..], seconds, nanoseconds) = chance_and_time(cx);
    let milliseconds = seconds * 1000 + u64::from(nanoseconds / 1_000_000);
    let builder = Builder::from_unix_timestamp_millis(milliseconds, &[a, b, c, d, e, f, g, h, i, j]);
    Ok(made(cx, builder.into_uuid()))
}

fn named(cx: Cx, args: &[Value], make: fn(&Uuid, &[u8]) -> Uuid) -> LuaResult<Multi> {
    let texts = args.first().and_then(Value::as_bytes).zip(args.get(1).and_then(Value::as_bytes));
    let Some((namespace, name)) = texts else {
        return Ok(cx.failure("Invalid", "namespace and name must be strings"));
    };
    cx.spend_bytes(name.len())?;
    Ok(match Uuid::try_parse_ascii(namespace) {
        Ok(namespace) => made(cx, make(&namespace, name)),
        Err(_) => cx.failure("Invalid", "invalid namespace UUID"),
    })
}

/// `uuid.v3(namespace, name)`: by MD5.
///
/// # Errors
/// The process is being ended.
pub fn v3(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    named(cx, args, Uuid::new_v3)
}

/// `uuid.v5(namespace, name)`: by SHA-1.
///
/// # Errors
/// The process is being ended.
pub fn v5(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    named(cx, args, Uuid::new_v5)
}

/// `uuid.validate(x)`
///
/// # Errors
/// None.
pub fn validate(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let is_valid =
        args.first().and_then(Value::as_bytes).is_some_and(|text| Uuid::try_parse_ascii(text).is_ok());
    Ok(Multi::from_values(cx, [Value::bool(is_valid), Value::NIL]))
}

fn with_uuid(cx: Cx, args: &[Value], work: impl FnOnce(Uuid) -> Value) -> Multi {
    let Some(text) = args.first().and_then(Value::as_bytes) else {
        return cx.failure("Invalid", "input must be a string");
    };
    match Uuid::try_parse_ascii(text) {
        Ok(uuid) => Multi::from_values(cx, [work(uuid), Value::NIL]),
        Err(_) => cx.failure("Invalid", "invalid UUID format"),
    }
}

fn version_of(uuid: Uuid) -> Value {
    Value::int(i64::try_from(uuid.get_version_num()).unwrap_or(0))
}

fn variant_of(uuid: Uuid) -> Value {
    match uuid.get_variant() {
        Variant::NCS => s!("NCS"),
        Variant::RFC4122 => s!("RFC4122"),
        Variant::Microsoft => s!("Microsoft"),
        Variant::Future => s!("Future"),
        _ => s!("Invalid"),
    }
}

/// `uuid.version(text)`
///
/// # Errors
/// None.
pub fn version(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(with_uuid(cx, args, version_of))
}

/// `uuid.variant(text)`
///
/// # Errors
/// None.
pub fn variant(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(with_uuid(cx, args, variant_of))
}

/// `uuid.parse(text)`: version, variant, and of versions 1 and 7 the time, of 1 the node.
///
/// # Errors
/// None.
pub fn parse(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(with_uuid(cx, args, |uuid| {
        let fields = record(cx, [(s!("version"), version_of(uuid)), (s!("variant"), variant_of(uuid))]);
        if let Some(table) = fields.as_table() {
            if let Some(stamp) = uuid.get_timestamp() {
                let seconds = i64::try_from(stamp.to_unix().0).unwrap_or(i64::MAX);
                table.set_text("timestamp", Value::int(seconds));
            }
            if let Some(node) = uuid.get_node_id() {
                table.set_text("node", Value::string(node));
            }
        }
        fields
    }))
}

/// `uuid.format(text [, "standard" | "simple" | "urn"])`
///
/// # Errors
/// None.
pub fn format(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let style = args.get(1).and_then(Value::as_bytes).unwrap_or(b"standard");
    if !matches!(style, b"standard" | b"simple" | b"urn") {
        return Ok(cx.failure("Invalid", "unsupported format"));
    }
    Ok(with_uuid(cx, args, |uuid| match style {
        b"simple" => uuid.simple().to_string().into(),
        b"urn" => uuid.urn().to_string().into(),
        _ => uuid.hyphenated().to_string().into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    #[test]
    fn named_ones_are_the_same_each_time_and_others_parse() {
        with_cx(|cx| {
            let text = |multi: Multi| String::from_utf8_lossy(multi.first().as_bytes().unwrap()).into_owned();
            let dns = s!("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
            let args = [dns, s!("www.example.com")];
            assert_eq!(text(v5(cx, &args).unwrap()), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
            assert_eq!(text(v3(cx, &args).unwrap()), "5df41881-3aed-3515-88a7-2f4a814cf09e");
            for (make, number) in [(v1 as fn(Cx, &[Value]) -> LuaResult<Multi>, 1), (v4, 4), (v7, 7)] {
                let made = make(cx, &[]).unwrap().first();
                let parsed = parse(cx, std::slice::from_ref(&made)).unwrap().first();
                assert_eq!(parsed.as_table().unwrap().get_text("version").as_int(), Some(number));
                assert_eq!(parsed.as_table().unwrap().get_text("timestamp").is_nil(), number == 4);
                let urn = format(cx, &[made, s!("urn")]).unwrap().first();
                assert!(validate(cx, &[urn]).unwrap().first().truthy());
            }
            let [_, error] = version(cx, &[s!("nope")]).unwrap().adjust(cx);
            assert!(!error.is_nil());
        });
    }
}
