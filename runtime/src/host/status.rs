//! The exit status of a process on a terminal host, and what is said of its error.

use crate::process::exit::{Exit, ExitError, ExitValue};

/// The status; an error is said on standard error, where it came by too if `has_traces`.
pub fn status_of(exit: &Exit, has_traces: bool) -> u8 {
    let low_byte = |number: i64| number.to_le_bytes()[0];
    match exit {
        Err(ExitError { message, trace, .. }) => {
            eprintln!("{}", collapse(message));
            if has_traces && !trace.is_empty() {
                eprintln!("{trace}");
            }
            1
        }
        Ok(ExitValue::Nothing | ExitValue::Other | ExitValue::Bool(true)) => 0,
        Ok(ExitValue::Bool(false)) => 1,
        Ok(ExitValue::Int(number)) => low_byte(*number),
        Ok(ExitValue::Float(number)) => crate::ops::number::float_to_int(number.trunc()).map_or(1, low_byte),
    }
}

/// `a: a: rest` is said as `a: rest`.
fn collapse(message: &str) -> &str {
    let end = message.match_indices(": ").map(|(at, sep)| at + sep.len());
    for end in end {
        let (prefix, rest) = message.split_at(end);
        if rest.starts_with(prefix) {
            return rest;
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_the_low_byte_of_what_main_returned() {
        let statuses = [
            (ExitValue::Nothing, 0),
            (ExitValue::Other, 0),
            (ExitValue::Bool(true), 0),
            (ExitValue::Bool(false), 1),
            (ExitValue::Int(3), 3),
            (ExitValue::Int(-1), 255),
            (ExitValue::Int(256), 0),
            (ExitValue::Float(2.9), 2),
            (ExitValue::Float(f64::NAN), 1),
            (ExitValue::Float(f64::INFINITY), 1),
        ];
        for (value, status) in statuses {
            assert_eq!(status_of(&Ok(value), false), status, "{value:?}");
        }
    }

    #[test]
    fn a_repeated_prefix_is_said_once() {
        assert_eq!(collapse("load: load: no file"), "load: no file");
        assert_eq!(collapse("app:cli:3: app:cli:3: x"), "app:cli:3: x");
        assert_eq!(collapse("plain: text"), "plain: text");
    }
}
