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
            restart.number("backoff_factor");
            restart.number("jitter");
            restart.integer("max_attempts");
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
