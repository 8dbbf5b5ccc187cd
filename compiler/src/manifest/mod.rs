//! Which entries there are, of which kind, referring to what. YAML ends inside `manifest/read`.

pub mod model;

pub use model::{Application, Entry, EntryId, Import, Kind, LuaEntry};
