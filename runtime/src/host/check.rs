//! What the compiler checked of the manifest's data, looked at again where an override has changed it.

use serde_json::Value as Json;

use crate::process::meter;
use crate::stdlib::duration;

/// The durations of an entry's data.
const DURATIONS: [&str; 5] = [
    "/lifecycle/start_timeout",
    "/lifecycle/stop_timeout",
    "/lifecycle/stable_threshold",
    "/lifecycle/restart/initial_delay",
    "/lifecycle/restart/max_delay",
];
/// The numbers of a host, with the names that errors give them.
const NUMBERS: [(&str, &str); 5] = [
    ("workers", "workers must be greater than 0"),
    ("queue_size", "queue size must be greater than 0"),
    ("local_queue_size", "local queue size must be greater than 0"),
    ("max_processes", "max_processes must not be negative"),
    ("max_mailbox", "max_mailbox must not be negative"),
];

/// Checks the data of one entry.
///
/// # Errors
/// The first field that cannot be what it has to be.
pub fn check(kind: &str, data: &Json) -> Result<(), String> {
    for path in DURATIONS {
        let Some(value) = data.pointer(path).filter(|value| !value.is_null()) else { continue };
        let name = path.trim_start_matches('/').replace('/', ".");
        let text = value.as_str().ok_or_else(|| format!("{name} needs a unit: {value}"))?;
        if duration::parse(text.as_bytes())? < 0 {
            return Err(format!("{name} must not be negative"));
        }
    }
    if kind != "process.host" {
        return Ok(());
    }
    for (key, negative) in NUMBERS {
        let Some(value) = data.pointer(&format!("/host/{key}")).filter(|value| !value.is_null()) else {
            continue;
        };
        match value.as_i64() {
            None => return Err(format!("host.{key} must be a whole number: {value}")),
            Some(..0) => return Err(negative.to_owned()),
            Some(_) => {}
        }
    }
    match data.pointer("/host/max_memory") {
        Some(Json::String(text)) if meter::parse(text).is_none() => {
            Err(format!("host.max_memory is no size: {text}"))
        }
        Some(Json::Number(number)) if number.as_u64().is_none() => {
            Err(format!("host.max_memory is no size: {number}"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn data_that_cannot_be_is_refused() {
        let refused = |kind: &str, data: Json| check(kind, &data).unwrap_err();
        assert_eq!(check("process.host", &json!({"host": {"workers": 2, "max_memory": "4MB"}})), Ok(()));
        assert_eq!(
            check("process.service", &json!({"lifecycle": {"stop_timeout": "5s", "restart": null}})),
            Ok(())
        );
        assert_eq!(
            refused("process.host", json!({"host": {"workers": -1}})),
            "workers must be greater than 0"
        );
        assert_eq!(
            refused("process.host", json!({"host": {"workers": "0x"}})),
            "host.workers must be a whole number: \"0x\""
        );
        assert_eq!(
            refused("process.host", json!({"lifecycle": {"stop_timeout": 5}})),
            "lifecycle.stop_timeout needs a unit: 5"
        );
        assert_eq!(
            refused("process.service", json!({"lifecycle": {"restart": {"initial_delay": "soon"}}})),
            "time: invalid duration \"soon\""
        );
        assert_eq!(
            refused("process.host", json!({"host": {"max_memory": "much"}})),
            "host.max_memory is no size: much"
        );
    }
}
