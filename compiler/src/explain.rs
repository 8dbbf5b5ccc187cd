//! What a diagnostic's code means, at length: `cargo xtask explain P0001`.
//!
//! The pages are `docs/errors/<CODE>.md`, and a line of `docs/manifest.md` for each code of manifests;
//! both are kept in the binary.

/// The page of a code, as Markdown; `None` if there is no such code.
pub fn explain(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(own, _)| own.eq_ignore_ascii_case(code)).map(|(_, page)| *page)
}

/// Every code that has a page.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

/// What the code of a manifest means, in one line; `None` if there is no such code.
pub fn explain_manifest(code: &str) -> Option<String> {
    let mut rows = manifest_rows();
    rows.find(|(own, _)| own.eq_ignore_ascii_case(code)).map(|(code, text)| format!("{code}: {text}"))
}

/// Every code of manifests.
pub fn manifest_codes() -> impl Iterator<Item = &'static str> {
    manifest_rows().map(|(code, _)| code)
}

/// The table of codes at the end of the page about manifests.
fn manifest_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("../../docs/manifest.md").lines().filter_map(|line| {
        let (code, text) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        let is_code = code.len() == 5 && code.starts_with('M');
        is_code.then_some((code, text))
    })
}

macro_rules! pages {
    ($($code:literal,)*) => {
        &[$(($code, include_str!(concat!("../../docs/errors/", $code, ".md"))),)*]
    };
}

static PAGES: &[(&str, &str)] = pages! {
    "P0001",
    "P0002",
    "P0003",
    "P0004",
    "P0005",
    "P0006",
    "P0007",
    "P0008",
    "P0009",
    "P0010",
    "P0011",
    "P0012",
    "R0001",
    "R0002",
    "R0003",
    "R0004",
    "R0005",
    "R0006",
    "R0007",
    "R0101",
    "R0110",
    "E0001",
    "E0002",
    "E0003",
    "E0004",
    "E0009",
    "E0015",
    "W0002",
    "W0004",
    "W0006",
    "W0101",
    "W0102",
    "W0103",
    "L0001",
    "B0001",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn every_page_is_found_by_its_code_and_opens_with_it() {
        for code in codes() {
            let page = explain(&code.to_lowercase()).unwrap();
            assert!(page.starts_with(&format!("# {code}: ")), "{code}");
        }
        assert_eq!(explain("X9999"), None);
    }

    #[test]
    fn no_page_is_forgotten() {
        let files: BTreeSet<String> = fs::read_dir(root().join("../docs/errors"))
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let known: BTreeSet<String> = codes().map(str::to_owned).collect();
        assert_eq!(files, known);
    }

    #[test]
    fn every_code_about_lua_has_a_page() {
        let mut used = BTreeSet::new();
        for folder in ["driver", "parse", "parse/prepass", "parse/types", "resolve", "analyze/check"] {
            for file in fs::read_dir(root().join("src").join(folder)).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "rs") {
                    used.extend(codes_in(&fs::read_to_string(path).unwrap()));
                }
            }
        }
        assert!(used.len() > 20, "{used:?}");
        let missing: Vec<_> = used.iter().filter(|code| explain(code).is_none()).collect();
        assert!(missing.is_empty(), "no page for {missing:?}");
    }

    #[test]
    fn codes_of_manifests_have_their_line_of_the_table() {
        let line = explain_manifest("m0022").unwrap();
        assert_eq!(line, "M0022: an id is defined twice in one source tree");
        assert_eq!(explain_manifest("M9999"), None);
        assert!(manifest_codes().count() > 40);
    }

    /// Texts in quotes of one capital and four digits.
    fn codes_in(source: &str) -> Vec<String> {
        let is_code = |text: &&str| {
            let (letter, digits) = text.split_at_checked(1).unwrap_or(("", ""));
            letter.bytes().all(|byte| byte.is_ascii_uppercase())
                && digits.len() == 4
                && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        source.split('"').filter(is_code).map(str::to_owned).collect()
    }
}
