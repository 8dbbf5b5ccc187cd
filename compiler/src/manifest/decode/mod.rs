//! From raw entries to entries of a known kind: types checked, ids completed, Lua texts found.

mod duration;
mod environment;
mod fields;
mod functions;
mod lifecycle;
mod lua;
mod processes;

use serde_json::Value as Json;

use fields::Fields;
pub use lua::LuaFiles;

use super::kinds::{self, KindInfo, Role};
use super::model::{Entry, EntryId, Kind, Storage};
use super::node::{Value, to_object};
use super::raw::RawEntry;
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{Sources, Span};

/// An entry, and what it refers to apart from imports.
pub struct Decoded {
    pub entry: Entry,
    pub references: Vec<Reference>,
}

/// A field that names another entry.
#[derive(Clone, Debug)]
pub struct Reference {
    pub purpose: Purpose,
    pub target: EntryId,
    pub span: Span,
}

/// What the other entry is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `process:` of a service.
    Process,
    /// `host:` of a service.
    Host,
    /// `lifecycle.requires`, and its older spelling.
    Requires,
    /// Where environment variables are kept.
    Storage,
}

/// Decodes one entry; `None` if its kind is not one this compiler can handle.
pub fn decode(
    raw: &RawEntry,
    files: &mut LuaFiles<'_>,
    sources: &mut Sources,
    found: &mut Vec<Diagnostic>,
) -> Option<Decoded> {
    let Some(info) = kinds::find(&raw.kind) else {
        found.push(unknown_kind(raw));
        return None;
    };
    let Some(kind) = info.kind else {
        found.push(unsupported_kind(raw));
        return None;
    };
    let mut data = raw.data.clone();
    let mut references = Vec::new();
    let mut lua = None;
    if kind != Kind::Data {
        let Value::Map(own) = &mut data.value else {
            let title = format!("the data of a {} must be a mapping", raw.kind);
            let fault = Diagnostic::error("M0008", Some(raw.data.span), title);
            let fault = fault.label(format!("this is {}", raw.data.describe()));
            found.push(fault.explain("The entry's fields are read from it.").entry(raw.id.to_string()));
            return None;
        };
        let mut fields = Fields::new(&raw.id, raw.span, own, found);
        match kind {
            Kind::ProcessLua | Kind::LibraryLua => lua = lua::decode(&mut fields, kind, files, sources),
            Kind::FunctionLua => {
                lua = lua::decode(&mut fields, kind, files, sources);
                functions::pool(&mut fields);
            }
            Kind::ProcessHost => processes::host(&mut fields),
            Kind::TerminalHost => processes::terminal(&mut fields),
            Kind::ProcessService => processes::service(&mut fields, &mut references),
            Kind::Storage(Storage::Fixed) => environment::fixed(&mut fields),
            Kind::Storage(Storage::File) => environment::file(&mut fields),
            Kind::Storage(Storage::Router) => environment::router(&mut fields, &mut references),
            Kind::Variable => environment::variable(&mut fields, &mut references),
            Kind::Data | Kind::Scope | Kind::Storage(Storage::Other) => {}
        }
        if is_service(info) {
            lifecycle::decode(&mut fields, &mut references);
        }
        fields.finish();
    }
    let meta = Json::Object(to_object(&raw.meta));
    let entry = Entry {
        id: raw.id.clone(),
        kind,
        kind_text: raw.kind.clone(),
        meta,
        data: data.to_json(),
        span: raw.span,
        lua,
    };
    Some(Decoded { entry, references })
}

pub fn is_service(info: &KindInfo) -> bool {
    matches!(info.role, Role::Host | Role::Service)
}

fn unknown_kind(raw: &RawEntry) -> Diagnostic {
    let fault = Diagnostic::error("M0020", Some(raw.kind_span), format!("unknown kind \"{}\"", raw.kind))
        .label("no such kind")
        .explain(format!("The kind says what the entry {} is, and the format has none of this name.", raw.id))
        .entry(raw.id.to_string());
    match suggest(&raw.kind, kinds::KINDS.iter().map(|kind| kind.name)) {
        Some(near) => fault.hint(format!("Did you mean `{near}`?")),
        None => fault.hint("docs/manifest.md lists the kinds there are."),
    }
}

fn unsupported_kind(raw: &RawEntry) -> Diagnostic {
    Diagnostic::error("M0021", Some(raw.kind_span), format!("kind {} is not supported yet", raw.kind))
        .label("known, but not supported")
        .explain(format!(
            "The entry {} is fine as far as the format goes, but this compiler cannot build it yet.",
            raw.id
        ))
        .hint("docs/manifest.md lists the kinds that are.")
        .entry(raw.id.to_string())
}
