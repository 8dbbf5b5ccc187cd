//! Storages of environment variables, and the variables.

use super::fields::Fields;
use super::{Purpose, Reference};
use crate::manifest::node::Value;

/// `env.storage.static`
pub fn fixed(fields: &mut Fields<'_>) {
    fields.section("values", |_| {});
}

/// `env.storage.file`
pub fn file(fields: &mut Fields<'_>) {
    if fields.text("file_path").is_none() {
        fields.required("file_path", "Name the file: `file_path: settings.env`.");
    }
    fields.boolean("auto_create");
    fields.integer("file_mode");
    fields.integer("dir_mode");
}

/// `env.storage.router`
pub fn router(fields: &mut Fields<'_>, references: &mut Vec<Reference>) {
    let storages = fields.references("storages");
    if storages.is_empty() && fields.get("storages").is_none_or(|field| field.node.as_list().is_some()) {
        fields.required("storages", "Name one at least: `storages: [app:settings]`.");
    }
    let targets = storages.into_iter();
    references.extend(targets.map(|(target, span)| Reference { purpose: Purpose::Storage, target, span }));
}

/// `env.variable`
pub fn variable(fields: &mut Fields<'_>, references: &mut Vec<Reference>) {
    if let Some((name, span)) = fields.text("variable") {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if !name.chars().all(fits) {
            fields.refuse(
                span,
                "invalid environment variable name: must only contain alphanumeric characters (a-z, A-Z, 0-9) and underscores",
                "The name is what programs ask for, and what the storage knows the value by.",
                "Choose a name such as `CACHE_SIZE`.",
            );
        }
    }
    match fields.reference("storage") {
        Some((target, span)) => references.push(Reference { purpose: Purpose::Storage, target, span }),
        None if fields.get("storage").is_none_or(|field| field.node.as_text() == Some("")) => {
            fields.required("storage", "Name the storage that keeps it: `storage: app:settings`.");
        }
        None => {}
    }
    fields.boolean("readonly");
    let is_collection =
        |field: &&crate::manifest::node::Field| matches!(field.node.value, Value::List(_) | Value::Map(_));
    if let Some(field) = fields.get("default").filter(is_collection).cloned() {
        fields.wrong(&field, "text");
    }
}
