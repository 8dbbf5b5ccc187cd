//! The section `override`: fields of entries, set from outside.

use super::path;
use crate::diagnostics::Diagnostic;
use crate::manifest::configuration::Setting;
use crate::manifest::model::{EntryId, nearest};
use crate::manifest::raw::Collected;

/// Sets every field; faults are told if there is somebody to tell.
pub fn apply(collected: &mut Collected, settings: &[Setting], mut found: Option<&mut Vec<Diagnostic>>) {
    for setting in settings {
        let result = one(collected, setting);
        if let (Err(fault), Some(found)) = (result, found.as_deref_mut()) {
            found.push(*fault);
        }
    }
}

fn one(collected: &mut Collected, setting: &Setting) -> Result<(), Box<Diagnostic>> {
    let Setting { key, key_span, value } = setting;
    let mut parts = key.splitn(3, ':');
    let (Some(namespace), Some(name), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
        let which = if key.contains(':') { "second" } else { "first" };
        let title =
            format!("invalid key {key}: missing {which} ':' separator (expected namespace:entry:path)");
        let fault = Diagnostic::error("M0061", Some(*key_span), title).label("this key");
        return Err(Box::new(
            fault
                .explain("An override names an entry by its full id, and then the field to set.")
                .hint("Write for example `app:pool:host.workers: 4`."),
        ));
    };
    let id = EntryId { namespace: namespace.to_owned(), name: name.to_owned() };
    let near = nearest(&id, collected.entries.iter().map(|entry| &entry.id)).cloned();
    let Some(entry) = collected.find_mut(&id) else {
        if collected.excused.covers(&id) {
            return Ok(());
        }
        let fault = Diagnostic::error("M0062", Some(*key_span), format!("no entry found for {id}"))
            .label("overridden here")
            .explain("An override can only change an entry that one of the manifests defines.");
        return Err(Box::new(match near {
            Some(near) => fault.hint(format!("Did you mean `{near}`?")),
            None => fault.hint("Remove the override, or define the entry."),
        }));
    };
    path::set(entry, path, value.clone()).map_err(|cause| {
        let title = format!("failed to set {id} at {path}: {cause}");
        let fault = Diagnostic::error("M0063", Some(*key_span), title).label("set here");
        Box::new(fault.explain(path::EXPLANATION).entry(id.to_string()))
    })
}
