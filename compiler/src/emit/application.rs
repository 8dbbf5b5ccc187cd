//! The crate around the modules: `Cargo.toml`, `main.rs` and a README, from templates.

use std::collections::BTreeMap;

use askama::Template;

use super::BrokenFile;
use crate::input::{Input, Options, Script};
use crate::lower::ir::Module;
use crate::manifest::{Application, Entry, Kind};
use crate::names::crate_name;

#[derive(Template)]
#[template(path = "Cargo.toml", escape = "none")]
struct CargoToml<'a> {
    name: &'a str,
    command: &'a str,
    runtime_path: &'a str,
    /// What of the runtime is only built for programs that use it, as the end of the dependency.
    features: &'static str,
    is_member: bool,
}

#[derive(Template)]
#[template(path = "main.rs", escape = "none")]
struct Main<'a> {
    name: &'a str,
    name_literal: String,
    command: &'a str,
    modules: Vec<&'a str>,
    entries: Vec<EntryText>,
}

#[derive(Template)]
#[template(path = "script.rs", escape = "none")]
struct ScriptMain<'a> {
    name: &'a str,
    command: &'a str,
    path: String,
    main: &'a str,
    modules: Vec<(&'a str, String)>,
    /// Path and message, as literals.
    broken: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "README.md", escape = "none")]
struct Readme<'a> {
    name: &'a str,
    command: &'a str,
    modules: &'a [Module],
}

/// An entry as the static table has it: every text a Rust literal.
struct EntryText {
    id: String,
    kind: String,
    meta: String,
    data: String,
    /// What a process runs, as an expression.
    program: Option<String>,
}

/// # Errors
/// A template failed: a bug of ours.
pub fn emit(
    application: &Application,
    modules: &[Module],
    input: &Input,
    options: &Options,
) -> Result<BTreeMap<String, String>, String> {
    let name = crate_name(&application.name);
    let (name, command) = (name.as_str(), input.command.as_str());
    let features = if uses_schemas(application, input) { ", features = [\"json-schema\"]" } else { "" };
    let Options { runtime_path, is_member } = options;
    let cargo = CargoToml { name, command, runtime_path, features, is_member: *is_member };
    let main = Main {
        name: &application.name,
        name_literal: format!("{:?}", application.name),
        command,
        modules: modules.iter().map(|module| module.name.as_str()).collect(),
        entries: application.entries.iter().map(|entry| entry_text(entry, modules)).collect(),
    };
    let readme = Readme { name, command, modules };
    // A template's last line end is not rendered.
    let text = |rendered: askama::Result<String>| match rendered {
        Ok(text) => Ok(text.trim_end().to_owned() + "\n"),
        Err(error) => Err(error.to_string()),
    };
    Ok(BTreeMap::from([
        ("Cargo.toml".to_owned(), text(cargo.render())?),
        ("src/main.rs".to_owned(), text(main.render())?),
        ("README.md".to_owned(), text(readme.render())?),
    ]))
}

/// Whether a program may validate JSON: it lists the module, and a file of it names the function.
fn uses_schemas(application: &Application, input: &Input) -> bool {
    let lists_json = |entry: &Entry| {
        entry.lua.as_ref().is_some_and(|lua| lua.modules.iter().any(|(module, _)| module == "json"))
    };
    let names_it = |text: &Vec<u8>| text.windows(8).any(|window| window == b"validate");
    let mut files = input.roots.iter().flat_map(|root| root.files.values());
    application.entries.iter().any(lists_json) && files.any(names_it)
}

/// # Errors
/// A template failed: a bug of ours.
pub fn emit_script(
    script: &Script,
    modules: &[Module],
    broken: &[BrokenFile],
    input: &Input,
    options: &Options,
) -> Result<BTreeMap<String, String>, String> {
    let name = crate_name(&input.name);
    let (name, command) = (name.as_str(), input.command.as_str());
    let Options { runtime_path, is_member } = options;
    let cargo = CargoToml { name, command, runtime_path, features: "", is_member: *is_member };
    let (main, others) = modules.split_first().ok_or("a script without its chunk")?;
    let path_of = |module: &Module| format!("{:?}", module.script.as_deref().unwrap_or_default());
    let main = ScriptMain {
        name: &input.name,
        command,
        path: format!("{:?}", script.path),
        main: &main.name,
        modules: others.iter().map(|module| (module.name.as_str(), path_of(module))).collect(),
        broken: broken
            .iter()
            .map(|file| (format!("{:?}", file.path), format!("{:?}", file.message)))
            .collect(),
    };
    let readme = Readme { name, command, modules };
    let text = |rendered: askama::Result<String>| rendered.map_err(|error| error.to_string());
    Ok(BTreeMap::from([
        ("Cargo.toml".to_owned(), text(cargo.render())?),
        ("src/main.rs".to_owned(), text(main.render())?),
        ("README.md".to_owned(), text(readme.render())?),
    ]))
}

fn entry_text(entry: &Entry, modules: &[Module]) -> EntryText {
    let id = entry.id.to_string();
    let module = modules.iter().find(|module| module.entry == id);
    let program = entry.lua.as_ref().zip(module).map(|(lua, module)| {
        let method = lua.method.as_ref().filter(|_| entry.kind != Kind::LibraryLua);
        let method = method.map_or("None".to_owned(), |method| format!("Some({method:?})"));
        let module_name = &module.name;
        match &module.entrance {
            Some(definition) => format!("Program::Function(&{module_name}::{definition})"),
            None => format!("Program::Chunk {{ method: {method}, chunk: {module_name}::chunk }}"),
        }
    });
    EntryText {
        id: format!("{id:?}"),
        kind: format!("{:?}", entry.kind_text),
        meta: raw(&entry.meta.to_string()),
        data: raw(&entry.data.to_string()),
        program,
    }
}

/// A raw string literal with as many `#` as it needs.
fn raw(text: &str) -> String {
    let mut marks = "#".to_owned();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    format!("r{marks}\"{text}\"{marks}")
}
