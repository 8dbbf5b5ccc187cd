//! Which entries there are, of which kind, referring to what. YAML ends inside `manifest/read`.
//!
//! ```text
//!  files --> discover --> forms --> normalise --> decode --> check --> Application
//!            Node         RawEntry  override,     Entry      references,
//!            (places)               disable,                 imports, cycles
//!                                   link
//! ```

mod check;
mod configuration;
mod decode;
mod discover;
mod forms;
mod index;
mod interpolate;
mod kinds;
pub mod lock;
pub mod model;
pub mod modules;
mod node;
mod normalise;
mod raw;
mod read;
mod references;

pub use model::{Application, Entry, EntryId, Import, Kind, LuaEntry};

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::input::Input;
use crate::source::Sources;

/// Reads every manifest of the input. Lua texts and manifests become files of `sources`.
///
/// All faults are reported together, in the order of the files.
pub fn read(input: &Input, sources: &mut Sources) -> (Application, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let configuration = configuration::read(input, sources, &mut found);
    let mut collected = discover::collect(input, sources, &mut found);
    normalise::normalise(&mut collected, &configuration, &mut found);
    let mut files = decode::LuaFiles::new(input);
    let decoded: Vec<decode::Decoded> = collected
        .entries
        .iter()
        .filter_map(|raw| decode::decode(raw, &mut files, sources, &mut found))
        .collect();
    let index = index::Index::new(collected);
    check::check(&decoded, &index, &mut found);
    let mut entries: BTreeMap<EntryId, Entry> =
        decoded.into_iter().map(|decoded| (decoded.entry.id.clone(), decoded.entry)).collect();
    let ordered = index.order().into_iter().filter_map(|id| entries.remove(&id)).collect();
    found.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.file, span.start)));
    (Application { name: input.name.clone(), entries: ordered }, found)
}
