//! The `json` module: Lua values to JSON text and back.

mod decode;
mod encode;
#[cfg(feature = "json-schema")]
mod schema;

#[cfg(not(feature = "json-schema"))]
pub use absent::{validate, validate_string};
#[cfg(feature = "json-schema")]
pub use schema::{validate, validate_string};

use std::borrow::Cow;

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
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

/// Why there is no result.
enum Fault {
    /// What the caller is told.
    Text(Cow<'static, str>),
    /// There is no memory for it, or the process is being ended.
    Raised(Thrown),
}

impl From<&'static str> for Fault {
    fn from(text: &'static str) -> Fault {
        Fault::Text(text.into())
    }
}

impl From<String> for Fault {
    fn from(text: String) -> Fault {
        Fault::Text(text.into())
    }
}

impl From<Thrown> for Fault {
    fn from(thrown: Thrown) -> Fault {
        Fault::Raised(thrown)
    }
}

/// A value and no error, or nil and the error.
fn outcome(cx: Cx, result: Result<Value, Fault>) -> LuaResult<Multi> {
    match result {
        Ok(value) => Ok(Multi::pair(cx, value, Value::NIL)),
        Err(Fault::Text(message)) => Ok(cx.failure("Internal", message.as_bytes())),
        Err(Fault::Raised(thrown)) => Err(thrown),
    }
}

/// The text of a fault, for those who cannot raise. A process that is being ended does not see it.
fn text(fault: Fault) -> String {
    match fault {
        Fault::Text(text) => text.into_owned(),
        Fault::Raised(_) => "not enough memory".to_owned(),
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
/// No memory for the text; the process is being ended.
pub fn encode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    outcome(cx, encode::encode(cx, args.first().unwrap_or(&Value::NIL)))
}

/// `json.decode(text)`
///
/// # Errors
/// No memory for the value; the process is being ended.
pub fn decode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(bytes) = args.first().and_then(Value::as_bytes) else {
        return Ok(cx.failure("Invalid", "string expected"));
    };
    if bytes.is_empty() {
        return Ok(cx.failure("Invalid", "empty string is not valid JSON"));
    }
    outcome(cx, decode::decode(cx, bytes))
}

/// The JSON text of a value, for payloads.
///
/// # Errors
/// What cannot be said in JSON.
pub(crate) fn text_of(cx: Cx, value: &Value) -> Result<Value, String> {
    encode::encode(cx, value).map_err(text)
}

/// The value of a JSON text, for payloads.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn value_of(cx: Cx, json: &[u8]) -> Result<Value, String> {
    decode::decode(cx, json).map_err(text)
}

#[cfg(test)]
mod tests {
    use crate::cx::Cx;
    use crate::ops::index::{list, record};
    use crate::s;
    use crate::table::Table;
    use crate::testing::with_cx;
    use crate::value::Value;

    fn encoded(cx: Cx, value: &Value) -> Result<String, String> {
        super::text_of(cx, value).map(|text| String::from_utf8(text.as_bytes().unwrap().to_vec()).unwrap())
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
            assert_eq!(encoded(cx, &object), Err(mixed.to_owned()));
            let sparse = Table::new(cx);
            sparse.as_table().unwrap().set_int(3, Value::TRUE);
            let message = "cannot encode sparse array: non-contiguous numeric keys found";
            assert_eq!(encoded(cx, &sparse), Err(message.to_owned()));
            let cycle = Table::new(cx);
            cycle.as_table().unwrap().push(cycle.clone());
            let message = "cannot encode recursively nested tables to JSON";
            assert_eq!(encoded(cx, &cycle), Err(message.to_owned()));
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
            let message = "exceeded maximum nesting depth for JSON encoding";
            assert_eq!(encoded(cx, &nested(129)), Err(message.to_owned()));
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
