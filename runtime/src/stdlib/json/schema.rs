//! JSON Schema: `json.validate` and `json.validate_string`.

use std::sync::Arc;

use jsonschema::Validator;
use serde_json::Value as Json;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::sched::sync::{Mutex, lock};
use crate::value::Value;

/// So many compiled schemas are kept, the latest used.
const KEPT: usize = 100;

/// Compiled schemas by their text, the latest used at the end.
static COMPILED: Mutex<Vec<(Vec<u8>, Arc<Validator>)>> = Mutex::new(Vec::new());

/// `json.validate(schema, value)`
///
/// # Errors
/// None.
pub fn validate(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(value) = args.get(1).filter(|value| !value.is_nil()) else {
        return Ok(refused(cx, if args.is_empty() { "schema is required" } else { "data is required" }));
    };
    judge(cx, args, || super::text_of(cx, value))
}

/// `json.validate_string(schema, text)`
///
/// # Errors
/// The process is being ended.
pub fn validate_string(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(value) = args.get(1).filter(|value| !value.is_nil()) else {
        return Ok(refused(cx, if args.is_empty() { "schema is required" } else { "data is required" }));
    };
    let Some(text) = value.as_bytes() else { return Ok(refused(cx, "data must be a JSON string")) };
    cx.spend_bytes(text.len())?;
    judge(cx, args, || Ok(value.clone()))
}

fn judge(cx: Cx, args: &[Value], data: impl FnOnce() -> Result<Value, String>) -> LuaResult<Multi> {
    let validator = match args.first().filter(|schema| !schema.is_nil()) {
        None => return Ok(refused(cx, "schema is required")),
        Some(schema) => compiled(cx, schema),
    };
    let verdict = validator.and_then(|validator| {
        let data = read(data()?.as_bytes().unwrap_or_default())?;
        validator.validate(&data).map_err(|error| {
            let place = error.instance_path().to_string();
            if place.is_empty() { error.to_string() } else { format!("{place}: {error}") }
        })
    });
    Ok(match verdict {
        Ok(()) => Multi::one(cx, Value::TRUE),
        Err(message) => refused(cx, &message),
    })
}

/// `false, Err(Invalid, ...)`
fn refused(cx: Cx, message: &str) -> Multi {
    let [_, error] = cx.failure("Invalid", message).adjust(cx);
    Multi::from_values(cx, [Value::FALSE, error])
}

fn read(text: &[u8]) -> Result<Json, String> {
    serde_json::from_slice(text).map_err(|error| format!("invalid JSON: {error}"))
}

/// The validator of a schema given as text or as a table.
fn compiled(cx: Cx, schema: &Value) -> Result<Arc<Validator>, String> {
    let text = match (schema.as_bytes(), schema.as_table()) {
        (Some(text), _) => text.to_vec(),
        (None, Some(_)) => super::text_of(cx, schema)?.as_bytes().unwrap_or_default().to_vec(),
        (None, None) => return Err("schema must be a string or table".to_owned()),
    };
    let mut kept = lock(&COMPILED);
    if let Some(at) = kept.iter().position(|(own, _)| *own == text) {
        let known = kept.remove(at);
        let validator = known.1.clone();
        kept.push(known);
        return Ok(validator);
    }
    drop(kept);
    let json = read(&text).map_err(|error| format!("invalid schema: {error}"))?;
    let validator =
        jsonschema::validator_for(&objects(json)).map_err(|error| format!("invalid schema: {error}"))?;
    let validator = Arc::new(validator);
    let mut kept = lock(&COMPILED);
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push((text, validator.clone()));
    Ok(validator)
}

/// An empty table is an empty list in JSON; where a schema asks for a mapping it was meant as one.
fn objects(mut schema: Json) -> Json {
    const MAPPINGS: [&str; 5] =
        ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
    if schema.as_array().is_some_and(Vec::is_empty) {
        return Json::Object(serde_json::Map::new());
    }
    if let Some(fields) = schema.as_object_mut() {
        for (key, value) in fields.iter_mut() {
            let is_mapping = MAPPINGS.contains(&key.as_str());
            if is_mapping && value.as_array().is_some_and(Vec::is_empty) {
                *value = Json::Object(serde_json::Map::new());
            }
            if is_mapping && let Some(inner) = value.as_object_mut() {
                inner.iter_mut().for_each(|(_, schema)| *schema = objects(schema.take()));
            }
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorObject;
    use crate::ops::index::{list, record};
    use crate::s;
    use crate::table::Table;
    use crate::testing::with_cx;

    fn verdict(cx: Cx, function: fn(Cx, &[Value]) -> LuaResult<Multi>, args: &[Value]) -> Result<(), String> {
        let [valid, error] = function(cx, args).ok().unwrap().adjust(cx);
        match error.downcast::<ErrorObject>() {
            None => {
                assert!(valid.truthy());
                Ok(())
            }
            Some(error) => {
                assert!(!valid.truthy() && !valid.is_nil());
                assert_eq!(*error.kind, *b"Invalid");
                Err(String::from_utf8_lossy(&error.message).into_owned())
            }
        }
    }

    #[test]
    fn values_are_judged_by_schemas_in_both_forms() {
        with_cx(|cx| {
            let text = s!(
                r#"{"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 2}}}"#
            );
            let good = record(cx, [(s!("n"), Value::int(2))]);
            let bad = record(cx, [(s!("n"), Value::int(1))]);
            assert_eq!(verdict(cx, validate, &[text.clone(), good.clone()]), Ok(()));
            let message = verdict(cx, validate, &[text.clone(), bad]).unwrap_err();
            assert_eq!(message, "/n: 1 is less than the minimum of 2");
            assert_eq!(verdict(cx, validate_string, &[text.clone(), s!(r#"{"n": 5}"#)]), Ok(()));
            assert!(verdict(cx, validate_string, &[text, s!("{")]).unwrap_err().starts_with("invalid JSON"));
            let table = record(cx, [(s!("type"), s!("object")), (s!("properties"), Table::new(cx))]);
            assert_eq!(verdict(cx, validate, &[table, good]), Ok(()));
            let numbers = record(cx, [(s!("type"), s!("array"))]);
            assert_eq!(verdict(cx, validate, &[numbers, list(cx, [Value::int(1)])]), Ok(()));
        });
    }

    #[test]
    fn mistakes_have_their_texts() {
        with_cx(|cx| {
            let schema = s!(r#"{"type": "string"}"#);
            for (function, args, text) in [
                (validate as fn(Cx, &[Value]) -> LuaResult<Multi>, vec![], "schema is required"),
                (validate, vec![Value::NIL, s!("x")], "schema is required"),
                (validate, vec![schema.clone()], "data is required"),
                (validate, vec![Value::TRUE, s!("x")], "schema must be a string or table"),
                (validate_string, vec![schema.clone(), Value::int(1)], "data must be a JSON string"),
            ] {
                assert_eq!(verdict(cx, function, &args), Err(text.to_owned()));
            }
            let wrong = verdict(cx, validate, &[s!(r#"{"type": 5}"#), s!("x")]).unwrap_err();
            assert!(wrong.starts_with("invalid schema: "), "{wrong}");
        });
    }
}
