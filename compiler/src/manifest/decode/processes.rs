//! Hosts and services.

use super::fields::Fields;
use super::{Purpose, Reference};
use crate::diagnostics::Diagnostic;

/// The host that is the runtime's own.
const CONTROL_HOST: &str = "node:control";

/// `process.host`
pub fn host(fields: &mut Fields<'_>) {
    fields.section("host", |host| {
        for (key, name) in
            [("workers", "workers"), ("queue_size", "queue size"), ("local_queue_size", "local queue size")]
        {
            if let Some((value, span)) = host.integer(key)
                && value < 0
            {
                host.refuse(
                    span,
                    format!("{name} must be greater than 0"),
                    "A host needs at least one; 0 stands for the default.",
                    "Leave the field out for the default.",
                );
            }
        }
        for key in ["max_processes", "max_mailbox"] {
            if let Some((value, span)) = host.integer(key)
                && value < 0
            {
                host.refuse(
                    span,
                    format!("{key} must not be negative"),
                    "A limit is how many there may be; 0 stands for no limit.",
                    "Leave the field out for no limit.",
                );
            }
        }
        host.size("max_memory");
    });
}

/// `terminal.host`
pub fn terminal(fields: &mut Fields<'_>) {
    fields.boolean("hide_logs");
}

/// `process.service`
pub fn service(fields: &mut Fields<'_>, references: &mut Vec<Reference>) {
    match fields.reference("process") {
        Some((target, span)) => references.push(Reference { purpose: Purpose::Process, target, span }),
        None if is_absent(fields, "process") => {
            fields.required("process", "Name the entry to run: `process: app:worker`.");
        }
        None => {}
    }
    host_of_service(fields, references);
    fields.list("input");
}

fn host_of_service(fields: &mut Fields<'_>, references: &mut Vec<Reference>) {
    let bare = fields.get("host").and_then(|field| {
        let text = field.node.as_text().filter(|text| !text.is_empty() && !text.contains(':'))?;
        Some((text.to_owned(), field.node.span))
    });
    if let Some((name, span)) = bare {
        let namespace = fields.id.namespace.clone();
        let title = format!("host \"{name}\" needs its namespace");
        return fields.report(
            Diagnostic::error("M0042", Some(span), title)
                .label("a bare name")
                .explain("The host of a service is named by its full id; a bare name is not completed here.")
                .hint(format!("Write `host: {namespace}:{name}`.")),
        );
    }
    match fields.reference("host") {
        Some((target, span)) if target.to_string() == CONTROL_HOST => fields.refuse(
            span,
            format!("invalid host: {target}"),
            "This host belongs to the runtime; no process of an application can run on it.",
            "Name a `process.host` of the application.",
        ),
        Some((target, span)) => references.push(Reference { purpose: Purpose::Host, target, span }),
        None if is_absent(fields, "host") => {
            fields.required("host", "Name the host it runs on: `host: app:processes`.");
        }
        None => {}
    }
}

/// Whether the field is missing or empty, and not just of a wrong type.
fn is_absent(fields: &Fields<'_>, key: &str) -> bool {
    fields.get(key).is_none_or(|field| field.node.as_text() == Some(""))
}
