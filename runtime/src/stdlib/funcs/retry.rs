//! When a failed call is tried again.

use std::time::Duration;

use serde_json::Value as Json;

use crate::process::exit::{Cause, ExitError};
use crate::process::plain::Plain;
use crate::stdlib::duration;
use crate::table::Table;

#[derive(Clone, Debug)]
pub struct Retry {
    /// In total; 1 or less never tries again.
    max_attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    backoff_factor: f64,
    jitter: f64,
    retry_kinds: Option<Vec<String>>,
    skip_kinds: Vec<String>,
}

impl Default for Retry {
    fn default() -> Retry {
        Retry {
            max_attempts: 0,
            initial_delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(10),
            backoff_factor: 2.0,
            jitter: 0.1,
            retry_kinds: None,
            skip_kinds: Vec::new(),
        }
    }
}

impl Retry {
    pub fn is_given(&self) -> bool {
        self.max_attempts > 1
    }

    /// The rule in the `retry` field of an options table.
    pub fn from_table(options: &Table) -> Retry {
        Self::from_json(&json(&Plain::from_value(&options.get_text("retry"))))
    }

    pub fn from_json(rule: &Json) -> Retry {
        let default = Retry::default();
        // Numbers are milliseconds.
        let span = |key: &str, or: Duration| match rule.get(key) {
            Some(Json::Number(number)) => {
                number.as_f64().and_then(|ms| Duration::try_from_secs_f64(ms / 1e3).ok()).unwrap_or(or)
            }
            Some(Json::String(text)) => duration::parse(text)
                .ok()
                .and_then(|span| u64::try_from(span).ok())
                .map_or(or, Duration::from_nanos),
            _ => or,
        };
        let float = |key: &str, or: f64| rule.get(key).and_then(Json::as_f64).unwrap_or(or);
        let kinds = |key: &str| -> Option<Vec<String>> {
            let list = rule.get(key)?.as_array()?;
            Some(list.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        };
        let attempts = rule.get("max_attempts").and_then(Json::as_u64);
        Retry {
            max_attempts: attempts.and_then(|attempts| u32::try_from(attempts).ok()).unwrap_or(0),
            initial_delay: span("initial_delay", default.initial_delay),
            max_delay: span("max_delay", default.max_delay),
            backoff_factor: float("backoff_factor", default.backoff_factor),
            jitter: float("jitter", default.jitter),
            retry_kinds: kinds("retry_kinds"),
            skip_kinds: kinds("skip_kinds").unwrap_or_default(),
        }
    }

    /// How long to wait after the failed attempt number `attempt`; `None` to give up.
    pub fn wait_after(&self, attempt: u32, error: &ExitError, random: f64) -> Option<Duration> {
        let is_final = attempt >= self.max_attempts
            || error.cause == Cause::Canceled
            || error.retryable == Some(false)
            || self.skip_kinds.iter().any(|kind| *kind == error.kind)
            || match &self.retry_kinds {
                Some(kinds) => !kinds.iter().any(|kind| *kind == error.kind),
                None => matches!(&*error.kind, "Invalid" | "PermissionDenied" | "Internal"),
            };
        if is_final {
            return None;
        }
        let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
        let grown = self.initial_delay.as_secs_f64() * self.backoff_factor.powi(exponent);
        let spread = 1.0 + self.jitter * (2.0 * random - 1.0);
        let wait = grown.min(self.max_delay.as_secs_f64()) * spread;
        Some(Duration::try_from_secs_f64(wait.max(0.0)).unwrap_or(self.max_delay))
    }
}

fn json(plain: &Plain) -> Json {
    match plain {
        Plain::Nil => Json::Null,
        Plain::Bool(value) => (*value).into(),
        Plain::Int(value) => (*value).into(),
        Plain::Float(value) => (*value).into(),
        Plain::Text(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        Plain::List(items) => items.iter().map(json).collect(),
        Plain::Map(fields) => {
            let fields =
                fields.iter().map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), json(value)));
            Json::Object(fields.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_the_second_interval_on_and_kinds_decide() {
        let rule = serde_json::json!({"max_attempts": 3, "initial_delay": 10, "jitter": 0});
        let retry = Retry::from_json(&rule);
        let error = |kind| ExitError::new("x", kind, None);
        let wait = |attempt| retry.wait_after(attempt, &error("Unavailable"), 0.5);
        assert_eq!(wait(1), Some(Duration::from_millis(20)));
        assert_eq!(wait(2), Some(Duration::from_millis(40)));
        assert_eq!(wait(3), None);
        assert_eq!(retry.wait_after(1, &error("Internal"), 0.5), None);
        let retry = Retry::from_json(&serde_json::json!({"max_attempts": 3, "retry_kinds": ["Internal"]}));
        assert!(retry.wait_after(1, &error("Internal"), 0.5).is_some());
        assert_eq!(retry.wait_after(1, &ExitError::new("x", "Internal", Some(false)), 0.5), None);
    }
}
