//! The built-in modules an entry can list under `modules:`.

use crate::library;

/// What is known about a module of the format.
#[derive(Clone, Copy, Debug)]
pub struct ModuleInfo {
    pub name: &'static str,
    /// Whether the runtime has it, as the table of libraries says.
    pub is_supported: bool,
}

/// Every name the format knows.
#[rustfmt::skip]
const NAMES: [&str; 46] = [
    "archive", "base64", "cdc", "channel", "cloudstorage", "compress", "contract", "crypto", "ctx",
    "env", "eval_runner", "events", "excel", "exec", "expr", "fs", "funcs", "hash", "html", "http",
    "http_client", "hub", "io", "json", "logger", "metrics", "os", "payload", "pg", "process",
    "queue", "registry", "security", "sql", "store", "stream", "system", "templates", "text",
    "time", "treesitter", "tty", "uuid", "websocket", "workflow", "yaml",
];

/// Parts of the language that are always there and cannot be listed.
pub const ALWAYS_PRESENT: [&str; 7] = ["coroutine", "errors", "math", "print", "string", "table", "utf8"];

/// The module of that name.
pub fn find(name: &str) -> Option<ModuleInfo> {
    all().find(|module| module.name == name)
}

/// Every module of the format.
pub fn all() -> impl Iterator<Item = ModuleInfo> {
    NAMES.iter().map(|name| ModuleInfo { name, is_supported: library::module(name).is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_of_the_runtime_can_be_listed() {
        for module in library::MODULES {
            let is_part = ALWAYS_PRESENT.contains(&module.name) || module.name.contains('.');
            assert_eq!(find(module.name).is_some(), !is_part, "{}", module.name);
        }
    }

    #[test]
    fn the_page_lists_what_is_supported() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/manifest.md");
        let page = std::fs::read_to_string(page).unwrap();
        let names: Vec<&str> = all().filter(|module| module.is_supported).map(|module| module.name).collect();
        let list = format!("`modules` lists built-in modules: `{}`.", names.join(" "));
        assert!(page.contains(&list), "docs/manifest.md should say: {list}");
        for kind in crate::manifest::kinds::KINDS.iter().filter(|kind| kind.kind.is_some()) {
            assert!(page.contains(&format!("`{}`", kind.name)), "docs/manifest.md lacks {}", kind.name);
        }
    }
}
