//! The application as its manifests describe it, every reference checked.

use std::fmt;

use crate::diagnostics::suggest;
use crate::source::{FileId, Span};

/// `namespace:name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId {
    pub namespace: String,
    pub name: String,
}

impl EntryId {
    /// Splits at the first colon; a bare name belongs to `namespace`.
    pub fn parse(text: &str, namespace: &str) -> Self {
        let (namespace, name) = text.split_once(':').unwrap_or((namespace, text));
        Self { namespace: namespace.to_owned(), name: name.to_owned() }
    }
}

/// The id that was probably meant: a slip in the name or in the namespace, or the same name elsewhere.
pub fn nearest<'a>(id: &EntryId, known: impl IntoIterator<Item = &'a EntryId>) -> Option<&'a EntryId> {
    let known: Vec<&EntryId> = known.into_iter().filter(|other| *other != id).collect();
    let neighbours = known.iter().filter(|other| other.namespace == id.namespace);
    if let Some(name) = suggest(&id.name, neighbours.map(|other| other.name.as_str())) {
        return known.iter().find(|other| other.namespace == id.namespace && other.name == name).copied();
    }
    let namesakes: Vec<&EntryId> = known.into_iter().filter(|other| other.name == id.name).collect();
    let namespace = suggest(&id.namespace, namesakes.iter().map(|other| other.namespace.as_str()));
    let slip = namesakes.iter().find(|other| Some(other.namespace.as_str()) == namespace);
    slip.or(namesakes.first()).copied()
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.namespace, self.name)
    }
}

/// The kinds this compiler knows what to do with; any other is a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    ProcessLua,
    LibraryLua,
    FunctionLua,
    ProcessHost,
    TerminalHost,
    ProcessService,
    /// `pg.scope`
    Scope,
    /// `env.storage.*`
    Storage(Storage),
    /// `env.variable`
    Variable,
    /// `registry.entry` and the `ns.*` kinds: data without behaviour.
    Data,
}

/// The kinds of storages of environment variables, as far as they have fields of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Storage {
    File,
    Fixed,
    Router,
    Other,
}

/// Every entry of the application, in load order (`spec/manifest-and-cli.md` 13).
#[derive(Clone, Debug, Default)]
pub struct Application {
    /// The program's name: `echo-service`.
    pub name: String,
    pub entries: Vec<Entry>,
}

impl Application {
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EntryId,
    pub kind: Kind,
    /// The kind as written: `process.lua`.
    pub kind_text: String,
    /// File and entry `meta` merged.
    pub meta: serde_json::Value,
    /// All further keys, without the Lua text: `lifecycle`, `host`, `process`, `input`, ...
    pub data: serde_json::Value,
    /// The manifest file and the place of the entry's `name` in it.
    pub span: Span,
    pub lua: Option<LuaEntry>,
}

/// What the Lua kinds add.
#[derive(Clone, Debug)]
pub struct LuaEntry {
    /// The Lua text.
    pub file: FileId,
    /// `method:`; `main` for a process without one, `None` for a library.
    pub method: Option<String>,
    /// Where the manifest says so (or the entry's span).
    pub method_span: Span,
    /// Built-in modules listed in `modules:`.
    pub modules: Vec<(String, Span)>,
    pub imports: Vec<Import>,
}

/// `alias: ns:name` under `imports:`.
#[derive(Clone, Debug)]
pub struct Import {
    pub alias: String,
    pub alias_span: Span,
    pub target: EntryId,
    /// The place of the target.
    pub span: Span,
}
