//! Folders of manifests, each with what the compiler makes of it: `tests/manifest/<case>`.
//!
//! - `src/`: the application's source root
//! - `replaced/<org>.<module>/`, `vendor/<org>.<module>@<version>/`: further roots
//! - `.wippy.yaml`: the configuration
//! - `expected.txt`: the entries in load order, then the diagnostics; written anew by
//!   `MOONWRIGHT_BLESS=1 cargo test -p moonwright-compiler --test manifest`

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use moonwright_compiler::diagnostics::{self, Diagnostic};
use moonwright_compiler::driver;
use moonwright_compiler::input::{Input, Root};
use moonwright_compiler::manifest::{self, Application, Entry};
use moonwright_compiler::source::Sources;

#[test]
fn cases_give_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifest");
    let mut failures = String::new();
    let mut count = 0;
    for case in subfolders(&folder) {
        count += 1;
        let case = folder.join(case);
        let actual = render(&input(&case));
        let expected_path = case.join("expected.txt");
        if std::env::var_os("MOONWRIGHT_BLESS").is_some() {
            fs::write(&expected_path, &actual).unwrap();
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if expected != actual {
            let _ = writeln!(failures, "== {}\n-- expected\n{expected}\n-- actual\n{actual}", case.display());
        }
    }
    assert!(count > 20, "only {count} cases found");
    assert!(failures.is_empty(), "{failures}\nMOONWRIGHT_BLESS=1 accepts what is actual");
}

#[test]
fn faults_of_inline_lua_point_into_the_manifest() {
    let manifest = r#"namespace: app
entries:
  - name: block
    kind: process.lua
    source: |
      local s = 'é'
        if 'é' than
      end
  - { name: quoted, kind: process.lua, source: "x = 1\n\ty = = 2" }
  - { name: single, kind: process.lua, source: 'x = '''' y = $' }
  - { name: plain, kind: process.lua, source: x = = y }
  - name: folded
    kind: process.lua
    source: >
      x =
      = y
"#;
    let files = BTreeMap::from([("_index.yaml".to_owned(), manifest.as_bytes().to_vec())]);
    let root = Root { label: "src".to_owned(), files, ..Root::default() };
    let output = driver::check(&Input { roots: vec![root], ..Input::default() });
    let place = |found: &Diagnostic| {
        let shown = output.sources.shown(found.span.unwrap());
        let text = &output.sources.file(shown.file).text;
        let text = &text[shown.start as usize..shown.end as usize];
        format!("{} {} {text:?}", found.entry.clone().unwrap(), output.sources.line(shown))
    };
    let mut places: Vec<String> = output.diagnostics.iter().map(place).collect();
    // What follows from the first fault of an entry is not the matter here.
    places.dedup_by_key(|place| place.split(' ').next().map(str::to_owned));
    assert_eq!(
        places,
        [
            r#"app:block 7 "than""#,
            r#"app:folded 16 "=""#,
            r#"app:plain 11 "=""#,
            r#"app:quoted 9 "=""#,
            r#"app:single 10 "$""#,
        ]
    );
}

#[test]
fn every_code_is_explained_and_has_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut reported = BTreeSet::new();
    codes(&root.join("src/manifest"), &mut reported);
    let mut explained = BTreeSet::new();
    codes(&root.join("../docs/manifest.md"), &mut explained);
    let mut seen = BTreeSet::new();
    codes(&root.join("tests/manifest"), &mut seen);
    assert!(reported.len() > 30, "{reported:?}");
    assert_eq!(reported, explained);
    assert_eq!(reported, seen);
}

/// Every `M` with four digits in a file, or in all files of a folder.
fn codes(path: &Path, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            codes(&entry.unwrap().path(), found);
        }
        return;
    }
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    for part in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let digits = part.strip_prefix('M').unwrap_or_default();
        if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            found.insert(part.to_owned());
        }
    }
}

fn input(case: &Path) -> Input {
    let mut input = Input { name: "case".to_owned(), ..Input::default() };
    input.roots.push(root(case, "src", None));
    for name in subfolders(&case.join("replaced")) {
        let module = name.replace('.', "/");
        input.roots.push(root(case, &format!("replaced/{name}"), Some((module, None))));
    }
    for name in subfolders(&case.join("vendor")) {
        let (module, version) = name.split_once('@').expect("<org>.<module>@<version>");
        let module = (module.replace('.', "/"), Some(version.to_owned()));
        input.roots.push(root(case, &format!("vendor/{name}"), Some(module)));
    }
    if let Ok(bytes) = fs::read(case.join(".wippy.yaml")) {
        input.configuration = Some((".wippy.yaml".to_owned(), bytes));
    }
    input
}

fn root(case: &Path, label: &str, module: Option<(String, Option<String>)>) -> Root {
    let mut files = BTreeMap::new();
    read_files(&case.join(label), "", &mut files);
    Root { label: label.to_owned(), module, files }
}

fn read_files(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read_files(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

fn subfolders(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let folders = entries.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn render(input: &Input) -> String {
    let mut sources = Sources::default();
    let (application, found) = manifest::read(input, &mut sources);
    let text = diagnostics::text(&found, &sources, false);
    let lines = diagnostics::json_lines(&found, &sources);
    assert_eq!(lines.lines().count(), found.len());
    let entries = render_entries(&application, &sources);
    let parts = [entries, text].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n")
}

fn render_entries(application: &Application, sources: &Sources) -> String {
    let mut out = String::new();
    for entry in &application.entries {
        let Entry { id, kind_text, meta, data, .. } = entry;
        let _ = writeln!(out, "{id} {kind_text} {meta} {data}");
        let Some(lua) = &entry.lua else { continue };
        let modules: Vec<&str> = lua.modules.iter().map(|(name, _)| name.as_str()).collect();
        let imports: Vec<String> =
            lua.imports.iter().map(|import| format!("{} = {}", import.alias, import.target)).collect();
        let _ = writeln!(
            out,
            "    {} method {} modules [{}] imports [{}]",
            sources.file(lua.file).path,
            lua.method.as_deref().unwrap_or("-"),
            modules.join(", "),
            imports.join(", ")
        );
    }
    out
}
