//! The `json` module: Lua values to JSON text and back.

mod decode;
mod encode;
#[cfg(feature = "json-schema")]
mod schema;

#[cfg(not(feature = "json-schema"))]
pub use absent::{validate, validate_string};
#[cfg(feature = "json-schema")]
pub use schema::{validate, validate_string};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::value::Value;

/// So deep may values be nested, both ways.
const DEPTH: usize = 128;

crate::library! {
    pub static JSON = "json" {
        "encode" => plain encode,
        "decode" => plain decode,
        "validate" => plain validate,
        "validate_string" => plain validate_string,
    }
}

/// In programs whose sources never name the functions.
#[cfg(not(feature = "json-schema"))]
mod absent {
    use crate::cx::Cx;
    use crate::error::LuaResult;
    use crate::results::Multi;
    use crate::value::Value;

    /// # Errors
    /// Always.
    pub fn validate(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
        Err(cx.throw_text("JSON Schema is not part of this program: no source of it names `validate`"))
    }

    /// # Errors
    /// Always.
    pub fn validate_string(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
        validate(cx, args)
    }
}

/// `json.encode(value)`
///
/// # Errors
/// None.
pub fn encode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(match encode::encode(cx, args.first().unwrap_or(&Value::NIL)) {
        Ok(text) => Multi::from_values(cx, [text.into(), Value::NIL]),
        Err(message) => cx.failure("Internal", message),
    })
}

/// `json.decode(text)`
///
/// # Errors
/// None.
pub fn decode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(bytes) = args.first().and_then(Value::as_bytes) else {
        return Ok(cx.failure("Invalid", "string expected"));
    };
    if bytes.is_empty() {
        return Ok(cx.failure("Invalid", "empty string is not valid JSON"));
    }
    Ok(match decode::decode(cx, bytes) {
        Ok(value) => Multi::pair(cx, value, Value::NIL),
        Err(message) => cx.failure("Internal", message),
    })
}

/// The JSON text of a value, for payloads.
///
/// # Errors
/// What cannot be said in JSON.
pub(crate) fn text_of(cx: Cx, value: &Value) -> Result<Vec<u8>, &'static str> {
    encode::encode(cx, value)
}

/// The value of a JSON text, for payloads.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn value_of(cx: Cx, text: &[u8]) -> Result<Value, String> {
    decode::decode(cx, text)
}

#[cfg(test)]
mod tests {
    use crate::cx::Cx;
    use crate::ops::index::{list, record};
    use crate::s;
    use crate::table::Table;
    use crate::testing::with_cx;
    use crate::value::Value;

    fn encoded(cx: Cx, value: &Value) -> Result<String, &'static str> {
        super::text_of(cx, value).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn scalars_have_their_forms() {
        with_cx(|cx| {
            for (value, text) in [
                (Value::NIL, "null"),
                (Value::TRUE, "true"),
                (Value::int(-3), "-3"),
                (Value::float(3.0), "3"),
                (Value::float(0.1), "0.1"),
                (Value::float(1e21), "1e+21"),
                (Value::float(1.5e-7), "1.5e-7"),
                (Value::float(f64::NAN), "null"),
                (Value::float(f64::INFINITY), "null"),
                (s!("a\"\\\n\x01<&>"), r#""a\"\\\n\u0001\u003c\u0026\u003e""#),
                (Value::string("\u{2028}é"), "\"\\u2028é\""),
                (Value::string(b"a\xffb"), "\"a\u{fffd}b\""),
            ] {
                assert_eq!(encoded(cx, &value).as_deref(), Ok(text));
            }
        });
    }

    #[test]
    fn tables_are_arrays_or_objects_or_errors() {
        with_cx(|cx| {
            assert_eq!(encoded(cx, &Table::new(cx)).as_deref(), Ok("[]"));
            let array = list(cx, [Value::int(1), Value::float(1e21), Table::new(cx)]);
            assert_eq!(encoded(cx, &array).as_deref(), Ok("[1,1000000000000000000000,[]]"));
            let object = record(cx, [(s!("a"), array), (Value::TRUE, Value::int(2))]);
            assert_eq!(
                encoded(cx, &object).as_deref(),
                Ok(r#"{"a":[1,1000000000000000000000,[]],"true":2}"#)
            );
            let table = object.as_table().unwrap();
            table.set_int(1, Value::TRUE);
            let mixed = "cannot encode mixed-key table: table has both numeric and non-numeric keys";
            assert_eq!(encoded(cx, &object), Err(mixed));
            let sparse = Table::new(cx);
            sparse.as_table().unwrap().set_int(3, Value::TRUE);
            let message = "cannot encode sparse array: non-contiguous numeric keys found";
            assert_eq!(encoded(cx, &sparse), Err(message));
            let cycle = Table::new(cx);
            cycle.as_table().unwrap().push(cycle.clone());
            assert_eq!(encoded(cx, &cycle), Err("cannot encode recursively nested tables to JSON"));
            cycle.as_table().unwrap().set_int(1, Value::NIL);
            let twice = list(cx, [cycle.clone(), cycle]);
            assert_eq!(encoded(cx, &twice).as_deref(), Ok("[[],[]]"));
        });
    }

    #[test]
    fn nesting_is_limited_both_ways() {
        with_cx(|cx| {
            let nested = |depth: usize| {
                let mut value = Table::new(cx);
                for _ in 1..depth {
                    value = list(cx, [value]);
                }
                value
            };
            assert!(encoded(cx, &nested(128)).is_ok());
            assert_eq!(encoded(cx, &nested(129)), Err("exceeded maximum nesting depth for JSON encoding"));
            let text = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert!(super::value_of(cx, text(128).as_bytes()).is_ok());
            let message = "json: maximum nesting depth exceeded".to_owned();
            assert_eq!(super::value_of(cx, text(129).as_bytes()).err(), Some(message));
        });
    }

    #[test]
    fn texts_are_read_with_number_subtypes_and_escapes() {
        with_cx(|cx| {
            let text = r#" {"i": 1, "f": 1.0, "e": 1e2, "big": 99999999999999999999, "s": "\u00e9\ud83d\ude00\n",
                "n": null, "l": [1, null, 3]} "#;
            let value = super::value_of(cx, text.as_bytes()).unwrap();
            let table = value.as_table().unwrap();
            assert_eq!(table.get_text("i").as_int(), Some(1));
            assert_eq!(table.get_text("f").as_float(), Some(1.0));
            assert_eq!(table.get_text("e").as_float(), Some(100.0));
            assert_eq!(table.get_text("big").as_int(), Some(i64::MAX));
            assert_eq!(table.get_text("s").as_bytes(), Some("é😀\n".as_bytes()));
            assert!(table.get_text("n").is_nil());
            assert_eq!(table.get_text("l").as_table().unwrap().get_int(3).as_int(), Some(3));
            assert!(super::value_of(cx, b"null").unwrap().is_nil());
        });
    }

    #[test]
    fn wrong_texts_name_the_offset() {
        with_cx(|cx| {
            for (text, offset) in [
                (&b"{"[..], 1),
                (b"[1,]", 3),
                (b"1 2", 2),
                (b"{\"a\":1,\"a\":2}", 7),
                (b"\"a\xff\"", 2),
                (b"\"\\x\"", 2),
                (b"01", 1),
                (b"nul", 0),
                (b"\"\n\"", 1),
                (b"-", 1),
            ] {
                let message = super::value_of(cx, text).err().unwrap();
                assert!(message.ends_with(&format!("at offset {offset}")), "{text:?}: {message}");
            }
        });
    }
}
