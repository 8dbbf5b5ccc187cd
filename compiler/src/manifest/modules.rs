//! The built-in modules an entry can list under `modules:`.

/// What is known about a module of the format.
#[derive(Clone, Copy, Debug)]
pub struct ModuleInfo {
    pub name: &'static str,
    /// Whether this compiler's runtime has it.
    pub is_supported: bool,
}

/// The names the runtime serves today.
const SUPPORTED: [&str; 7] = ["channel", "io", "logger", "os", "payload", "process", "time"];

/// The names the format knows beyond those.
const KNOWN: [&str; 39] = [
    "archive",
    "base64",
    "cdc",
    "cloudstorage",
    "compress",
    "contract",
    "crypto",
    "ctx",
    "env",
    "eval_runner",
    "events",
    "excel",
    "exec",
    "expr",
    "fs",
    "funcs",
    "hash",
    "html",
    "http",
    "http_client",
    "hub",
    "json",
    "metrics",
    "pg",
    "queue",
    "registry",
    "security",
    "sql",
    "store",
    "stream",
    "system",
    "templates",
    "text",
    "treesitter",
    "tty",
    "uuid",
    "websocket",
    "workflow",
    "yaml",
];

/// Parts of the language that are always there and cannot be listed.
pub const ALWAYS_PRESENT: [&str; 6] = ["coroutine", "errors", "math", "print", "string", "table"];

/// The module of that name.
pub fn find(name: &str) -> Option<ModuleInfo> {
    all().find(|module| module.name == name)
}

/// Every module of the format.
pub fn all() -> impl Iterator<Item = ModuleInfo> {
    let supported = SUPPORTED.iter().map(|name| ModuleInfo { name, is_supported: true });
    supported.chain(KNOWN.iter().map(|name| ModuleInfo { name, is_supported: false }))
}
