//! What a compilation starts from: texts, already read by the caller.

use std::collections::BTreeMap;

/// Everything one compilation looks at.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The application's name: `echo-service`.
    pub name: String,
    /// The command that asked for it, for the headers of emitted files: `cargo xtask build src/`.
    pub command: String,
    /// In load order: the application's own sources, replacements, vendored modules.
    pub roots: Vec<Root>,
    /// One Lua file instead of an application; its folder is the only root.
    pub script: Option<Script>,
    /// `.wippy.yaml` of the project: its path and bytes.
    pub configuration: Option<(String, Vec<u8>)>,
}

/// A script.
#[derive(Clone, Debug)]
pub struct Script {
    /// As the user gave it: `tools/report.lua`. It begins every error position.
    pub path: String,
    /// The file in the root: `report.lua`.
    pub file: String,
}

/// One tree of manifests, Lua files and whatever `file://` may name.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// How its paths begin for the user: `src`, so that diagnostics say `src/relay.lua`.
    pub label: String,
    /// `org/module` and its version, for a replacement or a vendored module.
    pub module: Option<(String, Option<String>)>,
    /// Every file by its path from the root, `/` between parts, in lexical order of the parts.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// How the generated crate is to be built.
#[derive(Clone, Debug)]
pub struct Options {
    /// The path of the runtime crate, as the generated `Cargo.toml` names it: `../../runtime`.
    pub runtime_path: String,
    /// Whether the crate belongs to the repository's workspace; others carry a `[workspace]` of their own.
    pub is_member: bool,
}
