//! Which entries there are, of which kind, referring to what. YAML ends inside `manifest/read`.

pub mod model;

pub use model::{Application, Entry, EntryId, Import, Kind, LuaEntry};

use crate::diagnostics::Diagnostic;
use crate::input::Input;
use crate::source::Sources;

/// Reads every manifest of the input. Lua texts and manifests become files of `sources`.
pub fn read(_input: &Input, _sources: &mut Sources) -> (Application, Vec<Diagnostic>) {
    (Application::default(), Vec::new())
}
