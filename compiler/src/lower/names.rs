//! Lua names made Rust names, in one way and in this one place.
//!
//! A Lua name keeps its spelling unless Rust or the runtime's surface needs it: then it gets `_`
//! behind it. Names the emitter invents begin with `mw_`.

use std::collections::BTreeMap;

use crate::names::is_keyword;

/// Words a variable or function of ours may not be called: Rust's keywords, what `rt` exports as
/// values, and the emitter's own parameters. Kept beside `rt`: a test compiles every one of them.
#[rustfmt::skip]
pub const RESERVED: &[&str] = &[
    // Rust
    "Err", "None", "Ok", "Self", "Some", "abstract", "as", "async", "await", "become", "box", "break",
    "const", "continue", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for",
    "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    // the runtime's functions
    "add", "add_async", "append", "band", "band_async", "bnot", "bnot_async", "bor", "bor_async", "bxor",
    "bound", "bound_async", "bxor_async", "call", "call_async", "call_bound", "call_bound_async", "call_bound_multi",
    "call_bound_multi_async", "call_multi", "call_multi_async", "closable", "close", "close_async", "concat", "concat_async", "constants", "div",
    "div_async", "eq", "eq_async", "field", "field_async", "finish", "ge", "ge_async", "generic_for",
    "global", "gt", "gt_async", "idiv", "idiv_async", "in_memory", "index", "index_async", "le", "le_async", "len",
    "len_async", "list", "list_with_rest", "lt", "lt_async", "making", "method", "method_async", "method_multi",
    "method_multi_async", "modulo", "modulo_async", "mul", "mul_async", "ne", "ne_async", "neg",
    "native", "neg_async", "new_table", "numeric_for", "pow", "pow_async", "raw_equal", "record", "set_field",
    "set_field_async", "set_global", "set_index", "set_index_async", "shl", "shl_async", "shr", "shr_async",
    "sub", "sub_async", "tail_bound", "tail_bound_async", "tail_call", "tail_call_async", "tail_method", "tail_method_async", "with_rest",
    // the emitter's own
    "CHUNK", "KEYS", "chunk", "cx", "this", "varargs",
];

/// The Rust name of a Lua name. Different names stay different.
pub fn rust_name(lua: &str) -> String {
    let stem = lua.trim_end_matches('_');
    let is_taken = RESERVED.contains(&stem) || lua.starts_with("mw_") || stem.is_empty();
    if is_taken { format!("{lua}_") } else { lua.to_owned() }
}

/// The field of a struct for any text: only Rust's own words are in the way there. Different texts may
/// meet.
pub fn field_name(text: &str) -> String {
    let mut name = as_word(text);
    if is_keyword(&name) {
        name.push('_');
    }
    name
}

/// Letters, digits and `_`, the first no digit.
fn as_word(text: &str) -> String {
    let mut word: String =
        text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    if word.is_empty() || word.starts_with(|first: char| first.is_ascii_digit()) {
        word.insert(0, '_');
    }
    word
}

/// The Rust module of an entry: `app.users:list` is `app_users_list`.
pub fn module_name(entry: &str) -> String {
    let name = as_word(entry);
    if RESERVED.contains(&name.as_str()) || name == "main" || name == "_" { name + "_" } else { name }
}

/// The items of one Rust module: each name once.
#[derive(Debug, Default)]
pub struct Items {
    taken: BTreeMap<String, usize>,
}

impl Items {
    /// `wanted`, or with a number behind it if it is taken.
    pub fn claim(&mut self, wanted: &str) -> String {
        let count = self.taken.entry(wanted.to_owned()).or_insert(0);
        *count += 1;
        if *count == 1 {
            return wanted.to_owned();
        }
        let numbered = format!("{wanted}_{count}");
        self.claim(&numbered)
    }
}

/// The item for a function that Lua calls `name`: `dim`, `Account_deposit` for `Account:deposit`,
/// `pad` for `M.pad`, and by its line if it has no name.
pub fn function_item(name: Option<&str>, line: u32) -> String {
    let Some(name) = name else { return format!("anonymous_{line}") };
    let parts: Vec<&str> = name.split(['.', ':']).collect();
    let parts = match parts.as_slice() {
        ["M" | "_M", rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    rust_name(&parts.join("_"))
}

/// The static definition of an item.
pub fn definition(item: &str) -> String {
    let upper = item.to_ascii_uppercase();
    // An item that is written in capitals already may not meet its own static.
    if upper == item { format!("{upper}_DEFINITION") } else { upper }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lua_names_stay_unless_rust_needs_them_and_never_meet() {
        for (lua, rust) in [
            ("relay", "relay"),
            ("type", "type_"),
            ("type_", "type__"),
            ("index", "index_"),
            ("mw_x", "mw_x_"),
            ("_", "__"),
            ("__", "___"),
            ("Ok", "Ok_"),
        ] {
            assert_eq!(rust_name(lua), rust);
        }
    }

    #[test]
    fn items_are_unique() {
        let mut items = Items::default();
        assert_eq!(items.claim("new"), "new");
        assert_eq!(items.claim("new"), "new_2");
        assert_eq!(items.claim("new_2"), "new_2_2");
        assert_eq!(function_item(Some("Account:deposit"), 3), "Account_deposit");
        assert_eq!(function_item(Some("M.pad"), 3), "pad");
        assert_eq!(function_item(None, 24), "anonymous_24");
    }

    #[test]
    fn entries_become_modules() {
        assert_eq!(module_name("app:relay"), "app_relay");
        assert_eq!(module_name("app.users:list-all"), "app_users_list_all");
        assert_eq!(module_name("2048:x"), "_2048_x");
    }
}
