//! The block `lifecycle` of services.

use super::fields::Fields;
use super::{Purpose, Reference};
use crate::diagnostics::Diagnostic;

/// Checks the block, and collects what has to run first.
pub fn decode(fields: &mut Fields<'_>, references: &mut Vec<Reference>) {
    fields.section("lifecycle", |lifecycle| {
        lifecycle.boolean("auto_start");
        startup(lifecycle);
        for key in ["start_timeout", "stop_timeout", "stable_threshold"] {
            lifecycle.duration(key);
        }
        for key in ["requires", "depends_on"] {
            let targets = lifecycle.references(key).into_iter();
            references.extend(targets.map(|(target, span)| Reference {
                purpose: Purpose::Requires,
                target,
                span,
            }));
        }
        lifecycle.section("restart", |restart| {
            restart.duration("initial_delay");
            restart.duration("max_delay");
            numbers(restart);
        });
        lifecycle.section("security", |_| {});
    });
}

/// `required` or `optional`; the format takes any other text for `required`.
fn startup(lifecycle: &mut Fields<'_>) {
    let Some((text, span)) = lifecycle.text("startup") else { return };
    if text != "required" && text != "optional" {
        lifecycle.report(
            Diagnostic::warning("M0033", Some(span), format!("unknown startup \"{text}\""))
                .label("counts as `required`")
                .explain("A service is `required`, which is the default, or `optional`: its failure to start is then no failure of the whole start.")
                .hint("Write `required` or `optional`."),
        );
    }
}

/// How often is tried, and how long is waited.
fn numbers(restart: &mut Fields<'_>) {
    if let Some((_, span)) = restart.number("backoff_factor").filter(|(value, _)| *value < 0.0) {
        restart.doubt(
            "backoff_factor",
            span,
            "Each delay is the one before times this factor, and no delay is negative.",
            "Write `2.0` to double the delay each time, or `1.0` to keep it.",
        );
    }
    if let Some((_, span)) = restart.number("jitter").filter(|(value, _)| !(0.0..=1.0).contains(value)) {
        restart.doubt(
            "jitter",
            span,
            "A delay is varied by this part of it in both directions: `0.1` is a tenth, `0` nothing.",
            "Write a number from 0 to 1.",
        );
    }
    if let Some((_, span)) = restart.integer("max_attempts").filter(|(value, _)| *value < 0) {
        restart.doubt(
            "max_attempts",
            span,
            "A service is tried so often in all; 0 stands for no limit, and less than none is no number of attempts.",
            "Write `0` for no limit, or `1` to try once.",
        );
    }
}
