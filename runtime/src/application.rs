//! The compiled application as the binary carries it: a static table of its entries.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::FunctionDef;
use crate::results::Multi;

/// Everything `main.rs` of a generated crate says.
pub struct Application {
    /// `echo-service`
    pub name: &'static str,
    pub version: &'static str,
    /// In load order.
    pub entries: &'static [Entry],
}

/// One entry of the manifest.
pub struct Entry {
    /// `app:relay`
    pub id: &'static str,
    /// `process.lua`
    pub kind: &'static str,
    /// JSON object.
    pub meta: &'static str,
    /// JSON object: every key but `name`, `kind`, `meta` and the Lua text.
    pub data: &'static str,
    /// For the Lua kinds.
    pub program: Option<Program>,
}

/// The compiled Lua of an entry.
#[derive(Clone, Copy)]
pub enum Program {
    /// The chunk is run once, in a fresh process; then comes a function that it returns.
    Chunk {
        /// The name of that function; `None` for a library.
        method: Option<&'static str>,
        chunk: fn(Cx) -> LuaResult<Multi>,
    },
    /// The chunk would do nothing but make this function, which is the one to run.
    Function(&'static FunctionDef),
}

impl Application {
    pub fn entry(&self, id: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}
