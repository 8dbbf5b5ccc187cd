//! Names that cargo and Rust accept, made from names that people chose, in one way.

/// Names that rustc, cargo or a file system keep for themselves, and those of this repository's
/// packages, which share its target directory.
const RESERVED: [&str; 19] = [
    "alloc",
    "aux",
    "build",
    "con",
    "core",
    "deps",
    "examples",
    "incremental",
    "moonwright-compiler",
    "moonwright-runtime",
    "moonwright-tests",
    "nul",
    "prn",
    "proc-macro",
    "proc_macro",
    "std",
    "test",
    "tests",
    "xtask",
];

/// Rust's keywords, those kept for later too.
const KEYWORDS: [&str; 53] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self",
    "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Longer names meet the limits of file systems.
const LONGEST: usize = 64;

/// The package, folder and binary of an application: letters, digits, `-` and `_`, as they are in
/// `name`; what else there is becomes `-`, and a name that is still refused gets the prefix `app-`.
///
/// `echo-service` stays, `my app` is `my-app`, `2048` is `app-2048`, `test` is `app-test`.
pub fn crate_name(name: &str) -> String {
    let mut legal = String::new();
    for character in name.trim().chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => legal.push(character),
            // A run of other characters is one dash.
            _ if legal.ends_with('-') => {}
            _ => legal.push('-'),
        }
    }
    let legal = legal.trim_matches('-');
    let is_fine = legal.starts_with(|first: char| first.is_ascii_alphabetic()) && !is_refused(legal);
    let whole = match legal.trim_matches(['-', '_']) {
        _ if is_fine => legal.to_owned(),
        "" => "app".to_owned(),
        rest => format!("app-{rest}"),
    };
    let short: String = whole.chars().take(LONGEST).collect();
    short.trim_end_matches('-').to_owned()
}

/// Whether `name` cannot name a crate.
fn is_refused(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    RESERVED.contains(&lower.as_str()) || is_keyword(&lower)
}

/// Whether `word` is a keyword of Rust.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_stay() {
        for name in ["echo-service", "relay_2", "A", "app"] {
            assert_eq!(crate_name(name), name);
        }
    }

    #[test]
    fn names_that_cargo_or_rust_refuse_are_made_legal() {
        let cases = [
            ("2048", "app-2048"),
            ("my app", "my-app"),
            ("my -- app", "my-app"),
            ("test", "app-test"),
            ("Test", "app-Test"),
            ("fn", "app-fn"),
            ("async", "app-async"),
            ("try", "app-try"),
            ("Self", "app-Self"),
            ("std", "app-std"),
            ("xtask", "app-xtask"),
            ("moonwright-runtime", "app-moonwright-runtime"),
            ("_", "app"),
            ("_x", "app-x"),
            ("", "app"),
            ("...", "app"),
            ("-x-", "x"),
            ("serviço", "servi-o"),
            ("org/module", "org-module"),
            ("../../etc", "etc"),
        ];
        for (name, legal) in cases {
            assert_eq!(crate_name(name), legal, "{name:?}");
        }
        assert_eq!(crate_name(&"x".repeat(300)).len(), LONGEST);
    }

    #[test]
    fn a_legal_name_is_left_alone() {
        for name in ["2048", "my app", "test", "fn", "serviço", "", "_", "../x", &"9".repeat(300)] {
            let legal = crate_name(name);
            assert_eq!(crate_name(&legal), legal, "{name:?}");
        }
    }

    #[test]
    fn keywords_are_known() {
        assert!(["fn", "self", "yield", "gen", "_"].into_iter().all(is_keyword));
        assert!(!["main", "r", "2x", "a b", ""].into_iter().any(is_keyword));
    }
}
